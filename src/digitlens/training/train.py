"""One training run: MNIST in; a folder with the network, its weights to serve, curve, logs and recipe out."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before Keras: TensorFlow reads it once

import cv2
import keras
import numpy as np

from digitlens.model.artifact import Artifact, save_artifact
from digitlens.model.classifier import CLASSES
from digitlens.training.architectures import build
from digitlens.training.corpus import Corpus
from digitlens.training.datasets import Splits
from digitlens.training.epochs import EpochsAhead
from digitlens.training.export import current_commit, export_network
from digitlens.training.figures import CURVE, draw_learning_curve
from digitlens.training.frames import held_out_frames
from digitlens.training.recipe import Recipe
from digitlens.training.recorder import LearningRecorder
from digitlens.training.sequence import FrameSequence

VALIDATION_SEED = 55_000
VERSION = "2026.12"


def train(
    recipe: Recipe,
    splits: Splits,
    run: Path,
    corpus: Corpus | None = None,
    version: str = VERSION,
    verbose: int = 1,
) -> Artifact:
    """Train a network, export it and calibrate it.

    The last epoch of each phase is taken: validation is for watching, never for choosing an epoch. Where a finish
    follows, the result is the mean of the weights that each phase ends with (M. Wortsman et al., "Robust fine-tuning of
    zero-shot models", 2022), which keeps what the first phase knew.

    Args:
        recipe: what to do.
        splits: from `datasets.load_splits`.
        run: folder for everything that the run leaves: `config.json`, `log.csv`, `log.txt`, `learning-curve.png`,
            `latest.keras` and `learning.json` (after every epoch), `network.keras`, and `weights.tflite` with
            `manifest.json`.
        corpus: digits of other writers and real marks to learn from, or None.
        version: for the manifest.
        verbose: as in Keras: 0 is silent, 1 a progress bar, 2 a line an epoch.

    Returns:
        The weights, as they also lie in `run`.
    """
    run.mkdir(parents=True, exist_ok=True)
    (run / "config.json").write_text(json.dumps(recipe.to_dict(), indent=2) + "\n", "utf-8")
    cv2.setNumThreads(1)  # the pictures are small, and the network needs the cores
    keras.utils.set_random_seed(recipe.seed)
    network = build(recipe.architecture, recipe.widths, recipe.dropout)
    watch = LearningRecorder(run, splits, _about(recipe))
    done, weights = 0, []
    for phase in recipe.phases:
        _fit(network, phase, (splits, corpus), watch, done, verbose)
        done += phase.epochs
        weights.append(network.get_weights())
    shares = [phase.weight for phase in recipe.phases]
    network.set_weights([np.average(values, axis=0, weights=shares) for values in zip(*weights, strict=True)])
    network.save(run / "network.keras")
    artifact = export_network(network, recipe, splits.calibration, version, corpus.sha256 if corpus else None)
    save_artifact(run, artifact)
    draw_learning_curve(run / "log.csv", run / CURVE)
    return artifact


def _about(recipe: Recipe) -> dict[str, Any]:
    """What stands in a recording beside what was seen."""
    return {
        "recipe": recipe.name,
        "architecture": recipe.architecture,
        "seed": recipe.seed,
        "epochs": sum(phase.epochs for phase in recipe.phases),
        "commit": current_commit(),
    }


def _fit(
    network: keras.Model,
    recipe: Recipe,
    pictures: tuple[Splits, Corpus | None],
    watch: LearningRecorder,
    done: int,
    verbose: int,
) -> None:
    """Train by one recipe, after `done` epochs by others."""
    splits, corpus = pictures
    run = watch.run
    frames, labels = held_out_frames(splits.validation, VALIDATION_SEED)
    with EpochsAhead(splits.training, corpus, recipe) as epochs:
        sequence = FrameSequence(epochs, recipe.batch)
        _compile(network, recipe, steps=len(sequence))
        network.fit(
            sequence,
            initial_epoch=done,
            epochs=done + recipe.epochs,
            shuffle=False,  # every epoch comes shuffled, by its own seed
            validation_data=(frames[..., None], keras.utils.to_categorical(labels, CLASSES)),
            validation_batch_size=500,
            callbacks=[
                keras.callbacks.CSVLogger(str(run / "log.csv"), append=done > 0),
                keras.callbacks.ModelCheckpoint(str(run / "latest.keras")),
                _TextLog(run / "log.txt"),
                watch,
            ],
            verbose=verbose,
        )


def _compile(network: keras.Model, recipe: Recipe, steps: int) -> None:
    total = steps * recipe.epochs
    warm_up = min(steps, total // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / 20,
        decay_steps=max(1, total - warm_up),
        warmup_target=recipe.learning_rate,
        warmup_steps=warm_up,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    network.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # compiling takes longer than it saves on a CPU
    )


class _TextLog(keras.callbacks.Callback):  # type: ignore[misc]
    """One line an epoch, for people."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add the epoch's line."""
        numbers = "  ".join(f"{name} {value:.5f}" for name, value in (logs or {}).items())
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"epoch {epoch + 1}  {numbers}\n")
