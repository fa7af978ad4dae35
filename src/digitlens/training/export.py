"""From a trained network to the folder that serves: folded, rounded to float16, calibrated, described."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.model.architecture import build_network, fold_normalisation
from digitlens.model.artifact import (
    MANIFEST,
    Artifact,
    FinderManifest,
    Manifest,
    load_artifact,
    save_artifact,
    served_folder,
    sha256_of,
)
from digitlens.model.calibration import fit_temperature
from digitlens.model.classifier import Classifier
from digitlens.model.fusion import Fusion
from digitlens.training.datasets import SHA256, Digits
from digitlens.training.frames import held_out_frames
from digitlens.training.recipe import Recipe

CALIBRATION_SEED = 57_500


def export_network(
    network: keras.Model,
    recipe: Recipe,
    calibration: Digits,
    version: str,
    others_sha256: Mapping[str, str] | None = None,
) -> Artifact:
    """Make weights that LiteRT serves, with their temperature.

    Args:
        network: from `architectures.build`, trained.
        recipe: what it was trained with, for the manifest.
        calibration: digits that training never saw.
        version: for the manifest, as "2026.11".
        others_sha256: of what training read beside MNIST, from `corpus.checksums`.
    """
    served = as_served(network)
    weights = to_tflite(served)
    manifest = Manifest(
        version=version,
        sha256=sha256_of(weights),
        temperature=1.0,
        parameters=served.count_params(),
        seed=recipe.seed,
        recipe=recipe.to_dict(),
        data_sha256={name: SHA256[name] for name in SHA256 if name.startswith("train")} | dict(others_sha256 or {}),
        commit=current_commit(),
        notes=recipe.notes,
    )
    frames, labels = held_out_frames(calibration, CALIBRATION_SEED)
    logits = Classifier(Artifact(weights, manifest)).logits(frames)
    temperature = round(fit_temperature(logits, labels), 4)
    return Artifact(weights, dataclasses.replace(manifest, temperature=temperature))


def install(run: Path, folder: Path | None = None) -> None:
    """Make a run's weights those that are served; the finder that lies there stays, unless the run has its own.

    Args:
        run: a folder that `train` filled.
        folder: where they go; None means the one that ships with digitlens.

    Raises:
        ModelError: the run has no weights, or not those that its manifest describes.
    """
    folder, artifact = folder or served_folder(), load_artifact(run)
    if artifact.finder is None and (folder / MANIFEST).exists():
        kept = load_artifact(folder)
        manifest = dataclasses.replace(artifact.manifest, finder=kept.manifest.finder)
        artifact = dataclasses.replace(artifact, manifest=manifest, finder=kept.finder)
    save_artifact(folder, artifact)


def install_finder(run: Path, folder: Path | None = None) -> None:
    """Put the finder of a run beside the classifier that is served. The fusion's weights stay; fit them again.

    Args:
        run: a folder that `train_finder` filled, on whatever backend: `finder.keras` and `config.json`.
        folder: where the classifier lies; None means the one that ships with digitlens.

    Raises:
        ModelError: the folder has no classifier.
    """
    folder = folder or served_folder()
    network = keras.models.load_model(run / "finder.keras", compile=False)
    recipe = json.loads((run / "config.json").read_text("utf-8"))
    save_artifact(folder, with_finder(load_artifact(folder), network, recipe))


def with_finder(artifact: Artifact, network: keras.Model, recipe: dict[str, Any]) -> Artifact:
    """Add a trained finder.

    Args:
        artifact: a classifier, with or without a finder.
        network: from `build_finder`, trained.
        recipe: all values of its training run, for the manifest.
    """
    served = as_served(network)
    weights = to_tflite(served)
    known = artifact.manifest.finder
    finder = FinderManifest(
        sha256=sha256_of(weights),
        parameters=served.count_params(),
        recipe=recipe,
        fusion=known.fusion if known else Fusion(),
    )
    return Artifact(artifact.weights, dataclasses.replace(artifact.manifest, finder=finder), weights)


def as_served(network: keras.Model) -> keras.Model:
    """Fold the normalisation away and round every weight to float16, as the exported file stores it.

    Rounding here, and not in the converter, means that Keras and LiteRT compute with the same numbers.
    """
    served = fold_normalisation(network)
    served.set_weights([value.astype(np.float16).astype(np.float32) for value in served.get_weights()])
    return served


def to_tflite(served: keras.Model) -> bytes:
    """Convert a Keras model to the bytes of a `.tflite` file with float16 weights. Needs the TensorFlow backend."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        served.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        return bytes(converter.convert())


def from_tflite(weights: bytes, network: keras.Model | None = None) -> keras.Model:
    """Rebuild the Keras model from an exported file, so that both can be compared without the training run.

    Args:
        weights: what `to_tflite` gave.
        network: as the file's was built; None builds the classifier as wide as the file says.

    Returns:
        A model with the same inputs, outputs and weights as the file.
    """
    arrays = _float16_arrays(weights)
    if network is None:
        layers = [name for name in arrays if name.endswith("_conv")]
        widths = tuple(arrays[name][0].shape[0] for name in sorted(layers))
        network = build_network(widths[::2])
    served = fold_normalisation(network)
    for name, (kernel, bias) in arrays.items():
        # TFLite keeps a kernel as (out, height, width, in) and a matrix as (out, in).
        turned = np.moveaxis(kernel, 0, -1)
        served.get_layer(name).set_weights([turned.astype(np.float32), bias.astype(np.float32)])
    return served


def current_commit(folder: Path | None = None) -> str:
    """The commit of the checkout that this code runs from; empty where there is none."""
    command = ["git", "rev-parse", "HEAD"]
    where = folder or Path(__file__).parent
    try:
        answer = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _float16_arrays(weights: bytes) -> dict[str, tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """Layer name to its kernel and bias; the file names its constants after the layer they came from."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=weights)
    interpreter.allocate_tensors()
    found: dict[str, dict[int, NDArray[np.floating]]] = {}
    for part in interpreter.get_tensor_details():
        layer = re.search(r"(stage|stride|up|head)\w*?_conv|logits|maps", part["name"])
        if part["dtype"] is np.float16 and layer:
            array = interpreter.get_tensor(part["index"])
            found.setdefault(layer.group(), {})[array.ndim] = array
    # The converter drops a bias that is zero everywhere.
    return {name: (kernel := parts[max(parts)], parts.get(1, np.zeros(len(kernel)))) for name, parts in found.items()}
