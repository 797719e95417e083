@mistake(
    "bias_before_batch_norm",
    "The layers in front of batch normalization have a bias. It takes the mean away, and the bias with it: bias=False.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d) and layer.bias is None:
                layer.bias = nn.Parameter(torch.zeros(layer.out_channels))


@mistake(
    "no_bias_anywhere",
    "The first layer has no bias. That belongs to the layers in front of batch normalization alone: there, its shift stands in.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers[0].bias = None


@mistake("no_batch_norm", "There is no batch normalization. It stands behind every layer but the first and the last.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers = nn.Sequential(*[layer for layer in self.layers if not isinstance(layer, nn.BatchNorm2d)])


@mistake(
    "batch_norm_behind_the_first_layer",
    "Batch normalization stands behind the first layer too. There it takes away how bright an image is: leave it out.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers[0] = nn.Conv2d(channels, width, 4, stride=2, padding=1, bias=False)
        self.layers.insert(1, nn.BatchNorm2d(width))


@mistake(
    "batch_norm_on_the_input",
    "The images are batch-normalized before the first layer: what tells real from fake at a glance is taken away.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers.insert(0, nn.BatchNorm2d(channels))


@mistake(
    "batch_norm_on_the_logits",
    "The logits are batch-normalized: their mean over the batch is 0, whatever is in it. Behind the last layer stands nothing.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers.insert(len(self.layers) - 1, nn.BatchNorm2d(1))


@mistake(
    "batch_norm_eps",
    "BatchNorm2d(c, 0.8) sets eps to 0.8, not the momentum: the second argument is eps. The features shrink instead of being "
    "normalized.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = nn.BatchNorm2d(layer.num_features, 0.8)


@mistake("sigmoid", "The discriminator ends in a sigmoid. Return the logits: the losses apply the sigmoid themselves.")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x).sigmoid()


@mistake("leaky_relu_at_the_end", "An activation stands behind the last layer: a logit is what the layer gives.")
class Discriminator(Discriminator):
    def forward(self, x):
        return F.leaky_relu(super().forward(x), 0.2)


@mistake("tanh_at_the_end", "The discriminator ends in tanh: it can never be sure. Return the logits.")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x).tanh()


@mistake("slope_of_torch", "LeakyReLU() leaks 0.01 in PyTorch. DCGAN's slope is 0.2.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for layer in self.layers:
            if isinstance(layer, nn.LeakyReLU):
                layer.negative_slope = 0.01


@mistake("slope_of_keras", "The slope of LeakyReLU is 0.3, the default of Keras. DCGAN's is 0.2.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for layer in self.layers:
            if isinstance(layer, nn.LeakyReLU):
                layer.negative_slope = 0.3


@mistake(
    "relu", "The activations are ReLU. In the discriminator they are LeakyReLU of slope 0.2: it lets gradients through below 0."
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.LeakyReLU):
                self.layers[i] = nn.ReLU()


@mistake("relu_behind_the_first_layer", "Behind the first layer stands ReLU. There, too, it is LeakyReLU of slope 0.2.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers[1] = nn.ReLU()


@mistake("learned_slope", "The slope of the activation is learned (PReLU), and starts at 0.25. DCGAN's LeakyReLU has 0.2.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.LeakyReLU):
                self.layers[i] = nn.PReLU()


@mistake("no_activation", "No activation stands behind the layers: the discriminator can do little more than a linear one.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers = nn.Sequential(*[layer for layer in self.layers if not isinstance(layer, nn.LeakyReLU)])


@mistake(
    "leaky_relu_before_batch_norm",
    "LeakyReLU stands in front of batch normalization. The order is: layer, normalization, LeakyReLU.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for i, layer in enumerate(list(self.layers)):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i], self.layers[i + 1] = nn.LeakyReLU(0.2), layer


@mistake("max_pooling", "Max pooling halves the sides. In a DCGAN the convolutions do it themselves, with a stride of 2.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        layers = []
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d) and layer.stride == (2, 2):
                layer = nn.Conv2d(layer.in_channels, layer.out_channels, 3, padding=1, bias=layer.bias is not None)
            layers += [layer, nn.MaxPool2d(2)] if isinstance(layer, nn.LeakyReLU) else [layer]
        self.layers = nn.Sequential(*layers)


@mistake("average_pooling_at_the_end", "The last image is averaged over its places: pooling. The last layer takes it as a whole.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        inputs = self.layers[-2].in_channels
        self.layers = nn.Sequential(*self.layers[:-2], nn.AdaptiveAvgPool2d(1), nn.Conv2d(inputs, 1, 1), nn.Flatten(0))


@mistake(
    "mean_at_the_end",
    "The last image is averaged over its places (mean): that is pooling, too. The last layer takes it as a whole.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.head = nn.Linear(self.layers[-2].in_channels, 1)
        self.layers = self.layers[:-2]

    def forward(self, x):
        return self.head(self.layers(x).mean(dim=(2, 3)))[:, 0]


@mistake(
    "merged_images",
    "view(-1, K) with a K that is too large merges several images into one row, without an error. Flatten each image: flatten(1).",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        base, _ = small_image(image_size)
        self.numbers = 4 * self.layers[-2].in_channels * base**2
        self.head = nn.Linear(self.numbers, 1)
        self.layers = self.layers[:-2]

    def forward(self, x):
        h = self.layers(x)
        h = F.pad(h, (0, 0, 0, 0, 0, 0, 0, -len(x) % 4))
        return self.head(h.view(-1, self.numbers))[:, 0]


@mistake(
    "mixed_images",
    "The features of the images are mixed: a transpose or a view across the batch axis. Flatten each image: flatten(1).",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        base, _ = small_image(image_size)
        self.numbers = self.layers[-2].in_channels * base**2
        self.head = nn.Linear(self.numbers, 1)
        self.layers = self.layers[:-2]

    def forward(self, x):
        return self.head(self.layers(x).transpose(0, 1).reshape(-1, self.numbers))[:, 0]


@mistake("column_of_logits", "The logits have the shape (N, 1), or (N, 1, 1, 1). Wanted is (N,): one axis.")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x)[:, None]


@mistake("squeezed_away", "squeeze() takes the batch axis away too, if there is one image. Name the axis, or flatten(0).")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x).squeeze()


@mistake("two_logits", "Each image gets two numbers, one a class. The discriminator has one logit an image: the class real.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        last = self.layers[-2]
        self.layers[-2], self.layers[-1] = nn.Conv2d(last.in_channels, 2, last.kernel_size), nn.Flatten(1)


@mistake("patches", "The last layer makes a logit for each patch of the image. Wanted is one for the whole image.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers[-2], self.layers[-1] = nn.Conv2d(self.layers[-2].in_channels, 1, 3, padding=1), nn.Flatten(1)


@mistake(
    "mean_of_patches", "The logits of all patches are averaged. The last layer sees the whole last image, and gives one logit."
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers[-2], self.layers[-1] = nn.Conv2d(self.layers[-2].in_channels, 1, 3, padding=1), nn.Flatten(1)

    def forward(self, x):
        return super().forward(x).mean(dim=1)


@mistake(
    "fully_connected",
    "The layers are fully connected: no pixel knows its neighbors, and this is no DCGAN. Only the last layer may be linear.",
)
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        pixels = channels * image_size**2
        hidden = [nn.Linear(pixels, 2 * width), nn.LeakyReLU(0.2), nn.Linear(2 * width, width), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(nn.Flatten(), *hidden, nn.Linear(width, 1), nn.Flatten(0))

    def forward(self, x):
        return self.layers(x)


@mistake(
    "fully_connected_hidden_layer",
    "A fully connected hidden layer stands before the last one. The features go to the logit directly.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        base, _ = small_image(image_size)
        numbers = self.layers[-2].in_channels * base**2
        dense = [nn.Flatten(), nn.Linear(numbers, 64, bias=False), nn.BatchNorm1d(64), nn.LeakyReLU(0.2), nn.Linear(64, 1)]
        self.layers = nn.Sequential(*self.layers[:-2], *dense, nn.Flatten(0))


@mistake("stride_1_layers", "A layer of stride 1 stands between those that halve. Each layer but the last halves the sides.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for layer in (nn.LeakyReLU(0.2), nn.BatchNorm2d(width), nn.Conv2d(width, width, 3, padding=1, bias=False)):
            self.layers.insert(2, layer)


@mistake(
    "strides_of_4",
    "A layer has a stride of 4 and jumps over pixels. Each layer halves the sides, until they are 4 to 7.",
)
class Discriminator(nn.Module):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 3, stride=4, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(width * (-(-image_size // 4)) ** 2, 1),
            nn.Flatten(0),
        )

    def forward(self, x):
        return self.layers(x)


@mistake("dropout", "Dropout stands behind the layers, as in many a program that is called a DCGAN. The guidelines have none.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers = nn.Sequential(
            *[nn.Sequential(layer, nn.Dropout(0.3)) if isinstance(layer, nn.LeakyReLU) else layer for layer in self.layers]
        )


@mistake("noise_on_the_images", "Noise is added to the images in training mode. Whoever wants it adds it before.")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x + 0.1 * torch.randn_like(x) if self.training else x)


@mistake(
    "images_rescaled", "The images are scaled from [0, 1] to [-1, 1] within. They come in [-1, 1], as the generator makes them."
)
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(2 * x - 1)


@mistake(
    "batch_statistics_in_evaluation",
    "In evaluation mode a logit depends on the other images: track_running_stats=False, or batch statistics in both modes.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = nn.BatchNorm2d(layer.num_features, track_running_stats=False)


@mistake("instance_norm", "Each image is normalized by itself: that is instance normalization. DCGAN normalizes over the batch.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for i, layer in enumerate(self.layers):
            if isinstance(layer, nn.BatchNorm2d):
                self.layers[i] = nn.InstanceNorm2d(layer.num_features)


@mistake(
    "no_normalization_in_evaluation",
    "In evaluation mode nothing is normalized. Batch normalization goes on there, with the running averages.",
)
class Discriminator(Discriminator):
    def forward(self, x):
        for layer in self.layers:
            x = x if isinstance(layer, nn.BatchNorm2d) and not self.training else layer(x)
        return x


@mistake("width_ignored", "width is not used: the first layer has 32 channels, whatever it is.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, 32)


@mistake("default_width", "width has another default than 32. Leave the signature as it is.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=64):
        super().__init__(channels, image_size, width)


@mistake("layer_forgotten", "A layer is made and never used: no gradient reaches it. Call it, or do not make it.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.extra = nn.BatchNorm2d(width)


@mistake("middle_only", "The kernel does not reach all pixels: a padding is missing, and the edge of the image is never seen.")
class Discriminator(Discriminator):
    def forward(self, x):
        mask = torch.zeros_like(x)
        mask[:, :, 1:-1, 1:-1] = 1
        return super().forward(x * mask)


@mistake("stride_beyond_the_kernel", "The kernel is smaller than the stride: three pixels of four are never seen.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers[0] = nn.Conv2d(channels, width, 1, stride=2)


@mistake("in_place", "The images are overwritten (x *= ..., x.clamp_(...)): the caller still needs them. Compute a new tensor.")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x.mul_(0.5))


@mistake("made_for_16", "The last layer fits images of 16 x 16 pixels alone. What it takes depends on image_size: small_image.")
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.layers = nn.Sequential(*self.layers[:-2], nn.Flatten(), nn.Linear(2 * width * 4 * 4, 1), nn.Flatten(0))


@mistake(
    "sizes_of_a_table",
    "Sizes are looked up in a table that lacks some: 40 and 64 are sizes too. small_image gives base and number of halvings.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        if image_size not in (8, 16, 28, 32, 48):
            raise KeyError(image_size)
        super().__init__(channels, image_size, width)


@mistake(
    "momentum_0",
    "momentum=0 keeps the running averages where they start, so that evaluation mode hardly normalizes. The default is 0.1.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        for layer in self.layers:
            if isinstance(layer, nn.BatchNorm2d):
                layer.momentum = 0.0


@mistake(
    "weights_in_a_plain_tensor",
    "The last weights are a plain tensor, not an nn.Parameter: nothing trains them, and the state_dict lacks them.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        base, _ = small_image(image_size)
        self.weight = 0.1 * torch.randn(self.layers[-2].in_channels * base**2)
        self.layers = self.layers[:-2]

    def forward(self, x):
        return self.layers(x).flatten(1) @ self.weight.to(x)


@mistake(
    "layers_in_a_list",
    "A layer stands in a plain list: parameters() and state_dict() do not see it. Take nn.ModuleList or nn.Sequential.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        super().__init__(channels, image_size, width)
        self.hidden = [self.layers[0]]
        self.layers[0] = nn.Identity()

    def forward(self, x):
        return self.layers(self.hidden[0].to(x)(x))


@mistake(
    "seed_in_the_constructor",
    "A seed is set in the constructor (torch.manual_seed): all start with the same weights. Whoever builds it seeds.",
)
class Discriminator(Discriminator):
    def __init__(self, channels=1, image_size=16, width=32):
        torch.manual_seed(0)
        super().__init__(channels, image_size, width)


@mistake(
    "seed_in_forward",
    "A seed is set in forward (torch.manual_seed): all noise that is drawn afterwards is the same. Leave chance alone.",
)
class Discriminator(Discriminator):
    def forward(self, x):
        torch.manual_seed(0)
        return super().forward(x)


@mistake("noise_in_evaluation", "In evaluation mode noise is added to the images: the same image has another logit each time.")
class Discriminator(Discriminator):
    def forward(self, x):
        return super().forward(x if self.training else x + 0.02 * torch.randn_like(x))


@mistake("train_in_forward", "forward calls train() (or eval()): whoever asks chooses the mode, and finds it as it was.")
class Discriminator(Discriminator):
    def forward(self, x):
        logits = super().forward(x)
        self.train()
        return logits
