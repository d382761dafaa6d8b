"""The command line as a user meets it: a process, its output, its exit code."""

import signal
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

import convlab
from convlab.app.cli import main
from convlab.app.commands.app import bind, checked_token, outward_address, page_address
from convlab.errors import ArgumentError

CONVLAB = str(Path(sysconfig.get_path("scripts")) / "convlab")


def run(*arguments):
    return subprocess.run([CONVLAB, *arguments], capture_output=True, text=True, timeout=60)


def test_help_lists_the_commands():
    result = run("--help")
    assert result.returncode == 0
    assert "app" in result.stdout
    assert "Open the explorer in the browser" in result.stdout


def test_version():
    result = run("--version")
    assert (result.returncode, result.stdout) == (0, f"convlab {convlab.__version__}\n")


def test_the_command_line_loads_nothing_heavy():
    heavy = {"voila", "jupyter_server", "numba", "matplotlib", "ipywidgets", "numpy"}
    program = f"import sys, convlab.app.cli; print(sorted({heavy!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["app", "--port", "70000"], "Invalid value for '--port'"),
        (["app", "--port", "http"], "Invalid value for '--port'"),
        (["app", "--max-sessions", "0"], "Invalid value for '--max-sessions'"),
        (["app", "--nosuch"], "No such option"),
        (["app", "--token", "short"], "A token is at least 16 characters"),
        (["app", "--host", "nosuch.invalid"], "an address of this machine"),
    ],
)
def test_bad_arguments_end_with_a_reason_and_code_2(arguments, complaint):
    result = run(*arguments)
    assert result.returncode == 2
    assert complaint in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "Conv2D(8,3,kernel_initializer={'class_name':'__numpy__'})", "-i", "28,28,1"],
        [
            "explain",
            "Conv2D(8,3,kernel_initializer={'class_name':'__numpy__',"
            "'config':{'value':[1],'dtype':'zzz'}})",
            "-i",
            "28,28,1",
        ],
        ["explain", "Conv2D(8,3,dtype={'config':3})", "-i", "28,28,1"],
        ["animate", "Conv2D(1,3,weights=3)", "-o", "q.png"],
        ["animate", "Conv2D(1,3)", "-o", "q.png", "-i", "200000,200000,1"],
        ["animate", "Conv2D(1000000000000000,3)", "-o", "q.png"],
        ["animate", "Conv2D(1000000,3)", "-o", "q.png", "-i", "12,12,1"],
    ],
)
def test_what_cannot_be_is_told_in_three_parts(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.returncode == 2
    first, *details = result.stderr.splitlines()
    assert first.startswith("Error: ")
    assert [line.split()[0] for line in details] == ["Received", "Remedy"]


@pytest.mark.parametrize(
    ("error", "complaint"),
    [
        (ValueError("no such thing"), "This cannot be computed: no such thing"),
        (TypeError("a str"), "This cannot be computed: a str"),
        (MemoryError("72 GB"), "not enough memory"),
    ],
)
def test_what_a_library_refuses_is_told_without_a_traceback(error, complaint, monkeypatch, capsys):
    def fail():
        raise error

    monkeypatch.setattr("convlab.app.cli.cli", fail)
    monkeypatch.delenv("CONVLAB_DEBUG", raising=False)
    with pytest.raises(SystemExit, match="2"):
        main()
    told = capsys.readouterr().err
    assert complaint in told
    assert "Received" in told
    assert "Remedy" in told
    monkeypatch.setenv("CONVLAB_DEBUG", "1")
    with pytest.raises(type(error), match=str(error)):
        main()


def test_a_fault_of_the_program_keeps_its_traceback(monkeypatch):
    def fail():
        raise KeyError("a bug")

    monkeypatch.setattr("convlab.app.cli.cli", fail)
    with pytest.raises(KeyError, match="a bug"):
        main()


def test_a_port_in_use_is_told_in_three_parts():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("app", "--no-browser", "--port", str(port))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: Port {port} of 127.0.0.1 is in use by another program.\n"
        f"  Received --host 127.0.0.1 --port {port}\n"
        "  Remedy   Leave --port out to take a free one.\n"
    )


def test_binding_a_taken_port_names_the_argument():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ArgumentError, match=rf"Port {port} .* in use") as error:
            bind("127.0.0.1", port)
    assert error.value.argument == "port"


def test_binding_a_foreign_address_names_the_argument():
    with pytest.raises(ArgumentError, match="an address of this machine") as error:
        bind("192.0.2.1", 0)  # an address for documentation: no machine has it
    assert error.value.argument == "host"


def test_without_a_port_a_taken_one_is_passed_over(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("convlab.app.commands.app.USUAL_PORT", port)
        (listening,) = bind("127.0.0.1", None)
        with listening:
            assert listening.getsockname()[1] not in {0, port}


@pytest.mark.parametrize("token", ["", "short", "sixteen chars no", "x" * 15, "x" * 16 + "/"])
def test_a_token_that_is_no_secret_is_refused(token):
    with pytest.raises(ArgumentError, match="at least 16 characters") as error:
        checked_token(token)
    assert token not in str(error.value) or token == ""


def test_a_token_of_the_users_is_taken():
    assert checked_token("a-class_of_2026-xx") == "a-class_of_2026-xx"


def test_an_address_for_every_interface_names_the_machine():
    assert page_address("0.0.0.0", 80, "t") == f"http://{outward_address()}:80/?token=t"


@pytest.mark.skipif(sys.platform == "win32", reason="a process gets Ctrl-C through its console")
def test_ctrl_c_ends_quietly():
    command = [CONVLAB, "app", "--no-browser", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [process.stdout.readline(), process.stdout.readline()]
    assert "Press Ctrl-C" in lines[1]
    time.sleep(0.2)  # or the interrupt might fall into the printing of that line
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[0] == "Stopped.\n"
    assert process.returncode == 0


def test_the_address_for_a_class_reaches_this_machine():
    with socket.create_server(("0.0.0.0", 0)) as server:
        socket.create_connection((outward_address(), server.getsockname()[1]), timeout=5).close()
