"""The two networks, in Keras 3. They run on TensorFlow, PyTorch and JAX; only training imports this module.

The classifier: three stages of two 3 x 3 convolutions, as in K. Simonyan and A. Zisserman, "Very Deep Convolutional
Networks", 2015, with batch normalisation, and one linear layer on top. That the last layer is linear is on purpose:
the score of a digit is then an exact sum over places and features, which is what an explanation can show.

The finder: a U-shape (O. Ronneberger et al., "U-Net", 2015) of residual blocks (K. He et al., 2016) with the heat maps
of X. Zhou et al., "Objects as Points", 2019, on top. It has no fixed size: it sees a page of any height and width.
"""

from __future__ import annotations

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from digitlens.model.candidates import CHANNELS, KINDS
from digitlens.model.classifier import CLASSES, SIDE

# The finder's features at strides 2, 4, 8, 16 and 32, and the residual blocks at strides 8, 16 and 32.
FINDER_WIDTHS = (16, 32, 64, 96, 128)
FINDER_BLOCKS = (1, 2, 2)
# The heat maps begin at 1 %, as nearly every place of a page is no centre (T. Lin et al., "Focal Loss", 2017).
FIRST_HEAT = -4.6
# Batches are large and runs short, so the statistics that serve follow the weights quickly.
_MEMORY = 0.95


@keras.saving.register_keras_serializable("digitlens")
class DepthToSpace(layers.Layer):  # type: ignore[misc]
    """Every place becomes four smaller ones: (N, H, W, 4 C) to (N, 2 H, 2 W, C).

    Unlike a resize operation, LiteRT can plan it for a picture of any size.
    """

    def call(self, features: keras.KerasTensor) -> keras.KerasTensor:
        """Move each quarter of the features to its place."""
        return keras.ops.depth_to_space(features, 2)


def build_network(widths: tuple[int, ...] = (32, 64, 128), dropout: float = 0.4) -> keras.Model:
    """Build the classifier, untrained; `keras.utils.set_random_seed` decides its first weights and its dropout.

    Args:
        widths: number of features in each stage; the picture is halved between stages.
        dropout: share of the last features hidden in each training step, in [0, 1).

    Returns:
        A model from (N, 28, 28, 1) float32 frames in [0, 1], ink bright, to (N, 11) float32 logits: the digits
        0 to 9, then "not a digit".
    """
    frames = keras.Input((SIDE, SIDE, 1), name="frames")
    features = frames
    for stage, width in enumerate(widths, start=1):
        if stage > 1:
            features = layers.MaxPooling2D(name=f"pool{stage - 1}")(features)
        features = convolve(features, width, f"stage{stage}a")
        features = convolve(features, width, f"stage{stage}b")
    features = layers.Flatten(name="flatten")(features)
    features = layers.Dropout(dropout, name="dropout")(features)
    logits = layers.Dense(CLASSES, dtype="float32", name="logits")(features)
    return keras.Model(frames, logits, name="digitlens")


def build_finder(widths: tuple[int, ...] = FINDER_WIDTHS, blocks: tuple[int, ...] = FINDER_BLOCKS) -> keras.Model:
    """Build the finder, untrained; `keras.utils.set_random_seed` decides its first weights.

    Args:
        widths: number of features at strides 2, 4, 8, 16 and 32.
        blocks: number of residual blocks at strides 8, 16 and 32.

    Returns:
        A model from (N, H, W, 1) float32 grey pages in [0, 1], H and W multiples of 32, to (N, H/4, W/4, 15) float32
        maps, as `candidates.decode` reads them.
    """
    page = keras.Input((None, None, 1), name="page")
    features = layers.Rescaling(2.0, -1.0, dtype="float32", name="centred")(page)
    features = convolve(features, widths[0], "stride2", strides=2)
    features = convolve(features, widths[1], "stride4", strides=2)
    features = convolve(features, widths[1], "stride4a")
    skipped = []
    for stride, width, count in zip((8, 16, 32), widths[2:], blocks, strict=True):
        skipped.append(features)
        features = convolve(features, width, f"stride{stride}", strides=2)
        for block in range(count):
            features = residual(features, f"stride{stride}block{block + 1}")
    for stride, skip in zip((16, 8, 4), reversed(skipped), strict=True):
        features = _enlarge_and_add(features, skip, f"up{stride}")
        # Before the head's own convolution there is no need for another.
        if stride > 4:
            features = convolve(features, skip.shape[-1], f"up{stride}out")
    features = convolve(features, 3 * widths[0], "head")
    small = keras.initializers.RandomNormal(stddev=0.01)  # made here: it draws its own seed when it is made
    maps = layers.Conv2D(CHANNELS, 1, dtype="float32", kernel_initializer=small, name="maps")
    network = keras.Model(page, maps(features), name="digitlens_finder")
    maps.bias.assign(np.concatenate([np.full(KINDS, FIRST_HEAT), np.zeros(CHANNELS - KINDS)]))
    return network


