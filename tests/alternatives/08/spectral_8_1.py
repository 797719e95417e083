@alternative("lengths_by_hand")
def power_iteration(weight, u, n_steps=1):
    matrix = weight.detach()
    for _ in range(n_steps):
        v = matrix.T @ u.detach()
        v = v / v.norm()
        u = matrix @ v
        u = u / u.norm()
    return torch.dot(u, torch.mv(weight, v)), u


@alternative("sum_of_an_outer_product")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = F.normalize(torch.einsum("mn,m->n", weight, u), dim=0, eps=1e-12)
            u = F.normalize(torch.einsum("mn,n->m", weight, v), dim=0, eps=1e-12)
    return (weight * torch.outer(u, v)).sum(), u.clone()


@alternative("tiny_number_beside_the_length")
def power_iteration(weight, u, n_steps=1):
    with torch.no_grad():
        for _ in range(n_steps):
            v = weight.t().mv(u)
            v = v / (v.norm() + 1e-8)
            u = weight.mv(v)
            u = u / (u.norm() + 1e-8)
    return torch.einsum("m,mn,n->", u, weight, v), u
