@alternative("cross_entropy_with_logits")
def generator_loss(fake_logits, kind="non_saturating"):
    if kind == "non_saturating":
        return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))
    return -F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))


@alternative("logsigmoid_in_a_table")
def generator_loss(fake_logits, kind="non_saturating"):
    values = {"non_saturating": -F.logsigmoid(fake_logits), "saturating": F.logsigmoid(-fake_logits)}
    return torch.mean(values[kind])


@alternative("difference_of_the_two")
def generator_loss(fake_logits, kind="non_saturating"):
    saturating = -torch.logaddexp(fake_logits, torch.zeros_like(fake_logits))
    return (saturating if kind == "saturating" else -saturating - fake_logits).mean()
