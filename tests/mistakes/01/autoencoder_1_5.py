@mistake("noisy_target", "The target is the noisy image: the model is asked to copy the noise. Compare with the clean image x.")
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model(x_noisy), x_noisy)


@mistake("clean_input", "The model sees the clean image: there is nothing to remove. Show it x_noisy.")
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model(x), x)


@mistake("exchanged", "Input and target are exchanged: the model is taught to add noise.")
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model(x), x_noisy)


@mistake("squared_error", "This is the squared error of the logits. Wanted is the binary cross-entropy of exercise 1.2.")
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model(x_noisy), x, kind="mse")


@mistake(
    "no_gradient", "The value is right, but no gradient reaches the model: something detaches it (no_grad, detach, .item())."
)
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model(x_noisy).detach(), x)


@mistake("both_errors", "Two errors are added, against the clean and against the noisy image. Only the clean one is wanted.")
def denoising_loss(model, x, x_noisy):
    output = model(x_noisy)
    return reconstruction_loss(output, x) + reconstruction_loss(output, x_noisy)


@mistake(
    "log_of_sigmoid",
    "sigmoid(200) is 1 in floating point and log(1 - 1) is infinite. Use the loss of exercise 1.2, which takes logits.",
)
def denoising_loss(model, x, x_noisy):
    p = model(x_noisy).sigmoid()
    return -(x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(dim=1).mean()


@mistake(
    "left_in_eval", "The model is left in evaluation mode: dropout and batch norm would be off for the rest of the training."
)
def denoising_loss(model, x, x_noisy):
    model.eval()
    return reconstruction_loss(model(x_noisy), x)


@mistake("left_in_training", "The model is set to training mode, whatever it was before. Leave its mode alone.")
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model.train()(x_noisy), x)


@mistake("called_twice", "The model is called on the clean images too. It is to see the noisy ones alone, and once.")
def denoising_loss(model, x, x_noisy):
    model(x)
    return reconstruction_loss(model(x_noisy), x)


@mistake("clamped", "The logits are clamped: a pixel that is wrong for certain costs too little. Use them as they are.")
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(model(x_noisy).clamp(-300, 300), x)


@mistake(
    "in_place", "x or x_noisy is overwritten (x -= ..., x_noisy[...] = ...): the caller still needs them. Compute new tensors."
)
def denoising_loss(model, x, x_noisy):
    logits = model(x_noisy)
    loss = reconstruction_loss(logits, x)
    x_noisy -= x
    return loss
