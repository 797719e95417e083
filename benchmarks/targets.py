"""The targets of the course on ten seeds: ``make bench`` measures them and writes the table into benchmarks/README.md.

``make bench ARGS='--chapters 3 5'`` measures those chapters alone, and leaves the other rows of the table.

The models are trained by the very probes that the graded tests use, so what is measured is what is graded.
"""

import argparse
import math
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from autograde.client import Session
from ganlib import data, facades, features

README = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Target:
    """One number to reach; ``at_most`` tells in which direction.

    ``graded`` is the bound of the graded test, where that is to hold for any right architecture.
    """

    chapter: int
    what: str
    bound: float
    at_most: bool
    graded: float | None = None

    def holds(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


def autoencoder(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 1: a code of two numbers, and denoising."""
    codes, test_codes, images = ask("autoencoder", "train", digits.train_images, digits.test_images, 2, 100, seed)
    noisy = digits.test_images.clone()
    noisy[torch.rand(noisy.shape, generator=torch.Generator().manual_seed(1000 + seed)) < 0.2] = 1.0
    denoised = ask("autoencoder", "train_denoiser", digits.train_images, noisy, 32, 100, seed)
    neighbors = features.knn_accuracy(codes, digits.train_labels, test_codes, digits.test_labels)
    return {
        Target(1, "autoencoder, 2 dimensions: squared error per pixel", 0.036, True): squared_error(images, digits.test_images),
        Target(1, "autoencoder, 2 dimensions: nearest-neighbor accuracy", 0.80, False): neighbors,
        Target(1, "denoising, 32 dimensions: squared error per pixel", 0.022, True): squared_error(denoised, digits.test_images),
    }


def vae(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 2: two dimensions, eight dimensions, and collapse."""
    train = ("vae", "train", digits.train_images, digits.test_images)
    logits, mu, logvar, samples = ask(*train, 2, 1.0, 100, seed)
    bound = elbo(logits, digits.test_images, mu, logvar)
    *_, samples_8 = ask(*train, 8, 1.0, 100, seed)
    _, mu, logvar, _ = ask(*train, 2, 50.0, 15, seed)
    kl = divergence(mu, logvar)
    return {
        Target(2, "VAE, 2 dimensions: test -ELBO in nats", 25.0, True): -float(bound.mean()),
        Target(2, "VAE, 2 dimensions: digits among 2000 prior samples", 10, False): float(
            (features.mode_counts(samples) > 0).sum()
        ),
        Target(2, "VAE, 2 dimensions: nFD of prior samples", 0.15, True): features.normalized_frechet(
            digits.test_images, samples
        ),
        Target(2, "VAE, 8 dimensions: nFD of prior samples", 0.10, True): features.normalized_frechet(
            digits.test_images, samples_8
        ),
        Target(2, "VAE, beta = 50: KL in nats", 0.005, True): float(kl.mean()),
    }


def gan(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 3: the game on the line, N(4, 0.5^2)."""
    samples = ask("gan", "play", 1500, seed)
    return {
        Target(3, "game on the line: distance of the mean from 4", 0.15, True): float((samples.mean() - 4).abs()),
        Target(3, "game on the line: least standard deviation", 0.15, False): float(samples.std()),
        Target(3, "game on the line: largest standard deviation", 0.7, True): float(samples.std()),
    }


def metrics(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 4: what the metrics say of real digits, of noise and of one digit alone, at 16 x 16 pixels."""
    digits = data.load("digits", size=16)
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(digits.train_images), generator=generator)
    fours = digits.train_images[order][digits.train_labels[order] == 4]
    sets = digits.test_images, digits.train_images[order], torch.rand(400, 1, 16, 16, generator=generator), fours
    real, others, noise, fours = map(features.extract, sets)
    with_page = torch.cat([real, features.extract(torch.ones(1, 1, 16, 16))])
    precision, recall = ask("metrics", "precision_recall", real, others[:400])
    four_precision, four_recall = ask("metrics", "precision_recall", real, fours)
    return {
        Target(4, "real digits: nFD", 0.03, True): float(ask("metrics", "normalized_frechet", real, others)),
        Target(4, "real digits: precision", 0.88, False): precision,
        Target(4, "real digits: recall", 0.85, False): recall,
        Target(4, "noise: nFD", 0.7, False): float(ask("metrics", "normalized_frechet", real, noise)),
        Target(4, "noise: precision", 0.05, True): ask("metrics", "precision_recall", real, noise)[0],
        Target(4, "noise: precision with a white page among 400 real digits", 0.9, False): ask(
            "metrics", "precision_recall", with_page, noise
        )[0],
        Target(4, "fours alone: precision", 0.95, False): four_precision,
        Target(4, "fours alone: recall", 0.2, True): four_recall,
    }


def dcgan(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 5: the DCGAN of the chapter, at 16 x 16 pixels."""
    digits = data.load("digits", size=16)
    samples = ask("dcgan", "train", digits.train_images, 20, seed).clamp(0, 1)
    modes = float((features.mode_counts(samples) > 0).sum())
    nfd = features.normalized_frechet(digits.test_images, samples)
    sure = (features.probabilities(samples).amax(dim=1) > 0.9).double().mean()
    return {
        Target(5, "DCGAN: digits among 2000 samples", 10, False): modes,
        Target(5, "DCGAN: entropy of the digits, over log 10", 0.93, False): features.label_entropy(samples),
        Target(5, "DCGAN: nFD of the samples", 0.05, True): nfd,
        Target(5, "DCGAN: share of samples told with a probability above 0.9", 0.57, False): float(sure),
    }


def cgan(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 6: a conditional DCGAN, asked for 200 images of each digit."""
    digits, asked = data.load("digits", size=16), torch.arange(2000) % 10
    images = ask("cgan", "train", digits.train_images, digits.train_labels, asked, 55, seed)
    right = (features.probabilities(images).argmax(dim=1) == asked).double().reshape(200, 10).mean(dim=0)
    return {
        Target(6, "conditional DCGAN, 16 x 16: share of the asked digits", 0.90, False, graded=0.75): float(right.mean()),
        Target(6, "conditional DCGAN, 16 x 16: the same for the worst digit", 0.50, False, graded=0.10): float(right.min()),
        Target(6, "conditional DCGAN, 16 x 16: nFD", 0.06, True, graded=0.1): features.normalized_frechet(
            digits.test_images, images
        ),
    }


def wasserstein(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 7: the critic's slope, eight Gaussians by two games, and digits without a discriminator."""
    found = {}
    for distance in (0.5, 2.0, 5.0):
        wanted = 1 + distance / 20
        error = abs(ask("wasserstein", "critic_slope", distance, 10.0, 300, seed) - wanted)
        found[Target(7, f"critic between 0 and {distance:g}, penalty 10: error of the slope {wanted:g}", 0.03, True)] = error
    covered = covered_modes(ask("wasserstein", "cover", 700, seed))
    by_gan = covered_modes(ask("wasserstein", "cover_by_gan", 4000, seed))
    samples = ask("wasserstein", "sliced_digits", digits.train_images, 1500, seed)
    return found | {
        Target(7, "WGAN with penalty 0.1: Gaussians of 8", 8, False): covered,
        Target(7, "non-saturating GAN, optimizer of DCGAN: Gaussians of 8", 1, True): by_gan,
        Target(7, "sliced distance alone: nFD", 0.06, True): features.normalized_frechet(digits.test_images, samples),
    }


def covered_modes(samples: torch.Tensor) -> float:
    """How many of eight Gaussians on a circle of radius 2 have 1 % of the samples within three standard deviations of 0.05."""
    angle = torch.arange(8) * math.pi / 4
    centers = 2 * torch.stack([angle.cos(), angle.sin()], dim=1)
    return float(((torch.cdist(samples, centers) < 0.15).double().mean(dim=0) >= 0.01).sum())


def sngan(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 8: the networks of chapter 5 with the hinge loss and spectral normalization."""
    digits = data.load("digits", size=16)
    samples = ask("spectral", "train", digits.train_images, 20, seed).clamp(0, 1)
    modes = float((features.mode_counts(samples) > 0).sum())
    return {
        Target(8, "SNGAN: digits among 2000 samples", 10, False): modes,
        Target(8, "SNGAN: entropy of the digits, over log 10", 0.93, False): features.label_entropy(samples),
        Target(8, "SNGAN: nFD of the samples", 0.08, True): features.normalized_frechet(digits.test_images, samples),
    }


def cyclegan(ask: Callable, digits: data.Dataset, seed: int) -> dict[Target, float]:
    """Chapter 9: facades without pairs, and what is read and painted of houses that no training saw."""
    photographs, labels = facades.draw(700)
    pictures = facades.paint_labels(labels)
    piles = photographs[:300], pictures[300:600], photographs[600:], pictures[600:]
    to_labels, to_photographs = ask("cyclegan", "train", *piles, 400, seed)
    right = (facades.read_labels(to_labels.float()) == labels[600:]).double().mean()
    return {
        Target(9, "CycleGAN, 400 steps: share of pixels with their label", 0.9, False, graded=0.75): float(right),
        Target(9, "CycleGAN, 400 steps: distance of the photographs, L1", 0.14, True, graded=0.17): float(
            (to_photographs - photographs[600:]).abs().mean()
        ),
    }


CHAPTERS = {1: autoencoder, 2: vae, 3: gan, 4: metrics, 5: dcgan, 6: cgan, 7: wasserstein, 8: sngan, 9: cyclegan}


def divergence(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """KL divergence from the prior, by the library's distributions."""
    return kl_divergence(Normal(mu, logvar.div(2).exp()), Normal(0.0, 1.0)).sum(dim=1)


def elbo(logits: torch.Tensor, x: torch.Tensor, mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The bound of each image, by the library's distributions."""
    return Bernoulli(logits=logits, validate_args=False).log_prob(x).sum(dim=(1, 2, 3)) - divergence(mu, logvar)


def squared_error(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).square().mean())


def measure(seeds: range, chapters: Sequence[int]) -> dict[Target, list[float]]:
    """Every target of the chapters on every seed."""
    digits = data.load("digits", size=8)
    found: dict[Target, list[float]] = {}
    for seed in seeds:
        started = time.perf_counter()
        for chapter in chapters:
            session = Session("solutions")

            def ask(module: str, name: str, *arguments: object, session: Session = session) -> object:
                return session.ask({"probe": [module, name]}, arguments, {}, timeout=600)

            for target, value in CHAPTERS[chapter](ask, digits, seed).items():
                found.setdefault(target, []).append(value)
            session.close()
        print(f"seed {seed}: {time.perf_counter() - started:.0f} s", flush=True)
    return found


HEAD = [
    "| chapter | what | target | worst | median | best | seeds that reach it |",
    "|---|---|---|---|---|---|---|",
]


def rows(found: dict[Target, list[float]]) -> list[str]:
    """The targets as rows of a Markdown table: worst, median and best of the seeds."""
    lines = []
    for target, values in found.items():
        ordered = sorted(values, reverse=target.at_most)
        worst, median, best = ordered[0], statistics.median(values), ordered[-1]
        sign = "≤" if target.at_most else "≥"
        numbers = f"{worst:.4g} | {median:.4g} | {best:.4g}"
        reached = f"{sum(map(target.holds, values))} of {len(values)}"
        lines.append(f"| {target.chapter} | {target.what} | {sign} {target.bound:g} | {numbers} | {reached} |")
    return lines


def replaced(table: str, new: list[str], chapters: Sequence[int]) -> str:
    """The table with the rows of these chapters replaced; those of the others stay, all in the order of the chapters."""
    known = [line for line in table.splitlines() if re.match(r"\| \d", line)]
    kept = [line for line in known if chapter_of(line) not in chapters]
    return "\n".join([*HEAD, *sorted(kept + new, key=chapter_of)])


def chapter_of(row: str) -> int:
    return int(row.split("|")[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--chapters", type=int, nargs="+", choices=CHAPTERS, default=list(CHAPTERS), help="these alone")
    options = parser.parse_args()
    new = rows(measure(range(options.seeds), options.chapters))
    print("\n".join([*HEAD, *new]))
    page = README.read_text(encoding="utf-8")
    start, end = "<!-- targets -->\n", "\n<!-- end -->"
    before, _, rest = page.partition(start)
    old, _, after = rest.partition(end)
    README.write_text(before + start + replaced(old, new, options.chapters) + end + after, encoding="utf-8")


if __name__ == "__main__":
    main()
