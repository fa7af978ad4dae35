"""Frames in, calibrated probabilities out, with LiteRT: no TensorFlow, 0.3 ms a glyph on one core."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitlens.errors import ModelError
from digitlens.model.artifact import Artifact, Manifest, load_artifact
from digitlens.model.calibration import softmax

NOT_A_DIGIT = 10
CLASSES = 11
SIDE = 28
# Measured on one core: 0.27 ms a glyph in blocks of 8 to 32, 0.45 ms in one block of 500, which leaves the cache.
BLOCK = 32


class Classifier:
    """The network as served. Make one and keep it; any number of threads may use it at once.

    An interpreter works for one thread at a time, so each call borrows one that is idle, or makes one.
    """

    def __init__(self, artifact: Artifact) -> None:
        """Take weights that were checked; `load` is the usual way.

        Raises:
            ModelError: the weights are no network of the expected shape.
        """
        self.manifest: Manifest = artifact.manifest
        self._weights = artifact.weights
        with _without_greeting():
            self._idle: list[Any] = [self._new_interpreter()]

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
        with self._interpreter() as interpreter:
            for start in range(0, len(ready), BLOCK):
                block = ready[start : start + BLOCK]
                scores[start : start + BLOCK] = _invoke(interpreter, block)
        return scores

    @contextmanager
    def _interpreter(self) -> Iterator[Any]:
        try:
            interpreter = self._idle.pop()  # a list's pop and append are atomic, so no lock is needed
        except IndexError:
            interpreter = self._new_interpreter()
        yield interpreter
        self._idle.append(interpreter)

    def _new_interpreter(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=self._weights, num_threads=1)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"The network's weights cannot be used by LiteRT: {error}.") from error
        shapes = [tuple(part[0]["shape_signature"]) for part in _details(interpreter)]
        if shapes != [(-1, SIDE, SIDE, 1), (-1, CLASSES)]:
            raise ModelError(f"The network maps {shapes[0]} to {shapes[1]}; (N, 28, 28, 1) to (N, 11) is needed.")
        interpreter.allocate_tensors()
        return interpreter


@contextmanager
def _without_greeting() -> Iterator[None]:
    """Keep LiteRT's line "Created TensorFlow Lite XNNPACK delegate" off the terminal.

    The library writes it once, from C++, at the first interpreter, and has no switch for it. What goes wrong there
    comes as an exception all the same.
    """
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _details(interpreter: Any) -> tuple[Any, Any]:
    return interpreter.get_input_details(), interpreter.get_output_details()


def _invoke(interpreter: Any, block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Run one block, (B, 28, 28, 1), through the network; (B, 11)."""
    (source,), (target,) = _details(interpreter)
    if tuple(source["shape"]) != block.shape:
        interpreter.resize_tensor_input(source["index"], block.shape)
        interpreter.allocate_tensors()
    interpreter.set_tensor(source["index"], block)
    interpreter.invoke()
    return np.asarray(interpreter.get_tensor(target["index"]), np.float32)


def _as_network_input(frames: NDArray[Any]) -> NDArray[np.float32]:
    frames = np.asarray(frames)
    if frames.ndim != 3 or frames.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"Frames have the shape {frames.shape}; (N, 28, 28) is needed.")
    if frames.dtype == np.uint8:
        return (frames.astype(np.float32) / np.float32(255))[..., None]
    if not np.issubdtype(frames.dtype, np.floating):
        raise ValueError(f"Frames are {frames.dtype}; uint8 in [0, 255] or float in [0, 1] is needed.")
    return np.ascontiguousarray(frames[..., None], np.float32)
