@mistake(
    "nearest_mean",
    "This is the nearest component's mean. The best guess weighs all components by their probability, given what was seen.",
)
def optimal_denoiser(x_noisy, noise_var, means, std):
    return means[(x_noisy[:, None] - means).abs().argmin(dim=1)]


@mistake(
    "no_shrinkage",
    "The component means are weighed, but x itself is left out: within a component the best guess lies between its mean and x_noisy.",
)
def optimal_denoiser(x_noisy, noise_var, means, std):
    weights = torch.softmax(-((x_noisy[:, None] - means) ** 2) / (2 * (std**2 + noise_var)), dim=1)
    return weights @ means


@mistake(
    "noise_alone",
    "The weights use the variance of the noise alone. Seen through the noise, a component has variance std² + noise_var.",
)
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    weights = torch.softmax(-(gap**2) / (2 * noise_var), dim=1)
    return (weights * (means + std**2 / (std**2 + noise_var) * gap)).sum(dim=1)


@mistake("std_for_variance", "std is used where the variance std² belongs.")
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    weights = torch.softmax(-(gap**2) / (2 * (std + noise_var)), dim=1)
    return (weights * (means + std / (std + noise_var) * gap)).sum(dim=1)


@mistake("noise_squared", "noise_var is squared as if it were a standard deviation. It already is a variance.")
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    weights = torch.softmax(-(gap**2) / (2 * (std**2 + noise_var**2)), dim=1)
    return (weights * (means + std**2 / (std**2 + noise_var**2) * gap)).sum(dim=1)


@mistake("weights_exchanged", "The two weights are exchanged: with little noise trust x_noisy, with much noise trust the mean.")
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    weights = torch.softmax(-(gap**2) / (2 * (std**2 + noise_var)), dim=1)
    return (weights * (means + noise_var / (std**2 + noise_var) * gap)).sum(dim=1)


@mistake(
    "underflow", "Far from all components every density is 0, and 0/0 is not a number. Normalize the logarithms: softmax does."
)
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    density = torch.exp(-(gap**2) / (2 * (std**2 + noise_var)))
    weights = density / density.sum(dim=1, keepdim=True)
    return (weights * (means + std**2 / (std**2 + noise_var) * gap)).sum(dim=1)


@mistake("half_missing", "The exponent of a Gaussian is the squared distance over twice the variance: the 2 is missing.")
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    weights = torch.softmax(-(gap**2) / (std**2 + noise_var), dim=1)
    return (weights * (means + std**2 / (std**2 + noise_var) * gap)).sum(dim=1)


@mistake("wrong_axis", "The weights add up to 1 over the points. They must add up to 1 over the components, for each point.")
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    weights = torch.softmax(-(gap**2) / (2 * (std**2 + noise_var)), dim=0)
    return (weights * (means + std**2 / (std**2 + noise_var) * gap)).sum(dim=1)


@mistake(
    "equal_weights",
    "All components weigh the same. Near one of them that one is far more probable: weigh by the density of x_noisy under each.",
)
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means
    return (means + std**2 / (std**2 + noise_var) * gap).mean(dim=1)


@mistake("in_place", "x_noisy or the means are overwritten (-=, *=): compute new tensors.")
def optimal_denoiser(x_noisy, noise_var, means, std):
    weights = torch.softmax(-((x_noisy[:, None] - means) ** 2) / (2 * (std**2 + noise_var)), dim=1)
    x_noisy *= std**2 / (std**2 + noise_var)
    return x_noisy + noise_var / (std**2 + noise_var) * (weights @ means)


@mistake("three_components", "Only some of the components are used, a fixed number of them. There are K = len(means).")
def optimal_denoiser(x_noisy, noise_var, means, std):
    gap = x_noisy[:, None] - means[:3]
    weights = torch.softmax(-(gap**2) / (2 * (std**2 + noise_var)), dim=1)
    return (weights * (means[:3] + std**2 / (std**2 + noise_var) * gap)).sum(dim=1)
