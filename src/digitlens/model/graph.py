"""A `.tflite` file as a list of layers with their weights, so that a network can be shown as it serves.

The layers are read from the very bytes that serve (TensorFlow Lite's flatbuffer schema, version 3), without TensorFlow
and without running anything. What only prepares shapes or turns float16 into float32 is left out, and an activation
function that alone follows a layer becomes a part of that layer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from digitlens.errors import ModelError, UnshownNetworkError
from digitlens.model.layers import Constant, Graph, Layer

# These compute shapes and types, not features.
PLUMBING = frozenset({"DEQUANTIZE", "SHAPE", "STRIDED_SLICE", "PACK"})
ACTIVATIONS = {
    "RELU": "relu",
    "RELU6": "relu6",
    "TANH": "tanh",
    "LOGISTIC": "sigmoid",
    "LEAKY_RELU": "leaky_relu",
    "ELU": "elu",
    "HARD_SWISH": "hard_swish",
}
_FUSED = {0: None, 1: "relu", 3: "relu6", 4: "tanh"}
_PADDINGS = {0: "same", 1: "valid"}
_DTYPES: dict[int, np.dtype[Any]] = {
    schema.TensorType.FLOAT16: np.dtype("<f2"),
    schema.TensorType.FLOAT32: np.dtype("<f4"),
}
_OPERATIONS = {code: name for name, code in vars(schema.BuiltinOperator).items() if not name.startswith("_")}


def read_graph(weights: bytes) -> Graph:
    """Read the layers of a network.

    Args:
        weights: a `.tflite` file with one input and one output.

    Raises:
        UnshownNetworkError: it holds an operation or a kind of weights that is not known here; LiteRT may well run it.
        ModelError: the bytes are no `.tflite` file.
    """
    if weights[4:8] != b"TFL3":
        raise ModelError("The network's weights are no TensorFlow Lite file.")
    return _File(weights).graph()


class _File:
    """An opened file, and the layers found so far, by the number of the tensor that they give."""

    def __init__(self, weights: bytes) -> None:
        model = schema.Model.GetRootAs(weights, 0)
        subgraph = model.Subgraphs(0)
        self.model, self.whole = model, np.frombuffer(weights, np.uint8)
        self.tensors = [subgraph.Tensors(index) for index in range(subgraph.TensorsLength())]
        operators = (subgraph.Operators(index) for index in range(subgraph.OperatorsLength()))
        unpacked = [schema.OperatorT.InitFromObj(operator) for operator in operators]
        self.operators = [(self._operation(operator), operator) for operator in unpacked]
        self.source, self.target = subgraph.Inputs(0), subgraph.Outputs(0)
        self.stored_as = {op.outputs[0]: op.inputs[0] for name, op in self.operators if name == "DEQUANTIZE"}
        self.uses = Counter(
            index for name, operator in self.operators if name not in PLUMBING for index in operator.inputs
        )
        self.retraced = _common_ending(path for tensor in self.tensors for path in _paths(tensor))
        self.layers: dict[int, Layer] = {}

    def graph(self) -> Graph:
        """Read all layers in the order in which they run."""
        self.add("input", [], self.source)
        for operation, operator in self.operators:
            if operation in ACTIVATIONS:
                self._add_activation(operation, operator)
            elif operation in _READERS:
                _READERS[operation](self, operation, operator)
            elif operation not in PLUMBING:
                raise UnshownNetworkError(operation)
        self.layer_of(self.target)
        return Graph(tuple(self.layers.values()))

    def _operation(self, operator: schema.OperatorT) -> str:
        code = self.model.OperatorCodes(operator.opcodeIndex)
        # Files of before 2020 have the older, shorter field alone.
        return str(_OPERATIONS.get(max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), "CUSTOM"))

    def add(self, kind: str, inputs: Sequence[int], output: int, **parts: Any) -> None:
        """Add a layer that reads some tensors and gives another."""
        layer = Layer(
            name="",
            kind=kind,
            inputs=tuple(self.layer_of(index).name for index in inputs),
            shape=tuple(int(side) for side in self.tensors[output].ShapeAsNumpy()[1:]),
            tensor=int(output),
            before=int(output),
            **parts,
        )
        self.layers[layer.tensor] = replace(layer, name=self._name(layer))

    def _add_activation(self, operation: str, operator: schema.OperatorT) -> None:
        """Give the layer before its activation function, or add a layer where that has other readers."""
        source, output = operator.inputs[0], int(operator.outputs[0])
        layer, name = self.layer_of(source), ACTIVATIONS[operation]
        options = operator.builtinOptions
        alpha = float(options.alpha) if operation == "LEAKY_RELU" and options else None
        if layer.kind in ("input", "flatten") or layer.activation or self.uses[source] > 1:
            self.add("activation", [source], output, activation=name, alpha=alpha)
            return
        del self.layers[layer.tensor]
        layer = replace(layer, tensor=output, activation=name, alpha=alpha)
        self.layers[output] = replace(layer, name=self._name(layer))

    def layer_of(self, index: int) -> Layer:
        """The layer that gives a tensor."""
        if index in self.layers:
            return self.layers[index]
        makers = (name for name, operator in self.operators if index in operator.outputs)
        raise UnshownNetworkError(next(makers, "CONSTANT"))

    def _name(self, layer: Layer) -> str:
        """The Keras layer's name; the converter keeps it in the names of tensors, but not in the last one's."""
        named = [self.tensors[layer.tensor]]
        named += [self.tensors[index] for index in self._constants_of(layer)]
        found = next((path[1].removesuffix(self.retraced) for tensor in named for path in _paths(tensor)), None)
        if layer.kind == "input":
            found = re.sub(r"^serving_default_|:\d+$", "", self.tensors[layer.tensor].Name().decode())
        name, taken, number = found or layer.kind, {other.name for other in self.layers.values()}, 2
        unique = name
        while unique in taken:
            unique, number = f"{name}_{number}", number + 1
        return unique

    def _constants_of(self, layer: Layer) -> list[int]:
        """Numbers of the tensors that the operation behind a layer reads and that stand in the file."""
        reads = (operator.inputs for _, operator in self.operators if layer.before in operator.outputs)
        return [index for inputs in reads for index in inputs if index >= 0 and self.is_constant(index)]

    def is_constant(self, index: int) -> bool:
        stored = self.stored_as.get(index, index)
        return bool(self.model.Buffers(self.tensors[stored].Buffer()).DataLength())

    def integers(self, index: int) -> list[int]:
        """The whole numbers (int32) that stand in the file for a tensor."""
        content = self.model.Buffers(self.tensors[index].Buffer()).DataAsNumpy()
        return [int(number) for number in content.view("<i4")]

    def constant(self, operation: str, inputs: Sequence[int], place: int) -> Constant | None:
        """The weights among an operation's inputs; None where it has none there."""
        if place >= len(inputs) or inputs[place] < 0:
            return None
        if not self.is_constant(inputs[place]):
            raise UnshownNetworkError(operation)
        tensor = self.tensors[self.stored_as.get(inputs[place], inputs[place])]
        if tensor.Type() not in _DTYPES:
            raise UnshownNetworkError(f"{operation} with weights other than float16 and float32")
        content, dtype = self.model.Buffers(tensor.Buffer()).DataAsNumpy(), _DTYPES[tensor.Type()]
        shape = tensor.ShapeAsNumpy() if tensor.ShapeLength() else np.ones(1, np.int32)
        values = content.view(dtype).astype(np.float32).reshape(shape)
        return Constant(offset=content.ctypes.data - self.whole.ctypes.data, dtype=dtype.name, values=values)


