"""`%load_ext convlab` in a real kernel with real Keras: what appears under a traceback."""

import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from convlab.widgets import ipython

sys.path.insert(0, str(Path(__file__).parents[1] / "inspector" / "failing"))
from failing_cases import BEGIN, CASES

SHOWN = ("error", "display_data", "execute_result", "stream")


class Kernel:
    """A kernel, and what its cells show."""

    def __init__(self):
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def run(self, code, timeout=240):
        """What a cell shows, as (kind, content), and whether it ended well."""
        sent = self.client.execute(textwrap.dedent(code))
        shown = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["msg_type"] in SHOWN:
                shown.append((message["msg_type"], message["content"]))
            idle = message["content"].get("execution_state") == "idle"
            if message["msg_type"] == "status" and idle:
                break
        while (reply := self.client.get_shell_msg(timeout=timeout))["parent_header"][
            "msg_id"
        ] != sent:
            pass
        return shown, reply["content"]["status"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel():
    pytest.importorskip("keras")
    found = Kernel()
    found.run("import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'")
    found.run("%load_ext convlab\n" + BEGIN)
    yield found
    found.close()


def kinds(shown):
    return [kind for kind, content in shown if kind != "stream" or content["name"] == "stdout"]


def explained(shown):
    """The explanation that stands last."""
    kind, content = shown[-1]
    assert kind == "display_data"
    return content["data"]["text/plain"], content["data"]["text/html"]


@pytest.mark.keras
@pytest.mark.parametrize(
    ("name", "layer", "told"),
    [
        ("concatenate", "skip1", "100 x 100 from 'enc1' and 96 x 96 from 'up1'"),  # functional
        ("sequential_pool", "pool", "window spans 3 x 3"),
        ("subclassed", "conv2", "conv1: 10 -> (10 - 3)//1 + 1 = 8"),
        ("subclassed_concatenate", "join", "'down'"),
        ("unknown_until_run", "skip", "25"),  # inside tf.function, where sizes are first known
        ("fit_another_size", "back", "46"),
        ("channels_of_shared_layer", "shared", "3"),
        ("illegal_pair", "Conv2D", "strides"),
    ],
)
def test_the_explanation_stands_under_the_traceback(kernel, name, layer, told):
    shown, status = kernel.run(CASES[name].code)
    assert kinds(shown) == ["error", "display_data"]
    assert status == "error"
    error = shown[[kind for kind, _ in shown].index("error")][1]
    assert error["ename"] in ("ValueError", "InvalidArgumentError")
    assert any("error_handler" in line or "Cell" in line for line in error["traceback"])
    text, html = explained(shown)
    assert layer in text
    assert told in text
    assert "<script" not in html
    if name not in ("illegal_pair", "fit_another_size"):
        assert "verified" in text
    if name != "illegal_pair":
        assert "<svg" in html
        later = ":1" if name == "channels_of_shared_layer" else ""  # the second call of the layer
        sign = "!" if name == "fit_another_size" else "\N{MULTIPLICATION SIGN}"
        assert f"{sign} {layer}{later}<" in html


@pytest.mark.keras
def test_other_errors_and_cells_without_one_show_nothing_more(kernel):
    assert kinds(kernel.run("1 / 0")[0]) == ["error"]
    assert kinds(kernel.run("int('a')")[0]) == ["error"]
    arrays = "np.concatenate([np.zeros((2, 3)), np.zeros((3, 4))])"  # no matter of layers
    assert kinds(kernel.run(arrays)[0]) == ["error"]
    assert kinds(kernel.run("def f(: pass")[0]) == ["error"]
    shown, status = kernel.run("model = keras.Sequential([keras.Input((8, 3))])\n2")
    assert (kinds(shown), status) == (["execute_result"], "ok")


@pytest.mark.keras
def test_what_the_last_value_says_on_demand(kernel):
    kernel.run(CASES["add"].code)
    shown, _ = kernel.run("import sys, convlab as cl\nprint(cl.diagnose(sys.last_value))")
    assert "residual" in shown[-1][1]["text"]


@pytest.mark.keras
def test_the_cell_magic_shows_every_error_of_our_layers(kernel):
    shown, status = kernel.run("""\
        %%convlab
        import convlab as cl
        x = cl.Input((9, 9, 3), name="image")
        y = cl.layers.UpSampling2D(2, name="double")(cl.layers.MaxPooling2D(2, name="half")(x))
        y = cl.layers.Concatenate(name="skip")([x, y])
        y = cl.layers.Conv2D(4, 3, groups=4, name="grouped")(y)
        y.shape
        """)
    assert (kinds(shown), status) == (["execute_result", "display_data"], "ok")
    assert shown[0][1]["data"]["text/plain"] == "(None, None, None, 4)"
    text, _ = explained(shown)
    assert "skip" in text
    assert "grouped" in text
    assert kernel.run("y.shape[-1]")[0][-1][1]["data"]["text/plain"] == "4"  # names are kept


@pytest.mark.keras
def test_the_cell_magic_ends_as_its_cell_does(kernel):
    shown, status = kernel.run("%%convlab\n" + CASES["add"].code)
    assert (kinds(shown), status) == (["error", "display_data", "error"], "error")
    assert "see the traceback above" in "".join(shown[-1][1]["traceback"])
    assert kinds(kernel.run("%%convlab\n1 / 0")[0]) == ["error", "error"]
    shown, _ = kernel.run("%%convlab\nimport asyncio\nawait asyncio.sleep(0)")
    assert "has no top-level await" in shown[-1][1]["text"]


@pytest.mark.keras
def test_an_error_in_a_cell_that_awaits(kernel):
    code = "import asyncio\nawait asyncio.sleep(0)\n" + CASES["add"].code
    assert kinds(kernel.run(code)[0]) == ["error", "display_data"]


@pytest.mark.keras
def test_a_block_of_debugging_is_not_explained_twice(kernel):
    code = textwrap.indent(CASES["add"].code, "    ")
    shown, _ = kernel.run("import convlab as cl\nwith cl.debugging():\n" + code)
    assert kinds(shown) == ["display_data", "error"]


@pytest.mark.keras
def test_it_can_be_loaded_again_and_taken_away(kernel):
    kernel.run("%reload_ext convlab")
    assert kinds(kernel.run(CASES["add"].code)[0]) == ["error", "display_data"]
    kernel.run("%unload_ext convlab")
    assert kinds(kernel.run(CASES["add"].code)[0]) == ["error"]
    assert "not found" in kernel.run("%%convlab\n1")[0][-1][1]["text"]
    kernel.run("%load_ext convlab")
    assert kinds(kernel.run(CASES["add"].code)[0]) == ["error", "display_data"]


# Without a kernel


def test_a_cell_without_an_error_costs_nothing():
    extension = ipython.Extension(None)
    result = SimpleNamespace(error_in_exec=None)
    begun = time.perf_counter()
    for _ in range(10_000):
        extension.after_cell(result)
    assert (time.perf_counter() - begun) / 10_000 < 50e-6


def test_loading_imports_no_toolkit():
    import subprocess

    code = (
        "import sys, convlab; convlab.load_ipython_extension; "
        "print([m for m in ('numba', 'ipywidgets', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("broken", ["explained_error", "was_explained"])
def test_a_defect_of_ours_is_kept_quiet(monkeypatch, broken):
    def fail(error):
        raise RuntimeError("a defect of ours")

    monkeypatch.setattr(f"convlab.inspector.debugging.{broken}", fail)
    error = ValueError("Negative dimension size caused by subtracting 3 from 2")
    ipython.Extension(None).after_cell(SimpleNamespace(error_in_exec=error))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), ipython.CellFailed("x")])
def test_what_is_no_error_of_the_program_is_left_alone(monkeypatch, error):
    monkeypatch.setattr(ipython, "_explain", lambda error: pytest.fail("asked"))
    ipython.Extension(None).after_cell(SimpleNamespace(error_in_exec=error))
