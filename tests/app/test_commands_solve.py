"""`convlab solve`: friendly forms, and exit codes for builds."""

import json

import pytest
from typer.testing import CliRunner

import convlab as cl
from convlab import layers
from convlab.app.cli import cli
from convlab.errors import ArgumentError, DataError


def run(*arguments):
    return CliRunner().invoke(cli, ["solve", *map(str, arguments)])


def test_a_layer_by_its_name():
    found = run("Conv2D", "--in", 28, "--out", 14, "--most", 2)
    assert found.exit_code == 0
    assert "1. kernel_size=3, strides=2, padding='same': 28 -> 14" in found.output
    assert "and 12 more" in found.output


@pytest.mark.parametrize("name", ["keras.layers.MaxPooling2D", "MaxPooling2D(2)"])
def test_a_layer_by_its_dotted_name_and_by_a_call(name):
    found = run(name, "-o", 14)
    assert found.exit_code == 0
    assert "as it is: 28 -> 14" in found.output


def test_without_an_answer_the_exit_code_is_1():
    found = run("Conv2D", "--in", "28", "--out", "30")
    assert found.exit_code == 1
    assert "it gives at most 28, never 30" in " ".join(found.output.split())


def test_what_is_tried_and_what_varies():
    call = "Conv2D(8, 3)"
    found = run(
        call, "-i", 28, "-o", "14", "-t", "kernel_size=2..3", "-t", "padding=valid", "--json"
    )
    told = json.loads(found.output)
    assert told["bounds"]["kernel_size"] == [2, 3]
    assert [one["arguments"]["kernel_size"] for one in told["solutions"]] == [2]
    held = run(call, "-i", "28,32", "-o", "14,16", "--vary", "strides", "--vary", "padding")
    assert "1. strides=2, padding='same': (28, 32) -> (14, 16)" in held.output


def test_a_model_in_a_file(tmp_path):
    inputs = cl.Input((100, 100, 3))
    x = layers.Conv2DTranspose(3, 2, strides=2)(layers.MaxPooling2D(2)(inputs))
    file = tmp_path / "model.json"
    file.write_text(cl.Model(inputs, layers.Add()([inputs, x])).to_json())
    found = run(file)
    assert (found.exit_code, "height: multiples of 2" in found.output) == (0, True)
    other = run(file, "--in", 99, "--json")
    told = json.loads(other.output)
    assert told["input_shape"] == [None, 99, 99, 3]
    assert {one["summary"] for one in told["solutions"]} >= {
        "feed 98 x 98 x 3 instead of 99 x 99 x 3"
    }
    none = run(file, "--out", "40,50,7")
    assert none.exit_code == 1
    assert "the output's axis 3 is 3, and 7 is wanted" in none.output


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["Foo", "-i", 3], ArgumentError, "There is no layer over spatial axes named 'Foo'"),
        (["nowhere.keras"], DataError, "The file can be opened"),
        (["Conv2D", "-i", "x"], ArgumentError, "A shape is a list of sizes"),
        (["Conv2D", "-i", 3, "-t", "strides"], ArgumentError, "Values to try are written as"),
        (["a.json", "-t", "strides=1"], ArgumentError, "Of a model, no arguments are named"),
        (["Conv2D"], ArgumentError, "At least one of the sizes is given"),
    ],
)
def test_what_is_refused(arguments, error, words):
    found = run(*arguments)
    assert isinstance(found.exception, error)
    assert words in str(found.exception)
