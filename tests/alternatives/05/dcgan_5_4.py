@alternative("linear_last_and_named_layers")
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        widths = [width * 2**level for level in range(halvings)]
        self.first = nn.Conv2d(channels, width, 5, stride=2, padding=2)
        self.rest = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2, padding=1, bias=False) for a, b in zip(widths, widths[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[1:])
        self.last = nn.Linear(widths[-1] * base**2, 1)

    def forward(self, x):
        check_batch(self.image_shape, x=x)
        h = F.leaky_relu(self.first(x), 0.2)
        for conv, norm in zip(self.rest, self.norms):
            h = F.leaky_relu(norm(conv(h)), 0.2)
        return self.last(h.flatten(1)).squeeze(1)


@alternative("blocks_and_in_place")
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        blocks, inputs = nn.Sequential(), channels
        for level in range(halvings):
            outputs = width * (level + 1)
            block = nn.Sequential(nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=level == 0))
            if level > 0:
                block.append(nn.BatchNorm2d(outputs))
            blocks.append(block.append(nn.LeakyReLU(0.2, inplace=True)))
            inputs = outputs
        self.features, self.head = blocks, nn.Conv2d(inputs, 1, base, bias=False)

    def forward(self, x):
        check_batch(self.image_shape, x=x)
        return self.head(self.features(x)).view(x.shape[0])


@alternative("maximum_and_channels_last")
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        inputs = channels
        for level in range(halvings):
            outputs = width * 2**level
            self.convs.append(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=level == 0))
            self.norms.append(nn.BatchNorm2d(outputs) if level else nn.Identity())
            inputs = outputs
        self.out = nn.Linear(inputs * base * base, 1)

    def forward(self, x):
        check_batch(self.image_shape, x=x)
        for conv, norm in zip(self.convs, self.norms):
            x = norm(conv(x))
            x = torch.maximum(x, 0.2 * x)
        return self.out(x.permute(0, 2, 3, 1).reshape(len(x), -1))[:, 0]


@alternative("borders_reflected_and_a_vector")
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        layers, inputs = [], channels
        for level in range(halvings):
            outputs = width * 2**level
            layers += [nn.ReflectionPad2d(1), nn.Conv2d(inputs, outputs, 4, stride=2, bias=level == 0)]
            layers += [nn.BatchNorm2d(outputs)] if level else []
            layers += [nn.LeakyReLU(0.2)]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.weight, self.bias = nn.Parameter(0.02 * torch.randn(inputs * base**2)), nn.Parameter(torch.zeros(1))

    def forward(self, x):
        check_batch(self.image_shape, x=x)
        return self.layers(x) @ self.weight + self.bias


@alternative("borders_of_zeros_and_einsum")
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        layers, inputs = [], channels
        for level in range(halvings):
            outputs = width * 2**level
            layers += [nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(inputs, outputs, 5, stride=2, bias=level == 0)]
            layers += [nn.BatchNorm2d(outputs)] if level else []
            layers += [nn.LeakyReLU(0.2)]
            inputs = outputs
        self.layers, self.weight = nn.Sequential(*layers), nn.Parameter(0.02 * torch.randn(inputs, base, base))

    def forward(self, x):
        check_batch(self.image_shape, x=x)
        return torch.einsum("nchw,chw->n", self.layers(x), self.weight)


@alternative("borders_repeated_and_biases_by_themselves")
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        widths = [channels, *(width * 2**level for level in range(halvings))]
        kind = dict(kernel_size=4, stride=2, padding=1, padding_mode="replicate", bias=False)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, **kind) for a, b in zip(widths, widths[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(each) for each in widths[2:])
        self.first_bias = nn.Parameter(0.1 * torch.randn(width, 1, 1))
        self.weight, self.bias = nn.Parameter(0.02 * torch.randn(widths[-1] * base**2)), nn.Parameter(torch.randn(1))

    def forward(self, x):
        check_batch(self.image_shape, x=x)
        h = F.leaky_relu(self.convs[0](x) + self.first_bias, 0.2)
        for conv, norm in zip(self.convs[1:], self.norms):
            h = F.leaky_relu(norm(conv(h)), 0.2)
        return F.linear(h.flatten(1), self.weight) + self.bias
