"""The provided training loop: its numbers, its errors, and checkpoints that survive interruption, death and damage."""

import contextlib
import copy
import os
import pty
import random
import signal
import subprocess
import sys
import termios
import textwrap
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from autograde import ROOT
from ganlib.training import History, Run, fit, pick_device, seed_everything

IMAGES = torch.rand(41, 6, generator=torch.Generator().manual_seed(1))
NETWORKS = {
    "mlp": lambda: nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 6)),
    "batch norm": lambda: nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 6)),
    "dropout": lambda: nn.Sequential(nn.Linear(6, 8), nn.Dropout(0.5), nn.Linear(8, 6)),
}
OPTIMIZERS = {
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
}


def make(network: str = "mlp", optimizer: str = "adam", seed: int = 0, device: str = "cpu") -> Run:
    seed_everything(seed)
    model = NETWORKS[network]().to(device)
    run = Run({"model": model, "loss": nn.MSELoss()}, {"all": OPTIMIZERS[optimizer](model.parameters())}, seed, device)
    run.step = lambda batch, generator: train_step(run, batch, generator)
    return run


def train_step(run: Run, batch: torch.Tensor, generator: torch.Generator) -> dict:
    noise = torch.randn(batch.shape, generator=generator).to(batch.device)
    loss = run.modules["loss"](run.modules["model"](batch + noise), batch)
    run.optimizers["all"].zero_grad()
    loss.backward()
    run.optimizers["all"].step()
    return {"loss": loss, "one": 1.0}


def train(run: Run, epochs: int, **options) -> Run:
    fit(run.step, IMAGES, run, epochs=epochs, batch_size=8, **{"progress": False} | options)
    return run


def state(run: Run) -> dict:
    """All that a run holds, to be compared bit by bit."""
    adam = run.optimizers["all"].state_dict()["state"]
    slots = {f"{i}.{key}": value for i, slot in adam.items() for key, value in slot.items()}
    return copy.deepcopy(run.modules["model"].state_dict() | slots | run.history.values | {"rng": run.generator.get_state()})


def same(left: dict, right: dict) -> bool:
    return left.keys() == right.keys() and all(
        torch.equal(value, right[name]) if isinstance(value, torch.Tensor) else value == right[name]
        for name, value in left.items()
    )


def child(code: str, folder: Path, **options) -> subprocess.CompletedProcess:
    """Run code after this file's imports and helpers, in a process of its own."""
    script = folder / "child.py"
    start = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\nfrom test_training import *\n"
    script.write_text(start + textwrap.dedent(code))
    return subprocess.run([sys.executable, script.name], cwd=folder, timeout=120, text=True, **options)


# --- exact resume


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_resumed_run_has_the_numbers_of_an_unbroken_one(network, optimizer, tmp_path):
    path = tmp_path / "new" / "run.safetensors"
    unbroken = state(train(make(network, optimizer), 5))
    train(make(network, optimizer), 2, checkpoint=path)
    # The seed differs: all that counts must come from the file.
    resumed = train(make(network, optimizer, seed=9), 5, checkpoint=path)
    assert same(state(resumed), unbroken)
    assert resumed.history.epochs == 5
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_finished_run_is_taken_up_and_not_trained_again(tmp_path):
    path = tmp_path / "run"
    finished = state(train(make(), 2, checkpoint=path))
    assert same(state(train(make(seed=9), 2, checkpoint=path)), finished)


def test_ctrl_c_keeps_the_last_epoch_and_the_same_call_goes_on(tmp_path, heeds_ctrl_c):
    stopped = child(
        """
        run, calls = make("batch norm"), []
        def step(batch, generator):
            calls.append(0)
            if len(calls) == 14:  # in the middle of the third epoch of five batches
                os.kill(os.getpid(), signal.SIGINT)
            return train_step(run, batch, generator)
        fit(step, IMAGES, run, epochs=4, batch_size=8, checkpoint="run.safetensors", progress=False)
        """,
        tmp_path,
        capture_output=True,
        preexec_fn=heeds_ctrl_c,
    )
    told = "stopped; run.safetensors holds the finished epochs, and the same call goes on from there"
    assert stopped.returncode != 0 and stopped.stderr.rstrip().endswith(f"KeyboardInterrupt: {told}")
    resumed = make("batch norm", seed=9)
    resumed.load(tmp_path / "run.safetensors")
    assert resumed.history.epochs == 2
    assert same(state(train(resumed, 4)), state(train(make("batch norm"), 4)))