def _read_convolution(file: _File, operation: str, operator: schema.OperatorT) -> None:
    options, kernel = operator.builtinOptions, file.constant(operation, operator.inputs, 1)
    kind = "convolution" if operation == "CONV_2D" else "depthwise"
    if options.dilationHFactor > 1 or options.dilationWFactor > 1:
        raise UnshownNetworkError(f"dilated {operation}")
    channels = file.tensors[operator.inputs[0]].Shape(3)
    if kernel is None or (kind == "convolution" and kernel.values.shape[3] != channels):
        raise UnshownNetworkError(f"grouped {operation}")
    bias = file.constant(operation, operator.inputs, 2)
    file.add(kind, operator.inputs[:1], operator.outputs[0], kernel=kernel, bias=bias, **_window(operation, options))


def _read_pool(file: _File, operation: str, operator: schema.OperatorT) -> None:
    options = operator.builtinOptions
    kind = "max_pool" if operation == "MAX_POOL_2D" else "average_pool"
    pool = (options.filterHeight, options.filterWidth)
    file.add(kind, operator.inputs, operator.outputs[0], pool=pool, **_window(operation, options))


def _read_dense(file: _File, operation: str, operator: schema.OperatorT) -> None:
    kernel, bias = (file.constant(operation, operator.inputs, place) for place in (1, 2))
    if len(file.tensors[operator.outputs[0]].ShapeAsNumpy()) != 2:
        raise UnshownNetworkError(f"{operation} of maps")
    activation = _fused(operation, operator.builtinOptions)
    file.add("dense", operator.inputs[:1], operator.outputs[0], kernel=kernel, bias=bias, activation=activation)


