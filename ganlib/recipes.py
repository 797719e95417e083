"""Models with the settings with which they were published, each as one command.

``python -m ganlib.training dcgan --data mnist`` trains the networks and the step that you wrote in the exercises, on a GPU
where there is one. It writes into ``runs/dcgan-mnist`` (or the folder that ``--out`` names):

- ``run.safetensors``: the whole run, after every epoch; the same command goes on from there, with the same numbers;
- ``samples/epoch-0001.png`` and so on: what the model makes of the same noise;
- ``history.json``: the settings, and what was measured in each epoch.
"""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from ganlib import data
from ganlib._checks import check_choice, check_count, check_seed
from ganlib._commands import DEVICES, begin_folder, check_folder, draw, guarded, whole, write_json
from ganlib.training import Run, Step, fit, pick_device, seed_everything

SAMPLES = 100  # in a picture, ten a row


@dataclass(frozen=True)
class Recipe:
    """The settings of one model: how long the noise is, how wide the networks are, and Adam's numbers.

    ``width`` is what the networks of the exercises call so (of the VAE: its hidden units). The length of the training is
    published in steps or in epochs; a step is one of the generator, for ``n_critic`` of the discriminator, each on a batch of its
    own.
    """

    latent_dim: int
    width: int
    batch_size: int
    lr: float
    betas: tuple[float, float]
    steps: int | None = None
    epochs: int | None = None
    n_critic: int = 1


# Adam's numbers of the GANs are those of Radford, Metz and Chintala (2016); the rest is what introductions print for 28 x 28
# pixels. The VAE of the exercise has two hidden layers of that width, where the printed one has one.
RECIPES = {
    "dcgan": Recipe(latent_dim=64, width=64, batch_size=100, lr=2e-4, betas=(0.5, 0.999), steps=50_000),
    "cgan": Recipe(latent_dim=64, width=64, batch_size=100, lr=2e-4, betas=(0.5, 0.999), steps=50_000),
    # Miyato et al. (2018) for CIFAR-10, as the paper has it, with the discriminator of the exercise.
    "sngan": Recipe(latent_dim=128, width=64, batch_size=64, lr=2e-4, betas=(0.0, 0.9), steps=100_000, n_critic=5),
    "vae": Recipe(latent_dim=2, width=512, batch_size=128, lr=1e-3, betas=(0.9, 0.999), epochs=50),
}


@dataclass(frozen=True, eq=False)
class Model:
    """A recipe made ready for one data set: what :func:`ganlib.training.fit` wants, and how to look at the result.

    ``sample()`` gives images in [0, 1], shape (N, C, H, W), in evaluation mode, always from the same noise.
    """

    run: Run
    step: Step
    images: Tensor
    labels: Tensor | None
    sample: Callable[[], Tensor]


def prepare(name: str, dataset: data.Dataset, seed: int = 0, device: str | torch.device = "auto") -> Model:
    """The networks, optimizers and step of a recipe, for the training part of a data set.

    Args:
        name: one of :data:`RECIPES`.
        dataset: the data; its training images may be changed in place.
        seed: of the weights, the order of the images and the noise.
        device: as for :class:`~ganlib.training.Run`.

    Raises:
        ValueError: if an argument is not as stated.
        NotImplementedError: if an exercise on which the recipe runs is not written yet.
    """
    check_choice(tuple(RECIPES), name=name)
    seed_everything(seed)
    build = {"dcgan": _dcgan, "cgan": _cgan, "sngan": _sngan, "vae": _vae}[name]
    return build(RECIPES[name], dataset, seed, pick_device(device))


def make_run(recipe: Recipe, seed: int, device: torch.device, **networks: nn.Module) -> Run:
    """A run of networks by name, each with an Adam of the recipe's numbers of the same name."""
    if device.type == "cpu":  # where convolutions of images whose channels lie side by side are faster, by a tenth
        networks = {name: network.to(memory_format=torch.channels_last) for name, network in networks.items()}
    networks = {name: network.to(device) for name, network in networks.items()}
    adam = dict(lr=recipe.lr, betas=recipe.betas, fused=True)
    optimizers = {name: torch.optim.Adam(network.parameters(), **adam) for name, network in networks.items()}
    return Run(networks, optimizers, seed, device)


def adversarial_step(run: Run, latent_dim: int) -> Step:
    """The step of ``fit`` that plays :func:`ganlib.gan.gan_step` with the run's generator and discriminator."""
    from ganlib.gan import gan_step

    players = _players(run)
    # Without noise for the generator's own step, its fakes are made once and serve both players.
    return lambda real, source: gan_step(*players, real, _noise(real, latent_dim, source))


def conditional_step(run: Run, latent_dim: int) -> Step:
    """The step of ``fit`` that plays :func:`ganlib.cgan.cgan_step`; the fakes are asked for the labels of the batch."""
    from ganlib.cgan import cgan_step

    players = _players(run)
    return lambda real, labels, source: cgan_step(*players, real, labels, _noise(real, latent_dim, source))


