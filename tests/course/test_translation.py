"""The commands of chapters 9 and 10: end to end on tiny networks, stopped, gone on with, and refused."""

import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import _commands, cyclegan, domains, downloads, pictures, style, stylizing, translation
from tests.course.test_recipes import written

TINY = ["train", "--size", "32", "--width", "4", "--blocks", "1", "--device", "cpu"]


@pytest.fixture(autouse=True)
def few_houses(monkeypatch, tmp_path):
    monkeypatch.setattr(domains, "TRAIN", 12)
    monkeypatch.setattr(domains, "TEST", 6)
    monkeypatch.chdir(tmp_path)


def photograph(path, shape=(37, 45)):
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (*shape, 3), np.uint8)).save(path)
    return str(path)


def test_a_run_that_was_stopped_goes_on_with_the_numbers_of_an_unbroken_one(tmp_path, capsys, monkeypatch):
    """The pools are filled by then, and the learning rate is falling."""
    command = [*TINY, "--epochs", "4", "--out"]
    saved = translation.Run.save
    monkeypatch.setattr(translation.Run, "save", lambda run, path: (saved(run, path), 1 / (run.history.epochs != 3)))
    with pytest.raises(ZeroDivisionError):
        translation.main([*command, "stopped"])
    monkeypatch.setattr(translation.Run, "save", saved)
    assert translation.main([*command, "stopped"]) == translation.main([*command, "unbroken"]) == 0
    (tensors, plain), (wanted, wanted_plain) = (written(tmp_path / name / "run.safetensors") for name in ("stopped", "unbroken"))
    assert plain == wanted_plain and len(plain["history"]["cycle"]) == 4
    assert tensors.keys() == wanted.keys() and all(torch.equal(tensors[name], wanted[name]) for name in wanted)
    count = next(value for name, value in wanted.items() if name.endswith("pool_x/count"))
    assert count == 24, "every fake of four epochs of six is kept: the pool has 50 places"
    assert "6 + 6 images, 4 epochs" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "stopped" / "samples").iterdir()} >= {"epoch-0001.png", "epoch-0004.png"}


def test_the_learning_rate_falls_over_the_second_half():
    settings = translation.Settings(width=2, blocks=1, size=32, epochs=4, pool=0)
    run, networks, pools = translation.prepare(settings, 3, 0, "cpu")
    step = translation.translation_step(run, networks, pools, torch.zeros(2, 3, 32, 32), settings)
    rates = []
    for epoch in range(4):
        run.history.values = {"g_loss": [0.0] * epoch}
        step(torch.zeros(1, 3, 32, 32), torch.Generator())
        rates.append(run.optimizers["generators"].param_groups[0]["lr"] / settings.lr)
    assert rates == pytest.approx([1, 1, 1, 0.5])


