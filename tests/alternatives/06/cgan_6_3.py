@alternative("one_hot_and_label_image")
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes, self.body = n_classes, Generator(latent_dim + n_classes, channels, image_size, width)

    def forward(self, z, labels):
        return self.body(torch.cat([F.one_hot(labels, self.n_classes).float(), z], dim=1))


@alternative("one_hot_and_label_image")
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.plane = nn.Embedding(n_classes, image_size * image_size)
        self.body = Discriminator(channels + 1, image_size, width)

    def forward(self, x, labels):
        plane = self.plane(labels).reshape(-1, 1, *x.shape[-2:])
        return self.body(torch.cat((plane, x), 1))


@alternative("class_normalization_and_projection")
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.image, side, doublings = (channels, image_size, image_size), image_size, 0
        while side > 7:
            side, doublings = side // 2, doublings + 1
        sizes = [width * 2**level for level in reversed(range(doublings))]
        self.start, self.side = nn.Linear(latent_dim, sizes[0] * side * side, bias=False), side
        self.norms = nn.ModuleList(nn.BatchNorm2d(size, affine=False) for size in sizes)
        self.shift, self.scale = (nn.ModuleList(nn.Embedding(n_classes, size) for size in sizes) for _ in range(2))
        for layer in self.scale:
            nn.init.normal_(layer.weight, 1, 0.02)
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(sizes, [*sizes[1:], channels]))

    def forward(self, z, labels):
        h = self.start(z).unflatten(1, (-1, self.side, self.side))
        for norm, shift, scale, up in zip(self.norms, self.shift, self.scale, self.up):
            h = up(F.relu(scale(labels)[:, :, None, None] * norm(h) + shift(labels)[:, :, None, None]))
        return h.tanh()


@alternative("class_normalization_and_projection")
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        layers, inputs, side = [], channels, image_size
        while side > 7:
            layers += [nn.Conv2d(inputs, 2 * inputs if layers else width, 4, 2, 1)]
            inputs, side = layers[-1].out_channels, side // 2
            layers += [nn.BatchNorm2d(inputs)] if len(layers) > 1 else []
            layers += [nn.LeakyReLU(0.2)]
        self.features = nn.Sequential(*layers, nn.Flatten())
        self.psi, self.e = nn.Linear(inputs * side**2, 1), nn.Embedding(n_classes, inputs * side**2)

    def forward(self, x, labels):
        phi = self.features(x)
        return (self.e(labels) * phi).sum(1) + self.psi(phi).flatten()


@alternative("wide_embedding_and_planes_first")
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embed = nn.Embedding(n_classes, 24)
        self.net = Generator(latent_dim + 24, channels, image_size, width)

    def forward(self, z, labels):
        return self.net(torch.hstack([z, self.embed(labels)]))


@alternative("wide_embedding_and_planes_first")
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.register_buffer("codes", torch.eye(n_classes))
        self.net = Discriminator(n_classes + channels, image_size, width)

    def forward(self, x, labels):
        planes = self.codes[labels][:, :, None, None].expand(-1, -1, x.shape[2], x.shape[3])
        return self.net(torch.cat([planes, x], dim=1))