def hinge_step(run: Run, latent_dim: int, n_critic: int) -> Step:
    """The step of ``fit`` that plays by the hinge losses: ``n_critic`` steps of the discriminator, then one of the generator.

    A batch of ``fit`` holds the batches of all those steps; what does not divide evenly is cut off.
    """
    from ganlib.spectral import hinge_discriminator_loss, hinge_generator_loss

    generator, discriminator, opt_g, opt_d = _players(run)

    def step(images: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        n_steps = min(n_critic, len(images))  # the last batch of an epoch may hold fewer images than that
        size = len(images) // n_steps
        for real in images[: n_steps * size].split(size):
            with torch.no_grad():
                fake = generator(_noise(real, latent_dim, source))
            loss_d = hinge_discriminator_loss(discriminator(real), discriminator(fake))
            opt_d.zero_grad()
            loss_d.backward()
            opt_d.step()
        loss_g = hinge_generator_loss(discriminator(generator(_noise(real, latent_dim, source))))
        opt_g.zero_grad()
        loss_g.backward(inputs=list(generator.parameters()))
        opt_g.step()
        return {"d_loss": loss_d.detach(), "g_loss": loss_g.detach()}

    return step


def elbo_step(run: Run, latent_dim: int) -> Step:
    """The step of ``fit`` that raises :func:`ganlib.vae.elbo` of the run's model by its optimizer; records minus the ELBO."""
    from ganlib.vae import elbo

    model, optimizer = run.modules["model"], run.optimizers["model"]

    def step(x: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        logits, mu, logvar = model(x, _noise(x, latent_dim, source))
        loss = -elbo(logits, x, mu, logvar).total.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    return step


def _networks(recipe: Recipe, dataset: data.Dataset) -> tuple[nn.Module, nn.Module]:
    """The generator and the discriminator of a DCGAN, initialized as such."""
    from ganlib.dcgan import Discriminator, Generator, init_weights

    channels, side, _ = dataset.image_shape
    generator = Generator(recipe.latent_dim, channels, side, recipe.width).apply(init_weights)
    return generator, Discriminator(channels, side, recipe.width).apply(init_weights)


def _dcgan(recipe: Recipe, dataset: data.Dataset, seed: int, device: torch.device) -> Model:
    generator, discriminator = _networks(recipe, dataset)
    run = make_run(recipe, seed, device, generator=generator, discriminator=discriminator)
    z = _fixed_noise(recipe, device)
    sample = _evaluated(generator, lambda: (generator(z) + 1) / 2)
    return Model(run, adversarial_step(run, recipe.latent_dim), _signed(dataset), None, sample)


def _cgan(recipe: Recipe, dataset: data.Dataset, seed: int, device: torch.device) -> Model:
    from ganlib.cgan import ConditionalDiscriminator, ConditionalGenerator
    from ganlib.dcgan import init_weights

    (channels, side, _), n_classes = dataset.image_shape, len(dataset.classes)
    generator = ConditionalGenerator(recipe.latent_dim, n_classes, channels, side, recipe.width).apply(init_weights)
    discriminator = ConditionalDiscriminator(n_classes, channels, side, recipe.width).apply(init_weights)
    run = make_run(recipe, seed, device, generator=generator, discriminator=discriminator)
    z, labels = _fixed_noise(recipe, device), (torch.arange(SAMPLES) % n_classes).to(device)
    sample = _evaluated(generator, lambda: (generator(z, labels) + 1) / 2)
    return Model(run, conditional_step(run, recipe.latent_dim), _signed(dataset), dataset.train_labels, sample)


def _sngan(recipe: Recipe, dataset: data.Dataset, seed: int, device: torch.device) -> Model:
    from ganlib.spectral import apply_spectral_norm

    generator, discriminator = _networks(recipe, dataset)
    discriminator = apply_spectral_norm(discriminator)
    run = make_run(recipe, seed, device, generator=generator, discriminator=discriminator)
    z = _fixed_noise(recipe, device)
    sample = _evaluated(generator, lambda: (generator(z) + 1) / 2)
    return Model(run, hinge_step(run, recipe.latent_dim, recipe.n_critic), _signed(dataset), None, sample)


def _vae(recipe: Recipe, dataset: data.Dataset, seed: int, device: torch.device) -> Model:
    from ganlib.vae import VAE

    model = VAE(dataset.image_shape, recipe.latent_dim, recipe.width)
    run = make_run(recipe, seed, device, model=model)
    z = _fixed_noise(recipe, device)
    sample = _evaluated(model, lambda: model.decode(z).sigmoid())
    return Model(run, elbo_step(run, recipe.latent_dim), dataset.train_images, None, sample)


def _players(run: Run) -> tuple[nn.Module, nn.Module, torch.optim.Optimizer, torch.optim.Optimizer]:
    names = ("generator", "discriminator")
    return *(run.modules[name] for name in names), *(run.optimizers[name] for name in names)


def _noise(batch: Tensor, latent_dim: int, source: torch.Generator) -> Tensor:
    # Drawn on the CPU, so that it is the same on every device.
    return torch.randn(len(batch), latent_dim, generator=source).to(batch.device, non_blocking=True)


def _fixed_noise(recipe: Recipe, device: torch.device) -> Tensor:
    return torch.randn(SAMPLES, recipe.latent_dim, generator=torch.Generator().manual_seed(0)).to(device)


def _signed(dataset: data.Dataset) -> Tensor:
    """The training images in [-1, 1], in the memory in which they are: a large set is there once."""
    return dataset.train_images.mul_(2).sub_(1)


def _evaluated(network: nn.Module, draw: Callable[[], Tensor]) -> Callable[[], Tensor]:
    @torch.no_grad()
    def sample() -> Tensor:
        was_training = network.training
        network.eval()
        try:
            return draw().cpu()
        finally:
            network.train(was_training)

    return sample


def steps_an_epoch(n: int, batch_size: int) -> int:
    """How many batches ``fit`` makes of n images: the last may be smaller, one image left over joins the batch before."""
    return max(1, math.ceil(n / batch_size) - (n % batch_size == 1 < batch_size))


# The command


def main(arguments: Sequence[str] | None = None) -> int:
    """Train one recipe. Exit status 0: done; 2: it could not be done, and one message says why; 130: stopped."""
    parser = _parser()
    options = parser.parse_args(arguments)
    return guarded(lambda: _train(options), parser)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ganlib.training",
        description="Train a model with the settings with which it was published; the same command goes on where it was stopped.",
    )
    parser.add_argument("recipe", help=f"the model: {', '.join(RECIPES)}")
    images = f"the images: {', '.join(data.NAMES).replace('_', '-')}; digits need no files (default: mnist)"
    parser.add_argument("--data", default="mnist", metavar="NAME", help=images)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=whole, metavar="N", help="how often each image is seen (default: as published)")
    length.add_argument("--steps", type=whole, metavar="N", help="the same in steps, rounded to whole epochs")
    parser.add_argument("--batch-size", type=whole, metavar="N", help="images a step of each network (default: as published)")
    parser.add_argument("--limit", type=whole, metavar="N", help="only the first N training images, for a quick try")
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="seed of weights, order and noise (default: 0)")
    parser.add_argument("--device", default="auto", help=DEVICES)
    written = "where checkpoints, samples and the history are written (default: runs/RECIPE-DATA)"
    parser.add_argument("--out", type=Path, metavar="FOLDER", help=written)
    return parser


