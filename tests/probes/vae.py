"""Probes of chapter 2: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
from torch import Tensor

from ganlib import training, vae


def reparameterize_gradients(mu: Tensor, logvar: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """Derivatives of each entry of z by mu and by logvar; 0 where none arrives."""
    mu, logvar = mu.requires_grad_(), logvar.requires_grad_()
    total = vae.reparameterize(mu, logvar, eps).sum()
    if not total.requires_grad:
        return torch.zeros_like(mu), torch.zeros_like(logvar)
    gradients = torch.autograd.grad(total, (mu, logvar), allow_unused=True)
    return tuple(torch.zeros_like(mu) if gradient is None else gradient for gradient in gradients)


def build(image_shape: tuple, latent_dim: int, hidden_dim: int, seed: int) -> torch.nn.Module:
    """The same model for the same seed, with weights three times as large as usual, so that its answers spread."""
    training.seed_everything(seed)
    model = vae.VAE(image_shape, latent_dim=latent_dim, hidden_dim=hidden_dim)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)
    return model.eval()


def forward(image_shape: tuple, latent_dim: int, hidden_dim: int, x: Tensor, eps: Tensor, seed: int) -> object:
    """What ``VAE.forward`` returns."""
    return build(image_shape, latent_dim, hidden_dim, seed)(x, eps)


def decode(image_shape: tuple, latent_dim: int, hidden_dim: int, z: Tensor, seed: int) -> object:
    """What ``VAE.decode`` returns."""
    return build(image_shape, latent_dim, hidden_dim, seed).decode(z)


def parameters_without_gradient(image_shape: tuple, x: Tensor, eps: Tensor, seed: int) -> list[str]:
    """Names of the parameters that the outputs do not depend on."""
    model = build(image_shape, 2, 32, seed)
    logits, mu, logvar = model(x, eps)
    (logits.square().sum() + mu.square().sum() + logvar.square().sum()).backward()
    return [name for name, parameter in model.named_parameters() if parameter.grad is None or not parameter.grad.any()]


def train(train_images: Tensor, test_images: Tensor, latent_dim: int, beta: float, epochs: int, seed: int = 0) -> tuple:
    """Train a VAE; returns logits, mu and logvar of the test images, and 2000 mean images of samples of the prior."""
    training.seed_everything(seed)
    model = vae.VAE(tuple(train_images.shape[1:]), latent_dim=latent_dim)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    run = training.Run({"vae": model}, {"adam": optimizer}, seed=seed)

    def forward(x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        return model(x, torch.randn(len(x), latent_dim, generator=generator).to(x.device))

    def step(x: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        logits, mu, logvar = forward(x, generator)
        total, _, _ = vae.elbo(logits, x, mu, logvar, beta)
        loss = -total.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    training.fit(step, train_images, run, epochs=epochs, batch_size=64, progress=False)
    with torch.no_grad():
        logits, mu, logvar = forward(test_images.to(run.device), run.generator)
        z = torch.randn(2000, latent_dim, generator=run.generator)
        samples = torch.sigmoid(model.decode(z.to(run.device)))
    return logits, mu, logvar, samples