def test_pictures_are_translated_by_a_run_and_by_a_downloaded_model(tmp_path, capsys, monkeypatch):
    assert translation.main([*TINY, "--epochs", "1", "--generator", "unet", "--blocks", "2", "--out", "run"]) == 0
    to_y, to_x, settings = translation.load(tmp_path / "run")
    monkeypatch.setenv("GANLIB_DOWNLOADS", str(tmp_path / "models"))
    known = {"generator": "unet", "width": 4, "blocks": 2}
    model = downloads.offer("translators", "tiny", known, to_y=to_y, to_x=to_x).path
    house, broken = photograph(tmp_path / "house.png"), tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    capsys.readouterr()
    assert translation.main(["translate", "run", house, "--out", "a"]) == 0
    assert translation.main(["translate", str(model), str(broken), house, "--out", "b", "--to", "x"]) == 2
    said = capsys.readouterr()
    assert "broken.png: no picture that can be read (its format is not known)" in said.err and "house-to-x.png" in said.out
    made = pictures.read(tmp_path / "a" / "house-to-y.png")
    assert made.shape == (1, 3, 36, 44), "sides are multiples of 4"
    with torch.no_grad():
        wanted = (to_y(2 * pictures.read(tmp_path / "house.png", multiple=4) - 1) + 1) / 2
    assert torch.allclose(made, wanted, atol=1 / 255)
    assert (tmp_path / "b" / "house-to-x.png").exists() and settings.generator == "unet"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([*TINY, "--data", "zebras"], "--data: got 'zebras', want one of 'facades', 'cmp-facades', 'horse2zebra'"),
        ([*TINY, "--data", "horse2zebra"], "horse2zebra.zip is not there"),
        ([*TINY, "--generator", "mlp"], "generator: got 'mlp'"),
        ([*TINY, "--epochs", "0"], "epochs: got 0"),
        ([*TINY, "--identity", "-1"], "identity: got -1"),
        ([*TINY, "--limit", "1"], "limit: got 1"),
        ([*TINY[:2], "300"], "--size: got 300"),
        ([*TINY[:2], "33"], "--size: got 33, want a multiple of 4 for the resnet"),
        ([*TINY[:2], "40", "--generator", "unet"], "--size: got 40, want a multiple of 16 for the unet"),
        ([*TINY[:2], "16", "--data", "horse2zebra"], "--size: got 16, want a whole number of at least 32"),
        ([*TINY, "--generator", "unet", "--blocks", "1"], "--blocks: got 1, want a whole number of at least 2"),
        ([*TINY, "--identity", "some"], "--identity: got 'some', want a finite number of at least 0"),
        ([*TINY, "--out", "/dev/null/run"], "--out: nothing can be written into /dev/null/run: /dev/null is no folder"),
        (["translate", "nowhere", "house.png"], "nowhere does not exist"),
        (["translate", ".", "house.png"], "checkpoint: got ., want the folder of a run: there is no run.safetensors in it"),
        (["translate", "nowhere", "house.png", "--to", "z"], "--to: got 'z'"),
        (["translate", "nowhere", "house.png", "--max-side", "0"], "--max-side: got 0"),
        (
            ["translate", "nowhere", "house.png", "--out", "/dev/null"],
            "--out: nothing can be written into /dev/null: /dev/null is no folder",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(arguments, named, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path))
    monkeypatch.setattr("torchvision.datasets.utils.download_url", lambda *_, **__: (_ for _ in ()).throw(OSError("no network")))
    assert translation.main(arguments) == 2
    said = capsys.readouterr().err
    assert named in said and "Traceback" not in said


def test_a_folder_of_other_settings_is_refused(capsys):
    assert translation.main([*TINY, "--epochs", "1", "--out", "run"]) == 0
    assert translation.main([*TINY, "--epochs", "2", "--out", "run"]) == 2
    assert "holds a run with epochs 1, want 2" in capsys.readouterr().err


def test_a_run_is_loaded_without_a_trace(tmp_path, monkeypatch):
    """The caller's random numbers stay his, and only the generators are made."""
    assert translation.main([*TINY, "--epochs", "1", "--out", "run"]) == 0
    tensors, _ = written(tmp_path / "run" / "run.safetensors")
    monkeypatch.setattr(translation, "prepare", None)
    monkeypatch.setattr(cyclegan, "PatchDiscriminator", None)
    torch.manual_seed(5), np.random.seed(5), random.seed(5)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()
    to_y, to_x, settings = translation.load(tmp_path / "run")
    after = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()
    assert torch.equal(before[0], after[0]) and before[1:] == after[1:]
    assert (settings.width, settings.blocks, settings.betas) == (4, 1, (0.5, 0.999))
    for name, network in (("to_y", to_y), ("to_x", to_x)):
        assert all(torch.equal(value, tensors[f"module/{name}/{key}"]) for key, value in network.state_dict().items())


def test_a_run_of_other_networks_is_named(tmp_path, capsys):
    assert translation.main([*TINY, "--epochs", "1", "--out", "run"]) == 0
    file = tmp_path / "run" / "history.json"
    file.write_text(file.read_text().replace('"width": 4', '"width": 5'))
    assert translation.main(["translate", "run", "house.png"]) == 2
    assert "run.safetensors holds another network 'to_y'" in capsys.readouterr().err
    recipe = torch.nn.Linear(2, 2)
    translation.Run({"other": recipe}, {}, 0, "cpu").save(tmp_path / "run" / "run.safetensors")
    assert translation.main(["translate", "run", "house.png"]) == 2
    assert "holds the modules ['other'], want 'to_x' among them" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"settings": 3}', '{"settings": null}'])
def test_a_damaged_history_is_named(content, tmp_path, capsys):
    (tmp_path / "run").mkdir()
    for name, text in (("history.json", content), ("run.safetensors", "")):
        (tmp_path / "run" / name).write_text(text)
    assert translation.main([*TINY, "--out", "run"]) == 2
    assert capsys.readouterr().err.startswith("--out: run/history.json is damaged")
    assert translation.main(["translate", "run", "house.png"]) == 2
    assert capsys.readouterr().err.startswith("checkpoint: run/history.json is damaged")