@pytest.mark.parametrize("moment, epochs", [("before the move", 1), ("after the move", 2)])
def test_death_while_saving_leaves_the_old_or_the_new_file_whole(moment, epochs, tmp_path):
    killed = child(
        f"""
        run = make()
        train(run, 1, checkpoint="run.safetensors")
        sync, replace = os.fsync, Path.replace
        def die(*ignored):
            os.kill(os.getpid(), signal.SIGKILL)
        if {moment == "before the move"}:
            os.fsync = lambda file: die(os.ftruncate(file, os.fstat(file).st_size // 2))
        else:
            Path.replace = lambda old, new: die(replace(old, new))
        train(run, 2, checkpoint="run.safetensors")
        """,
        tmp_path,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = make(seed=9)
    resumed.load(tmp_path / "run.safetensors")
    assert resumed.history.epochs == epochs
    assert same(state(train(resumed, 3)), state(train(make(), 3)))


# --- a file that does not fit


@pytest.fixture
def written(tmp_path) -> Path:
    path = tmp_path / "run.safetensors"
    train(make(), 1, checkpoint=path)
    return path


def refused(run: Run, path: Path) -> str:
    before = state(run)
    with pytest.raises(ValueError) as caught:
        run.load(path)
    assert same(state(run), before), "a refused checkpoint must change nothing"
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["empty", "cut", "text", "foreign", "header", "history", "weight", "last byte"])
def test_a_damaged_checkpoint_is_named(kind, written):
    data = bytearray(written.read_bytes())
    flip = {"header": 60, "history": data.index(b"[1.0]") + 1, "weight": len(data) - 200, "last byte": len(data) - 1}
    if kind == "foreign":
        save_file({"weight": torch.ones(2)}, written)
    elif kind in flip:
        data[flip[kind]] ^= 1
        written.write_bytes(data)
    else:
        written.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "text": b"not a checkpoint at all"}[kind])
    assert "damaged" in refused(make(), written)


def test_a_checkpoint_of_another_run_is_refused(written):
    assert "another network 'model': 1.bias is None, want (8,)" in refused(make("batch norm"), written)
    assert "another optimizer 'all': Adam of [4] parameters, want SGD of [4]" in refused(make(optimizer="sgd"), written)
    run = make()
    run.modules["critic"] = nn.Linear(1, 1)
    assert "want ['critic', 'loss', 'model']" in refused(run, written)


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.here"):
        make().load(tmp_path / "nothing.here")


# --- the loop


def test_every_image_is_seen_once_an_epoch_with_its_label():
    seen = []

    def step(batch, labels, generator):
        assert torch.equal(batch[:, 0], labels.float())
        seen.append(labels)
        return {"size": len(batch)}

    images = torch.arange(41.0)[:, None].expand(41, 6)
    run = Run({}, {}, seed=3, device="cpu")
    history = fit(step, images, run, epochs=2, batch_size=8, labels=torch.arange(41), progress=False)
    # 41 = 4 * 8 + 9: the one image left over joins the batch before it, for batch norm needs two.
    assert [len(labels) for labels in seen] == [8, 8, 8, 8, 9] * 2
    first, second = torch.cat(seen[:5]), torch.cat(seen[5:])
    assert torch.equal(first.sort().values, torch.arange(41)) and torch.equal(second.sort().values, torch.arange(41))
    assert not torch.equal(first, second)
    assert history["size"] == [8.2, 8.2]


def test_the_order_and_noise_come_from_the_seed_alone():
    one, two = make(seed=1), make(seed=1)
    torch.manual_seed(5)  # the global generator has no say
    assert same(state(train(one, 2)), state(train(two, 2)))
    assert not same(state(train(make(seed=2), 2)), state(one))


def test_no_step_waits_for_the_device(monkeypatch):
    reads = []
    for name in ("item", "__float__", "__bool__", "tolist"):
        original = getattr(torch.Tensor, name)
        monkeypatch.setattr(torch.Tensor, name, lambda self, original=original: reads.append(0) or original(self))
    run = Run({}, {}, device="cpu")
    fit(lambda batch, generator: {"mean": batch.mean()}, IMAGES, run, epochs=3, batch_size=4, progress=False)
    assert len(reads) == 3, "one number read an epoch, none a step"


def test_a_number_that_is_not_finite_stops_the_run(tmp_path):
    run, path = Run({}, {}, device="cpu"), tmp_path / "run"
    values = iter([1.0] * 5 + [1.0, float("nan"), 1.0, 1.0, 1.0])
    with pytest.raises(FloatingPointError, match="critic is nan in epoch 2"):
        fit(lambda *_: {"critic": next(values)}, IMAGES, run, epochs=4, batch_size=8, checkpoint=path, progress=False)
    run.load(path)
    assert run.history.values == {"critic": [1.0]}


def test_a_mean_is_over_the_batches_that_measured_it():
    calls = iter(range(100))
    run = Run({}, {}, device="cpu")

    def step(batch, generator):
        return {"every": 1.0, "second": 6.0} if next(calls) % 2 else {"every": 1.0}

    fit(step, IMAGES, run, epochs=2, batch_size=8, progress=False)
    assert run.history.values == {"every": [1.0, 1.0], "second": [6.0, 6.0]}


