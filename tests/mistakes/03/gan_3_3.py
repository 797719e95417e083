@mistake(
    "halves",
    "Each part is weighed by 1/2. That is the cross-entropy of a balanced guess; the value adds the two means as they are.",
)
def value_function(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1) / 2


@mistake("sign", "The sign is turned round: this is the discriminator's loss. The value is at most 0.")
def value_function(p, q, d):
    return -(torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)


@mistake("exchanged", "p and q are exchanged: D is the probability of real, so log D is averaged over the real data p.")
def value_function(p, q, d):
    return (torch.xlogy(q, d) + torch.xlogy(p, 1 - d)).sum(dim=-1)


@mistake("log_d_for_both", "log D stands in both parts. For the fakes it is log(1 - D).")
def value_function(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, d)).sum(dim=-1)


@mistake(
    "minus_between",
    "The second part is subtracted. The value is the sum of both means: a minus there rewards calling fakes real.",
)
def value_function(p, q, d):
    return (torch.xlogy(p, d) - torch.xlogy(q, 1 - d)).sum(dim=-1)


@mistake("mean", "The points are averaged. An expectation under p is the sum of p times the value: sum.")
def value_function(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).mean(dim=-1)


@mistake("all_rows", "All rows are summed to one number. Wanted: one number for each row, summed over the last axis alone.")
def value_function(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


@mistake("log_of_zero", "0 times the logarithm of 0 is NaN for the computer. Here it counts 0: torch.xlogy knows that.")
def value_function(p, q, d):
    return (p * d.log() + q * (1 - d).log()).sum(dim=-1)


@mistake("epsilon", "A small number is added inside the logarithms against log 0: being certain and wrong costs too little then.")
def value_function(p, q, d):
    return (p * (d + 1e-8).log() + q * (1 - d + 1e-8).log()).sum(dim=-1)


@mistake(
    "clamped",
    "D or its logarithm is kept away from the ends (clamp, or a library's loss that stops at 100 nats). Use D as it is.",
)
def value_function(p, q, d):
    d = d.clamp(1e-7, 1 - 1e-7)
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)


@mistake("logits", "A sigmoid is applied to d. It is a probability already.")
def value_function(p, q, d):
    d = torch.sigmoid(d)
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)


@mistake("best_for_any", "The discriminator that was passed in is not used: this is the value at the best one.")
def value_function(p, q, d):
    d = optimal_discriminator(p, q)
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)


@mistake("bits", "The logarithm to the base 2 counts bits. The book counts nats: torch.log.")
def value_function(p, q, d):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1) / torch.log(torch.tensor(2.0))


@mistake("detached", "The value is right, but no gradient passes to D (detach, no_grad, .item(), numpy).")
def value_function(p, q, d):
    d = d.detach()
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)


@mistake("in_place", "One of the arguments is overwritten (d *= ..., d.log_()): the caller still needs it. Compute a new tensor.")
def value_function(p, q, d):
    right = (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)
    with torch.no_grad():
        d.log_()
    return right
