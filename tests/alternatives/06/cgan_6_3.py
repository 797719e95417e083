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
        for shift, scale in zip(self.shift, self.scale):  # as batch normalization starts, whatever the class
            nn.init.zeros_(shift.weight)
            nn.init.normal_(scale.weight, 1, 0.02)
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


@alternative("image_of_the_class")
class ConditionalGenerator(nn.Module):
    """The label becomes one more channel of the small image, as in many a program for Keras."""

    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        side, doublings = image_size, 0
        while side > 7:
            side, doublings = side // 2, doublings + 1
        widths = [width * 2**level for level in reversed(range(doublings))]
        self.of_class = nn.Sequential(nn.Embedding(n_classes, 50), nn.Linear(50, side**2), nn.Unflatten(1, (1, side, side)))
        self.of_noise = nn.Sequential(
            nn.Linear(latent_dim, widths[0] * side**2, bias=False),
            nn.Unflatten(1, (widths[0], side, side)),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        )
        layers, inputs = [], widths[0] + 1
        for outputs in widths[1:]:
            layers += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(inputs, channels, 4, 2, 1), nn.Tanh())

    def forward(self, z, labels):
        return self.layers(torch.cat([self.of_noise(z), self.of_class(labels)], dim=1))


@alternative("two_branches")
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes, side, doublings = n_classes, image_size, 0
        while side > 7:
            side, doublings = side // 2, doublings + 1
        widths = [width * 2**level for level in reversed(range(doublings))]

        def branch(inputs):
            return nn.Sequential(nn.ConvTranspose2d(inputs, widths[0], side, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU())

        self.of_noise, self.of_class = branch(latent_dim), branch(n_classes)
        layers, inputs = [], 2 * widths[0]
        for outputs in widths[1:]:
            layers += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(inputs, channels, 4, 2, 1), nn.Tanh())

    def forward(self, z, labels):
        told = F.one_hot(labels, self.n_classes).to(z.dtype)
        small = [self.of_noise(z[:, :, None, None]), self.of_class(told[:, :, None, None])]
        return self.layers(torch.cat(small, dim=1))


@alternative("two_branches")
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes, side, inputs = n_classes, image_size // 2, width
        self.of_image = nn.Conv2d(channels, width // 2, 4, 2, 1)
        self.of_class = nn.Conv2d(n_classes, width - width // 2, 4, 2, 1)
        layers = [nn.LeakyReLU(0.2)]
        while side > 7:
            layers += [nn.Conv2d(inputs, 2 * inputs, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * inputs), nn.LeakyReLU(0.2)]
            side, inputs = side // 2, 2 * inputs
        self.layers = nn.Sequential(*layers, nn.Conv2d(inputs, 1, side), nn.Flatten(0))

    def forward(self, x, labels):
        planes = label_planes(labels, self.n_classes, *x.shape[2:])
        return self.layers(torch.cat([self.of_image(x), self.of_class(planes)], dim=1))


@alternative("one_hot_table")
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.eye(n_classes))
        self.net = Generator(latent_dim + n_classes, channels, image_size, width)

    def forward(self, z, labels):
        return self.net(torch.cat([z, self.table(labels)], dim=1))
