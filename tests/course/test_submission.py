"""What is read of a hand-in, whatever is in it: nothing ends the run, nothing grows beyond bounds, nothing reaches a terminal."""

import os
import tracemalloc
import zipfile

import pytest

from autograde import reports, submission, wire
from autograde.client import AskFailed, Session
from autograde.grade import _read_all, grade


def packed(path, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_module_that_was_not_handed_in_is_blank_and_never_the_graders_own():
    session = Session(modules={"": b""})
    try:
        with pytest.raises(AskFailed, match="Exercise module ganlib/vae.py: nothing was handed in") as failure:
            session.ask({"target": "vae.elbo"}, (), {})
    finally:
        session.close()
    assert failure.value.kind == "blank"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_of_another_method_is_not_unpacked(tmp_path, method):
    path = packed(tmp_path / "bomb.zip", {"ganlib/vae.py": bytes(100 * 2**20)}, method)
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):  # it says that it is small
        if data[at : at + 4] == (100 * 2**20).to_bytes(4, "little"):
            data[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    tracemalloc.start()
    handed_in = submission.read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20
    assert handed_in.modules == {}
    assert "ganlib/vae.py cannot be read" in handed_in.remarks[0]


def test_what_a_teacher_has_to_unpack_or_to_part_is_said(tmp_path):
    (tmp_path / "Kim").mkdir()
    packed(tmp_path / "Kim" / "homework.zip", {"ganlib/vae.py": "x = 1"})
    assert "homework.zip in it is not opened" in submission.read(tmp_path / "Kim").remarks[1]
    for name in ("anna", "bert"):
        (tmp_path / "class" / name / "ganlib").mkdir(parents=True)
        (tmp_path / "class" / name / "ganlib" / "vae.py").touch()
    remarks = submission.read(tmp_path / "class").remarks
    assert remarks[0] == "anna/ganlib, bert/ganlib, ...: are these several submissions? Then give each by itself."


def test_a_list_with_semicolons_is_read(tmp_path):
    (tmp_path / "class.csv").write_text("name;folder\nAda;a\n")
    (tmp_path / "a").mkdir()
    assert submission.listed(tmp_path / "class.csv") == [("Ada", tmp_path / "a")]


def test_only_notebooks_of_the_course_are_kept(tmp_path):
    entries = {f"exercises/{number}.ipynb": b"{}" for number in range(50)} | {"exercises/02_vae.ipynb": b"{}"}
    assert set(submission.read(packed(tmp_path / "many.zip", entries)).notebooks) == {"02_vae"}


def test_a_zip_of_another_system_is_read(tmp_path):
    path = packed(tmp_path / "it.zip", {"x": ""})
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = "homework\\ganlib\\vae.py"
        archive.writestr(info, "x = 1")
    assert submission.read(path).modules == {"vae": b"x = 1"}


@pytest.mark.parametrize("folder", ["", "homework-2/"])
def test_what_is_in_the_folder_may_be_handed_in_without_it(tmp_path, folder):
    entries = {f"{folder}vae.py": b"x", f"{folder}data.py": b"y", f"{folder}02_vae.ipynb": b"{}"}
    handed_in = submission.read(packed(tmp_path / "it.zip", entries))
    assert (handed_in.modules, handed_in.notebooks, handed_in.remarks) == ({"vae": b"x"}, {"02_vae": b"{}"}, [])


def test_modules_in_several_places_are_not_guessed_among(tmp_path):
    handed_in = submission.read(packed(tmp_path / "it.zip", {"old/vae.py": b"x", "new/vae.py": b"y"}))
    assert handed_in.modules == {}
    assert "old/vae.py and others lie in several folders" in " ".join(handed_in.remarks)


def test_a_module_beside_the_folder_is_remarked_upon(tmp_path):
    handed_in = submission.read(packed(tmp_path / "it.zip", {"ganlib/vae.py": b"x", "gan.py": b"y"}))
    assert handed_in.modules == {"vae": b"x"}
    assert handed_in.remarks == ["gan.py is not graded: it lies outside of ganlib/."]


def test_tests_of_the_course_are_nobodys_answers(tmp_path):
    handed_in = submission.read(packed(tmp_path / "it.zip", {"tests/probes/vae.py": b"x", "exercises/02_vae.ipynb": b"{}"}))
    assert handed_in.modules == {}


def test_a_folder_in_capitals_is_remarked_upon(tmp_path):
    handed_in = submission.read(packed(tmp_path / "it.zip", {"Ganlib/vae.py": ""}))
    assert handed_in.modules == {}
    assert "Ganlib/vae.py is not graded: the folder has to be called ganlib." in handed_in.remarks


def test_names_that_are_no_text_stop_nobody(tmp_path):
    home = tmp_path / os.fsdecode(b"\xff")
    folder = home / os.fsdecode(b"\xfe") / "ganlib"
    folder.mkdir(parents=True)
    (folder / "vae.py").symlink_to("/etc/passwd")
    (found,) = _read_all([home], None).items()
    text = "".join([found[0], *found[1].remarks])
    text.encode()
    assert "it is a link" in text


def test_remarks_reach_a_terminal_as_plain_text(tmp_path):
    path = packed(tmp_path / "it.zip", {"\x1b]0;owned\x07=cmd/a/b/ganlib/vae.py": "", "a/ganlib/vae.py": "x"})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/ganlib/vae.py", "x")
        archive.writestr("\x1b[2J/b/ganlib/vae.py", "x")
    remarks = submission.read(path).remarks
    assert remarks
    assert all(remark.isprintable() for remark in remarks)


@pytest.mark.parametrize("name", ["王" * 100, "x" * 300, "..", "a/b", "\x1b[2J", "=1+1", ""])
def test_any_name_becomes_a_file_name(tmp_path, name):
    reports.write(tmp_path / f"{reports.safe_name(name)}-2", "")
    assert reports.safe_name(name).isprintable()
    assert not reports.safe_name(name).startswith("=")


def test_a_list_is_read_with_blanks_and_capitals(tmp_path):
    (tmp_path / "class.csv").write_text("Name; Folder\n\n Ada ;a\n ;\n")
    (tmp_path / "a").mkdir()
    assert submission.listed(tmp_path / "class.csv") == [("Ada", tmp_path / "a")]


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "name,folder\n": "lists no submissions",
        "name,folder\n\nDoe, Dora,d\n": "line 3: more columns .* quotes around a name with a comma",
    }.items(),
)
def test_a_list_that_says_too_little_or_too_much(tmp_path, text, words):
    (tmp_path / "class.csv").write_text(text)
    with pytest.raises(ValueError, match=words):
        submission.listed(tmp_path / "class.csv")


