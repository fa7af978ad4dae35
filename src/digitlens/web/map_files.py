"""What a run left beside its weights to look at: the map of the network that serves, and the film of how it learned.

`/model/map.json`, `map.bin` and `map.png` are there where `digitlens map` was run for these very weights,
`/model/learning.json` where `digitlens train` left one. Templates get the addresses from `map_file` and
`learning_file`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, url_for

from digitlens.errors import ResultNotFoundError
from digitlens.model.artifact import (
    LEARNING,
    MAP,
    MAP_NUMBERS,
    MAP_PICTURES,
    load_artifact,
    served_folder,
    sha256_of,
)
from digitlens.web.assets import asset, send_versioned

map_files = Blueprint("map_files", __name__, url_prefix="/model")

_TYPES = {
    MAP: "application/json",
    MAP_NUMBERS: "application/octet-stream",
    MAP_PICTURES: "image/png",
    LEARNING: "application/json",
}


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file beside the weights, as it is sent."""

    content: bytes
    version: str


def install(app: Flask, model_dir: Path | None = None) -> None:
    """Add the addresses, and give templates `map_file` and `learning_file`.

    Args:
        app: the application.
        model_dir: folder of the network that serves; the one that ships with digitlens when None.
    """
    app.extensions["digitlens_map_files"] = found_files(model_dir or served_folder())
    app.jinja_env.globals.update(map_file=map_file, learning_file=learning_file)
    app.register_blueprint(map_files)


def found_files(folder: Path) -> dict[str, ModelFile]:
    """The files that belong to a folder's weights: a map only where it is whole and of these very weights."""
    found = {name: (folder / name).read_bytes() for name in _TYPES if (folder / name).is_file()}
    if (
        not _belongs(found.get(MAP), load_artifact(folder).manifest.sha256)
        or not {MAP_NUMBERS, MAP_PICTURES} <= found.keys()
    ):
        found = {name: content for name, content in found.items() if name == LEARNING}
    return {name: ModelFile(content, sha256_of(content)[:12]) for name, content in found.items()}


def map_file(name: str = MAP) -> str | None:
    """Address of the map of the network that serves, with a version; None where there is none."""
    return _address(name)


def learning_file() -> str:
    """Address of the film of how the network that serves learned; that of the bundled recipe where it left none."""
    return _address(LEARNING) or asset("lens/learning.json")


@map_files.get(f"/{MAP}", defaults={"name": MAP})
@map_files.get(f"/{MAP_NUMBERS}", defaults={"name": MAP_NUMBERS})
@map_files.get(f"/{MAP_PICTURES}", defaults={"name": MAP_PICTURES})
@map_files.get(f"/{LEARNING}", defaults={"name": LEARNING})
def send(name: str) -> Response:
    """A file of the map, or the film."""
    file = _files().get(name)
    if file is None:
        raise ResultNotFoundError(
            "The network that serves has no map and no film of its training here.",
            "`digitlens map --model FOLDER` makes its map.",
        )
    content = file.content
    if name == MAP:  # it names the others, so that all three are of one making
        content = json.dumps(
            json.loads(content) | {"numbers": map_file(MAP_NUMBERS), "pictures": map_file(MAP_PICTURES)}
        ).encode()
    return send_versioned(content, _TYPES[name], file.version)


def _belongs(described: bytes | None, sha256: str) -> bool:
    try:
        return described is not None and json.loads(described)["network"] == sha256
    except (ValueError, KeyError, TypeError):
        return False


def _address(name: str) -> str | None:
    file = _files().get(name)
    return url_for("map_files.send", name=name, v=file.version) if file else None


def _files() -> dict[str, ModelFile]:
    found: dict[str, ModelFile] = current_app.extensions["digitlens_map_files"]
    return found
