"""The scoreboard: what it measures, how it keeps it, and what it shows."""

import itertools
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from matplotlib.text import Text

from ganlib import data, features, scoreboard


@pytest.fixture(autouse=True)
def board(monkeypatch, tmp_path):
    """An empty scoreboard of its own."""
    monkeypatch.setenv("GANLIB_SCOREBOARD", str(tmp_path / "board"))
    return tmp_path / "board"


def real(size: int = 8) -> torch.Tensor:
    return data.load("digits", size=size).train_images


def noise(size: int = 8, n: int = 1000) -> torch.Tensor:
    return torch.rand(n, 1, size, size, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("size", data.DIGIT_SIZES)
def test_real_images_score_well_and_noise_badly_at_every_size(size):
    good, bad = scoreboard.measure(4, "real", real(size)), scoreboard.measure(4, "noise", noise(size))
    assert (good.size, good.modes) == (size, 10)
    assert good.nfd < 0.03 and good.precision > 0.85 and good.recall > 0.85 and good.entropy > 0.99
    assert bad.nfd > 0.3 and bad.precision < 0.2 and bad.recall < 0.2 and bad.entropy < 0.9


def test_what_is_measured_is_what_the_metrics_say():
    digits, images = data.load("digits"), noise()
    score = scoreboard.measure(4, "noise", images)
    assert score.nfd == pytest.approx(features.normalized_frechet(digits.test_images, images))
    assert score.entropy == pytest.approx(features.label_entropy(images))
    order = torch.randperm(1000, generator=torch.Generator().manual_seed(0))[:400]
    expected = features.precision_recall(digits.test_images, images[order])
    assert (score.precision, score.recall) == pytest.approx(expected)


def test_images_made_digit_by_digit_are_not_judged_by_the_first_digits():
    images, labels = real(), data.load("digits").train_labels
    ordered = images[labels.argsort()]
    assert scoreboard.measure(4, "in order", ordered).recall > 0.85


def test_a_score_is_stored_and_read_again(board):
    stored = scoreboard.add(2, "VAE, d = 2 “β”", real())
    (path,) = board.iterdir()
    assert json.loads(path.read_text(encoding="utf-8")) == asdict(stored)
    assert scoreboard.load() == [stored]


def test_a_model_has_one_score_and_the_newest_counts(board):
    scoreboard.add(2, "VAE", real())
    newest = scoreboard.add(2, "VAE", noise())
    assert scoreboard.load() == [newest]
    scoreboard.add(2, "VAE", real(16))
    scoreboard.add(5, "VAE", real())
    assert len(scoreboard.load()) == len(list(board.iterdir())) == 3, "another size or chapter is another score"


def test_a_score_is_written_in_one_move(board, monkeypatch):
    old = scoreboard.add(2, "VAE", real())

    def fail(self, target):
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk is full"):
        scoreboard.add(2, "VAE", noise())
    assert scoreboard.load() == [old]
    assert len(list(board.iterdir())) == 1, "nothing is left behind"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((4, "few", noise(n=999)), "images: got 999, want at least 1000"),
        ((4, "tanh", 2 * noise() - 1), r"images: got values in \[-1, 1\].*\(x \+ 1\) / 2"),
        ((4, "size", torch.rand(1000, 1, 28, 28)), r"images: got .*\(1000, 1, 28, 28\).*8, 16, 32"),
        ((4, " ", noise()), "model: got ' ', want a name"),
        (("4", "model", noise()), "chapter: got '4'"),
    ],
)
def test_what_cannot_be_judged_is_refused(board, arguments, message):
    with pytest.raises(ValueError, match=message):
        scoreboard.add(*arguments)
    assert not board.exists()


def test_a_file_that_is_no_score_is_named(board):
    board.mkdir()
    (board / "04-08-x.json").write_text('{"chapter": 4}')
    with pytest.raises(ValueError, match="04-08-x.json holds no score"):
        scoreboard.load()


SCORE = scoreboard.Score(2, "VAE", 8, False, 0.0714, 0.9, 0.5, 10, 0.97)


def test_scores_are_sorted_by_size_and_references_come_last(board):
    scores = [
        SCORE,
        replace(SCORE, chapter=5, model="DCGAN"),
        replace(SCORE, chapter=1, model="noise", reference=True),
        replace(SCORE, chapter=5, model="DCGAN", size=16),
    ]
    board.mkdir()
    for number, score in enumerate(reversed(scores)):
        (board / f"{number}.json").write_text(json.dumps(asdict(score)))
    assert scoreboard.load() == scores


def test_a_table_says_all_in_text_and_in_html():
    table = scoreboard.table([SCORE, replace(SCORE, model="a < b", size=16)])
    text, page = repr(table), table._repr_html_()
    assert re.search(r"^ *1  VAE +2  0\.071 +0\.90 +0\.50 +10 +0\.97$", text, re.MULTILINE)
    assert "8 x 8 pixels" in text and "16 x 16 pixels" in text
    assert "a &lt; b" in page and "<td" in page and "0.071" in page
    assert page.count('scope="rowgroup"') == 2 and page.count('scope="col"') == 8
    assert "no." in repr(scoreboard.table([]))


def test_references_without_a_model_of_their_size_are_not_shown():
    reference = replace(SCORE, model="noise", reference=True)
    shown = scoreboard.table([SCORE, reference, replace(reference, size=32)]).scores
    assert shown == [SCORE, reference]
    assert scoreboard.table([reference]).scores == [reference]


def test_a_figure_shows_every_score():
    scores = [SCORE, replace(SCORE, model="DCGAN", size=16, nfd=0.0), replace(SCORE, model="noise", reference=True)]
    figure = scoreboard.figure(sorted(scores, key=lambda score: score.size))
    plane, bars = figure.get_axes()
    assert {text.get_text() for text in plane.texts} == {"1", "2", "3"}
    assert [label.get_text() for label in bars.get_yticklabels()] == ["VAE  1", "noise  2", "DCGAN  3"]
    assert "8 × 8 pixels" in {text.get_text() for text in bars.texts}
    assert figure.get_figwidth() <= 7.5
    figure.canvas.draw()
    with pytest.raises(ValueError, match="none"):
        scoreboard.figure([])


def test_numbers_of_models_that_are_alike_can_be_read():
    places = [(0.0, 0.0), (0.0, 0.0), (0.5, 0.5), (0.5, 0.5), (0.52, 0.49), (0.49, 0.52), (0.98, 0.01)]
    models = enumerate(places)
    figure = scoreboard.figure([replace(SCORE, model=str(k), recall=x, precision=y) for k, (x, y) in models])
    figure.canvas.draw()
    plane = figure.get_axes()[0]
    boxes = [Text.get_window_extent(number) for number in plane.texts]  # without its line
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert all(plane.bbox.containsy(box.y0) and box.x0 >= plane.bbox.x0 for box in boxes)


def test_the_folder_is_in_the_checkout_unless_the_environment_names_another(monkeypatch, root, board):
    assert scoreboard.folder() == board
    monkeypatch.delenv("GANLIB_SCOREBOARD")
    assert scoreboard.folder() == root / "_build" / "scoreboard"


def test_the_scoreboard_imports_no_exercise(tmp_path, root):
    """It works for a student who has written nothing yet."""
    (tmp_path / "ganlib").mkdir()
    loaded = "[name for name in ganlib.EXERCISE_MODULES if f'ganlib.{name}' in sys.modules]"
    code = f"import sys, ganlib; from ganlib import scoreboard; print({loaded})"
    environment = os.environ | {"GANLIB": str(tmp_path), "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
