@mistake("batch_mean", "This is one number for the whole batch. Wanted: one score per image.")
def anomaly_score(model, x):
    with torch.no_grad():
        return (model(x).sigmoid() - x).square().flatten(1).sum(dim=1).mean()


@mistake("no_sigmoid", "The logits themselves are compared with the image. Their sigmoid is the reconstruction.")
def anomaly_score(model, x):
    with torch.no_grad():
        return (model(x) - x).square().flatten(1).sum(dim=1)


@mistake("mean_over_pixels", "The pixels are averaged. Wanted is their sum.")
def anomaly_score(model, x):
    with torch.no_grad():
        return (model(x).sigmoid() - x).square().flatten(1).mean(dim=1)


@mistake("root", "A square root is taken: wanted is the squared error itself.")
def anomaly_score(model, x):
    with torch.no_grad():
        return (model(x).sigmoid() - x).flatten(1).norm(dim=1)


@mistake("gradient_kept", "The scores carry a gradient: compute them under torch.no_grad().")
def anomaly_score(model, x):
    return (model(x).sigmoid() - x).square().flatten(1).sum(dim=1)


@mistake("sign", "The score is negative: high means unlike the training data.")
def anomaly_score(model, x):
    with torch.no_grad():
        return -(model(x).sigmoid() - x).square().flatten(1).sum(dim=1)


@mistake(
    "left_in_eval",
    "The model is left in evaluation mode. Scoring must leave it as it was: put the mode back, or do not touch it.",
)
def anomaly_score(model, x):
    model.eval()
    with torch.no_grad():
        return (model(x).sigmoid() - x).square().flatten(1).sum(dim=1)


@mistake("frozen", "requires_grad is switched off in the model's weights and stays off: use torch.no_grad() around the call.")
def anomaly_score(model, x):
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return (model(x).sigmoid() - x).square().flatten(1).sum(dim=1)


@mistake("channels_averaged", "The channels are averaged. Wanted is the sum over all axes but the first.")
def anomaly_score(model, x):
    with torch.no_grad():
        return (model(x).sigmoid() - x).square().mean(dim=1).sum(dim=(1, 2))


@mistake("in_place", "The images are overwritten (x -= ...): whoever passed them in loses them. Compute a new tensor.")
def anomaly_score(model, x):
    with torch.no_grad():
        x -= model(x).sigmoid()
    return x.square().flatten(1).sum(dim=1)


@mistake(
    "left_in_training",
    "The model comes back in training mode, whatever it was before: model.train() is no undo. Put the old mode back, or do not touch it.",
)
def anomaly_score(model, x):
    model.eval()
    with torch.no_grad():
        score = (model(x).sigmoid() - x).square().flatten(1).sum(dim=1)
    model.train()
    return score


@mistake(
    "gradients_switched_on",
    "set_grad_enabled(True) at the end is no undo: the caller may have had them off. `with torch.no_grad():` puts back what was.",
)
def anomaly_score(model, x):
    torch.set_grad_enabled(False)
    score = (model(x).sigmoid() - x).square().flatten(1).sum(dim=1)
    torch.set_grad_enabled(True)
    return score
