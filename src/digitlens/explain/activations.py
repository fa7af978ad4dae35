"""Activation functions and their slopes, as LiteRT computes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class Activation(NamedTuple):
    """A function and its derivative, each of an array and `Layer.alpha`; at a kink the derivative from the left."""

    value: Callable[[Array, float], Array]
    slope: Callable[[Array, float], Array]


def _sigmoid(x: Array, _: float = 0.0) -> Array:
    return ((1 + np.tanh(x / 2)) / 2).astype(np.float32)  # the exponential of the textbook overflows


def _where(positive: Array, when: Array | float, otherwise: Array | float) -> Array:
    return np.where(positive > 0, when, otherwise).astype(np.float32)


ACTIVATIONS = {
    "relu": Activation(lambda x, _: np.maximum(x, 0), lambda x, _: _where(x, 1, 0)),
    "relu6": Activation(lambda x, _: np.clip(x, 0, 6), lambda x, _: _where(x, 1, 0) * (x < 6)),
    "tanh": Activation(lambda x, _: np.tanh(x), lambda x, _: (1 - np.tanh(x) ** 2).astype(np.float32)),
    "sigmoid": Activation(_sigmoid, lambda x, _: _sigmoid(x) * (1 - _sigmoid(x))),
    "leaky_relu": Activation(lambda x, alpha: _where(x, x, alpha * x), lambda x, alpha: _where(x, 1, alpha)),
    "elu": Activation(
        lambda x, _: _where(x, x, np.expm1(np.minimum(x, 0))), lambda x, _: _where(x, 1, np.exp(np.minimum(x, 0)))
    ),
    "hard_swish": Activation(
        lambda x, _: (x * np.clip(x + 3, 0, 6) / 6).astype(np.float32),
        lambda x, _: np.where(np.abs(x) < 3, (2 * x + 3) / 6, _where(x, 1, 0)).astype(np.float32),
    ),
}
