@mistake("generator_ignores_the_class", "The generator takes the label and does not use it: every class has the same images.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z, torch.zeros_like(labels))


@mistake(
    "multiplied",
    "The noise is multiplied by the class's vector: z is as likely as -z, so only the size of the vector reaches the image "
    "(theorem 6.2). Concatenate them.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, latent_dim)
        self.generator = Generator(latent_dim, channels, image_size, width)

    def forward(self, z, labels):
        return self.generator(condition_multiply(z, labels, self.embedding))


@mistake(
    "number_into_the_generator",
    "The number of the class goes into the generator as one more input, as if a 9 were more than a 2. Give it a vector.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.generator = Generator(latent_dim + 1, channels, image_size, width)

    def forward(self, z, labels):
        return self.generator(torch.cat([z, labels[:, None].float()], dim=1))


@mistake(
    "scaled_number_into_the_generator",
    "The number of the class, brought to [-1, 1], is one more input of the generator: still an amount. Give each class a vector.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes = n_classes
        self.generator = Generator(latent_dim + 1, channels, image_size, width)

    def forward(self, z, labels):
        return self.generator(torch.cat([z, 2 * labels[:, None] / (self.n_classes - 1) - 1], dim=1))


@mistake("first_label_for_all_images", "All images are made with the first label of the batch. Each has its own.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z, labels[:1].expand(len(labels)))


@mistake("images_in_another_order", "The images come back in another order than noise and labels.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z, labels).flip(0)


@mistake("labels_in_another_order", "The labels are sorted, or turned round, before they are joined with the noise.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z, labels.sort().values)


@mistake("mean_of_the_classes", "The classes' vectors are averaged over the batch: every image is told the same.")
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, n_classes)
        self.generator = Generator(latent_dim + n_classes, channels, image_size, width)

    def forward(self, z, labels):
        e = self.embedding(labels)
        return self.generator(torch.cat([z, e.mean(dim=0).expand_as(e)], dim=1))


@mistake(
    "noise_ignored", "The noise is not used: each class has one image. The class is told beside the noise, not instead of it."
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(torch.zeros_like(z), labels)


@mistake("ten_classes", "The number of classes is 10 whatever n_classes says.")
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, 10, channels, image_size, width)


@mistake(
    "one_hot_of_the_batch",
    "one_hot without the number of classes counts those of this batch: say one_hot(labels, n_classes).",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.generator = Generator(latent_dim + n_classes, channels, image_size, width)

    def forward(self, z, labels):
        return self.generator(torch.cat([z, F.one_hot(labels).float()], dim=1))


@mistake("classes_folded", "Classes are folded together (labels % 10): two of them cannot be told apart.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z, labels % 10)


@mistake(
    "embedding_made_in_forward", "The embedding is made in forward, anew at every call: it never learns. Make it in __init__."
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes = n_classes
        self.generator = Generator(latent_dim + n_classes, channels, image_size, width)

    def forward(self, z, labels):
        return self.generator(condition_concat(z, labels, nn.Embedding(self.n_classes, self.n_classes)))


@mistake(
    "embedding_detached",
    "No gradient reaches the embedding of the generator (detach, no_grad, .data): the classes' vectors stay as they were drawn.",
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return self.generator(condition_concat(z, labels, lambda each: self.embedding(each).detach()))


@mistake(
    "embedding_frozen",
    "The classes' vectors are drawn once and never trained (from_pretrained, requires_grad=False, a buffer). They are learned.",
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.embedding = nn.Embedding.from_pretrained(torch.randn(n_classes, n_classes))


@mistake(
    "padding_idx",
    "padding_idx=0 keeps the vector of class 0 at zero: it never learns. That is for padding, and 0 is a class here.",
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.embedding = nn.Embedding(n_classes, n_classes, padding_idx=0)


@mistake("width_not_passed_on", "width is not passed on to Generator: the conditional one has the same size whatever it says.")
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, 32)


@mistake("image_size_not_passed_on", "channels or image_size is not passed on to Generator: the images have its defaults.")
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, 1, 16, width)


@mistake(
    "other_defaults",
    "The defaults are not those of the digits: latent_dim=64, n_classes=10, channels=1, image_size=16, width=32.",
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=100, n_classes=10, channels=1, image_size=32, width=64):
        super().__init__(latent_dim, n_classes, channels, image_size, width)


@mistake(
    "images_between_0_and_1",
    "The images lie in [0, 1]. The generator ends in a tanh, and the real images are brought to [-1, 1].",
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return (super().forward(z, labels) + 1) / 2


@mistake(
    "class_added_to_the_image",
    "A plane of the class is added behind the tanh, so that images leave [-1, 1]. Tell the class at the input.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, channels * image_size**2)
        self.generator = Generator(latent_dim, channels, image_size, width)

    def forward(self, z, labels):
        images = self.generator(z)
        return images + self.embedding(labels).view_as(images)


@mistake(
    "class_added_in_front_of_the_tanh",
    "A fixed picture of the class is added to what the noise draws: all digits would vary in the same way. Tell the class at the "
    "input, so that every layer knows it.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, channels * image_size**2)
        self.generator = Generator(latent_dim, channels, image_size, width)

    def forward(self, z, labels):
        drawn = torch.atanh(self.generator(z).clamp(-0.9999, 0.9999))
        return torch.tanh(drawn + self.embedding(labels).view_as(drawn))


@mistake("noise_overwritten", "The noise that was passed in is overwritten. Compute a new tensor.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        images = super().forward(z, labels)
        z /= z.norm(dim=1, keepdim=True)
        return images


@mistake("unused_layer", "A layer is made and never used: no gradient reaches it. Call it, or do not make it.")
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.extra = nn.Linear(n_classes, latent_dim)


@mistake(
    "discriminator_ignores_the_class", "The discriminator takes the label and does not use it: any image passes for any class."
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, torch.zeros_like(labels))


@mistake(
    "number_plane",
    "One plane with the number of the class goes into the discriminator, as if a 9 were more than a 2. Use label_planes.",
)
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.discriminator = Discriminator(channels + 1, image_size, width)

    def forward(self, x, labels):
        plane = labels.float()[:, None, None, None].expand(-1, 1, *x.shape[2:])
        return self.discriminator(torch.cat([x, plane], dim=1))


@mistake(
    "class_added_to_the_logit",
    "A number of the class is added to the logit of the image: image and class are judged apart, and a wrong digit costs nothing. "
    "Let the class in where the image is.",
)
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.discriminator, self.of_class = Discriminator(channels, image_size, width), nn.Embedding(n_classes, 1)

    def forward(self, x, labels):
        return self.discriminator(x) + self.of_class(labels).squeeze(1)


@mistake("first_label_for_all_logits", "All images are judged with the first label of the batch. Each has its own.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels[:1].expand(len(labels)))


@mistake("labels_turned_round", "The labels are in another order than the images when they are joined.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels.flip(0))


@mistake("probabilities", "The discriminator ends in a sigmoid. Return logits: the loss applies the sigmoid itself.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels).sigmoid()


@mistake("column_of_logits", "The logits have shape (N, 1). Wanted is (N,), one number for each pair.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels).unsqueeze(1)


@mistake(
    "logit_of_each_class",
    "One logit for each class comes back: that is a classifier. Wanted is one number, whether the pair is real.",
)
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.heads = nn.ModuleList(Discriminator(channels, image_size, width) for _ in range(n_classes))

    def forward(self, x, labels):
        return torch.stack([head(x) for head in self.heads], dim=1)


@mistake("mean_logit", "The logits of the batch are averaged. Wanted is one for each pair.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels).mean()


@mistake(
    "label_written_over_the_image",
    "The label is written over the first pixels of the image, and the discriminator never sees those. Add channels.",
)
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes, self.discriminator = n_classes, Discriminator(channels, image_size, width)

    def forward(self, x, labels):
        flat = x[:, 0].flatten(1)
        written = torch.cat([2.0 * F.one_hot(labels, self.n_classes) - 1, flat[:, self.n_classes :]], dim=1)
        return self.discriminator(torch.cat([written.view_as(x[:, :1]), x[:, 1:]], dim=1))


@mistake("one_channel", "Only the first channel of the image is joined with the planes: a color image has three.")
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.n_classes, self.discriminator = n_classes, Discriminator(1 + n_classes, image_size, width)

    def forward(self, x, labels):
        return self.discriminator(torch.cat([x[:, :1], label_planes(labels, self.n_classes, *x.shape[2:])], dim=1))


@mistake("ten_planes", "The discriminator has ten planes whatever n_classes says.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(10, channels, image_size, width)


@mistake(
    "planes_of_one_size",
    "Images and planes do not fit: planes of 16 x 16 pixels whatever the images' size, or joined along the batch. Channels are axis 1.",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return self.discriminator(torch.cat([x, label_planes(labels, self.n_classes, 16, 16)], dim=1))


@mistake(
    "other_defaults_of_the_discriminator",
    "The defaults are not those of the digits: n_classes=10, channels=1, image_size=16, width=32.",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def __init__(self, n_classes=10, channels=3, image_size=32, width=32):
        super().__init__(n_classes, channels, image_size, width)


@mistake(
    "width_of_the_discriminator_not_passed_on",
    "width is not passed on to Discriminator: the conditional one has the same size whatever it says.",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(n_classes, channels, image_size, 32)


@mistake("noise_on_the_images", "Noise is drawn in forward, in evaluation mode too: the same pair has another logit each time.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x + 0.1 * torch.randn_like(x), labels)


@mistake(
    "label_layer_detached",
    "No gradient reaches the layer that makes a plane of the label (detach, no_grad, .data): it never learns.",
)
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, image_size**2)
        self.discriminator = Discriminator(channels + 1, image_size, width)

    def forward(self, x, labels):
        plane = self.embedding(labels).detach().view_as(x[:, :1])
        return self.discriminator(torch.cat([x, plane], dim=1))


@mistake("images_overwritten", "The images that were passed in are overwritten. Compute a new tensor.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        logits = super().forward(x, labels)
        x.data.add_(1).div_(2)
        return logits


@mistake(
    "embedding_in_a_list",
    "The table of the classes is no part of the network: a plain tensor, or a layer in a list. It is not trained, and state_dict lacks it: make it an attribute of its own.",
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.tables, self.embedding = [self.embedding], nn.Identity()

    def forward(self, z, labels):
        return self.generator(condition_concat(z, labels, self.tables[0]))


@mistake(
    "table_in_a_plain_tensor",
    "The table of the classes is no part of the network: a plain tensor, or a layer in a list. It is not trained, and state_dict lacks it: make it an attribute of its own.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.table = torch.randn(n_classes, n_classes)
        self.generator = Generator(latent_dim + n_classes, channels, image_size, width)

    def forward(self, z, labels):
        return self.generator(torch.cat([z, self.table[labels]], dim=1))


@mistake("class_ignored_in_training", "In training mode the class is not used: the generator cannot learn what it is never told.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z, torch.zeros_like(labels) if self.training else labels)


@mistake(
    "class_ignored_in_training_by_the_discriminator",
    "In training mode the discriminator does not use the class: it never learns that an image is of the wrong one.",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, torch.zeros_like(labels) if self.training else labels)


@mistake(
    "mean_noise_taken_out",
    "The mean of the batch is taken out of the noise: an image depends on the noise of the others. Noise goes in as it is.",
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z - z.mean(dim=0), labels)


@mistake(
    "mean_image_taken_out",
    "The mean of the batch is taken out of the images: a logit depends on the other images. They go in as they are.",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x - x.mean(dim=0), labels)


@mistake("most_of_the_noise_ignored", "Only the first numbers of the noise are used. All of it goes in.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return super().forward(z * (torch.arange(z.shape[1], device=z.device) < 2), labels)


@mistake(
    "squeezed_vector",
    "squeeze() takes the batch axis of the class's vector away, if there is one label. nn.Embedding gives (N, e) as it is.",
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return self.generator(torch.cat([z, self.embedding(labels).squeeze()], dim=1))


@mistake("squeezed_logit", "squeeze() takes the batch axis away too, if there is one pair. Name the axis, or flatten(0).")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels).squeeze()


@mistake("tanh_at_the_end", "The discriminator ends in tanh: it can never be sure. Return logits.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return super().forward(x, labels).tanh()


@mistake(
    "log_probabilities",
    "The discriminator returns log D, which is never above 0. Return the logit: the loss takes the logarithm itself.",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def forward(self, x, labels):
        return F.logsigmoid(super().forward(x, labels))


@mistake(
    "fully_connected_generator",
    "The generator is fully connected: no pixel knows its neighbors. Put the class in front of Generator of chapter 5.",
)
class ConditionalGenerator(nn.Module):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding, image = nn.Embedding(n_classes, n_classes), (channels, image_size, image_size)
        layers = [nn.Linear(latent_dim + n_classes, 8 * width), nn.ReLU(), nn.Linear(8 * width, channels * image_size**2)]
        self.layers = nn.Sequential(*layers, nn.Tanh(), nn.Unflatten(1, image))

    def forward(self, z, labels):
        return self.layers(condition_concat(z, labels, self.embedding))


@mistake(
    "fully_connected_discriminator",
    "The discriminator is fully connected: no pixel knows its neighbors. Give Discriminator of chapter 5 more channels.",
)
class ConditionalDiscriminator(nn.Module):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, n_classes)
        layers = [nn.Linear(channels * image_size**2 + n_classes, 8 * width), nn.LeakyReLU(0.2), nn.Linear(8 * width, 1)]
        self.layers = nn.Sequential(*layers, nn.Flatten(0))

    def forward(self, x, labels):
        return self.layers(condition_concat(x.flatten(1), labels, self.embedding))


@mistake("twelve_classes_at_most", "There is room for twelve classes at most, whatever n_classes says.")
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, min(n_classes, 12), channels, image_size, width)


@mistake("twelve_planes_at_most", "There is room for twelve planes at most, whatever n_classes says.")
class ConditionalDiscriminator(ConditionalDiscriminator):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(min(n_classes, 12), channels, image_size, width)


@mistake(
    "seed_in_forward",
    "A seed is set in forward (torch.manual_seed): all noise that is drawn afterwards is the same. Leave chance alone.",
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        torch.manual_seed(0)
        return super().forward(z, labels)


@mistake("train_in_forward", "forward calls train() (or eval()): whoever asks chooses the mode, and finds it as it was.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        images = super().forward(z, labels)
        self.train()
        return images


@mistake("tanh_twice", "The images cannot come near -1 and 1: a second tanh, or a factor, behind that of Generator.")
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return torch.tanh(super().forward(z, labels))


@mistake(
    "generator_of_other_sizes",
    "Sizes do not fit: Generator(latent_dim + n_classes, channels, image_size, width) gets the noise and the n_classes numbers that tell the class, shape (N, latent_dim + n_classes).",
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.generator = Generator(latent_dim, channels, image_size, width)


@mistake(
    "discriminator_of_other_sizes",
    "Sizes do not fit: Discriminator(channels + n_classes, image_size, width) gets the image and label_planes(labels, n_classes, h, w).",
)
class ConditionalDiscriminator(ConditionalDiscriminator):
    def __init__(self, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(n_classes, channels, image_size, width)
        self.discriminator = Discriminator(channels, image_size, width)


@mistake(
    "joined_along_the_batch", "Noise and class are joined along the batch. torch.cat along dim=1 puts them beside each other."
)
class ConditionalGenerator(ConditionalGenerator):
    def forward(self, z, labels):
        return self.generator(torch.cat([z, self.embedding(labels)]))


@mistake(
    "linear_for_an_embedding", "nn.Linear takes numbers that are amounts. Labels are names: nn.Embedding(n_classes, n_classes)."
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.embedding = nn.Linear(n_classes, n_classes)


@mistake(
    "embedding_of_too_few_rows",
    "The embedding has too few rows. It has one for each class: nn.Embedding(n_classes, n_classes).",
)
class ConditionalGenerator(ConditionalGenerator):
    def __init__(self, latent_dim=64, n_classes=10, channels=1, image_size=16, width=32):
        super().__init__(latent_dim, n_classes, channels, image_size, width)
        self.embedding = nn.Embedding(latent_dim, n_classes)
