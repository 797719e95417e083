@mistake("bits", "The logarithm to the base 2 counts bits. The book counts nats: torch.log.")
def kl_divergence(p, q):
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1) / torch.log(torch.tensor(2.0))


@mistake("log_of_zero", "0 times the logarithm of 0 is NaN for the computer. Here it counts 0: torch.xlogy knows that.")
def kl_divergence(p, q):
    return (p * (p / q).log()).sum(dim=-1)


@mistake(
    "nan_to_zero", "Every NaN and infinity is set to a number: then a q that calls an outcome of p impossible costs nothing."
)
def kl_divergence(p, q):
    return torch.nan_to_num(p * (p / q).log(), nan=0.0, posinf=0.0).sum(dim=-1)


@mistake(
    "epsilon",
    "A small number is added inside the logarithms against log 0. It hides an infinite divergence and cuts large ones short.",
)
def kl_divergence(p, q):
    return (p * ((p + 1e-8).log() - (q + 1e-8).log())).sum(dim=-1)


@mistake("reversed", "This is KL(q || p): the mean under q. Wanted is the mean under p, the first argument.")
def kl_divergence(p, q):
    return (torch.xlogy(q, q) - torch.xlogy(q, p)).sum(dim=-1)


@mistake("sign", "The sign is turned round: KL(p || q) is the mean of log p - log q, never negative.")
def kl_divergence(p, q):
    return (torch.xlogy(p, q) - torch.xlogy(p, p)).sum(dim=-1)


@mistake("cross_entropy", "This is the cross-entropy, which keeps the entropy of p. KL(p || p) must be 0: subtract the entropy.")
def kl_divergence(p, q):
    return -torch.xlogy(p, q).sum(dim=-1)


@mistake("mean", "The entries are averaged. An expectation under p is the sum of p times the value: sum.")
def kl_divergence(p, q):
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).mean(dim=-1)


@mistake("all_rows", "All rows are summed to one number. Wanted: one number for each row, summed over the last axis alone.")
def kl_divergence(p, q):
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum()


@mistake(
    "first_axis", "The sum runs over another axis than the last. The probabilities of one distribution lie along the last axis."
)
def kl_divergence(p, q):
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=min(1, p.ndim - 1))


@mistake("logits_taken", "A softmax is applied to p and q. They are probabilities already.")
def kl_divergence(p, q):
    p, q = p.softmax(dim=-1), q.softmax(dim=-1)
    return (p * (p / q).log()).sum(dim=-1)


@mistake("middle_not_halved", "The middle is (p + q) / 2, a distribution. p + q adds up to 2, and every log is off by log 2.")
def js_divergence(p, q):
    return (kl_divergence(p, p + q) + kl_divergence(q, p + q)) / 2


@mistake("half_missing", "JS is half of the sum of the two divergences from the middle: the factor 1/2 is missing.")
def js_divergence(p, q):
    return kl_divergence(p, (p + q) / 2) + kl_divergence(q, (p + q) / 2)


@mistake(
    "no_middle",
    "This is the mean of KL(p || q) and KL(q || p). JS measures both from the middle (p + q) / 2, and is never infinite.",
)
def js_divergence(p, q):
    return (kl_divergence(p, q) + kl_divergence(q, p)) / 2


@mistake("one_half_only", "Only p is measured from the middle. JS is the mean over both, p and q.")
def js_divergence(p, q):
    return kl_divergence(p, (p + q) / 2)


@mistake("towards_the_middle", "The divergences are taken from the middle to p and q: KL(m || p). JS takes KL(p || m).")
def js_divergence(p, q):
    return (kl_divergence((p + q) / 2, p) + kl_divergence((p + q) / 2, q)) / 2


@mistake("square_root", "This is the square root of JS, the distance that is made of it. Wanted: JS itself.")
def js_divergence(p, q):
    return ((kl_divergence(p, (p + q) / 2) + kl_divergence(q, (p + q) / 2)) / 2).clamp(min=0).sqrt()


@mistake("js_in_bits", "This JS goes up to 1: it is in bits. In nats its largest value is log 2.")
def js_divergence(p, q):
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2 / torch.log(torch.tensor(2.0))


@mistake("kl_detached", "The value is right, but no gradient passes through kl_divergence (detach, no_grad, .item(), numpy).")
def kl_divergence(p, q):
    with torch.no_grad():
        return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)


@mistake(
    "middle_detached",
    "Only part of the gradient passes through js_divergence: p and q are detached where they make the middle, or altogether.",
)
def js_divergence(p, q):
    p, q = p.detach(), q.detach()
    return (kl_divergence(p, (p + q) / 2) + kl_divergence(q, (p + q) / 2)) / 2


@mistake("kl_float32", "float64 probabilities come back with the digits of float32: keep the dtype of the arguments.")
def kl_divergence(p, q):
    p, q = p.float(), q.float()
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)


@mistake("js_float32", "JS computes in float32 although the probabilities are float64: keep the dtype of the arguments.")
def js_divergence(p, q):
    p, q = p.float(), q.float()
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2


@mistake("kl_in_place", "p or q is overwritten (q /= ..., p.mul_(...)): the caller still needs it. Compute a new tensor.")
def kl_divergence(p, q):
    right = (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)
    with torch.no_grad():
        q.div_(p)
    return right


@mistake("js_in_place", "The middle is written into p or q (p += q): the caller still needs it. Compute a new tensor.")
def js_divergence(p, q):
    right = (kl_divergence(p, (p + q) / 2) + kl_divergence(q, (p + q) / 2)) / 2
    with torch.no_grad():
        p += q
    return right
