@alternative("named_layers")
class Autoencoder(nn.Module):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__()
        self.c, self.h, self.w = image_shape
        pixels = prod(image_shape)
        self.enc1, self.enc2, self.enc3 = (
            nn.Linear(pixels, hidden_dim),
            nn.Linear(hidden_dim, hidden_dim),
            nn.Linear(hidden_dim, latent_dim),
        )
        self.dec1, self.dec2, self.dec3 = (
            nn.Linear(latent_dim, hidden_dim),
            nn.Linear(hidden_dim, hidden_dim),
            nn.Linear(hidden_dim, pixels),
        )

    def encode(self, x):
        return self.enc3(F.elu(self.enc2(F.elu(self.enc1(x.reshape(len(x), -1))))))

    def decode(self, z):
        return self.dec3(F.elu(self.dec2(F.elu(self.dec1(z))))).reshape(len(z), self.c, self.h, self.w)

    def forward(self, x):
        return self.decode(self.encode(x))


@alternative("three_hidden_layers")
class Autoencoder(nn.Module):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__()
        self.image_shape = tuple(image_shape)
        sizes = [prod(image_shape), hidden_dim, hidden_dim, hidden_dim, latent_dim]

        def chain(widths):
            layers = [layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b), nn.LeakyReLU(0.1))]
            return nn.Sequential(*layers[:-1])

        self.down, self.up = chain(sizes), chain(sizes[::-1])

    def encode(self, x):
        return self.down(torch.flatten(x, start_dim=1))

    def decode(self, z):
        return self.up(z).unflatten(1, self.image_shape)

    def forward(self, x):
        z = self.encode(x)
        return self.decode(z)
