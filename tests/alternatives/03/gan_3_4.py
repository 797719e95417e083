@alternative("cross_entropy_with_logits")
def discriminator_loss(real_logits, fake_logits):
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    return real + F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))


@alternative("logsigmoid")
def discriminator_loss(real_logits, fake_logits):
    return -(F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean())


@alternative("logaddexp_in_double")
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.double(), fake_logits.double()
    return torch.logaddexp(-real, torch.zeros_like(real)).mean() + torch.logaddexp(fake, torch.zeros_like(fake)).mean()
