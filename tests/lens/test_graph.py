import keras
import numpy as np
import pytest
from keras import layers as kinds

from digitlens.errors import ModelError, UnshownNetworkError
from digitlens.model.artifact import load_artifact
from digitlens.model.graph import read_graph
from digitlens.training.export import to_tflite


def outline(content):
    return [(layer.name, layer.kind, layer.shape, layer.activation) for layer in read_graph(content).layers]


def test_the_served_layers_have_the_names_that_training_gave_them(weights):
    assert [name for name, *_ in outline(weights["served"])] == [
        *("frames", "stage1a", "stage1b", "pool1", "stage2a", "stage2b", "pool2", "stage3a", "stage3b"),
        *("flatten", "logits"),
    ]


def test_the_served_layers_have_all_parameters_of_the_manifest(weights):
    graph = read_graph(weights["served"])
    assert sum(layer.parameters for layer in graph.layers) == load_artifact().manifest.parameters


def test_a_network_like_lenet_is_read_with_its_activations_in_its_layers(weights):
    assert outline(weights["lenet"]) == [
        ("frames", "input", (28, 28, 1), None),
        ("c1", "convolution", (28, 28, 6), "tanh"),
        ("s2", "average_pool", (14, 14, 6), None),
        ("c3", "convolution", (10, 10, 8), "tanh"),
        ("s4", "average_pool", (5, 5, 8), None),
        ("flat", "flatten", (200,), None),
        ("c5", "dense", (20,), "tanh"),
        ("logits", "dense", (11,), None),
    ]


def test_every_other_kind_is_read(weights):
    found = {name: (kind, activation) for name, kind, _, activation in outline(weights["residual"])}
    assert found["centred"] == ("scale", None)
    assert found["each"] == ("depthwise", "relu6")
    assert found["joined"] == ("add", "relu")
    assert found["leaky"] == ("scale", "leaky_relu")
    assert found["highest"] == ("max_pool", None)
    assert found["swish"] == ("convolution", "hard_swish")
    assert found["sigmoid"] == ("convolution", "sigmoid")
    assert found["elu"] == ("activation", "elu")  # what goes in is read by another layer too
    assert found["places"] == ("mean", None)


def test_layers_know_where_their_inputs_come_from(weights):
    graph = read_graph(weights["residual"])
    assert set(graph["joined"].inputs) == {"first", "mix"}
    assert set(graph["both"].inputs) == {"elu", "split"}
    assert graph["leaky"].alpha == pytest.approx(0.2)


def test_products_are_counted_for_every_place(weights):
    graph = read_graph(weights["lenet"])
    assert graph["c3"].multiplications == 10 * 10 * 8 * 5 * 5 * 6
    assert graph["c5"].multiplications == 200 * 20
    assert graph["s2"].multiplications == 0
    assert read_graph(weights["residual"])["each"].multiplications == 14 * 14 * 12 * 3 * 3
    assert read_graph(weights["residual"])["leaky"].multiplications == 14 * 14 * 6


def test_weights_stand_in_the_file_where_the_graph_says(shown):
    for layer in read_graph(shown).layers:
        for constant in filter(None, (layer.kernel, layer.bias)):
            count = constant.values.size
            stored = np.frombuffer(shown, constant.dtype, count, constant.offset).reshape(constant.values.shape)
            assert np.array_equal(stored, constant.values)


def test_a_name_that_no_layer_has_is_an_error(weights):
    with pytest.raises(KeyError):
        read_graph(weights["served"])["stage9"]


def test_an_operation_that_cannot_be_shown_is_named(weights):
    with pytest.raises(UnshownNetworkError, match="CONCATENATION") as raised:
        read_graph(weights["unknown"])
    assert raised.value.operation == "CONCATENATION"
    with pytest.raises(UnshownNetworkError, match="DEPTH_TO_SPACE"):
        read_graph(load_artifact().finder)


def test_bytes_of_another_kind_are_refused():
    with pytest.raises(ModelError):
        read_graph(b"\x00" * 400)


@pytest.mark.parametrize(
    ("layer", "operation"),
    [
        (kinds.Conv2D(4, 3, groups=2, name="grouped"), "grouped CONV_2D"),
        (kinds.Conv2D(4, 3, activation="softmax", name="soft"), "SOFTMAX"),
        (kinds.Cropping2D(1, name="cropped"), "STRIDED_SLICE"),
        (kinds.Reshape((14, 14, 16), name="reshaped"), "RESHAPE"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_layer_that_would_be_shown_wrong_is_refused(layer, operation):
    frames = keras.Input((28, 28, 1), name="frames")
    features = layer(kinds.Conv2D(4, 1, name="first")(frames))
    network = keras.Model(frames, kinds.Dense(11, name="logits")(kinds.Flatten()(features)))
    with pytest.raises(UnshownNetworkError) as raised:
        read_graph(to_tflite(network))
    assert raised.value.operation == operation
