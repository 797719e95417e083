@alternative("matrices")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    matrix = {
        "simultaneous": [[1, -lr], [lr, 1]],
        "alternating": [[1, -lr], [lr, 1 - lr**2]],
        "extragradient": [[1 - lr**2, -lr], [lr, 1 - lr**2]],
    }[method]
    matrix = torch.tensor(matrix, dtype=torch.float64)
    path = [torch.tensor([x0, y0], dtype=torch.float64)]
    while len(path) <= n_steps:
        path.append(matrix @ path[-1])
    return torch.stack(path)


@alternative("autograd")
def bilinear_game(x0, y0, lr, n_steps, method="simultaneous"):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(x * y, (x, y))

    path = torch.empty(n_steps + 1, 2, dtype=torch.float64)
    x, y = (torch.tensor(start, dtype=torch.float64) for start in (x0, y0))
    path[0] = torch.stack([x, y])
    for t in range(n_steps):
        gx, gy = slopes(x, y)
        if method == "extragradient":
            gx, gy = slopes(x - lr * gx, y + lr * gy)
        if method == "alternating":
            x = x - lr * gx
            _, gy = slopes(x, y)
            y = y + lr * gy
        else:
            x, y = x - lr * gx, y + lr * gy
        path[t + 1, 0], path[t + 1, 1] = x, y
    return path
