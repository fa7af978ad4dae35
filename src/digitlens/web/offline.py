"""The installable app: its manifest, its service worker, and the page for what is not kept on the device.

The worker itself is `static/js/service-worker.js`. What it keeps is listed here, since only the server knows which
files, pages and networks there are; the list's version changes when any of them does.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from digitlens import __version__
from digitlens.model.artifact import MAP, MAP_NUMBERS, MAP_PICTURES, sha256_of
from digitlens.web.assets import FOLDER, asset
from digitlens.web.languages import words_address
from digitlens.web.lesson import CHAPTERS
from digitlens.web.map_files import learning_file, map_file
from digitlens.web.model_files import NETWORK, SERVED, SIBLINGS, WEIGHTS, model_file
from digitlens.web.services import services

offline = Blueprint("offline", __name__)

WORKER = "js/service-worker.js"
# Not part of the app: what a person reads about a file, and what only the server needs.
LEFT_OUT = {"LICENSE", "vendored.json", "README.md", "samples.json"}
TEMPLATES = FOLDER.parent / "templates"


def install(app: Flask) -> None:
    """Add the addresses, and the version of all that is kept."""
    app.register_blueprint(offline)
    app.config["OFFLINE_VERSION"] = _version()


@offline.get("/sw.js")
def show_worker() -> Response:
    """The service worker: first what to keep, then the code that keeps it."""
    kept = {"core": _core(), "more": _more(), "fallback": url_for("offline.show_offline")}
    kept["version"] = _version_of(kept)
    script = f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(asset(WORKER))});\n"
    response = current_app.response_class(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@offline.get("/manifest.webmanifest")
def show_manifest() -> Response:
    """What a browser needs to install the app."""
    icons = [
        {"src": asset(f"icons/{name}-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for name, purpose in (("icon", "any"), ("maskable", "maskable"))
        for side in (192, 512)
    ]
    response = jsonify(
        {
            "id": "/",
            "name": "digitlens",
            "short_name": "digitlens",
            "description": _("Reads handwritten digits from pictures and says how sure it is of each one."),
            "lang": str(get_locale()),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f7f6f3",
            "theme_color": "#2447c5",
            "icons": icons,
        }
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


@offline.get("/offline")
def show_offline() -> str:
    """Shown by the worker in place of a page that is not kept on the device."""
    return render_template("offline.html")


def _core() -> list[str]:
    """Addresses without which the pad and the lens do not work: pages, scripts, styles, the network, its runtime."""
    samples = FOLDER / "samples"
    files = [path for path in _static_files() if samples not in path.parents]
    pages = ["/", url_for("lens.show_lens"), url_for("offline.show_offline"), url_for("offline.show_manifest")]
    networks = [model_file(file, name) for name in (SERVED, *SIBLINGS) for file in (NETWORK, WEIGHTS)]
    beside = [
        map_file(MAP),
        map_file(MAP_NUMBERS),
        map_file(MAP_PICTURES),
        learning_file(),
        words_address(str(get_locale())),
    ]
    return [*pages, *map(_address, files), *(address for address in networks + beside if address)]


def _more() -> list[str]:
    """What is kept afterwards, one by one: the lesson, and the samples with their pictures."""
    lesson = [url_for("learn.show_overview")]
    lesson += [url_for("learn.show_chapter", slug=chapter.slug) for chapter in CHAPTERS]
    pictures = [_address(path) for path in _static_files() if path.parent == FOLDER / "samples"]
    samples = [url_for("samples.show_result", name=name) for name in services().samples]
    return [*lesson, *pictures, *samples]


@cache
def _static_files() -> list[Path]:
    """Looked for once, as the version is: the worker is asked for with every page."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.name not in LEFT_OUT)


def _address(path: Path) -> str:
    """A packed file is asked for by the name of what is in it."""
    return url_for("static", filename=path.relative_to(FOLDER).as_posix().removesuffix(".gz"))


def _version_of(kept: dict[str, Any]) -> str:
    """Of the files that pages are made of, the language, and the list, whose addresses name each network's content."""
    listed = sha256_of(json.dumps(kept).encode())[:12]
    return f"{current_app.config['OFFLINE_VERSION']}-{listed}-{get_locale()}"


def _version() -> str:
    """Of all files that pages are made of."""
    state = hashlib.sha256(__version__.encode())
    for path in [*_static_files(), *sorted(TEMPLATES.rglob("*.html"))]:
        state.update(path.name.encode())
        state.update(path.read_bytes())
    return state.hexdigest()[:12]
