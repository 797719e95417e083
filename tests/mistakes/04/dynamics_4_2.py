@mistake(
    "simultaneous",
    "The generator answers the old psi: that is the simultaneous step. The discriminator moves first; the generator sees its new psi.",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        b = theta * psi
        pull = 1.0 if loss == "wgan" else b.sigmoid()
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        path.append(torch.stack([theta + lr * push * psi, psi - lr * (pull * theta + r1 * psi)]))
    return torch.stack(path)


@mistake("generator_first", "The generator moves first. In each step the discriminator moves first, then the generator answers.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        b = theta * psi
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        theta = theta + lr * push * psi
        pull = 1.0 if loss == "wgan" else (theta * psi).sigmoid()
        path.append(torch.stack([theta, psi - lr * (pull * theta + r1 * psi)]))
    return torch.stack(path)


@mistake(
    "penalty_sign",
    "The penalty pushes the slope away from 0: its derivative r1 psi is added where the discriminator's step subtracts it.",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        pull = 1.0 if loss == "wgan" else (theta * psi).sigmoid()
        psi = psi - lr * (pull * theta - r1 * psi)
        b = theta * psi
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        path.append(torch.stack([theta + lr * push * psi, psi]))
    return torch.stack(path)


@mistake("penalty_forgotten", "r1 is not used, or not with every loss: the path is the one without penalty.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, loss, 0.0)


@mistake("penalty_twice", "The penalty counts twice: it is r1 / 2 times the squared slope, so its derivative is r1 psi.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, loss, 2 * r1)


@mistake("penalty_half", "The penalty counts half: the derivative of r1 / 2 times psi squared is r1 psi.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, loss, r1 / 2)


@mistake(
    "penalty_at_the_fake",
    "The penalty is multiplied by theta squared, as if it were paid on the logit of the sample. R1 is the squared slope at the data.",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        pull = 1.0 if loss == "wgan" else (theta * psi).sigmoid()
        psi = psi - lr * (pull * theta + r1 * psi * theta**2)
        b = theta * psi
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        path.append(torch.stack([theta + lr * push * psi, psi]))
    return torch.stack(path)


@mistake(
    "penalty_on_the_generator",
    "The penalty moves theta as well. It is a part of the discriminator's loss and of no other.",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        pull = 1.0 if loss == "wgan" else (theta * psi).sigmoid()
        psi = psi - lr * (pull * theta + r1 * psi)
        b = theta * psi
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        path.append(torch.stack([theta + lr * (push * psi - r1 * theta), psi]))
    return torch.stack(path)


@mistake("losses_exchanged", "The saturating and the non-saturating loss have changed places.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    other = {"saturating": "non_saturating", "non_saturating": "saturating"}
    return dirac_gan(theta0, psi0, lr, n_steps, other.get(loss, loss), r1)


@mistake(
    "one_generator_loss",
    "The generator follows the non-saturating loss whatever is asked for. Saturating: the derivative of log(1 - sigmoid(b)).",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, "non_saturating" if loss == "saturating" else loss, r1)


@mistake(
    "labels_swapped",
    "The discriminator raises the logit of the sample and helps the generator: the sign of its step is turned round.",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        pull = 1.0 if loss == "wgan" else (theta * psi).sigmoid()
        psi = psi + lr * (pull * theta - r1 * psi)
        b = theta * psi
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        path.append(torch.stack([theta + lr * push * psi, psi]))
    return torch.stack(path)


@mistake("generator_flees", "The generator lowers the logit of its sample: the sign of its step is turned round.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        pull = 1.0 if loss == "wgan" else (theta * psi).sigmoid()
        psi = psi - lr * (pull * theta + r1 * psi)
        b = theta * psi
        push = 1.0 if loss == "wgan" else b.sigmoid() if loss == "saturating" else (-b).sigmoid()
        path.append(torch.stack([theta - lr * push * psi, psi]))
    return torch.stack(path)


@mistake("no_sigmoid", "Every loss is treated as the Wasserstein loss: the sigmoid in the derivatives of the others is missing.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, "wgan", r1)


@mistake(
    "exponential_overflows",
    "A sigmoid is written as e^b / (1 + e^b), or log(1 - sigmoid(b)) is differentiated: e^b and the logarithm are infinite for large b. torch.sigmoid(b) and F.softplus(b) are not.",
)
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    def sigmoid(b):
        return b.exp() / (1 + b.exp())

    path = [torch.tensor([theta0, psi0], dtype=torch.float64)]
    for _ in range(n_steps):
        theta, psi = path[-1]
        pull = 1.0 if loss == "wgan" else sigmoid(theta * psi)
        psi = psi - lr * (pull * theta + r1 * psi)
        b = theta * psi
        push = 1.0 if loss == "wgan" else sigmoid(b) if loss == "saturating" else sigmoid(-b)
        path.append(torch.stack([theta + lr * push * psi, psi]))
    return torch.stack(path)


@mistake("columns_exchanged", "The columns have changed places: theta is the first, psi the second.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, loss, r1).flip(1)


@mistake("start_missing", "The start is missing: row 0 of the path is (theta0, psi0), so there are n_steps + 1 rows.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    return dirac_gan(theta0, psi0, lr, n_steps, loss, r1)[1:]


@mistake("float32", "The path is computed in float32: make the start a tensor of float64.")
def dirac_gan(theta0, psi0, lr, n_steps, loss, r1=0.0):
    path = [torch.tensor([theta0, psi0])]
    for _ in range(n_steps):
        theta, psi = path[-1]
        b = theta * psi
        slope = torch.ones(()) if loss == "wgan" else torch.sigmoid(b)
        psi = psi - lr * (theta * slope + r1 * psi)
        b = theta * psi
        pull = {"wgan": torch.ones(()), "saturating": torch.sigmoid(b), "non_saturating": torch.sigmoid(-b)}[loss]
        path.append(torch.stack([theta + lr * psi * pull, psi]))
    return torch.stack(path).double()