def test_one_picture_that_cannot_be_translated_does_not_stop_the_others(tmp_path, capsys, monkeypatch):
    assert translation.main([*TINY, "--epochs", "1", "--out", "run"]) == 0
    thin, house = photograph(tmp_path / "thin.png", (3, 400)), photograph(tmp_path / "house.png")
    assert translation.main(["translate", "run", thin, house]) == 2
    said = capsys.readouterr()
    assert "thin.png: x: got" in said.err and "want sides of at least 8" in said.err and "house-to-y.png" in said.out
    forward = translation.nn.Module.__call__

    def crowded(network, x):
        if isinstance(network, cyclegan.ResNetGenerator) and x.shape[-1] > 44:
            raise torch.OutOfMemoryError("tried to allocate 80 GiB")
        return forward(network, x)

    monkeypatch.setattr(translation.nn.Module, "__call__", crowded)
    assert translation.main(["translate", "run", photograph(tmp_path / "large.png", (60, 60)), house]) == 2
    said = capsys.readouterr()
    assert "large.png: the memory of the device is full: try smaller pictures" in said.err and "house-to-y.png" in said.out


def test_a_device_without_memory_is_told(capsys):
    def crowded():
        raise torch.OutOfMemoryError("tried to allocate 80 GiB")

    assert _commands.guarded(crowded, translation._parser()) == 2
    assert "try smaller pictures or batches, or --device cpu (tried to allocate 80 GiB)" in capsys.readouterr().err


