"""Probes of chapter 1: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
from torch import Tensor, nn

from autograde import probing
from autograde.probing import drawn_twice, gradient_sizes, gradients, in_both_modes, spread
from ganlib import autoencoder, training


class Affine(nn.Module):
    """A model whose logits are known: scale * x + shift."""

    def __init__(self, scale: float, shift: float) -> None:
        super().__init__()
        self.scale, self.shift, self.seen = nn.Parameter(torch.tensor([scale])), shift, 0

    def forward(self, x: Tensor) -> Tensor:
        self.seen += len(x)
        return self.scale * x + self.shift


def loss_gradient(output: Tensor, x: Tensor, kind: str) -> Tensor:
    """Derivatives of the reconstruction loss by ``output``; 0 where none arrives."""
    return gradients(autoencoder.reconstruction_loss(output.requires_grad_(), x, kind=kind), output)[0]


def salt_twice(x: Tensor, p: float, seed: int) -> tuple:
    """Two draws from one generator, and the state of torch's global generator before and after them."""
    return drawn_twice(lambda generator: autoencoder.corrupt_salt(x, p, generator=generator), seed)


def build(image_shape: tuple, latent_dim: int, seed: int, hidden_dim: int | None = 32) -> nn.Module:
    """The same model for the same seed, with weights twice as large as usual, so that its answers spread.

    ``hidden_dim=None`` leaves the width to its default.
    """
    training.seed_everything(seed)
    width = {} if hidden_dim is None else {"hidden_dim": hidden_dim}
    return spread(autoencoder.Autoencoder(image_shape, latent_dim=latent_dim, **width), 2)


def autoencode(image_shape: tuple, latent_dim: int, x: Tensor, seed: int, hidden_dim: int = 32) -> tuple:
    """encode(x), decode(encode(x)) and forward(x)."""
    model = build(image_shape, latent_dim, seed, hidden_dim)
    code = model.encode(x)
    return code, model.decode(code), model(x)


def encode_and_decode(
    image_shape: tuple, latent_dim: int, x: Tensor, z: Tensor, seed: int, hidden_dim: int | None = 32
) -> tuple[Tensor, Tensor]:
    """encode(x) and decode(z)."""
    model = build(image_shape, latent_dim, seed, hidden_dim)
    return model.encode(x), model.decode(z)


def slopes(image_shape: tuple, latent_dim: int, x: Tensor, z: Tensor, seed: int, hidden_dim: int) -> tuple[Tensor, Tensor]:
    """The derivatives of the summed code by the pixels, and of the summed logits by the code; a row for each image."""
    model = build(image_shape, latent_dim, seed, hidden_dim)
    return probing.slopes(model.encode, x), probing.slopes(model.decode, z)


def in_modes(image_shape: tuple, latent_dim: int, x: Tensor, seed: int) -> tuple[tuple, tuple]:
    """encode(x) and forward(x) in evaluation mode, and both in training mode."""
    model = build(image_shape, latent_dim, seed)
    return in_both_modes(model, lambda: (model.encode(x), model(x)))


def gradient_of_parameters(image_shape: tuple, x: Tensor, seed: int) -> dict[str, float]:
    """By name, the sum of the absolute derivatives of the squared output by a parameter; 0 if none arrives."""
    model = build(image_shape, 2, seed)
    return gradient_sizes(model, model(x).square().sum())


def denoising_loss(x: Tensor, x_noisy: Tensor, scale: float, shift: float) -> object:
    """The loss of the affine model."""
    return autoencoder.denoising_loss(Affine(scale, shift), x, x_noisy)


def denoising_gradient(x: Tensor, x_noisy: Tensor) -> Tensor:
    """Derivative of the loss by the model's one parameter; 0 if none arrives."""
    model = Affine(1.0, 0.0)
    return gradients(autoencoder.denoising_loss(model, x, x_noisy), model.scale)[0]


def images_seen(x: Tensor, x_noisy: Tensor) -> int:
    """How many images the model is shown for one loss."""
    model = Affine(1.0, 0.0)
    autoencoder.denoising_loss(model, x, x_noisy)
    return model.seen


def anomaly_score(x: Tensor, scale: float, shift: float) -> object:
    """The scores under the affine model."""
    return autoencoder.anomaly_score(Affine(scale, shift), x)


def anomaly_gradient(x: Tensor) -> Tensor:
    """Derivative of the scores by the model's one parameter; 0 if none arrives."""
    model = Affine(1.0, 0.0)
    return gradients(autoencoder.anomaly_score(model, x), model.scale)[0]


def after_call(function: str, on: bool, *images: Tensor) -> tuple[list[bool], list[Tensor]]:
    """Three switches and the images, as they are after a call before which each switch was ``on``.

    Is the model in training mode, does its parameter take a gradient, does torch record gradients?
    """
    model = Affine(1.0, 0.0).train(on).requires_grad_(on)
    with torch.set_grad_enabled(on):
        getattr(autoencoder, function)(model, *images)
        return [model.training, model.scale.requires_grad, torch.is_grad_enabled()], list(images)


def fit(images: Tensor, latent_dim: int, epochs: int, seed: int, loss_of) -> tuple[nn.Module, training.Run]:
    """Train an autoencoder with ``loss_of(model, batch, generator)``."""
    training.seed_everything(seed)
    model = autoencoder.Autoencoder(tuple(images.shape[1:]), latent_dim=latent_dim)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, fused=True)
    run = training.Run({"autoencoder": model}, {"adam": optimizer}, seed=seed)

    def step(x: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        loss = loss_of(model, x, generator)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    training.fit(step, images, run, epochs=epochs, batch_size=64, progress=False)
    return model, run


def train(train_images: Tensor, test_images: Tensor, latent_dim: int, epochs: int, seed: int = 0) -> tuple:
    """Codes of the training and the test images, and the reconstructions of the test images.

    They are decoded by a second model with the same weights, in another order: it has seen the codes and no image.
    """
    model, run = fit(
        train_images,
        latent_dim,
        epochs,
        seed,
        lambda model, x, generator: autoencoder.reconstruction_loss(model(x), x, kind="bce"),
    )
    with torch.no_grad():
        codes, test_codes = (model.encode(images.to(run.device)) for images in (train_images, test_images))
        decoder = autoencoder.Autoencoder(tuple(train_images.shape[1:]), latent_dim=latent_dim).to(run.device)
        decoder.load_state_dict(model.state_dict())
        return codes, test_codes, torch.sigmoid(decoder.decode(test_codes.flip(0))).flip(0)


def train_denoiser(train_images: Tensor, noisy_images: Tensor, latent_dim: int, epochs: int, seed: int = 0) -> Tensor:
    """Train on 20 % salt; returns what becomes of the noisy images."""

    def loss_of(model: nn.Module, x: Tensor, generator: torch.Generator) -> Tensor:
        # The noise is drawn here: this exercise does not build on corrupt_salt. On the CPU, as all randomness of a run is.
        hit = torch.rand(x.shape, generator=generator).to(x.device) < 0.2
        x_noisy = torch.where(hit, torch.ones_like(x), x)
        return autoencoder.denoising_loss(model, x, x_noisy)

    model, run = fit(train_images, latent_dim, epochs, seed, loss_of)
    with torch.no_grad():
        return torch.sigmoid(model(noisy_images.to(run.device)))
