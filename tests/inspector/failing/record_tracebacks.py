"""Record what the Keras that is installed prints when the programs of `failing_cases` fail.

    python tests/inspector/failing/record_tracebacks.py [folder]

writes a text file for each program into `recorded/keras-<version>/`: the traceback as Python prints
it, and where IPython is installed also as a notebook prints it. Paths of the machine are replaced.
"""

import contextlib
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from failing_cases import BEGIN, CASES  # noqa: E402

_HOMES = re.compile(
    r"(/[\w.@+~-]+)+/(site-packages|keras-[\d.]+)/|(/[\w.@+~-]+)+/lib/python3\.\d+/"
)


def without_paths(text: str, folder: str) -> str:
    text = text.replace(folder + "/", "/home/user/")
    return _HOMES.sub("/usr/lib/python3/site-packages/", text)


def fail(path: Path) -> BaseException | None:
    """Run a program, and give the exception with which it ends; not every Keras refuses all."""
    code = compile(path.read_text(), str(path), "exec")
    try:
        exec(code, {"__name__": "__main__"})  # the programs of failing_cases, nothing else
    except Exception as error:
        error.__traceback__ = error.__traceback__.tb_next
        return error
    return None


def as_python(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def as_notebook(error: BaseException) -> str | None:
    with contextlib.suppress(ImportError):
        from IPython.core import ultratb

        try:
            formatter = ultratb.VerboseTB(include_vars=False, theme_name="nocolor")
        except TypeError:
            formatter = ultratb.VerboseTB(include_vars=False, color_scheme="NoColor")
        return formatter.text(type(error), error, error.__traceback__, context=5)
    return None


def record(to: Path) -> None:
    import keras

    home = to / f"keras-{keras.__version__}"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, case in CASES.items():
            path = Path(folder) / f"{name}.py"
            path.write_text(BEGIN + case.code)
            keras.backend.clear_session()
            error = fail(path)
            if error is None:
                print(f"{keras.__version__} accepts {name}")
                continue
            for kind, text in (("py", as_python(error)), ("ipy", as_notebook(error))):
                if text is not None:
                    (home / f"{name}.{kind}.txt").write_text(without_paths(text, folder))


if __name__ == "__main__":
    record(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "recorded")
