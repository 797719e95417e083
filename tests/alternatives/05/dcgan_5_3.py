@alternative("linear_first_and_named_layers")
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        self.base, doublings = small_image(image_size)
        self.widths = [width * 2**level for level in reversed(range(doublings))]
        self.project = nn.Linear(latent_dim, self.widths[0] * self.base**2, bias=False)
        self.project_norm = nn.BatchNorm1d(self.widths[0] * self.base**2)
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 6, stride=2, padding=2, bias=False) for a, b in zip(self.widths, self.widths[1:])
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in self.widths[1:])
        self.to_pixels = nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1, bias=False)

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        h = F.relu(self.project_norm(self.project(z))).view(len(z), -1, self.base, self.base)
        for up, norm in zip(self.ups, self.norms):
            h = F.relu(norm(up(h)))
        return torch.tanh(self.to_pixels(h))


@alternative("upsampling_and_convolution")
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        widest = 4 * width if doublings > 1 else width
        blocks = [nn.Linear(latent_dim, widest * base**2, bias=False), nn.Unflatten(1, (widest, base, base))]
        blocks += [nn.BatchNorm2d(widest, eps=1e-3), nn.ReLU(inplace=True)]
        inputs = widest
        for level in range(doublings - 1):
            outputs = width if level == doublings - 2 else inputs
            blocks += [nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
            blocks += [nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
            inputs = outputs
        blocks += [nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(inputs, channels, 5, padding=2), nn.Tanh()]
        self.blocks = nn.Sequential(*blocks)

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        return self.blocks(z)


@alternative("kernel_two_and_functions")
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        widths = [latent_dim, *(width * 2**level for level in reversed(range(doublings)))]
        kernels = [(base, 1, 0, 0), *[(5, 2, 2, 1)] * doublings]
        self.convolutions, self.normalizations = nn.ModuleDict(), nn.ModuleDict()
        for k, (a, b) in enumerate(zip(widths, [*widths[1:], channels])):
            kernel, stride, padding, extra = kernels[k]
            hidden = k < doublings
            self.convolutions[str(k)] = nn.ConvTranspose2d(a, b, kernel, stride, padding, extra, bias=not hidden)
            if hidden:
                self.normalizations[str(k)] = nn.BatchNorm2d(b)

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        h = z[:, :, None, None]
        for name, convolution in self.convolutions.items():
            h = convolution(h)
            if name in self.normalizations:
                h = self.normalizations[name](h).clamp(min=0)
        return 2 * torch.sigmoid(2 * h) - 1
