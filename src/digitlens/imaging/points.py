"""Points between digits: 3.5 is not 35.

A point is far smaller than any digit, so the finder hardly sees it and the marks leave it out as a speck. What tells it
from a speck is where it stands, alone on the line that the digits stand on, in the gap between two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitlens.results import Box

# Longer side of a point, as a share of the lower digit's height; what is larger is a mark, or a piece of a digit.
LEAST, LARGEST = 0.09, 0.3
# It is no more than so many times as long as wide, and its ink fills so much of its box.
LONGEST, FULL = 2.0, 0.4
# Its middle stands no higher above the foot of the digits and no deeper below it, as shares of that height.
ABOVE, BELOW = 0.28, 0.2


def points_in(row: Sequence[Box], parts: NDArray[np.floating]) -> list[Box]:
    """The points between the digits of a row, at most one in each gap: where there are more, it is a dotted line.

    Args:
        row: the digits' boxes in pixels of the page, from left to right.
        parts: (N, 5) left, top, width, height and area of all connected ink on the page, in its pixels.

    >>> parts = np.array([[0, 0, 20, 40, 300], [26, 35, 5, 5, 20], [36, 0, 20, 40, 300]])
    >>> points_in([Box(0, 0, 20, 40), Box(36, 0, 20, 40)], parts)
    [Box(left=26, top=35, width=5, height=5)]
    """
    found = []
    for before, after in pairwise(row):
        between = _between(before, after, parts)
        if len(between) == 1:
            found.append(Box(*(round(side) for side in parts[between[0], :4].tolist())))
    return found


def _between(before: Box, after: Box, parts: NDArray[np.floating]) -> NDArray[np.intp]:
    """Indices of what looks like a point between two digits."""
    left, top, width, height, area = parts.T
    lower, foot = min(before.height, after.height), min(before.bottom, after.bottom)
    longer = np.maximum(width, height)
    x, y = left + width / 2, top + height / 2
    is_small = (longer >= LEAST * lower) & (longer <= LARGEST * lower)
    is_round = (longer <= LONGEST * np.minimum(width, height)) & (area >= FULL * width * height)
    is_on_line = (y >= foot - ABOVE * lower) & (y <= foot + BELOW * lower)
    is_between = (x > before.left + before.width / 2) & (x < after.left + after.width / 2)
    points = np.flatnonzero(is_small & is_round & is_on_line & is_between)
    # A piece that broke off a digit shares columns with the rest of it; a point has its column for itself.
    is_ink_of_row = (longer > LARGEST * lower) & (top < max(before.bottom, after.bottom))
    is_ink_of_row &= top + height > min(before.top, after.top)
    starts, ends = left[is_ink_of_row], (left + width)[is_ink_of_row]
    alone = [not ((starts < left[at] + width[at]) & (ends > left[at])).any() for at in points]
    return np.asarray(points[np.array(alone, bool)], np.intp)
