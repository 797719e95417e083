@alternative("as_often_written")
def gradient_penalty(critic, real, fake, eps):
    alpha = eps.view(len(real), *([1] * (real.dim() - 1))).expand_as(real)
    x_hat = (alpha * real.detach() + (1 - alpha) * fake.detach()).requires_grad_(True)
    scores = critic(x_hat)
    grads = torch.autograd.grad(
        outputs=scores,
        inputs=x_hat,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    grads = grads.reshape(len(real), -1)
    return ((grads.norm(2, dim=1) - 1) ** 2).mean()


@alternative("tiny_number_under_the_root")
def gradient_penalty(critic, real, fake, eps):
    x_hat = torch.stack([e * a + (1 - e) * b for e, a, b in zip(eps, real.detach(), fake.detach())])
    x_hat.requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(critic(x_hat).sum(), [x_hat], create_graph=True)
    length = (slope.pow(2).sum(dim=tuple(range(1, slope.ndim))) + 1e-12).sqrt()
    return torch.mean(length.sub(1).square())


@alternative("one_sample_after_the_other")
def gradient_penalty(critic, real, fake, eps):
    penalties = []
    for x, y, e in zip(real.detach(), fake.detach(), eps):
        point = (y + e * (x - y))[None].requires_grad_()
        (slope,) = torch.autograd.grad(critic(point).sum(), point, create_graph=True)
        penalties.append((slope.norm() - 1) ** 2)
    return torch.stack(penalties).mean()


@alternative("jacobian")
def gradient_penalty(critic, real, fake, eps):
    weight = eps[(...,) + (None,) * (real.ndim - 1)]
    x_hat = weight * real.detach() + (1 - weight) * fake.detach()
    slope = torch.autograd.functional.jacobian(lambda x: critic(x).sum(), x_hat, create_graph=True)
    return nn.functional.mse_loss(torch.linalg.vector_norm(slope.flatten(1), dim=1), torch.ones_like(eps))


@alternative("vmap")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = torch.lerp(fake, real, weight).detach()
    slope = torch.func.vmap(torch.func.grad(lambda x: critic(x[None]).sum()))(x_hat)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@alternative("another_tiny_number_under_the_root")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.view(-1, *[1] * (real.ndim - 1))
    x_hat = (weight * real + (1 - weight) * fake).detach().requires_grad_(True)
    scores = critic(x_hat)
    (slope,) = torch.autograd.grad(scores, x_hat, grad_outputs=torch.ones(scores.size()), create_graph=True)
    return ((torch.sqrt((slope.flatten(1) ** 2).sum(dim=1) + 1e-12) - 1) ** 2).mean()
