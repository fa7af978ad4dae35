"""Run the application with gunicorn, started from Python: one process that reads, many threads that wait."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from digitlens.errors import SettingsError
from digitlens.settings import Settings
from digitlens.web import create_app

# A phone on a slow line may need this long between two packets of its upload.
TIMEOUT_S = 60
GRACEFUL_TIMEOUT_S = 20
BACKLOG = 128


def serve(settings: Settings, model_dir: Path | None = None) -> None:
    """Serve until SIGTERM or Ctrl+C; requests that are under way are finished first.

    Args:
        settings: where to listen, how many threads, where results live.
        model_dir: folder of another network's weights.

    Raises:
        SettingsError: the address cannot be used.
        ModelError: the weights cannot be loaded.
        StoreError: the data folder cannot be used.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Made once here, so that whatever is wrong is said before the port opens, and again in the process that serves,
    # since the network's threads and the database's connections do not survive a fork.
    create_app(settings, model_dir=model_dir).extensions["digitlens"].store.close()
    _Server(settings, model_dir, _listen(settings.host, settings.port)).run()


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, model_dir: Path | None, listener: socket.socket) -> None:
        self._settings = settings
        self._model_dir = model_dir
        self._address = _address(listener)
        self._descriptor = listener.detach()
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"fd://{self._descriptor}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._settings.threads,
            "timeout": TIMEOUT_S,
            "graceful_timeout": GRACEFUL_TIMEOUT_S,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self._announce,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self._settings, model_dir=self._model_dir)

    def _announce(self, _arbiter: Any) -> None:
        print(f"digitlens listens on {self._address}  (Ctrl+C stops it)", flush=True)  # noqa: T201


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        SettingsError: another program has the port, or the address is not of this machine.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"Port {port} on {host} is in use by another program.",
                "Stop that program, or choose another port (PORT=9000 or --port 9000).",
            ) from error
        raise SettingsError(
            f"The address {host}:{port} cannot be used: {error.strerror}.",
            "Choose another address with --host and --port.",
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
