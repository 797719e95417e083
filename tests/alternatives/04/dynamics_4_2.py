@alternative("autograd")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    theta = torch.tensor(float(theta0), dtype=torch.float64, requires_grad=True)
    psi = torch.tensor(float(psi0), dtype=torch.float64, requires_grad=True)
    rows = [[theta.item(), psi.item()]]
    softplus = torch.nn.functional.softplus
    for _ in range(n_steps):
        fake = psi * theta
        d_loss = (fake if loss == "wgan" else softplus(fake)) + r1 / 2 * psi**2
        (slope,) = torch.autograd.grad(d_loss, psi)
        with torch.no_grad():
            psi -= lr * slope
        fake = psi * theta
        g_loss = {"wgan": -fake, "saturating": -softplus(fake), "non_saturating": softplus(-fake)}[loss]
        (slope,) = torch.autograd.grad(g_loss, theta)
        with torch.no_grad():
            theta -= lr * slope
        rows.append([theta.item(), psi.item()])
    return torch.tensor(rows, dtype=torch.float64)


@alternative("plain_numbers")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    from math import tanh

    def sigmoid(b):
        return (1 + tanh(b / 2)) / 2

    theta, psi, rows = float(theta0), float(psi0), [(float(theta0), float(psi0))]
    for _ in range(n_steps):
        psi = (1 - lr * r1) * psi - lr * theta * (1 if loss == "wgan" else sigmoid(psi * theta))
        push = 1 if loss == "wgan" else sigmoid(psi * theta) if loss == "saturating" else sigmoid(-psi * theta)
        theta += lr * psi * push
        rows.append((theta, psi))
    return torch.tensor(rows, dtype=torch.float64)
