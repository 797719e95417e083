@mistake("score_alone", "This is the score z - mu alone: it has mean 0. It weighs the function value f(z).")
def score_function_gradient(mu, n, generator=None):
    return torch.randn(n, generator=generator)


@mistake(
    "score_times_slope",
    "The score weighs the slope f'(z) here. It weighs the value f(z): the score-function gradient never differentiates f.",
)
def score_function_gradient(mu, n, generator=None):
    eps = torch.randn(n, generator=generator)
    return 2 * (mu + eps) * eps


@mistake("score_sign", "The sign of the score is turned round: d/dmu log N(z; mu, 1) is z - mu.")
def score_function_gradient(mu, n, generator=None):
    eps = torch.randn(n, generator=generator)
    return -((mu + eps) ** 2) * eps


@mistake("path_value", "This is f(z) itself. The pathwise gradient is the slope f'(z), times dz/dmu = 1.")
def pathwise_gradient(mu, n, generator=None):
    return (mu + torch.randn(n, generator=generator)) ** 2


@mistake("path_without_noise", "The noise is gone: this is the answer, not an estimate of it. Draw z and differentiate at z.")
def pathwise_gradient(mu, n, generator=None):
    return torch.full((n,), 2.0 * mu)


@mistake("averaged", "The estimates are averaged. Return all n of them: their variance is what the exercise is about.")
def pathwise_gradient(mu, n, generator=None):
    return (2 * (mu + torch.randn(n, generator=generator))).mean()


@mistake("generator_ignored", "The generator that was passed in is not used, so the answer cannot be repeated.")
def score_function_gradient(mu, n, generator=None):
    eps = torch.randn(n)
    return (mu + eps) ** 2 * eps


@mistake(
    "seeded_again",
    "The noise is seeded from the generator, so every call gives the same: pass it on, torch.randn(..., generator=generator).",
)
def score_function_gradient(mu, n, generator=None):
    if generator is not None:
        torch.manual_seed(generator.initial_seed())
    eps = torch.randn(n)
    return (mu + eps) ** 2 * eps


@mistake("seeded_again")
def pathwise_gradient(mu, n, generator=None):
    if generator is not None:
        torch.manual_seed(generator.initial_seed())
    return 2 * (mu + torch.randn(n))


@mistake(
    "mirrored_pairs",
    "Half of the z are mirror images of the other half. That is a fine trick, but n independent estimates are wanted.",
)
def score_function_gradient(mu, n, generator=None):
    half = torch.randn((n + 1) // 2, generator=generator)
    eps = torch.cat([half, -half])[:n]
    return (mu + eps) ** 2 * eps


@mistake("mirrored_pairs")
def pathwise_gradient(mu, n, generator=None):
    half = torch.randn((n + 1) // 2, generator=generator)
    return 2 * (mu + torch.cat([half, -half])[:n])


@mistake(
    "own_seed", "Without a generator a fixed seed is used, so every call gives the same. None means torch's global generator."
)
def score_function_gradient(mu, n, generator=None):
    generator = generator or torch.Generator().manual_seed(0)
    eps = torch.randn(n, generator=generator)
    return (mu + eps) ** 2 * eps


@mistake("own_seed")
def pathwise_gradient(mu, n, generator=None):
    generator = generator or torch.Generator().manual_seed(0)
    return 2 * (mu + torch.randn(n, generator=generator))


@mistake(
    "normal_of_that_variance",
    "These are normal draws with the right mean and variance. Draw z ~ N(mu, 1) and compute the estimate from it: z^2 (z - mu).",
)
def score_function_gradient(mu, n, generator=None):
    return 2 * mu + (mu**4 + 14 * mu**2 + 15) ** 0.5 * torch.randn(n, generator=generator)


@mistake(
    "coin_flips",
    "z takes two values only, mu + 1 and mu - 1: the mean and the variance are right, the law is not. Draw z ~ N(mu, 1).",
)
def pathwise_gradient(mu, n, generator=None):
    return 2 * (mu + torch.sign(torch.randn(n, generator=generator)))


@mistake("uniform_noise", "The noise is uniform. z is normal: torch.randn.")
def pathwise_gradient(mu, n, generator=None):
    return 2 * (mu + 12**0.5 * (torch.rand(n, generator=generator) - 0.5))


@mistake("mirrored", "The estimates are mirrored around their mean, 4 mu - z^2 (z - mu). One estimate is z^2 (z - mu).")
def score_function_gradient(mu, n, generator=None):
    eps = torch.randn(n, generator=generator)
    return 4 * mu - (mu + eps) ** 2 * eps
