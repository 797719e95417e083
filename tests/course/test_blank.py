"""What nobody has begun is known without asking."""

import pytest

from autograde import blank
from autograde.check import run
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


def test_no_session_is_opened_for_what_is_blank():
    def never():
        raise AssertionError("a session was opened")

    results = run(open_session=never, blank=blank.exercises({})).exercises()
    assert {result.exercise.id for result in results} == blank.exercises({}).keys()
    assert {(result.status, result.score) for result in results} == {("blank", 0)}
    (message,) = (result.message for result in results if result.exercise.id == "2.2")
    assert message.startswith("write it in ganlib/vae.py, line ")
