@alternative("tweedie")
def optimal_denoiser(x_noisy, noise_var, means, std):
    x = x_noisy.detach().clone().requires_grad_()
    log_density = torch.logsumexp(-((x[:, None] - means) ** 2) / (2 * (std**2 + noise_var)), dim=1)
    (score,) = torch.autograd.grad(log_density.sum(), x)
    return x_noisy + noise_var * score


@alternative("precisions")
def optimal_denoiser(x_noisy, noise_var, means, std):
    s2, v = std * std, noise_var
    logits = -0.5 * (x_noisy.unsqueeze(1) - means).pow(2) / (s2 + v)
    r = (logits - logits.logsumexp(1, keepdim=True)).exp()
    return (r @ means * v + s2 * x_noisy) / (s2 + v)


@alternative("double_loop")
def optimal_denoiser(x_noisy, noise_var, means, std):
    total = std**2 + noise_var
    answers = []
    for value in x_noisy.double():
        w = torch.softmax(-((value - means.double()) ** 2) / (2 * total), 0)
        answers.append((w * (std**2 * value + noise_var * means.double()) / total).sum())
    return torch.stack(answers)
