"""Anyone's pictures as tensors, and back."""

import io
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from ganlib._checks import check_count, check_tensor
from ganlib._files import replaced


def read(path: str | Path, max_side: int = 1024, multiple: int = 1) -> Tensor:
    """Read a picture of any kind that Pillow knows.

    It is turned as its EXIF data say; transparency lies on white; gray becomes three equal channels; of an animation it is
    the first picture. One with a longer side than ``max_side`` is scaled down, and a line on stderr says so.

    Args:
        path: the file.
        max_side: of the result, in pixels.
        multiple: the sides are scaled to multiples of it, at least one, and no more than max_side has room for.

    Returns:
        Shape (1, 3, H, W), float32 in [0, 1].

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no picture, broken, or so large that Pillow takes it for an attack (179 million pixels); the
            message names it.
    """
    check_count(max_side=max_side, multiple=multiple)
    path = Path(path)
    if path.is_dir() or not path.exists():  # asked first: reading a folder raises another error on every system
        raise FileNotFoundError(f"{path}: {'a folder, not a picture' if path.is_dir() else 'there is no such picture'}")
    try:
        picture = decode(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    picture = _scaled(picture, path, max_side, multiple)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255


def decode(contents: bytes) -> Image.Image:
    """The picture in the bytes of a file, as red, green and blue, upright, on white.

    Raises:
        ValueError: if it cannot be read; the message says why.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(contents)) as opened:
                return _on_white(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError as error:
        raise ValueError("no picture that can be read (its format is not known)") from error
    except Exception as error:  # Pillow's readers raise errors of any kind on broken files; each means the same here
        raise ValueError(f"no picture that can be read ({str(error) or type(error).__name__})") from error


def write(image: Tensor, path: str | Path) -> Path:
    """Write a picture (1, 3, H, W) or (3, H, W) in [0, 1], in the format that the name's ending says; returns the path.

    Raises:
        ValueError: if it is no such tensor, or the ending names no format.
    """
    path, image = Path(path), image[0] if isinstance(image, Tensor) and image.ndim == 4 and len(image) == 1 else image
    check_tensor(ndim=3, like="(3, H, W)", image=image)
    if len(image) != 3:
        raise ValueError(f"image: got shape {tuple(image.shape)}, want three channels (3, H, W)")
    check_ending(path)
    pixels = (image.detach().cpu().clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
    with replaced(path) as scratch:
        Image.fromarray(pixels).save(scratch)
    return path


def check_ending(path: Path) -> None:
    """Raise ValueError unless a picture can be written under this name."""
    kind = Image.registered_extensions().get(path.suffix.lower())
    try:
        # Some kinds are known, but not written, or not in color: what a trial finds now is not found after the work.
        Image.new("RGB", (1, 1)).save(io.BytesIO(), kind or "none")
    except Exception as error:
        wanted = f"got the ending {path.suffix!r}, want that of a picture, such as .png or .jpg"
        raise ValueError(f"{path}: {wanted}") from error


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):  # more than 8 bits a pixel: Pillow would cut, not scale
        picture = Image.fromarray((255 * _deep(picture)).round().astype(np.uint8))
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


def _deep(picture: Image.Image) -> np.ndarray:
    """The shades in [0, 1], by what the kind of picture can hold, not by the brightest pixel: a dark one stays dark."""
    values, top = np.asarray(picture, dtype=np.float64), 1 if picture.mode == "F" else 65535
    if not (values.min() >= 0 and values.max() <= top):  # so that NaN is refused, too
        raise ValueError(f"its pixels go from {values.min():g} to {values.max():g}, want 0 to {top}")
    return values / top


def _scaled(picture: Image.Image, path: Path, max_side: int, multiple: int) -> Image.Image:
    scale = min(1.0, max_side / max(picture.size))
    most = max(1, max_side // multiple)
    size = tuple(min(max(1, round(side * scale / multiple)), most) * multiple for side in picture.size)
    if size == picture.size:
        return picture
    if scale < 1:
        print(f"{path}: {picture.width} x {picture.height} pixels are scaled to {size[0]} x {size[1]}", file=sys.stderr)
    return picture.resize(size, Image.Resampling.LANCZOS)
