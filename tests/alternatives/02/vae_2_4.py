@alternative("one_layer_of_two_halves")
class VAE(nn.Module):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__()
        self.shape, self.d = tuple(image_shape), latent_dim
        pixels = prod(image_shape)
        self.a, self.b = nn.Linear(pixels, hidden_dim), nn.Linear(hidden_dim, 2 * latent_dim)
        self.c, self.e = nn.Linear(latent_dim, hidden_dim), nn.Linear(hidden_dim, pixels)

    def encode(self, x):
        return self.b(F.silu(self.a(x.flatten(1)))).chunk(2, dim=1)

    def decode(self, z):
        return self.e(F.silu(self.c(z))).reshape(-1, *self.shape)

    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        return self.decode(mu + (logvar / 2).exp() * eps), mu, logvar


@alternative("tanh_with_centered_pixels")
class VAE(nn.Module):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=256):
        super().__init__()
        self.image_shape = tuple(image_shape)
        pixels = prod(image_shape)
        self.encoder = nn.ModuleDict(
            {
                "hidden": nn.Linear(pixels, hidden_dim),
                "mu": nn.Linear(hidden_dim, latent_dim),
                "logvar": nn.Linear(hidden_dim, latent_dim),
            }
        )
        self.decoder = nn.Sequential(nn.Linear(latent_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, pixels))

    def encode(self, x):
        hidden = torch.tanh(self.encoder["hidden"](2 * x.reshape(x.shape[0], -1) - 1))
        return self.encoder["mu"](hidden), self.encoder["logvar"](hidden)

    def decode(self, z):
        return self.decoder(z).view(z.shape[0], *self.image_shape)

    def forward(self, x, eps):
        mu, logvar = self.encode(x)
        return [self.decode(reparameterize(mu, logvar, eps)), mu, logvar]
