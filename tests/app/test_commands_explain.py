"""`convlab explain`: what it prints, and how it refuses."""

import pytest
import typer
from typer.testing import CliRunner

from convlab.app.commands.explain import explain
from convlab.errors import ArgumentError, ShapeError
from convlab.inspector import explain as derive
from convlab.models.source import parse_call

LAYER = 'Conv2D(8, 3, strides=2, padding="same")'
program = typer.Typer()
program.command()(explain)


def run(*arguments):
    return CliRunner().invoke(program, arguments)


def test_it_prints_the_explanation():
    result = run(LAYER, "--input", "28,28,1")
    assert result.exit_code == 0
    assert result.stdout.rstrip("\n") == str(derive(parse_call(LAYER), (28, 28, 1)))
    assert "m = ceil(n / s) = ceil(28 / 2) = 14" in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("name", "beginning"), [("html", '<div class="convlab-explain">'), ("latex", "$$\n\\begin")]
)
def test_other_formats(name, beginning):
    result = run(LAYER, "--input", "None,None,None,3", "--format", name)
    assert result.exit_code == 0
    assert result.stdout.startswith(beginning)


@pytest.mark.parametrize(
    ("layer", "shape", "error", "message"),
    [
        ("Conv2d(8, 3)", "28,28,1", ArgumentError, "no layer named 'Conv2d'"),
        ("Conv2D(n, 3)", "28,28,1", ArgumentError, "plain values"),
        (LAYER, "28,x,1", ArgumentError, "each a whole number or None"),
        ("Conv2D(8, 7)", "5,28,1", ShapeError, "axis 'height': the kernel reaches 7"),
    ],
)
def test_refusals_reach_the_command_line(layer, shape, error, message):
    with pytest.raises(error, match=message):
        CliRunner().invoke(program, [layer, "--input", shape], catch_exceptions=False)


def test_the_input_is_required():
    result = run(LAYER)
    assert result.exit_code == 2
    assert "--input" in result.stderr
