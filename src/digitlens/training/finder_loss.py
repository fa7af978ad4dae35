"""The finder's loss, from X. Zhou, D. Wang and P. Krähenbühl, "Objects as Points", 2019, on any backend of Keras."""

from __future__ import annotations

from typing import Any

from keras import ops

from digitlens.model.candidates import CHANNELS, KINDS
from digitlens.training.finder_targets import HEAT_COUNTS, IS_CENTRE


def finder_loss(wanted: Any, maps: Any) -> Any:
    """The loss of "Objects as Points": heat maps, and at the centres the logarithm of the size and the place.

    Args:
        wanted: (N, h, w, 17) from `targets_from_boxes`.
        maps: (N, h, w, 15) from the finder.

    Returns:
        One number for the batch.
    """
    return heat_loss(wanted, maps) + size_loss(wanted, maps) + place_loss(wanted, maps)


def heat_loss(wanted: Any, maps: Any) -> Any:
    """Focal loss with reduced penalty near centres, alpha 2 and beta 4, per centre."""
    wanted = ops.cast(wanted, "float32")
    heat, logits = wanted[..., :KINDS], maps[..., :KINDS]
    found = ops.sigmoid(logits)
    # log(1 - sigmoid(x)) is log_sigmoid(-x), which has no infinite value.
    at_centres = ops.log_sigmoid(logits) * (1 - found) ** 2
    elsewhere = ops.log_sigmoid(-logits) * found**2 * (1 - heat) ** 4
    counted = ops.where(heat >= 1, at_centres, elsewhere) * wanted[..., HEAT_COUNTS : HEAT_COUNTS + 1]
    return -ops.sum(counted) / _centres(wanted)


def size_loss(wanted: Any, maps: Any) -> Any:
    """Mean error of log(width) and log(height) at the centres, added."""
    return _error_at_centres(wanted, maps, KINDS, KINDS + 2)


def place_loss(wanted: Any, maps: Any) -> Any:
    """Mean error of the place in the cell at the centres, x and y added, in cells."""
    return _error_at_centres(wanted, maps, KINDS + 2, CHANNELS)


def _error_at_centres(wanted: Any, maps: Any, start: int, end: int) -> Any:
    wanted = ops.cast(wanted, "float32")
    error = ops.abs(wanted[..., start:end] - maps[..., start:end])
    return ops.sum(error * wanted[..., IS_CENTRE : IS_CENTRE + 1]) / _centres(wanted)


def _centres(wanted: Any) -> Any:
    return ops.maximum(ops.sum(wanted[..., IS_CENTRE]), 1.0)
