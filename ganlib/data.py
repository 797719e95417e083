"""Data in memory: real digits that come with scikit-learn, and the usual data sets where they are on disk or can be fetched.

``load("digits")`` and ``load("facades")`` always work. The larger sets are read from a folder: the argument ``root``, else the
environment variable ``GANLIB_DATA``, else ``data/`` in a checkout of the course, else ``~/.cache/ganlib``. The files lie
there as torchvision lays them. Each is verified before it is read, and nothing is unpickled whose MD5 is not the published one.
"""

import gzip
import hashlib
import math
import os
import pickle
import socket
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ganlib._checks import check_choice, check_count, check_range, describe
from ganlib._files import replaced

DIGIT_SIZES = (8, 16, 32)
NAMES = ("digits", "mnist", "fashion_mnist", "cifar10")
DOMAINS = ("facades", "cmp_facades", "horse2zebra")
PHOTOGRAPHS = ("china", "flower")
MANIFEST = "SHA256SUMS"
TIMEOUT = 30.0  # seconds without an answer, then there is no network


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Images (N, C, H, W), float32 in [0, 1], and labels (N,), int64, in a fixed training and a fixed test part."""

    name: str
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    classes: tuple[str, ...]

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of one image."""
        return tuple(self.train_images.shape[1:])

    def __repr__(self) -> str:
        counts = f"{len(self.train_images)} training and {len(self.test_images)} test images"
        return f"Dataset({self.name!r}: {counts} of shape {self.image_shape}, {len(self.classes)} classes)"


class DamagedFileError(RuntimeError):
    """A file on disk is not what was published; the message says where it lies now, and what to do."""


