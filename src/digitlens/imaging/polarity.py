"""Whether ink is lighter or darker than what it stands on, judged where digits were found."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.divide import FloatBox

# A box is looked at with so much of its surroundings, as a share of its longer side.
AROUND = 0.15
MOST_BOXES = 60


def is_light_on_dark_in(page: NDArray[np.uint8], boxes: Sequence[FloatBox]) -> bool | None:
    """Let the boxes vote: ink is what differs from the median along the edge of a box.

    The page as a whole can mislead: a white sheet on a dark table is light on dark, its writing is not.

    Args:
        page: (H, W) or (H, W, 3) uint8.
        boxes: where digits were found; the first ones count.

    Returns:
        True where ink is mostly lighter; None where no box lies on the page.
    """
    votes = [vote for box in boxes[:MOST_BOXES] if (vote := _vote(page, box)) is not None]
    return sum(votes) * 2 > len(votes) if votes else None


def is_light_on_dark_at_edges(page: NDArray[np.uint8]) -> bool:
    """Whether the paper is dark, if paper is what most of the picture's edge shows; (H, W) or (H, W, 3) uint8."""
    grey = _grey(page)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    return bool(_at_edges(grey) <= threshold)


def _vote(page: NDArray[np.uint8], box: FloatBox) -> bool | None:
    left, top, width, height = box
    around = AROUND * max(width, height)
    rows = slice(max(0, round(top - around)), max(0, round(top + height + around)))
    columns = slice(max(0, round(left - around)), max(0, round(left + width + around)))
    patch = page[rows, columns]
    if min(patch.shape[:2]) < 2:
        return None
    grey = _grey(patch)
    difference = grey.astype(np.float32) - np.float32(_at_edges(grey))
    return bool(np.square(np.maximum(difference, 0)).sum() > np.square(np.minimum(difference, 0)).sum())


def _grey(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


def _at_edges(grey: NDArray[np.uint8]) -> float:
    """The median along the four edges."""
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