def fold_normalisation(network: keras.Model) -> keras.Model:
    """The same function with less batch normalisation: each is a factor and a shift, which the layer before takes over.

    Args:
        network: any functional model, trained.

    Returns:
        A model with the same inputs and outputs (to rounding), in float32, without dropout, and without every
        normalisation that follows a convolution or dense layer at once. One that follows anything else stays.
    """
    norms = _foldable(network)
    dropped = {norm.name for norm in norms.values()}
    dropped |= {layer.name for layer in network.layers if isinstance(layer, layers.Dropout)}
    folded = keras.models.clone_model(
        network,
        clone_function=lambda layer: _as_float32(layer, {"use_bias": True} if layer.name in norms else {}),
        call_function=lambda layer, *inputs, **_: inputs[0] if layer.name in dropped else layer(*inputs),
    )
    for layer in network.layers:
        if layer.name in norms:
            folded.get_layer(layer.name).set_weights(_folded_weights(layer, norms[layer.name]))
        elif layer.weights and layer.name not in dropped:
            folded.get_layer(layer.name).set_weights(layer.get_weights())
    return folded


def _foldable(network: keras.Model) -> dict[str, layers.Layer]:
    """Name of a linear layer to the normalisation that alone sees what it gives."""
    seen_by: dict[int, list[layers.Layer]] = {}
    for layer in network.layers:
        for features in layer.input if isinstance(layer.input, list) else [layer.input]:
            seen_by.setdefault(id(features), []).append(layer)
    found = {}
    for layer in network.layers:
        linear = type(layer) in (layers.Conv2D, layers.Dense) and layer.activation is keras.activations.linear
        followers = seen_by.get(id(layer.output), [])
        if linear and len(followers) == 1 and isinstance(followers[0], layers.BatchNormalization):
            found[layer.name] = followers[0]
    return found


def _folded_weights(layer: layers.Layer, norm: layers.Layer) -> list[NDArray[np.float64]]:
    mean, variance = (np.asarray(value, np.float64) for value in (norm.moving_mean, norm.moving_variance))
    gamma, beta = (np.asarray(value, np.float64) if value is not None else None for value in (norm.gamma, norm.beta))
    factor = (1.0 if gamma is None else gamma) / np.sqrt(variance + norm.epsilon)
    kernel, *bias = (np.asarray(value, np.float64) for value in layer.get_weights())
    shift = (bias[0] if bias else 0.0) - mean
    return [kernel * factor, (0.0 if beta is None else beta) + shift * factor]


def _as_float32(layer: layers.Layer, changes: dict[str, bool]) -> layers.Layer:
    return type(layer).from_config({**layer.get_config(), **changes, "dtype": "float32"})


def convolve(features: keras.KerasTensor, width: int, name: str, strides: int = 1) -> keras.KerasTensor:
    """3 x 3 convolution, batch normalisation, ReLU; `name` is that of what comes out."""
    features = _normalised_convolution(features, width, 3, name, strides)
    return layers.Activation("relu", name=name)(features)


def residual(features: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Two 3 x 3 convolutions whose result is added to what they saw, then ReLU."""
    width = features.shape[-1]
    change = _normalised_convolution(convolve(features, width, f"{name}a"), width, 3, f"{name}b")
    return layers.Activation("relu", name=name)(layers.Add(name=f"{name}_sum")([features, change]))


def _enlarge_and_add(features: keras.KerasTensor, skip: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Double height and width by a sub-pixel convolution (W. Shi et al., 2016) and add what was there before."""
    features = _normalised_convolution(features, 4 * skip.shape[-1], 1, name)
    features = layers.Add(name=f"{name}_sum")([DepthToSpace(name=f"{name}_places")(features), skip])
    return layers.Activation("relu", name=name)(features)


def _normalised_convolution(
    features: keras.KerasTensor, width: int, side: int, name: str, strides: int = 1
) -> keras.KerasTensor:
    """The normalisation's shift makes a bias unnecessary."""
    convolution = layers.Conv2D(
        width,
        side,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )
    return layers.BatchNormalization(momentum=_MEMORY, name=f"{name}_norm")(convolution(features))
