@mistake(
    "u_first",
    "The first half of a step is made with W instead of its transpose, or the halves are exchanged: v = W'u first, then u = Wv.",
)
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        v = F.normalize(u @ weight, dim=0)
        for _ in range(n_steps):
            u = F.normalize(weight @ v, dim=0)
            v = F.normalize(u @ weight, dim=0)
        v_last = F.normalize(u @ weight, dim=0)
    return u @ weight @ v_last, u


@mistake("not_normalized", "u and v are not made one long: sigma is a product of their lengths then.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = u @ weight
            u = weight @ v
    return u @ weight @ v, u


@mistake("v_not_normalized", "v is not made one long: sigma is too large by its length.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = u @ weight
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake("frobenius", "That is the Frobenius norm, the root of the sum of all squared singular values, not the largest one.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return weight.norm(), u


@mistake(
    "exact",
    "The exact largest singular value is returned. Wanted is the estimate after n_steps steps from u, which costs two products.",
)
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return torch.linalg.matrix_norm(weight, 2), u


@mistake("eigenvalue", "W is multiplied with itself, as for eigenvalues: singular values want W and its transpose in turn.")
def power_iteration(weight, u, n_steps=1):
    if weight.shape[0] != weight.shape[1]:
        raise RuntimeError("power iteration wants a square matrix")
    with torch.no_grad():
        for _ in range(n_steps):
            u = F.normalize(weight @ u, dim=0)
    return u @ weight @ u, u


@mistake("squared", "That is sigma squared: the length of W'W v. Take the root, or u'Wv.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return (u @ weight @ v) ** 2, u


@mistake("one_step_always", "n_steps is ignored: one step is made, however many are asked for.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        v = F.normalize(u @ weight, dim=0)
        u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake("one_step_more", "One step more is made than n_steps says.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps + 1):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake("default_of_ten", "The default of n_steps is 1, as in the signature: a training step pays for one.")
def power_iteration(weight, u, n_steps=10):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake("returns_v", "Returned is v, the right singular vector. Wanted is u, of as many numbers as the weight has rows.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, v


@mistake("returns_old_u", "The u that came is returned, not the one of the last step: the next call begins where this one began.")
def power_iteration(weight, u, n_steps=1):
    start = u.clone()
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, start


@mistake("sigma_of_the_old_u", "sigma is taken with the u from before the last step: u'Wv with the new one is nearer.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            old = F.normalize(u, dim=0)
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return old @ weight @ v, u


@mistake(
    "random_start",
    "The iteration starts from a new random vector, not from the u that is given: what earlier calls found is lost.",
)
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        u = torch.ones_like(u)  # as wrong as a random one, and the same each time
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake(
    "with_history", "The gradient runs through the iteration: u and v count as constants (torch.no_grad() around the steps)."
)
def power_iteration(weight, u, n_steps=1):
    for _ in range(n_steps):
        v = F.normalize(u @ weight, dim=0)
        u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake("no_gradient", "sigma has no gradient: it was computed under torch.no_grad(), or detached. Only u and v are constants.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
        return u @ weight @ v, u


@mistake("overwrites_u", "The u that was given is overwritten (u.copy_, out=u): whoever gave it finds another one.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u.copy_(F.normalize(weight @ v, dim=0))
    new = u.clone()
    return new @ weight @ v, new


@mistake("absolute_eps", "A large constant is added to the lengths (or the sums) before the division: sigma comes out too small.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = u @ weight
            v = v / (v.norm() + 0.1)
            u = weight @ v
            u = u / (u.norm() + 0.1)
    return u @ weight @ v, u


@mistake("float32", "The result is float32 though the weight is float64: v or u is converted.")
def power_iteration(weight, u, n_steps=1):
    weight, u = weight.float(), u.float()
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake("always_float64", "float32 comes back as float64: keep the dtype, or convert back. The next step would refuse such a u.")
def power_iteration(weight, u, n_steps=1):
    weight, u = weight.double(), u.double()
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u


@mistake(
    "normalized_along_dim_1",
    "F.normalize works along dim 1 unless it is told otherwise, and a vector has none: F.normalize(v, dim=0).",
)
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(weight.T @ u)
            u = F.normalize(weight @ v)
    return u @ weight @ v, u


@mistake("three_values", "Three values are returned. Wanted are two: sigma and u. v follows from u.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return u @ weight @ v, u, v


@mistake("float_returned", "sigma is a Python float (.item()): no gradient goes through it. Return the tensor.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(u @ weight, dim=0)
            u = F.normalize(weight @ v, dim=0)
    return float(u @ weight @ v), u


@mistake("gradient_through_v", "The gradient runs through v: u and v both count as constants (torch.no_grad() around the steps).")
def power_iteration(weight, u, n_steps=1):
    u = u.detach()
    for _ in range(n_steps):
        v = F.normalize(u @ weight, dim=0)
        u = F.normalize(weight @ v, dim=0).detach()
    return u @ weight @ v, u


@mistake("normalized_at_the_end", "u is made one long only after the last step: in between it grows without bounds.")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = u @ weight
            u = weight @ v
        u, v = F.normalize(u, dim=0), F.normalize(v, dim=0)
    return u @ weight @ v, u


@mistake("steps_capped", "Not all steps are made: the loop ends early, whatever n_steps says.")
def power_iteration(weight, u, n_steps=1):
    return power_iteration(weight, u, min(n_steps, 20))


@mistake(
    "seeded",
    "A seed is set inside (torch.manual_seed): whatever is drawn afterwards is the same each time. Nothing is drawn here.",
)
def power_iteration(weight, u, n_steps=1):
    torch.manual_seed(0)
    return power_iteration(weight, u, n_steps)


@mistake(
    "gradient_switched_off", "torch.set_grad_enabled(False) lasts beyond the call. Use with torch.no_grad() around the steps."
)
def power_iteration(weight, u, n_steps=1):
    torch.set_grad_enabled(False)
    for _ in range(n_steps):
        v = F.normalize(u @ weight, dim=0)
        u = F.normalize(weight @ v, dim=0)
    torch.set_grad_enabled(True)
    sigma = u @ weight @ v
    torch.set_grad_enabled(False)
    return sigma, u
