"""The middle line of a stroke, so that the same digit can be drawn again with any pen.

Method: T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital patterns", 1984, on many pictures
at once.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Distances are cut here: no pen is that wide.
FARTHEST = 12.0
_CHUNK = 5000


def thin(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Wear every stroke down to a line one pixel wide.

    Args:
        masks: (N, H, W) bool, True is ink.

    Returns:
        (N, H, W) bool.
    """
    ink = np.pad(masks, ((0, 0), (1, 1), (1, 1)))
    while True:
        before = int(ink.sum())
        for half in (0, 1):
            ink[:, 1:-1, 1:-1] &= ~_removable(ink, half)
        if int(ink.sum()) == before:
            return np.asarray(ink[:, 1:-1, 1:-1])


def _removable(ink: NDArray[np.bool_], half: int) -> NDArray[np.bool_]:
    """The paper's conditions (a) to (d) for one of its two half steps."""
    north, east, south, west = ink[:, :-2, 1:-1], ink[:, 1:-1, 2:], ink[:, 2:, 1:-1], ink[:, 1:-1, :-2]
    ring = [north, ink[:, :-2, 2:], east, ink[:, 2:, 2:], south, ink[:, 2:, :-2], west, ink[:, :-2, :-2]]
    neighbours = np.zeros(north.shape, np.uint8)
    rises = np.zeros(north.shape, np.uint8)
    for here, following in zip(ring, ring[1:] + ring[:1], strict=True):
        neighbours += here
        rises += ~here & following
    edge = ~(north & east & south) & ~(east & south & west)
    if half:
        edge = ~(north & east & west) & ~(north & south & west)
    return np.asarray(ink[:, 1:-1, 1:-1] & (neighbours >= 2) & (neighbours <= 6) & (rises == 1) & edge)


def distance_fields(pictures: NDArray[np.uint8]) -> NDArray[np.float16]:
    """Distance of every pixel to the middle line of the ink.

    Args:
        pictures: (N, 28, 28) uint8, ink bright.

    Returns:
        (N, 28, 28) float16 in pixels, 0 on the line, at most `FARTHEST`. A picture without ink is far everywhere.
    """
    fields = np.full(pictures.shape, FARTHEST, np.float16)
    for start in range(0, len(pictures), _CHUNK):
        lines = thin(pictures[start : start + _CHUNK] > 110)
        for index, line in enumerate(lines, start=start):
            if line.any():
                background = (~line).astype(np.uint8)
                distance = cv2.distanceTransform(background, cv2.DIST_L2, cv2.DIST_MASK_5)
                fields[index] = np.minimum(distance, FARTHEST)
    return fields


def distance_to_segment(
    start: tuple[float, float],
    end: tuple[float, float],
    side: int = 28,
) -> NDArray[np.float32]:
    """Distance of every pixel of a square field to a straight stroke.

    Args:
        start: column and row of its first end, in pixels.
        end: column and row of its other end.
        side: pixels of the field.

    Returns:
        (side, side) float32 in pixels.
    """
    columns = np.arange(side, dtype=np.float32)[None, :] - np.float32(start[0])
    rows = np.arange(side, dtype=np.float32)[:, None] - np.float32(start[1])
    along = np.array([end[0] - start[0], end[1] - start[1]], np.float32)
    length = max(float(along @ along), 1e-6)
    share = np.clip((columns * along[0] + rows * along[1]) / length, 0.0, 1.0)
    return np.asarray(np.hypot(columns - share * along[0], rows - share * along[1]), np.float32)
