@alternative("frame_of_two_vectors")
def slerp(z0, z1, t):
    """A rotation in the plane of the two directions; the norms by the formula."""
    length0, length1 = z0.norm(dim=-1, keepdim=True), z1.norm(dim=-1, keepdim=True)
    a, b = z0.double() / length0, z1.double() / length1
    omega = 2 * torch.atan2((a - b).norm(dim=-1, keepdim=True), (a + b).norm(dim=-1, keepdim=True))
    tiny = omega < 1e-6
    safe = torch.where(tiny, 1.0, omega)
    weight0 = torch.where(tiny, 1 - t, torch.sin((1 - t) * safe) / torch.sin(safe))
    weight1 = torch.where(tiny, t, torch.sin(t * safe) / torch.sin(safe))
    return (weight0 * z0 + weight1 * z1).to(z0.dtype)


@alternative("sinc")
def slerp(z0, z1, t):
    """sin(t omega) / sin(omega) as t times a ratio of sinc functions: no case for small angles."""
    cosine = (F.normalize(z0, dim=-1) * F.normalize(z1, dim=-1)).sum(dim=-1, keepdim=True).clamp(-1, 1)
    turns = cosine.acos() / torch.pi

    def weight(s):
        return s * torch.sinc(s * turns) / torch.sinc(turns)

    return weight(1 - t) * z0 + weight(t) * z1
