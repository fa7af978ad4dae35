"""Static files with an address that changes with their content, and the sample pictures among them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, url_for

FOLDER = Path(__file__).parent / "static"
SAMPLES = FOLDER / "samples"
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled picture to try.

    Attributes:
        name: what the form sends, such as "phone-number"; its file is a JPEG where the name has no ending.
        title: what it is, in a few words.
        alt: what it shows, for those who do not see it.
        width, height: size in pixels.
    """

    name: str
    title: str
    alt: str
    width: int
    height: int

    @property
    def file_name(self) -> str:
        """Name of the file under `static/samples/`."""
        return self.name if "." in self.name else f"{self.name}.jpg"

    @property
    def path(self) -> Path:
        """The file."""
        return SAMPLES / self.file_name


def load_samples() -> dict[str, Sample]:
    """The samples that `samples.json` lists, by name and in its order; none when it is missing."""
    listing = SAMPLES / "samples.json"
    if not listing.is_file():
        return {}
    entries = json.loads(listing.read_text(encoding="utf-8"))
    fields = ("name", "title", "alt", "width", "height")
    return {entry["name"]: Sample(**{field: entry[field] for field in fields}) for entry in entries}


def asset(path: str) -> str:
    """Address of a file under `static/`, with a version that changes when its content does."""
    file = FOLDER / path
    if not file.is_file():
        return url_for("static", filename=path)
    state = file.stat()
    return url_for("static", filename=path, v=_version(file, state.st_mtime_ns, state.st_size))


def install(app: Flask) -> None:
    """Give templates `asset`, and let browsers keep what has a version in its address."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _cache(response: Response) -> Response:
        if request.endpoint == "static":
            versioned = "v" in request.args and response.status_code < 400
            # A module imported by another one has no version in its address: the browser asks whether it changed.
            response.headers["Cache-Control"] = (
                f"public, max-age={YEAR_S}, immutable" if versioned else "public, no-cache"
            )
        return response


@lru_cache(maxsize=512)
def _version(file: Path, _mtime_ns: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
