"""The networks that `digitlens train` can build, by name; a recipe's `architecture` chooses one of them.

Every one maps (N, 28, 28, 1) float32 frames in [0, 1], ink bright, to (N, 11) float32 logits: the digits 0 to 9, then
"not a digit". What follows from that works with each: export, calibration, serving, and every view of the lens.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
from keras import layers

from digitlens.errors import SettingsError
from digitlens.model.architecture import build_network, convolve, residual
from digitlens.model.classifier import CLASSES, SIDE

# From the widths of the recipe (empty: as the architecture has them) and its dropout to an untrained network.
Builder = Callable[[tuple[int, ...], float], keras.Model]


def build(name: str, widths: tuple[int, ...] = (), dropout: float = 0.0) -> keras.Model:
    """Build a network, untrained; `keras.utils.set_random_seed` decides its first weights and its dropout.

    Args:
        name: of an architecture below, or `module:function` for a function of one's own that takes nothing and returns
            a Keras model; the module is looked for in the working directory, too.
        widths: number of features in each stage; empty means as the architecture has them.
        dropout: share of the last features hidden in each training step, in [0, 1).

    Raises:
        SettingsError: there is no such architecture, or what came of it takes other frames or gives other logits.
    """
    if ":" in name:
        network = _build_own(name)
    elif name in ARCHITECTURES:
        network = ARCHITECTURES[name](widths, dropout)
    else:
        known = ", ".join(ARCHITECTURES)
        raise SettingsError(f"architecture is {name!r}; it must be one of {known}, or module:function.")
    shapes = [getattr(network, side, None) for side in ("input_shape", "output_shape")]
    if shapes != [(None, SIDE, SIDE, 1), (None, CLASSES)]:
        raise SettingsError(
            f"The architecture {name!r} maps {shapes[0]} to {shapes[1]}; "
            f"(None, {SIDE}, {SIDE}, 1) to (None, {CLASSES}) is needed."
        )
    return network


def build_stages(widths: tuple[int, ...] = (), dropout: float = 0.0) -> keras.Model:
    """The architecture of the network that digitlens ships, see `build_network`."""
    return build_network(widths or (48, 96, 192), dropout)


def build_lenet5(widths: tuple[int, ...] = (), dropout: float = 0.0) -> keras.Model:
    """LeNet-5 (Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998).

    As it is commonly built today: the subsampling averages and has nothing to learn, each map of the second convolution
    sees all six maps before it (1998: three to six of them), the output is a linear layer (1998: distances to drawn
    digits), tanh is not scaled, and padding stands for the margin of the 32 x 32 input. It has eleven outputs, not ten.
    """
    first, second, third, fourth = widths or (6, 16, 120, 84)
    frames = keras.Input((SIDE, SIDE, 1), name="frames")
    features = layers.Conv2D(first, 5, padding="same", activation="tanh", name="c1")(frames)
    features = layers.AveragePooling2D(2, name="s2")(features)
    features = layers.Conv2D(second, 5, activation="tanh", name="c3")(features)
    features = layers.AveragePooling2D(2, name="s4")(features)
    # C5 is a convolution over all of its 5 x 5 places, so the same as a full connection.
    features = layers.Dense(third, activation="tanh", name="c5")(layers.Flatten(name="flatten")(features))
    features = layers.Dense(fourth, activation="tanh", name="f6")(features)
    return _with_logits(frames, features, dropout, "lenet5")


def build_small(widths: tuple[int, ...] = (), dropout: float = 0.0) -> keras.Model:
    """Two 5 x 5 convolutions with ReLU and maximum pooling, then one linear layer: small enough to watch it learn."""
    frames = keras.Input((SIDE, SIDE, 1), name="frames")
    features = frames
    for stage, width in enumerate(widths or (12, 24), start=1):
        features = layers.Conv2D(
            width, 5, padding="same", activation="relu", kernel_initializer="he_normal", name=f"convolution{stage}"
        )(features)
        features = layers.MaxPooling2D(2, name=f"pool{stage}")(features)
    return _with_logits(frames, layers.Flatten(name="flatten")(features), dropout, "small")


def build_residual(widths: tuple[int, ...] = (), dropout: float = 0.0) -> keras.Model:
    """A small residual network (K. He et al., 2016) with the mean over all places before the last layer."""
    frames = keras.Input((SIDE, SIDE, 1), name="frames")
    features = frames
    for stage, width in enumerate(widths or (16, 32, 64), start=1):
        features = convolve(features, width, f"stage{stage}", strides=1 if stage == 1 else 2)
        features = residual(features, f"stage{stage}block")
    return _with_logits(frames, layers.GlobalAveragePooling2D(name="mean")(features), dropout, "residual")


ARCHITECTURES: dict[str, Builder] = {
    "stages": build_stages,
    "lenet5": build_lenet5,
    "small": build_small,
    "residual": build_residual,
}


def _with_logits(frames: keras.KerasTensor, features: keras.KerasTensor, dropout: float, name: str) -> keras.Model:
    if dropout:
        features = layers.Dropout(dropout, name="dropout")(features)
    return keras.Model(frames, layers.Dense(CLASSES, dtype="float32", name="logits")(features), name=name)


def _build_own(name: str) -> keras.Model:
    module, _, function = name.partition(":")
    with _working_directory_first():
        try:
            network = getattr(importlib.import_module(module), function)()
        except (ImportError, AttributeError) as error:
            raise SettingsError(
                f"The architecture {name!r} cannot be found: {error}.",
                "Name it module:function, and start where the module lies.",
            ) from error
    return network


@contextmanager
def _working_directory_first() -> Iterator[None]:
    """A command that is installed does not look for modules where it is started."""
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        yield
    finally:
        sys.path.remove(here)
