@mistake(
    "unet_added",
    "The image of the way down is added to that of the way up. It is put beside it (torch.cat): both keep their channels.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for k, up in enumerate([*self.ups, self.last]):
            old = up[1]
            if k:
                up[1] = nn.Conv2d(old.in_channels // 2, old.out_channels, 3, padding=1)

    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = up(x) + skip
        return self.last(x)


@mistake("unet_without_short_cuts", "There is no short cut: all detail has to go through the smallest image. That is no U-Net.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for k, up in enumerate([*self.ups, self.last]):
            old = up[1]
            if k:
                up[1] = nn.Conv2d(old.in_channels // 2, old.out_channels, 3, padding=1)

    def forward(self, x):
        for layer in [*self.downs, *self.ups, self.last]:
            x = layer(x)
        return x


@mistake(
    "unet_zeros_beside", "Beside the image of the way up stand zeros (or itself): what the way down has made is not put there."
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        for down in self.downs:
            x = down(x)
        for up in self.ups:
            x = up(x)
            x = torch.cat([x, torch.zeros_like(x)], dim=1)
        return self.last(x)


@mistake("unet_largest_size_without_short_cut", "The largest image of the way down has no short cut: the finest detail is lost.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.last[1] = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = up(x)
            if up is not self.ups[-1]:
                x = torch.cat([x, skip], dim=1)
        return self.last(x)


@mistake(
    "unet_skips_from_the_front",
    "The images of the way down are taken in the order in which they were made. The last one made is needed first: reversed.",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, skips):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake(
    "unet_skip_of_the_next_level",
    "The image put beside is of the wrong size of the way down, resized until it fits. Each size has one of its own.",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for level, up in zip(reversed(range(len(skips) - 1)), self.ups):
            x = up(x)
            deeper = F.interpolate(skips[level + 1], x.shape[2:])
            x = torch.cat([x, deeper[:, : x.shape[1]]], dim=1)
        return self.last(x)


@mistake("unet_short_cut_cut", "No gradient runs back through the short cuts: the images of the way down are detached.")
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x.detach())
        x = x.detach()
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake(
    "unet_short_cut_before_the_activation", "The image put beside is that from before the LeakyReLU. Wanted is the one behind it."
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            before = down[:-1](x)
            x = down[-1](before)
            skips.append(before)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake("unet_bottleneck_ignored", "What has gone through the smallest image is thrown away: zeros go up from there.")
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        x = 0 * x
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake("unet_tanh_missing", "There is no tanh at the end: pixels can have any value.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.last = self.last[:-1]


@mistake("unet_sigmoid", "The generator ends in a sigmoid: no pixel is below 0. Images are in [-1, 1]: tanh.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.last[-1] = nn.Sigmoid()


@mistake("unet_clamped", "The pixels are clamped to [-1, 1]: no gradient reaches those outside. Wanted is tanh.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.last[-1] = nn.Hardtanh()


@mistake(
    "unet_batch_norm", "Batch normalization for instance normalization: an image is translated otherwise when others are with it."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for block in [*self.downs, *self.ups]:
            for i, layer in enumerate(block):
                if isinstance(layer, nn.InstanceNorm2d):
                    block[i] = nn.BatchNorm2d(layer.num_features)


@mistake(
    "unet_running_averages", "Instance normalization with running averages (track_running_stats): evaluation mode is another."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for block in [*self.downs, *self.ups]:
            for i, layer in enumerate(block):
                if isinstance(layer, nn.InstanceNorm2d):
                    block[i] = nn.InstanceNorm2d(layer.num_features, track_running_stats=True)


@mistake("unet_no_norm", "There is no normalization on the way up.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in self.ups:
            up[2] = nn.Identity()


@mistake(
    "unet_no_norm_down", "There is no normalization on the way down: it stands behind each layer but the first and the last."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs:
            down[-2] = down[-2] if len(down) == 2 else nn.Identity()


@mistake(
    "unet_first_layer_normalized", "The first layer is normalized: how bright and how colored the picture is, is lost there."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.downs[0].insert(1, nn.InstanceNorm2d(width))


@mistake(
    "unet_smallest_image_normalized",
    "The smallest image is normalized. With one pixel in it nothing is left: everything minus its own mean is 0.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.downs[-1].insert(1, nn.InstanceNorm2d(self.downs[-1][0].out_channels))


@mistake(
    "unet_smallest_image_becomes_0",
    "The smallest image is normalized. With one pixel in it nothing is left: everything minus its own mean is 0.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.downs[-1].insert(1, nn.GroupNorm(self.downs[-1][0].out_channels, self.downs[-1][0].out_channels))


@mistake("unet_relu_down", "ReLU on the way down. There it is LeakyReLU of slope 0.2.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs:
            down[-1] = nn.ReLU()


@mistake("unet_slope", "The LeakyReLU have slope 0.01, that of torch if nothing is said. Wanted is 0.2.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs:
            down[-1] = nn.LeakyReLU()


@mistake("unet_leaky_up", "LeakyReLU on the way up. There it is ReLU.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in self.ups:
            up[-1] = nn.LeakyReLU(0.2)


@mistake(
    "unet_transposed", "Transposed convolutions double the sides, as in pix2pix. Here: upsampling, and a convolution of kernel 3."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in [*self.ups, self.last]:
            up[0] = nn.Identity()
            up[1] = nn.ConvTranspose2d(up[1].in_channels, up[1].out_channels, 4, 2, 1)


@mistake("unet_bilinear", "Bilinear upsampling blurs what was sharp. Here each pixel becomes four equal ones (mode nearest).")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in [*self.ups, self.last]:
            up[0] = nn.Upsample(scale_factor=2, mode="bilinear")


@mistake("unet_kernel_down", "The convolutions of the way down have kernel 3. Wanted is 4, with stride 2 and padding 1.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs:
            down[0] = nn.Conv2d(down[0].in_channels, down[0].out_channels, 3, 2, 1)


@mistake("unet_pooling", "Pooling halves the sides. Here convolutions of kernel 4 and stride 2 do.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs:
            down[0] = nn.Sequential(nn.Conv2d(down[0].in_channels, down[0].out_channels, 3, padding=1), nn.MaxPool2d(2))


@mistake("unet_kernel_up", "The convolutions of the way up have kernel 1: they see no neighbor. Wanted is 3.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in [*self.ups, self.last]:
            up[1] = nn.Conv2d(up[1].in_channels, up[1].out_channels, 1)


@mistake(
    "unet_width_not_doubled",
    "All layers have as many channels as the first. They double with each halving: width, 2 width, 4 width.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs[1:]:
            down[0] = nn.Conv2d(width, width, 4, 2, 1)
        for k, up in enumerate(self.ups):
            up[1] = nn.Conv2d(2 * width if k else width, width, 3, padding=1)


@mistake("unet_one_halving_too_few", "The image is halved one time less than depth says.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, max(2, depth - 1))


@mistake("unet_last_doubling_missing", "The last doubling is missing: the images that come out have half the sides.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.last = self.last[1:]


@mistake("unet_dropout", "Dropout on the way up, as in pix2pix: here the same image is always translated in the same way.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in self.ups:
            up.append(nn.Dropout(0.5))


@mistake(
    "unet_plain_list",
    "Layers are kept in a plain list: torch does not know them, they are neither trained nor saved. nn.ModuleList.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for name in ("downs", "ups"):
            layers = list(getattr(self, name))
            delattr(self, name)
            setattr(self, name, layers)


@mistake("unet_overwrites", "The images that come in are overwritten (an activation or a scaling in place on x itself).")
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        result = super().forward(x)
        x.mul_(0.5)
        return result


@mistake("unet_rescaled", "The images are rescaled before the first layer (2 x - 1). They are in [-1, 1] already.")
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        return super().forward(2 * x - 1)


@mistake("unet_default_width", "The default width is 32, as in the signature.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=64, depth=4):
        super().__init__(channels, width, depth)


@mistake("patch_sigmoid", "The scores are sent through a sigmoid. Least squares compare them with 0 and 1 as they are.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers.append(nn.Sigmoid())


@mistake(
    "patch_mean",
    "The scores are averaged to one for the whole image. Wanted is a map of scores, one for each patch: (N, 1, h, w).",
)
class PatchDiscriminator(PatchDiscriminator):
    def forward(self, x):
        return super().forward(x).mean(dim=(1, 2, 3))


@mistake("patch_flattened", "The scores are laid out in a row. Wanted is a map of them: (N, 1, h, w).")
class PatchDiscriminator(PatchDiscriminator):
    def forward(self, x):
        return super().forward(x).flatten(1)


@mistake(
    "patch_batch_norm", "Batch normalization for instance normalization: an image is judged otherwise when others are with it."
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.InstanceNorm2d):
                self.layers[i] = nn.BatchNorm2d(layer.num_features)


@mistake(
    "patch_no_norm", "There is no normalization in the discriminator. It stands behind each layer but the first and the last."
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers = nn.Sequential(*[layer for layer in self.layers if not isinstance(layer, nn.InstanceNorm2d)])


@mistake(
    "patch_first_layer_normalized", "The first layer of the discriminator is normalized: it cannot see how bright the picture is."
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers.insert(1, nn.InstanceNorm2d(width))


@mistake(
    "patch_scores_normalized", "The scores are normalized: their mean over an image is always 0, so no image can be all real."
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers.append(nn.InstanceNorm2d(1))


@mistake(
    "patch_always_stride_2",
    "The layer behind the halvings has stride 2 as well. It has stride 1: its patches are half as large again.",
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        convolutions = [layer for layer in self.layers if isinstance(layer, nn.Conv2d)]
        convolutions[-2].stride = (2, 2)


@mistake(
    "patch_layer_missing", "The layer of stride 1 with twice as many channels, between the halvings and the score, is missing."
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers = nn.Sequential(*self.layers[:-4], nn.Conv2d(width * 2 ** (halvings - 1), 1, 4, padding=1))


@mistake("patch_kernel_3", "The kernels are 3: the patches are smaller. Wanted is 4.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i, old in enumerate(self.layers):
            if isinstance(old, nn.Conv2d):
                self.layers[i] = nn.Conv2d(old.in_channels, old.out_channels, 3, old.stride, 1)


@mistake("patch_last_kernel_1", "The last layer has kernel 1: the patches are smaller than stated. It has kernel 4, as all have.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers[-1] = nn.Conv2d(self.layers[-1].in_channels, 1, 1)


@mistake("patch_relu", "ReLU in the discriminator. There it is LeakyReLU of slope 0.2.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.LeakyReLU):
                self.layers[i] = nn.ReLU()


@mistake("patch_slope", "The LeakyReLU of the discriminator have slope 0.01, that of torch if nothing is said. Wanted is 0.2.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.LeakyReLU):
                self.layers[i] = nn.LeakyReLU()


@mistake(
    "patch_width_not_doubled",
    "All layers of the discriminator have as many channels as the first. They double from layer to layer.",
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i, old in enumerate(self.layers):
            if isinstance(old, nn.Conv2d) and i:
                self.layers[i] = nn.Conv2d(width, min(width, old.out_channels), 4, old.stride, 1)


@mistake("patch_dropout", "Dropout in the discriminator: the same image gets another score each time.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers.insert(2, nn.Dropout(0.3))


@mistake("patch_plain_list", "Layers are kept in a plain list: torch does not know them, they are neither trained nor saved.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.hidden = list(self.layers[:-1])
        self.layers = self.layers[-1]

    def forward(self, x):
        for layer in self.hidden:
            x = layer(x)
        return self.layers(x)


@mistake(
    "patch_without_gradient",
    "No gradient reaches the layers in front of the last one: they are computed under no_grad, or detached.",
)
class PatchDiscriminator(PatchDiscriminator):
    def forward(self, x):
        with torch.no_grad():
            features = self.layers[:-1](x)
        return self.layers[-1](features)


@mistake("patch_overwrites", "The images that the discriminator is given are overwritten (an activation or a scaling in place).")
class PatchDiscriminator(PatchDiscriminator):
    def forward(self, x):
        result = super().forward(x)
        x.mul_(0.5)
        return result


@mistake("patch_rescaled", "The images are rescaled before the first layer of the discriminator. They are in [-1, 1] already.")
class PatchDiscriminator(PatchDiscriminator):
    def forward(self, x):
        return super().forward((x + 1) / 2)


@mistake(
    "unet_short_cuts_detached",
    "What is put beside is detached: no gradient runs through the short cuts, and the way down learns from the bottleneck alone.",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = torch.cat([up(x), skip.detach()], dim=1)
        return self.last(x)


@mistake(
    "unet_statistics_detached",
    "Mean and variance of the normalization are detached (no_grad): the gradient is to run through them, too.",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for level, down in enumerate(self.downs):
            x = down[0](x)
            if 0 < level < self.depth - 1:
                with torch.no_grad():
                    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
                x = (x - mean) / (variance + 1e-5).sqrt()
            x = F.leaky_relu(x, 0.2)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake(
    "unet_skips_pile_up",
    "The images of the way down are appended to a list of the network that is never emptied: use a list of forward's own.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        self.skips = []

    def forward(self, x):
        for down in self.downs:
            x = down(x)
            self.skips.append(x)
        for up, skip in zip(self.ups, self.skips[-2::-1]):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake(
    "patch_keeps_its_scores",
    "Each answer is appended to a list of the network: with it the graph of every call stays in memory.",
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.answers = []

    def forward(self, x):
        self.answers.append(self.layers(x))
        return self.answers[-1]


@mistake("unet_detached", "No gradient reaches the image (detach): the network that made it would learn nothing from this one.")
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        return super().forward(x.detach())


@mistake("patch_detached", "No gradient reaches the image (detach): the network that made it would learn nothing from this one.")
class PatchDiscriminator(PatchDiscriminator):
    def forward(self, x):
        return super().forward(x.detach())


@mistake(
    "unet_channels_capped", "The channels stop to double at eight times the width. They double at each of the depth halvings."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        widths = [width * min(2**level, 8) for level in range(depth)]
        inputs = channels
        for down, outputs in zip(self.downs, widths):
            down[0] = nn.Conv2d(inputs, outputs, 4, 2, 1)
            inputs = outputs
        for up, outputs in zip([*self.ups, self.last], [*reversed(widths[:-1]), channels]):
            up[1] = nn.Conv2d(inputs, outputs, 3, padding=1)
            inputs = 2 * outputs


@mistake("patch_channels_capped", "The channels stop to double at eight times the width. They double in each layer but the last.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        inputs = channels
        for k, layer in enumerate(self.layers):
            if isinstance(layer, nn.Conv2d):
                outputs = 1 if k == len(self.layers) - 1 else min(layer.out_channels, 8 * width)
                self.layers[k] = nn.Conv2d(inputs, outputs, 4, layer.stride, 1)
                inputs = outputs


@mistake(
    "unet_sides_do_not_fit",
    "Images of different sides are put beside each other. First upsample, then concatenate; the smallest image has none beside it: reversed(skips[:-1]).",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips)):
            x = torch.cat([up(x), skip], dim=1)
        return self.last(x)


@mistake(
    "unet_channels_do_not_fit",
    "A convolution gets another number of channels than it was made for. On the way up torch.cat along dim=1 doubles them.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in [*self.ups, self.last][1:]:
            up[1] = nn.Conv2d(up[1].in_channels // 2, up[1].out_channels, 3, padding=1)


@mistake("unet_no_padding", "Without padding=1 the sides shrink in each convolution, until the kernel is larger than the image.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in [*self.ups, self.last]:
            up[1] = nn.Conv2d(up[1].in_channels, up[1].out_channels, 3)


@mistake(
    "unet_activation_before_the_norm", "On the way down the LeakyReLU stands before the normalization. It belongs behind it."
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for down in self.downs[1:-1]:
            down[1], down[2] = down[2], down[1]


@mistake("unet_relu_before_the_norm", "On the way up the ReLU stands before the normalization. It belongs behind it.")
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        for up in self.ups:
            up[2], up[3] = up[3], up[2]


@mistake(
    "unet_relu_behind_the_short_cut",
    "The ReLU stands behind torch.cat, and cuts the image of the way down, too. It belongs before it.",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = torch.cat([up[:3](x), skip], dim=1).relu()
        return self.last(x)


@mistake(
    "unet_norm_behind_the_short_cut",
    "Normalization and ReLU stand behind torch.cat, and change the image of the way down, too. They belong before it.",
)
class UNetGenerator(UNetGenerator):
    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = F.instance_norm(torch.cat([up[:2](x), skip], dim=1)).relu()
        return self.last(x)


@mistake(
    "patch_no_padding",
    "Without padding=1 the sides of the discriminator's images shrink in each layer, until the kernel is larger than the image.",
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i, old in enumerate(self.layers):
            if isinstance(old, nn.Conv2d):
                self.layers[i] = nn.Conv2d(old.in_channels, old.out_channels, 4, old.stride)


@mistake(
    "patch_activation_before_the_norm",
    "In the discriminator the LeakyReLU stands before the normalization. It belongs behind it.",
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        for i in range(3, len(self.layers) - 1, 3):
            self.layers[i], self.layers[i + 1] = self.layers[i + 1], self.layers[i]


@mistake("patch_last_stride_2", "The last layer has stride 2. Only the halvings have; the last two layers have stride 1.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers[-1] = nn.Conv2d(self.layers[-1].in_channels, 1, 4, 2, 1)


@mistake(
    "patch_last_doubling_missing", "The first layer of stride 1 has as many channels as the one before. It has twice as many."
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        inputs = width * 2 ** (halvings - 1)
        self.layers[-4] = nn.Conv2d(inputs, inputs, 4, padding=1)
        self.layers[-1] = nn.Conv2d(inputs, 1, 4, padding=1)


@mistake("patch_activation_behind_the_scores", "A LeakyReLU stands behind the last layer. The scores come as they are.")
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        self.layers.append(nn.LeakyReLU(0.2))


@mistake(
    "unet_at_most_512_channels",
    "The channels are capped at 512, as in a published program. They double at each of the depth halvings, whatever the width.",
)
class UNetGenerator(UNetGenerator):
    def __init__(self, channels=3, width=32, depth=4):
        super().__init__(channels, width, depth)
        widths = [min(width * 2**level, 512) for level in range(depth)]
        inputs = channels
        for down, outputs in zip(self.downs, widths):
            down[0] = nn.Conv2d(inputs, outputs, 4, 2, 1)
            inputs = outputs
        for up, outputs in zip([*self.ups, self.last], [*reversed(widths[:-1]), channels]):
            up[1] = nn.Conv2d(inputs, outputs, 3, padding=1)
            inputs = 2 * outputs


@mistake(
    "patch_at_most_512_channels",
    "The channels are capped at 512, as in a published program. They double in each layer but the last, whatever the width.",
)
class PatchDiscriminator(PatchDiscriminator):
    def __init__(self, channels=3, width=32, halvings=3):
        super().__init__(channels, width, halvings)
        inputs = channels
        for k, layer in enumerate(self.layers):
            if isinstance(layer, nn.Conv2d):
                outputs = 1 if k == len(self.layers) - 1 else min(layer.out_channels, 512)
                self.layers[k] = nn.Conv2d(inputs, outputs, 4, layer.stride, 1)
                inputs = outputs
