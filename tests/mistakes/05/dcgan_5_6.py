@mistake(
    "straight_line", "The points lie on the straight line: they are shorter between the ends. The weights are sines: the formula."
)
def slerp(z0, z1, t):
    return (1 - t) * z0 + t * z1


@mistake(
    "straight_line_stretched",
    "The straight line, stretched to the right length, keeps the norm but not the speed: it is fastest in the middle. Use the sines.",
)
def slerp(z0, z1, t):
    line = (1 - t) * z0 + t * z1
    return line / line.norm(dim=-1, keepdim=True) * ((1 - t) * z0.norm(dim=-1, keepdim=True) + t * z1.norm(dim=-1, keepdim=True))


@mistake(
    "no_small_angles",
    "At small angles sin(omega) is 0, or lost in rounding: 0 / 0 is NaN. There the straight line takes its place.",
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / torch.sin(omega)


@mistake(
    "angle_of_the_raw_vectors",
    "The vectors are not normalized for the angle: their inner product is its cosine for unit vectors alone.",
)
def slerp(z0, z1, t):
    cosine = (z0 * z1).sum(dim=-1, keepdim=True).clamp(-1, 1)
    omega = torch.arccos(cosine)
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake("unit_vectors", "The normalized vectors are interpolated. They serve for the angle alone; z0 and z1 keep their norms.")
def slerp(z0, z1, t):
    z0, z1 = F.normalize(z0, dim=-1), F.normalize(z1, dim=-1)
    omega = torch.arccos((z0 * z1).sum(dim=-1, keepdim=True).clamp(-1, 1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake("norms_apart", "Direction and norm are interpolated apart. The formula weighs the vectors as they are.")
def slerp(z0, z1, t):
    a, b = F.normalize(z0, dim=-1), F.normalize(z1, dim=-1)
    omega = torch.arccos((a * b).sum(dim=-1, keepdim=True).clamp(-1, 1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    direction = start * a + torch.where(small, t, torch.sin(t * omega) / sine) * b
    return direction * ((1 - t) * z0.norm(dim=-1, keepdim=True) + t * z1.norm(dim=-1, keepdim=True))


@mistake("ends_exchanged", "The weights are exchanged: t = 0 gives z1. z0 gets sin((1 - t) omega).")
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, t, torch.sin(t * omega) / sine)
    return start * z0 + torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine) * z1


@mistake("not_divided", "The sines are not divided by sin(omega).")
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega))
    return start * z0 + torch.where(small, t, torch.sin(t * omega)) * z1


@mistake(
    "one_angle_for_the_batch", "One angle is computed for the whole batch. Each pair of vectors has its own, along the last axis."
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0.flatten(), z1.flatten(), dim=0).clamp(-1, 1))
    if torch.sin(omega) < 1e-3:
        return (1 - t) * z0 + t * z1
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / torch.sin(omega)


@mistake(
    "one_small_angle_for_all",
    "If one angle of the batch is small, all rows go along the straight line. Choose for each row: torch.where.",
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    if (torch.sin(omega) < 1e-3).any():
        return (1 - t) * z0 + t * z1
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / torch.sin(omega)


@mistake(
    "first_axis", "The angle is taken along the axis 1. The vectors lie along the last one, -1, however many stand in front."
)
def slerp(z0, z1, t):
    axis = min(1, z0.ndim - 1)
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=axis).clamp(-1, 1).unsqueeze(axis))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake(
    "angle_without_its_axis",
    "The angle has lost the last axis, and is spread over the wrong one: keepdim=True, or unsqueeze(-1).",
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake("one_t_only", "t is turned into one number. It may be a tensor that broadcasts against z0.")
def slerp(z0, z1, t):
    t = float(torch.as_tensor(t).flatten()[0])
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake(
    "straight_line_too_early",
    "The straight line takes over at angles where the arc can still be told from it: only where sin(omega) is below 0.001 or so.",
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 0.1
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake(
    "epsilon_added",
    "A small number is added to sin(omega) to avoid a division by 0. It bends the path at small angles: take the straight line there.",
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / (torch.sin(omega) + 1e-6)


@mistake("start_at_small_angles", "At small angles z0 itself is returned. The straight line from z0 to z1 is meant.")
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1.0, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, 0.0, torch.sin(t * omega) / sine) * z1


@mistake(
    "right_angle_for_all",
    "The weights are cos and sin of t times a right angle: this holds for directions at a right angle alone.",
)
def slerp(z0, z1, t):
    angle = torch.as_tensor(t * torch.pi / 2, dtype=z0.dtype)
    return torch.cos(angle) * z0 + torch.sin(angle) * z1


@mistake("float32", "The result is float32, whatever z0 is.")
def slerp(z0, z1, t):
    z0, z1 = z0.float(), z1.float()
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake("in_place", "z0 or z1 is overwritten (z0 /= ..., z0.mul_(...)): the caller still needs them. Compute new tensors.")
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).clamp(-1, 1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    if start.shape[:-1] == z0.shape[:-1]:
        return z0.mul_(start).add_(torch.where(small, t, torch.sin(t * omega) / sine) * z1)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1


@mistake(
    "not_clamped",
    "Of vectors of one direction rounding makes the cosine a little larger than 1, and arccos of that is NaN: clamp it to [-1, 1].",
)
def slerp(z0, z1, t):
    omega = torch.arccos(F.cosine_similarity(z0, z1, dim=-1).unsqueeze(-1))
    small = torch.sin(omega) < 1e-3
    sine = torch.where(small, 1.0, torch.sin(omega))
    start = torch.where(small, 1 - t, torch.sin((1 - t) * omega) / sine)
    return start * z0 + torch.where(small, t, torch.sin(t * omega) / sine) * z1
