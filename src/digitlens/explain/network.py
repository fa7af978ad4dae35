"""The network in NumPy: every layer's values, and the gradient of the logits with respect to the frame.

LiteRT reads; this shows. Both compute with the very same weights, and a test holds every layer's values together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitlens.explain.activations import ACTIVATIONS
from digitlens.model.layers import Graph, Layer

Array = NDArray[np.float32]
LOGITS = -1


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What one layer gives for N frames.

    Attributes:
        before: (N, height, width, channels) or (N, features) float32, before the activation function; the same array
            as `after` where there is none.
        after: the same shape, after the activation function: what the next layers see.
    """

    before: Array
    after: Array


class Network:
    """A graph that computes. It holds nothing but the graph, so threads may share it."""

    def __init__(self, graph: Graph) -> None:
        """Take the layers, from `model.graph.read_graph`."""
        self.graph = graph

    def forward(self, frames: Array, knocked: Mapping[str, Sequence[int]] | None = None) -> dict[str, Values]:
        """Compute every layer.

        Args:
            frames: (N, 28, 28) float32 in [0, 1], ink bright on 0.
            knocked: channels, by layer, that are silenced: they are 0 after the activation function.

        Returns:
            Each layer's values by its name, in the network's order; the last are the (N, 11) logits.
        """
        found: dict[str, Values] = {}
        for layer in self.graph.layers:
            inputs = [found[name].after for name in layer.inputs]
            before = _FORWARD[layer.kind](layer, inputs) if inputs else frames.reshape(len(frames), *layer.shape)
            after = ACTIVATIONS[layer.activation].value(before, layer.alpha or 0) if layer.activation else before
            silent = list((knocked or {}).get(layer.name, ()))
            if silent:
                after = after.copy()
                after[..., silent] = 0
            found[layer.name] = Values(before, after)
        return found

    def logits(self, frames: Array) -> Array:
        """(N, 11) float32 raw scores of (N, 28, 28) float32 frames."""
        return self.forward(frames)[self.graph.layers[LOGITS].name].after

    def gradient(self, values: Mapping[str, Values], weights: Array) -> Array:
        """How fast a weighted sum of the logits grows when a pixel gets brighter.

        ReLU passes nothing at 0; of several highest places of a pool the first counts.

        Args:
            values: from `forward`, nothing knocked out.
            weights: (11,) or (N, 11), one for each logit: 1 for a digit and -1 for its runner-up, say.

        Returns:
            (N, 28, 28) float32.
        """
        first, last = self.graph.layers[0], self.graph.layers[LOGITS]
        arrived = {last.name: np.broadcast_to(np.asarray(weights, np.float32), values[last.name].after.shape)}
        for layer in reversed(self.graph.layers[1:]):
            if layer.name not in arrived:  # leads to no logit
                continue
            gradient, own = arrived.pop(layer.name), values[layer.name]
            if layer.activation:
                gradient = gradient * ACTIVATIONS[layer.activation].slope(own.before, layer.alpha or 0)
            inputs = [values[name].after for name in layer.inputs]
            for name, part in zip(layer.inputs, _BACKWARD[layer.kind](layer, gradient, inputs), strict=True):
                arrived[name] = arrived[name] + part if name in arrived else part
        return np.ascontiguousarray(arrived[first.name][..., 0], np.float32)


def _kernel(layer: Layer) -> Array:
    assert layer.kernel is not None  # noqa: S101  # `read_graph` gives these kinds their weights
    return layer.kernel.values


def _with_bias(layer: Layer, sums: Array) -> Array:
    return sums if layer.bias is None else sums + layer.bias.values


