@alternative("written_out")
def denoising_loss(model, x, x_noisy):
    return F.binary_cross_entropy_with_logits(model(x_noisy), x, reduction="sum") / len(x)


@alternative("bernoulli")
def denoising_loss(model, x, x_noisy):
    pixels = torch.distributions.Bernoulli(logits=model(x_noisy), validate_args=False)
    return -pixels.log_prob(x).flatten(1).sum(-1).mean()
