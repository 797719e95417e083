"""Two contenders of ``speed.py`` in PyTorch, ``ours`` and ``plain``, on the same networks: see there."""

import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from speed_worker import serve
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torch.utils.flop_counter import FlopCounterMode
from torchvision import transforms

from ganlib import cyclegan, recipes, translation
from ganlib.dcgan import Discriminator, Generator, init_weights
from ganlib.training import Run, fit, seed_everything
from ganlib.upsampling import fuse_upsampling
from ganlib.vae import reparameterize
from ganlib.wasserstein import wgan_step

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
LATENT_DIM, PIXELS = 64, 28 * 28

# --- the networks, the same for both


def dcgan() -> tuple[nn.Module, nn.Module]:
    """The networks of chapter 5 for 28 x 28 pixels."""
    networks = Generator(LATENT_DIM, 1, 28, 64), Discriminator(1, 28, 64)
    return tuple(network.apply(init_weights) for network in networks)


def perceptrons() -> tuple[nn.Sequential, nn.Sequential]:
    """A generator and a discriminator, or critic, without convolutions."""
    sizes, layers = (LATENT_DIM, 128, 256, 512), []
    for n, m in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(n, m), nn.LeakyReLU(0.2), nn.BatchNorm1d(m, momentum=0.2)]
    generator = nn.Sequential(*layers, nn.Linear(512, PIXELS), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))
    hidden = [nn.Linear(PIXELS, 256), nn.LeakyReLU(0.2), nn.Linear(256, 128), nn.LeakyReLU(0.2)]
    return generator, nn.Sequential(nn.Flatten(), *hidden, nn.Linear(128, 1), nn.Flatten(0))


class LabeledGenerator(nn.Module):
    """A perceptron of noise times the vector of the label."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.layers = nn.Embedding(10, LATENT_DIM), perceptrons()[0]

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        return self.layers(z * self.embedding(labels))


class LabeledDiscriminator(nn.Module):
    """A perceptron of the image times an image of the label; logits."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.layers = nn.Embedding(10, PIXELS), perceptrons()[1]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return self.layers(x.flatten(1) * self.embedding(labels))


class OneLayerVAE(nn.Module):
    """784-512-2-512-784."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, 512), nn.ReLU())
        self.to_mu, self.to_logvar = nn.Linear(512, 2), nn.Linear(512, 2)
        self.decoder = nn.Sequential(nn.Linear(2, 512), nn.ReLU(), nn.Linear(512, PIXELS), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = self.encoder(x)
        mu, logvar = self.to_mu(hidden), self.to_logvar(hidden)
        return self.decoder(reparameterize(mu, logvar, eps)), mu, logvar


def translators() -> cyclegan.Networks:
    torch.manual_seed(0)
    generators = (cyclegan.UNetGenerator(3, 32, depth=4) for _ in range(2))
    return cyclegan.Networks(*generators, *(cyclegan.PatchDiscriminator(3, 64) for _ in range(2)))


def two_domains(images: np.ndarray) -> list[tuple[Tensor, Tensor]]:
    """Pairs of one picture each, 128 x 128 in color: the cost does not depend on what they show."""
    source = torch.Generator().manual_seed(1)
    return [tuple(torch.rand(2, 1, 3, 128, 128, generator=source) * 2 - 1) for _ in images]


# --- ours: the course's steps in the course's loop


def ours(
    networks: dict[str, nn.Module], step: Callable, latent_dim: int, lr: float, betas: tuple[float, float]
) -> tuple[Run, Callable]:
    """The run and the step of these networks, made as those of the recipes are."""
    recipe = recipes.Recipe(latent_dim=latent_dim, width=0, batch_size=0, lr=lr, betas=betas)
    run = recipes.make_run(recipe, 0, torch.device("cpu"), **networks)
    return run, step(run, latent_dim)


def epochs_of_fit(run: Run, step: Callable, images: Tensor, batch_size: int, labels: Tensor | None = None) -> Callable:
    """A round: one more epoch of the run."""
    epoch = itertools.count(1)
    return lambda: fit(step, images, run, epochs=next(epoch), batch_size=batch_size, labels=labels, progress=False)


def our_game(make: Callable, step: Callable, labeled: bool, images: np.ndarray, labels: np.ndarray) -> Callable:
    seed_everything(0)
    networks = dict(zip(("generator", "discriminator"), make(), strict=True))
    run, step = ours(networks, step, LATENT_DIM, 2e-4, (0.5, 0.999))
    x = torch.tensor(images)[:, None].float() / 127.5 - 1
    return epochs_of_fit(run, step, x, 100, torch.tensor(labels) if labeled else None)


def our_vae(images: np.ndarray, labels: np.ndarray) -> Callable:
    seed_everything(0)
    run, step = ours({"model": OneLayerVAE()}, recipes.elbo_step, 2, 1e-3, (0.9, 0.999))
    return epochs_of_fit(run, step, torch.tensor(images)[:, None].float() / 255, 128)


def our_wgan(images: np.ndarray, labels: np.ndarray) -> Callable:
    seed_everything(0)
    generator, critic = perceptrons()
    opt_g, opt_c = (torch.optim.RMSprop(network.parameters(), lr=5e-5, foreach=True) for network in (generator, critic))
    run = Run({"generator": generator, "critic": critic}, {"g": opt_g, "c": opt_c}, 0, torch.device("cpu"))

    def step(real: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        z = torch.randn(len(real) * 6 // 5, LATENT_DIM, generator=source)
        return wgan_step(generator, critic, opt_g, opt_c, real, z, clip=0.01)

    return epochs_of_fit(run, step, torch.tensor(images)[:, None].float() / 127.5 - 1, 500)


def our_cyclegan(images: np.ndarray, labels: np.ndarray) -> Callable:
    networks, pools = translators(), (cyclegan.ImagePool(), cyclegan.ImagePool())
    for generator in networks[:2]:
        fuse_upsampling(generator)
    adam = dict(lr=2e-4, betas=(0.5, 0.999), fused=True)
    optimizers = {
        "generators": torch.optim.Adam(networks.parameters("to_y", "to_x"), **adam),
        "discriminators": torch.optim.Adam(networks.parameters("of_x", "of_y"), **adam),
    }
    run = Run(networks._asdict(), optimizers, 0, torch.device("cpu"))
    x, y = (torch.cat(domain) for domain in zip(*two_domains(images), strict=True))
    settings = translation.Settings(lambda_identity=0.1, mirror=False)
    return epochs_of_fit(run, translation.translation_step(run, networks, pools, y, settings), x, 1)


# --- plain: the loop as introductions to PyTorch have it


class Pictures(Dataset):
    """As torchvision's data sets: each item is made a PIL image, and transformed."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform: Callable) -> None:
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.transform(Image.fromarray(self.images[index])), int(self.labels[index])


