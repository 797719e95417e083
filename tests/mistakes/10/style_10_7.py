@mistake("tanh_at_the_end", "The network ends with tanh, whose pictures are in [-1, 1]. Wanted is a sigmoid, [0, 1].")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Tanh()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("scaled_tanh_at_the_end", "The network ends with (tanh + 1) / 2: that is the sigmoid of twice as much.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return (self.layers[:-1](x).tanh() + 1) / 2


@mistake("no_sigmoid", "The sigmoid at the end is missing: the pictures leave [0, 1].")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1]]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("clamped_at_the_end", "The pictures are clamped in place of a sigmoid: where it is clamped no gradient arrives.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1]]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x).clamp(1e-6, 1 - 1e-6)


@mistake("normalized_at_the_end", "The last convolution is followed by a normalization or a ReLU: no picture could be dark.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9), nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake(
    "normalized_but_not_rectified_at_the_end",
    "The last convolution is followed by an instance normalization: all pictures get one brightness.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:2], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("kernel_of_seven", "The convolutions at the ends have kernels of 7, as in CycleGAN's generator. Here they have 9.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 7), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 7)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("kernels_of_three_everywhere", "All kernels are 3 x 3. The first and the last are 9 x 9.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 3), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 3)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("halved_twice", "The picture is halved twice, as in the paper's supplement. Here once.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += reflected_convolution(2 * width, 2 * width, 3, 2)
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [
            nn.Upsample(scale_factor=2),
            *reflected_convolution(2 * width, 2 * width, 3),
            nn.Upsample(scale_factor=2),
            *reflected_convolution(2 * width, width, 3),
        ]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake(
    "never_halved",
    "The stride of 2 is missing, and so is the upsampling: the blocks see the full size and cost four times as much.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 1)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [*reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("not_upsampled", "The upsampling is missing: the pictures come out at half of their sides.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [*reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake(
    "upsampled_behind",
    "The picture is upsampled behind the convolution, not in front of it: the small picture is convolved.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [*reflected_convolution(2 * width, width, 3), nn.Upsample(scale_factor=2)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("transposed", "A transposed convolution doubles the sides: it leaves checkerboards. Upsample, then convolve.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.InstanceNorm2d(width), nn.ReLU()]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("channels_not_doubled", "The channels are not doubled where the picture is halved.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, width, 3, 2)]
        layers += [ResidualBlock(width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("blocks_ignored", "blocks is ignored: three of them, always.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(3)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("one_block", "There is one block, used again and again: each is to have weights of its own.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width)] * blocks
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("width_ignored", "width is ignored.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        width = 16
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("defaults", "The defaults are others than in the signature: width 16, 3 blocks.")
class TransformerNet(TransformerNet):
    def __init__(self, width=32, blocks=5):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("no_short_cut", "The blocks do not add what comes in: x + layers(x).")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width).layers for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("rectified_blocks", "A block has a ReLU too many, behind its second convolution or behind the sum: it could only add.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [nn.Sequential(ResidualBlock(2 * width), nn.ReLU()) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake(
    "rectified_before_the_sum",
    "A block has a ReLU too many, behind its second convolution or behind the sum: it could only add.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        for block in layers[6:]:
            block.layers.append(nn.ReLU())
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("zero_borders", "The borders are padded with zeros. Reflect them: padding_mode='reflect'.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.padding_mode = "zeros"

    def forward(self, x):
        return self.layers(x)


@mistake("zero_borders_at_the_ends", "The convolutions of kernel 9 have zeros beyond the borders. All are reflected.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in self.modules():
            if isinstance(module, nn.Conv2d) and module.kernel_size[0] == 9:
                module.padding_mode = "zeros"

    def forward(self, x):
        return self.layers(x)


@mistake("replicated_borders", "The borders are repeated (replicate), not reflected.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.padding_mode = "replicate"

    def forward(self, x):
        return self.layers(x)


@mistake("batch_norm", "Batch normalization is used: pictures of a batch see each other. Wanted is instance normalization.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in list(self.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.InstanceNorm2d):
                    setattr(module, name, nn.BatchNorm2d(child.num_features))

    def forward(self, x):
        return self.layers(x)


@mistake("running_statistics", "The instance normalization gathers means and variances for evaluation (track_running_stats).")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in list(self.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.InstanceNorm2d):
                    setattr(module, name, nn.InstanceNorm2d(child.num_features, track_running_stats=True))

    def forward(self, x):
        return self.layers(x)


@mistake(
    "layer_norm",
    "All channels of a picture are normalized together (GroupNorm(1, C)). Each has its own mean and deviation.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in list(self.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.InstanceNorm2d):
                    setattr(module, name, nn.GroupNorm(1, child.num_features))

    def forward(self, x):
        return self.layers(x)


@mistake("no_normalization", "The normalization is missing.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in list(self.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.InstanceNorm2d):
                    setattr(module, name, nn.Identity())

    def forward(self, x):
        return self.layers(x)


@mistake("first_not_normalized", "The first convolution is not normalized: the contrast of the picture goes on into the network.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        layers[1] = nn.Identity()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("leaky", "LeakyReLU in place of ReLU.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        for module in list(self.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.ReLU):
                    setattr(module, name, nn.LeakyReLU(0.2))

    def forward(self, x):
        return self.layers(x)


@mistake("rectified_first", "The ReLU comes before the normalization. First normalize.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        layers[1], layers[2] = layers[2], layers[1]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake(
    "plain_list",
    "The layers are in a plain list: the optimizer and the state_dict do not find their parameters. Use nn.Sequential or nn.ModuleList.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.kept = layers

    def forward(self, x):
        for layer in self.kept:
            x = layer(x)
        return x


@mistake("first_detached", "The gradient is cut off behind the first layers.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers[3:](self.layers[:3](x).detach())


@mistake("frozen", "The network's weights do not learn (requires_grad is False).")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)
        self.requires_grad_(False)

    def forward(self, x):
        return self.layers(x)


@mistake("seeded", "A seed is set within the network: all networks have the same weights.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        torch.manual_seed(0)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


@mistake("picture_added", "The picture is added to what the network makes: then it is no picture in [0, 1].")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)


@mistake("picture_overwritten", "The picture that comes in is changed in place.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        x -= 0.5
        return self.layers(x)


@mistake("mode_changed", "forward calls train() or eval(): the network is left in another mode.")
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        nn.Module.__init__(self)
        layers = [*reflected_convolution(3, width, 9), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += [ResidualBlock(2 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [*reflected_convolution(width, 3, 9)[:1], nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        self.train()
        return self.layers(x)


@mistake("no_zero_grad", "The gradients of earlier steps add up: optimizer.zero_grad() is missing.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "zero_grad_after_backward",
    "Nothing moves: optimizer.step() is missing, zero_grad() stands between backward() and it, or the network runs under no_grad.",
)
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "no_step",
    "Nothing moves: optimizer.step() is missing, zero_grad() stands between backward() and it, or the network runs under no_grad.",
)
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    return {"loss": loss.detach()}


@mistake("two_steps", "The optimizer makes two steps with one gradient.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "content_of_the_output",
    "The content is left out, or taken from what the network makes: then it pulls nowhere. It is the batch itself.",
)
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    made = network(batch)
    content = extract(made.detach())[content_layer]
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "content_left_out",
    "The content is left out, or taken from what the network makes: then it pulls nowhere. It is the batch itself.",
)
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    made = network(batch)
    loss = perceptual_loss(extract(made), None, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("style_left_out", "The style is left out.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, [], [], content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("features_of_the_batch", "The loss is that of the features of the batch, not of what the network makes.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(batch), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    loss = loss + 0 * made.sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("step_first_layer", "The content is that of the first layer, whatever content_layer says.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[0]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("step_weights_not_used", "content_weight and style_weight are not handed on.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_layer=content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("step_weights_exchanged", "content_weight and style_weight are handed on in the wrong order.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, style_weight, content_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("no_flicker", "tv_weight is not used.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "flicker_of_the_batch",
    "The flicker of the batch is counted, which no network can change. Wanted is that of what it makes.",
)
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(batch)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("loss_after_the_update", "The loss after the update is returned. Wanted is the one before it.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    return {"loss": loss.detach()}


@mistake("loss_without_flicker", "The loss that is returned leaves the flicker out.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    shown = loss
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": shown.detach()}


@mistake("attached", "The loss that is returned still holds its graph: detach it.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss}


@mistake("a_number_alone", "The loss is returned alone. Wanted is a dictionary, {'loss': ...}.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@mistake("left_in_evaluation_mode", "The network is used or left in evaluation mode: leave it in the mode in which it came.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    network.eval()
    return {"loss": loss.detach()}


@mistake("used_in_evaluation_mode", "The network is used or left in evaluation mode: leave it in the mode in which it came.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    network.eval()
    made = network(batch)
    network.train()
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("learns_with_the_network_frozen", "A weight that does not learn is moved, or made to learn (requires_grad_()).")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for weight in network.parameters():
            if not weight.requires_grad:
                weight += 0.01
    return {"loss": loss.detach()}


@mistake(
    "extract_learns",
    "The weights that features are extracted with are changed, too: the network's alone belong to the optimizer.",
)
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for cell in extract.__closure__ or ():
        for each in cell.cell_contents if isinstance(cell.cell_contents, list) else [cell.cell_contents]:
            if isinstance(each, nn.Parameter):
                each.data -= 0.01
    return {"loss": loss.detach()}


@mistake("batch_overwritten", "The batch is changed in place.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    batch.data.copy_(made.detach())
    return {"loss": loss.detach()}


@mistake("batch_normalized", "The batch is brought to [-1, 1] before the network gets it. It wants pictures in [0, 1].")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(2 * batch - 1)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("summed_over_the_batch", "The loss is multiplied by the number of pictures: it is a mean over them.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss * len(batch)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("no_gradient_of_the_network", "The network's pictures are detached: no gradient reaches it.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made.detach()), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    loss = loss + 0 * made.sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("clipped", "Gradients are clipped: nothing of that was asked for.")
def perceptual_step(
    network,
    optimizer,
    batch,
    extract,
    targets,
    weights,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 0.01)
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "sets_training_mode",
    "The step sets training mode (train()). In which mode the network is is the caller's business.",
)
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    network.train()
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake(
    "rectified_behind_the_blocks",
    "There is a ReLU behind the last residual block. Its sum goes on as it is: upsampling follows.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        self.down = self.picture[:6]
        self.middle = self.picture[6 : 6 + blocks]
        self.up = self.picture[6 + blocks :]
        del self.picture

    def forward(self, x):
        h = self.down(x)
        h = F.relu(self.middle(h))
        return self.up(h)


@mistake(
    "normalized_behind_the_blocks",
    "There is a normalization behind the last residual block. Its sum goes on as it is: upsampling follows.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        self.down = self.picture[:6]
        self.middle = self.picture[6 : 6 + blocks]
        self.up = self.picture[6 + blocks :]
        del self.picture

    def forward(self, x):
        h = self.down(x)
        h = F.instance_norm(self.middle(h))
        return self.up(h)


@mistake(
    "long_short_cut",
    "What entered the first block is added once more behind the last one. Each block has its own short cut, and there is no other.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        self.down = self.picture[:6]
        self.middle = self.picture[6 : 6 + blocks]
        self.up = self.picture[6 + blocks :]
        del self.picture

    def forward(self, x):
        h = self.down(x)
        h = h + self.middle(h)
        return self.up(h)


@mistake(
    "last_block_without_short_cut",
    "The last residual block adds nothing to what comes in: its short cut is missing.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        self.down = self.picture[:6]
        self.middle = self.picture[6 : 6 + blocks]
        self.up = self.picture[6 + blocks :]
        del self.picture

    def forward(self, x):
        h = self.down(x)
        for b in self.middle[:-1]:
            h = b(h)
        h = self.middle[-1].layers(h) if len(self.middle) > 1 else self.middle[-1](h)
        return self.up(h)


@mistake(
    "blocks_input_detached",
    "No gradient runs through the short cuts of the blocks: they are detached.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        self.down = self.picture[:6]
        self.middle = self.picture[6 : 6 + blocks]
        self.up = self.picture[6 + blocks :]
        del self.picture

    def forward(self, x):
        h = self.down(x)
        for b in self.middle:
            h = h.detach() + b.layers(h)
        return self.up(h)


@mistake(
    "blocks_shared",
    "The same block stands there several times ([block] * blocks), with one set of weights. Make a new one each time.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        for k in range(blocks):
            self.picture[6 + k] = self.picture[6]


@mistake("long_gradients_clipped", "Long gradients are clipped: nothing of that was asked for.")
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 10)
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("steps_by_hand", "The weights are moved by hand. Call optimizer.step(): it may be Adam, with a memory of its own.")
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.grad is not None:
                parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
    return {"loss": loss.detach()}


@mistake(
    "later_blocks_shared",
    "From the fifth block on the same one stands there again, with one set of weights. Make a new one each time.",
)
class TransformerNet(TransformerNet):
    def __init__(self, width=16, blocks=3):
        super().__init__(width, blocks)
        for k in range(4, blocks):
            self.picture[6 + k] = self.picture[9]


@mistake(
    "content_of_all_layers", "extract returns one tensor a layer. The content is that of one: extract(batch)[content_layer]."
)
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    _check_picture(batch=batch)
    check_range(0, tv_weight=tv_weight)
    with torch.no_grad():
        content = extract(batch)
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("content_of_layer_0", "The content is taken from the first layer, whatever content_layer says.")
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    _check_picture(batch=batch)
    check_range(0, tv_weight=tv_weight)
    with torch.no_grad():
        content = extract(batch)[0]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach()}


@mistake("plain_number", "The loss is a plain number (item()). Wanted is a tensor: detach().")
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    _check_picture(batch=batch)
    check_range(0, tv_weight=tv_weight)
    with torch.no_grad():
        content = extract(batch)[content_layer]
    made = network(batch)
    loss = perceptual_loss(extract(made), content, targets, weights, content_weight, style_weight, content_layer)
    loss = loss + tv_weight * total_variation(made)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item()}
