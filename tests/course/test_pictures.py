"""Anyone's pictures: every kind that a phone, a scanner or a web page gives."""

import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import pictures


def saved(path, pixels: np.ndarray, mode: str | None = None, **options):
    picture = Image.fromarray(pixels)
    (picture if mode is None else picture.convert(mode)).save(path, **options)
    return path


RED_LEFT = np.zeros((4, 6, 3), np.uint8)
RED_LEFT[:, :3, 0] = 255


def test_png_and_jpeg_are_read(tmp_path):
    for name in ("a.png", "a.jpg"):
        image = pictures.read(saved(tmp_path / name, RED_LEFT))
        assert image.shape == (1, 3, 4, 6) and image.dtype == torch.float32
        assert image[0, 0, :, 0].mean() > 0.9 and image[0, 0, :, -1].mean() < 0.1


def test_gray_palette_and_sixteen_bits_become_three_channels(tmp_path):
    ramp = np.tile(np.linspace(0, 255, 6, dtype=np.uint8), (4, 1))
    files = [saved(tmp_path / "gray.png", ramp), saved(tmp_path / "palette.gif", ramp, "P")]
    files.append(saved(tmp_path / "deep.png", ramp.astype(np.uint16) * 257))
    for file in files:
        image = pictures.read(file)
        assert image.shape == (1, 3, 4, 6)
        assert torch.allclose(image, torch.linspace(0, 1, 6).expand(1, 3, 4, 6), atol=0.01), file.name


@pytest.mark.parametrize(
    ("name", "kind", "top"),
    [("a.png", "uint16", 65535), ("big.tif", ">u2", 65535), ("a.tif", "int32", 65535), ("f.tif", "float32", 1)],
)
def test_a_dark_one_of_many_bits_stays_dark(tmp_path, name, kind, top):
    dark = np.tile(np.linspace(0, 0.25 * top, 6).astype(kind), (4, 1))
    image = pictures.read(saved(tmp_path / name, dark))
    assert torch.allclose(image, torch.linspace(0, 0.25, 6).expand(1, 3, 4, 6), atol=0.003)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("float32", np.nan, "from nan to nan, want 0 to 1"),
        ("float32", 2, "0 to 2, want"),
        ("int32", -1, "-1 to 0, want 0 to 65535"),
    ],
)
def test_shades_out_of_range_are_named(tmp_path, kind, value, said):
    shades = np.zeros((4, 6), kind)
    shades[1, 2] = value
    with pytest.raises(ValueError, match=rf"odd\.tif: .*its pixels go .*{said}"):
        pictures.read(saved(tmp_path / "odd.tif", shades))


def test_transparency_lies_on_white(tmp_path):
    pixels = np.dstack([RED_LEFT, np.full((4, 6), 0, np.uint8)])
    pixels[:, :3, 3] = 128
    image = pictures.read(saved(tmp_path / "a.png", pixels))
    assert torch.equal(image[0, :, 0, -1], torch.ones(3))
    assert image[0, :, 0, 0].tolist() == pytest.approx([1, 0.5, 0.5], abs=0.01)


def test_a_phone_held_sideways_is_turned(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to look at it
    image = pictures.read(saved(tmp_path / "a.jpg", RED_LEFT, exif=exif, quality=95))
    assert image.shape == (1, 3, 6, 4) and image[0, 0, 0].mean() > 0.8 and image[0, 0, -1].mean() < 0.2


def test_a_huge_one_is_scaled_and_says_so(tmp_path, capsys):
    path = saved(tmp_path / "huge.png", np.zeros((300, 600, 3), np.uint8))
    assert pictures.read(path, max_side=100).shape == (1, 3, 50, 100)
    assert "huge.png: 600 x 300 pixels are scaled to 100 x 50" in capsys.readouterr().err
    assert pictures.read(path, max_side=600, multiple=16).shape == (1, 3, 304, 592), "600 is no multiple of 16, 608 too much"
    assert capsys.readouterr().err == ""
    assert pictures.read(path, max_side=100, multiple=16).shape == (1, 3, 48, 96)
    assert pictures.read(path, max_side=10, multiple=16).shape == (1, 3, 16, 16), "at least one multiple"


@pytest.mark.parametrize("contents", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)], ids=["empty", "text", "header"])
def test_a_broken_one_is_named(tmp_path, contents):
    path = tmp_path / "broken.png"
    path.write_bytes(contents)
    with pytest.raises(ValueError, match=r"broken\.png: no picture that can be read"):
        pictures.read(path)


def test_one_that_is_cut_off_is_named(tmp_path):
    path = saved(tmp_path / "cut.jpg", np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    path.write_bytes(path.read_bytes()[:800])
    with pytest.raises(ValueError, match=r"cut\.jpg: no picture that can be read"):
        pictures.read(path)


@pytest.mark.parametrize("kind", [RuntimeError, NotImplementedError, struct.error, SyntaxError, MemoryError])
def test_whatever_a_reader_raises_names_the_picture(tmp_path, monkeypatch, kind):
    def fail(*_):
        raise kind(*said)

    path = saved(tmp_path / "a.png", RED_LEFT)
    said = () if kind is MemoryError else ("it is odd",)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(ValueError, match=rf"a\.png: no picture that can be read \({said[0] if said else kind.__name__}\)"):
        pictures.read(path)


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 11)  # Pillow warns from there on, and refuses twice as many
    with pytest.raises(ValueError, match=r"bomb\.png: no picture that can be read .*24 pixels"):
        pictures.read(saved(tmp_path / "bomb.png", RED_LEFT))


def test_a_missing_one_is_named(tmp_path, monkeypatch):
    def denied(path):  # what Windows says of a folder
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_bytes", denied)
    for path, words in ((tmp_path / "nowhere.png", "there is no such picture"), (tmp_path, "a folder, not a picture")):
        with pytest.raises(FileNotFoundError, match=words):
            pictures.read(path)


def test_what_is_written_is_read_again(tmp_path):
    image = torch.rand(1, 3, 5, 7, generator=torch.Generator().manual_seed(0))
    path = pictures.write(image, tmp_path / "new" / "a.png")
    assert torch.allclose(pictures.read(path), image, atol=1 / 255)
    assert [file.name for file in path.parent.iterdir()] == ["a.png"]
    for bad in (image.expand(2, -1, -1, -1), image[:, :1], image[0, 0]):
        with pytest.raises(ValueError, match="image: "):
            pictures.write(bad, tmp_path / "a.png")


@pytest.mark.parametrize("ending", [".txt", "", ".xbm", ".msp", ".palm", ".h5", ".bufr", ".wmf", ".blp"])
def test_an_ending_that_cannot_be_written_is_named_at_once(tmp_path, ending):
    with pytest.raises(ValueError, match=rf"got the ending '{ending}', want that of a picture"):
        pictures.check_ending(tmp_path / f"a{ending}")
    for good in ("a.png", "a.JPG", "a.tiff", "a.webp", "a.pdf"):
        pictures.check_ending(tmp_path / good)
