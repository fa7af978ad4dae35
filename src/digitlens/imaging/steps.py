"""Tell a stroke from a step in the light: the edge of a shadow, a sheet or a table.

A stroke has the same paper on both of its sides; a step is bright on one and dark on the other. Both can leave a long
thin mark in the ink, which by its shape alone is a 1.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import INK_LEVEL, stroke_width
from digitlens.results import Box

# Only marks so much longer than wide can be steps; the sides differ by at least this share of the mark's contrast.
LEAST_ELONGATION = 2.5
LEAST_STEP = 0.5
LEAST_SIDE_PIXELS = 8
# Pixels: a mark that is twice as long, or more, is looked at in a smaller picture, which shows the same two sides.
LONGEST_SIDE = 300


def is_step(page: NDArray[np.uint8], box: Box, ink: NDArray[np.float32]) -> bool:
    """Whether a mark is the edge between a light and a dark region.

    Args:
        page: (H, W) or (H, W, 3) uint8.
        box: where the mark stands on the page.
        ink: (h, w) float32 in [0, 1], the mark alone, at any scale.
    """
    scale = max(1, max(box.width, box.height) // LONGEST_SIDE)  # pixels of the page for one pixel here, each way
    size = math.ceil(box.width / scale), math.ceil(box.height / scale)
    mask = cv2.resize(ink, size, interpolation=cv2.INTER_AREA) > INK_LEVEL / 2
    rows, columns = np.nonzero(mask)
    if len(rows) < LEAST_SIDE_PIXELS:
        return False
    points = np.stack([columns, rows]).astype(np.float64)
    spread, axes = np.linalg.eigh(np.cov(points) + 1e-6 * np.eye(2))  # ascending: across the mark, then along it
    if spread[1] < LEAST_ELONGATION**2 * spread[0]:
        return False
    reach = max(2, round(1.5 * stroke_width(mask)))
    grey, inside, origin = _surroundings(page, box, mask, reach, scale)
    centre = points.mean(axis=1) + origin
    along_rows = axes[0, 0] * (np.arange(grey.shape[1]) - centre[0])
    across = along_rows + axes[1, 0] * (np.arange(grey.shape[0])[:, None] - centre[1])
    near = _grown(inside, reach) & ~_grown(inside, 1)
    sides = [grey[near & (across < 0)], grey[near & (across > 0)]]
    if min(len(side) for side in sides) < LEAST_SIDE_PIXELS:
        return False
    one, other = (float(np.median(side)) for side in sides)
    mark = float(np.median(grey[inside]))
    return abs(one - other) > LEAST_STEP * max(abs(one - mark), abs(other - mark))


def _surroundings(
    page: NDArray[np.uint8], box: Box, mask: NDArray[np.bool_], reach: int, scale: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """At the mask's scale: brightness around a mark, where the mark is in it, and its own (column, row) there."""
    row, column = min(reach, box.top // scale), min(reach, box.left // scale)
    top, left = box.top - row * scale, box.left - column * scale
    around = page[top : box.bottom + reach * scale, left : box.right + reach * scale]
    if scale > 1:
        size = math.ceil(around.shape[1] / scale), math.ceil(around.shape[0] / scale)
        around = np.asarray(cv2.resize(around, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = around.reshape(*around.shape[:2], -1).mean(axis=2)
    inside = np.zeros(grey.shape, bool)
    inside[row : row + mask.shape[0], column : column + mask.shape[1]] = mask
    return grey, inside, np.array([column, row])


def _grown(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    side = 2 * reach + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0, bool)
