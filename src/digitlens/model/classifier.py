"""Frames in, calibrated probabilities out, with LiteRT: no TensorFlow, 0.3 ms a glyph on one core."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitlens.model.artifact import Artifact, Manifest, load_artifact
from digitlens.model.calibration import softmax
from digitlens.model.interpreters import Interpreters

NOT_A_DIGIT = 10
CLASSES = 11
SIDE = 28
# Measured on one core: 0.27 ms a glyph in blocks of 8 to 32, 0.45 ms in one block of 500, which leaves the cache.
BLOCK = 32


class Classifier:
    """The network as served. Make one and keep it; any number of threads may use it at once."""

    def __init__(self, artifact: Artifact) -> None:
        """Take weights that were checked; `load` is the usual way.

        Raises:
            ModelError: the weights are no network of the expected shape.
        """
        self.manifest: Manifest = artifact.manifest
        self._interpreters = Interpreters(artifact.weights, (-1, SIDE, SIDE, 1), (-1, CLASSES))

    @classmethod
    def load(cls, directory: Path | None = None) -> Classifier:
        """Load a network.

        Args:
            directory: folder with `weights.tflite` and `manifest.json`; None means the one that ships with digitlens.

        Raises:
            ModelError: the weights are missing, damaged or of another version.
        """
        return cls(load_artifact(directory))

    @property
    def version(self) -> str:
        """Version of the weights, as it stands in every Reading."""
        return self.manifest.version

    def probabilities(self, frames: NDArray[Any]) -> NDArray[np.float32]:
        """Calibrated probabilities.

        Args:
            frames: (N, 28, 28) uint8 in [0, 255] or float in [0, 1], ink bright on 0; N may be 0.

        Returns:
            (N, 11) float32, rows sum to 1; column 10 is "not a digit".

        Raises:
            ValueError: another shape or type.

        >>> Classifier.load().probabilities(np.zeros((2, 28, 28), np.float32)).shape
        (2, 11)
        """
        return softmax(self.logits(frames), self.manifest.temperature)

    def logits(self, frames: NDArray[Any]) -> NDArray[np.float32]:
        """Raw scores, (N, 11) float32, before temperature and softmax. Arguments and errors as in `probabilities`."""
        ready = _as_network_input(frames)  # (N, 28, 28, 1)
        scores = np.empty((len(ready), CLASSES), np.float32)
        for start in range(0, len(ready), BLOCK):
            scores[start : start + BLOCK] = self._interpreters.run(ready[start : start + BLOCK])
        return scores


def _as_network_input(frames: NDArray[Any]) -> NDArray[np.float32]:
    frames = np.asarray(frames)
    if frames.ndim != 3 or frames.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"Frames have the shape {frames.shape}; (N, 28, 28) is needed.")
    if frames.dtype == np.uint8:
        return (frames.astype(np.float32) / np.float32(255))[..., None]
    if not np.issubdtype(frames.dtype, np.floating):
        raise ValueError(f"Frames are {frames.dtype}; uint8 in [0, 255] or float in [0, 1] is needed.")
    return np.ascontiguousarray(frames[..., None], np.float32)
