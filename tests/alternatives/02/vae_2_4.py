@alternative("one_head_of_two_halves")
class VAE(nn.Module):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__()
        self.shape, self.d = tuple(image_shape), latent_dim
        pixels = prod(image_shape)
        self.a, self.b, self.c = (
            nn.Linear(pixels, hidden_dim),
            nn.Linear(hidden_dim, hidden_dim),
            nn.Linear(hidden_dim, 2 * latent_dim),
        )
        self.e, self.f, self.g = (
            nn.Linear(latent_dim, hidden_dim),
            nn.Linear(hidden_dim, hidden_dim),
            nn.Linear(hidden_dim, pixels),
        )

    def encode(self, x):
        return self.c(F.relu(self.b(F.relu(self.a(x.flatten(1)))))).chunk(2, dim=1)

    def decode(self, z):
        return self.g(F.relu(self.f(F.relu(self.e(z))))).reshape(-1, *self.shape)

    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        return self.decode(mu + (logvar / 2).exp() * eps), mu, logvar


@alternative("dictionary_of_layers_and_centered_pixels")
class VAE(nn.Module):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__()
        self.image_shape = tuple(image_shape)
        pixels = prod(image_shape)

        def body(entrance):
            layers = [nn.Linear(entrance, hidden_dim), nn.LeakyReLU(0.05), nn.Linear(hidden_dim, hidden_dim), nn.LeakyReLU(0.05)]
            return nn.Sequential(*layers)

        heads = {"mu": nn.Linear(hidden_dim, latent_dim), "logvar": nn.Linear(hidden_dim, latent_dim)}
        self.encoder = nn.ModuleDict({"body": body(pixels), **heads})
        self.decoder = nn.Sequential(body(latent_dim), nn.Linear(hidden_dim, pixels))

    def encode(self, x):
        hidden = self.encoder["body"](2 * x.reshape(x.shape[0], -1) - 1)
        return self.encoder["mu"](hidden), self.encoder["logvar"](hidden)

    def decode(self, z):
        return self.decoder(z).view(z.shape[0], *self.image_shape)

    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        return [self.decode(reparameterize(mu, logvar, eps)), mu, logvar]
