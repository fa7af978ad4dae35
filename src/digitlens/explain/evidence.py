"""What in a frame speaks for a digit and what against it. Arrays in, arrays out.

Three methods with different blind spots, so that a picture never rests on one:

* `occlusion` asks what happens without a patch. M. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional
  Networks", 2014. Known limits: where two patches each suffice, covering one changes nothing, and both look
  unimportant; and a covered stroke is itself a strange picture, which the network may never have seen.
* `integrated_gradients` splits a difference of logits over the pixels. M. Sundararajan, A. Taly and Q. Yan, "Axiomatic
  Attribution for Deep Networks", 2017. Known limits: it depends on the baseline, here the empty frame, so a place
  without ink never counts, though the hole of a 0 matters; and neighbouring pixels can get very unlike shares.
* `contributions` splits a logit over the places of the last maps. It is exact, because what follows them is linear; it
  is B. Zhou et al., "Learning Deep Features for Discriminative Localization", 2016, with a weight for each place.
  Known limits: a place of these maps has seen most of the frame, and it does not say which part of that mattered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitlens.explain.network import Network
from digitlens.model.calibration import softmax

Array = NDArray[np.float32]
# So many frames at once: all their layers together stay in the cache of a small machine.
BLOCK = 16
# Probabilities below this count as this: a logarithm of 0 says nothing.
LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Occlusion:
    """How much is lost without a place.

    Attributes:
        digit: (28, 28) float32, drop of the natural logarithm of the digit's probability when a patch that covers the
            pixel is empty, mean of those patches; above 0 the place speaks for the digit, below 0 against it.
        lead: the same of the logit of the digit minus that of its runner-up.
    """

    digit: Array
    lead: Array


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """A difference of logits, split over the pixels.

    Attributes:
        shares: (28, 28) float32; above 0 the pixel's ink raises the weighted logits.
        difference: weighted logits of the frame minus those of the empty frame: what the shares should add up to.
    """

    shares: Array
    difference: float

    @property
    def error(self) -> float:
        """By how much the shares miss the difference, because the integral is a sum of finitely many steps."""
        return float(self.shares.sum()) - self.difference


def occlusion(
    classify: Callable[[Array], Array],
    frame: Array,
    digit: int,
    runner_up: int,
    *,
    temperature: float = 1.0,
    patch: int = 5,
) -> Occlusion:
    """Cover every patch of a frame with nothing, one at a time, and see what the network then says.

    Args:
        classify: (N, 28, 28) float32 frames to (N, K) logits, as `Classifier.logits` or `Network.logits`.
        frame: (28, 28) float32 in [0, 1], ink bright on 0.
        digit: the class that is explained.
        runner_up: the class that it is told from.
        temperature: divides the logits before the softmax.
        patch: side of the patch in pixels, 1 to 28; about the width of a stroke and more.
    """
    side = len(frame) - patch + 1
    places = [(top, left) for top in range(side) for left in range(side)]
    covered = np.repeat(frame[None], len(places), axis=0)
    for picture, (top, left) in zip(covered, places, strict=True):
        picture[top : top + patch, left : left + patch] = 0
    logits, whole = classify(covered), classify(frame[None])
    surprise = _log_probability(logits, digit, temperature)
    digit_drops = _log_probability(whole, digit, temperature) - surprise
    lead_drops = (whole[:, digit] - whole[:, runner_up]) - (logits[:, digit] - logits[:, runner_up])
    return Occlusion(_spread(digit_drops, side, patch), _spread(lead_drops, side, patch))


def integrated_gradients(network: Network, frame: Array, weights: Array, steps: int = 64) -> Attribution:
    """Split what a frame adds to weighted logits over its pixels.

    The path goes straight from the empty frame to this one. Nearly all of a digit's logit is decided while its ink is
    still faint, so the steps stand closer there: at t^3 of the ink with t evenly spaced (the substitution rule).

    Args:
        network: the network.
        frame: (28, 28) float32 in [0, 1], ink bright on 0.
        weights: (11,) one for each logit: 1 for a digit and -1 for its runner-up, say.
        steps: more give a smaller `Attribution.error` and take longer.
    """
    weights = np.asarray(weights, np.float32)
    spaced = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    mean = np.zeros_like(frame, np.float64)
    for t in np.array_split(spaced, -(-steps // BLOCK)):
        path = (t[:, None, None] ** 3 * frame).astype(np.float32)  # (BLOCK, 28, 28)
        slopes = network.gradient(network.forward(path), weights)
        mean += np.tensordot(3 * t**2 / steps, slopes, axes=1)
    with_and_without = network.logits(np.stack([frame, np.zeros_like(frame)])) @ weights
    return Attribution((mean * frame).astype(np.float32), float(with_and_without[0] - with_and_without[1]))


def contributions(network: Network, frame: Array) -> Array | None:
    """The exact share of every place of the last maps in every logit; with the bias, a logit's shares add up to it.

    Args:
        network: the network.
        frame: (28, 28) float32 in [0, 1], ink bright on 0.

    Returns:
        (height, width, 11) float32; None where the network does not end in maps, flattened, and one linear layer.
    """
    *_, maps, flatten, logits = network.graph.layers
    linear = flatten.kind == "flatten" and logits.kind == "dense" and logits.activation is None
    if not linear or len(maps.shape) != 3 or flatten.inputs != (maps.name,) or logits.kernel is None:
        return None
    features = network.forward(frame[None])[maps.name].after[0]  # (height, width, channels)
    kernel = logits.kernel.values.reshape(-1, *maps.shape)  # (11, height, width, channels)
    return np.asarray(np.einsum("yxc,kyxc->yxk", features, kernel), np.float32)


def _log_probability(logits: Array, digit: int, temperature: float) -> Array:
    return np.log(np.maximum(softmax(logits, temperature)[:, digit], LEAST_PROBABILITY)).astype(np.float32)


def _spread(drops: Array, side: int, patch: int) -> Array:
    """Every pixel's mean over the patches that cover it."""
    sums, counts = np.zeros((2, side + patch - 1, side + patch - 1), np.float32)
    grid = drops.reshape(side, side)
    for row in range(patch):
        for column in range(patch):
            sums[row : row + side, column : column + side] += grid
            counts[row : row + side, column : column + side] += 1
    return sums / counts
