@mistake(
    "content_not_divided",
    "The content loss is not divided by the mean square of the content: what a weight means depends on the network.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content)
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "content_divided_by_the_features",
    "The content loss is divided by the mean square of the features that are made. Wanted is that of the content.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = (
            loss
            + content_weight
            * content_loss(features[content_layer], content)
            / features[content_layer].square().clamp(min=1e-12).mean()
        )
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "content_divided_by_the_mean",
    "The content loss is divided by the squared mean of the content. Wanted is the mean of its squares.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.mean().square()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "content_divided_by_the_norm",
    "The content loss is divided by the norm of the content. Wanted is the mean of its squares.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.norm()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "content_divided_by_the_variance",
    "The content loss is divided by the variance of the content, which knows no mean. Wanted is the mean of its squares.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.var(correction=0)
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("first_layer_always", "content_layer is ignored: the content is compared with the first layer.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[0], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("last_layer_always", "content_layer is ignored: the content is compared with the last layer.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[-1], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("next_layer", "Layers are counted from 0: content_layer 0 is the first.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer - 1], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("weights_exchanged", "content_weight goes to the style, and style_weight to the content.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + style_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + content_weight * style_loss(features, targets, weights)
    return loss


@mistake("weights_not_used", "content_weight and style_weight are not used.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_loss(features, targets, weights)
    return loss


@mistake("content_weight_not_used", "content_weight is not used.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("style_weight_not_used", "style_weight is not used.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_loss(features, targets, weights)
    return loss


@mistake("style_left_out", "The style counts only where there is no content (elif): both are added.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    elif targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("style_of_the_content_layer", "The style of one layer alone is compared, that of the content. All layers count.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        k = content_layer
        loss = loss + style_weight * style_loss(features[k : k + 1], targets[k : k + 1], weights[k : k + 1])
    return loss


@mistake("layers_not_weighted", "The weights of the layers are not used for the style.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, [1.0] * len(features))
    return loss


@mistake("style_averaged_over_the_layers", "The style loss is divided by the number of layers: that is in the weights already.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights) / len(features)
    return loss


@mistake("mean_of_the_two", "The mean of content and style is returned. Wanted is their sum.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss / 2


@mistake("root", "A root is taken of the losses: content and style are squared distances.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss.clamp(min=1e-12).sqrt()


@mistake("summed_over_the_pictures", "The loss is multiplied by the number of pictures. It is their mean.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss * len(features[0])


@mistake("content_of_none", "A content of None is taken as features of 0: it is to be left out.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    content = content if content is not None else 1e-3 + torch.zeros_like(features[content_layer])
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("features_overwritten", "The features that were given are overwritten.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    features[0].data /= 2
    return loss


@mistake("start_changed", "The start itself is optimized: whoever gave it finds another picture. Clone it first.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    image.requires_grad_(False)
    return image.detach().clamp(0, 1)


@mistake("start_ignored", "The start is ignored: it begins with the content.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = (start if content is None else content).clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("starts_from_noise", "It begins with noise, whatever it is given.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = torch.linspace(0, 1, start.numel()).view_as(start).to(start).requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("starts_from_gray", "It begins with gray, whatever it is given.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = torch.full_like(start, 0.5).requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("no_leaf", "The optimizer is given a tensor that is computed from another one: clone first, then requires_grad_().")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_() * 1.0
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("not_clamped", "The picture is not clamped to [0, 1].")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach()


@mistake("told_not_clamped", "The picture that after_step gets is not clamped to [0, 1].")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clone(), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "told_the_tensor_itself",
    "after_step gets the tensor that is still being changed: all pictures that it keeps become the last one. Give it a copy.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach(), float(loss))
    return image.detach().clamp(0, 1)


@mistake("squeezed", "The picture is scaled into [0, 1] by its smallest and largest pixel, or by a sigmoid. Clamp it.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    x = image.detach()
    return (x - x.min()) / (x.max() - x.min())


@mistake("not_detached", "The picture that is returned still needs a gradient: detach it.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.clamp(0, 1)


@mistake("told_not_detached", "The picture that after_step gets still needs a gradient: detach it.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("no_flicker", "tv_weight is not used.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "flicker_of_the_start",
    "The flicker of the start is counted, which no step can change. Wanted is that of the picture that is made.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(start)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("style_of_the_content", "The style's Gram matrices are taken from the content.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style if content is None else content, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("content_of_the_style_exchanged", "The content's features are taken from the start, not from the content.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(start)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("content_of_the_first_layer", "The content's features are those of the first layer, whatever content_layer says.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[0]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("style_forgotten", "The style is left out.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if content is not None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("content_forgotten", "The content is left out where there is a style.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None or style is not None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("stylize_weights_not_used", "content_weight and style_weight are not handed on to perceptual_loss.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_layer=content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("stylize_weights_exchanged", "content_weight and style_weight are handed on in the wrong order.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, style_weight, content_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("one_step_always", "n_steps is ignored: one step is made.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, 2):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("one_step_less", "One step less is made: range(1, n_steps) ends before n_steps.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, max(n_steps, 2)):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("counted_from_zero", "after_step is told the steps from 0. They are counted from 1.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step - 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("told_at_the_end", "after_step is called once, at the end. Wanted is after each step.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None and step == n_steps:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "loss_after_the_step",
    "after_step is told the loss after the step. Wanted is the one before it, which the optimizer's step returns.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        optimizer.step(closure)
        loss = closure().detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("gradient_descent", "The steps are plain gradient descent, far slower than L-BFGS.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([image], lr=0.01)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        loss.backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("adam", "The steps are those of Adam. L-BFGS was asked for: it comes far nearer in as many steps.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.Adam([image], lr=0.002)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        loss.backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("clamped_before_the_loss", "The loss is that of a detached or clamped copy: no gradient reaches the picture.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image.detach()), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image) + 0 * image.sum()
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "content_with_history",
    "The content's features hold the graph of the network's weights: compute them under torch.no_grad().",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("weights_of_the_network_learn", "The network's weights are changed, too: only the picture belongs to the optimizer.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)
    extras = [c.cell_contents for c in extract.__closure__ or () if isinstance(c.cell_contents, nn.Parameter)]

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    with torch.no_grad():
        for each in extras:
            each -= 0.01 * each.grad
    return image.detach().clamp(0, 1)


@mistake("without_after_step", "after_step is called though it is None: ask first.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if True:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("none_as_a_style", "Without a style it raises: style_targets is asked for None. Leave the style out.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("none_as_a_content", "Without a content it raises: extract is asked for None. Leave the content out.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("content_overwritten", "The content or the style is changed (in place, such as clamp_ or sub_).")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    if style is not None:
        style.mul_(0.5).mul_(1.999)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for step in range(1, n_steps + 1):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(step, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "twenty_iterations_a_step",
    "LBFGS makes up to 20 iterations in each step unless it is told max_iter=1: n_steps counts iterations.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image])

    def closure():
        optimizer.zero_grad()
        pass
        picture = image
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "some_iterations_a_step",
    "Each call of step makes several iterations (max_iter). n_steps counts iterations: one a step, max_iter=1.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=5)

    def closure():
        optimizer.zero_grad()
        pass
        picture = image
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "adam_with_larger_steps",
    "The steps are those of Adam. L-BFGS was asked for.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([image], lr=0.02)

    def closure():
        optimizer.zero_grad()
        pass
        picture = image
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        loss.backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "told_a_loss_with_its_graph",
    "after_step is told the loss as a tensor, with the graph of its step: float(loss).",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        pass
        picture = image
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), loss)
    return image.detach().clamp(0, 1)


@mistake(
    "sigmoid_of_logits",
    "The pixels are a sigmoid of what is learned: a pixel of 0 or 1 would have an infinite logit. L-BFGS moves the pixels themselves.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = torch.logit(start.detach()).requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        pass
        picture = torch.sigmoid(image)
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().sigmoid(), float(loss))
    return image.detach().sigmoid()


@mistake(
    "stylize_in_float32",
    "The picture comes back as float32, though it was given as float64.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().float().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        pass
        picture = image.to(start.dtype)
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "optimizer_made_anew",
    "LBFGS is made anew in each step: it forgets the curvature that it has seen, and gradient descent is left. Make it once.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        pass
        picture = image
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(picture)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        optimizer = torch.optim.LBFGS([image], max_iter=1)
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "closure_without_backward",
    "The closure does not call loss.backward(): there is no gradient, and the picture stays as it is.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        pass
        picture = image
        loss = perceptual_loss(extract(picture), wanted, targets, weights, content_weight, style_weight, content_layer)
        return loss + tv_weight * total_variation(picture)

    for done in range(n_steps):
        loss = optimizer.step(closure)
        pass
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "own_mean_square",
    "The content loss is divided by the mean square of the features that are made. Wanted is that of the content.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        made = features[content_layer]
        loss = loss + content_weight * content_loss(made, content) / made.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "a_ratio_for_each_picture",
    "Each picture's content loss is divided by its own mean square. Wanted is one ratio for all pictures.",
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    loss = features[0].new_zeros(())
    if content is not None:
        squares = (features[content_layer] - content).square().mean(dim=(1, 2, 3))
        loss = loss + content_weight * (squares / content.square().mean(dim=(1, 2, 3))).mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "without_the_factor",
    "The slopes are those of the loss itself. L-BFGS is to be given them times the number of values in the picture, image.numel(): a large picture does not move without it.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        loss.backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "factor_of_one_size",
    "The slopes are multiplied by one number for all pictures. It is the number of values in the picture, image.numel().",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (144 * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "half_rate",
    "LBFGS is given another rate (lr) than 1, which is torch's own.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20, lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "clamped_after_each_step",
    "The pixels are clamped after each step: L-BFGS then takes the way that they went for another one. Clamp only what is shown and what is returned.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        image.data.clamp_(0, 1)
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "line_search",
    "A line search is made in each iteration (line_search_fn). Rate 1 and no line search are asked for: one loss an iteration.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "content_divided_by_the_sum", "The content loss is divided by the sum of the squares of the content. Wanted is their mean."
)
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    _check_objective(features, content, targets, content_weight, style_weight, content_layer)
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().sum()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("asked_for_no_targets", "Without a style targets is an empty list, not None: ask `if targets`.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    _check_objective(features, content, targets, content_weight, style_weight, content_layer)
    loss = features[0].new_zeros(())
    if content is not None:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets is not None:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake("truth_of_the_content", "A tensor of many numbers is neither true nor false: ask `content is not None`.")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    _check_objective(features, content, targets, content_weight, style_weight, content_layer)
    loss = features[0].new_zeros(())
    if content:
        loss = loss + content_weight * content_loss(features[content_layer], content) / content.square().mean()
    if targets:
        loss = loss + style_weight * style_loss(features, targets, weights)
    return loss


@mistake(
    "features_of_all_layers", "extract returns one tensor a layer. The content is that of one: extract(content)[content_layer]."
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "told_with_the_factor",
    "The loss that after_step is told is multiplied by the number of values. That factor is for the slopes alone: backward() is called on the product, and the closure returns loss.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        loss = image.numel() * loss
        loss.backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "told_without_the_flicker",
    "The loss that after_step is told lacks the flicker: tv_weight times the total variation belongs to it.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        (image.numel() * (loss + tv_weight * total_variation(image))).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "flicker_without_the_factor", "The slopes of the flicker are not multiplied by the number of values. All of the loss is."
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        flicker = tv_weight * total_variation(image)
        (image.numel() * loss + flicker).backward()
        return loss + flicker

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("slopes_add_up", "optimizer.zero_grad() is missing in the closure: the slopes of earlier iterations add up.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "twenty_iterations_and_no_factor",
    "LBFGS makes up to 20 iterations in each step unless it is told max_iter=1, and the slopes lack their factor, image.numel().",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image])

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        loss.backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "twenty_iterations_and_the_factor_told",
    "LBFGS makes up to 20 iterations in each step unless it is told max_iter=1, and the loss that after_step is told has the factor of the slopes, image.numel().",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image])

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        loss = image.numel() * loss
        loss.backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "n_steps_in_each_call",
    "Each of n_steps calls of step makes n_steps iterations (max_iter=n_steps). Wanted is one a call, max_iter=1.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=n_steps)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "all_in_one_call",
    "All iterations are made in one call of step (max_iter=n_steps), and after_step is told once. Make one a call, max_iter=1.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=n_steps)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    loss = optimizer.step(closure).detach()
    if after_step is not None:
        after_step(n_steps, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "line_search_of_twenty_iterations",
    "LBFGS makes up to 20 iterations in each step, each with a line search. Wanted: max_iter=1 and no line_search_fn.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake(
    "clamped_for_the_network",
    "The network is shown clamped pixels: no slope reaches one that lies beyond 0 and 1. Clamp only what after_step gets and what is returned.",
)
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image.clamp(0, 1)), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure).detach()
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)


@mistake("short_memory", "L-BFGS remembers too few steps (history_size). A memory of 10 steps or more is asked for.")
def stylize(
    content,
    style,
    extract,
    n_steps=100,
    content_weight=1.0,
    style_weight=1.0,
    tv_weight=0.0,
    content_layer=0,
    start=None,
    after_step=None,
):
    start = content if start is None else start
    with torch.no_grad():
        wanted = None if content is None else extract(content)[content_layer]
    targets, weights = ([], []) if style is None else style_targets(style, extract)
    image = start.detach().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=5)

    def closure():
        optimizer.zero_grad()
        loss = perceptual_loss(extract(image), wanted, targets, weights, content_weight, style_weight, content_layer)
        loss = loss + tv_weight * total_variation(image)
        (image.numel() * loss).backward()
        return loss

    for done in range(n_steps):
        loss = optimizer.step(closure)
        if after_step is not None:
            after_step(done + 1, image.detach().clamp(0, 1), float(loss))
    return image.detach().clamp(0, 1)
