"""Files: GIF through Pillow, MP4 through ffmpeg, stills through matplotlib, pages as text."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from convlab.draw.palette import Palette
from convlab.errors import ArgumentError, DataError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL import Image

LOWEST, HIGHEST = 10, 1200  # dots per inch of a still
STILLS = (".png", ".svg", ".pdf")
MOVIES = (".gif", ".mp4")
PAGES = (".html", ".htm")
SLOWEST, FASTEST = 0.1, 50  # frames a second; a GIF counts in hundredths of a second

_UNDATED = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def checked_target(path: str | Path) -> Path:
    """The path, when something can be written there.

    Raises:
        ArgumentError: the suffix is unknown, or the folder does not exist.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in (*MOVIES, *STILLS, *PAGES):
        raise ArgumentError(
            f"The suffix says what to write: {', '.join((*MOVIES, *STILLS, PAGES[0]))}.",
            received=f"path={str(path)!r}",
            remedy="Use e.g. 'slide.gif' for the animation, 'slide.png' for one step or "
            "'slide.html' for a page to step through.",
            argument="path",
        )
    if not target.parent.is_dir():
        raise ArgumentError(
            "The folder to write to does not exist.",
            received=f"path={str(path)!r}",
            remedy=f"Make the folder {str(target.parent)!r} first.",
            argument="path",
        )
    return target


def save_still(figure: Figure, target: Path | IO[bytes], dpi: int = 100, suffix: str = "") -> None:
    """Write a figure without dates or random names in it, so that the same figure gives the same
    file.
    """  # noqa: D205
    import matplotlib

    if not isinstance(dpi, int | float) or not LOWEST <= dpi <= HIGHEST:
        raise ArgumentError(
            f"A picture has {LOWEST} to {HIGHEST} dots per inch.",
            received=f"dpi={dpi!r}",
            remedy="Use dpi=100, which makes it 1000 pixels wide.",
            argument="dpi",
        )
    kind = suffix or (target.suffix.lower() if isinstance(target, Path) else ".png")
    with matplotlib.rc_context({"svg.hashsalt": "convlab", "svg.fonttype": "path"}):
        figure.savefig(target, format=kind[1:], dpi=dpi, metadata=_UNDATED[kind])


def still_bytes(figure: Figure) -> bytes:
    """The figure as a PNG."""
    buffer = io.BytesIO()
    save_still(figure, buffer)
    return buffer.getvalue()


def save_movie(
    frames: Iterable[Image.Image], samples: Sequence[Image.Image], target: Path, fps: float
) -> None:
    """Write frames as GIF or MP4, by the suffix of the path.

    Args:
        frames: pictures in RGB, all of one size.
        samples: some of them, that have the important colours between them.
        target: where to.
        fps: frames a second.

    Raises:
        ArgumentError: the speed is out of range, or ffmpeg is needed and not installed.
        DataError: ffmpeg failed.
    """
    check_speed(fps)
    if target.suffix.lower() == ".mp4":
        _save_mp4(frames, samples[0], target, fps)
    else:
        target.write_bytes(gif_bytes(frames, samples, fps))


def check_speed(fps: float) -> None:
    """Refuse a number of frames a second that no player keeps."""
    if not isinstance(fps, int | float) or not SLOWEST <= fps <= FASTEST:
        raise ArgumentError(
            f"An animation has {SLOWEST} to {FASTEST} frames a second.",
            received=f"fps={fps!r}",
            remedy="Use fps=8.",
            argument="fps",
        )


def gif_bytes(
    frames: Iterable[Image.Image], samples: Sequence[Image.Image], fps: float = 8
) -> bytes:
    """An endless GIF, whose frames share one palette so that nothing flickers."""
    indexed = map(Palette(samples).apply, frames)
    buffer = io.BytesIO()
    next(indexed).save(
        buffer,
        format="GIF",
        save_all=True,
        append_images=indexed,
        duration=round(1000 / fps),
        loop=0,
    )
    return buffer.getvalue()


def gif_tag(frames: Iterable[Image.Image], samples: Sequence[Image.Image], words: str) -> str:
    """An `img` element that holds the animation itself."""
    data = base64.b64encode(gif_bytes(frames, samples)).decode("ascii")
    style = "max-width: 100%; height: auto"
    return f'<img src="data:image/gif;base64,{data}" alt="{escape(words)}" style="{style}">'


# Colours as players of today take them for granted, said in the file too.
_COLOURS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")


def _film(sample: Image.Image) -> str:
    """What ffmpeg makes of a frame: even sizes, as players want, in the background's own colour."""
    ground = "0x" + bytes(cast("tuple[int, ...]", sample.getpixel((0, sample.height - 1)))).hex()
    even = f"pad=ceil(iw/2)*2:ceil(ih/2)*2:color={ground}"
    return f"{even},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"


def _save_mp4(frames: Iterable[Image.Image], sample: Image.Image, target: Path, fps: float) -> None:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise ArgumentError(
            "An MP4 is written by the program ffmpeg, which is not installed here.",
            received=f"path={str(target)!r}",
            remedy="Install ffmpeg, or save a '.gif'.",
            argument="path",
        )
    size = "{}x{}".format(*sample.size)
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(fps)]
    result = ["-vf", _film(sample), *_COLOURS, "-movflags", "+faststart", str(target)]
    command = [ffmpeg, "-y", "-loglevel", "error", *source, "-i", "-", *result]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        pipe = cast("IO[bytes]", process.stdin)
        try:
            for frame in frames:
                pipe.write(frame.tobytes())
        except BrokenPipeError:
            pass  # ffmpeg has given up: what it says follows
        _, said = process.communicate()
    if process.returncode:
        raise DataError(
            "ffmpeg could not write the MP4.",
            received=said.decode(errors="replace").strip()[-300:],
            remedy="Save a '.gif' instead.",
        )
