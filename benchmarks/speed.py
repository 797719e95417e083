"""What training costs: our loop, a plain PyTorch loop and Keras, on the same networks and images; writes README.md's table.

- ours: the course's steps in :func:`ganlib.training.fit`, as the recipes run them (``speed_torch.py``);
- plain: the loop of introductions to PyTorch: a DataLoader that transforms pictures one by one, probabilities and a
  tensor of labels, fresh noise for each player, two backward passes for the discriminator, numbers read at every step;
- Keras: ``predict`` and ``train_on_batch``; of the VAE, ``fit`` (``speed_keras.py``).

Each contender is a process of its own. They take turns, round by round, and never run at once; the ratio of two contenders
is the median over the rounds of the ratio in one round. On one thread CPU time counts: it is what a contender does, and other
work on the machine changes it less than the wall time. With ``--threads 2`` it is the wall time of a machine with two cores
and nothing else to do: what several threads do at once, and what they wait for, is in it.

``make bench BENCH=speed ARGS='--keras-python /path/to/python'`` names the interpreter that has TensorFlow, if this one has not.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from readme import write_table

HERE = Path(__file__).resolve().parent
CONTENDERS = ("ours", "plain", "keras")


@dataclass(frozen=True)
class Model:
    """What is trained in a round, and how many times as fast as the other two ours is wanted to be."""

    title: str
    batch_size: int
    steps: int
    to_plain: float
    to_keras: float

    @property
    def images(self) -> int:
        return self.batch_size * self.steps


MODELS = {
    "vae": Model("VAE 784-512-2, batch 128", 128, 10, 1.3, 1.6),
    "cgan": Model("conditional GAN of perceptrons, batch 100", 100, 12, 2, 7),
    # Each of the generator's two steps in a round takes five batches of 100, one for each step of the critic.
    "wgan": Model("WGAN of perceptrons, batch 100, 5 critic steps", 500, 2, 1.6, 6.5),
    "dcgan": Model("DCGAN of chapter 5, 28 x 28, batch 100", 100, 3, 1.75, 2),
    "cyclegan": Model("CycleGAN of U-Nets, 128 x 128, identity loss, batch 1", 1, 2, 1.5, 3.3),
}


class Contender:
    """A process that trains when it is asked to."""

    def __init__(self, name: str, python: str, threads: int) -> None:
        script = [str(HERE / "speed_keras.py")] if name == "keras" else [str(HERE / "speed_torch.py"), name]
        settings = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads), "GANLIB": "solutions"}
        if name != "keras":
            settings["PYTHONPATH"] = str(HERE.parent)
        self.process = subprocess.Popen(
            [python, *script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | settings
        )

    def ask(self, **request: object) -> object:
        print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.process.args} ended with status {self.process.wait()}")
        return json.loads(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def images_28(path: Path) -> None:
    """Digits of 28 x 28 pixels as bytes: enlarged, since the cost does not depend on what they show."""
    import numpy as np
    from torch.nn.functional import interpolate

    from ganlib import data

    digits = data.load("digits", size=32)
    images = interpolate(digits.train_images, size=(28, 28), mode="bilinear", antialias=True)[:, 0]
    np.savez(path, images=(images * 255).round().byte().numpy(), labels=digits.train_labels.numpy())


def measure(names: list[str], rounds: int, keras_python: str | None, threads: int) -> tuple[dict, dict]:
    """Two by model: the rounds, {"ours": {"wall", "cpu"}, ...} each; and where the time goes, by the name of the column.

    The second is empty where there are several threads.
    """
    contenders = {name: Contender(name, sys.executable, threads) for name in ("ours", "plain")}
    if keras_python:
        contenders["keras"] = Contender("keras", keras_python, threads)
    found: dict = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "digits.npz"
        images_28(data)
        for name in names:
            for contender in contenders.values():
                contender.ask(ask="prepare", model=name, data=str(data), images=MODELS[name].images)
            found[name] = []
            for _ in range(rounds):
                found[name].append({who: contender.ask(ask="round", model=name) for who, contender in contenders.items()})
            print(f"{name}: {summary(found[name], MODELS[name], threads)}", flush=True)
    looks = {name: look(name, contenders) for name in names} if threads == 1 else {}
    for contender in contenders.values():
        contender.close()
    return found, looks


def look(name: str, contenders: dict[str, Contender]) -> dict:
    """Where the time of a model goes."""
    work, pace = (
        {who: contenders[who].ask(ask=what, model=name) for who in ("ours", "plain")} for what in ("operations", "pace")
    )
    return {"work": work["plain"] / work["ours"], "pace": pace, "shares": contenders["ours"].ask(ask="profile", model=name)}


def rate(rounds: list[dict], who: str, images: int, clock: str) -> float:
    """Images a second: the median of the rounds."""
    return statistics.median(images / found[who][clock] for found in rounds)


def ratio(rounds: list[dict], who: str, clock: str) -> float:
    """How many times the time of ours a contender took: the median of the rounds."""
    return statistics.median(found[who][clock] / found["ours"][clock] for found in rounds)


def summary(rounds: list[dict], model: Model, threads: int) -> list[str]:
    """The cells of one row of the table."""
    clock = "cpu" if threads == 1 else "wall"
    rates = {who: rate(rounds, who, model.images, clock) for who in rounds[0]}
    cells = [f"{rates[who]:.{0 if rates[who] >= 100 else 1}f}" if who in rates else "-" for who in CONTENDERS]
    for who, wanted in (("plain", model.to_plain), ("keras", model.to_keras)):
        if who in rounds[0]:
            by_wall = f" ({ratio(rounds, who, 'wall'):.2f})" if threads == 1 else ""
            cells.append(f"{ratio(rounds, who, clock):.2f}{by_wall}, wanted {wanted:g}")
        else:
            cells.append("-")
    return cells


def table(found: dict, rounds: int, threads: int) -> str:
    """How fast each is, as Markdown."""
    how = "One thread" if threads == 1 else f"{threads} threads"
    clocks = ("CPU second", "CPU time (by wall time in brackets)") if threads == 1 else ("second", "wall time")
    rows = {name: " | ".join(summary(results, MODELS[name], threads)) for name, results in found.items()}
    lines = [
        f"{how}, {rounds} rounds in turn; images per {clocks[0]} (medians), and how many times as fast as the other",
        f"two ours is, by {clocks[1]}:",
        "",
        "| model | ours | plain loop | Keras | to the plain loop | to Keras |",
        "|---|---|---|---|---|---|",
        *(f"| {MODELS[name].title} | {row} |" for name, row in rows.items()),
    ]
    return "\n".join(lines)


def what_is_left(looks: dict) -> str:
    """Where the time goes, as Markdown."""
    lines = [
        "",
        "What is left. The second column compares the additions and multiplications of convolutions and products of matrices:",
        "where these take nearly all the time, avoiding waste gains no more. The third tells how many of them a second ours does",
        "(the plain loop in brackets), of those that one thread does in the product of two matrices of 1024 x 1024, a speed that",
        "no step exceeds. The fourth is the time of ours by operator, each by itself (torch.profiler):",
        "",
        "| model | operations, plain loop to ours | of the speed of `mm` | share of the time of ours |",
        "|---|---|---|---|",
    ]
    for name, seen in looks.items():
        largest = ", ".join(f"`{key.removeprefix('aten::')}` {share:.0%}" for key, share in seen["shares"][:7])
        pace = f"{seen['pace']['ours']:.0%} ({seen['pace']['plain']:.0%})"
        lines.append(f"| {MODELS[name].title} | {seen['work']:.2f} | {pace} | {largest} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"{', '.join(MODELS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=11)
    here = sys.executable if importlib.util.find_spec("tensorflow") else None
    parser.add_argument("--keras-python", default=here, metavar="PYTHON", help="an interpreter that has TensorFlow")
    parser.add_argument("--threads", type=int, default=1, help="of each; more than one: wall time counts")
    parser.add_argument("--dry", action="store_true", help="print the table and leave README.md as it is")
    options = parser.parse_args()
    names = options.models or list(MODELS)
    if unknown := set(names) - set(MODELS):
        parser.error(f"models: got {', '.join(sorted(unknown))}, want some of {', '.join(MODELS)}")
    found, looks = measure(names, options.rounds, options.keras_python, options.threads)
    text = "\n".join([table(found, options.rounds, options.threads), *([what_is_left(looks)] if looks else [])])
    print(text)
    if not options.dry and names == list(MODELS):
        write_table("speed" if options.threads == 1 else "speed with threads", text)


if __name__ == "__main__":
    main()
