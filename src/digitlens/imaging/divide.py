"""Divide the ink of a page among the digits that were found on it.

A connected component that lies with one digit goes to it whole, so that no flourish is lost. One that several digits
share (they touch, or a table line joins them) is divided: each pixel goes to the digit whose box is nearest, measured
in the size of that box, and what is far from all of them stays behind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.components import label_components
from digitlens.imaging.ink import Ink
from digitlens.imaging.segment import Glyph, page_box

# Left, top, width and height in pixels of the page; need not be whole.
FloatBox = tuple[float, float, float, float]
# Ink belongs to a digit up to this distance from the middle of its box; 1 is the edge of the box.
REACH = 1.25
# A component that lies this much inside a digit's reach, and leaves it by no more than that, is that digit's own.
MOSTLY_INSIDE = 0.75
OWN_REACH = 1.7


def divide_ink(
    ink: Ink, boxes: Sequence[FloatBox], page_height: int, page_width: int
) -> tuple[list[Glyph | None], Ink]:
    """Give every box the ink that belongs to it.

    Args:
        ink: of the page.
        boxes: where digits were found.
        page_height: rows of the page in pixels.
        page_width: columns of the page in pixels.

    Returns:
        A glyph for each box, None where no ink lies in it; and the ink that belongs to none of them.
    """
    labels, stats = label_components(ink.mask)
    owner = _owners(labels, stats, np.array(boxes, np.float64).reshape(-1, 4) * ink.scale)
    glyphs: list[Glyph | None] = []
    for index, window in enumerate(_windows(owner, len(boxes))):
        mine = owner[window] == index + 1
        if not mine.any():
            glyphs.append(None)
            continue
        rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
        top, left = window[0].start + int(rows[0]), window[1].start + int(columns[0])
        bottom, right = window[0].start + int(rows[-1]) + 1, window[1].start + int(columns[-1]) + 1
        tight = (slice(top, bottom), slice(left, right))
        patch = np.where(owner[tight] == index + 1, ink.strength[tight], 0.0).astype(np.float32)
        glyphs.append(Glyph(page_box((left, top, right, bottom), ink.scale, page_height, page_width), patch))
    return glyphs, dataclasses.replace(ink, mask=ink.mask & (owner == 0))


def _windows(owner: NDArray[np.int32], count: int) -> list[tuple[slice, slice]]:
    """Where each owner's pixels lie; an empty window for an owner without any."""
    ends = np.full((count + 1, 4), (owner.shape[0], owner.shape[1], 0, 0), np.int64)  # top, left, bottom, right
    rows, columns = np.nonzero(owner)
    of = owner[rows, columns]
    np.minimum.at(ends[:, 0], of, rows)
    np.minimum.at(ends[:, 1], of, columns)
    np.maximum.at(ends[:, 2], of, rows + 1)
    np.maximum.at(ends[:, 3], of, columns + 1)
    empty = ends[:, 2] <= ends[:, 0]
    ends[empty] = 0
    return [(slice(int(t), int(b)), slice(int(left), int(right))) for t, left, b, right in ends[1:]]


def _owners(labels: NDArray[np.int32], stats: NDArray[np.int32], boxes: NDArray[np.float64]) -> NDArray[np.int32]:
    """(H, W) int32: for each pixel of ink the number of its box, counted from 1; 0 for none."""
    height, width = labels.shape
    owner = np.zeros((height, width), np.int32)
    nearest = np.full((height, width), REACH, np.float32)
    areas = stats[:, cv2.CC_STAT_AREA]
    claims: list[dict[int, int]] = []
    for number, box in enumerate(boxes, start=1):
        window, distance = _distance(box, height, width)
        nearer = (distance < nearest[window]) & (labels[window] > 0)
        owner[window][nearer] = number
        nearest[window][nearer] = distance[nearer]
    for number, box in enumerate(boxes, start=1):
        window, _ = _distance(box, height, width)
        mine = labels[window][owner[window] == number]
        found, counts = np.unique(mine, return_counts=True)
        claims.append(dict(zip(found.tolist(), counts.tolist(), strict=True)))
    claimants = np.zeros(len(stats), np.int64)
    for claim in claims:
        claimants[list(claim)] += 1
    for number, (box, claim) in enumerate(zip(boxes, claims, strict=True), start=1):
        for label, count in claim.items():
            if claimants[label] == 1 and count >= MOSTLY_INSIDE * areas[label] and _within(stats[label], box):
                left, top, w, h = (int(v) for v in stats[label, :4])
                part = (slice(top, top + h), slice(left, left + w))
                owner[part][labels[part] == label] = number
    return owner


def _distance(box: NDArray[np.float64], height: int, width: int) -> tuple[tuple[slice, slice], NDArray[np.float32]]:
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
