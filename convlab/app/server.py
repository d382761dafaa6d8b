"""The stand-alone Voila server behind `convlab app`: its settings, and running it.

Voila is never run as an extension of a Jupyter server here: there a page may execute code.
No configuration file is read: one lying in the start directory would be executed, and one of the
user's could undo a setting below.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila

from convlab.app.page import notebook
from convlab.app.sessions import STARTUP_TIMEOUT, Sessions

TEMPLATE = Path(__file__).parent / "template"
MAX_MESSAGE = 20 * 1024**2  # bytes over the websocket; an upload of 16 MiB fits
PING = 30_000  # ms between two signs of life on the websocket
# The last answer is as old as a whole interval when the next question goes out: a limit of one
# interval would end every connection at its second question.
LONGEST_SILENCE = 3 * PING
MAX_SOCKET_FOLDER = 45  # characters; a socket's whole path may have 107
MAX_BODY = 1024**2  # bytes of a POST: a token, a goodbye

# The page may load from this server alone, so nothing of it can ask another host, whatever a
# dependency would like. JupyterLab's schema compiler needs eval, anywidget's modules are blobs.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline' blob:",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)


class Server(Voila):  # type: ignore[misc]
    """Voila on sockets that are already bound, with our template first."""

    def __init__(
        self, listening: list[socket.socket], ready: Callable[[], None], **kwargs: Any
    ) -> None:
        super().__init__(config_file_paths=[], **kwargs)
        self._listening = listening
        self._ready = ready

    def setup_template_dirs(self) -> None:
        """Look in the package first, whether or not the installer put the template elsewhere."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, with the login page of our template."""
        settings: dict[str, Any] = super().init_settings()
        settings["jinja2_env"].loader.searchpath.insert(0, str(TEMPLATE))
        return settings

    def listen(self) -> None:
        """Serve until interrupted. Voila's own would try other ports, and exit when none is free.

        The browser is opened once the loop runs, so that it never meets a closed door.
        """
        self.ioloop = IOLoop.current()
        HTTPServer(self.app, max_body_size=MAX_BODY).add_sockets(self._listening)
        self.ioloop.add_callback(self._ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping.")
        finally:
            self.stop()


def configuration(
    directory: Path, *, host: str, port: int, token: str, max_sessions: int, verbose: bool = False
) -> Config:
    """The settings of the server, which stand together: APIs, limits, headers, time-outs.

    Args:
        directory: an empty directory of our own; `page/` and `connections/` are made in it.
        host: the address that the sockets are bound to.
        port: the port that the sockets are bound to.
        token: the secret that a browser must show.
        max_sessions: how many pages may be open at once.
        verbose: whether the log tells of every step.
    """
    page, connections = directory / "page", directory / "connections"
    page.mkdir()
    connections.mkdir()
    path = page / "app.ipynb"
    path.write_text(json.dumps(notebook()), encoding="utf-8")
    local = is_loopback(host)

    config = Config()
    config.Application.log_level = log_level(verbose)
    config.Voila.notebook_path = str(path)
    config.Voila.root_dir = str(page)
    config.Voila.connection_dir_root = str(connections)
    config.Voila.ip = host
    config.Voila.port = port
    config.Voila.token = token
    config.Voila.open_browser = False
    config.Voila.tornado_settings = {
        # Off, the Host header must name this machine, which stops a foreign page that has its
        # own name resolve to us. On a network the clients use names that we cannot know.
        "allow_remote_access": not local,
        "local_hostnames": ["localhost", socket.gethostname()],
        "websocket_max_message_size": MAX_MESSAGE,
        "ws_ping_interval": PING,
        "ws_ping_timeout": LONGEST_SILENCE,
        "headers": {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            # Not "no-referrer": browsers then call the origin of a POST "null", which is refused.
            "Referrer-Policy": "same-origin",
        },
    }
    config.VoilaConfiguration.template = "convlab"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"  # it reaches an attribute unescaped
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.file_allowlist = [r"[\w-]+\.(png|jpg|gif)"]
    config.VoilaConfiguration.extension_allowlist = [
        "@voila-dashboards/widgets-manager8",
        "@jupyter-widgets/jupyterlab-manager",
        "anywidget",
    ]
    config.VoilaConfiguration.http_keep_alive_timeout = 4  # seconds until the notice says more
    config.VoilaConfiguration.multi_kernel_manager_class = Sessions
    config.VoilaConfiguration.prelaunch_hook = give_xsrf_cookie
    if sys.platform == "linux" and len(str(connections)) < MAX_SOCKET_FOLDER:
        # Files that only this user can open, where a TCP port could be taken by another program
        # between its choice and the kernel's start, and can be listened to.
        config.KernelManager.transport = "ipc"
    # Seconds. Without one some sessions never finish; on a busy machine the imports take twenty.
    config.VoilaExecutor.timeout = 60
    config.VoilaExecutor.startup_timeout = STARTUP_TIMEOUT
    config.VoilaExecutor.cell_error_instruction = "The terminal that runs convlab says why."
    config.VoilaExecutor.cell_timeout_instruction = "Reload the page to try again."
    config.Sessions.max_sessions = max_sessions
    # Seconds. Alone on a machine only pages whose browser is gone are ended, so this may be short.
    config.Sessions.cull_idle_timeout = 900 if local else 3600
    config.Sessions.cull_interval = 60
    # Much of the page runs without its kernel, so an open page that looks idle may be in use. Alone
    # on a machine it may stay; in a class the place is needed.
    config.Sessions.cull_connected = not local
    # A kernel that died has lost what the page shows: a fresh one in its place would not help.
    config.KernelRestarter.restart_limit = 0
    return config


def give_xsrf_cookie(handler: Any, **_: Any) -> None:
    """Give the page the cookie with which it may end its kernel when it is left.

    Voila's page expects the cookie, and nothing else sets it for a page opened with a token: each
    reload would leave a kernel behind.
    """
    _ = handler.xsrf_token  # reading it sets the cookie


def log_level(verbose: bool) -> int:
    """What the terminal shows: everything, or only what needs somebody to act."""
    return logging.INFO if verbose else logging.ERROR


def is_loopback(host: str) -> bool:
    """Whether an address that a server listens on can be reached from this machine alone."""
    return host == "localhost" or host == "::1" or host.startswith("127.")


@contextmanager
def start_directory() -> Iterator[Path]:
    """A fresh private directory: the root of what is served, and where the kernels work."""
    with TemporaryDirectory(prefix="convlab-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


def serve(
    listening: list[socket.socket],
    *,
    host: str,
    token: str,
    max_sessions: int,
    ready: Callable[[], None],
    verbose: bool = False,
) -> None:
    """Serve the app on bound sockets until interrupted.

    Args:
        listening: sockets as `tornado.netutil.bind_sockets` makes them.
        host: the address that they are bound to.
        token: the secret that a browser must show.
        max_sessions: how many pages may be open at once.
        ready: called once, when the server answers.
        verbose: whether the log tells of every step.
    """
    with start_directory() as directory:
        config = configuration(
            directory,
            host=host,
            port=listening[0].getsockname()[1],
            token=token,
            max_sessions=max_sessions,
            verbose=verbose,
        )
        # Tornado's log of refused requests would show the token in their addresses.
        logging.getLogger("tornado").setLevel(log_level(verbose))
        # As the one application of this process: Voila's parts look for its log there.
        server = Server.instance(listening, ready, config=config)
        server.initialize([])
        server.start()