def _read_flatten(file: _File, operation: str, operator: schema.OperatorT) -> None:
    if file.tensors[operator.outputs[0]].ShapeLength() != 2:
        raise UnshownNetworkError(operation)
    file.add("flatten", operator.inputs[:1], operator.outputs[0])


def _read_mean(file: _File, operation: str, operator: schema.OperatorT) -> None:
    axes = file.integers(operator.inputs[1])
    if sorted(axes) != [1, 2]:
        raise UnshownNetworkError(f"{operation} over axes {axes}")
    file.add("mean", operator.inputs[:1], operator.outputs[0])


def _read_sum(file: _File, operation: str, operator: schema.OperatorT) -> None:
    """The sum of two layers, or a shift: the second half of an unfolded normalisation."""
    output, activation = operator.outputs[0], _fused(operation, operator.builtinOptions)
    features = [index for index in operator.inputs if not file.is_constant(index)]
    if len(features) == 2:
        shapes = {tuple(file.tensors[index].ShapeAsNumpy()) for index in (*features, output)}
        if len(shapes) > 1:
            raise UnshownNetworkError(f"{operation} of layers of two sizes")
        file.add("add", features, output, activation=activation)
        return
    _add_scale(file, operator, features[0], activation, bias=_per_channel(file, operation, operator))


def _read_product(file: _File, operation: str, operator: schema.OperatorT) -> None:
    features = [index for index in operator.inputs if not file.is_constant(index)]
    if len(features) != 1:
        raise UnshownNetworkError(f"{operation} of layers")
    activation = _fused(operation, operator.builtinOptions)
    _add_scale(file, operator, features[0], activation, kernel=_per_channel(file, operation, operator))


def _add_scale(
    file: _File, operator: schema.OperatorT, source: int, activation: str | None, **part: Constant | None
) -> None:
    """Add a factor or a shift; a shift right after a factor becomes one layer with it."""
    layer, output = file.layer_of(source), int(operator.outputs[0])
    after_factor = layer.kind == "scale" and layer.bias is None and layer.activation is None
    if "bias" in part and after_factor and file.uses[source] == 1:
        del file.layers[layer.tensor]
        file.layers[output] = replace(layer, tensor=output, before=output, activation=activation, bias=part["bias"])
    else:
        file.add("scale", [source], output, activation=activation, **part)


def _per_channel(file: _File, operation: str, operator: schema.OperatorT) -> Constant | None:
    """The constant of a sum or product: one number, or one for each channel."""
    place = next(place for place, index in enumerate(operator.inputs) if file.is_constant(index))
    constant = file.constant(operation, operator.inputs, place)
    channels = file.tensors[operator.outputs[0]].ShapeAsNumpy()[-1]
    if constant is None or constant.values.size not in (1, channels) or constant.values.shape[-1] not in (1, channels):
        raise UnshownNetworkError(f"{operation} with a number for each place")
    return constant


def _window(operation: str, options: Any) -> dict[str, Any]:
    return {
        "strides": (options.strideH, options.strideW),
        "padding": _PADDINGS[options.padding],
        "activation": _fused(operation, options),
    }


def _fused(operation: str, options: Any) -> str | None:
    code = options.fusedActivationFunction if options else 0
    if code not in _FUSED:
        raise UnshownNetworkError(f"{operation} with the fused activation function {code}")
    return _FUSED[code]


def _paths(tensor: schema.Tensor) -> Iterator[list[str]]:
    """The names of a tensor, each as model, Keras layer, ..., operation."""
    for name in tensor.Name().decode().split(";"):
        path = name.split("/")
        if len(path) > 2:
            yield path


def _common_ending(paths: Iterable[list[str]]) -> str:
    """The "_1" that every layer's name ends with where the exporter traced the network a second time; else ""."""
    endings = {found.group() if (found := re.search(r"_\d+$", path[1])) else "" for path in paths}
    return endings.pop() if len(endings) == 1 else ""


_READERS: dict[str, Callable[[_File, str, schema.OperatorT], None]] = {
    "CONV_2D": _read_convolution,
    "DEPTHWISE_CONV_2D": _read_convolution,
    "MAX_POOL_2D": _read_pool,
    "AVERAGE_POOL_2D": _read_pool,
    "FULLY_CONNECTED": _read_dense,
    "RESHAPE": _read_flatten,
    "MEAN": _read_mean,
    "ADD": _read_sum,
    "MUL": _read_product,
}