def _train(options: argparse.Namespace) -> None:
    name, source = options.recipe, options.data.replace("-", "_")
    check_choice(tuple(RECIPES), recipe=name)
    check_choice([each.replace("_", "-") for each in data.NAMES], data=source.replace("_", "-"))
    recipe = RECIPES[name]
    batch_size = recipe.batch_size if options.batch_size is None else options.batch_size
    check_count(batch_size=batch_size)
    for minimum, given in ((2, "limit"), (0, "epochs"), (1, "steps")):
        if getattr(options, given) is not None:
            check_count(minimum, **{given: getattr(options, given)})
    check_seed(options.seed)
    device = pick_device(options.device)
    settings = {"recipe": name, "data": source, "limit": options.limit, "seed": options.seed}
    settings |= asdict(recipe) | {"batch_size": batch_size}
    out = options.out or Path("runs") / f"{name}-{options.data}"
    check_folder(out, settings, {"n_critic": 1})  # runs of before it was a setting

    model = prepare(name, data.load(source, size=16 if source == "digits" else None), options.seed, device)
    images, labels = model.images[: options.limit], None if model.labels is None else model.labels[: options.limit]
    batch = batch_size * recipe.n_critic
    epochs = _epochs(recipe, options, steps_an_epoch(len(images), batch))
    print(f"{name} on {source}: {len(images)} images, {epochs} epochs, on {model.run.device}; written to {out}", flush=True)

    def after_epoch() -> None:
        history = model.run.history
        write_json(out / "history.json", {"settings": settings, "seconds": history.seconds, "history": history.values})
        draw(model.sample(), 10, out / "samples" / f"epoch-{history.epochs:04}.png")

    if epochs:
        begin_folder(out, settings)
    fit(
        *(model.step, images, model.run),
        epochs=epochs,
        batch_size=batch,
        labels=labels,
        checkpoint=out / "run.safetensors",
        after_epoch=after_epoch,
    )
    if epochs:
        after_epoch()  # once more: a run that died between its checkpoint and these files lacks them
    print(f"{model.run.history.epochs} epochs are done: {out}")


def _epochs(recipe: Recipe, options: argparse.Namespace, an_epoch: int) -> int:
    """How many epochs were asked for; where that was in steps, what they are rounded to is told."""
    if options.epochs is not None:
        return options.epochs
    steps = options.steps or recipe.steps
    if steps is None:
        return recipe.epochs
    epochs = max(1, round(steps / an_epoch))
    if epochs * an_epoch != steps:
        rounded = f"rounded to {epochs} epochs, {epochs * an_epoch} steps"
        print(f"{steps} steps are {steps / an_epoch:.4g} epochs of {an_epoch}: {rounded}")
    return epochs
