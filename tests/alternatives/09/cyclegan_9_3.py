@alternative("padded_and_functional")
class UNetGenerator(nn.Module):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__()
        self.channels, self.depth = channels, depth
        sizes = [channels] + [width << level for level in range(depth)]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2) for a, b in zip(sizes, sizes[1:]))
        doubled = [sizes[-1]] + [2 * size for size in sizes[-2:0:-1]]
        self.up = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(doubled, sizes[-2::-1]))

    def forward(self, x):
        kept = []
        for level, layer in enumerate(self.down):
            x = layer(F.pad(x, (1, 1, 1, 1)))
            if level not in (0, self.depth - 1):
                x = instance_norm(x)
            x = F.leaky_relu(x, 0.2, inplace=True)
            kept.append(x)
        kept.pop()
        for layer in self.up[:-1]:
            x = F.relu(instance_norm(layer(F.interpolate(x, scale_factor=2))))
            x = torch.cat([kept.pop(), x], 1)
        return torch.tanh(self.up[-1](F.interpolate(x, scale_factor=2)))


@alternative("padded_and_functional")
class PatchDiscriminator(nn.Module):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__()
        self.halvings = halvings
        sizes = [channels] + [width << level for level in range(halvings + 1)]
        self.hidden = nn.ModuleList(nn.Conv2d(a, b, 4) for a, b in zip(sizes, sizes[1:]))
        self.score = nn.Conv2d(sizes[-1], 1, 4, padding=1)

    def forward(self, x):
        for level, layer in enumerate(self.hidden):
            stride = 2 if level < self.halvings else 1
            x = F.conv2d(x, layer.weight, layer.bias, stride=stride, padding=1)
            x = F.leaky_relu(instance_norm(x) if level else x, 0.2)
        return self.score(x)


@alternative("recursive")
class UNetGenerator(nn.Module):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__()
        double = dict(scale_factor=2, mode="nearest")
        self.levels = nn.ModuleDict()
        for level in range(depth):
            into, inside = (channels if level == 0 else width * 2 ** (level - 1)), width * 2**level
            self.levels[f"down{level}"] = nn.Conv2d(into, inside, kernel_size=4, stride=2, padding=1, bias=level == 0)
            # What goes up from the smallest image has nothing beside it.
            back = nn.Conv2d(inside if level == depth - 1 else 2 * inside, into, kernel_size=3, padding="same")
            self.levels[f"up{level}"] = nn.Sequential(nn.Upsample(**double), back)
        norms = {f"norm{level}": nn.InstanceNorm2d(width * 2**level, affine=True) for level in range(1, depth - 1)}
        self.depth, self.norms = depth, nn.ModuleDict(norms)

    def inside(self, image, level):
        below = self.levels[f"down{level}"](image)
        if 0 < level < self.depth - 1:
            below = self.norms[f"norm{level}"](below)
        below = F.leaky_relu(below, 0.2)
        if level < self.depth - 1:
            above = F.relu(instance_norm(self.inside(below, level + 1)))
            below = torch.cat((above, below), dim=1)
        return self.levels[f"up{level}"](below)

    def forward(self, x):
        return self.inside(x, 0).tanh()


@alternative("recursive")
class PatchDiscriminator(nn.Sequential):
    def __init__(self, channels=3, width=32, halvings=3):
        def block(inputs, outputs, stride):
            norm = [nn.GroupNorm(outputs, outputs)]
            return [nn.Conv2d(inputs, outputs, 4, stride, padding=1, bias=False), *norm, nn.LeakyReLU(0.2, True)]

        layers = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(negative_slope=0.2, inplace=True)]
        for level in range(1, halvings):
            layers += block(width * 2 ** (level - 1), width * 2**level, 2)
        layers += block(width * 2 ** (halvings - 1), width * 2**halvings, 1)
        super().__init__(*layers, nn.Conv2d(width * 2**halvings, 1, 4, 1, 1))
