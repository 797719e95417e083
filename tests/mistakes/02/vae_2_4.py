@mistake("relu_on_mu", "A ReLU stands after mu: it can never be negative. The two heads are linear.")
class VAE(VAE):
    def encode(self, x):
        mu, logvar = super().encode(x)
        return mu.relu(), logvar


@mistake("relu_on_logvar", "A ReLU stands after logvar: no variance below 1 is possible. The two heads are linear.")
class VAE(VAE):
    def encode(self, x):
        mu, logvar = super().encode(x)
        return mu, logvar.relu()


@mistake("one_head", "mu and logvar come from one and the same layer. Each needs a linear layer of its own.")
class VAE(VAE):
    def encode(self, x):
        mu, _ = super().encode(x)
        return mu, mu


@mistake("heads_swapped", "encode returns (logvar, mu), or forward uses them in the wrong order: first mu, then logvar.")
class VAE(VAE):
    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        return self.decode(reparameterize(logvar, mu, eps)), mu, logvar


@mistake("noise_ignored", "forward decodes mu: eps is not used. Decode the sample z.")
class VAE(VAE):
    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        return self.decode(mu), mu, logvar


@mistake("sigmoid_output", "The decoder ends in a sigmoid. Return the logits: the loss applies the sigmoid itself.")
class VAE(VAE):
    def decode(self, z):
        return super().decode(z).sigmoid()


@mistake("swapped_sides", "The image comes back with height and width exchanged.")
class VAE(VAE):
    def decode(self, z):
        return super().decode(z).transpose(2, 3)


@mistake("flat_output", "decode returns rows of pixels. Give them back the shape of the image, (N, *image_shape).")
class VAE(VAE):
    def decode(self, z):
        return super().decode(z).flatten(1)


@mistake(
    "batch_mixed",
    "What an image is coded as depends on the other images of its batch. Code each image by itself, without means over the batch.",
)
class VAE(VAE):
    def encode(self, x):
        return super().encode(x - x.mean(dim=0))


@mistake("layer_forgotten", "A layer is made and never used: no gradient reaches it. Call it, or do not make it.")
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.extra = nn.Linear(hidden_dim, hidden_dim)


@mistake(
    "one_logvar_for_all",
    "logvar is a parameter, the same for every image. q(z|x) has a variance for each x: a second head on the trunk.",
)
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        del self.to_logvar
        self.logvar = nn.Parameter(torch.linspace(-1, 1, latent_dim))

    def encode(self, x):
        mu = self.to_mu(self.trunk(x))
        return mu, self.logvar.expand_as(mu)


@mistake("leaky_relu_on_mu", "A leaky ReLU stands after mu: negative means are shrunk. The two heads are linear.")
class VAE(VAE):
    def encode(self, x):
        mu, logvar = super().encode(x)
        return F.leaky_relu(mu), logvar


@mistake("hidden_dim_ignored", "hidden_dim is not used: the hidden layers have a fixed width.")
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, 256)


@mistake("logits_only", "forward returns the logits alone. The loss needs mu and logvar too: return (logits, mu, logvar).")
class VAE(VAE):
    def forward(self, x, eps):
        return super().forward(x, eps)[0]


@mistake("tanh_hidden", "The hidden layers end in a tanh or a sigmoid, which levels off. Wanted is ReLU between the layers.")
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        for layers in (self.trunk, self.decoder):
            for i, layer in enumerate(layers):
                if isinstance(layer, nn.ReLU):
                    layers[i] = nn.Tanh()


@mistake(
    "batch_norm",
    "Batch normalization: in training q(z|x) depends on the other images of the batch. The layers are linear maps and ReLU, no more.",
)
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.trunk.insert(2, nn.BatchNorm1d(hidden_dim))


@mistake("dropout", "Dropout: in training mu and logvar are not the same twice. The layers are linear maps and ReLU, no more.")
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.trunk.insert(3, nn.Dropout(0.2))


@mistake(
    "own_noise_in_training",
    "In training mode forward draws noise of its own: eps is not used. Whoever trains passes the noise in.",
)
class VAE(VAE):
    def forward(self, x, eps):
        return super().forward(x, torch.randn_like(eps) if self.training else eps)


@mistake(
    "mean_in_evaluation", "In evaluation mode forward decodes mu. It decodes the sample, always: whoever wants mu passes eps = 0."
)
class VAE(VAE):
    def forward(self, x, eps):
        return super().forward(x, eps if self.training else torch.zeros_like(eps))


@mistake("default_width", "hidden_dim has another default than 256. Leave the signature as it is.")
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=512):
        super().__init__(image_shape, latent_dim, hidden_dim)


@mistake(
    "wide_first_layer", "The layer next to the pixels (or to z) is wider than hidden_dim. All hidden layers have this width."
)
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.trunk[1] = nn.Linear(prod(image_shape), 2 * hidden_dim)
        self.trunk[3] = nn.Linear(2 * hidden_dim, hidden_dim)


@mistake(
    "narrow_second_layer",
    "The hidden layers grow narrower: hidden_dim // 2 in the second. All of them have the width hidden_dim.",
)
class VAE(VAE):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.trunk[3] = nn.Linear(hidden_dim, hidden_dim // 2)
        self.to_mu, self.to_logvar = (nn.Linear(hidden_dim // 2, latent_dim) for _ in range(2))


@mistake("logvar_clamped", "logvar is clamped or squashed: variances beyond are impossible. The two heads are linear.")
class VAE(VAE):
    def encode(self, x):
        mu, logvar = super().encode(x)
        return mu, logvar.clamp(-20, 20)


@mistake("in_place", "x or eps is overwritten (eps *= sigma, x.sub_(...)): the caller still needs them. Compute new tensors.")
class VAE(VAE):
    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        with torch.no_grad():
            eps *= logvar.div(2).exp()
        return self.decode(mu + eps), mu, logvar
