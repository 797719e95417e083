@mistake(
    "size_of_the_mean",
    "The size of the mean is compared. A mean that is large and always the same carries nothing: compare its variance over the images.",
)
def active_units(mu, threshold=1e-2):
    return int((mu.mean(dim=0).abs() > threshold).sum())


@mistake("std", "The standard deviation is compared with the threshold. The threshold is for the variance.")
def active_units(mu, threshold=1e-2):
    return int((mu.std(dim=0) > threshold).sum())


@mistake("wrong_axis", "The variance is taken within an image. It is taken over the images, axis 0, for each dimension.")
def active_units(mu, threshold=1e-2):
    return int((mu.var(dim=1) > threshold).sum())


@mistake("mask", "This is a yes or no per dimension. Wanted is how many: a Python int.")
def active_units(mu, threshold=1e-2):
    return mu.var(dim=0) > threshold


@mistake("threshold_ignored", "The threshold that was passed in is not used.")
def active_units(mu, threshold=1e-2):
    return int((mu.var(dim=0) > 1e-2).sum())


@mistake("range", "The range, maximum minus minimum, is compared. Wanted is the variance over the images.")
def active_units(mu, threshold=1e-2):
    return int(((mu.max(dim=0).values - mu.min(dim=0).values) ** 2 / 12 > threshold).sum())


@mistake(
    "difference_of_squares",
    "Mean of the squares minus square of the mean: with a large mean all digits are lost. Subtract the mean first, or use var.",
)
def active_units(mu, threshold=1e-2):
    return int((mu.square().mean(dim=0) - mu.mean(dim=0).square() > threshold).sum())


@mistake("in_place", "mu is centered in place (mu -= ...): the caller still needs it. Use mu.var(dim=0).")
def active_units(mu, threshold=1e-2):
    mu -= mu.mean(dim=0)
    return int((mu.square().sum(dim=0) / (len(mu) - 1) > threshold).sum())


@mistake("another_default", "The threshold has another default than 0.01. Leave the signature as it is.")
def active_units(mu, threshold=0.1):
    return int((mu.var(dim=0) > threshold).sum())


@mistake(
    "smaller_default", "The threshold has another default than 0.01: nearly everything counts. Leave the signature as it is."
)
def active_units(mu, threshold=1e-4):
    return int((mu.var(dim=0) > threshold).sum())
