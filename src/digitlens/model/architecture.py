"""The network, in Keras 3. Runs on the TensorFlow, PyTorch and JAX backends; only training imports this module.

Three stages of two 3 x 3 convolutions, as in K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks", 2015,
with batch normalisation, and one linear layer on top. That the last layer is linear is on purpose: the score of a
digit is then an exact sum over places and features, which is what an explanation can show.
"""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from digitlens.model.classifier import CLASSES, SIDE


def build_network(widths: tuple[int, ...] = (32, 64, 128), dropout: float = 0.4) -> keras.Model:
    """Build the network, untrained; `keras.utils.set_random_seed` decides its first weights and its dropout.

    Args:
        widths: number of features in each stage; the picture is halved between stages.
        dropout: share of the last features hidden in each training step, in [0, 1).

    Returns:
        A model from (N, 28, 28, 1) float32 frames in [0, 1], ink bright, to (N, 11) float32 logits: the digits
        0 to 9, then "not a digit".
    """
    return _stages(widths, dropout, normalised=True)


def fold_normalisation(network: keras.Model) -> keras.Model:
    """The same function without batch normalisation: each is a factor and a shift, which the convolution takes over.

    Args:
        network: from `build_network`, trained.

    Returns:
        A model with the same inputs and outputs (to rounding), fewer weights and no dropout.
    """
    convolutions = [layer for layer in network.layers if isinstance(layer, layers.Conv2D)]
    folded = _stages(tuple(layer.filters for layer in convolutions[::2]), dropout=0.0, normalised=False)
    for layer in convolutions:
        norm = network.get_layer(layer.name.replace("_conv", "_norm"))
        gamma, beta, mean, variance = (np.asarray(value, np.float64) for value in norm.get_weights())
        factor = gamma / np.sqrt(variance + norm.epsilon)
        kernel = np.asarray(layer.get_weights()[0], np.float64)
        folded.get_layer(layer.name).set_weights([kernel * factor, beta - mean * factor])
    folded.get_layer("logits").set_weights(network.get_layer("logits").get_weights())
    return folded


def _stages(widths: tuple[int, ...], dropout: float, normalised: bool) -> keras.Model:
    frames = keras.Input((SIDE, SIDE, 1), name="frames")
    features = frames
    for stage, width in enumerate(widths, start=1):
        if stage > 1:
            features = layers.MaxPooling2D(name=f"pool{stage - 1}")(features)
        features = _convolve(features, width, f"stage{stage}a", normalised)
        features = _convolve(features, width, f"stage{stage}b", normalised)
    features = layers.Flatten(name="flatten")(features)
    features = layers.Dropout(dropout, name="dropout")(features)
    logits = layers.Dense(CLASSES, dtype="float32", name="logits")(features)
    return keras.Model(frames, logits, name="digitlens")


def _convolve(features: keras.KerasTensor, width: int, name: str, normalised: bool) -> keras.KerasTensor:
    """3 x 3 convolution, batch normalisation, ReLU; the normalisation's shift makes a bias unnecessary."""
    convolution = layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=not normalised,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )
    features = convolution(features)
    if normalised:
        features = layers.BatchNormalization(name=f"{name}_norm")(features)
    return layers.Activation("relu", name=name)(features)
