@mistake(
    "bias_before_batch_norm",
    "The hidden layers have a bias. Batch normalization takes the mean away behind them, and the bias with it: bias=False.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for layer in self.layers[:-2]:
            if isinstance(layer, nn.ConvTranspose2d):
                layer.bias = nn.Parameter(torch.zeros(layer.out_channels))


@mistake("no_batch_norm", "There is no batch normalization. It stands behind every layer but the last.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers = nn.Sequential(*[layer for layer in self.layers if not isinstance(layer, nn.BatchNorm2d)])


@mistake(
    "first_layer_without_batch_norm", "Behind the first layer stands no batch normalization: it is left out at the last one."
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers[2] = nn.Identity()


@mistake(
    "batch_norm_on_the_output",
    "The output is batch-normalized: no image can be brighter than its batch. Behind the last layer stands tanh alone.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers.insert(len(self.layers) - 1, nn.BatchNorm2d(channels))


@mistake(
    "batch_norm_eps",
    "BatchNorm2d(c, 0.8) sets eps to 0.8, not the momentum: the second argument is eps. The features shrink instead of being "
    "normalized.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = nn.BatchNorm2d(layer.num_features, 0.8)


@mistake("leaky_relu", "The hidden activations are LeakyReLU. In the generator they are ReLU; the leak is the discriminator's.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.ReLU):
                self.layers[i] = nn.LeakyReLU(0.2)


@mistake("leaky_relu_of_slope_3_tenths", "The hidden activations are LeakyReLU, of slope 0.3. In the generator they are ReLU.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.ReLU):
                self.layers[i] = nn.LeakyReLU(0.3)


@mistake("no_activation", "No activation stands behind the hidden layers: without ReLU the whole generator is one linear map.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers = nn.Sequential(*[layer for layer in self.layers if not isinstance(layer, nn.ReLU)])


@mistake("relu_before_batch_norm", "ReLU stands in front of batch normalization. The order is: layer, batch normalization, ReLU.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(list(self.layers)):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i], self.layers[i + 1] = nn.ReLU(), layer


@mistake("no_tanh", "tanh is missing: the pixels are not bounded by -1 and 1, as those of the training images are.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers[-1] = nn.Identity()


@mistake("sigmoid", "The last activation is a sigmoid: pixels in [0, 1]. The training images are scaled to [-1, 1]: tanh.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers[-1] = nn.Sigmoid()


@mistake("hard_tanh", "The output is clamped to [-1, 1]. Beyond the bounds a clamp sends no gradient back: tanh.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers[-1] = nn.Hardtanh()


@mistake("tanh_twice", "tanh is applied twice: no pixel ever gets beyond 0.77.")
class Generator(Generator):
    def forward(self, z):
        return torch.tanh(super().forward(z))


@mistake("tanh_in_the_hidden_layers", "The hidden activations are tanh. They are ReLU; tanh stands at the end alone.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.ReLU):
                self.layers[i] = nn.Tanh()


@mistake(
    "always_16",
    "The images have 16 x 16 pixels, whatever image_size is. The number of layers and the first kernel depend on it: small_image.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, 16, width)


@mistake("one_channel", "The images have one channel, whatever channels is.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, 1, image_size, width)


@mistake(
    "one_doubling_too_many", "The images are twice as large as stated: there is one doubling too many, or the small image is 8."
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, 2 * image_size, width)


@mistake(
    "fully_connected",
    "The layers are fully connected: no pixel knows its neighbors, and this is no DCGAN. Only the first layer may be linear.",
)
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        self.latent_dim, self.shape = latent_dim, (channels, image_size, image_size)
        layers, inputs = [], latent_dim
        for outputs in (4 * width, 8 * width):
            layers += [nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU()]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Linear(inputs, channels * image_size**2), nn.Tanh())

    def forward(self, z):
        return self.layers(z).view(len(z), *self.shape)


@mistake(
    "fully_connected_second_layer", "A hidden layer is fully connected. Only the first, which takes the noise, may be linear."
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.before = nn.Sequential(
            nn.Linear(latent_dim, 8 * latent_dim, bias=False),
            nn.BatchNorm1d(8 * latent_dim),
            nn.ReLU(),
            nn.Linear(8 * latent_dim, latent_dim),
        )

    def forward(self, z):
        return super().forward(self.before(z))


@mistake(
    "interpolated_at_the_end",
    "A small image is only blown up to the wanted size at the end. Each doubling has a layer of its own that paints.",
)
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        self.latent_dim, self.size = latent_dim, image_size
        base, _ = small_image(image_size)
        self.first = nn.Sequential(nn.ConvTranspose2d(latent_dim, width, base, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.last = nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1)

    def forward(self, z):
        h = self.last(self.first(z[:, :, None, None]))
        return torch.tanh(F.interpolate(h, size=(self.size, self.size)))


@mistake("stride_1_layers", "A layer of stride 1 stands between the doublings. Each layer behind the first doubles the sides.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        c = self.layers[2].num_features
        for layer in (nn.ReLU(), nn.BatchNorm2d(c), nn.ConvTranspose2d(c, c, 5, padding=2, bias=False)):
            self.layers.insert(4, layer)


@mistake(
    "batch_statistics_in_evaluation",
    "In evaluation mode the images depend on their batch: track_running_stats=False, or batch statistics in both modes.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = nn.BatchNorm2d(layer.num_features, track_running_stats=False)


@mistake(
    "no_normalization_in_evaluation",
    "In evaluation mode nothing is normalized. Batch normalization goes on there, with the running averages.",
)
class Generator(Generator):
    def forward(self, z):
        h = z
        for layer in self.layers:
            h = h if isinstance(layer, nn.BatchNorm2d) and not self.training else layer(h)
        return h


@mistake("instance_norm", "Each image is normalized by itself: that is instance normalization. DCGAN normalizes over the batch.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = nn.InstanceNorm2d(layer.num_features)


@mistake("dropout", "Dropout stands in the generator: the same noise gives another image each time. The guidelines have none.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers.insert(4, nn.Dropout(0.25))


@mistake("layer_forgotten", "A layer is made and never used: no gradient reaches it. Call it, or do not make it.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.extra = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1)


@mistake(
    "batch_norm_thrown_away",
    "The result of a batch normalization is thrown away: write h = self.bn(h), not self.bn(h) alone.",
)
class Generator(Generator):
    def forward(self, z):
        h = z
        for layer in self.layers:
            if isinstance(layer, nn.BatchNorm2d):
                layer(h)
            else:
                h = layer(h)
        return h


@mistake("width_ignored", "width is not used: the last hidden layer has 32 channels, whatever it is.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, 32)


@mistake(
    "width_of_the_first_layer",
    "width is taken for the channels of the first layer. It is the number of those of the last hidden one.",
)
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        layers, inputs, kernel = [nn.Unflatten(1, (latent_dim, 1, 1))], latent_dim, dict(kernel_size=base)
        for level in range(doublings):
            outputs = max(1, width // 2**level)
            layers += [nn.ConvTranspose2d(inputs, outputs, **kernel, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs, kernel = outputs, dict(kernel_size=4, stride=2, padding=1)
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(inputs, channels, **kernel), nn.Tanh())

    def forward(self, z):
        return self.layers(z)


@mistake("default_width", "width has another default than 32. Leave the signature as it is.")
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=64):
        super().__init__(latent_dim, channels, image_size, width)


@mistake("noise_normalized", "The noise is scaled to length 1 before the first layer. It goes in as it is.")
class Generator(Generator):
    def forward(self, z):
        return super().forward(F.normalize(z, dim=1))


@mistake("half_of_the_noise", "Only the first half of the noise is used. All of it enters the first layer.")
class Generator(Generator):
    def forward(self, z):
        return super().forward(torch.cat([z[:, : self.latent_dim // 2], torch.zeros_like(z[:, self.latent_dim // 2 :])], dim=1))


@mistake("in_place", "The noise is overwritten (z *= ..., z.div_(...)): the caller still needs it. Compute a new tensor.")
class Generator(Generator):
    def forward(self, z):
        return super().forward(z.clamp_(-1, 1))


@mistake("images_merged", "The image comes back flat. Give it the shape (N, channels, image_size, image_size).")
class Generator(Generator):
    def forward(self, z):
        return super().forward(z).flatten(1)


@mistake("frozen_by_no_grad", "The images are made without a graph (torch.no_grad, detach): no gradient reaches the generator.")
class Generator(Generator):
    def forward(self, z):
        return super().forward(z).detach().requires_grad_(torch.is_grad_enabled())


@mistake(
    "sizes_of_a_table",
    "Sizes are looked up in a table that lacks some: 40 and 64 are sizes too. small_image gives base and number of doublings.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        if image_size not in (8, 16, 28, 32, 48):
            raise KeyError(image_size)
        super().__init__(latent_dim, channels, image_size, width)


@mistake(
    "kernel_always_4",
    "The first kernel is 4 whatever image_size is: 28 starts at 7 x 7 and 40 at 5 x 5. Its size is the first number of small_image.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.layers[1] = nn.ConvTranspose2d(latent_dim, self.layers[1].out_channels, 4, bias=False)


@mistake(
    "no_output_padding",
    "Kernel 3, stride 2 and padding 1 make 2n - 1 pixels of n (exercise 5.1). Add output_padding=1, or take kernel 4.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers[2:], start=2):
            if isinstance(layer, nn.ConvTranspose2d):
                kind = dict(kernel_size=3, stride=2, padding=1, bias=layer.bias is not None)
                self.layers[i] = nn.ConvTranspose2d(layer.in_channels, layer.out_channels, **kind)


@mistake(
    "one_doubling_too_few",
    "The images are half as large as stated: one doubling is missing. The last layer, which makes the pixels, doubles too.",
)
class Generator(nn.Module):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__()
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        layers, inputs, kernel = [nn.Unflatten(1, (latent_dim, 1, 1))], latent_dim, dict(kernel_size=base)
        for level in reversed(range(doublings - 1)):
            outputs = width * 2**level
            layers += [nn.ConvTranspose2d(inputs, outputs, **kernel, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs, kernel = outputs, dict(kernel_size=4, stride=2, padding=1)
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(inputs, channels, **kernel), nn.Tanh())

    def forward(self, z):
        return self.layers(z)


@mistake(
    "images_split",
    "There are more images than noises: view(-1, ...) with too few channels splits each into several. Write view(len(z), ...).",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.base, _ = small_image(image_size)
        self.shape = (self.layers[1].out_channels // 2, self.base, self.base)
        self.project = nn.Linear(latent_dim, self.layers[1].out_channels * self.base**2, bias=False)
        self.norm = nn.BatchNorm2d(self.shape[0])
        after = self.layers[4]
        self.layers[4] = nn.ConvTranspose2d(
            self.shape[0], after.out_channels, 4, stride=2, padding=1, bias=after.bias is not None
        )

    def forward(self, z):
        h = self.project(z)
        return self.layers[4:](F.relu(self.norm(h.view(-1, *self.shape))))


@mistake(
    "images_put_together",
    "There are fewer images than noises: view(-1, ...) with too many channels puts several into one. Write view(len(z), ...).",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.base, _ = small_image(image_size)
        self.shape = (2 * self.layers[1].out_channels, self.base, self.base)
        self.project = nn.Linear(latent_dim, self.layers[1].out_channels * self.base**2, bias=False)
        self.norm = nn.BatchNorm2d(self.shape[0])
        after = self.layers[4]
        self.layers[4] = nn.ConvTranspose2d(
            self.shape[0], after.out_channels, 4, stride=2, padding=1, bias=after.bias is not None
        )

    def forward(self, z):
        h = F.pad(self.project(z), (0, 0, 0, len(z) % 2))
        return self.layers[4:](F.relu(self.norm(h.view(-1, *self.shape))))


@mistake(
    "momentum_0",
    "momentum=0 keeps the running averages where they start, so that evaluation mode hardly normalizes. The default is 0.1.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for layer in self.layers:
            if isinstance(layer, nn.BatchNorm2d):
                layer.momentum = 0.0


@mistake(
    "averages_in_plain_tensors",
    "The running averages are plain tensors, and so not in the state_dict: a generator that is loaded has none. register_buffer.",
)
class Generator(Generator):
    class Norm(nn.BatchNorm2d):
        def __init__(self, channels):
            super().__init__(channels, track_running_stats=False)
            self.mean, self.var = torch.zeros(channels), torch.ones(channels)

        def forward(self, x):
            self.mean, self.var = self.mean.to(x), self.var.to(x)
            return F.batch_norm(x, self.mean, self.var, self.weight, self.bias, self.training)

    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = self.Norm(layer.num_features)


@mistake(
    "layers_in_a_list",
    "A layer stands in a plain list: parameters() and state_dict() do not see it. Take nn.ModuleList or nn.Sequential.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, channels, image_size, width)
        self.hidden = [self.layers[1]]
        self.layers[1] = nn.Identity()

    def forward(self, z):
        h = self.layers[0](z)
        return self.layers[2:](self.hidden[0].to(z)(h))


@mistake(
    "squeezed_away",
    "squeeze() takes the batch axis away too, if there is one noise: one image comes out wrong. Name the axis, or do without.",
)
class Generator(Generator):
    def forward(self, z):
        return self.layers[1:](z.squeeze()[..., None, None])


@mistake(
    "seed_in_the_constructor",
    "A seed is set in the constructor (torch.manual_seed): every generator starts with the same weights. Whoever builds it seeds.",
)
class Generator(Generator):
    def __init__(self, latent_dim=64, channels=1, image_size=16, width=32):
        torch.manual_seed(0)
        super().__init__(latent_dim, channels, image_size, width)


@mistake(
    "seed_in_forward",
    "A seed is set in forward (torch.manual_seed): all noise that is drawn afterwards is the same. Leave chance alone.",
)
class Generator(Generator):
    def forward(self, z):
        torch.manual_seed(0)
        return super().forward(z)


@mistake(
    "noise_in_evaluation",
    "In evaluation mode noise is added to z: the same z has another image each time. All noise comes with z.",
)
class Generator(Generator):
    def forward(self, z):
        return super().forward(z if self.training else z + 0.02 * torch.randn_like(z))


@mistake("train_in_forward", "forward calls train() (or eval()): whoever asks chooses the mode, and finds it as it was.")
class Generator(Generator):
    def forward(self, z):
        images = super().forward(z)
        self.train()
        return images
