"""`convlab app`: serve the page and open it in the browser."""

from __future__ import annotations

import errno
import re
import secrets
import socket
import sys
import webbrowser
from collections.abc import Callable
from typing import Annotated

import typer

from convlab.errors import ArgumentError

USUAL_PORT = 8866
ANY_PORT = 0


def app(
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            show_default=f"{USUAL_PORT}, or any free one",
            help="Port to listen on; 0 takes any free one.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    max_sessions: Annotated[
        int, typer.Option(min=1, help="How many pages may be open at once, about 130 MB each.")
    ] = 8,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="CONVLAB_TOKEN",
            show_default="a new random one",
            help="The secret in the page's address.",
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every step.")] = False,
) -> None:
    """Open the explorer in the browser."""
    from rich.console import Console

    secret = secrets.token_hex(16) if token is None else checked_token(token)
    listening = bind(host, port)
    address = page_address(host, listening[0].getsockname()[1], secret)
    console = Console(highlight=False, soft_wrap=True)

    def ready() -> None:
        console.print(f"[bold]convlab[/] is at  [bold cyan]{address}[/]")
        if browser and not webbrowser.open(address):
            console.print("No browser could be opened here: open that address yourself.")
        console.print("Press Ctrl-C to stop it.", style="dim")

    with console.status("Starting the server ..."):
        serve = load_server()
    serve(
        listening,
        host=host,
        token=secret,
        max_sessions=max_sessions,
        ready=ready,
        verbose=verbose,
    )
    console.print("Stopped.")


def load_server() -> Callable[..., None]:
    """Import the server, and with it Voila: most of the time that starting takes.

    jsonschema would spend two seconds more on building grammars for internationalised addresses,
    a format that it checks where the package is there, and that nothing of the server's uses.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from convlab.app.server import serve

    return serve


def bind(host: str, port: int | None) -> list[socket.socket]:
    """Sockets that listen on the port asked for; on the usual one or a free one when None.

    Raises:
        ArgumentError: the port is taken, or the address is not one of this machine's.
    """
    from tornado.netutil import bind_sockets

    wanted = USUAL_PORT if port is None else port
    try:
        return bind_sockets(wanted, host)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise ArgumentError(
                f"convlab app listens on a port and an address of this machine: {error.strerror}.",
                received=f"--host {host} --port {wanted}",
                remedy="Use --host 127.0.0.1, or an address that this machine has.",
                argument="host",
            ) from None
        if port is not None:
            raise ArgumentError(
                f"Port {port} of {host} is in use by another program.",
                received=f"--host {host} --port {port}",
                remedy="Leave --port out to take a free one.",
                argument="port",
            ) from None
        return bind_sockets(ANY_PORT, host)


def checked_token(token: str) -> str:
    """The token that the user chose, when it can stand in an address and is no easy guess.

    Raises:
        ArgumentError: it is shorter than 16 characters or has others than letters, digits, - and _.
    """
    if re.fullmatch(r"[A-Za-z0-9_-]{16,}", token):
        return token
    raise ArgumentError(
        "A token is at least 16 characters, each a letter, a digit, '-' or '_'.",
        received=f"a token of {len(token)} characters",
        remedy="Leave --token out to have one made.",
        argument="token",
    )


def page_address(host: str, port: int, token: str) -> str:
    """What to type into a browser.

    Example:
        >>> page_address("127.0.0.1", 8866, "secret")
        'http://127.0.0.1:8866/?token=secret'
        >>> page_address("::1", 8866, "secret")
        'http://[::1]:8866/?token=secret'
    """
    name = outward_address() if host in {"", "0.0.0.0", "::"} else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/?token={token}"


def outward_address() -> str:
    """This machine's address on its network, which others can type; its name where it has none.

    A datagram socket that is "connected" chooses the address that it would send from, and sends
    nothing.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