def _paddings(layer: Layer, source: Array, taps: Sequence[int]) -> list[tuple[int, int]]:
    """Rows above and below, columns before and after, as TensorFlow pads."""
    if layer.padding == "valid":
        return [(0, 0), (0, 0)]
    paddings = []
    for size, output, stride, tap in zip(source.shape[1:3], layer.shape[:2], layer.strides, taps, strict=True):
        missing = max(0, (output - 1) * stride + tap - size)
        paddings.append((missing // 2, missing - missing // 2))
    return paddings


def _padded(layer: Layer, source: Array, taps: Sequence[int], filling: float = 0.0) -> Array:
    rows, columns = _paddings(layer, source, taps)
    return np.pad(source, ((0, 0), rows, columns, (0, 0)), constant_values=filling)


def _windows(layer: Layer, taps: Sequence[int]) -> Iterator[tuple[int, int, tuple[slice, slice, slice]]]:
    """Every tap, with what it sees of the padded input: one place for each place of the output."""
    (rows, columns), (down, right) = layer.shape[:2], layer.strides
    for y in range(taps[0]):
        for x in range(taps[1]):
            seen = (slice(y, y + (rows - 1) * down + 1, down), slice(x, x + (columns - 1) * right + 1, right))
            yield y, x, (slice(None), *seen)


def _unpadded(layer: Layer, gradient: Array, source: Array, taps: Sequence[int]) -> Array:
    (top, _), (left, _) = _paddings(layer, source, taps)
    return gradient[:, top : top + source.shape[1], left : left + source.shape[2]]


def _convolve(layer: Layer, inputs: list[Array]) -> Array:
    kernel = _kernel(layer)  # (out, height, width, in)
    taps = kernel.shape[1:3]
    padded = _padded(layer, inputs[0], taps)
    sums = np.zeros((len(padded), *layer.shape), np.float32)
    for y, x, seen in _windows(layer, taps):
        sums += padded[seen] @ kernel[:, y, x].T
    return _with_bias(layer, sums)


def _convolve_back(layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    kernel = _kernel(layer)
    taps = kernel.shape[1:3]
    padded = np.zeros_like(_padded(layer, inputs[0], taps))
    for y, x, seen in _windows(layer, taps):
        padded[seen] += gradient @ kernel[:, y, x]
    return [_unpadded(layer, padded, inputs[0], taps)]


def _convolve_each(layer: Layer, inputs: list[Array]) -> Array:
    kernel = _kernel(layer)[0]  # (height, width, out)
    source = np.repeat(inputs[0], kernel.shape[2] // inputs[0].shape[3], axis=3)
    padded = _padded(layer, source, kernel.shape[:2])
    sums = np.zeros((len(padded), *layer.shape), np.float32)
    for y, x, seen in _windows(layer, kernel.shape[:2]):
        sums += padded[seen] * kernel[y, x]
    return _with_bias(layer, sums)


def _convolve_each_back(layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    kernel, channels = _kernel(layer)[0], inputs[0].shape[3]
    source = np.repeat(inputs[0], kernel.shape[2] // channels, axis=3)
    padded = np.zeros_like(_padded(layer, source, kernel.shape[:2]))
    for y, x, seen in _windows(layer, kernel.shape[:2]):
        padded[seen] += gradient * kernel[y, x]
    parts = _unpadded(layer, padded, source, kernel.shape[:2])
    return [parts.reshape(*parts.shape[:3], channels, -1).sum(axis=4)]


def _highest(layer: Layer, inputs: list[Array]) -> Array:
    padded = _padded(layer, inputs[0], layer.pool, -np.inf)
    found = np.full((len(padded), *layer.shape), -np.inf, np.float32)
    for _, _, seen in _windows(layer, layer.pool):
        np.maximum(found, padded[seen], out=found)
    return found


def _highest_back(layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    highest, padded = _highest(layer, inputs), _padded(layer, inputs[0], layer.pool, -np.inf)
    back, open_still = np.zeros_like(padded), np.ones(highest.shape, bool)
    for _, _, seen in _windows(layer, layer.pool):
        here = open_still & (padded[seen] == highest)
        back[seen] += gradient * here
        open_still &= ~here
    return [_unpadded(layer, back, inputs[0], layer.pool)]


def _average(layer: Layer, inputs: list[Array]) -> Array:
    padded = _padded(layer, inputs[0], layer.pool)
    sums = np.zeros((len(padded), *layer.shape), np.float32)
    for _, _, seen in _windows(layer, layer.pool):
        sums += padded[seen]
    return sums / _pooled_places(layer, inputs[0])


def _average_back(layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    back = np.zeros_like(_padded(layer, inputs[0], layer.pool))
    share = gradient / _pooled_places(layer, inputs[0])
    for _, _, seen in _windows(layer, layer.pool):
        back[seen] += share
    return [_unpadded(layer, back, inputs[0], layer.pool)]


def _pooled_places(layer: Layer, source: Array) -> Array:
    """How many places each mean is of: the padding is no part of it. (1, height, width, 1)."""
    inside = _padded(layer, np.ones((1, *source.shape[1:3], 1), np.float32), layer.pool)
    counts = np.zeros((1, *layer.shape[:2], 1), np.float32)
    for _, _, seen in _windows(layer, layer.pool):
        counts += inside[seen]
    return counts


def _flatten(layer: Layer, inputs: list[Array]) -> Array:
    return inputs[0].reshape(len(inputs[0]), *layer.shape)


def _flatten_back(_layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    return [gradient.reshape(inputs[0].shape)]


def _multiply(layer: Layer, inputs: list[Array]) -> Array:
    return _with_bias(layer, inputs[0].reshape(len(inputs[0]), _kernel(layer).shape[1]) @ _kernel(layer).T)


def _multiply_back(layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    return [(gradient @ _kernel(layer)).reshape(inputs[0].shape)]


def _add(_layer: Layer, inputs: list[Array]) -> Array:
    return inputs[0] + inputs[1]


def _add_back(_layer: Layer, gradient: Array, _inputs: list[Array]) -> list[Array]:
    return [gradient, gradient]


def _mean(layer: Layer, inputs: list[Array]) -> Array:
    return np.mean(inputs[0], axis=(1, 2), dtype=np.float32).reshape(-1, *layer.shape)


def _mean_back(_layer: Layer, gradient: Array, inputs: list[Array]) -> list[Array]:
    count, height, width, channels = inputs[0].shape
    share = gradient.reshape(count, 1, 1, channels) / np.float32(height * width)
    return [np.broadcast_to(share, inputs[0].shape)]


def _scale(layer: Layer, inputs: list[Array]) -> Array:
    return _with_bias(layer, inputs[0] if layer.kernel is None else inputs[0] * layer.kernel.values)


def _scale_back(layer: Layer, gradient: Array, _inputs: list[Array]) -> list[Array]:
    return [gradient if layer.kernel is None else gradient * layer.kernel.values]


_FORWARD: dict[str, Callable[[Layer, list[Array]], Array]] = {
    "convolution": _convolve,
    "depthwise": _convolve_each,
    "max_pool": _highest,
    "average_pool": _average,
    "flatten": _flatten,
    "dense": _multiply,
    "add": _add,
    "activation": _flatten,
    "mean": _mean,
    "scale": _scale,
}
_BACKWARD: dict[str, Callable[[Layer, Array, list[Array]], list[Array]]] = {
    "convolution": _convolve_back,
    "depthwise": _convolve_each_back,
    "max_pool": _highest_back,
    "average_pool": _average_back,
    "flatten": _flatten_back,
    "dense": _multiply_back,
    "add": _add_back,
    "activation": _flatten_back,
    "mean": _mean_back,
    "scale": _scale_back,
}
