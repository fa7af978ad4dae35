"""A sheet that lies askew: by how much its rows lean, the page turned so that they do not, and its reading put back.

The angle is that of the lines between neighbours, after L. O'Gorman, "The document spectrum for page layout analysis",
1993, who takes the nearest neighbours of each mark and the middle of their angles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.divide import FloatBox
from digitlens.results import Box, Reading

# Degrees. Rows that lean less are read well as they lie; beyond the other end no row is told from a column.
LEAST_SKEW, MOST_SKEW = 10.0, 40.0
# Neighbours are no farther from each other than so many times the larger one's longer side, and of a like size.
NEAR, LIKE = 2.2, 0.4
# So many pairs of neighbours are needed, and such a share of their angles must be so near to the middle one.
LEAST_PAIRS, AGREE_SHARE, AGREE_DEG = 3, 0.75, 15.0
# Pixels of the turned page; it is shrunk to that, as the reader would do.
MOST_PIXELS = 8_000_000

Matrix = NDArray[np.float64]


def skew_of(boxes: Sequence[FloatBox]) -> float:
    """By how many degrees rows rise to the right (negative: fall); 0 where the marks do not agree on it.

    Args:
        boxes: left, top, width and height of the marks of a page.

    >>> round(skew_of([(0, 80, 20, 30), (40, 60, 20, 30), (80, 40, 20, 30), (120, 20, 20, 30)]), 1)
    26.6
    """
    if len(boxes) <= LEAST_PAIRS:
        return 0.0
    edges = np.array(boxes, np.float64)
    sides = edges[:, 2:].max(axis=1)
    right, down = (coordinate - coordinate[:, None] for coordinate in (edges[:, :2] + edges[:, 2:] / 2).T)
    distance = np.hypot(right, down)
    larger, smaller = np.maximum(sides, sides[:, None]), np.minimum(sides, sides[:, None])
    are_neighbours = (distance <= NEAR * larger) & (smaller >= LIKE * larger)
    are_neighbours &= (right > 0) & (np.abs(down) <= math.tan(math.radians(MOST_SKEW)) * right)
    nearest = np.where(are_neighbours, distance, np.inf).argmin(axis=1)
    pairs = np.flatnonzero(are_neighbours.any(axis=1)), nearest[are_neighbours.any(axis=1)]
    angles = np.degrees(np.arctan2(-down[pairs], right[pairs]))
    if len(angles) < LEAST_PAIRS:
        return 0.0
    middle = float(np.median(angles))
    return middle if np.quantile(np.abs(angles - middle), AGREE_SHARE) <= AGREE_DEG else 0.0


def turned_level(page: NDArray[np.uint8], skew_deg: float) -> tuple[NDArray[np.uint8], Matrix]:
    """Turn a page so that rows which rise by an angle become level; beside it stands paper.

    Args:
        page: (H, W) or (H, W, 3) uint8.
        skew_deg: from `skew_of`.

    Returns:
        The turned page, large enough for all of it, and (2, 3) the affine map from the page to it, in pixels.
    """
    height, width = page.shape[:2]
    matrix: Matrix = np.asarray(cv2.getRotationMatrix2D((0, 0), -skew_deg, 1.0), np.float64)
    across, along = np.abs(matrix[:, :2]) @ (width, height)
    matrix = matrix * min(1.0, math.sqrt(MOST_PIXELS / (across * along)))
    corners = matrix[:, :2] @ np.array([[0, width, width, 0], [0, 0, height, height]])
    matrix[:, 2] = -corners.min(axis=1)
    size = tuple(max(1, math.ceil(side)) for side in np.ptp(corners, axis=1))
    step = max(1, min(height, width) // 200)
    paper = np.median(page[::step, ::step].reshape(-1, *page.shape[2:]), axis=0)
    turned = cv2.warpAffine(
        page,
        matrix,
        (size[0], size[1]),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=np.atleast_1d(paper).tolist(),
    )
    return np.asarray(turned, np.uint8), matrix


def put_back(reading: Reading, matrix: Matrix, width: int, height: int) -> Reading:
    """The reading of a page that was turned level, with all boxes on the page as it was; rows keep their order.

    A box becomes that of the oval which it holds: a digit does not fill its corners.

    Args:
        reading: of the turned page.
        matrix: from `turned_level`.
        width: of the page as it was, in pixels.
        height: likewise.
    """
    back = cv2.invertAffineTransform(matrix)

    def moved(box: Box) -> Box:
        middle = back[:, :2] @ (box.left + box.width / 2, box.top + box.height / 2) + back[:, 2]
        reach = np.hypot(*(back[:, :2] * (box.width / 2, box.height / 2)).T)
        left, top = np.clip(np.floor(middle - reach), 0, (width - 1, height - 1)).astype(int).tolist()
        right, bottom = np.clip(np.ceil(middle + reach), (left + 1, top + 1), (width, height)).astype(int).tolist()
        return Box(left, top, right - left, bottom - top)

    return reading.moved(moved, width, height)