@pytest.mark.parametrize(
    "options, message",
    [
        ({"images": IMAGES.numpy()}, "images: got a ndarray"),
        ({"images": IMAGES[:1]}, "images: .* at least 2"),
        ({"images": IMAGES.long()}, "images: .* floating-point"),
        ({"labels": torch.arange(3)}, "labels: .* want 41"),
        ({"labels": list(range(41))}, "labels: got a list"),
        ({"epochs": -1}, "epochs: got -1"),
        ({"epochs": 1.5}, "epochs: got 1.5"),
        ({"batch_size": 0}, "batch_size: got 0"),
        ({"step": lambda *_: torch.ones(())}, "step: returned a tensor"),
        ({"step": lambda *_: {}}, "step: returned a dict, want a dict of numbers"),
        ({"step": lambda *_: {"loss": torch.ones(8)}}, r"step: returned a tensor of shape \(8,\), float32 as 'loss'"),
    ],
)
def test_bad_arguments_are_named(options, message):
    run = make()
    options = {"step": run.step, "images": IMAGES, "run": run, "epochs": 1, "batch_size": 8, "progress": False} | options
    with pytest.raises(ValueError, match=message):
        fit(**options)


def test_parts_that_a_checkpoint_could_not_hold_are_refused():
    model = nn.Linear(2, 2)
    with pytest.raises(ValueError, match="optimizers: 'adam' updates a parameter that is in none of modules"):
        Run({"model": nn.Linear(2, 2)}, {"adam": torch.optim.Adam(model.parameters())}, device="cpu")
    with pytest.raises(ValueError, match="'a/b'"):
        Run({"a/b": model}, {}, device="cpu")


# --- what is shown


def test_plain_lines_where_there_is_no_terminal(capsys):
    train(make(), 25, progress=True)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert 10 <= len(lines) <= 13 and lines[-1].startswith("epoch 25/25  loss 0.") and lines[-1].endswith("one 1")
    assert not err
    train(make(), 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal(tmp_path):
    reader, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    try:
        done = child("train(make(), 3, progress=True)", tmp_path, stderr=terminal, stdout=subprocess.PIPE)
    finally:
        os.close(terminal)
    shown = b""
    with os.fdopen(reader, "rb", buffering=0) as screen, contextlib.suppress(OSError):  # Linux ends a pty with an error
        while piece := screen.read(4096):
            shown += piece
    assert done.returncode == 0, shown
    assert b"3/3" in shown and b"loss 0." in shown and b"\r" in shown
    assert not done.stdout


def test_a_history_is_read_and_drawn():
    history = History()
    history.append({"loss": 2.0})
    history.append({"loss": 1.0, "late": 3.0})
    assert history.epochs == 2 and history["loss"] == [2.0, 1.0]
    assert np.isnan(history["late"][0]) and history["late"][1] == 3.0
    with pytest.raises(KeyError, match="'los' was not measured; there are loss, late"):
        history["los"]
    axes = history.plot()
    assert [line.get_label() for line in axes.get_lines()] == ["loss", "late"]
    assert axes.get_lines()[0].get_ydata().tolist() == [2.0, 1.0]


# --- seeds and devices


def test_a_seed_sets_all_three_generators():
    def numbers():
        return random.random(), np.random.rand(), torch.rand(()).item()

    seed_everything(4)
    first = numbers()
    seed_everything(4)
    assert numbers() == first
    seed_everything(5)
    assert all(a != b for a, b in zip(numbers(), first, strict=True))


@pytest.mark.parametrize("seed", [-1, 2**63, 0.5, "0", True])
def test_a_bad_seed_is_named(seed):
    for call in (seed_everything, lambda seed: Run({}, {}, seed=seed, device="cpu")):
        with pytest.raises(ValueError, match="seed: got"):
            call(seed)


@pytest.mark.parametrize("device", ["banana", "cuda:99", "", 3.5])
def test_an_unknown_device_is_named(device):
    with pytest.raises(ValueError, match=f"device: got {device!r}, want 'auto' or a device of this machine"):
        pick_device(device)


def test_auto_is_the_best_device_there():
    wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert pick_device().type == pick_device("auto").type == wanted


# --- the same on a GPU

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")


@needs_cuda
def test_a_gpu_run_has_nearly_the_numbers_of_the_cpu():
    here, there = train(make(device="cuda"), 3), train(make(), 3)
    assert here.modules["model"][0].weight.is_cuda
    assert here.history["loss"] == pytest.approx(there.history["loss"], rel=1e-4)


@needs_cuda
@pytest.mark.parametrize("network", ["batch norm", "dropout"])
def test_a_gpu_run_resumes_exactly(network, tmp_path):
    unbroken = state(train(make(network, device="cuda"), 4))
    train(make(network, device="cuda"), 2, checkpoint=tmp_path / "run")
    resumed = train(make(network, seed=9, device="cuda"), 4, checkpoint=tmp_path / "run")
    assert same(state(resumed), unbroken)


@needs_cuda
def test_a_gpu_checkpoint_is_taken_up_on_the_cpu(tmp_path):
    train(make(device="cuda"), 2, checkpoint=tmp_path / "run")
    resumed = train(make(seed=9), 4, checkpoint=tmp_path / "run")
    assert resumed.history["loss"] == pytest.approx(train(make(), 4).history["loss"], rel=1e-4)