@pytest.mark.parametrize("text", ["name,folder\nAda\n", "name,folder\n,x\n", "name,folder\n\xff,x\n"])
def test_a_list_with_a_fault_is_refused_in_words(tmp_path, text):
    listing = tmp_path / "class.csv"
    listing.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match="class.csv.*(want both|CSV in UTF-8)"):
        grade([], tmp_path / "out", listing=listing, unsafe=True)


@pytest.mark.parametrize("text", ["[]", "null", "3", '{"key": ', ""])
def test_a_record_that_is_none_is_made_again(tmp_path, text):
    (tmp_path / "record.json").write_text(text)
    assert reports.read_record(tmp_path, "key") is None


def test_a_tensor_is_named_once():
    _, tensors = wire.pack(__import__("torch").zeros(3))
    with pytest.raises(wire.WireError):
        wire.unpack({"list": [{"tensor": "0"}, {"tensor": "0"}]}, tensors)


def test_names_that_look_alike_stay_two():
    record = wire.unpack({"record": ["\ufb01", "fi"], "items": [{"int": 1}, {"int": 2}]}, {})
    assert (record, record.fi, record._fields) == ((1, 2), 2, ("\ufb01", "fi"))


def test_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(wire.WireError):
        wire.unpack({"int": 10**4000}, {})
