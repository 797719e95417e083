"""Chapter 8 on ten seeds: spectral normalization, batch normalization and nothing in the discriminator; writes README.md's table.

The same generator, data, hinge losses, optimizer, seeds and steps, by the probe that trains in the graded test of exercise 8.6.
"""

import argparse
import statistics

from readme import write_table

from autograde.client import Session
from ganlib import data, features

KINDS = ("spectral norm", "batch norm", "nothing")


def measure(kind: str, seeds: int, epochs: int) -> list[tuple[int, float, float]]:
    """For each seed the digits among 2000 samples, the entropy of the digits over log 10, and nFD."""
    digits, found = data.load("digits", size=16), []
    session = Session("solutions")
    for seed in range(seeds):
        arguments = (digits.train_images, epochs, seed, kind)
        samples = session.ask({"probe": ["spectral", "train"]}, arguments, {}, timeout=600).clamp(0, 1)
        modes = int((features.mode_counts(samples) > 0).sum())
        nfd = features.normalized_frechet(digits.test_images, samples)
        found.append((modes, features.label_entropy(samples), nfd))
        print(kind, seed, *found[-1], flush=True)
    session.close()
    return found


def row(kind: str, found: list[tuple[int, float, float]]) -> str:
    modes, entropies, distances = zip(*found, strict=True)
    spread = f"{min(distances):.3f} / {statistics.median(distances):.3f} / {max(distances):.3f}"
    return f"| {kind} | {spread} | {min(modes)} | {min(entropies):.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    head = "| in the discriminator | nFD: best / median / worst | fewest digits of 10 | least entropy |\n|---|---|---|---|"
    text = "\n".join([head, *(row(kind, measure(kind, options.seeds, options.epochs)) for kind in KINDS)])
    print(text)
    write_table("normalizations", text)


if __name__ == "__main__":
    main()
