"""Probes of chapter 1: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
from torch import Tensor, nn

from ganlib import autoencoder, training


class Affine(nn.Module):
    """A model whose logits are known: scale * x + shift."""

    def __init__(self, scale: float, shift: float) -> None:
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.tensor([scale])), shift

    def forward(self, x: Tensor) -> Tensor:
        return self.scale * x + self.shift


def input_after_salt(x: Tensor, p: float, seed: int) -> Tensor:
    """The images that were passed in, as they are after the call."""
    autoencoder.corrupt_salt(x, p, generator=torch.Generator().manual_seed(seed))
    return x


def build(image_shape: tuple, latent_dim: int, seed: int) -> nn.Module:
    """The same model for the same seed, with weights twice as large as usual, so that its answers spread."""
    training.seed_everything(seed)
    model = autoencoder.Autoencoder(image_shape, latent_dim=latent_dim, hidden_dim=32)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)
    return model.eval()


def autoencode(image_shape: tuple, latent_dim: int, x: Tensor, seed: int) -> tuple:
    """encode(x), decode(encode(x)) and forward(x)."""
    model = build(image_shape, latent_dim, seed)
    code = model.encode(x)
    return code, model.decode(code), model(x)


def parameters_without_gradient(image_shape: tuple, x: Tensor, seed: int) -> list[str]:
    """Names of the parameters that the output does not depend on."""
    model = build(image_shape, 2, seed)
    model(x).square().sum().backward()
    return [name for name, parameter in model.named_parameters() if parameter.grad is None or not parameter.grad.any()]


def denoising_loss(x: Tensor, x_noisy: Tensor, scale: float, shift: float) -> object:
    """The loss of the affine model."""
    return autoencoder.denoising_loss(Affine(scale, shift), x, x_noisy)


def denoising_gradient(x: Tensor, x_noisy: Tensor) -> Tensor:
    """Derivative of the loss by the model's one parameter; 0 if none arrives."""
    model = Affine(1.0, 0.0)
    loss = autoencoder.denoising_loss(model, x, x_noisy)
    if loss.requires_grad:
        loss.backward()
    return torch.zeros(1) if model.scale.grad is None else model.scale.grad


def anomaly_score(x: Tensor, scale: float, shift: float) -> object:
    """The scores under the affine model."""
    return autoencoder.anomaly_score(Affine(scale, shift), x)


def anomaly_score_tracks_gradient(x: Tensor) -> bool:
    """Whether the scores carry a gradient to the model."""
    return bool(autoencoder.anomaly_score(Affine(1.0, 0.0), x).requires_grad)


def fit(images: Tensor, latent_dim: int, epochs: int, seed: int, loss_of) -> tuple[nn.Module, training.Run]:
    """Train an autoencoder with ``loss_of(model, batch, generator)``."""
    training.seed_everything(seed)
    model = autoencoder.Autoencoder(tuple(images.shape[1:]), latent_dim=latent_dim)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
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
    """Codes of the training and the test images, and the reconstructions of the test images."""
    model, run = fit(
        train_images,
        latent_dim,
        epochs,
        seed,
        lambda model, x, generator: autoencoder.reconstruction_loss(model(x), x, kind="bce"),
    )
    with torch.no_grad():
        codes, test_codes = (model.encode(images.to(run.device)) for images in (train_images, test_images))
        return codes, test_codes, torch.sigmoid(model.decode(test_codes))


def train_denoiser(train_images: Tensor, noisy_images: Tensor, latent_dim: int, epochs: int, seed: int = 0) -> Tensor:
    """Train on 20 % salt; returns what becomes of the noisy images."""

    def loss_of(model: nn.Module, x: Tensor, generator: torch.Generator) -> Tensor:
        # The noise is drawn on the CPU, as all randomness of a run is.
        x_noisy = autoencoder.corrupt_salt(x.cpu(), 0.2, generator=generator).to(x.device)
        return autoencoder.denoising_loss(model, x, x_noisy)

    model, run = fit(train_images, latent_dim, epochs, seed, loss_of)
    with torch.no_grad():
        return torch.sigmoid(model(noisy_images.to(run.device)))
