"""What a network's last layer sees of a frame, computed by LiteRT from the very weights that serve."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from digitlens.model.graph import read_graph

_BATCH = 100


class Features:
    """Gives the features of frames: for each channel that the last layer reads, the mean over all places."""

    def __init__(self, weights: bytes) -> None:
        """Find the last layer's input.

        Args:
            weights: a `.tflite` file that serves.

        Raises:
            UnshownNetworkError: its layers cannot be told apart.
        """
        from ai_edge_litert.interpreter import Interpreter

        graph = read_graph(weights)
        source = graph[graph.layers[-1].inputs[0]]
        self._tensor = source.tensor
        if source.kind == "flatten":
            source = graph[source.inputs[0]]
        self.layer, self._shape = source.name, source.shape
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it needs more memory; that is known
            self._interpreter = Interpreter(
                model_content=weights, num_threads=1, experimental_preserve_all_tensors=True
            )
        self._input = self._interpreter.get_input_details()[0]["index"]

    def of(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """The features.

        Args:
            frames: (N, 28, 28) float32 in [0, 1], ink bright.

        Returns:
            (N, channels) float32.
        """
        return np.concatenate([self._block(frames[start : start + _BATCH]) for start in range(0, len(frames), _BATCH)])

    def _block(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        block = np.ascontiguousarray(frames[..., None], np.float32)
        self._interpreter.resize_tensor_input(self._input, block.shape)
        self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self._input, block)
        self._interpreter.invoke()
        values = self._interpreter.get_tensor(self._tensor).reshape(len(frames), *self._shape)
        return np.asarray(values.mean(axis=tuple(range(1, values.ndim - 1))) if values.ndim > 2 else values, np.float32)