def test_pictures_of_one_name_are_refused_before_the_work(tmp_path, capsys):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        photograph(tmp_path / folder / "x.png")
    assert translation.main(["translate", "run", "a/x.png", "a/x.png", "b/x.png"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("picture: got a/x.png and b/x.png, want", "both are written as x-to-y.png"))


def test_no_picture_that_was_given_is_written_over(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    assert translation.main(["translate", "run", "x.png", "a/../x-to-y.png"]) == 2
    assert capsys.readouterr().err.startswith(
        "--out: got ., want another folder: x-to-y.png, which was given, would be written over"
    )


def test_the_settings_are_there_before_the_first_checkpoint(tmp_path, capsys, monkeypatch):
    """A run that dies between its first checkpoint and its history is not gone on with under other settings."""
    monkeypatch.setattr(translation, "draw", lambda *_: 1 / 0)
    monkeypatch.setattr(translation, "write_json", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        translation.main([*TINY, "--epochs", "3", "--out", "run"])
    assert (tmp_path / "run" / "run.safetensors").is_file()
    assert translation.main([*TINY, "--epochs", "2", "--out", "run"]) == 2
    assert "holds a run with epochs 3, want 2" in capsys.readouterr().err


def test_each_image_of_a_batch_is_mirrored_by_itself():
    batch = torch.arange(2.0).expand(64, 1, 1, 2)
    found = translation.half_mirrored(batch, torch.Generator().manual_seed(0))
    assert torch.equal(found.sum(3), batch.sum(3)) and 16 < found[:, 0, 0, 0].sum() < 48
    assert torch.equal(batch[:, 0, 0, 0], torch.zeros(64)), "the batch is as before"


def test_houses_are_mirrored_only_if_it_is_asked_for(tmp_path):
    found = {}
    for asked in ([], ["--no-mirror"], ["--mirror"]):
        assert translation.main([*TINY, "--epochs", "1", "--out", "run", *asked]) == 0
        settings = json.loads((tmp_path / "run" / "history.json").read_text())["settings"]
        found[" ".join(asked)] = settings["mirror"], written(tmp_path / "run" / "run.safetensors")[1]["history"]["cycle"]
        shutil.rmtree(tmp_path / "run")
    assert {asked: mirror for asked, (mirror, _) in found.items()} == {"": False, "--no-mirror": False, "--mirror": True}
    assert found[""] == found["--no-mirror"] and found[""][1] != found["--mirror"][1]


def test_a_model_that_is_no_cyclegan_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GANLIB_DOWNLOADS", str(tmp_path))
    path = downloads.offer("other", "a layer", {"width": 3}, generator=torch.nn.Linear(2, 2)).path
    assert translation.main(["translate", str(path), photograph(tmp_path / "a.png")]) == 2
    assert "is no CycleGAN" in capsys.readouterr().err


def test_one_picture_takes_the_style_of_another(tmp_path, capsys):
    content, painting = photograph(tmp_path / "content.png", (40, 48)), photograph(tmp_path / "style.jpg", (64, 50))
    assert stylizing.main([content, painting, "--out", "made/new.png", "--steps", "3", "--device", "cpu"]) == 0
    said = capsys.readouterr()
    losses = [float(line.rsplit(" ", 1)[1]) for line in said.out.splitlines() if line.startswith("step")]
    assert len(losses) == 3 and losses[-1] < losses[0]
    assert pictures.read(tmp_path / "made" / "new.png").shape == (1, 3, 40, 48)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (["--out", "new.txt"], "got the ending '.txt'"),
        (["--steps", "0"], "steps: got 0"),
        (["--features", "vgg16"], "features: got 'vgg16'"),
        (["--features", "vgg19"], "the weights of VGG-19 are not there"),
        (["--max-side", "8"], "--max-side: got 8"),
        (["--content-weight", "little"], "--content-weight: got 'little', want a finite number of at least 0"),
        (["--out", "/dev/null/new.png"], "--out: nothing can be written into /dev/null: /dev/null is no folder"),
        (["--content-weight", "-1"], "--content-weight: got -1"),
        (["--content-weight", "inf"], "--content-weight: got inf, want a finite number"),
        (["--content-weight", "1e39"], "step 1 leads to numbers that are not finite (loss nan): try smaller weights"),
        (["--seed", str(10**20)], "seed: got 100000000000000000000, want"),
    ],
)
def test_what_cannot_be_stylized_is_said_in_one_message(change, named, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    content = photograph(tmp_path / "content.png")
    assert stylizing.main([content, content, "--out", "new.png", *change]) == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "new.png").exists()


def test_a_picture_that_is_stopped_is_written_as_it_is(tmp_path, capsys, monkeypatch):
    def stopped(content, *_, after_step, **weights):
        after_step(1, content, 0.5)
        raise KeyboardInterrupt

    monkeypatch.setattr(style, "stylize", stopped)
    content = photograph(tmp_path / "content.png")
    assert stylizing.main([content, content, "--out", "new.png"]) == 130
    assert "stopped; new.png is the picture after 1 of 150 steps" in capsys.readouterr().err
    assert torch.equal(pictures.read("new.png"), pictures.read(content))
    monkeypatch.setattr(style, "stylize", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    assert stylizing.main([content, content, "--out", "other.png"]) == 130
    assert capsys.readouterr().err == "stopped; nothing more was written\n"


def test_translations_that_were_written_before_ctrl_c_are_counted(tmp_path, capsys, monkeypatch):
    def stopped(image, network, path):
        if path.name == "b.png":
            raise KeyboardInterrupt
        return image

    assert translation.main([*TINY, "--epochs", "1", "--out", "run"]) == 0
    monkeypatch.setattr(translation, "_translated", stopped)
    given = [photograph(tmp_path / f"{name}.png") for name in "abc"]
    assert translation.main(["translate", "run", "missing.png", *given]) == 130
    fault, stopped_at = capsys.readouterr().err.splitlines()
    assert fault.startswith("missing.png")
    assert stopped_at == f"stopped at {tmp_path / 'b.png'}: 1 of 4 pictures were written"


def test_a_picture_too_small_or_missing_is_named(tmp_path, capsys):
    small, large = photograph(tmp_path / "small.png", (20, 64)), photograph(tmp_path / "large.png", (40, 40))
    assert stylizing.main([large, small, "--out", "new.png"]) == 2
    assert stylizing.main([large, "nowhere.png", "--out", "new.png"]) == 2
    said = capsys.readouterr().err
    assert "small.png: got (20, 64) pixels" in said and "nowhere.png: there is no such picture" in said


def test_the_commands_are_modules_and_say_what_is_to_be_written_first(root, tmp_path):
    """As a learner runs them whose exercises are blank."""
    picture, environment = photograph(tmp_path / "a.png", (40, 40)), {"PYTHONPATH": str(root), "GANLIB": ""}
    for module, arguments in {"ganlib.cyclegan": TINY, "ganlib.style": [picture, picture, "--out", "b.png"]}.items():
        ran = subprocess.run(
            [sys.executable, "-m", module, *arguments], env=os.environ | environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert ran.returncode == 2 and "is to be written first" in ran.stderr, ran.stderr
