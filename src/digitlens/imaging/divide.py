"""Divide the ink of a page among the digits that were found on it.

A connected component that lies with one digit goes to it whole, so that no flourish is lost. One that several digits
share (they touch, or a table line joins them) is divided: each pixel goes to the digit whose box is nearest, measured
in the size of that box, and what is far from all of them stays behind.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

# Left, top, width and height in pixels of the page; need not be whole.
FloatBox = tuple[float, float, float, float]
Window = tuple[slice, slice]
# Ink belongs to a digit up to this distance from the middle of its box; 1 is the edge of the box.
REACH = 1.25
# A component that lies this much inside a digit's reach, and leaves it by no more than that, is that digit's own.
MOSTLY_INSIDE = 0.75
OWN_REACH = 1.7


def divide_ink(
    labels: NDArray[np.int32], stats: NDArray[np.int32], boxes: Sequence[FloatBox], scale: float
) -> tuple[NDArray[np.int32], list[Window]]:
    """Give every box the ink that belongs to it.

    Args:
        labels: (H, W) int32, connected components of the ink, 0 is background.
        stats: one row a component, as OpenCV gives them.
        boxes: where digits were found, in pixels of the page.
        scale: working pixels for one pixel of the page.

    Returns:
        (H, W) int32: for each pixel of ink the number of its box, counted from 1; 0 for none. And for each box a
        window, rows and columns, outside of which it owns nothing.
    """
    working = np.array(boxes, np.float64).reshape(-1, 4) * scale
    owners = np.zeros(labels.shape, np.int32)
    nearness = np.zeros(labels.shape, np.float32)  # how much nearer than REACH: zeros take no time where no box is
    windows = []
    for number, box in enumerate(working, start=1):
        window, distance = _distance(box, *labels.shape)
        nearer = (REACH - distance > nearness[window]) & (labels[window] > 0)
        owners[window][nearer] = number
        nearness[window][nearer] = REACH - distance[nearer]
        windows.append(window)
    claims = []
    claimants = np.zeros(len(stats), np.int64)
    for number, window in enumerate(windows, start=1):
        found, counts = np.unique(labels[window][owners[window] == number], return_counts=True)
        claims.append(list(zip(found.tolist(), counts.tolist(), strict=True)))
        claimants[found] += 1
    for number, (box, claim) in enumerate(zip(working, claims, strict=True), start=1):
        for label, count in claim:
            mostly_inside = count >= MOSTLY_INSIDE * stats[label, cv2.CC_STAT_AREA]
            if claimants[label] == 1 and mostly_inside and _within(stats[label], box):
                left, top, width, height = (int(side) for side in stats[label, :4])
                part = (slice(top, top + height), slice(left, left + width))
                owners[part][labels[part] == label] = number
                windows[number - 1] = _around(windows[number - 1], part)
    return owners, windows


def _around(one: Window, other: Window) -> Window:
    """The smallest window that holds both."""
    rows, columns = (slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(one, other, strict=True))
    return rows, columns


def _distance(box: NDArray[np.float64], height: int, width: int) -> tuple[Window, NDArray[np.float32]]:
    """The window within reach of a box, and how far each pixel is from its middle; 1 is the edge of the box."""
    left, top, w, h = box.tolist()
    # A thin box (a 1) reaches as far to its sides as a slim digit would.
    half = max(w / 2, 0.22 * h, 1.0), max(h / 2, 0.22 * w, 1.0)
    middle = left + w / 2, top + h / 2
    x0, x1 = (int(np.clip(middle[0] + side * REACH * half[0], 0, width)) for side in (-1, 1))
    y0, y1 = (int(np.clip(middle[1] + side * REACH * half[1], 0, height)) for side in (-1, 1))
    x1, y1 = min(width, x1 + 1), min(height, y1 + 1)
    across = np.abs(np.arange(x0, x1) + 0.5 - middle[0]) / half[0]
    down = np.abs(np.arange(y0, y1) + 0.5 - middle[1]) / half[1]
    return (slice(y0, y1), slice(x0, x1)), np.maximum(across[None, :], down[:, None]).astype(np.float32)


def _within(component: NDArray[np.int32], box: NDArray[np.float64]) -> bool:
    """Whether a component leaves a box by no more than a flourish."""
    left, top, w, h = box.tolist()
    half = max(w, h) / 2 * OWN_REACH
    middle = left + w / 2, top + h / 2
    return bool(
        component[0] >= middle[0] - half
        and component[0] + component[2] <= middle[0] + half
        and component[1] >= middle[1] - half
        and component[1] + component[3] <= middle[1] + half
    )
