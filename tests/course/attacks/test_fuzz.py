"""Nonsense of every kind into the readers of the trusted side: they answer with their own error or with a remark."""

import io
import json
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograde import notebooks, submission, wire

BOUNDED = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from([*wire._READERS, "items", "unknown"])
TREES = st.recursive(
    PLAIN, lambda inner: st.dictionaries(KINDS, inner | st.lists(inner, max_size=3), min_size=1, max_size=2), max_leaves=8
)


def reader(data):
    stream = io.BytesIO(data)

    def read(n):
        found = stream.read(n)
        if len(found) < n:
            raise EOFError
        return found

    return read


@BOUNDED
@given(st.binary(max_size=200))
def test_the_wire_reads_bytes_or_refuses(data):
    with suppress(wire.WireError, EOFError):
        wire.receive(reader(data))


@BOUNDED
@given(PLAIN, st.binary(max_size=100))
def test_the_wire_reads_messages_or_refuses(header, blob):
    text = json.dumps(header).encode()
    data = struct.pack("<Q", len(text)) + text + struct.pack("<Q", len(blob)) + blob
    try:
        header, _ = wire.receive(reader(data))
    except wire.WireError:
        return
    assert isinstance(header, dict)


@BOUNDED
@given(TREES)
def test_the_wire_unpacks_or_refuses(tree):
    try:
        value = wire.unpack(tree, {})
    except wire.WireError:
        return
    wire.pack(value)


@BOUNDED
@given(PLAIN | st.fixed_dictionaries({"cells": PLAIN}) | st.fixed_dictionaries({"cells": st.lists(st.dictionaries(
    st.sampled_from(["id", "cell_type", "source", "metadata"]), PLAIN | st.sampled_from(["code", "2-1-answer"]), max_size=4
), max_size=4)}))  # fmt: skip
def test_notebooks_are_read_or_remarked_upon(tree):
    answers, remarks = notebooks.answers("02_vae", json.dumps(tree).encode())
    assert all(isinstance(source, str) for source in answers.values())
    assert isinstance(tree, dict) and isinstance(tree.get("cells"), list) or remarks


@BOUNDED
@given(st.binary(max_size=300))
def test_notebooks_of_any_bytes(data):
    notebooks.answers("02_vae", data)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("zips") / "one.zip"


@BOUNDED
@given(data=st.binary(max_size=300))
def test_zips_of_any_bytes(place, data):
    place.write_bytes(data)
    with pytest.raises(submission.UnreadableSubmission):
        submission.read(place)


@BOUNDED
@given(
    names=st.lists(
        st.sampled_from(
            ["ganlib/vae.py", "a/ganlib/vae.py", "../ganlib/vae.py", "/ganlib/vae.py", "ganlib", "exercises/02_vae.ipynb"]
        )
        | st.text(min_size=1, max_size=30),
        max_size=6,
    ),
    damage=st.integers(0, 400),
    byte=st.integers(0, 255),
)
def test_zips_with_any_names_and_a_wrong_byte(place, names, damage, byte):
    with zipfile.ZipFile(place, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x = 1\n")
    data = bytearray(place.read_bytes())
    if damage < len(data):
        data[damage] = byte
    place.write_bytes(data)
    try:
        found = submission.read(place)
    except submission.UnreadableSubmission:
        return
    assert set(found.modules) <= {"vae"}


def test_a_bomb_is_not_unpacked(place):
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ganlib/vae.py", b"#" * 200 * 2**20)
    found = submission.read(place)
    assert found.modules == {}
    assert "200 MiB, 5 are allowed" in found.remarks[0]


def test_a_zip_that_lies_about_its_size_is_read_no_further(place):
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ganlib/vae.py", b"#" * 200 * 2**20)
    data = place.read_bytes()
    size = struct.pack("<I", 200 * 2**20)
    place.write_bytes(data.replace(size, struct.pack("<I", 1000)))
    found = submission.read(place)
    assert len(found.modules.get("vae", b"")) <= submission.MAX_FILE
    assert found.modules == {} or len(found.modules["vae"]) == 1000


def test_a_zip_of_too_many_entries_is_not_listed_to_its_end(place, monkeypatch):
    monkeypatch.setattr(submission, "MAX_LISTED", 100)
    for number in (100, 101):
        with zipfile.ZipFile(place, "w") as archive:
            for each in range(number - 1):
                archive.writestr(f".venv/{each}", "")
            archive.writestr("ganlib/vae.py", "x = 1")
        if number == 100:
            assert set(submission.read(place).modules) == {"vae"}
    data = bytearray(place.read_bytes())
    data[-14:-10] = bytes(4)  # whatever it says of their number
    place.write_bytes(data)
    with pytest.raises(submission.UnreadableSubmission, match="more than 100 entries"):
        submission.read(place)
