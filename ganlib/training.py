"""Training: one visible loop, its history, seeds, devices and checkpoints that resume exactly.

A chapter writes a step (``batch, generator -> numbers``) that updates its networks; :func:`fit` calls it on every batch
of every epoch. Everything that a run changes is in a :class:`Run`, so a checkpoint of the run is a checkpoint of all.

``python -m ganlib.training dcgan --data mnist`` trains a model with the settings with which it was published; see
:mod:`ganlib.recipes`.
"""

import hashlib
import json
import math
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from tqdm import tqdm

from ganlib._checks import check_count, check_seed, check_tensor, describe
from ganlib._files import replaced

Numbers = Mapping[str, Tensor | float]
# (batch, generator), or (batch, labels, generator) where there are labels.
Step = Callable[[Tensor, torch.Generator], Numbers] | Callable[[Tensor, Tensor, torch.Generator], Numbers]


def seed_everything(seed: int) -> None:
    """Seed Python's, numpy's and torch's global generators; a network made next has the same weights every time."""
    check_seed(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def pick_device(device: str | torch.device = "auto") -> torch.device:
    """``"auto"`` is the first of CUDA, Apple's MPS and the CPU that is there; any other name is taken as it is.

    Raises:
        ValueError: if the named device is unknown or not on this machine.
    """
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
        first_line = str(error).partition("\n")[0]
        raise ValueError(f"device: got {device!r}, want 'auto' or a device of this machine ({first_line})") from error
    return torch.device(device)


@dataclass
class History:
    """What a run measured: per name, one number an epoch (the mean over its batches); and the seconds it took."""

    values: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0

    def __getitem__(self, name: str) -> list[float]:
        if name not in self.values:
            raise KeyError(f"{name!r} was not measured; there are {', '.join(self.values) or 'no measurements yet'}")
        return self.values[name]

    @property
    def epochs(self) -> int:
        """How many epochs were finished."""
        return max(map(len, self.values.values()), default=0)

    def append(self, means: Mapping[str, float]) -> None:
        """Add the means of one epoch; a name that another epoch lacks has NaN there, so all lists stay as long as the run."""
        epochs = self.epochs
        for name in {**self.values, **means}:
            self.values.setdefault(name, [math.nan] * epochs).append(means.get(name, math.nan))

    def plot(self, ax=None):
        """Draw every measurement against the epoch; returns the axes."""
        from ganlib import plots

        return plots.history(self, ax=ax)


class Run:
    """All that training changes: networks, optimizers, the generator of its randomness, the history.

    Args:
        modules: networks by name; they are moved to the device.
        optimizers: optimizers by name.
        seed: of the generator from which batches and noise are drawn.
        device: ``"auto"``, ``"cpu"``, ``"cuda"``, ...

    A network that draws its own noise (dropout) takes it from torch's global generators, not from ``generator``: seed them
    with :func:`seed_everything`. A checkpoint holds their states too.

    Raises:
        ValueError: if the seed is out of range, the device is not there, or an optimizer updates a parameter that is in
            none of the modules (a checkpoint would miss it).
    """

    def __init__(
        self,
        modules: Mapping[str, nn.Module],
        optimizers: Mapping[str, torch.optim.Optimizer],
        seed: int = 0,
        device: str | torch.device = "auto",
    ) -> None:
        check_seed(seed)
        self.device = pick_device(device)
        self.modules = {name: module.to(self.device) for name, module in modules.items()}
        self.optimizers = dict(optimizers)
        _check_parts(self)
        # Drawn on the CPU, so that a run has the same noise on every device.
        self.generator = torch.Generator().manual_seed(seed)
        self.history = History()

    def save(self, path: str | Path) -> None:
        """Write the whole run to one safetensors file; the file is replaced in one move, never half-written."""
        tensors, plain = _pack(self)
        text = json.dumps(plain)
        data = save(tensors, metadata={"run": text, "sha256": _digest(tensors, text)})
        with replaced(Path(path)) as scratch, scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def load(self, path: str | Path) -> None:
        """Take up the run that :meth:`save` wrote: training goes on with the same numbers as if it had never stopped.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if the file is damaged, or was written by a run with other networks or optimizers.
        """
        _unpack(self, *_read_checkpoint(Path(path)), Path(path))


def load_modules(path: str | Path, **modules: nn.Module) -> None:
    """Fill some networks of a run from its checkpoint, by their names there. Nothing else changes, random numbers included.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is damaged, or holds other networks under these names; then no network is changed.
    """
    tensors, plain = _read_checkpoint(Path(path))
    missing = sorted(set(modules) - set(plain["modules"]))
    if missing:
        raise ValueError(f"path: {path} holds the modules {sorted(plain['modules'])}, want {missing[0]!r} among them")
    starts = {name: f"module/{name}/" for name in modules}
    states = {
        name: {key.removeprefix(start): value for key, value in tensors.items() if key.startswith(start)}
        for name, start in starts.items()
    }
    _check_same_networks(modules, states, Path(path))
    for name, state in states.items():
        modules[name].load_state_dict(state)


def fit(
    step: Step,
    images: Tensor,
    run: Run,
    *,
    epochs: int,
    batch_size: int,
    labels: Tensor | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    after_epoch: Callable[[], object] | None = None,
) -> History:
    """Train until ``run`` has seen ``epochs`` epochs; a run that was stopped goes on from its checkpoint.

    Args:
        step: called as ``step(batch, generator)``, or ``step(batch, labels, generator)`` if labels are given; it
            updates the networks and returns what is to be recorded, by name.
        images: the training data, shape (N, ...), in memory.
        run: the networks, optimizers, generator and history.
        epochs: how many epochs the run has at the end, those before a resume included.
        batch_size: images a batch; the last may be smaller; a single image left over joins the batch before it.
        labels: labels of the images, shape (N,).
        checkpoint: file written after every epoch and taken up if it exists, the optimizers' settings included.
        progress: show a progress bar (plain lines where there is no terminal).
        after_epoch: called after every epoch, once its checkpoint is written: to draw samples, say.

    Returns:
        ``run.history``.

    Raises:
        ValueError: if an argument is out of range, or the step returns something else than numbers by name.
        FloatingPointError: if a recorded number is not finite: its name and epoch are told.
        KeyboardInterrupt: if you stop it; where the checkpoint is, is told. The same call goes on from there.
    """
    _check_data(images, labels)
    check_count(minimum=0, epochs=epochs)
    check_count(batch_size=batch_size)
    path = None if checkpoint is None else Path(checkpoint)
    if path is not None and path.exists():
        run.load(path)
    data = [part.to(run.device) for part in (images, labels) if part is not None]
    with _Progress(run, epochs, path, progress) as report:
        for epoch in range(run.history.epochs, epochs):
            started = time.perf_counter()
            totals = _Totals()
            for index in _batches(len(images), batch_size, run.generator, run.device):
                # index_select copies whole images: twice as fast as part[index].
                totals.add(step(*(part.index_select(0, index) for part in data), run.generator))
            run.history.append(totals.means(epoch))
            run.history.seconds += time.perf_counter() - started
            if path is not None:
                run.save(path)
            if after_epoch is not None:
                after_epoch()
            report()
    return run.history


def _batches(n: int, batch_size: int, generator: torch.Generator, device: torch.device) -> list[Tensor]:
    """A random order cut into batches; a single image left over joins the batch before it (batch norm needs two)."""
    # Drawn on the CPU, so that the order is the same on every device, and moved once: a copy waits for the device.
    batches = list(torch.randperm(n, generator=generator).to(device).split(batch_size))
    if len(batches) > 1 and len(batches[-1]) == 1 < batch_size:
        last = batches.pop()
        batches[-1] = torch.cat([batches[-1], last])
    return batches


class _Totals:
    """Sums what the steps of one epoch measured."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, int] = {}

    def add(self, measured: object) -> None:
        if not isinstance(measured, Mapping) or not measured:
            raise ValueError(f"step: returned {describe(measured)}, want a dict of numbers, such as {{'loss': loss}}")
        for name, value in measured.items():
            number = torch.as_tensor(value).detach()
            if number.numel() != 1:
                raise ValueError(f"step: returned {describe(value)} as {name!r}, want one number")
            # No .item() here: reading a number would wait for the device at every step.
            self.sums[name] = self.sums.get(name, 0) + number.reshape(())
            self.counts[name] = self.counts.get(name, 0) + 1

    def means(self, epoch: int) -> dict[str, float]:
        means = {name: float(total) / self.counts[name] for name, total in self.sums.items()}
        for name, mean in means.items():
            if not math.isfinite(mean):
                raise FloatingPointError(f"{name} is {mean} in epoch {epoch + 1}: lower the learning rate or look for a log of 0")
        return means


class _Progress:
    """A bar on a terminal, about ten plain lines elsewhere; and where to go on, if the run is interrupted."""

    def __init__(self, run: Run, epochs: int, checkpoint: Path | None, wanted: bool) -> None:
        self.history, self.epochs, self.checkpoint, self.wanted = run.history, epochs, checkpoint, wanted
        self.bar: tqdm | None = None

    def __enter__(self) -> "_Progress":
        if self.wanted and sys.stderr.isatty():
            self.bar = tqdm(total=self.epochs, initial=self.history.epochs, unit="epoch")
        return self

    def __call__(self) -> None:
        done = self.history.epochs
        text = "  ".join(f"{name} {means[-1]:.4g}" for name, means in self.history.values.items())
        if self.bar is not None:
            self.bar.set_postfix_str(text, refresh=False)
            self.bar.update()
        elif self.wanted and (done % max(1, self.epochs // 10) == 0 or done == self.epochs):
            print(f"epoch {done}/{self.epochs}  {text}", flush=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self.bar is not None:
            self.bar.close()
        if kind is KeyboardInterrupt and self.checkpoint is not None and self.checkpoint.is_file():
            error.args = (f"stopped; {self.checkpoint} holds the finished epochs, and the same call goes on from there",)


def _check_data(images: Tensor, labels: Tensor | None) -> None:
    check_tensor(images=images)
    if images.ndim == 0 or len(images) < 2:
        raise ValueError(f"images: got {describe(images)}, want at least 2 images")
    if labels is not None:
        check_tensor(floating=False, labels=labels)
        if labels.ndim == 0 or len(labels) != len(images):
            raise ValueError(f"labels: got {describe(labels)}, want {len(images)} of them, one for each image")


def _check_parts(run: Run) -> None:
    """Names must be usable as parts of a path in the checkpoint, and all that is updated must be saved."""
    for name in [*run.modules, *run.optimizers]:
        if "/" in name:
            raise ValueError(f"modules, optimizers: got the name {name!r}, want one without '/'")
    saved = {id(parameter) for module in run.modules.values() for parameter in module.parameters()}
    for name, optimizer in run.optimizers.items():
        if any(id(parameter) not in saved for group in optimizer.param_groups for parameter in group["params"]):
            raise ValueError(f"optimizers: {name!r} updates a parameter that is in none of modules {sorted(run.modules)}")


def _digest(tensors: Mapping[str, Tensor], text: str) -> str:
    """SHA-256 of everything in a checkpoint: safetensors itself would not notice a changed weight."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def _stored(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().clone(memory_format=torch.contiguous_format)


def _pack(run: Run) -> tuple[dict[str, Tensor], dict]:
    """The tensors of a run by name, and everything else as JSON."""
    tensors = {"generator": run.generator.get_state(), "torch": torch.get_rng_state()}
    if run.device.type == "cuda":
        tensors["cuda"] = torch.cuda.get_rng_state(run.device)
    plain: dict = {
        "history": run.history.values,
        "seconds": run.history.seconds,
        "modules": list(run.modules),
        "optimizers": {},
    }
    for name, module in run.modules.items():
        tensors |= {f"module/{name}/{key}": _stored(value) for key, value in module.state_dict().items()}
    for name, optimizer in run.optimizers.items():
        state = optimizer.state_dict()
        scalars: dict[str, dict] = {}
        for index, slots in state["state"].items():
            for key, value in slots.items():
                if isinstance(value, Tensor):
                    tensors[f"optimizer/{name}/{index}/{key}"] = _stored(value)
                else:
                    scalars.setdefault(str(index), {})[key] = value
        kind = type(optimizer).__name__
        plain["optimizers"][name] = {"kind": kind, "groups": state["param_groups"], "scalars": scalars}
    return tensors, plain


def _read_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict]:
    """What :func:`_pack` made, its checksum verified."""
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint at {path}")
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
            written = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ValueError(f"path: {path} is damaged or is no checkpoint of a run ({error})") from error
    if "run" not in written or written.get("sha256") != _digest(tensors, written["run"]):
        raise ValueError(f"path: {path} is damaged or is no checkpoint of a run (its checksum is wrong or missing)")
    return tensors, json.loads(written["run"])


