"""What a fresh process does, for startup.py: each case to its first result, in its own environment.

The first result is a 3x3 convolution of 28x28 pixels to 8 channels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple


def as_it_is() -> AbstractContextManager[dict[str, str]]:
    return nullcontext({})


class Case(NamedTuple):
    """What a fresh process does.

    Args:
        home: whose virtual environment it runs in.
        code: what it runs.
        variables: makes the environment's variables for one run.
    """

    home: str
    code: str
    variables: Callable[[], AbstractContextManager[dict[str, str]]] = as_it_is


INPUT = "x = np.ones((1, 28, 28, 1), 'float32')"
FIRST = f"import numpy as np, convlab as cl; {INPUT}; cl.Conv2D(8, 3)(x)\n"
TRIVIAL = """
from numba import njit
@njit(cache=True)
def following(number):
    return number + 1
following(1)
"""
PEERS = {
    "torch": f"""
import numpy as np, torch; {INPUT}
with torch.inference_mode():
    torch.nn.functional.conv2d(torch.from_numpy(x).movedim(-1, 1), torch.ones(8, 1, 3, 3))
""",
    "tensorflow": f"""
import numpy as np, tensorflow as tf; {INPUT}
tf.nn.conv2d(x, np.ones((3, 3, 1, 8), 'float32'), 1, 'VALID').numpy()
""",
    "keras": f"""
import numpy as np, keras; {INPUT}
np.asarray(keras.layers.Conv2D(8, 3)(x))
""",
    "jax": f"""
import numpy as np, jax; {INPUT}
kernel, names = np.ones((3, 3, 1, 8), 'float32'), ('NHWC', 'HWIO', 'NHWC')
y = jax.lax.conv_general_dilated(x, kernel, (1, 1), 'VALID', dimension_numbers=names)
y.block_until_ready()
""",
}
HOMES = {"keras": "tensorflow"}  # a peer that lives in another's environment
LAYERS = {
    "Conv1D": ("8, 3", "(1, 64, 4)"),
    "Conv2D": ("8, 3", "(1, 28, 28, 1)"),
    "Conv2D, float64": ("8, 3, dtype='float64'", "(1, 28, 28, 1)"),
    "Conv2D, 64 channels": ("64, 3, padding='same'", "(1, 28, 28, 64)"),
    "Conv2D, groups": ("8, 3, groups=2", "(1, 28, 28, 4)"),
    "Conv3D": ("8, 3", "(1, 8, 8, 8, 4)"),
    "DepthwiseConv2D": ("3", "(1, 28, 28, 8)"),
    "SeparableConv2D": ("8, 3", "(1, 28, 28, 4)"),
    "Conv2DTranspose": ("8, 3, strides=2", "(1, 28, 28, 4)"),
    "Conv3DTranspose": ("8, 3, strides=2", "(1, 8, 8, 8, 4)"),
    "MaxPooling2D": ("2", "(1, 28, 28, 4)"),
    "AveragePooling2D": ("2", "(1, 28, 28, 4)"),
    "GlobalAveragePooling2D": ("", "(1, 28, 28, 4)"),
    "UpSampling2D": ("2", "(1, 28, 28, 4)"),
    "UpSampling2D, bilinear": ("2, interpolation='bilinear'", "(1, 28, 28, 4)"),
    "ZeroPadding2D": ("1", "(1, 28, 28, 4)"),
    "Cropping2D": ("1", "(1, 28, 28, 4)"),
    "ConvLSTM2D": ("4, 3", "(1, 4, 12, 12, 2)"),
}


@contextmanager
def empty_cache() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield {"CONVLAB_CACHE_DIR": folder}


def cases(scratch: Path, peers: list[str], layers: bool) -> dict[str, Case]:
    """All that is timed, by name.

    Args:
        scratch: a folder that lasts as long as the cases are run, for what is to be warm.
        peers: which of them.
        layers: whether every layer is, or Conv2D alone.
    """
    (scratch / "trivial.py").write_text(TRIVIAL)

    def warm() -> AbstractContextManager[dict[str, str]]:
        return nullcontext({"CONVLAB_CACHE_DIR": str(scratch / "convlab")})

    def importing() -> AbstractContextManager[dict[str, str]]:
        return nullcontext({"PYTHONPATH": str(scratch)})

    def jax_cache() -> AbstractContextManager[dict[str, str]]:
        names = ("MIN_COMPILE_TIME_SECS", "MIN_ENTRY_SIZE_BYTES")
        chosen = {f"JAX_PERSISTENT_CACHE_{name}": "-1" for name in names}
        return nullcontext(chosen | {"JAX_COMPILATION_CACHE_DIR": str(scratch / "jax")})

    found = {
        "python": Case("convlab", ""),
        "import numpy": Case("convlab", "import numpy\n"),
        "import convlab": Case("convlab", "import numpy, convlab\n"),
        "import numba": Case("convlab", "import numba\n"),
        "trivial @njit, warm": Case("convlab", "import trivial\n", importing),
        "convlab, warm": Case("convlab", FIRST, warm),
        "convlab, cold": Case("convlab", FIRST, empty_cache),
    }
    found |= {name: Case(HOMES.get(name, name), PEERS[name]) for name in peers}
    if "jax" in peers:
        found["jax, warm"] = Case("jax", PEERS["jax"], jax_cache)
    for name, (given, shape) in LAYERS.items() if layers else ():
        dtype = "float64" if "float64" in given else "float32"
        call = f"cl.layers.{name.partition(',')[0]}({given})(np.ones({shape}, {dtype!r}))"
        code = f"import numpy as np, convlab as cl; {call}\n"
        found[f"{name}: warm"] = Case("convlab", code, warm)
        found[f"{name}: cold"] = Case("convlab", code, empty_cache)
    return found
