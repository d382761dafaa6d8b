"""What the kernel slides over: pictures, small grids, typed numbers, the user's own file.

Every function returns a float32 array of shape `(height, width, channels)`; pictures are scaled
to 0-1. Nothing here trusts its caller: an upload is bounded before it is decoded.
"""

from __future__ import annotations

import gzip
import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError

if TYPE_CHECKING:
    import PIL.Image

Picture = NDArray[np.float32]

MAX_UPLOAD_BYTES = 16 * 2**20
MAX_PIXELS = 16_000_000
MAX_TYPED_CELLS = 4096
MAX_TYPED_TEXT = 64 * MAX_TYPED_CELLS  # characters
LARGEST_SIDE = 224  # pixels that are kept of an upload

PICTURES = {
    "photograph": "Grace Hopper in colour, the photograph that matplotlib ships",
    "photograph, grey": "Grace Hopper in grey, the photograph that matplotlib ships",
    "MRI scan, grey": "A slice of a head, the grey image that matplotlib ships",
}
GRIDS = {
    "counting": "0, 1, 2, ... row by row",
    "one cell": "a single 1: the output shows the kernel, turned by 180 degrees",
    "edge": "0 left of the middle, 1 right of it",
    "checkerboard": "0 and 1 by turns",
    "ones": "1 everywhere: the output shows where the padding is",
}


@lru_cache(maxsize=32)
def picture(name: str, size: int) -> Picture:
    """One of `PICTURES`, scaled down to `size` x `size` and to values 0-1.

    Args:
        name: a key of `PICTURES`.
        size: height and width, in pixels.

    Returns:
        float32 `(size, size, 3)` for the colour photograph, else `(size, size, 1)`.

    Example:
        >>> picture("photograph", 28).shape
        (28, 28, 3)
    """
    if name == "MRI scan, grey":
        pixels = scaled(_scan(), size)
    else:
        pixels = scaled(_photograph().convert("RGB" if name == "photograph" else "L"), size)
    pixels.setflags(write=False)  # it is kept for the next call
    return pixels


