@mistake(
    "overwritten",
    "In the simultaneous step y answers an x that has just been overwritten: that is the alternating step. Compute both, then assign.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(x0, y0, lr, n_steps, "alternating" if method == "simultaneous" else method)


@mistake(
    "never_overwritten",
    "In the alternating step y answers the old x: that is the simultaneous step. y sees the x that was just made.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(x0, y0, lr, n_steps, "simultaneous" if method == "alternating" else method)


@mistake("y_first", "In the alternating step y moves first and x answers. The other way round: x first.")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    if method != "alternating":
        return bilinear_game(x0, y0, lr, n_steps, method)
    path = [(x0, y0)]
    for _ in range(n_steps):
        x, y = path[-1]
        y = y + lr * x
        path.append((x - lr * y, y))
    return torch.tensor(path, dtype=torch.float64)


@mistake("both_descend", "y goes down its slope, too. It maximizes: y moves by plus lr times x.")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    path = [(x0, y0)]
    for _ in range(n_steps):
        x, y = path[-1]
        if method == "simultaneous":
            path.append((x - lr * y, y - lr * x))
        elif method == "alternating":
            path.append((x - lr * y, y - lr * (x - lr * y)))
        else:
            path.append((x - lr * (y - lr * x), y - lr * (x - lr * y)))
    return torch.tensor(path, dtype=torch.float64)


@mistake("roles_exchanged", "x climbs and y descends: it turns the other way. x minimizes xy and y maximizes it.")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(-x0, y0, lr, n_steps, method) * torch.tensor([-1.0, 1.0], dtype=torch.float64)


@mistake(
    "steps_from_the_trial_point",
    "The extragradient step starts from the trial point: that makes two plain steps. It starts from where the players were.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    if method != "extragradient":
        return bilinear_game(x0, y0, lr, n_steps, method)
    return bilinear_game(x0, y0, lr, 2 * n_steps, "simultaneous")[::2]


@mistake(
    "extragradient_is_plain",
    "The trial point of the extragradient step is computed but not used: the slopes that move the players are taken there.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(x0, y0, lr, n_steps, "simultaneous" if method == "extragradient" else method)


@mistake("half_trial", "The trial step of extragradient is taken with half the learning rate. Both use lr.")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    if method != "extragradient":
        return bilinear_game(x0, y0, lr, n_steps, method)
    path = [(x0, y0)]
    for _ in range(n_steps):
        x, y = path[-1]
        path.append((x - lr * (y + lr / 2 * x), y + lr * (x - lr / 2 * y)))
    return torch.tensor(path, dtype=torch.float64)


@mistake("start_missing", "The start is missing: row 0 of the path is (x0, y0), so there are n_steps + 1 rows.")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(x0, y0, lr, n_steps, method)[1:]


@mistake("end_only", "Only the last point is returned. Wanted is the whole path, shape (n_steps + 1, 2).")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(x0, y0, lr, n_steps, method)[-1]


@mistake(
    "slope_of_the_square",
    "The slopes are those of another function. In f = xy the slope in x is y, and the slope in y is x.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    path = [(x0, y0)]
    for _ in range(n_steps):
        x, y = path[-1]
        path.append((x - lr * x, y + lr * y))
    return torch.tensor(path, dtype=torch.float64)


@mistake(
    "single_precision",
    "The path, or the steps that lead to it, are in float32. Wanted is float64 from the first step on, which rounds less.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    return bilinear_game(x0, y0, lr, n_steps, method).float()


@mistake(
    "rounded_on_the_way",
    "The path, or the steps that lead to it, are in float32. Wanted is float64 from the first step on, which rounds less.",
)
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    x, y = torch.tensor(x0), torch.tensor(y0)
    path = [torch.stack([x, y])]
    for _ in range(n_steps):
        if method == "alternating":
            x = x - lr * y
            y = y + lr * x
        else:
            look_x, look_y = (x, y) if method == "simultaneous" else (x - lr * y, y + lr * x)
            x, y = x - lr * look_y, y + lr * look_x
        path.append(torch.stack([x, y]))
    return torch.stack(path).double()