def plain_game(make: Callable, labeled: bool, images: np.ndarray, labels: np.ndarray) -> Callable:
    seed_everything(0)
    generator, discriminator = make()
    adam = dict(lr=2e-4, betas=(0.5, 0.999))
    opt_g, opt_d = (torch.optim.Adam(network.parameters(), **adam) for network in (generator, discriminator))
    criterion = nn.BCELoss()
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    loader = DataLoader(Pictures(images, labels, transform), batch_size=100, shuffle=True)

    def epoch() -> None:
        for images, digits in loader:
            told = (digits,) if labeled else ()
            real, fake = torch.ones(len(images)), torch.zeros(len(images))

            opt_d.zero_grad()
            loss_real = criterion(torch.sigmoid(discriminator(images, *told)), real)
            loss_real.backward()
            noise = torch.randn(len(images), LATENT_DIM)
            generated = generator(noise, *told)
            loss_fake = criterion(torch.sigmoid(discriminator(generated.detach(), *told)), fake)
            loss_fake.backward()
            opt_d.step()

            opt_g.zero_grad()
            noise = torch.randn(len(images), LATENT_DIM)
            loss_g = criterion(torch.sigmoid(discriminator(generator(noise, *told), *told)), real)
            loss_g.backward()
            opt_g.step()
            (loss_real + loss_fake).item(), loss_g.item()

    return epoch


def plain_wgan(images: np.ndarray, labels: np.ndarray) -> Callable:
    seed_everything(0)
    generator, critic = perceptrons()
    opt_g, opt_c = (torch.optim.RMSprop(network.parameters(), lr=5e-5) for network in (generator, critic))
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    loader = DataLoader(Pictures(images, labels, transform), batch_size=100, shuffle=True)

    def epoch() -> None:
        for k, (real, _) in enumerate(loader, start=1):
            opt_c.zero_grad()
            fake = generator(torch.randn(len(real), LATENT_DIM)).detach()
            loss_c = -torch.mean(critic(real)) + torch.mean(critic(fake))
            loss_c.backward()
            opt_c.step()
            for parameter in critic.parameters():
                parameter.data.clamp_(-0.01, 0.01)
            loss_c.item()
            if k % 5 == 0:
                opt_g.zero_grad()
                loss_g = -torch.mean(critic(generator(torch.randn(len(real), LATENT_DIM))))
                loss_g.backward()
                opt_g.step()
                loss_g.item()

    return epoch


