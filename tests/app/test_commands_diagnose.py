"""`convlab diagnose FILE`: what it prints, its exit codes, and how it refuses."""

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from convlab.app.commands.diagnose import diagnose
from convlab.errors import ArgumentError, DataError

CODE = """
image = Input((100, 100, 1), name="image")
half = MaxPooling2D(8, name="half")(image)
model = Model(image, add([image, UpSampling2D(8, name="twice")(half)], name="sum"))
"""


@pytest.fixture
def run(tmp_path):
    command = typer.Typer()
    command.command()(diagnose)
    path = tmp_path / "net.py"
    path.write_text(CODE)

    def invoke(*arguments, text=None):
        return CliRunner().invoke(command, arguments or [str(path)], input=text)

    invoke.path = str(path)
    return invoke


def test_an_error_is_told_and_ends_in_1(run):
    done = run()
    assert done.exit_code == 1
    assert "x Add 'sum' joins height and width 100 x 100 from 'image'" in done.stdout
    assert "> feed 96 x 96 x 1" in done.stdout


def test_without_an_error_0(run):
    done = run(run.path, "--input", "96,96,1", "--output", "96,96,1")
    assert (done.exit_code, "no error" in done.stdout) == (0, True)


def test_another_output_than_wanted(run):
    done = run(run.path, "-i", "96,96,1", "-o", "90,90,1")
    assert done.exit_code == 1
    assert "90 x 90 is wanted" in done.stdout


def test_json_and_the_standard_input(run):
    done = run("-", "--json", text=CODE)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ok"], told["findings"][0]["layer"]) == (1, False, "sum")


def test_the_smallest_fix_as_a_diff(run):
    assert "\n--- a/code.py\n+++ b/code.py\n" in run(run.path, "--code").stdout


@pytest.mark.parametrize(
    ("arguments", "text", "error", "message"),
    [
        (["/nowhere/net.py"], None, DataError, "The file can be opened"),
        (["-"], "nothing of this !", ArgumentError, "Python code"),
    ],
)
def test_what_cannot_be_read(run, arguments, text, error, message):
    done = run(*arguments, text=text)
    assert isinstance(done.exception, error)
    assert message in str(done.exception)


def test_the_installed_command_ends_in_2_where_nothing_can_be_read():
    convlab = Path(sysconfig.get_path("scripts")) / "convlab"
    done = subprocess.run([convlab, "diagnose", "/nowhere/net.py"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "The file can be opened" in done.stderr
