"""The networks as browsers get them: the weights with a fixed number of frames, and a description of every layer.

`/model/weights.tflite` and `/model/network.json` are the network that serves; `/model/lenet5/...` is the LeNet-5 that
ships beside it. Templates get the addresses from `model_file`; a description names the address of its weights.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, url_for

from digitlens.errors import ResultNotFoundError, UnshownNetworkError
from digitlens.model.artifact import MANIFEST, Artifact, load_artifact, served_folder, sha256_of
from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.model.device import describe, for_device
from digitlens.model.graph import read_graph
from digitlens.web.assets import send_versioned
from digitlens.web.services import services

model_files = Blueprint("model_files", __name__, url_prefix="/model")

SERVED = "served"
# Networks that ship with digitlens for comparison, each in a folder of its name beside the served one.
SIBLINGS = ("lenet5",)
WEIGHTS, NETWORK = "weights.tflite", "network.json"
LABELS = [*(str(digit) for digit in range(NOT_A_DIGIT)), "not a digit"]


@dataclass(frozen=True, slots=True)
class DeviceNetwork:
    """What a browser gets of one network.

    Attributes:
        weights: a `.tflite` file for one frame.
        description: what `network.json` holds, but for the address of the weights and the settings.
    """

    weights: bytes
    description: dict[str, Any]

    @property
    def version(self) -> str:
        """Of the weights' address."""
        return sha256_of(self.weights)[:12]


def install(app: Flask, model_dir: Path | None = None) -> None:
    """Add the addresses, and give templates `model_file`.

    Args:
        app: the application.
        model_dir: folder of the network that serves; the one that ships with digitlens when None.

    Raises:
        ModelError: a network is damaged.
    """
    networks = {SERVED: device_network(SERVED, load_artifact(model_dir))}
    for name in SIBLINGS:
        if (served_folder() / name / MANIFEST).is_file():
            networks[name] = device_network(name, load_artifact(served_folder() / name))
    app.extensions["digitlens_model_files"] = networks
    app.jinja_env.globals["model_file"] = model_file
    app.register_blueprint(model_files)


def device_network(name: str, artifact: Artifact) -> DeviceNetwork:
    """Make a network ready for browsers. One that the lens cannot take apart has no layers, and says why."""
    weights, manifest = for_device(artifact.weights), artifact.manifest
    layers, unsupported = [], None
    try:
        layers = describe(read_graph(weights))
    except UnshownNetworkError as error:
        unsupported = {"operation": error.operation, "message": error.message}
    description = {
        "name": name,
        "version": manifest.version,
        "temperature": manifest.temperature,
        "parameters": manifest.parameters,
        "sha256": manifest.sha256,
        "accuracy": manifest.metrics.get("test"),
        "bytes": len(weights),
        "labels": LABELS,
        "layers": layers,
        "unsupported": unsupported,
    }
    return DeviceNetwork(weights, description)


def model_file(file: str, name: str = SERVED) -> str | None:
    """Address of a network's file, with a version that changes when its content does; for templates.

    Args:
        file: "weights.tflite" or "network.json".
        name: "served", or one of `SIBLINGS`.

    Returns:
        None where digitlens has no network of that name.
    """
    network = _networks().get(name)
    if network is None:
        return None
    version = network.version if file == WEIGHTS else sha256_of(_network_json(network))[:12]
    if name == SERVED:
        return url_for("model_files.send_served", file=file, v=version)
    return url_for("model_files.send_sibling", name=name, file=file, v=version)


@model_files.get(f"/{WEIGHTS}", defaults={"file": WEIGHTS})
@model_files.get(f"/{NETWORK}", defaults={"file": NETWORK})
def send_served(file: str) -> Response:
    """A file of the network that serves."""
    return _send(SERVED, file)


@model_files.get(f"/<name>/{WEIGHTS}", defaults={"file": WEIGHTS})
@model_files.get(f"/<name>/{NETWORK}", defaults={"file": NETWORK})
def send_sibling(name: str, file: str) -> Response:
    """A file of a network that ships for comparison."""
    return _send(name, file)


def _send(name: str, file: str) -> Response:
    network = _networks().get(name)
    if network is None:
        raise ResultNotFoundError(f"This digitlens has no network {name}.", "Install digitlens again.")
    if file == WEIGHTS:
        return send_versioned(network.weights, "application/octet-stream", network.version)
    content = _network_json(network)
    return send_versioned(content, "application/json", sha256_of(content)[:12])


def _network_json(network: DeviceNetwork) -> bytes:
    content = network.description | {
        "weights": model_file(WEIGHTS, network.description["name"]),
        "review_threshold": services().settings.review_threshold,
    }
    return json.dumps(content, separators=(",", ":")).encode()


def _networks() -> dict[str, DeviceNetwork]:
    found: dict[str, DeviceNetwork] = current_app.extensions["digitlens_model_files"]
    return found
