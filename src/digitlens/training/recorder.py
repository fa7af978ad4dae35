"""A training run as a film: at some moments, how well the network reads, what it confuses and what its kernels are.

The moments lie close together in the first epoch, where most of the learning happens, then at the end of every epoch.
Both accuracies are measured then and there on digits as they are, 2,500 that it learns from and 2,500 held out, with
marks that are no digits among both, so that the two can be compared; Keras' own log tells of distorted frames. What is
recorded decides nothing: no epoch is chosen by it. The test part of MNIST is not touched.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.frame_text import frame_to_text
from digitlens.model.artifact import LEARNING
from digitlens.model.calibration import negative_log_likelihood, softmax
from digitlens.model.classifier import CLASSES, NOT_A_DIGIT
from digitlens.training.datasets import Digits, Splits
from digitlens.training.frames import negative_frames

FORMAT = 1
# Shares of the first epoch at which it is looked at as well; 0 is before any learning.
EARLY = (0.0, 1 / 64, 1 / 16, 1 / 4)
# Digits of each kind, those learned from and those held out.
WATCHED = 2_500
# Held-out digits whose answers are kept for every moment: two of each.
SAMPLES_EACH = 2
_BATCH = 500

# (N, 28, 28) float32 frames in [0, 1], digits first, and (N,) labels in 0..10.
Watched = tuple[NDArray[np.float32], NDArray[np.int64]]


class LearningRecorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Writes `learning.json` into the run's folder, anew after every epoch. One recorder goes through all phases."""

    def __init__(self, run: Path, splits: Splits, about: dict[str, Any]) -> None:
        """Choose what is looked at.

        Args:
            run: the folder.
            splits: what the network learns from, and what it does not.
            about: what stands beside the moments: architecture, seed, commit.
        """
        super().__init__()
        self.run, self.about = run, about
        self.training = _watched(splits.training[slice(WATCHED)], seed=1)
        self.validation = _watched(splits.validation[slice(WATCHED)], seed=2)
        labels = self.validation[1]
        self.samples = np.concatenate([np.flatnonzero(labels == digit)[:SAMPLES_EACH] for digit in range(NOT_A_DIGIT)])
        self.moments: list[dict[str, Any]] = []
        self.early: dict[int, float] = {}
        self.began = time.monotonic()

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - Keras' own
        """Look at the network before it has learned anything."""
        if not self.moments:
            steps = self.params["steps"]
            self.early = {round(steps * share): share for share in EARLY if share > 0}
            self._record(0.0)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - Keras' own
        """Look at it early in the first epoch."""
        share = self.early.pop(batch + 1, None)
        if share is not None:
            self._record(share)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - Keras' own
        """Look at it, and write all moments so far."""
        self.early.clear()
        self._record(float(epoch + 1))
        (self.run / LEARNING).write_text(json.dumps(self._film(), separators=(",", ":")) + "\n", "utf-8")

    def _record(self, epoch: float) -> None:
        logits = self._logits(self.validation)
        labels = self.validation[1]
        confusion = np.zeros((CLASSES, CLASSES), np.int64)
        np.add.at(confusion, (labels, logits.argmax(axis=1)), 1)
        self.moments.append(
            {
                "epoch": round(epoch, 4),
                "training": _figures(self._logits(self.training), self.training[1]),
                "validation": _figures(logits, labels),
                "confusion": confusion.tolist(),
                "kernels": first_kernels(self.model).tolist(),
                "answers": np.round(softmax(logits[self.samples]).astype(np.float64), 3).tolist(),
            }
        )

    def _logits(self, watched: Watched) -> NDArray[np.float32]:
        return np.asarray(self.model.predict(watched[0][..., None], batch_size=_BATCH, verbose=0), np.float32)

    def _film(self) -> dict[str, Any]:
        frames, labels = self.validation
        pixels = np.round(frames[self.samples] * 255).astype(np.uint8)
        return {
            "format": FORMAT,
            **self.about,
            "seconds": round(time.monotonic() - self.began),
            "watched": {"digits": int((labels != NOT_A_DIGIT).sum()), "marks": int((labels == NOT_A_DIGIT).sum())},
            "samples": [
                {"label": int(labels[index]), "frame": frame_to_text(picture)}
                for index, picture in zip(self.samples, pixels, strict=True)
            ],
            "moments": self.moments,
        }


def _watched(digits: Digits, seed: int) -> Watched:
    """The digits as they are, and a fifth as many marks that are no digits."""
    marks = negative_frames(digits, len(digits.labels) // 5, seed)
    frames = np.concatenate([digits.pictures.astype(np.float32) / np.float32(255), marks])
    return frames, np.concatenate([digits.labels, np.full(len(marks), NOT_A_DIGIT)])


def _figures(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, float]:
    accuracy = float((logits.argmax(axis=1) == labels).mean())
    return {"accuracy": round(accuracy, 4), "loss": round(negative_log_likelihood(logits, labels, 1.0), 4)}


def first_kernels(network: keras.Model) -> NDArray[np.float64]:
    """The kernels that look at the frame itself.

    Returns:
        (features, height, width) rounded to 3 decimals, in the order of the features; empty where the first layer with
        weights is no convolution.
    """
    first = next((layer for layer in network.layers if layer.weights), None)
    if not isinstance(first, keras.layers.Conv2D):
        return np.zeros((0, 0, 0))
    kernel = np.asarray(first.get_weights()[0], np.float64)[:, :, 0]
    return np.round(np.moveaxis(kernel, -1, 0), 3)
