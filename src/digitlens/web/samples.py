"""The bundled samples as results with addresses of their own: read by this server, once, and kept in memory."""

from __future__ import annotations

from threading import Lock

from flask import Flask

from digitlens.errors import ResultNotFoundError
from digitlens.explain.steps import show_steps
from digitlens.web.results import blueprint_of
from digitlens.web.services import Services
from digitlens.web.shown import SAMPLES, Result


def install(app: Flask) -> None:
    """Add the pages of the samples."""
    shelf = SampleShelf(app.extensions["digitlens"])
    app.register_blueprint(blueprint_of(SAMPLES, "/samples/<name>", shelf.find))


class SampleShelf:
    """Reads a sample when somebody asks for it first."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = Lock()
        self._read: dict[str, Result] = {}

    def find(self, name: str) -> Result:
        """The sample of this name.

        Raises:
            ResultNotFoundError: there is none.
        """
        if name not in self._services.samples:
            raise ResultNotFoundError(
                "There is no sample of this name.", "Choose one of the samples of the first page."
            )
        with self._lock:
            if name not in self._read:
                self._read[name] = self._result(name)
            return self._read[name]

    def _result(self, name: str) -> Result:
        sample, reader = self._services.samples[name], self._services.reader
        content = sample.path.read_bytes()
        with self._services.turn:
            trace = reader.trace(next(reader.decode(content)))
        return Result(
            kind=SAMPLES,
            key=name,
            file_name=sample.file_name,
            page=1,
            pages=1,
            reading=trace.reading,
            load_picture=lambda: content,
            steps=show_steps(trace),
        )
