"""The real ffmpeg, and what its ffprobe finds in a film."""

import json
import os
import shutil
import subprocess

import pytest


def needs_ffmpeg():
    """Skips where ffmpeg is absent; in CI, which installs it, that is a failure."""
    if shutil.which("ffmpeg") and shutil.which("ffprobe"):
        return
    reason = "ffmpeg and ffprobe are not installed"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def probed(path):
    """What the one stream of a film is, its frames counted."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", path]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    (stream,) = told["streams"]
    return stream


def decoded(path, number, size):
    """One frame of a film, as the bytes of its RGB pixels, row by row."""
    chosen = ["-vf", f"select=eq(n\\,{number}),scale=in_color_matrix=bt709", "-frames:v", "1"]
    command = ["ffmpeg", "-v", "error", "-i", path, *chosen, "-f", "rawvideo", "-pix_fmt", "rgb24"]
    pixels = subprocess.run([*command, "-"], check=True, capture_output=True).stdout
    assert len(pixels) == size[0] * size[1] * 3
    return pixels
