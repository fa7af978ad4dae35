"""Slashes among digits: 4/2 is not 412.

By itself a slash as high as the digits is a 1 that leans, as many people write it. But the other digits of whoever
writes a 1 so lean as well: a slash leans further than they do, and is one straight stroke.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

# Degrees by which each digit leans to the right: the medians of MNIST's training part, by `lean_of`.
USUAL = (12, 12, 5, 3, 3, 11, 1, 2, 10, 0)
# Degrees: a slash leans to the right by so much, and by so much further than the middle one of its neighbours, each
# compared with what is usual for it. So do 1.4 % of the 1s of MNIST's writers, who lean more than most.
LEAST, FURTHER = 24.0, 35.0
# It is no wider than so many times its pen; a 1 with a flag or a foot is.
WIDEST = 1.4


def lean_of(frame: NDArray[np.uint8]) -> float:
    """Degrees by which ink leans to the right from its foot to its head, by its second moments; below 0 to the left.

    Args:
        frame: (H, W), ink bright on 0.

    >>> round(lean_of(np.eye(20, dtype=np.uint8)[::-1]))
    45
    """
    moments = cv2.moments(frame)
    return math.degrees(math.atan2(-moments["mu11"], max(moments["mu02"], 1e-6)))


def width_in_pens(frame: NDArray[np.uint8]) -> float:
    """How many pens wide ink is: 1 for one straight stroke, as wide as its ink is for its length; infinity without ink.

    Args:
        frame: (H, W) in [0, 255], ink bright on 0.
    """
    moments = cv2.moments(frame.astype(np.float32) / 255)
    if not moments["m00"]:
        return math.inf
    spread = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]]) / moments["m00"]
    # A bar of length l has the variance l^2 / 12 along it.
    width, length = np.sqrt(12 * np.maximum(np.linalg.eigvalsh(spread), 0))
    return float(width * length / moments["m00"])


def least_lean(values: Sequence[int], leans: NDArray[np.floating], place: int) -> float:
    """Degrees by which a slash at a place of a row leans to the right at least, beside such neighbours.

    Args:
        values: the digits as they were read, from left to right; more than one.
        leans: (N,) degrees by which each leans.
        place: index of the one that is asked about.
    """
    further = leans - np.array(USUAL)[list(values)]
    return max(LEAST, FURTHER + float(np.median(np.delete(further, place))))


def slashes_in(values: Sequence[int], frames: NDArray[np.uint8], gaps: Sequence[bool]) -> list[int]:
    """Places of the 1s in a row that are slashes; neither its first digit nor its last one is.

    Nor is a 1 with a gap on one side alone, which begins or ends a number: 90 156.

    Args:
        values: the digits as they were read, from left to right.
        frames: (N, H, W), theirs.
        gaps: N - 1, whether much paper follows each digit but the last.
    """
    leans = np.array([lean_of(frame) for frame in frames])
    return [
        place
        for place in range(1, len(leans) - 1)
        if values[place] == 1
        and gaps[place - 1] == gaps[place]
        and leans[place] >= least_lean(values, leans, place)
        and width_in_pens(frames[place]) <= WIDEST
    ]
