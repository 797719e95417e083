"""The recipes as commands: end to end on small files in MNIST's real format, stopped, gone on with, and refused."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch import nn

from ganlib import recipes
from tests.course.test_data import cifar, idx, lay_batches  # noqa: F401 (cifar is a fixture)

COMMAND = "import runpy; runpy.run_module('ganlib.training', run_name='__main__', alter_sys=True)"
# Several commands in one process, since importing torch takes longer than they do.
COMMANDS = "import sys; from ganlib import recipes; print([recipes.main(line.split()) for line in sys.argv[1:]])"


@pytest.fixture
def start(root, tmp_path, heeds_ctrl_c):
    """Starts commands in a folder of their own, which holds a small MNIST, as a learner would whose answers are right."""
    rng = np.random.default_rng(0)
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for split, n in (("train", 25), ("t10k", 3)):
        (raw / f"{split}-images-idx3-ubyte").write_bytes(idx(rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)))
        (raw / f"{split}-labels-idx1-ubyte").write_bytes(idx(rng.integers(0, 10, n, dtype=np.uint8)))

    def start(code: str, *arguments: str, ganlib: str = "solutions") -> subprocess.Popen:
        environment = {"PYTHONPATH": str(root), "GANLIB_DATA": str(tmp_path / "data"), "OMP_NUM_THREADS": "1", "no_proxy": "*"}
        environment |= {"GANLIB": ganlib, "MPLBACKEND": "agg"}
        options = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, preexec_fn=heeds_ctrl_c)
        return subprocess.Popen([sys.executable, "-c", code, *arguments], env=os.environ | environment, **options)

    return start


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def written(path) -> tuple[dict, dict]:
    """Everything in a checkpoint but the seconds: tensors by name, and the rest."""
    with safe_open(path, framework="pt") as file:
        plain = json.loads(file.metadata()["run"])
        plain.pop("seconds")
        return {name: file.get_tensor(name) for name in file.keys()}, plain  # noqa: SIM118 (not a dict)


def test_a_stopped_run_goes_on_with_the_numbers_of_an_unbroken_one(start, tmp_path):
    line = ("dcgan", "--data", "mnist", "--batch-size", "8", "--device", "cpu", "--epochs", "4", "--out")
    stopped = start(COMMAND, *line, "stopped")
    for said in stopped.stdout:
        if said.startswith("epoch 1/4"):
            stopped.send_signal(signal.SIGINT)
            break
    status, _, err = finish(stopped)
    assert status == 130 and "Traceback" not in err
    assert "the same call goes on from there" in err
    epochs_before = len(json.loads((tmp_path / "stopped" / "history.json").read_text())["history"]["d_loss"])
    assert 1 <= epochs_before < 4

    (status, out, err), (unbroken, *_) = finish(start(COMMAND, *line, "stopped")), finish(start(COMMAND, *line, "unbroken"))
    assert (status, unbroken) == (0, 0), err
    assert "dcgan on mnist: 25 images, 4 epochs, on cpu" in out
    (tensors, plain), (wanted, wanted_plain) = (written(tmp_path / name / "run.safetensors") for name in ("stopped", "unbroken"))
    assert plain == wanted_plain and len(plain["history"]["g_loss"]) == 4
    assert tensors.keys() == wanted.keys() and all(torch.equal(tensors[name], wanted[name]) for name in wanted)
    pictures = [(tmp_path / name / "samples" / "epoch-0004.png").read_bytes() for name in ("stopped", "unbroken")]
    assert pictures[0] == pictures[1] and pictures[0].startswith(b"\x89PNG")
    assert len(list((tmp_path / "unbroken" / "samples").iterdir())) == 4
    history = json.loads((tmp_path / "stopped" / "history.json").read_text())
    assert history["history"] == plain["history"]
    assert {"recipe": "dcgan", "batch_size": 8, "lr": 2e-4, "betas": [0.5, 0.999], "seed": 0}.items() <= history[
        "settings"
    ].items()


@pytest.mark.parametrize("module", ["training", "cyclegan", "style"])
def test_ctrl_c_while_a_command_imports_is_answered_in_a_line(module, root, tmp_path, heeds_ctrl_c):
    """Here while it imports torch; what is imported may lose an exception."""
    (tmp_path / "torch.py").write_text(
        "import contextlib, os, signal\nwith contextlib.suppress(BaseException): os.kill(os.getpid(), signal.SIGINT)"
    )
    stopped = subprocess.run(
        [sys.executable, "-m", f"ganlib.{module}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root), "GANLIB": "solutions"},
        capture_output=True,
        text=True,
        preexec_fn=heeds_ctrl_c,
    )
    assert (stopped.returncode, stopped.stderr) == (130, "stopped; nothing more was written\n")


def test_a_python_without_torch_is_named(root):
    """As whoever forgets ``.venv/bin/`` has one."""
    code = "import sys; sys.argv[0] = '-m'; sys.path[:] = [each for each in sys.path if 'packages' not in each]; import ganlib"
    lacking = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (lacking.returncode, lacking.stderr) == (
        2, f"{sys.executable} has no torch: use .venv/bin/python -m ganlib..., after make setup\n",
    )  # fmt: skip


def test_a_wrong_ganlib_is_told_in_a_line(root):
    environment = os.environ | {"GANLIB": "nowhere"}
    refused = subprocess.run([sys.executable, "-m", "ganlib.style"], cwd=root, env=environment, capture_output=True, text=True)
    assert refused.returncode == 2 and re.fullmatch("GANLIB=nowhere: the folder .* does not exist; unset .*\n", refused.stderr)


def test_every_recipe_trains_and_a_folder_of_other_settings_is_refused(start, tmp_path):
    small = "--data mnist --limit 10 --batch-size 5 --device cpu"
    lines = [f"cgan {small} --steps 3", f"vae {small} --epochs 1 --out vae", f"vae {small} --epochs 1 --seed 1 --out vae"]
    status, out, err = finish(start(COMMANDS, *lines))
    assert status == 0 and out.splitlines()[-1] == "[0, 0, 2]", err
    assert "3 steps are 1.5 epochs of 2: rounded to 2 epochs, 4 steps" in out
    assert "cgan on mnist: 10 images, 2 epochs, on cpu; written to runs/cgan-mnist" in out
    assert "epoch 1/1  loss" in out
    assert err == "--out: vae holds a run with seed 0, want 1: name another folder\n"
    for folder in ("runs/cgan-mnist", "vae"):
        assert {file.name for file in (tmp_path / folder).iterdir()} == {"run.safetensors", "history.json", "samples"}


def test_sngan_trains_on_cifar10_and_goes_on_with_the_numbers_of_an_unbroken_run(cifar, monkeypatch, tmp_path, capsys):  # noqa: F811
    lay_batches(cifar)
    monkeypatch.setenv("GANLIB_DATA", str(cifar.root))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(recipes.RECIPES, "sngan", replace(recipes.RECIPES["sngan"], width=8))
    line = "sngan --data cifar10 --batch-size 1 --device cpu --out"
    assert recipes.main(f"{line} unbroken --steps 4".split()) == 0
    assert "sngan on cifar10: 10 images, 2 epochs, on cpu" in capsys.readouterr().out
    for epochs in (1, 2):
        assert recipes.main(f"{line} stopped --epochs {epochs}".split()) == 0
    (tensors, plain), (wanted, wanted_plain) = (written(tmp_path / name / "run.safetensors") for name in ("stopped", "unbroken"))
    assert plain == wanted_plain and len(plain["history"]["g_loss"]) == 2
    assert tensors.keys() == wanted.keys() and all(torch.equal(tensors[name], wanted[name]) for name in wanted)
    assert any(name.endswith(".u") for name in tensors), "power iteration goes on where it was"


def test_the_settings_are_there_before_the_first_checkpoint(cifar, monkeypatch, tmp_path, capsys):  # noqa: F811
    """A run that dies between its first checkpoint and its history is not gone on with under other settings."""
    lay_batches(cifar)
    monkeypatch.setenv("GANLIB_DATA", str(cifar.root))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(recipes.RECIPES, "sngan", replace(recipes.RECIPES["sngan"], width=8))
    monkeypatch.setattr(recipes, "write_json", lambda *_: 1 / 0)
    line = ["sngan", "--data", "cifar10", "--batch-size", "1", "--device", "cpu", "--epochs", "1", "--out", "run"]
    with pytest.raises(ZeroDivisionError):
        recipes.main(line)
    assert (tmp_path / "run" / "run.safetensors").is_file()
    assert recipes.main([*line, "--seed", "1"]) == 2
    assert "holds a run with seed 0, want 1" in capsys.readouterr().err


@pytest.mark.parametrize("n, seen", [(10, [2] * 5), (13, [2] * 5), (3, [1] * 3), (1, [1])])
def test_each_step_of_the_discriminator_has_a_batch_of_its_own(n, seen):
    pixels, real = nn.Sequential(nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))), []
    score = nn.Sequential(nn.Flatten(), nn.Linear(4, 1))
    recipe = replace(recipes.RECIPES["sngan"], latent_dim=2)
    run = recipes.make_run(recipe, 0, torch.device("cpu"), generator=pixels, discriminator=score)
    images = torch.arange(float(n)).reshape(n, 1, 1, 1).expand(n, 1, 2, 2)
    score.register_forward_pre_hook(lambda _, arguments: real.append(arguments[0][:, 0, 0, 0].tolist()))
    recipes.hinge_step(run, 2, 5)(images, torch.Generator())
    asked = real[0:-1:2]  # behind each batch of real images comes one of fakes, and in the end that of the generator's step
    assert [len(batch) for batch in asked] == seen
    assert sum(asked, []) == list(range(sum(seen)))
    assert len(real) == 2 * len(seen) + 1


def test_what_cannot_be_done_is_said_without_a_traceback(start):
    lines = [
        "dcgna",
        "dcgan --data minst",
        "vae --data fashion-mnist",
        "dcgan --epochs -1",
        "vae --limit 1",
        "vae --device banana",
        "vae --batch-size 1.5",
        "vae --steps few",
        "vae --seed letters",
        "vae --out data/MNIST/raw/t10k-labels-idx1-ubyte/run",
    ]
    status, out, err = finish(start(COMMANDS, *lines))
    assert status == 0 and out == f"{[2] * 10}\n"
    recipe, source, *missing, epochs, limit, device, batch_size, steps, seed, folder = err.splitlines()
    assert recipe == "recipe: got 'dcgna', want one of 'dcgan', 'cgan', 'sngan', 'vae'"
    assert source == "--data: got 'minst', want one of 'digits', 'mnist', 'fashion-mnist', 'cifar10'"
    assert missing[0].startswith("fashion_mnist: ") and "train-images-idx3-ubyte.gz is not there" in missing[0]
    assert any(line.startswith("Without one: download train-images-idx3-ubyte.gz") for line in missing)
    assert epochs == "--epochs: got -1, want a whole number of at least 0"
    assert limit == "--limit: got 1, want a whole number of at least 2"
    assert device.startswith("--device: got 'banana', want 'auto' or a device of this machine")
    assert batch_size == "--batch-size: got '1.5', want a whole number of at least 1"
    assert steps == "--steps: got 'few', want a whole number of at least 1"
    assert seed == "--seed: got 'letters', want a whole number of at least 0"
    assert folder.startswith("--out: nothing can be written into data/MNIST/raw/") and folder.endswith(
        "t10k-labels-idx1-ubyte is no folder"
    )


def test_an_exercise_that_is_not_written_is_named(start, root):
    lines = [f"{name} --data mnist --device cpu" for name in ("dcgan", "cgan", "sngan", "vae")]
    status, out, err = finish(start(COMMANDS, *lines, ganlib=str(root)))
    assert status == 0 and out.splitlines()[-1] == "[2, 2, 2, 2]"
    told = "is to be written first: the command runs on it (make check EX={0} tells when it is right)"
    assert err.splitlines() == [f"Exercise {number} {told.format(number)}" for number in ("5.3", "6.3", "5.3", "2.4")]


def test_the_published_settings():
    """Of the sources: latent 64, batch 100, Adam(0.0002, 0.5), 50,000 steps; the VAE 784-512-2, batch 128, 50 epochs."""
    for game in ("dcgan", "cgan"):
        recipe = recipes.RECIPES[game]
        assert (recipe.latent_dim, recipe.width, recipe.batch_size, recipe.steps) == (64, 64, 100, 50_000)
        assert (recipe.lr, recipe.betas) == (2e-4, (0.5, 0.999))
    recipe = recipes.RECIPES["sngan"]  # 100,000 steps of the generator, five of the discriminator for each
    assert (recipe.latent_dim, recipe.batch_size, recipe.n_critic, recipe.steps) == (128, 64, 5, 100_000)
    assert (recipe.lr, recipe.betas) == (2e-4, (0.0, 0.9))
    recipe = recipes.RECIPES["vae"]
    assert (recipe.latent_dim, recipe.width, recipe.batch_size, recipe.epochs) == (2, 512, 128, 50)
    assert (recipe.lr, recipe.betas) == (1e-3, (0.9, 0.999))


@pytest.mark.parametrize("n, batch_size", [(25, 8), (24, 8), (26, 8), (7, 8), (1, 8), (9, 8), (5, 1), (60_000, 100)])
def test_steps_are_counted_as_fit_makes_batches(n, batch_size):
    from ganlib.training import _batches

    batches = _batches(n, batch_size, torch.Generator(), torch.device("cpu"))
    assert recipes.steps_an_epoch(n, batch_size) == len(batches)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_recipe_on_a_gpu_begins_with_the_numbers_of_the_cpu(name, start, tmp_path):
    line = f"{name} --data mnist --batch-size 8 --epochs 1"
    status, out, err = finish(start(COMMANDS, f"{line} --out here --device cpu", f"{line} --out there --device cuda"))
    assert status == 0 and out.splitlines()[-1] == "[0, 0]", err
    here, there = (json.loads((tmp_path / folder / "history.json").read_text())["history"] for folder in ("here", "there"))
    for measured in here:
        assert there[measured] == pytest.approx(here[measured], rel=1e-2)


def test_the_readme_names_a_command_that_there_is(root):
    lines = re.findall(r"-m ganlib\.training (.*?)(?:  #.*)?$", (root / "README.md").read_text(), re.MULTILINE)
    assert lines
    for line in lines:
        options = recipes._parser().parse_args(line.split())
        assert options.recipe in recipes.RECIPES and options.data.replace("-", "_") in recipes.data.NAMES
