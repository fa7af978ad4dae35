"""What a network consists of, as it can be shown: layers in the order in which they run, with their weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Constant:
    """Weights that stand in the file.

    Attributes:
        offset: where they begin, in bytes from the start of the file.
        dtype: "float16" or "float32", little endian, as they stand in the file.
        values: the same numbers as float32, in the file's shape.
    """

    offset: int
    dtype: str
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """One step of a network.

    Attributes:
        name: of the Keras layer, as "stage1a"; no two layers of a graph share one.
        kind: "input", "convolution", "depthwise", "max_pool", "average_pool", "flatten", "dense", "add", "activation",
            "mean" (over height and width) or "scale" (times `kernel`, plus `bias`).
        inputs: names of the layers whose output comes in.
        shape: of its output for one frame: (height, width, channels) or (features,).
        tensor: LiteRT's number of its output.
        before: LiteRT's number of what goes into its activation function; `tensor` where LiteRT keeps no such thing.
        activation: a key of `explain.activations.ACTIVATIONS`, or None.
        alpha: slope of "leaky_relu" below 0, else None.
        strides: rows and columns from one place of a convolution or pool to the next; elsewhere (1, 1).
        padding: "same" or "valid" for a convolution or pool, else None.
        pool: height and width of what is pooled; elsewhere (1, 1).
        kernel: convolution (out, height, width, in), depthwise (1, height, width, out), dense (out, in), scale of any
            shape with one or `channels` numbers; else None.
        bias: (out,), or None.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    shape: tuple[int, ...]
    tensor: int
    before: int
    activation: str | None = None
    alpha: float | None = None
    strides: tuple[int, int] = (1, 1)
    padding: str | None = None
    pool: tuple[int, int] = (1, 1)
    kernel: Constant | None = None
    bias: Constant | None = None

    @property
    def parameters(self) -> int:
        """Numbers that were learned."""
        return sum(part.values.size for part in (self.kernel, self.bias) if part)

    @property
    def multiplications(self) -> int:
        """Products of a weight and a feature for one frame; products with the padding's zeros count too."""
        if self.kernel is None:
            return 0
        if self.kind == "dense":
            return self.kernel.values.size
        # (out, height, width, in), (1, height, width, out) or one factor
        taps = math.prod(self.kernel.values.shape[1:]) if self.kind == "convolution" else 1
        taps = math.prod(self.kernel.values.shape[1:3]) if self.kind == "depthwise" else taps
        return math.prod(self.shape) * taps


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A network's layers, each after all of its inputs; the first is the frame, the last gives the logits."""

    layers: tuple[Layer, ...]

    def __getitem__(self, name: str) -> Layer:
        """The layer of that name.

        Raises:
            KeyError: there is none.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)
