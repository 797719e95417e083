@mistake("share_of_the_fakes", "q / (p + q) is the probability that a point is fake. D* is the probability that it is real.")
def optimal_discriminator(p, q):
    return torch.where(p + q > 0, q / (p + q), 0.5)


@mistake("log_ratio", "log(p / q) is the logit of D*, any real number. Wanted: the probability itself.")
def optimal_discriminator(p, q):
    return torch.where(p + q > 0, p.log() - q.log(), 0.5)


@mistake("ratio", "p / q is the odds of real against fake, which may exceed 1. The probability is p / (p + q).")
def optimal_discriminator(p, q):
    return torch.where(p + q > 0, p / q, 0.5)


@mistake("not_a_number", "Where both densities are 0 this is 0/0, not a number. Nothing is known there: answer 1/2.")
def optimal_discriminator(p, q):
    return p / (p + q)


@mistake(
    "nan_to_zero", "Where both densities are 0 the answer is 0, as if a fake were certain. Nothing is known there: answer 1/2."
)
def optimal_discriminator(p, q):
    return torch.nan_to_num(p / (p + q))


@mistake(
    "epsilon",
    "A small number is added to the denominator against 0/0. Where the densities are small it wins: choose by torch.where.",
)
def optimal_discriminator(p, q):
    return torch.where(p + q > 0, p / (p + q + 1e-8), 0.5)


@mistake(
    "epsilon_on_both", "A small number is added to both densities. Where they are small it drowns them: choose by torch.where."
)
def optimal_discriminator(p, q):
    return (p + 1e-8) / (p + q + 2e-8)


@mistake("hard_decision", "This is the decision, real or fake. The best discriminator returns how probable real is.")
def optimal_discriminator(p, q):
    return torch.where(p == q, 0.5, (p > q).to(p.dtype))


@mistake(
    "normalized", "The densities are made to add up to 1 first. They are values at some points, not all there are: leave them."
)
def optimal_discriminator(p, q):
    a, b = p / p.sum(), q / q.sum()
    return torch.where(a + b > 0, a / (a + b), 0.5)


@mistake("sigmoid_of_difference", "The sigmoid is taken of p - q. The logit of D* is the difference of the logarithms.")
def optimal_discriminator(p, q):
    return torch.sigmoid(p - q)


@mistake("detached", "The value is right, but no gradient passes (detach, no_grad, .item(), numpy).")
def optimal_discriminator(p, q):
    with torch.no_grad():
        return torch.where(p + q > 0, p / (p + q), 0.5)


@mistake("float32", "float64 densities come back with the digits of float32: keep the dtype of the arguments.")
def optimal_discriminator(p, q):
    p, q = p.float(), q.float()
    return torch.where(p + q > 0, p / (p + q), 0.5)


@mistake("in_place", "One of the densities is overwritten (q += p, p /= ...): the caller still needs it. Compute a new tensor.")
def optimal_discriminator(p, q):
    right = torch.where(p + q > 0, p / (p + q), 0.5)
    with torch.no_grad():
        q += p
    return right
