"""Static files with an address that changes with their content, and the sample pictures among them.

Large files are kept packed: beside the address `runtime.wasm` lies a `runtime.wasm.gz`, which goes out as it is with
`Content-Encoding: gzip`. A proxy passes that on as it comes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_file, url_for
from werkzeug.security import safe_join

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
    file = _packed(path) or FOLDER / path
    if not file.is_file():
        return url_for("static", filename=path)
    state = file.stat()
    return url_for("static", filename=path, v=_version(file, state.st_mtime_ns, state.st_size))


def install(app: Flask) -> None:
    """Give templates `asset`, and let browsers keep what has a version in its address."""
    app.jinja_env.globals["asset"] = asset

    @app.before_request
    def _send_packed() -> Response | None:
        if request.endpoint != "static" or request.view_args is None:
            return None
        name = request.view_args["filename"]
        packed = _packed(name)
        return None if packed is None else _unpacked_by_browser(packed, name)

    @app.after_request
    def _cache(response: Response) -> Response:
        if request.endpoint == "static":
            versioned = "v" in request.args and response.status_code < 400
            # A module imported by another one has no version in its address.
            keep(response, for_good=versioned)
        return response


def send_versioned(content: bytes, mimetype: str, version: str) -> Response:
    """A file that is made at start. An old address must not keep new content, so the version decides."""
    response = Response(content, mimetype=mimetype)
    keep(response, for_good=request.args.get("v") == version)
    response.set_etag(version)
    response.make_conditional(request)
    return response


def keep(response: Response, *, for_good: bool) -> None:
    """Let browsers keep what has its version in its address; of anything else they ask whether it changed."""
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if for_good else "public, no-cache"


def _packed(path: str) -> Path | None:
    """The file with gzip that is kept in the place of this one."""
    file = safe_join(str(FOLDER), f"{path}.gz")
    return Path(file) if file is not None and Path(file).is_file() else None


def _unpacked_by_browser(packed: Path, name: str) -> Response:
    """The packed file, with the type of what is in it; unpacked here for the few who do not take gzip."""
    kind = "application/wasm" if name.endswith(".wasm") else mimetypes.guess_type(name)[0]
    if request.accept_encodings["gzip"]:
        response = send_file(packed, mimetype=kind, conditional=True)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(gzip.decompress(packed.read_bytes()), mimetype=kind)
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=512)
def _version(file: Path, _mtime_ns: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
