@mistake(
    "frobenius", "The weight is divided by its Frobenius norm, which is larger: all singular values count, not the largest alone."
)
def spectral_normalize(weight, u):
    _, u = power_iteration(weight.flatten(1), u)
    return weight / weight.norm(), u


@mistake("u_not_kept", "The u that came is returned: no call comes nearer to the singular vector than the first.")
def spectral_normalize(weight, u):
    sigma, _ = power_iteration(weight.flatten(1), u)
    return weight / sigma, u


@mistake(
    "sigma_detached", "sigma is detached: the gradient lacks the term that keeps the weight from growing, - <G, W/sigma> u v'."
)
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight / sigma.detach(), u


@mistake("multiplied", "The weight is multiplied by sigma: divide.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight * sigma, u


@mistake("squared", "The weight is divided by sigma squared.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight / sigma**2, u


@mistake("exact", "The exact norm is computed. One step of power iteration from u is wanted: it costs two products.")
def spectral_normalize(weight, u):
    _, u = power_iteration(weight.flatten(1), u)
    return weight / torch.linalg.matrix_norm(weight.flatten(1), 2), u


@mistake("each_row", "Each row is divided by its own length: that is weight normalization, not spectral normalization.")
def spectral_normalize(weight, u):
    _, u = power_iteration(weight.flatten(1), u)
    return F.normalize(weight.flatten(1), dim=1).reshape(weight.shape), u


@mistake(
    "each_pixel_of_the_kernel",
    "Each place of the kernel is normalized by itself. The kernel counts as one matrix (C_out, everything else).",
)
def spectral_normalize(weight, u):
    if weight.ndim == 2:
        sigma, u = power_iteration(weight, u)
        return weight / sigma, u
    flat, new = weight.flatten(2), u
    parts = []
    for k in range(flat.shape[2]):
        sigma, new = power_iteration(flat[:, :, k], u)
        parts.append(flat[:, :, k] / sigma)
    return torch.stack(parts, dim=2).reshape(weight.shape), new


@mistake("left_flat", "The weight comes back as a matrix: a kernel keeps its shape.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight.flatten(1) / sigma, u


@mistake("many_steps", "More than one step is made. One is enough: u is kept from call to call.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u, 20)
    return weight / sigma, u


@mistake("only_if_above_one", "A weight whose norm is below 1 is left as it is. The norm is to be 1, whatever it was.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight / sigma.clamp(min=1.5), u


@mistake("in_place", "The weight that was given is overwritten (weight /= ...). Compute a new tensor.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.detach().flatten(1), u)
    with torch.no_grad():
        weight.div_(sigma)
    return weight.clone(), u


@mistake(
    "u_overwritten", "The u that was given is overwritten (u.copy_). Return the new one, and leave it to the caller to keep it."
)
def spectral_normalize(weight, u):
    sigma, new = power_iteration(weight.flatten(1), u)
    u.copy_(new)
    return weight / sigma, u


@mistake("no_gradient", "The normalized weight has no history: no gradient reaches the weight.")
def spectral_normalize(weight, u):
    with torch.no_grad():
        sigma, u = power_iteration(weight.flatten(1), u)
        return weight / sigma, u


@mistake("u_with_history", "The u that is returned holds the graph of this call: detach it, or iterate under torch.no_grad().")
def spectral_normalize(weight, u):
    flat = weight.flatten(1)
    sigma, _ = power_iteration(flat, u)
    with torch.no_grad():
        v = F.normalize(u @ flat, dim=0)
    return weight / sigma, F.normalize(flat @ v, dim=0)


@mistake("float64", "A float32 weight comes back in float64: keep the dtype.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight.double() / sigma, u


@mistake("not_flattened", "A kernel of four axes is no matrix: weight.flatten(1) makes one of it, (C_out, everything else).")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight, u)
    return weight / sigma, u


@mistake("weight_alone", "Only the weight is returned. Wanted are two values: the normalized weight and the new u.")
def spectral_normalize(weight, u):
    sigma, u = power_iteration(weight.flatten(1), u)
    return weight / sigma
