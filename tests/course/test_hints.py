"""Hints are given for the very mistake, and for no other that happens to fail in the same way."""

import sys
from functools import partial

import pytest

from autograde import hints, variants
from autograde.check import run
from autograde.client import Session

SIZES = "The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"


def failure(message, own="", type="RuntimeError"):
    return hints.sketch_of_failure("raised", message, {"type": type, "own": own})


def test_of_a_message_the_words_count_and_not_the_numbers():
    assert hints.same(failure(SIZES.format(3, 4)), failure(SIZES.format(10, 2)))
    assert hints.same(failure(SIZES.format(3, 4)), failure(SIZES.format(3, 4).replace("non-singleton", "another")))
    assert not hints.same(failure(SIZES.format(3, 4)), failure("Kernel size can't be greater than actual input size"))
    assert not hints.same(failure("one", type="ValueError"), failure("one"))


def test_what_a_message_names_is_its_point():
    subscripted = "'{}' object is not subscriptable"
    assert not hints.same(failure(subscripted.format("NoneType")), failure(subscripted.format("float")))
    assert hints.same(failure("(64x192 and 256x1)"), failure("(8x3 and 12x1)"))


def test_an_error_of_somebodys_own_says_what_it_likes():
    assert hints.same(failure("k is negative", own="raise"), failure("got -1, want k of at least 0", own="raise"))
    assert not hints.same(failure("k is negative", own="raise"), failure("k is negative"))


@pytest.mark.parametrize("chapter", ["zz", "99"])
def test_hints_of_a_chapter_that_is_not_there_are_not_made(monkeypatch, chapter):
    monkeypatch.setattr(sys, "argv", ["variants", chapter])
    with pytest.raises(SystemExit, match=f"chapter {chapter}: there is none of this number; there are 0, 1, "):
        variants.main()


BODY = """
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
"""


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("return F.conv2d(spread, weight.transpose(0, 1).flip(2, 3), padding=padding)", "K - 1 - padding"),
        ("return F.conv2d(spread, spread @ spread[:, :, :, :0], padding=padding)", ""),
    ],
)
def test_two_errors_of_one_type_are_told_apart(root, end, words):
    module = (root / "solutions" / "ganlib" / "dcgan.py").read_text() + BODY + f"    {end}\n"
    opened = partial(Session, modules={"dcgan": module.encode()})
    (result,) = run(["5.2"], open_session=opened, needs=False, training=False).exercises()
    assert result.status == "failed"
    assert "RuntimeError" in result.message
    assert words in result.hint
    assert bool(result.hint) == bool(words)


def test_what_a_stranger_answers_fills_no_memory():
    keep = hints.Keeper(room=10)
    assert keep([1.0, 2.0]) == hints.sketch([1.0, 2.0])
    assert keep({"a": [0.0] * 20}) == {"text": "more than is kept"} == keep(1.0)


FORGED = "from autograde import wire\nwire.pack = lambda value: ({}, {{}})\ndef kl_standard_normal(*z): ...\n"


@pytest.mark.parametrize(
    "module",
    {
        "a text": FORGED.format("{'text': 'x' * 4_000_000}"),
        "a key": FORGED.format("{'dict': {'x' * 4_000_000: {'int': 1}}}"),
        "another value": FORGED.format("{'opaque': 'x' * 4_000_000}"),
        "an error's name": "def kl_standard_normal(*z):\n    raise type('x' * 4_000_000, (Exception,), {})\n",
    }.values(),
)
def test_of_a_long_text_no_more_is_kept_than_tells_it_from_others(module):
    (result,) = run(["2.2"], open_session=partial(Session, modules={"vae": module.encode()}), needs=False).exercises()
    transcripts = [test.transcript for test in result.tests if test.transcript]
    assert transcripts and max(len(str(each)) for each in transcripts) < 1000
