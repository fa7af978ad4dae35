"""Pages to the sizes that they are worked on at."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# A page is brought to a working size: large photos hold no detail in single pixels, tiny ones need sub-pixel edges.
MOST_WORKING_PIXELS = 4_000_000
LEAST_WORKING_SIDE = 112
# Shrinking by a whole number is ten times as fast as by a fraction; so much more than needed is worth it.
WHOLE_SLACK = 1.2


def to_working_size(page: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Shrink large pages and enlarge tiny ones.

    Args:
        page: (H, W) or (H, W, 3) uint8.

    Returns:
        (h, w, 3) or (h, w, 1) uint8 and the factor h / H.
    """
    height, width = page.shape[:2]
    scale = min(1.0, (MOST_WORKING_PIXELS / (height * width)) ** 0.5)
    if min(height, width) < LEAST_WORKING_SIDE:
        scale = min(4.0, LEAST_WORKING_SIDE / min(height, width), (MOST_WORKING_PIXELS / (height * width)) ** 0.5)
    whole = min(max(1, int(WHOLE_SLACK / scale)), height, width)
    page, rest = reduced(page, whole), scale * whole
    if whole > 1 and rest >= 1:
        return page, 1 / whole
    if rest != 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        page = cv2.resize(page, size, interpolation=cv2.INTER_AREA if rest < 1 else cv2.INTER_CUBIC)  # type: ignore[assignment]
    return page.reshape(*page.shape[:2], -1), scale


def reduced(page: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """(H // factor, W // factor, C) uint8, the means of squares; a rest at the right and bottom edge is cut off."""
    height, width = page.shape[0] // factor, page.shape[1] // factor
    if factor > 1:
        page = page[: height * factor, : width * factor]
        page = np.asarray(cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return page.reshape(height, width, -1)


def shrunk(page: NDArray[np.uint8], side: int, method: int = cv2.INTER_AREA) -> NDArray[np.uint8]:
    """(h, w, C) uint8 with at most `side` pixels on the longer side."""
    height, width = page.shape[:2]
    shrink = min(1.0, side / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return np.asarray(cv2.resize(page, size, interpolation=method), np.uint8).reshape(size[1], size[0], -1)
