@alternative("softplus")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * (target - fake).abs().mean()


@alternative("binary_cross_entropy")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    adversarial = F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))
    return torch.add(adversarial, nn.L1Loss()(fake, target), alpha=lambda_l1)
