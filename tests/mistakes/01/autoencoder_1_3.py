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


@mistake(
    "whole_rows", "Whole rows of pixels are hit: one number is drawn for a row. Draw one for every pixel: torch.rand(x.shape)."
)
def corrupt_salt(x, p, generator=None):
    hit = torch.rand((*x.shape[:-1], 1), generator=generator) < p
    return torch.where(hit, torch.ones_like(x), x)


@mistake("channels_together", "All channels of a place are hit together. Each pixel is drawn by itself, the channels too.")
def corrupt_salt(x, p, generator=None):
    shape = (len(x), 1, *x.shape[2:]) if x.ndim == 4 else x.shape
    return torch.where(torch.rand(shape, generator=generator) < p, torch.ones_like(x), x)


@mistake("exact_share", "Exactly p of the pixels are hit. Each pixel is hit with probability p, so the number of hits varies.")
def corrupt_salt(x, p, generator=None):
    if x.ndim == 1:
        x, single = x[None], True
    else:
        single = False
    flat = x.flatten(1).clone()
    for row in flat:
        row[torch.randperm(len(row), generator=generator)[: round(p * len(row))]] = 1.0
    noisy = flat.view_as(x)
    return noisy[0] if single else noisy


@mistake(
    "seeded_again",
    "The noise is seeded from the generator, so every call gives the same: pass it on, torch.rand(..., generator=generator).",
)
def corrupt_salt(x, p, generator=None):
    if generator is not None:
        torch.manual_seed(generator.initial_seed())
    return torch.where(torch.rand(x.shape) < p, torch.ones_like(x), x)


@mistake(
    "generator_needed",
    "generator=None fails. It means torch's global generator: torch.rand(..., generator=None) does the right thing.",
)
def corrupt_salt(x, p, generator=None):
    noise = torch.rand(x.shape, generator=generator, device=generator.device)
    return torch.where(noise < p, torch.ones_like(x), x)


@mistake("float32_for_all", "float64 images come back with 7 digits: keep the dtype of x (ones_like, x.clone()).")
def corrupt_salt(x, p, generator=None):
    return torch.where(torch.rand(x.shape, generator=generator) < p, torch.ones(x.shape), x.float())


@mistake(
    "ten_sided_die",
    "p is rounded to tenths: a whole number below 10 cannot be below 10 p with any other probability. Use torch.rand(...) < p.",
)
def corrupt_salt(x, p, generator=None):
    return torch.where(torch.randint(0, 10, x.shape, generator=generator) < 10 * p, torch.ones_like(x), x)


@mistake(
    "half_drawn_twice",
    "The masks of half of the images are those of the other half, again or mirrored. Draw for every image: torch.rand(x.shape).",
)
def corrupt_salt(x, p, generator=None):
    half = torch.rand((len(x) + 1) // 2, *x.shape[1:], generator=generator)
    hit = torch.cat([half, half])[: len(x)] < p
    return torch.where(hit, torch.ones_like(x), x)


@mistake(
    "opposite_pairs",
    "Every other image is hit where its neighbor is not: u and 1 - u are used. Draw for every image: torch.rand(x.shape).",
)
def corrupt_salt(x, p, generator=None):
    half = torch.rand((len(x) + 1) // 2, *x.shape[1:], generator=generator)
    u = torch.stack([half, 1 - half], dim=1).flatten(0, 1)[: len(x)]
    return torch.where(u < p, torch.ones_like(x), x)
