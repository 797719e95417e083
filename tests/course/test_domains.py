"""Images of two domains: facades drawn by chance, and archives in the layout of the published ones."""

import hashlib
import io
import itertools
import struct
import weakref
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import data, domains, facades

COUNTS = {"trainA": 3, "trainB": 3, "testA": 2, "testB": 2}


# Facades drawn by chance


@pytest.mark.parametrize("size", [32, 50, 128])
def test_a_house_is_a_photograph_and_its_labels(size):
    photos, labels = facades.draw(4, size)
    assert photos.shape == (4, 3, size, size) and photos.dtype == torch.float32 and photos.min() >= 0 and photos.max() <= 1
    assert labels.shape == (4, size, size) and labels.dtype == torch.int64
    assert all(1 in labels[i] and 2 in labels[i] and 3 in labels[i] for i in range(4)), "walls, windows and a door"


def test_a_house_is_the_same_in_any_company_and_nearly_so_at_any_size():
    photos, labels = facades.draw(6, 64)
    again, _ = facades.draw(3, 64)
    assert torch.equal(again, photos[:3])
    assert not torch.equal(facades.draw(3, 64, seed=1)[0], again)
    small = facades.draw(6, 32)[1]
    assert (labels[:, ::2, ::2] == small).float().mean() > 0.85


def test_houses_differ_and_show_all_classes():
    _, labels = facades.draw(200)
    shares = torch.bincount(labels.flatten(), minlength=len(facades.CLASSES)) / labels.numel()
    assert shares.min() > 0.02 and shares[facades.WALL] == shares.max() < 0.65
    assert len({each.numpy().tobytes() for each in labels}) > 190


def test_labels_are_painted_and_read():
    _, labels = facades.draw(3)
    colors = facades.paint_labels(labels)
    noisy = (colors + 0.1 * torch.randn(colors.shape, generator=torch.Generator().manual_seed(0))).clamp(0, 1)
    assert torch.equal(facades.read_labels(colors), labels)
    for kind in (torch.uint8, torch.uint16, torch.int32):
        assert torch.equal(facades.paint_labels(labels.to(kind)), colors), kind
    assert facades.paint_labels(labels[:0]).shape == (0, 3, 32, 32)
    assert (facades.read_labels(noisy) == labels).float().mean() > 0.99


def test_no_mixture_of_two_colors_is_read_as_a_third():
    """A translated map is blurred where two classes meet."""
    share = torch.linspace(0, 1, 101)[:, None]
    for one, other in itertools.combinations(range(len(facades.CLASSES)), 2):
        mixed = share * facades.PALETTE[one] + (1 - share) * facades.PALETTE[other]
        assert set(facades.read_labels(mixed[:, :, None, None]).flatten().tolist()) == {one, other}


def test_houses_are_not_as_often_mirrored():
    """Else no translation without pairs could be told from its mirror image."""
    doors = (facades.draw(300)[1] == facades.DOOR).float().mean(dim=(0, 1))
    left, right = doors[:16].sum(), doors[16:].sum()
    assert doors[24:].sum() == 0 and left > 2 * right > 0


def test_bad_arguments_are_named():
    for size in (31, 257, 32.0):
        with pytest.raises(ValueError, match=r"size: got .*, want a whole number from 32 to 256"):
            facades.draw(1, size)
    with pytest.raises(ValueError, match="n: got 0"):
        facades.draw(0)
    with pytest.raises(ValueError, match="seed: got -1"):
        facades.draw(1, seed=-1)
    with pytest.raises(ValueError, match="labels: "):
        facades.paint_labels(torch.zeros(1, 4, 4))
    for odd in (-1, 7):
        with pytest.raises(ValueError, match=rf"labels: got classes from {min(odd, 0)} to {max(odd, 0)}, want 0 to 4"):
            facades.paint_labels(torch.tensor([[[0, odd]]]))
    with pytest.raises(ValueError, match="images: .*three channels"):
        facades.read_labels(torch.zeros(1, 1, 4, 4))


