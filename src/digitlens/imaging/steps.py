"""Tell a stroke from a step in the light: the edge of a shadow, a sheet or a table.

A stroke has the same paper on both of its sides; a step is bright on one and dark on the other. Both can leave a long
thin mark in the ink, which by its shape alone is a 1.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import INK_LEVEL, stroke_width
from digitlens.results import Box

# Only marks so much longer than wide can be steps; the sides differ by at least this share of the mark's contrast.
LEAST_ELONGATION = 2.5
LEAST_STEP = 0.5
LEAST_SIDE_PIXELS = 8


def is_step(page: NDArray[np.uint8], box: Box, ink: NDArray[np.float32]) -> bool:
    """Whether a mark is the edge between a light and a dark region.

    Args:
        page: (H, W) or (H, W, 3) uint8.
        box: where the mark stands on the page.
        ink: (h, w) float32 in [0, 1], the mark alone, at any scale.
    """
    mask = cv2.resize(ink, (box.width, box.height), interpolation=cv2.INTER_AREA) > INK_LEVEL / 2
    rows, columns = np.nonzero(mask)
    if len(rows) < LEAST_SIDE_PIXELS:
        return False
    points = np.stack([columns, rows]).astype(np.float64)
    spread, axes = np.linalg.eigh(np.cov(points) + 1e-6 * np.eye(2))  # ascending: across the mark, then along it
    if spread[1] < LEAST_ELONGATION**2 * spread[0]:
        return False
    reach = max(2, round(1.5 * stroke_width(mask)))
    grey, inside, origin = _surroundings(page, box, mask, reach)
    centre = points.mean(axis=1) + origin
    columns_of, rows_of = np.meshgrid(np.arange(grey.shape[1]) - centre[0], np.arange(grey.shape[0]) - centre[1])
    across = axes[0, 0] * columns_of + axes[1, 0] * rows_of
    near = _grown(inside, reach) & ~_grown(inside, 1)
    sides = [grey[near & (across < 0)], grey[near & (across > 0)]]
    if min(len(side) for side in sides) < LEAST_SIDE_PIXELS:
        return False
    one, other = (float(np.median(side)) for side in sides)
    mark = float(np.median(grey[inside]))
    return abs(one - other) > LEAST_STEP * max(abs(one - mark), abs(other - mark))


def _surroundings(
    page: NDArray[np.uint8], box: Box, mask: NDArray[np.bool_], reach: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Brightness around a mark, where the mark is in it, and the mark's own (column, row) there."""
    top, left = max(0, box.top - reach), max(0, box.left - reach)
    around = page[top : box.bottom + reach, left : box.right + reach]
    grey = around.reshape(*around.shape[:2], -1).mean(axis=2)
    row, column = box.top - top, box.left - left
    inside = np.zeros(grey.shape, bool)
    inside[row : row + box.height, column : column + box.width] = mask
    return grey, inside, np.array([column, row])


def _grown(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    side = 2 * reach + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0, bool)
