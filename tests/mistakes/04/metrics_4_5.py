@mistake(
    "mean_of_exponentials",
    "The exponential is taken of each divergence and averaged. First the mean of the divergences, then one exponential.",
)
def inception_score(probs):
    p = probs.double()
    return (torch.xlogy(p, p) - torch.xlogy(p, p.mean(dim=0))).sum(dim=1).exp().mean()


@mistake("exponential_missing", "This is the mean divergence, the logarithm of the score. The exponential is missing.")
def inception_score(probs):
    return inception_score(probs).log()


@mistake(
    "zero_log_zero",
    "A probability of exactly 0 makes 0 log 0 = NaN. It counts 0: torch.xlogy knows that.",
)
def inception_score(probs):
    return (probs * (probs.log() - probs.mean(dim=0).log())).sum(dim=1).mean().exp()


@mistake(
    "marginal_of_each_image",
    "p(y) is taken to be even: the mean over the classes of one image is always 1/K. Take the mean over the images, axis 0.",
)
def inception_score(probs):
    p = probs.double()
    return (torch.xlogy(p, p) - torch.xlogy(p, p.mean(dim=1, keepdim=True))).sum(dim=1).mean().exp()


@mistake("reversed", "The arguments of the divergence are exchanged: wanted is KL(p(y|x) || p(y)).")
def inception_score(probs):
    p = probs.double().clamp(min=1e-12)
    marginal = p.mean(dim=0)
    return (marginal * (marginal / p).log()).sum(dim=1).mean().exp()


@mistake("sign", "The sign of the divergence is turned round, so the score lies below 1.")
def inception_score(probs):
    return 1 / inception_score(probs)


@mistake(
    "entropy_of_the_marginal",
    "Only the entropy of p(y) counts: how sure each answer is plays no part. Subtract the mean entropy of p(y|x).",
)
def inception_score(probs):
    return torch.special.entr(probs.double().mean(dim=0)).sum().exp()


@mistake("hard_labels", "Each row is replaced by its most probable class. The probabilities themselves are wanted.")
def inception_score(probs):
    hard = torch.nn.functional.one_hot(probs.argmax(dim=1), probs.shape[1]).double()
    return inception_score(hard)


@mistake("base_two", "The logarithm has base 2 and the exponential base e. Take one and the same base, e.")
def inception_score(probs):
    return (inception_score(probs).log() / torch.log(torch.tensor(2.0))).exp()


@mistake("mean_over_classes", "The divergence is averaged over the classes. It is a sum over them, and a mean over the images.")
def inception_score(probs):
    return (inception_score(probs).log() / probs.shape[1]).exp()


@mistake("in_place", "probs is overwritten (probs.log_(), probs /= ...): the caller still needs it. Compute a new tensor.")
def inception_score(probs):
    right = inception_score(probs)
    probs.clamp_(min=0.05)
    return right


@mistake(
    "summed_over_images", "The divergences are added up over the images. The score takes their mean, so copies change nothing."
)
def inception_score(probs):
    return (inception_score(probs).log() * len(probs)).exp()


@mistake(
    "left_in_double", "The score is float64 whatever was given. Computing in it is right; bring the score back: .to(probs.dtype)."
)
def inception_score(probs):
    return inception_score(probs).double()


@mistake("a_plain_float", "The score is a float (.item()). Wanted is a tensor without axes, of the dtype of probs.")
def inception_score(probs):
    return inception_score(probs).item()


@mistake("groups", "The images are split into groups, whose scores are averaged. p(y) is the mean over all images.")
def inception_score(probs):
    scores = []
    for p in probs.double().chunk(max(1, min(10, len(probs) // 500))):
        scores.append((torch.xlogy(p, p) - torch.xlogy(p, p.mean(dim=0))).sum(dim=1).mean().exp())
    return torch.stack(scores).mean().to(probs.dtype)