def test_facades_are_loaded_and_their_pairs_can_be_hidden():
    loaded = data.load("facades")
    assert loaded.image_shape == (3, 32, 32) and loaded.paired and loaded.domains == ("photographs", "labels")
    assert len(loaded.train_x) == len(loaded.train_y) == 1200 and len(loaded.test_x) == len(loaded.test_y) == 200
    assert "1200 + 1200 training" in repr(loaded)
    x, y = loaded.unpaired()
    assert torch.equal(x, loaded.train_x[600:]) and torch.equal(y, loaded.train_y[:600])
    with pytest.raises(ValueError, match="size: got 300"):
        data.load("facades", size=300)


# Archives


def picture(shade: int, size: tuple[int, int] = (12, 10), mode: str = "RGB", kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.full((size[1], size[0], 3), shade, np.uint8)).convert(mode).save(stream, kind)
    return stream.getvalue()


def pictures(name: str) -> dict[str, bytes]:
    """By path, in the layout of the published archives: those of facades belong together by their names."""
    folder, files = domains.ARCHIVES[name][0], {}
    for k, (part, count) in enumerate(COUNTS.items()):
        for i in range(count + (name == "horse2zebra" and part == "trainB")):
            number = 9 + i  # 10 comes after 9
            file = f"{number}_{part[-1]}.jpg" if name == "cmp_facades" else f"n0{k}_{number}.jpg"
            files[f"{folder}/{part}/{file}"] = picture(40 * k + 10 * i)
    return files


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files, reverse=True):
            archive.writestr(path, files[path])
    return stream.getvalue()


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Writes a small archive and makes its checksum the published one; returns its path."""

    def write(name: str, files: dict[str, bytes]):
        folder, _, names = domains.ARCHIVES[name]
        contents = zipped(files)
        monkeypatch.setitem(domains.ARCHIVES, name, (folder, hashlib.sha256(contents).hexdigest(), names))
        path = tmp_path / "cyclegan" / f"{folder}.zip"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(contents)
        return path

    return write


@pytest.mark.parametrize("name", list(domains.ARCHIVES))
def test_an_archive_is_read(name, put, tmp_path):
    path = put(name, pictures(name))
    loaded = data.load(name, size=8, root=tmp_path, download=False)
    assert loaded.paired == (name == "cmp_facades") and loaded.image_shape == (3, 8, 8)
    assert len(loaded.train_y) == 3 + (name == "horse2zebra") and len(loaded.test_x) == 2
    for k, part in enumerate((loaded.train_x, loaded.train_y, loaded.test_x, loaded.test_y)):
        shades = (part.mean(dim=(1, 2, 3)) * 255).round().tolist()
        assert shades == pytest.approx([40 * k + 10 * i for i in range(len(part))], abs=2), "in the order of the numbers"
    x, y = loaded.unpaired()
    assert (len(x), len(y)) == ((2, 1) if loaded.paired else (3, 4))
    assert list(path.parent.iterdir()) == [path], "nothing is unpacked"


def test_their_own_size_is_256(put, tmp_path):
    put("cmp_facades", pictures("cmp_facades"))
    assert data.load("cmp_facades", root=tmp_path).image_shape == (3, 256, 256)


def test_an_unpacked_folder_is_read(tmp_path):
    files = pictures("horse2zebra") | {"horse2zebra/trainA/grey.png": picture(99, mode="L", kind="PNG")}
    for path, contents in files.items():
        (tmp_path / "cyclegan" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "cyclegan" / path).write_bytes(contents)
    loaded = data.load("horse2zebra", size=8, root=tmp_path, download=False)
    assert len(loaded.train_x) == 4 and loaded.train_x[0].mean() * 255 == pytest.approx(99, abs=1)
    hidden = tmp_path / "cyclegan" / "horse2zebra" / "trainA" / "._grey.png"
    hidden.write_bytes(b"what macOS leaves beside a file on a foreign disk")
    (tmp_path / "cyclegan" / "horse2zebra" / "trainA" / "5²6.jpg").write_bytes(picture(50))
    assert len(data.load("horse2zebra", size=8, root=tmp_path, download=False).train_x) == 5
    broken = tmp_path / "cyclegan" / "horse2zebra" / "testB" / "n03_9.jpg"
    broken.write_bytes(broken.read_bytes()[:200])
    with pytest.raises(data.DamagedFileError, match=r"n03_9\.jpg is damaged.*intact one"):
        data.load("horse2zebra", size=8, root=tmp_path, download=False)
    assert broken.exists()


def test_a_changed_archive_is_named_and_moved_aside(put, tmp_path):
    path = put("horse2zebra", pictures("horse2zebra"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(data.DamagedFileError, match="SHA-256"):
        data.load("horse2zebra", root=tmp_path, download=False)
    assert not path.exists() and path.with_name(path.name + ".damaged").exists()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda files: files | {"facades/testA/9_A.jpg": b"no picture"}, "9_A.jpg is no picture"),
        (lambda files: {path: each for path, each in files.items() if "trainB" not in path}, "no pictures in trainB"),
    ],
    ids=["broken picture", "part missing"],
)
def test_what_an_archive_lacks_is_named(put, tmp_path, change, fault):
    put("cmp_facades", change(pictures("cmp_facades")))
    with pytest.raises(data.DamagedFileError, match=fault):
        data.load("cmp_facades", root=tmp_path, download=False)


def test_paths_in_an_archive_write_nothing(put, tmp_path):
    strays = ["../../trainA/escaped.jpg", "../trainA/x.jpg", "/tmp/trainA/absolute.jpg", "other/trainA/9_A.jpg", "trainA/1_A.jpg"]
    strays += ["facades/../facades/trainA/9_A.jpg", "facades/more/trainA/9_A.jpg", "facades/trainA/._9_A.jpg"]
    put("cmp_facades", pictures("cmp_facades") | {stray: picture(1) for stray in strays})
    places = [tmp_path, *(Path(folder) for folder in ("/tmp/trainA", "trainA", "../trainA", "../../trainA"))]
    before = [set(place.rglob("*")) for place in places]
    loaded = data.load("cmp_facades", size=8, root=tmp_path, download=False)
    assert [set(place.rglob("*")) for place in places] == before
    assert [len(part) for part in (loaded.train_x, loaded.train_y, loaded.test_x, loaded.test_y)] == list(COUNTS.values())
    assert loaded.paired


def test_pictures_are_not_held_twice(put, tmp_path, monkeypatch):
    decoded, read = weakref.WeakSet(), domains._decode

    def decode(*arguments):
        assert len(decoded) <= 1, "the one before is still held, until this one takes its name"
        image = read(*arguments)
        decoded.add(image)
        return image

    monkeypatch.setattr(domains, "_decode", decode)
    put("horse2zebra", pictures("horse2zebra"))
    data.load("horse2zebra", size=8, root=tmp_path, download=False)


@pytest.mark.parametrize("kind", [RuntimeError, NotImplementedError, struct.error, SyntaxError])
def test_whatever_a_reader_raises_names_the_picture(put, tmp_path, monkeypatch, kind):
    def fail(*_):
        raise kind

    put("cmp_facades", pictures("cmp_facades"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(data.DamagedFileError, match=r"9_A\.jpg is no picture that can be read"):
        data.load("cmp_facades", root=tmp_path, download=False)


def test_pictures_that_are_not_square_become_square():
    wide, tall = (Image.new("RGB", size) for size in ((16, 8), (8, 16)))
    for image in (wide, tall):
        stream = io.BytesIO()
        image.save(stream, "PNG")
        assert domains._decode(None, stream.getvalue(), ValueError, 8).shape == (3, 8, 8)


def test_a_picture_too_large_is_refused(put, tmp_path, monkeypatch):
    monkeypatch.setattr(domains, "MAX_BYTES", 100)
    put("cmp_facades", pictures("cmp_facades"))
    with pytest.raises(data.DamagedFileError, match="bytes"):
        data.load("cmp_facades", root=tmp_path, download=False)
    monkeypatch.setattr(domains, "MAX_BYTES", 10**6)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50)
    put("cmp_facades", pictures("cmp_facades"))
    with pytest.raises(data.DamagedFileError, match="no picture that can be read"):
        data.load("cmp_facades", root=tmp_path, download=False)


def test_a_missing_archive_says_how_to_get_it_and_what_works_now(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        data.load("cmp_facades", root=tmp_path, download=False)
    message = str(caught.value)
    assert "facades.zip" in message and "data.load('facades') works now" in message


def test_unknown_name_lists_those_of_two_domains_too():
    with pytest.raises(ValueError, match="horse2zebra"):
        data.load("cezanne")