def _unpack(run: Run, tensors: dict[str, Tensor], plain: dict, path: Path) -> None:
    """Put what :func:`_pack` took back; nothing is changed if the run has other networks or optimizers."""
    modules: dict[str, dict] = {name: {} for name in plain["modules"]}
    optimizers = {
        name: {"state": {int(i): dict(slots) for i, slots in packed["scalars"].items()}, "param_groups": packed["groups"]}
        for name, packed in plain["optimizers"].items()
    }
    for name, value in tensors.items():
        kind, *rest = name.split("/", 2)
        if kind == "module":
            modules[rest[0]][rest[1]] = value
        elif kind == "optimizer":
            index, key = rest[1].split("/", 1)
            optimizers[rest[0]]["state"].setdefault(int(index), {})[key] = value
    _check_same_parts(run, modules, plain["optimizers"], path)
    for name, state in modules.items():
        run.modules[name].load_state_dict(state)
    for name, state in optimizers.items():
        run.optimizers[name].load_state_dict(state)
        _lay_out(run.optimizers[name])
    run.generator.set_state(tensors["generator"])
    torch.set_rng_state(tensors["torch"])
    if run.device.type == "cuda" and "cuda" in tensors:
        torch.cuda.set_rng_state(tensors["cuda"], run.device)
    run.history.values = plain["history"]
    run.history.seconds = plain["seconds"]


