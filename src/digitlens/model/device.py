"""The network's file for browsers, and its description for scripts that show it.

LiteRT for the web runs networks of fixed sizes only, and the served file leaves the number of frames open. The browser
gets the very same bytes but for that: wherever a size is open, a 1 stands instead. Nothing moves in the file.
"""

from __future__ import annotations

from typing import Any

from ai_edge_litert import schema_py_generated as schema

from digitlens.model.layers import Constant, Graph, Layer


def for_device(weights: bytes) -> bytes:
    """Fix the number of frames to 1.

    Args:
        weights: a `.tflite` file whose only open size is the number of frames, as `graph.read_graph` takes it.

    Returns:
        A `.tflite` file of the same length with the same weights at the same offsets: (1, 28, 28, 1) to (1, 11).
    """
    fixed = bytearray(weights)
    subgraph = schema.Model.GetRootAs(fixed, 0).Subgraphs(0)
    for index in range(subgraph.TensorsLength()):
        tensor = subgraph.Tensors(index)
        if tensor.ShapeSignatureLength():
            signature = tensor.ShapeSignatureAsNumpy()  # a view: what is written stands in `fixed`
            signature[signature == -1] = 1
    return bytes(fixed)


def describe(graph: Graph) -> list[dict[str, Any]]:
    """The layers as JSON takes them, with the offsets of their weights in the file, in bytes.

    >>> from digitlens.model.artifact import load_artifact
    >>> from digitlens.model.graph import read_graph
    >>> layers = describe(read_graph(load_artifact().weights))
    >>> layers[0]["kind"], layers[-1]["name"], layers[-1]["shape"]
    ('input', 'logits', [11])
    """
    return [_description(layer) for layer in graph.layers]


def _description(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "inputs": list(layer.inputs),
        "shape": list(layer.shape),
        "activation": layer.activation,
        "alpha": layer.alpha,
        "strides": list(layer.strides) if layer.padding else None,
        "padding": layer.padding,
        "pool": list(layer.pool) if layer.kind.endswith("_pool") else None,
        "kernel": _place(layer.kernel),
        "bias": _place(layer.bias),
        "parameters": layer.parameters,
        "multiplications": layer.multiplications,
    }


def _place(constant: Constant | None) -> dict[str, Any] | None:
    if constant is None:
        return None
    return {"offset": constant.offset, "shape": list(constant.values.shape), "dtype": constant.dtype}