@dataclass(frozen=True, eq=False, repr=False)
class Domains:
    """Images of two domains x and y, float32 in [0, 1], shape (N, C, H, W), in a fixed training and a fixed test part.

    Where they are ``paired``, image i of x belongs to image i of y; otherwise their numbers may differ.
    """

    name: str
    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor
    domains: tuple[str, str]
    paired: bool

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of one image."""
        return tuple(self.train_x.shape[1:])

    def unpaired(self) -> tuple[Tensor, Tensor]:
        """Training images of both domains of which no two belong together: of pairs, x of one half and y of the other."""
        half = len(self.train_x) // 2 if self.paired else 0
        return self.train_x[half:], self.train_y[: half or None]

    def __repr__(self) -> str:
        counts = f"{len(self.train_x)} + {len(self.train_y)} training and {len(self.test_x)} + {len(self.test_y)} test images"
        return f"Domains({self.name!r}: {' and '.join(self.domains)}, {counts} of shape {self.image_shape})"


def load(name: str, size: int | None = None, root: str | Path | None = None, download: bool = True) -> Dataset | Domains:
    """Load a data set by name.

    Args:
        name: "digits", "mnist", "fashion_mnist" or "cifar10"; or of two domains "facades" (drawn by chance, see
            :mod:`ganlib.facades`), "cmp_facades" or "horse2zebra".
        size: side of the images in pixels; None for their own (8, 28, 28, 32; 32, 256, 256). "digits" has 8, 16 and 32,
            "facades" any from 32 to 256.
        root: folder of the files; None for the default folder (see the module). "digits" and "facades" need none.
        download: fetch what is missing, if there is a network.

    Returns:
        The data set; its tensors are the caller's own.

    Raises:
        ValueError: if the name is unknown, or the size is not possible.
        FileNotFoundError: if files are missing and could not be fetched; the message says how to get them.
        DamagedFileError: if a file is damaged. One that was published is moved aside, and the next call fetches it again; a
            picture in a folder that was unpacked stays where it is.

    Sources: Alpaydin and Kaynak (1998), digits; LeCun et al. (1998), MNIST; Xiao et al. (2017), Fashion-MNIST;
    Krizhevsky (2009), CIFAR-10; Tylecek and Sara (2013), CMP facades; Zhu et al. (2017), horse2zebra.
    """
    check_choice(NAMES + DOMAINS, name=name)
    if size is not None:
        check_count(size=size)
    if name in DOMAINS:
        from ganlib import domains

        return domains.load(name, size, data_folder(root), download)
    if name == "digits":
        size = 8 if size is None else size
        check_choice(DIGIT_SIZES, size=size)
        images, labels = _digits(size)
        images = images.clone()
        return Dataset(name, images[:1397], labels[:1397].clone(), images[1397:], labels[1397:].clone(), tuple("0123456789"))
    read = _cifar if name == "cifar10" else _mnist
    parts, classes = read(_Place(name, data_folder(root), download, _published(name)))
    train_images, train_labels, test_images, test_labels = parts
    return Dataset(name, _to_float(train_images, size), train_labels, _to_float(test_images, size), test_labels, classes)


def data_folder(root: str | Path | None = None) -> Path:
    """The folder of the larger data sets: ``root``, or the default one if that is None. It need not exist."""
    if root is not None:
        if not isinstance(root, (str, os.PathLike)) or not os.fspath(root):
            raise ValueError(f"root: got {describe(root)}, want the path of a folder, or None for the default one")
        return Path(root).expanduser()
    if os.environ.get("GANLIB_DATA"):
        return Path(os.environ["GANLIB_DATA"]).expanduser()
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "data"
    return Path.home() / ".cache" / "ganlib"


def photograph(name: str) -> Tensor:
    """A photograph that comes with scikit-learn: "china" (a pagoda) or "flower", shape (3, 427, 640), float32 in [0, 1]."""
    from sklearn.datasets import load_sample_image

    check_choice(PHOTOGRAPHS, name=name)
    return torch.tensor(load_sample_image(f"{name}.jpg")).permute(2, 0, 1).contiguous().float() / 255


def swiss_roll_2d(n: int, noise: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
    """Points on a spiral of one and a half turns, equally dense along it, radius 1/3 to 1: shape (n, 2).

    Args:
        n: number of points.
        noise: standard deviation of the Gaussian noise added to both coordinates.
        generator: source of randomness, None for torch's global one.

    Raises:
        ValueError: if n is not a positive whole number or the noise is negative.
    """
    _check_toy(n, noise, generator)
    inner, outer = 1.5 * math.pi, 4.5 * math.pi
    # The length of an Archimedean spiral grows like the square of its angle.
    angle = (inner**2 + torch.rand(n, generator=generator) * (outer**2 - inner**2)).sqrt()
    return _add_noise(_polar(angle / outer, angle), noise, generator)


def rings(n: int, noise: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
    """Points on two circles around the origin, of radius 0.5 and 1, half of them (rounded) on each: shape (n, 2).

    Arguments and errors as for :func:`swiss_roll_2d`.
    """
    _check_toy(n, noise, generator)
    radius = torch.where(torch.arange(n) % 2 == 0, 1.0, 0.5)
    return _add_noise(_polar(radius, 2 * math.pi * torch.rand(n, generator=generator)), noise, generator)


def moons(n: int, noise: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
    """Points on two half circles of radius 1 that reach into each other, half of them (rounded) on each: shape (n, 2).

    The moons map to each other by a half turn around the origin. Arguments and errors as for :func:`swiss_roll_2d`.
    """
    _check_toy(n, noise, generator)
    arc = _polar(torch.ones(n), math.pi * torch.rand(n, generator=generator)) - torch.tensor([0.5, 0.25])
    turn = torch.where(torch.arange(n) % 2 == 0, 1.0, -1.0)[:, None]
    return _add_noise(arc * turn, noise, generator)


def _check_toy(n: object, noise: object, generator: object) -> None:
    check_count(n=n)
    check_range(0, noise=noise)
    if generator is not None and not isinstance(generator, torch.Generator):
        raise ValueError(f"generator: got {describe(generator)}, want a torch.Generator or None")


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


def _add_noise(points: Tensor, noise: float, generator: torch.Generator | None) -> Tensor:
    return points + noise * torch.randn(points.shape, generator=generator)


@cache
def _digits(size: int) -> tuple[Tensor, Tensor]:
    """1797 handwritten digits in the fixed order of the split, enlarged by bilinear interpolation where size is not 8."""
    from sklearn.datasets import load_digits

    raw = load_digits()
    # numpy's legacy generator: its stream is frozen, so the split is the same with every version.
    order = np.random.RandomState(0).permutation(len(raw.images))
    images = torch.tensor(raw.images[order], dtype=torch.float32)[:, None] / 16
    return _resize(images, size), torch.tensor(raw.target[order], dtype=torch.int64)


def _to_float(images: Tensor, size: int | None) -> Tensor:
    """Bytes (N, C, H, W) to numbers in [0, 1], in pieces, so that a large set is in memory once."""
    size = images.shape[-1] if size is None else size
    result = torch.empty(*images.shape[:2], size, size)
    for target, part in zip(result.split(4096), images.split(4096), strict=True):
        target.copy_(_resize(part.float() / 255, size))
    return result


def _resize(images: Tensor, size: int) -> Tensor:
    if images.shape[-2:] == (size, size):
        return images
    shrinks = size < max(images.shape[-2:])
    return F.interpolate(images, size=(size, size), mode="bilinear", align_corners=False, antialias=shrinks).clamp(0, 1)


# Files: found, fetched, verified


@dataclass(frozen=True)
class _Place:
    """What was asked for: a data set, the folder of all data sets, whether files may be fetched, and the published files."""

    name: str
    root: Path
    download: bool
    published: tuple[str, ...]

    def fetch(self, path: Path, digest: str, urls: list[str]) -> None:
        """Download one file, through torchvision, and put it in place once its MD5 or SHA-256 is right."""
        if not self.download:
            raise FileNotFoundError(self._advice(path, "download=False", urls))
        from torchvision.datasets.utils import download_url

        reasons = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # A download that is cut off never lies under the right name.
            with tempfile.TemporaryDirectory(dir=path.parent) as folder, _network_timeout():
                for url in urls:
                    try:
                        download_url(url, folder, filename=path.name)
                        fetched = Path(folder) / path.name
                        if _digest(fetched.read_bytes(), digest) == digest:
                            fetched.replace(path)
                            return
                        reasons.append(f"{url}: what it sent is corrupted: its checksum is not the published one")
                    except (OSError, RuntimeError, HTTPException) as error:
                        reasons.append(f"{url}: {error}")
        except OSError as error:
            reasons.append(str(error))
        raise FileNotFoundError(self._advice(path, "; ".join(reasons), urls))

    def damaged(self, path: Path, fault: str) -> DamagedFileError:
        """Move a damaged file aside and make the error that says so."""
        aside = path.with_name(path.name + ".damaged")
        again = f"the next call of data.load({self.name!r}) fetches it again"
        if not self.download:
            again += ", unless download=False"
        try:
            path.replace(aside)
            what = f"It was moved aside as {aside.name}; {again}."
        except OSError as error:
            what = f"It could not be moved aside ({error}): delete it, then {again}."
        return DamagedFileError(f"{self.name}: {path} is damaged: {fault}. {what}")

    def _advice(self, path: Path, reason: str, urls: list[str]) -> str:
        sources = [url.removesuffix(path.name) for url in urls]
        other = "facades" if self.name in DOMAINS else "digits"
        return (
            f"{self.name}: {path} is not there and was not fetched ({reason}).\n"
            f"With a network: call data.load({self.name!r}, download=True) once.\n"
            f"Without one: download {', '.join(self.published)} on another machine, from {' or '.join(sources)},\n"
            f"and put them, as they are, into {path.parent}.\n"
            "Another folder can be named by root=... or by the environment variable GANLIB_DATA.\n"
            f"data.load({other!r}) works now, and a command with --data {other}: it needs no files."
        )


@contextmanager
def _network_timeout() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _md5(contents: bytes) -> str:
    return hashlib.md5(contents, usedforsecurity=False).hexdigest()


def _write(path: Path, contents: bytes) -> None:
    """Write a file whole or not at all; a folder that is read-only stays as it is, since the contents are in memory."""
    with suppress(OSError), replaced(path) as part:
        part.write_bytes(contents)


def _digest(contents: bytes, published: str) -> str:
    """MD5 or SHA-256, whichever was published."""
    return _md5(contents) if len(published) == 32 else hashlib.sha256(contents).hexdigest()


def _checked_archive(place: _Place, path: Path, digest: str, urls: list[str]) -> bytes:
    """The contents of a published file, fetched if it is not there, its MD5 or SHA-256 verified."""
    if not path.is_file():
        place.fetch(path, digest, urls)
    contents = path.read_bytes()
    found = _digest(contents, digest)
    if found != digest:
        raise place.damaged(path, f"its {'MD5' if len(digest) == 32 else 'SHA-256'} is {found}, want {digest}")
    return contents


def _published(name: str) -> tuple[str, ...]:
    """Names of the files to download."""
    from torchvision import datasets

    if name == "cifar10":
        return (datasets.CIFAR10.filename,)
    kind = datasets.MNIST if name == "mnist" else datasets.FashionMNIST
    return tuple(file for file, _ in kind.resources)


def _mnist(place: _Place) -> tuple[list[Tensor], tuple[str, ...]]:
    """The four files of MNIST or Fashion-MNIST: bytes (N, 1, 28, 28) and labels (N,), for training and for test."""
    from torchvision import datasets

    kind = datasets.MNIST if place.name == "mnist" else datasets.FashionMNIST
    folder = place.root / kind.__name__ / "raw"
    checksums = dict(kind.resources)
    parts = []
    for split in ("train", "t10k"):
        images_name, labels_name = f"{split}-images-idx3-ubyte.gz", f"{split}-labels-idx1-ubyte.gz"
        images = _idx_file(place, folder / images_name, checksums[images_name], kind.mirrors, (None, 28, 28))
        labels = _idx_file(place, folder / labels_name, checksums[labels_name], kind.mirrors, (len(images),))
        parts += [images[:, None], labels.long()]
    return parts, tuple("0123456789") if place.name == "mnist" else tuple(kind.classes)


def _idx_file(place: _Place, archive: Path, md5: str, mirrors: list[str], shape: tuple[int | None, ...]) -> Tensor:
    """One idx file as a tensor of bytes.

    The published archive decides where it is there: the extracted file is then written again if it differs. Alone, the
    extracted file has to agree with the manifest that was written when it was last extracted, if there is one.
    """
    raw = archive.with_suffix("")
    manifest = _read_manifest(raw.parent)
    if archive.is_file() or not raw.is_file():
        urls = [mirror + archive.name for mirror in mirrors]
        source, contents = archive, gzip.decompress(_checked_archive(place, archive, md5, urls))
        digest = hashlib.sha256(contents).hexdigest()
        if not raw.is_file() or raw.read_bytes() != contents:
            _write(raw, contents)
        if manifest.get(raw.name) != digest:
            _write_manifest(raw.parent, manifest | {raw.name: digest})
    else:
        source, contents = raw, raw.read_bytes()
        digest = hashlib.sha256(contents).hexdigest()
        if manifest.get(raw.name, digest) != digest:
            raise place.damaged(raw, f"its SHA-256 is {digest}, {MANIFEST} has {manifest[raw.name]}")
    fault = _idx_fault(contents, shape)
    if fault:
        raise place.damaged(source, fault)
    sizes = np.frombuffer(contents, dtype=">i4", offset=4, count=len(shape)).tolist()
    tensor = torch.frombuffer(bytearray(contents), dtype=torch.uint8, offset=4 + 4 * len(shape)).reshape(sizes)
    if len(shape) == 1 and tensor.max() > 9:
        raise place.damaged(source, f"it has the label {int(tensor.max())}, want 0 to 9")
    return tensor


def _idx_fault(contents: bytes, shape: tuple[int | None, ...]) -> str | None:
    """What is wrong with an idx file of bytes: its magic number, its sizes or its length; None if nothing is."""
    magic = bytes([0, 0, 8, len(shape)])
    if contents[:4] != magic:
        return f"it starts with the bytes {contents[:4].hex(' ')}, want {magic.hex(' ')}"
    header = 4 + 4 * len(shape)
    if len(contents) < header:
        return f"it ends after {len(contents)} bytes, within its header"
    sizes = np.frombuffer(contents, dtype=">i4", offset=4, count=len(shape)).tolist()
    if min(sizes) < 1 or any(want not in (None, size) for want, size in zip(shape, sizes, strict=True)):
        wanted = tuple("N" if want is None else want for want in shape)
        return f"its header says {tuple(sizes)}, want ({', '.join(map(str, wanted))})"
    if len(contents) != header + math.prod(sizes):
        return f"it has {len(contents)} bytes, its header promises {header + math.prod(sizes)}"
    return None


def _read_manifest(folder: Path) -> dict[str, str]:
    """SHA-256 by file name, as ``sha256sum`` prints them."""
    path = folder / MANIFEST
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    pairs = (line.split(maxsplit=1) for line in lines)
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _write_manifest(folder: Path, digests: dict[str, str]) -> None:
    _write(folder / MANIFEST, "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode())


def _cifar(place: _Place) -> tuple[list[Tensor], tuple[str, ...]]:
    """CIFAR-10: bytes (N, 3, 32, 32) and labels (N,), for training and for test."""
    from torchvision.datasets import CIFAR10

    train, test = dict(CIFAR10.train_list), dict(CIFAR10.test_list)
    names = CIFAR10.meta["filename"]
    files = _cifar_files(place, CIFAR10, train | test | {names: CIFAR10.meta["md5"]})
    parts = []
    for batches in (train, test):
        entries = [pickle.loads(files[name], encoding="latin1") for name in batches]
        parts.append(torch.cat([torch.tensor(entry["data"]) for entry in entries]).reshape(-1, 3, 32, 32))
        parts.append(torch.tensor([label for entry in entries for label in entry["labels"]], dtype=torch.int64))
    return parts, tuple(pickle.loads(files[names], encoding="latin1")[CIFAR10.meta["key"]])


def _cifar_files(place: _Place, kind: type, checksums: dict[str, str]) -> dict[str, bytes]:
    """The files of CIFAR-10 by name, every one with its published MD5; what is missing is extracted from the archive.

    The bytes that were verified are handed on: a file read a second time might be another one.
    """
    folder, archive = place.root / kind.base_folder, place.root / kind.filename
    files = {name: (folder / name).read_bytes() for name in checksums if (folder / name).is_file()}
    bad = [name for name in files if _md5(files[name]) != checksums[name]]
    if bad and not archive.is_file():
        # All at once: the next call fetches the archive only if no bad file is left.
        errors = [place.damaged(folder / name, f"its MD5 is {_md5(files[name])}, want {checksums[name]}") for name in bad]
        raise DamagedFileError("\n".join(map(str, errors)))
    missing = [name for name in checksums if name not in files or name in bad]
    if not missing:
        return files
    _checked_archive(place, archive, kind.tgz_md5, [kind.url])
    with tarfile.open(archive) as tar:
        for name in missing:
            files[name] = _member(tar, f"{kind.base_folder}/{name}")
            if _md5(files[name]) != checksums[name]:
                raise place.damaged(archive, f"the MD5 of {name} in it is {_md5(files[name])}, want {checksums[name]}")
            _write(folder / name, files[name])
    return files


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    """The bytes of a file in an archive; none if it is not in there."""
    with suppress(KeyError):
        stream = tar.extractfile(name)
        if stream is not None:
            return stream.read()
    return b""
