"""Reads what somebody handed in: a folder or a zip with ``ganlib/`` and ``exercises/``. Nothing in it is trusted, or run here."""

import csv
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath

import ganlib
from autograde import ROOT, plain_text

MAX_FILE = 5 * 2**20
MAX_ENTRIES = 20_000
MAX_LISTED = 10 * MAX_ENTRIES  # of a zip, hidden files too: a whole virtual environment may be in it
MAX_DEPTH = 3
MAX_REMARKS, MAX_REMARK = 20, 300


class UnreadableSubmission(ValueError):
    """The submission as a whole cannot be read; the text says why, in words for its author."""


@dataclass
class Submission:
    """What is graded of a submission: exercise modules and notebooks as bytes, and remarks for its author."""

    name: str
    modules: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def listed(path: Path) -> list[tuple[str, Path]]:
    """The submissions that a CSV file with the columns ``name`` and ``folder`` lists; folders are relative to the file.

    Raises:
        ValueError: if a column, a name or all submissions are missing.
        FileNotFoundError: if a folder or the file is.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=";" if ";" in first and "," not in first else ",")
            columns = [str(name).strip().lower() for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error
    except OSError as error:
        raise FileNotFoundError(f"--list: {path} cannot be read ({error.strerror})") from error
    missing = {"name", "folder"} - set(columns)
    if missing:
        raise ValueError(f"{path}: got no column {' and no column '.join(sorted(missing))}, want name,folder in the first line")
    found, lost = [], []
    for number, row in rows:
        if None in row:
            raise ValueError(f"{path}, line {number}: more columns than in the first line; put quotes around a name with a comma")
        cells = {key: (cell or "").strip() for key, cell in row.items()}
        name, folder = cells["name"], cells["folder"]
        if not any(cells.values()):  # an empty row of a spreadsheet
            continue
        if not name or not folder:
            raise ValueError(f"{path}, line {number}: got name {name!r}, folder {folder!r}, want both")
        if is_missing(path.parent / folder):
            lost.append(f"{folder} (line {number})")
        found.append((name, path.parent / folder))
    if not found:
        raise ValueError(f"{path}: lists no submissions")
    if lost:
        raise FileNotFoundError(f"{path}: there is no such file or folder: {', '.join(lost)}")
    return found


def is_missing(path: Path) -> bool:
    """Whether there is no such file or folder."""
    try:
        return not path.exists()
    except OSError:  # a name that is too long, a folder that may not be searched: said where it is read
        return False


def read(path: Path) -> Submission:
    """Read a folder or zip file.

    Only ``ganlib/<exercise module>.py`` and ``exercises/<notebook of the course>.ipynb`` are looked at, in the folder itself
    or in one inside of it; where there is no such folder, modules and notebooks that all lie in one place. Links are not
    followed; files of more than 5 MiB are left out with a remark.

    Raises:
        UnreadableSubmission: if it is neither folder nor zip, or cannot be read, or has too many entries.
        FileNotFoundError: if there is no such path.
    """
    if not path.exists():
        raise FileNotFoundError(f"submission {path}: there is no such file or folder")
    submission = Submission(path.stem if path.suffix == ".zip" else path.resolve().name)
    try:
        found = _of_folder(path, PurePosixPath()) if path.is_dir() else _of_zip(path)
        entries = list(islice(found, MAX_ENTRIES + 1))
    except OSError as error:
        raise UnreadableSubmission(f"{path.name} cannot be read ({type(error).__name__}).") from error
    if len(entries) > MAX_ENTRIES:
        raise UnreadableSubmission(f"{path.name} has more than {MAX_ENTRIES} files.")
    _take(entries, submission)
    if not submission.modules and not submission.notebooks:
        submission.remarks.append("There is no exercise module (ganlib/vae.py, ...) and no notebook (exercises/...) in it.")
        submission.remarks += [f"{entry.path} in it is not opened." for entry in entries if entry.path.suffix == ".zip"][:1]
    submission.remarks = bounded(submission.remarks)
    return submission


def bounded(remarks: list[str]) -> list[str]:
    """Remarks that fit into a cell of a table, each once."""
    return [" ".join(plain_text(remark).split())[:MAX_REMARK] for remark in list(dict.fromkeys(remarks))[:MAX_REMARKS]]


@dataclass(frozen=True)
class _Entry:
    """A file of a submission: its path, how large it says it is, whether it is a link, and how to read at most n bytes."""

    path: PurePosixPath
    size: int
    link: bool
    read: Callable[[int], bytes]


def _take(entries: list[_Entry], submission: Submission) -> None:
    modules = {f"{name}.py" for name in ganlib.EXERCISE_MODULES}
    notebooks = {file.name for file in (ROOT / "tests" / "notebooks").glob("*.ipynb")}
    for folder, wanted, into in (("ganlib", modules, submission.modules), ("exercises", notebooks, submission.notebooks)):
        of_course = [entry for entry in entries if entry.path.name in wanted]
        named = [entry for entry in of_course if entry.path.parent.name.lower() == folder]
        if named:
            outside = [entry for entry in of_course if len(entry.path.parts) == 1]
            submission.remarks += [f"{entry.path} is not graded: it lies outside of {folder}/." for entry in outside]
            found = _uppermost(named, folder, submission.remarks)
        else:
            found = _loose(of_course, folder, submission.remarks)
        for entry in found:
            _take_one(entry, entry.path.stem, into, submission.remarks)


def _uppermost(named: list[_Entry], folder: str, remarks: list[str]) -> list[_Entry]:
    """Of files in folders of this name, those of the uppermost one that is written right; a remark for each of the others."""
    right = [entry for entry in named if entry.path.parent.name == folder]
    depth = min((len(entry.path.parts) for entry in right), default=0)
    found = [entry for entry in right if len(entry.path.parts) == depth]
    places = sorted({str(entry.path.parent) for entry in found})
    if len(places) > 1:
        remarks.append(f"{places[0]}, {places[1]}, ...: are these several submissions? Then give each by itself.")
    for entry in named:
        if entry not in right:
            remarks.append(f"{entry.path} is not graded: the folder has to be called {folder}.")
        elif entry not in found:
            remarks.append(f"{entry.path} is not graded: there is another {folder}/ above it.")
    return found


def _loose(of_course: list[_Entry], folder: str, remarks: list[str]) -> list[_Entry]:
    """Where somebody handed in what is in the folder, not the folder: the files, if they all lie in one place."""
    found = [entry for entry in of_course if "tests" not in entry.path.parts]
    places = {entry.path.parent for entry in found}
    if len(places) > 1:
        remarks.append(f"{found[0].path} and others lie in several folders, none of them called {folder}.")
        return []
    return found


def _take_one(entry: _Entry, name: str, into: dict[str, bytes], remarks: list[str]) -> None:
    if entry.link:
        remarks.append(f"{entry.path} is not graded: it is a link.")
    elif entry.size > MAX_FILE:
        remarks.append(f"{entry.path} is not graded: it has {entry.size / 2**20:.0f} MiB, {MAX_FILE // 2**20} are allowed.")
    elif name in into:
        remarks.append(f"{entry.path} is in it more than once: the first is graded.")
    else:
        try:
            data = entry.read(MAX_FILE + 1)
        except Exception as error:  # whatever a damaged archive or disk makes its reader raise
            remarks.append(f"{entry.path} cannot be read ({type(error).__name__}).")
            return
        if len(data) > MAX_FILE:
            remarks.append(f"{entry.path} is not graded: it is larger than it says.")
        else:
            into[name] = data


def _of_folder(root: Path, below: PurePosixPath) -> Iterator[_Entry]:
    if len(below.parts) > MAX_DEPTH:
        return
    for path in sorted(root.iterdir()):
        if path.is_symlink():
            yield _Entry(below / path.name, 0, True, _unreadable)
        elif path.is_dir():
            if not path.name.startswith(".") and path.name != "__pycache__":
                yield from _of_folder(path, below / path.name)
        elif path.is_file():
            yield _Entry(below / path.name, path.stat().st_size, False, _file_reader(path))


def _unreadable(limit: int) -> bytes:
    raise OSError("a link is not followed")


def _file_reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with path.open("rb") as file:
            return file.read(limit)

    return read


class _Listed(list):
    def append(self, info: zipfile.ZipInfo) -> None:
        if len(self) == MAX_LISTED:
            raise ValueError(f"more than {MAX_LISTED} entries")
        super().append(info)


class _Archive(zipfile.ZipFile):
    """A zip whose entries are counted while they are listed: what the archive says of their number may be a lie."""

    def _RealGetContents(self) -> None:  # called as it is opened
        self.filelist = _Listed()
        super()._RealGetContents()


def _of_zip(path: Path) -> Iterator[_Entry]:
    try:
        archive = _Archive(path)
        infos = archive.infolist()
    except Exception as error:
        raise UnreadableSubmission(f"{path.name} is neither a folder nor a zip that can be read ({error}).") from error
    for info in infos:
        place = PurePosixPath(info.filename.replace("\\", "/"))  # some programs write them so
        hidden = any(part == ".." or part.startswith(".") or part == "__MACOSX" for part in place.parts)
        if not info.is_dir() and not place.is_absolute() and not hidden and len(place.parts) <= MAX_DEPTH + 1:
            yield _Entry(place, info.file_size, stat.S_ISLNK(info.external_attr >> 16), _zip_reader(archive, info))


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("of the other methods, zipfile unpacks more than it is asked for")
        with archive.open(info) as file:  # stops at the limit, whatever a bomb would unpack to
            return file.read(limit)

    return read
