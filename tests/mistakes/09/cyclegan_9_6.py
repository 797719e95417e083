@mistake(
    "new_image_returned_and_stored",
    "The new image is returned and kept as well: the old one is overwritten, and the discriminator never sees it again.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                self.images[place] = image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "old_image_returned_new_one_lost",
    "The old image is returned, but the new one does not take its place: after the first images the pool never changes.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image = self.images[place]
            returned.append(image)
        return torch.stack(returned)


@mistake("always_exchanges", "An old image is returned every time. Half of the time the new one goes through (probability 1/2).")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("never_exchanges", "Once the pool is full nothing is exchanged any more: what comes is returned.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif False:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("nine_of_ten", "The probability of an exchange is not 1/2.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.9:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("one_of_ten", "The probability of an exchange is not 1/2: almost every image goes through.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.1:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("first_in_first_out", "The oldest image is returned (pop(0)). Which one is drawn: each place alike.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                self.images.append(image.clone())
                image = self.images.pop(0)
            returned.append(image)
        return torch.stack(returned)


@mistake("last_in_first_out", "The last image that was kept is returned (pop()). Which one is drawn: each place alike.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                image, self.images[-1] = self.images[-1], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "last_place_never",
    "The last place is never drawn: randint excludes its upper end already, so it is randint(size), not randint(size - 1).",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(max(self.size - 1, 1), (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("one_place_too_many", "One place too many can be drawn: there are places 0 to size - 1.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size + 1, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("one_image_too_many", "The pool keeps one image more than its size: < size, not <= size.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) <= self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("grows", "The new image is appended and no old one leaves: the pool grows without end.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                self.images.append(image.clone())
                image = self.images[place]
            returned.append(image)
        return torch.stack(returned)


@mistake("filled_in_exchange", "It exchanges before the pool is full. As long as it is not, each image is kept and returned.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if self.size and not self.images:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(len(self.images), (), generator=generator))
                old = self.images[place]
                if len(self.images) < self.size:
                    self.images.append(image.clone())
                else:
                    self.images[place] = image.clone()
                image = old
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "keeps_graphs", "The images keep their history: the pool holds the graphs, and so the memory, of many old steps. detach()."
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images:
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "returns_graphs", "What is returned at once is not detached: the discriminators' loss would run back into the generators."
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images:
            if len(self.images) < self.size:
                self.images.append(image.detach().clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.detach().clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "size_0_returns_graphs",
    "A pool of size 0 hands the images through with their history. They are returned detached, whatever the size.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        if self.size == 0:
            return images
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("no_copies", "The pool keeps views of the batch: whoever changes the batch in place changes the memory. clone().")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image)
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image
            returned.append(image)
        return torch.stack(returned)


@mistake("no_copies_of_the_first", "The images that fill the pool are kept without a copy: they change when the batch does.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image)
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("global_chance", "The choices are drawn from torch's global generator, not from the one that is given.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand(()) < 0.5:
                place = int(torch.randint(self.size, ()))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "python_chance",
    "The choices are drawn by Python's random module. Chance comes from the generator that is given, or from torch's.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        import random

        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and random.random() < 0.5:
                place = int(random.randrange(self.size))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("own_seed", "The pool seeds a generator of its own: every call makes the same choices.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        generator = torch.Generator().manual_seed(0)
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "half_of_chance_global", "Whether there is an exchange is drawn from the generator, but the place from torch's global one."
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, ()))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("one_choice_for_the_batch", "There is one draw for the whole batch. Each image has its own.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned, exchanged = [], bool(torch.rand((), generator=generator) < 0.5)
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and exchanged:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("size_0_fails", "A pool of size 0 has no place to draw: it fails. It hands every image through.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("size_0_keeps", "A pool of size 0 keeps an image all the same.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < max(self.size, 1):
                self.images.append(image.clone())
            elif torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(max(self.size, 1), (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("batches_kept", "Whole batches are kept and exchanged, not single images.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        images = images.detach().clone()
        if len(self.images) < self.size:
            self.images.append(images)
        elif self.size and torch.rand((), generator=generator) < 0.5:
            place = int(torch.randint(self.size, (), generator=generator))
            images, self.images[place] = self.images[place], images
        return images


@mistake(
    "batch_judged_at_once",
    "All images of a batch are exchanged with the pool as it was before the batch. They come one after the other.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        before, returned = list(self.images), []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and before and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(len(before), (), generator=generator))
                returned.append(before[place])
                self.images[place] = image.clone()
                continue
            returned.append(image)
        return torch.stack(returned)


@mistake("list_returned", "A list of images is returned. Wanted is one tensor, as it came: (N, C, H, W).")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return returned


@mistake("batch_axis_doubled", "Images are kept with a batch axis of their own: returned is (N, 1, C, H, W).")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach().unsqueeze(1):
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "channels_merged",
    "The images of the batch are put side by side in the channels: one image comes back. torch.stack along a new first axis.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.cat(returned)[None]


@mistake("mixed", "Old and new image are mixed (their mean is returned). The old one is returned as it is.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                old, self.images[place] = self.images[place], image.clone()
                image = (old + image) / 2
            returned.append(image)
        return torch.stack(returned)


@mistake("float32", "Images of float64 come back as float32.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned).float()


@mistake("overwrites", "The batch that is given is overwritten: old images are copied into it.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        result = torch.stack(returned)
        with torch.no_grad():
            images.copy_(result)
        return result


@mistake(
    "one_place_for_the_batch",
    "One place is drawn for the whole batch: all its exchanges are at the same image. Each draws a place of its own.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        place = int(torch.randint(max(self.size, 1), (), generator=generator))
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "places_in_turn",
    "The places are taken in turn, one after the other. Each exchange draws its place anew.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        place = int(torch.randint(max(self.size, 1), (), generator=generator))
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = (place + 1) % self.size
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "every_second_image",
    "Every second image of a batch is exchanged. Each has a draw of its own, whatever became of the one before.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        start = int(torch.randint(2, (), generator=generator))
        for k, image in enumerate(images.detach()):
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and (k + start) % 2:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("upper_end_taken_for_a_place", "torch.randint(low, high) never gives high: for places 0 to size - 1 high is size.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(0, self.size - 1, (1,), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("one_coin_for_the_batch", "One coin is thrown for the whole batch. Each image has its own.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        coin = float(torch.rand(1, generator=generator))
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and coin > 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("first_places_alone", "Only the first places of the pool are exchanged. The place is drawn from all of them, self.size.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(min(self.size, 4), (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake("place_of_the_batch", "The place is drawn from the batch, len(images). It is one of the pool, self.size.")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(len(images), (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "place_by_python",
    "The place is drawn by Python's random module. Chance comes from the generator that is given, or from torch's.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        import random

        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = random.randrange(self.size)
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "no_copies_of_the_exchanged",
    "An image that takes the place of an old one is kept without a copy: it changes when the batch does. clone().",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "first_images_not_returned", "An image that fills the pool is kept, but not returned. As many images come back as come in."
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
                continue
            if self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned) if returned else images[:0]


@mistake(
    "joined_along_the_channels",
    "torch.cat joins images (C, H, W) along their channels. torch.stack puts them along a new first axis.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.cat(returned)


@mistake("kept_with_a_batch_axis", "Images are kept with a batch axis, (1, C, H, W). self.images holds them as (C, H, W).")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach().split(1):
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.cat(returned)


@mistake(
    "coin_of_a_gaussian",
    "The coin is thrown with torch.randn, N(0, 1), which is below 1/2 in 69 of 100 cases. torch.rand is uniform in [0, 1).",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif self.size and torch.randn((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


@mistake(
    "filled_and_exchanged",
    "An image that was just kept may be exchanged at once: behind the `if` that fills the pool stands an `if`, not an `elif`.",
)
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        returned = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image.clone())
            if self.size and torch.rand((), generator=generator) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)
