"""Facades translated without pairs, seed by seed, with the settings of chapter 9's page; writes README.md's table.

Trained by the probe of the graded test of exercise 9.7, on the piles of ``data.load("facades")``.
"""

import argparse
import statistics

import torch
from readme import write_table
from torch import Tensor, nn

from ganlib import data, facades
from ganlib.translation import half_mirrored
from tests.probes.cyclegan import trained

RUNS = {
    "with the cycle": (300, (10.0, 0.0), False),
    "with the cycle, half of the steps": (150, (10.0, 0.0), False),
    "without the cycle": (150, (0.0, 0.0), False),
    "identity loss 0.5": (150, (10.0, 0.5), False),
    "piles half mirrored": (300, (10.0, 0.0), True),
}
NAMES = ("accuracy of maps", "L1 of photographs", "accuracy of the way back", "doors in place", "doors mirrored")


def through(net: nn.Module, images: Tensor) -> Tensor:
    """Images in [0, 1], translated."""
    return (net.eval()(2 * images - 1) + 1) / 2


def measure(houses: data.Domains, seed: int, steps: int, weights: tuple[float, float], mirrored: bool) -> list[float]:
    """The numbers of :data:`NAMES` for one seed; doors are those that the mirrored house has elsewhere."""
    piles = houses.unpaired()
    if mirrored:
        piles = [half_mirrored(pile, torch.Generator().manual_seed(number)) for number, pile in enumerate(piles)]
    networks = trained(*piles, steps, seed, weights=weights)
    with torch.no_grad():
        maps, photographs = through(networks.to_y, houses.test_x), through(networks.to_x, houses.test_y)
        back = through(networks.to_y, photographs)
    classes, found, returned = (facades.read_labels(images) for images in (houses.test_y, maps, back))
    doors, found_doors = classes == facades.DOOR, found == facades.DOOR
    alone = doors & ~doors.flip(2)
    numbers = [(found == classes), (photographs - houses.test_x).abs(), (returned == classes)]
    numbers += [found_doors[alone], found_doors.flip(2)[alone]]
    return [float(each.double().mean()) for each in numbers]


def row(name: str, found: list[list[float]]) -> str:
    cells = [f"{min(x):.3f} / {statistics.median(x):.3f} / {max(x):.3f}" for x in zip(*found, strict=True)]
    return f"| {name} | {RUNS[name][0]} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    torch.set_num_threads(1)
    houses, rows = data.load("facades"), []
    for name, settings in RUNS.items():
        found = []
        for seed in range(options.seeds):
            found.append(measure(houses, seed, *settings))
            print(name, seed, *(f"{number:.3f}" for number in found[-1]), flush=True)
        rows.append(row(name, found))
        if settings[2]:
            turned = sum(in_place < in_mirror for *_, in_place, in_mirror in found)
            words = f"Of the runs on half mirrored piles {turned} of {options.seeds} found more doors at the mirrored place"
            rows.append(f"\n{words} than at their own.")
    head = f"| run | steps | {' | '.join(NAMES)} |\n|{'---|' * (len(NAMES) + 2)}"
    text = "\n".join([head, *rows])
    print(text)
    write_table("translations", text)


if __name__ == "__main__":
    main()
