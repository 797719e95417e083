"""Images of two domains for :func:`ganlib.data.load`: facades drawn by chance, and archives of published photographs.

An archive is read from memory, after its SHA-256 has been verified; nothing is unpacked to disk. A folder that was unpacked
elsewhere, with the same four folders ``trainA``, ``trainB``, ``testA``, ``testB`` in it, is read as it lies there.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from torch import Tensor

from ganlib import facades
from ganlib.data import DamagedFileError, Domains, _checked_archive, _Place, _resize
from ganlib.pictures import decode

SOURCE = "https://efrosgans.eecs.berkeley.edu/cyclegan/datasets/"
# Name in the course: name of the archive, its SHA-256, the names of domains A and B.
ARCHIVES = {
    "cmp_facades": (
        "facades",
        "9a31ebf3a31b9b5cd195dd5bf62e9308e00cb94604d1019e3889ac84248695c0",
        ("photographs", "labels"),
    ),
    "horse2zebra": (
        "horse2zebra",
        "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1",
        ("horses", "zebras"),
    ),
}
PARTS = ("trainA", "trainB", "testA", "testB")
ENDINGS = (".jpg", ".jpeg", ".png")
PHOTOGRAPH_SIZE = 256
TRAIN, TEST = 1200, 200  # pairs of facades
MAX_BYTES = 50_000_000  # of one picture


def load(name: str, size: int | None, root: Path, download: bool) -> Domains:
    """See :func:`ganlib.data.load`."""
    if name == "facades":
        return _drawn(facades.SIZES[0] if size is None else size)
    folder, digest, names = ARCHIVES[name]
    place = _Place(name, root / "cyclegan", download, (f"{folder}.zip",))
    archive = place.root / f"{folder}.zip"
    if not archive.is_file() and (place.root / folder).is_dir():
        files = _from_folder(place, place.root / folder)
    else:
        files = _from_archive(place, archive, _checked_archive(place, archive, digest, [SOURCE + archive.name]))
    size = PHOTOGRAPH_SIZE if size is None else size
    keys = {part: [_key(path) for path, *_ in files[part]] for part in PARTS}
    paired = keys["trainA"] == keys["trainB"] and keys["testA"] == keys["testB"]
    return Domains(name, *(_pictures(files[part], size) for part in PARTS), names, paired)


def _drawn(size: int) -> Domains:
    facades.check_size(size)
    photos, labels = facades.draw(TRAIN + TEST, size)
    maps = facades.paint_labels(labels)
    halves = photos[:TRAIN], maps[:TRAIN], photos[TRAIN:], maps[TRAIN:]
    return Domains("facades", *halves, ("photographs", "labels"), paired=True)


# A picture that is still to be read: its path within the data set, its bytes, and what makes the error if it is broken.
_Entry = tuple[PurePosixPath, bytes, Callable[[str], DamagedFileError]]


def _from_archive(place: _Place, archive: Path, contents: bytes) -> dict[str, list[_Entry]]:
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as opened:
            members = {PurePosixPath(info.filename): info for info in opened.infolist() if not info.is_dir()}
            entries = _by_part(members, archive.stem)
            files: dict[str, list[_Entry]] = {part: [] for part in PARTS}
            for part, path in entries:
                if members[path].file_size > MAX_BYTES:
                    raise place.damaged(archive, f"{path} in it has {members[path].file_size} bytes")
                files[part].append((path, opened.read(members[path]), lambda fault: place.damaged(archive, fault)))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        if isinstance(error, DamagedFileError):
            raise
        raise place.damaged(archive, str(error)) from error
    _check_parts(files, lambda fault: place.damaged(archive, fault))
    return files


def _from_folder(place: _Place, folder: Path) -> dict[str, list[_Entry]]:
    paths = {PurePosixPath(path.relative_to(folder.parent).as_posix()): path for path in folder.glob("*/*") if path.is_file()}
    files: dict[str, list[_Entry]] = {part: [] for part in PARTS}
    for part, path in _by_part(paths, folder.name):
        # Not moved aside: the next call would read the folder without it, and say nothing.
        error = _error_of(place, paths[path])
        files[part].append((path, paths[path].read_bytes(), error))
    _check_parts(files, _error_of(place, folder))
    return files


def _error_of(place: _Place, path: Path) -> Callable[[str], DamagedFileError]:
    return lambda fault: DamagedFileError(f"{place.name}: {path} is damaged: {fault}. Put an intact one in its place.")


def _by_part(paths: dict[PurePosixPath, object], folder: str) -> Iterator[tuple[str, PurePosixPath]]:
    """The pictures and their parts, in the order of their names, numbers by their values.

    What lies elsewhere is none of them, nor is what a system hides beside them: ``._1.jpg`` is no picture.
    """
    words = {path: re.split(r"(\d+)", str(path)) for path in paths}
    for path in sorted(paths, key=lambda path: [int(word) if word.isdecimal() else word for word in words[path]]):
        in_place = len(path.parts) == 3 and path.parts[0] == folder and path.parts[1] in PARTS
        if in_place and path.suffix.lower() in ENDINGS and not path.name.startswith("."):
            yield path.parts[1], path


def _check_parts(files: dict[str, list[_Entry]], error: Callable[[str], DamagedFileError]) -> None:
    empty = [part for part in PARTS if not files[part]]
    if empty:
        raise error(f"there are no pictures in {', '.join(empty)}")


def _key(path: PurePosixPath) -> str:
    """The name without what tells the two pictures of a pair apart: 12_A.jpg and 12_B.jpg belong together."""
    return re.sub(r"_[AB]$", "", path.stem)


def _pictures(entries: list[_Entry], size: int) -> Tensor:
    """All of a part, each put into its place as soon as it is read: a large set is never in memory twice."""
    images = torch.empty(len(entries), 3, size, size)
    for image, entry in zip(images, entries, strict=True):
        image.copy_(_decode(*entry, size))
    return images


def _decode(path: PurePosixPath, contents: bytes, error: Callable[[str], DamagedFileError], size: int) -> Tensor:
    """A picture in [0, 1], shape (3, size, size)."""
    try:
        pixels = np.array(decode(contents))
    except ValueError as fault:
        raise error(f"{path} is {fault}") from fault
    return _resize(torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255, size)[0]
