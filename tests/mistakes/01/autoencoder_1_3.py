@mistake("in_place", "The clean images themselves were overwritten: x[hit] = 1 changes what was passed in. Work on a copy.")
def corrupt_salt(x, p, generator=None):
    x[torch.rand(x.shape, generator=generator) < p] = 1.0
    return x


@mistake("gaussian", "This adds Gaussian noise to every pixel. Salt sets some pixels to 1 and leaves all others as they are.")
def corrupt_salt(x, p, generator=None):
    return (x + p * torch.randn(x.shape, generator=generator)).clamp(0, 1)


@mistake("pepper", "Some pixels are set to 0: that is pepper. Salt is white only.")
def corrupt_salt(x, p, generator=None):
    u = torch.rand(x.shape, generator=generator)
    return torch.where(u < p, (u < p / 2).to(x.dtype), x)


@mistake("complement", "A share of 1 - p is hit: the comparison is turned round.")
def corrupt_salt(x, p, generator=None):
    return torch.where(torch.rand(x.shape, generator=generator) > p, torch.ones_like(x), x)


@mistake("same_pixels", "One mask is used for the whole batch: all images are hit at the same pixels. Draw one for every image.")
def corrupt_salt(x, p, generator=None):
    return torch.where(torch.rand(x.shape[1:], generator=generator) < p, torch.ones_like(x), x)


@mistake("brightest_pixel", "Pixels are set to the brightest value of the batch. Salt is white: 1, however dark the images.")
def corrupt_salt(x, p, generator=None):
    return torch.where(torch.rand(x.shape, generator=generator) < p, x.max(), x)


@mistake("generator_ignored", "The generator that was passed in is not used, so the noise cannot be repeated.")
def corrupt_salt(x, p, generator=None):
    return torch.where(torch.rand(x.shape) < p, torch.ones_like(x), x)


@mistake("added", "1 is added to the pixels: they leave [0, 1]. Set them to 1.")
def corrupt_salt(x, p, generator=None):
    return x + (torch.rand(x.shape, generator=generator) < p).to(x.dtype)


@mistake("nothing_hit", "The images come back as they were: no pixel is hit.")
def corrupt_salt(x, p, generator=None):
    return x.clone()


@mistake("black", "The pixels that are hit turn black. Salt is white: 1.")
def corrupt_salt(x, p, generator=None):
    return x * (torch.rand(x.shape, generator=generator) >= p)
