@mistake(
    "relu_on_code", "A ReLU stands after the code: half of the latent plane is cut off. The last layer of the encoder is linear."
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        return super().encode(x).relu()


@mistake("tanh_on_code", "The code is squashed by a tanh or sigmoid. The last layer of the encoder is linear.")
class Autoencoder(Autoencoder):
    def encode(self, x):
        return super().encode(x).tanh()


@mistake(
    "bottleneck_skipped",
    "Something passes beside the bottleneck: the input is added to the output. All that the decoder knows is the code.",
)
class Autoencoder(Autoencoder):
    def forward(self, x):
        return self.decode(self.encode(x)) + x


@mistake("sigmoid_output", "The decoder ends in a sigmoid. Return the logits: the loss applies the sigmoid itself.")
class Autoencoder(Autoencoder):
    def decode(self, z):
        return super().decode(z).sigmoid()


@mistake("swapped_sides", "The image comes back with height and width exchanged: the pixels are put back in the wrong order.")
class Autoencoder(Autoencoder):
    def decode(self, z):
        return super().decode(z).transpose(2, 3)


@mistake("flat_output", "decode returns rows of pixels. Give them back the shape of the image, (N, *image_shape).")
class Autoencoder(Autoencoder):
    def decode(self, z):
        return super().decode(z).flatten(1)


@mistake(
    "merged_images",
    "Two images were merged into one row: a view with -1 in front hides a wrong size. Flatten each image: flatten(1).",
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        codes = super().encode(x)
        return codes.view(-1, 2 * codes.shape[1])


@mistake(
    "batch_mixed",
    "The code of an image depends on the other images of its batch. Normalize over an image, not over the batch, or not at all.",
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        return super().encode(x - x.mean(dim=0))


@mistake("layer_forgotten", "A layer is made and never used: no gradient reaches it. Call it, or do not make it.")
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, hidden_dim)
        self.extra = nn.Linear(hidden_dim, hidden_dim)


@mistake("detached_code", "The code is detached: no gradient reaches the encoder, and it never learns.")
class Autoencoder(Autoencoder):
    def forward(self, x):
        return self.decode(self.encode(x).detach())


@mistake(
    "leaky_relu_on_code",
    "A leaky ReLU stands after the code: negative codes are shrunk. The last layer of the encoder is linear.",
)
class Autoencoder(Autoencoder):
    def encode(self, x):
        return F.leaky_relu(super().encode(x))


@mistake("hidden_dim_ignored", "hidden_dim is not used: the hidden layers have a fixed width.")
class Autoencoder(Autoencoder):
    def __init__(self, image_shape, latent_dim=2, hidden_dim=128):
        super().__init__(image_shape, latent_dim, 128)