def plain_vae(images: np.ndarray, labels: np.ndarray) -> Callable:
    seed_everything(0)
    model = OneLayerVAE()
    optimizer = torch.optim.Adam(model.parameters())
    loader = DataLoader(Pictures(images, labels, transforms.ToTensor()), batch_size=128, shuffle=True)

    def epoch() -> None:
        for x, _ in loader:
            optimizer.zero_grad()
            logits, mu, logvar = model(x, torch.randn(len(x), 2))
            reconstruction = nn.functional.binary_cross_entropy(torch.sigmoid(logits), x, reduction="sum")
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = reconstruction + kl
            loss.backward()
            optimizer.step()
            loss.item()

    return epoch


def plain_cyclegan(images: np.ndarray, labels: np.ndarray) -> Callable:
    """As introductions have it: every player translates for itself, and slopes of players that wait are computed, too."""
    nets, batches = translators(), two_domains(images)
    adam = dict(lr=2e-4, betas=(0.5, 0.999))
    opt_g = torch.optim.Adam(itertools.chain(nets.to_y.parameters(), nets.to_x.parameters()), **adam)
    opt_x, opt_y = (torch.optim.Adam(net.parameters(), **adam) for net in (nets.of_x, nets.of_y))
    mse, l1 = nn.MSELoss(), nn.L1Loss()

    def judge(optimizer: torch.optim.Optimizer, network: nn.Module, real: Tensor, fake: Tensor) -> float:
        optimizer.zero_grad()
        good, bad = network(real), network(fake.detach())
        loss = (mse(good, torch.ones_like(good)) + mse(bad, torch.zeros_like(bad))) / 2
        loss.backward()
        optimizer.step()
        return loss.item()

    def step(x: Tensor, y: Tensor) -> None:
        opt_g.zero_grad()
        same = l1(nets.to_x(x), x) + l1(nets.to_y(y), y)
        fake_y, fake_x = nets.to_y(x), nets.to_x(y)
        score_y, score_x = nets.of_y(fake_y), nets.of_x(fake_x)
        adversarial = mse(score_y, torch.ones_like(score_y)) + mse(score_x, torch.ones_like(score_x))
        cycle = l1(nets.to_x(fake_y), x) + l1(nets.to_y(fake_x), y)
        loss = adversarial + 10 * cycle + same
        loss.backward()
        opt_g.step()
        loss.item(), judge(opt_x, nets.of_x, x, nets.to_x(y)), judge(opt_y, nets.of_y, y, nets.to_y(x))

    return lambda: [step(*batch) for batch in batches]


GAMES = {
    "dcgan": (dcgan, recipes.adversarial_step, False),
    "cgan": (lambda: (LabeledGenerator(), LabeledDiscriminator()), recipes.conditional_step, True),
}


def contender(name: str) -> dict[str, Callable]:
    """The models of one contender by name."""
    is_ours = name == "ours"
    mine, others = (our_vae, our_wgan, our_cyclegan), (plain_vae, plain_wgan, plain_cyclegan)
    models: dict[str, Callable] = dict(zip(("vae", "wgan", "cyclegan"), mine if is_ours else others, strict=True))
    for game, (make, step, labeled) in GAMES.items():
        if is_ours:
            models[game] = lambda *data, make=make, step=step, labeled=labeled: our_game(make, step, labeled, *data)
        else:
            models[game] = lambda *data, make=make, labeled=labeled: plain_game(make, labeled, *data)
    return models


def profile(one_round: Callable[[], object]) -> list[tuple[str, float]]:
    """Share of the time that each operator itself takes, the largest first."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as found:
        one_round()
    events = [(event.key, event.self_cpu_time_total) for event in found.key_averages()]
    total = sum(microseconds for _, microseconds in events)
    return sorted(((key, microseconds / total) for key, microseconds in events), key=lambda pair: -pair[1])


def operations(one_round: Callable[[], object]) -> int:
    """How many additions and multiplications its convolutions and products of matrices take."""
    with FlopCounterMode(display=False) as counter:
        one_round()
    return counter.get_total_flops()


def pace(one_round: Callable[[], object]) -> float:
    """Operations a second, as a share of those in the product of two matrices of 1024 x 1024: median of five turns."""
    factor = torch.ones(1024, 1024)
    works = (one_round, lambda: factor @ factor)
    counts = [operations(work) for work in works]

    def turn() -> float:
        step, product = (count / seconds(work) for count, work in zip(counts, works, strict=True))
        return step / product

    return statistics.median(turn() for _ in range(5))


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run of some work that is repeated for half a second."""
    began, repeats = time.process_time(), 0
    while repeats == 0 or time.process_time() - began < 0.5:
        work()
        repeats += 1
    return (time.process_time() - began) / repeats


if __name__ == "__main__":
    serve(contender(sys.argv[1]), profile=profile, operations=operations, pace=pace)
