"""Probes of chapter 2: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
from torch import Tensor

from autograde import probing
from autograde.probing import drawn_twice, gradient_sizes, gradients, in_both_modes, spread
from ganlib import training, vae


def reparameterize_gradients(mu: Tensor, logvar: Tensor, eps: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of each entry of z by mu and by logvar; 0 where none arrives."""
    return gradients(vae.reparameterize(mu.requires_grad_(), logvar.requires_grad_(), eps), mu, logvar)


def kl_gradients(mu: Tensor, logvar: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of the summed divergence by mu and by logvar; 0 where none arrives."""
    return gradients(vae.kl_standard_normal(mu.requires_grad_(), logvar.requires_grad_()), mu, logvar)


def elbo_gradients(logits: Tensor, x: Tensor, mu: Tensor, logvar: Tensor, beta: float) -> tuple[Tensor, ...]:
    """Derivatives of the summed bound by logits, mu and logvar; 0 where none arrives."""
    inputs = [value.requires_grad_() for value in (logits, mu, logvar)]
    return gradients(vae.elbo(logits, x, mu, logvar, beta)[0], *inputs)


def build(image_shape: tuple, latent_dim: int, hidden_dim: int | None, seed: int) -> torch.nn.Module:
    """The same model for the same seed, with weights three times as large as usual, so that its answers spread.

    ``hidden_dim=None`` leaves the width to its default.
    """
    training.seed_everything(seed)
    width = {} if hidden_dim is None else {"hidden_dim": hidden_dim}
    return spread(vae.VAE(image_shape, latent_dim=latent_dim, **width), 3)


def forward(image_shape: tuple, latent_dim: int, hidden_dim: int, x: Tensor, eps: Tensor, seed: int) -> object:
    """What ``VAE.forward`` returns."""
    return build(image_shape, latent_dim, hidden_dim, seed)(x, eps)


def decode(image_shape: tuple, latent_dim: int, hidden_dim: int, z: Tensor, seed: int) -> object:
    """What ``VAE.decode`` returns."""
    return build(image_shape, latent_dim, hidden_dim, seed).decode(z)


def encode_and_decode(
    image_shape: tuple, latent_dim: int, hidden_dim: int | None, x: Tensor, z: Tensor, seed: int
) -> tuple[Tensor, Tensor, Tensor]:
    """mu and logvar of the images, and the logits of the codes."""
    model = build(image_shape, latent_dim, hidden_dim, seed)
    return *model.encode(x), model.decode(z)


def slopes(
    image_shape: tuple, latent_dim: int, hidden_dim: int, x: Tensor, z: Tensor, seed: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The derivatives of the summed mu and logvar by the pixels, and of the summed logits by z; a row for each image."""
    model = build(image_shape, latent_dim, hidden_dim, seed)
    by_pixels = [probing.slopes(lambda images, part=part: model.encode(images)[part], x.clone()) for part in (0, 1)]
    return *by_pixels, probing.slopes(model.decode, z)


def in_modes(image_shape: tuple, latent_dim: int, x: Tensor, eps: Tensor, seed: int) -> tuple[tuple, tuple]:
    """What ``VAE.forward`` returns in evaluation mode, and what in training mode."""
    model = build(image_shape, latent_dim, 32, seed)
    return in_both_modes(model, lambda: model(x, eps))


def arguments_after_forward(image_shape: tuple, x: Tensor, eps: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Images and noise, as they are after ``VAE.forward``."""
    model = build(image_shape, eps.shape[1], 32, seed)
    with torch.no_grad():
        model(x, eps)
    return x, eps


def gradient_of_parameters(image_shape: tuple, x: Tensor, eps: Tensor, seed: int) -> dict[str, float]:
    """By name, the sum of the absolute derivatives of the squared outputs by a parameter; 0 if none arrives."""
    model = build(image_shape, 2, 32, seed)
    logits, mu, logvar = model(x, eps)
    return gradient_sizes(model, logits.square().sum() + mu.square().sum() + logvar.square().sum())


def estimate_twice(function: str, mu: float, n: int, seed: int) -> tuple:
    """Two calls with one generator, and the state of torch's global generator before and after them."""
    return drawn_twice(lambda generator: getattr(vae, function)(mu, n, generator=generator), seed)


def train(train_images: Tensor, test_images: Tensor, latent_dim: int, beta: float, epochs: int, seed: int = 0) -> tuple:
    """Train a VAE; returns logits, mu and logvar of the test images, and 2000 mean images of samples of the prior.

    All are decoded by a second model with the same weights, the images in another order: it has seen the codes and no image.
    """
    training.seed_everything(seed)
    model = vae.VAE(tuple(train_images.shape[1:]), latent_dim=latent_dim)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, fused=True)
    run = training.Run({"vae": model}, {"adam": optimizer}, seed=seed)

    def step(x: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        logits, mu, logvar = model(x, torch.randn(len(x), latent_dim, generator=generator).to(x.device))
        total, _, _ = vae.elbo(logits, x, mu, logvar, beta)
        loss = -total.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    training.fit(step, train_images, run, epochs=epochs, batch_size=64, progress=False)
    with torch.no_grad():
        mu, logvar = model.encode(test_images.to(run.device))
        eps = torch.randn(len(test_images), latent_dim, generator=run.generator).to(run.device)
        decoder = vae.VAE(tuple(train_images.shape[1:]), latent_dim=latent_dim).to(run.device)
        decoder.load_state_dict(model.state_dict())
        logits = decoder.decode((mu + logvar.div(2).exp() * eps).flip(0)).flip(0)
        z = torch.randn(2000, latent_dim, generator=run.generator)
        samples = torch.sigmoid(decoder.decode(z.to(run.device)))
    return logits, mu, logvar, samples
