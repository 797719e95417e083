"""What nobody has begun is known without asking."""

import json

import pytest

from autograde import blank, notebooks
from autograde.check import run
from autograde.client import Session
from autograde.release import modules
from autograde.variants import catalog


@pytest.fixture(scope="module")
def handed_out(root):
    return {path.stem: text.encode() for path, text in modules(root).items()}


def test_every_exercise_has_a_place_where_its_hole_is(handed_out):
    places = blank.exercises({})
    assert places.keys() == {variant.exercise for variant in catalog("alternatives")}
    for id, place in places.items():
        file, line = place.removeprefix("ganlib/").split(".py, line ")
        assert handed_out[file].decode().splitlines()[int(line) - 1].strip() == f'raise NotImplementedError("Exercise {id}")'


@pytest.mark.parametrize("change", [lambda text: text, lambda text: text.replace(b"\n", b"\r\n")])
def test_as_handed_out_is_blank(handed_out, change):
    assert blank.exercises({name: change(text) for name, text in handed_out.items()}) == blank.exercises({})


def test_a_module_with_any_change_is_asked(handed_out):
    """Whoever writes an answer below the hole has answered, too."""
    left = blank.exercises(handed_out | {"vae": handed_out["vae"] + b"\nelbo = print\n"})
    assert blank.exercises({}).keys() - left.keys() == {f"2.{number}" for number in range(1, 9)}
    assert "2.1" in blank.exercises({name: text for name, text in handed_out.items() if name != "vae"})
    assert "2.1" not in blank.exercises(handed_out | {"vae": b""})


def never():
    raise AssertionError("a session was opened")


def test_no_session_is_opened_for_what_is_blank():
    results = run(open_session=never, blank=blank.exercises({})).exercises()
    assert {result.exercise.id for result in results} == blank.exercises({}).keys()
    assert {(result.status, result.score) for result in results} == {("blank", 0)}
    (message,) = (result.message for result in results if result.exercise.id == "2.2")
    assert message.startswith("write it in ganlib/vae.py, line ")


@pytest.mark.parametrize("name", notebooks.manifest())
def test_no_session_is_opened_for_a_notebook_that_nobody_has_begun(name):
    results, remarks = notebooks.judge(name, (notebooks.FOLDER / f"{name}.ipynb").read_bytes(), never)
    assert {result.status for result in results} == {"blank"}
    assert remarks == []


@pytest.mark.parametrize("name", ["02_vae", "06_cgan", "08_spectral"])
def test_of_a_notebook_is_said_what_its_check_cells_say(name):
    handed_out = (notebooks.FOLDER / f"{name}.ipynb").read_bytes()
    begun = json.loads(handed_out)
    for cell in begun["cells"]:
        if cell["id"].endswith("-answer"):
            cell["source"] = "".join(cell["source"]) + "\n# begun"
    said = notebooks.judge(name, json.dumps(begun).encode(), lambda: Session("solutions"))
    assert said == notebooks.judge(name, handed_out, never)
