"""The folder that holds the networks: `weights.tflite`, `finder.tflite` and `manifest.json`, which says what they are.

What is loaded is what was measured: the manifest carries the weights' SHA-256, and weights that differ are refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from digitlens.errors import ModelError
from digitlens.model.fusion import Fusion

WEIGHTS = "weights.tflite"
FINDER_WEIGHTS = "finder.tflite"
MANIFEST = "manifest.json"
# What may lie beside them: the map of `digitlens map`, and the film of how the network learned.
MAP, MAP_NUMBERS, MAP_PICTURES = "map.json", "map.bin", "map.png"
LEARNING = "learning.json"
# Raised when the meaning of the frames, of the outputs or of the manifest changes.
FORMAT = 2
INPUTS = "(N, 28, 28, 1) float32 in [0, 1], ink bright"
OUTPUTS = "(N, 11) float32 logits: 0 to 9, then not a digit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderManifest:
    """What is known about the finder's weights.

    Attributes:
        sha256: of `finder.tflite`.
        parameters: numbers in the network as served.
        recipe: all values of the training run.
        fusion: how its opinion and the classifier's become one; fitted for this pair of networks.
    """

    sha256: str
    parameters: int
    recipe: dict[str, Any]
    fusion: Fusion = field(default_factory=Fusion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known about the weights.

    Attributes:
        version: year and month, with a suffix where there are several, as "2026.11" or "2026.11.2".
        sha256: of `weights.tflite`.
        temperature: divides the logits; fitted on the calibration split.
        parameters: numbers in the network as served.
        seed: of the training run.
        recipe: all values of the training run.
        data_sha256: of every file of MNIST and of every other set that training read, see `training.corpus.checksums`.
        commit: of the checkout that the weights were exported from; empty where it is not known.
        notes: what else a reader of the model card should know, in whole sentences.
        metrics: name to {"value", "low", "high", "count"}: shares with their 95 % Wilson interval, or
            {"value", "count"} for other measures. Empty until `evaluate` has run.
        finder: the same about the network that finds the digits; None where the folder holds none.
        format, inputs, outputs: what goes in and comes out.
    """

    version: str
    sha256: str
    temperature: float
    parameters: int
    seed: int
    recipe: dict[str, Any]
    data_sha256: dict[str, str]
    commit: str = ""
    notes: str = ""
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    finder: FinderManifest | None = None
    format: int = FORMAT
    inputs: str = INPUTS
    outputs: str = OUTPUTS


@dataclass(frozen=True, slots=True)
class Artifact:
    """Weights that were checked, with their manifest; `finder` is None where the manifest's is."""

    weights: bytes
    manifest: Manifest
    finder: bytes | None = None


def served_folder() -> Path:
    """The folder of the weights that ship with digitlens."""
    return Path(__file__).parent


def load_artifact(folder: Path | None = None) -> Artifact:
    """Read and check a network.

    Args:
        folder: where it lies; None means the one that ships with digitlens.

    Raises:
        ModelError: a file is missing, the manifest cannot be used, or the weights are not those it describes.
    """
    folder = folder or served_folder()
    manifest = _read_manifest(folder / MANIFEST)
    weights = _read_weights(folder / WEIGHTS, manifest.sha256)
    finder = _read_weights(folder / FINDER_WEIGHTS, manifest.finder.sha256) if manifest.finder else None
    return Artifact(weights, manifest, finder)


def save_artifact(folder: Path, artifact: Artifact) -> None:
    """Write weights and manifest; the manifest comes last, so a half-written folder is refused by its checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(artifact.weights)
    if artifact.finder is not None:
        (folder / FINDER_WEIGHTS).write_bytes(artifact.finder)
    text = json.dumps(asdict(artifact.manifest), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def sha256_of(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def _read_weights(path: Path, sha256: str) -> bytes:
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The network's weights {path} cannot be read: {error.strerror}.") from error
    found = sha256_of(weights)
    if found != sha256:
        raise ModelError(
            f"The network's weights {path} ({len(weights)} bytes) have the checksum {found[:12]}...; "
            f"the manifest names {sha256[:12]}....",
        )
    return weights


def _read_manifest(path: Path) -> Manifest:
    try:
        values = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"The network's manifest {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ModelError(f"The network's manifest {path} is damaged: {error}.") from error
    found = values.get("format") if isinstance(values, dict) else None
    if found != FORMAT:
        raise ModelError(f"The network's manifest {path} has format {found}; this digitlens reads format {FORMAT}.")
    try:
        finder = values.pop("finder", None)
        manifest = Manifest(**values, finder=_finder_manifest(finder) if finder else None)
    except TypeError as error:
        raise ModelError(f"The network's manifest {path} is damaged: {error}.") from error
    _check(manifest, path)
    return manifest


def _finder_manifest(values: dict[str, Any]) -> FinderManifest:
    return FinderManifest(**{**values, "fusion": Fusion(**values.get("fusion", {}))})


def _check(manifest: Manifest, path: Path) -> None:
    """Refuse values that would give wrong answers without a word."""
    if not isinstance(manifest.version, str) or not re.fullmatch(r"\d{4}\.\d{1,2}(\.[0-9a-z]+)?", manifest.version):
        raise ModelError(f"The network's manifest {path} has version {manifest.version!r}; one like 2026.11 is needed.")
    if not isinstance(manifest.temperature, float | int) or not manifest.temperature > 0:
        raise ModelError(f"The network's manifest {path} has temperature {manifest.temperature!r}; it must be above 0.")
    named = [manifest.sha256, *([manifest.finder.sha256] if manifest.finder else [])]
    if not all(isinstance(sha256, str) for sha256 in named):
        raise ModelError(f"The network's manifest {path} has no checksum of the weights.")
