"""The palette of a GIF: the commonest colours exactly, every other to its true nearest."""

import numpy as np
from PIL import Image

from convlab.draw.palette import KEPT, Palette


def _noise(seed, side=64):
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_few_colours_are_kept_exactly():
    pixels = np.zeros((20, 20, 3), np.uint8)
    pixels[5:, :, 0], pixels[:, 7:, 1], pixels[3:, 3:, 2] = 200, 13, 255
    applied = Palette([Image.fromarray(pixels)]).apply(Image.fromarray(pixels))
    np.testing.assert_array_equal(np.asarray(applied.convert("RGB")), pixels)


def test_the_commonest_of_many_colours_are_kept_exactly():
    pixels = np.array(_noise(0))
    pixels[:40] = (250, 251, 252)
    applied = np.asarray(
        Palette([Image.fromarray(pixels)]).apply(Image.fromarray(pixels)).convert("RGB")
    )
    assert (applied[:40] == (250, 251, 252)).all()


def test_every_pixel_takes_the_nearest_colour_of_the_palette():
    palette = Palette([_noise(0)])
    assert KEPT < len(palette.colours) <= 256
    frame = _noise(1, side=16)
    pixels = np.asarray(frame, int).reshape(-1, 1, 3)
    nearest = ((pixels - palette.colours.astype(int)[None]) ** 2).sum(-1).min(axis=1)
    taken = np.asarray(palette.apply(frame).convert("RGB"), int).reshape(-1, 3)
    np.testing.assert_array_equal(((taken - pixels[:, 0]) ** 2).sum(-1), nearest)
