"""From a trained network to the folder that serves: folded, rounded to float16, calibrated, described."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import subprocess
import tempfile
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.model.architecture import build_network, fold_normalisation
from digitlens.model.artifact import Artifact, Manifest, load_artifact, save_artifact, served_folder, sha256_of
from digitlens.model.calibration import fit_temperature
from digitlens.model.classifier import Classifier
from digitlens.training.datasets import SHA256, Digits
from digitlens.training.frames import held_out_frames
from digitlens.training.recipe import Recipe

CALIBRATION_SEED = 57_500


def export_network(
    network: keras.Model,
    recipe: Recipe,
    calibration: Digits,
    version: str,
) -> Artifact:
    """Make weights that LiteRT serves, with their temperature.

    Args:
        network: from `build_network`, trained.
        recipe: what it was trained with, for the manifest.
        calibration: digits that training never saw.
        version: for the manifest, as "2026.11".
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
        data_sha256={name: SHA256[name] for name in SHA256 if name.startswith("train")},
        commit=current_commit(),
    )
    frames, labels = held_out_frames(calibration, CALIBRATION_SEED)
    logits = Classifier(Artifact(weights, manifest)).logits(frames)
    temperature = round(fit_temperature(logits, labels), 4)
    return Artifact(weights, dataclasses.replace(manifest, temperature=temperature))


def install(run: Path, folder: Path | None = None) -> None:
    """Make a run's weights those that are served.

    Args:
        run: a folder that `train` filled.
        folder: where they go; None means the one that ships with digitlens.

    Raises:
        ModelError: the run has no weights, or not those that its manifest describes.
    """
    save_artifact(folder or served_folder(), load_artifact(run))


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


def from_tflite(weights: bytes) -> keras.Model:
    """Rebuild the Keras model from an exported file, so that both can be compared without the training run.

    Args:
        weights: what `to_tflite` gave.

    Returns:
        A model with the same inputs, outputs and weights as the file.
    """
    arrays = _float16_arrays(weights)
    layers = [name for name in arrays if name.endswith("_conv")]
    widths = tuple(arrays[name][0].shape[0] for name in sorted(layers))
    served = fold_normalisation(build_network(widths[::2]))
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
        layer = re.search(r"stage\d[ab]_conv|logits", part["name"])
        if part["dtype"] is np.float16 and layer:
            array = interpreter.get_tensor(part["index"])
            found.setdefault(layer.group(), {})[array.ndim] = array
    # The converter drops a bias that is zero everywhere.
    return {name: (kernel := parts[max(parts)], parts.get(1, np.zeros(len(kernel)))) for name, parts in found.items()}
