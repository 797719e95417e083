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


@alternative("borders_reflected")
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        widths = [width * 2**level for level in reversed(range(doublings))]
        layers = [nn.Linear(latent_dim, widths[0] * base**2, bias=False), nn.Unflatten(1, (widths[0], base, base))]
        layers += [nn.BatchNorm2d(widths[0]), nn.ReLU()]
        for a, b in zip(widths, widths[1:]):
            layers += [nn.Upsample(scale_factor=2), nn.ReflectionPad2d(1), nn.Conv2d(a, b, 3, bias=False)]
            layers += [nn.BatchNorm2d(b), nn.ReLU()]
        last = nn.Conv2d(width, channels, 3, padding=1, padding_mode="reflect")
        self.layers = nn.Sequential(*layers, nn.Upsample(scale_factor=2), last, nn.Tanh())

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        return self.layers(z)


@alternative("own_transposed_convolution_and_own_batch_norm")
class Generator(nn.Module):
    class Norm(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.gamma, self.beta = nn.Parameter(torch.ones(1, channels, 1, 1)), nn.Parameter(torch.zeros(1, channels, 1, 1))
            self.register_buffer("mean", torch.zeros(1, channels, 1, 1))
            self.register_buffer("var", torch.ones(1, channels, 1, 1))

        def forward(self, x):
            mean, var = self.mean, self.var
            if self.training:
                mean = x.mean(dim=(0, 2, 3), keepdim=True)
                var = (x - mean).square().mean(dim=(0, 2, 3), keepdim=True)
                with torch.no_grad():
                    self.mean.lerp_(mean, 0.1)
                    self.var.lerp_(var, 0.1)
            return self.gamma * (x - mean) / torch.sqrt(var + 1e-5) + self.beta

    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        widths = [width * 2**level for level in reversed(range(doublings))]
        shapes = [(latent_dim, widths[0], base, base), *((a, b, 4, 4) for a, b in zip(widths, [*widths[1:], channels]))]
        self.weights = nn.ParameterList(nn.Parameter(0.02 * torch.randn(*shape)) for shape in shapes)
        self.norms = nn.ModuleList(self.Norm(each) for each in widths)

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        h = transposed_conv2d(z[:, :, None, None], self.weights[0])
        for norm, weight in zip(self.norms, self.weights[1:]):
            h = transposed_conv2d(torch.relu(norm(h)), weight, stride=2, padding=1)
        return torch.tanh(h)


@alternative("pixels_shuffled")
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        widths = [width * 2**level for level in reversed(range(doublings))]
        layers = [nn.Linear(latent_dim, widths[0] * base**2, bias=False), nn.Unflatten(1, (widths[0], base, base))]
        layers += [nn.BatchNorm2d(widths[0]), nn.ReLU()]
        for a, b in zip(widths, widths[1:]):
            layers += [nn.Conv2d(a, 4 * b, 3, padding=1, bias=False), nn.PixelShuffle(2), nn.BatchNorm2d(b), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 4 * channels, 3, padding=1), nn.PixelShuffle(2), nn.Tanh())

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        return self.layers(z)


@alternative("einsum_first")
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        widths = [width * 2**level for level in reversed(range(doublings))]
        self.first = nn.Parameter(0.02 * torch.randn(latent_dim, widths[0], base, base))
        self.norms = nn.ModuleList(nn.BatchNorm2d(each) for each in widths)
        pairs = zip(widths, [*widths[1:], channels])
        self.ups = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, stride=2, padding=1, bias=False) for a, b in pairs)

    def forward(self, z):
        check_batch((self.latent_dim,), z=z)
        h = torch.einsum("nl,lcij->ncij", z, self.first)
        for norm, up in zip(self.norms, self.ups):
            h = up(F.relu(norm(h)))
        return torch.tanh(h)