def grid(name: str, size: int) -> Picture:
    """One of `GRIDS`: float32 `(size, size, 1)`.

    Example:
        >>> grid("counting", 3)[..., 0]
        array([[0., 1., 2.],
               [3., 4., 5.],
               [6., 7., 8.]], dtype=float32)
    """
    row, column = np.indices((size, size))
    cells = {
        "counting": row * size + column,
        "one cell": (row == size // 2) & (column == size // 2),
        "edge": column >= size // 2,
        "checkerboard": (row + column) % 2,
        "ones": np.ones((size, size)),
    }[name]
    return np.asarray(cells, dtype=np.float32)[..., None]


def typed(text: str) -> Picture:
    r"""Numbers typed in rows, as a picture of one channel.

    Args:
        text: numbers separated by spaces or commas, rows by new lines or semicolons.

    Returns:
        float32 `(rows, columns, 1)`.

    Raises:
        DataError: no number, rows of different lengths, something else than a number, or more
            than `MAX_TYPED_CELLS` numbers.

    Example:
        >>> typed("1 2 3\n4, 5, 6")[..., 0]
        array([[1., 2., 3.],
               [4., 5., 6.]], dtype=float32)
    """
    if len(text) > MAX_TYPED_TEXT:
        raise _bad_numbers(f"{len(text):,} characters", f"Type {MAX_TYPED_TEXT:,} at most.")
    lines = text.replace(";", "\n").splitlines()
    words = [line.replace(",", " ").split() for line in lines]
    words = [row for row in words if row]
    if not words or sum(map(len, words)) > MAX_TYPED_CELLS:
        raise _bad_numbers(f"{sum(map(len, words))} numbers", f"Type 1 to {MAX_TYPED_CELLS}.")
    lengths = [len(row) for row in words]
    if len(set(lengths)) > 1:
        raise _bad_numbers(f"rows of {', '.join(map(str, lengths[:8]))}", "Make them equal.")
    try:
        cells = np.array([[_number(word) for word in row] for row in words], dtype=np.float64)
    except ValueError as error:
        word = str(error).rpartition(":")[2].strip()
        raise _bad_numbers(word[:40], "Use plain numbers such as 1, -0.5 or 2e3.") from None
    finite = cells[np.isfinite(cells)]
    if np.abs(finite).max(initial=0) > np.finfo(np.float32).max:
        raise _bad_numbers("a number beyond float32", "Use numbers below 3.4e38.")
    return cells.astype(np.float32)[..., None]


def decoded(content: bytes | memoryview) -> PIL.Image.Image:
    """A picture file of the user's, upright, in grey or in colour, `LARGEST_SIDE` long at most.

    The header is read first: a file of more than `MAX_UPLOAD_BYTES`, of another kind than PNG or
    JPEG, or of more than `MAX_PIXELS` pixels is refused before anything is decoded.

    Args:
        content: the file's bytes.

    Returns:
        A Pillow image of mode "L", "RGB" or, of 16 bits a pixel, "F" with values 0-255.

    Raises:
        DataError: too large, not a PNG or JPEG, or damaged.
    """
    import PIL.Image
    import PIL.ImageOps

    if len(content) > MAX_UPLOAD_BYTES:
        raise DataError(
            "A picture may have 16 MiB at most.",
            received=f"{len(content) / 2**20:.1f} MiB",
            remedy="Save it smaller and choose it again.",
            argument="input",
        )
    try:
        opened = PIL.Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except PIL.Image.DecompressionBombError as error:
        raise _too_many_pixels(str(error)) from error
    except Exception as error:  # whatever a decoder says of a stranger's bytes
        raise _not_a_picture(content) from error
    if opened.width * opened.height > MAX_PIXELS:
        raise _too_many_pixels(f"{opened.width} x {opened.height} pixels")
    try:
        grey = opened.mode in ("1", "L", "LA", "I", "I;16", "F")
        opened.draft("L" if grey else "RGB", (2 * LARGEST_SIDE,) * 2)  # a JPEG decodes at its scale
        if opened.mode.startswith("I;16"):
            deep = np.asarray(opened, dtype=np.float32) * np.float32(255 / 65535)
            image = PIL.Image.fromarray(deep, mode="F")
        else:
            image = _opaque(PIL.ImageOps.exif_transpose(opened)).convert("L" if grey else "RGB")
        return _reduced(image, LARGEST_SIDE)
    except Exception as error:
        raise _not_a_picture(content) from error


def _opaque(image: PIL.Image.Image) -> PIL.Image.Image:
    """The image on white, where it is transparent."""
    import PIL.Image

    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    white = PIL.Image.new("RGBA", image.size, "white")
    return PIL.Image.alpha_composite(white, image)


def scaled(image: PIL.Image.Image, size: int) -> Picture:
    """An image whose longer side is `size` at most, to values 0-1.

    Args:
        image: values 0-255, of mode "L", "F" or "RGB".
        size: in pixels.

    Returns:
        float32 `(height, width, 1)` for a grey picture, `(height, width, 3)` otherwise.
    """
    pixels = np.asarray(_reduced(image, size), dtype=np.float32) / np.float32(255)
    return pixels if pixels.ndim == 3 else pixels[..., None]


def _reduced(image: PIL.Image.Image, size: int) -> PIL.Image.Image:
    """The image no longer than `size`, each pixel the mean of those it covers."""
    import PIL.Image

    scale = min(1.0, size / max(image.size))
    shape = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(shape, PIL.Image.Resampling.BOX)


@lru_cache(maxsize=1)
def _photograph() -> PIL.Image.Image:
    """The square around the face, which stays recognisable at 28 x 28."""
    import PIL.Image

    with PIL.Image.open(_sample("grace_hopper.jpg")) as image:
        side = min(image.size)
        return image.convert("RGB").crop((60, 0, side - 60, side - 120))


@lru_cache(maxsize=1)
def _scan() -> PIL.Image.Image:
    """256 x 256 pixels of 16 bits; the file is bare numbers."""
    import PIL.Image

    with gzip.open(_sample("s1045.ima.gz")) as file:
        pixels = np.frombuffer(file.read(), np.uint16).reshape(256, 256)
    return PIL.Image.fromarray((pixels / pixels.max() * 255).astype(np.uint8))


def _sample(name: str) -> Path:
    """A file among the sample data that matplotlib ships."""
    from matplotlib import get_data_path

    return Path(get_data_path(), "sample_data", name)


def _number(word: str) -> float:
    if "_" in word:  # Python reads 1_0 as 10
        raise ValueError(f"no number: {word!r}")
    return float(word)


def _bad_numbers(received: str, remedy: str) -> DataError:
    return DataError(
        "An input is a rectangle of numbers: a line a row, all rows equally long.",
        received=received,
        remedy=remedy,
        argument="numbers",
    )


def _too_many_pixels(received: str) -> DataError:
    return DataError(
        "A picture may have 16 million pixels at most.",
        received=received,
        remedy="Scale it down and choose it again.",
        argument="input",
    )


def _not_a_picture(content: bytes | memoryview) -> DataError:
    return DataError(
        "A picture must be a PNG or a JPEG file.",
        received=f"{len(content):,} bytes that are neither, or are damaged",
        remedy="Choose another file, or save this one as PNG.",
        argument="input",
    )
