@alternative("one_call")
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
    pixels = (content if start is None else start).clone().detach().requires_grad_(True)
    content_features = None if content is None else extract(content)[content_layer].detach()
    grams, layer_weights = [], []
    if style is not None:
        grams, layer_weights = style_targets(style, extract)
    values = []

    def told():
        if after_step is not None:
            after_step(len(values), pixels.detach().clone().clamp_(0, 1), values[-1])

    def closure():
        if values:
            told()
        optimizer.zero_grad(set_to_none=False)
        value = perceptual_loss(
            extract(pixels), content_features, grams, layer_weights, content_weight, style_weight, content_layer
        )
        value = value + tv_weight * total_variation(pixels)
        (slope,) = torch.autograd.grad(value, pixels)
        pixels.grad = pixels.numel() * slope
        values.append(float(value))
        return value

    optimizer = torch.optim.LBFGS(
        [pixels], max_iter=n_steps, max_eval=2 * n_steps, tolerance_grad=0, tolerance_change=0, history_size=10
    )
    optimizer.step(closure)
    told()
    return pixels.detach().clamp(0, 1)


@alternative("one_by_one")
def perceptual_loss(features, content, targets, weights, content_weight=1.0, style_weight=1.0, content_layer=0):
    terms = []
    if content is not None:
        here = features[content_layer]
        terms.append(content_weight * (here - content).square().sum() / content.square().sum())
    if len(targets) > 0:
        terms += [style_weight * style_loss([f], [t], [w]) for f, t, w in zip(features, targets, weights)]
    return sum(terms)
