"""`convlab trace FILE`: what it prints, its exit codes, and how it refuses."""

import csv
import gzip
import io
import json
import os
import subprocess
import sysconfig
from pathlib import Path

import h5py
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import convlab as cl
from convlab.app.commands.trace import trace
from convlab.errors import ArgumentError, DataError, FileRefused, ShapeError

RECORDED = Path(__file__).parents[1] / "models" / "recorded"
CHAIN = {
    "class_name": "Sequential",
    "config": {
        "name": "chain",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_shape": [None, 16, 16, 3], "name": "in"},
            },
            {
                "class_name": "Conv2D",
                "config": {"name": "conv", "filters": 4, "kernel_size": [5, 5], "strides": [2, 2]},
            },
            {"class_name": "Flatten", "config": {"name": "flat"}},
        ],
    },
}
TWO = {
    "class_name": "Functional",
    "config": {
        "name": "two",
        "layers": [
            {
                "class_name": "InputLayer",
                "name": name,
                "config": {"batch_shape": [None, None, 2], "name": name},
                "inbound_nodes": [],
            }
            for name in ("a", "b")
        ]
        + [
            {
                "class_name": "Concatenate",
                "name": "join",
                "config": {"axis": 1, "name": "join"},
                "inbound_nodes": [[["a", 0, 0, {}], ["b", 0, 0, {}]]],
            }
        ],
        "input_layers": [["a", 0, 0], ["b", 0, 0]],
        "output_layers": [["join", 0, 0]],
    },
    "keras_version": "2.15.0",
}
program = typer.Typer()
program.command()(trace)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(CHAIN))
    return str(path)


def run(*arguments, **more):
    return CliRunner().invoke(program, arguments, **more)


def program_itself(*arguments, **more):
    """The command in a process of its own, as a build would run it."""
    return subprocess.run(
        [Path(sysconfig.get_path("scripts")) / "convlab", "trace", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"COLUMNS": "100"},
        **more,
    )


# What it prints


def test_it_prints_the_table(file):
    result = run(file)
    assert result.exit_code == 0
    assert result.stdout.rstrip("\n") == cl.trace(cl.load_model(file)).text()
    assert "conv (Conv2D)" in result.stdout
    assert "\x1b" not in result.stdout


def test_csv(file):
    result = run(file, "--csv")
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["name"] for row in rows][1:] == ["conv", "flat"]
    assert (rows[1]["params"], rows[1]["macs"]) == ("304", str(6 * 6 * 25 * 3 * 4))
    assert result.stdout == cl.trace(cl.load_model(file)).to_csv()


def test_json(file):
    result = run(file, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["model"] == "chain"
    assert told["rows"][1]["output_shape"] == [None, 6, 6, 4]
    assert told["totals"]["params"] == 304
    assert told["conflicts"] == []


@pytest.mark.parametrize("shape", ["33,20,3", "33x20x3", "(None, 33, 20, 3)", "None,33,20,3"])
def test_another_input(file, shape):
    told = json.loads(run(file, "--input", shape, "--json").stdout)
    assert told["rows"][1]["output_shape"] == [None, 15, 8, 4]
    assert run(file, "-i", shape, "--json").stdout == run(file, "--input", shape, "--json").stdout


def test_an_input_for_each(tmp_path):
    path = tmp_path / "two.json"
    path.write_text(json.dumps(TWO))
    result = run(str(path), "--input", "8,2", "--input", "5,2", "--json")
    assert json.loads(result.stdout)["output_shape"] == [None, 13, 2]
    assert json.loads(run(str(path), "--json").stdout)["output_shape"] == [None, None, 2]
    with pytest.raises(ShapeError, match="There is a shape for each input"):
        run(str(path), "--input", "8,2", catch_exceptions=False)


def test_from_the_standard_input(file):
    result = run("-", "--csv", input=Path(file).read_bytes())
    assert result.stdout == run(file, "--csv").stdout


def test_formulas_of_sizes_that_are_not_known(file):
    assert "(None, (n-3)//2, (n-3)//2, 4)" in run(file, "--input", "None,None,3").stdout


# Exit codes


@pytest.mark.parametrize("form", [[], ["--csv"], ["--json"]])
def test_a_conflict_is_printed_and_ends_in_1(file, form):
    result = run(file, "--input", "4,16,3", *form)
    assert result.exit_code == 1
    assert "the kernel reaches 5 but the padded input has 4" in result.stdout
    assert "flat" in result.stdout, "the trace goes on"


def test_exit_codes_of_the_program(file, tmp_path):
    fine = program_itself(file, "--csv")
    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout == cl.trace(cl.load_model(file)).to_csv()

    conflict = program_itself(file, "--input", "4,16,3")
    assert (conflict.returncode, conflict.stderr) == (1, "")
    assert "the kernel reaches 5" in conflict.stdout

    none = program_itself(str(tmp_path / "none.keras"))
    assert (none.returncode, none.stdout) == (2, "")
    assert "Error: The file can be opened." in none.stderr
    assert "none.keras: No such file" in none.stderr
    assert "Traceback" not in none.stderr


def test_bad_usage_ends_in_2(file):
    for arguments in ([], [file, "--nonsense"], [file, "--input"]):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert result.stderr
        assert not result.stdout


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["--csv", "--json"], ArgumentError,
         "printed in one form.\nReceived --csv and --json. Leave one of them out"),
        (["--input", "16,x,3"], ArgumentError, "each a whole number or None"),
        (["--input", "16,16"], ShapeError, "has 4 axes with the batch"),
        (["--input", "8,8,3", "--input", "8,8,3"], ShapeError, "a shape for each input"),
    ],
)  # fmt: skip
def test_refusals(file, arguments, error, words):
    with pytest.raises(error, match=words):
        run(file, *arguments, catch_exceptions=False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is a .keras archive, an HDF5 file or JSON text.\nReceived an empty file"),
        (b"not a model", "HDF5 file or JSON text.\nReceived a file that begins with b'not a mo'"),
        (b"{}", "A layer is written as"),
        (b'{"class_name": "Sequential", "config": {"layers": 3}}', "has a list of layers"),
        (b"PK\x03\x04 and no more", "no zip archive that can be read"),
        (b"\x89HDF\r\n\x1a\n and no more", "no HDF5 file that can be read"),
    ],
)
def test_files_that_are_no_models(tmp_path, content, words):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=words) as caught:
        run(str(path), catch_exceptions=False)
    assert all((caught.value.rule, caught.value.received, caught.value.remedy))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DataError, match="read from a regular file"):
        run(str(tmp_path), catch_exceptions=False)


# Real models


def test_a_network_of_keras_applications(tmp_path):
    path = tmp_path / "MobileNet.json"
    path.write_bytes(gzip.decompress((RECORDED / "MobileNet.json.gz").read_bytes()))
    told = json.loads(run(str(path), "--json").stdout)
    assert told["totals"]["params"] == 4_253_864
    assert told["totals"]["macs"] == 568_740_352, "the 569 million of the paper"
    assert run(str(path), "--input", "64,64,3").exit_code == 0


def test_an_h5_file_without_its_weights(tmp_path):
    """A file of Keras 2 whose weights are of no use: they are not looked at."""
    path = tmp_path / "chain.h5"
    with h5py.File(path, "w") as made:
        made.attrs["model_config"] = json.dumps(CHAIN)
        made.attrs["keras_version"] = "2.15.0"
        made.create_group("model_weights").attrs["layer_names"] = np.array([], "S1")
    result = run(str(path), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["totals"]["params"] == 304
