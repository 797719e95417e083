@mistake(
    "relu_on_code", "A ReLU stands after the code: half of the latent plane is cut off. The last layer of the encoder is linear."
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        return super().encode(x).relu()


@mistake("tanh_on_code", "The code is squashed by a tanh or sigmoid. The last layer of the encoder is linear.")
class Autoencoder(Autoencoder):
    def encode(self, x):
        return super().encode(x).tanh()


@mistake(
    "bottleneck_skipped",
    "Something passes beside the bottleneck: the input is added to the output. All that the decoder knows is the code.",
)
class Autoencoder(Autoencoder):
    def forward(self, x):
        return self.decode(self.encode(x)) + x


@mistake("sigmoid_output", "The decoder ends in a sigmoid. Return the logits: the loss applies the sigmoid itself.")
class Autoencoder(Autoencoder):
    def decode(self, z):
        return super().decode(z).sigmoid()


@mistake("swapped_sides", "The image comes back with height and width exchanged: the pixels are put back in the wrong order.")
class Autoencoder(Autoencoder):
    def decode(self, z):
        return super().decode(z).transpose(2, 3)


@mistake("flat_output", "decode returns rows of pixels. Give them back the shape of the image, (N, *image_shape).")
class Autoencoder(Autoencoder):
    def decode(self, z):
        return super().decode(z).flatten(1)


@mistake(
    "merged_images",
    "Two images were merged into one row: a view with -1 in front hides a wrong size. Flatten each image: flatten(1).",
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        codes = super().encode(x)
        return codes.view(-1, 2 * codes.shape[1])


@mistake(
    "batch_mixed",
    "The code of an image depends on the other images of its batch. Code each image by itself, without means over the batch.",
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        return super().encode(x - x.mean(dim=0))


@mistake("layer_forgotten", "A layer is made and never used: no gradient reaches it. Call it, or do not make it.")
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.extra = nn.Linear(hidden_dim, hidden_dim)


@mistake("detached_code", "The code is detached: no gradient reaches the encoder, and it never learns.")
class Autoencoder(Autoencoder):
    def forward(self, x):
        return self.decode(self.encode(x).detach())


@mistake(
    "leaky_relu_on_code",
    "A leaky ReLU stands after the code: negative codes are shrunk. The last layer of the encoder is linear.",
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        return F.leaky_relu(super().encode(x))


@mistake("hidden_dim_ignored", "hidden_dim is not used: the hidden layers have a fixed width.")
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, 128)


@mistake("tanh_hidden", "The hidden layers end in a tanh or a sigmoid, which levels off. Wanted is ReLU between the layers.")
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        for layers in (self.encoder, self.decoder):
            for i, layer in enumerate(layers):
                if isinstance(layer, nn.ReLU):
                    layers[i] = nn.Tanh()


@mistake(
    "batch_norm",
    "Batch normalization: in training the code of an image depends on its batch. The layers are linear maps and ReLU, no more.",
)
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.encoder.insert(2, nn.BatchNorm1d(hidden_dim))


@mistake(
    "dropout", "Dropout: in training the code of an image is not the same twice. The layers are linear maps and ReLU, no more."
)
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.encoder.insert(3, nn.Dropout(0.2))


@mistake("default_width", "hidden_dim has another default than 128. Leave the signature as it is.")
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__(image_shape, latent_dim, hidden_dim)


@mistake(
    "wide_first_layer",
    "The layer next to the pixels (or to the code) is wider than hidden_dim. All hidden layers have this width.",
)
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.encoder[1] = nn.Linear(prod(image_shape), 2 * hidden_dim)
        self.encoder[3] = nn.Linear(2 * hidden_dim, hidden_dim)


@mistake(
    "narrow_second_layer",
    "The hidden layers grow narrower: hidden_dim // 2 in the second. All of them have the width hidden_dim.",
)
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.encoder[3] = nn.Linear(hidden_dim, hidden_dim // 2)
        self.encoder[5] = nn.Linear(hidden_dim // 2, latent_dim)
