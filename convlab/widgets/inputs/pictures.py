"""Pictures: those that matplotlib ships, and the user's own file, which is bounded before it is
decoded. Every function returns float32 `(height, width, channels)`, scaled to 0-1.
"""  # noqa: D205

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
LARGEST_SIDE = 224  # pixels that are kept of an upload

PICTURES = {
    "photograph, grey": "Grace Hopper in grey, the photograph that matplotlib ships",
    "photograph": "Grace Hopper in colour, the photograph that matplotlib ships",
    "MRI scan, grey": "A slice of a head, the grey image that matplotlib ships",
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

    with PIL.Image.open(sample("grace_hopper.jpg")) as image:
        side = min(image.size)
        return image.convert("RGB").crop((60, 0, side - 60, side - 120))


@lru_cache(maxsize=1)
def _scan() -> PIL.Image.Image:
    """256 x 256 pixels of 16 bits; the file is bare numbers."""
    import PIL.Image

    with gzip.open(sample("s1045.ima.gz")) as file:
        pixels = np.frombuffer(file.read(), np.uint16).reshape(256, 256)
    return PIL.Image.fromarray((pixels / pixels.max() * 255).astype(np.uint8))


def sample(name: str) -> Path:
    """A file among the sample data that matplotlib ships."""
    from matplotlib import get_data_path

    return Path(get_data_path(), "sample_data", name)


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
