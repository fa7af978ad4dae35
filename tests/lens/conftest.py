"""Networks of several kinds as they are exported, and frames as the reader makes them from the bundled samples."""

from itertools import chain

import keras
import numpy as np
import pytest
from keras import layers

from digitlens.model.artifact import load_artifact
from digitlens.model.graph import read_graph
from digitlens.training.export import from_tflite, to_tflite
from digitlens.web.assets import load_samples


def lenet():
    """As LeNet-5: tanh, means of places, windows that stay inside."""
    frames = keras.Input((28, 28, 1), name="frames")
    maps = layers.Conv2D(6, 5, padding="same", activation="tanh", name="c1")(frames)
    maps = layers.AveragePooling2D(2, name="s2")(maps)
    maps = layers.Conv2D(8, 5, activation="tanh", name="c3")(maps)
    maps = layers.AveragePooling2D(2, name="s4")(maps)
    features = layers.Dense(20, activation="tanh", name="c5")(layers.Flatten(name="flat")(maps))
    return keras.Model(frames, layers.Dense(11, name="logits")(features), name="lenet")


def residual():
    """Everything else that the lens knows, in one small network."""
    frames = keras.Input((28, 28, 1), name="frames")
    maps = layers.Rescaling(2.0, -1.0, name="centred")(frames)
    maps = layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="first")(maps)
    change = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu6", name="each")(maps)
    change = layers.Conv2D(6, 1, name="mix")(change)
    maps = layers.Activation("relu", name="joined")(layers.Add(name="sum")([maps, change]))
    maps = layers.BatchNormalization(name="norm")(maps)
    maps = layers.LeakyReLU(0.2, name="leaky")(maps)
    maps = layers.MaxPooling2D(3, strides=2, padding="same", name="highest")(maps)
    maps = layers.AveragePooling2D(3, strides=2, padding="same", name="average")(maps)
    maps = layers.Conv2D(8, 3, padding="same", activation="hard_swish", name="swish")(maps)
    maps = layers.Conv2D(8, 1, activation="sigmoid", name="sigmoid")(maps)
    split = layers.Conv2D(8, 1, name="split")(maps)
    both = layers.Add(name="both")([layers.Activation("elu", name="elu")(split), split])
    features = layers.GlobalAveragePooling2D(name="places")(both)
    return keras.Model(frames, layers.Dense(11, name="logits")(features), name="residual")


def unknown():
    """Reads digits, but side by side: no list of steps."""
    frames = keras.Input((28, 28, 1), name="frames")
    features = layers.Flatten(name="flat")(frames)
    beside = [layers.Dense(4, name=f"beside{number}")(features) for number in (1, 2)]
    return keras.Model(frames, layers.Dense(11, name="logits")(layers.Concatenate()(beside)), name="unknown")


def with_weights(network: keras.Model) -> keras.Model:
    """Weights, exact in float16, that keep every activation function out of its flat parts."""
    chance = np.random.default_rng(7)
    for value in network.weights:
        spread = 1 / np.sqrt(max(1, np.prod(value.shape[:-1])))
        drawn = np.ones(value.shape) if "variance" in value.path else chance.normal(0, spread, value.shape)
        value.assign(drawn.astype(np.float16))
    return network


@pytest.fixture(scope="session")
def keras_networks():
    """Name to a Keras model."""
    built = {build.__name__: with_weights(build()) for build in (lenet, residual, unknown)}
    return {"served": from_tflite(load_artifact().weights), **built}


@pytest.fixture(scope="session")
def weights(keras_networks):
    """Name to the bytes of a `.tflite` file."""
    exported = {name: to_tflite(network) for name, network in keras_networks.items() if name != "served"}
    return {"served": load_artifact().weights, **exported}


@pytest.fixture(scope="session", params=["served", "lenet", "residual"])
def shown(request, weights):
    """The bytes of each network that the lens can show."""
    return weights[request.param]


@pytest.fixture(scope="session")
def frames(reader):
    """Real glyphs, (N, 28, 28) float32: digits and other marks of three bundled samples."""
    samples = load_samples()
    pages = chain.from_iterable(
        reader.decode(samples[name].path.read_bytes()) for name in ("single-digit", "postcode", "star-and-smiley")
    )
    found = [trace.opinions.frames[[*trace.digits, *trace.rejected]] for trace in map(reader.trace, pages)]
    assert min(map(len, found)) > 0
    return np.concatenate(found).astype(np.float32) / np.float32(255)


@pytest.fixture(scope="session")
def litert():
    """What LiteRT computes without its accelerator: (weights, frame) to (number of a tensor to its values)."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    kept = {}

    def tensors(content, frame):
        if content not in kept:
            kept[content] = Interpreter(
                model_content=content,
                experimental_preserve_all_tensors=True,
                experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            )
            kept[content].allocate_tensors()
        kept[content].set_tensor(read_graph(content).layers[0].tensor, frame[None, ..., None])
        kept[content].invoke()
        return kept[content].get_tensor

    return tensors