def _lay_out(optimizer: torch.optim.Optimizer) -> None:
    """Give the state of each parameter the parameter's own order in memory (channels last, perhaps).

    A fused optimizer goes through both side by side, and would pair the wrong numbers without a word.
    """
    for parameter, slots in optimizer.state.items():
        for key, value in slots.items():
            if isinstance(value, Tensor) and value.shape == parameter.shape and value.stride() != parameter.stride():
                slots[key] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _check_same_parts(run: Run, modules: dict[str, dict], optimizers: dict[str, dict], path: Path) -> None:
    for kind, given, wanted in (("modules", modules, run.modules), ("optimizers", optimizers, run.optimizers)):
        if set(given) != set(wanted):
            raise ValueError(f"path: {path} holds the {kind} {sorted(given)}, want {sorted(wanted)}")
    _check_same_networks(run.modules, modules, path)
    for name, packed in optimizers.items():
        optimizer = run.optimizers[name]
        here = f"{type(optimizer).__name__} of {[len(group['params']) for group in optimizer.param_groups]} parameters"
        there = f"{packed['kind']} of {[len(group['params']) for group in packed['groups']]} parameters"
        if here != there:
            raise ValueError(f"path: {path} holds another optimizer {name!r}: {there}, want {here}")


def _check_same_networks(modules: Mapping[str, nn.Module], states: dict[str, dict], path: Path) -> None:
    for name, state in states.items():
        here = {key: tuple(value.shape) for key, value in modules[name].state_dict().items()}
        there = {key: tuple(value.shape) for key, value in state.items()}
        if here != there:
            odd = sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))[0]
            raise ValueError(f"path: {path} holds another network {name!r}: {odd} is {there.get(odd)}, want {here.get(odd)}")


if __name__ == "__main__":
    from ganlib import recipes

    sys.exit(recipes.main())
