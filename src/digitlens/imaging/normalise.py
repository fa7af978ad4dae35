"""Ink of one glyph to the 28 x 28 frame that the network was trained on.

Method: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998, section
III.A: the aspect ratio is kept, the longest side becomes 20 px, and the centre of mass goes to the centre of a 28 x 28
field. Two things are added for real pens and cameras: a stroke so thin that area resampling would fade it away is
widened first, and the brightest ink becomes 1.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FRAME_SIDE = 28
GLYPH_SIDE = 20
# The index of the pixel that holds the centre of mass, measured on MNIST's training part: 14.00 +- 0.29.
CENTRE = 14
# MNIST's strokes are 2 to 5 px wide in the frame; thinner ones fade, so they are brought up to this width.
THINNEST_STROKE = 2.0
# Resampling a glyph of 200 px or of 2000 px to 20 px gives the same frame, but the latter takes 100 times as long.
WORKING_SIDE = 160
INK_LEVEL = 0.5


def normalise(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring one glyph's ink into the frame.

    Args:
        ink: (H, W) float32 in [0, 1], ink bright on 0; any size from 1 x 1 on.

    Returns:
        (28, 28) float32 in [0, 1], ink bright on 0; all zero where there is no ink.

    >>> frame = normalise(np.ones((80, 8), np.float32))
    >>> frame.shape, int((frame > 0.5).any(axis=1).sum())
    ((28, 28), 20)
    """
    ink = _crop(ink)
    if ink.size == 0:
        return np.zeros((FRAME_SIDE, FRAME_SIDE), np.float32)
    ink = _limit_size(ink / ink.max())
    ink = _crop(_widen_thin_stroke(ink))
    glyph = _resize_longest_side(ink, GLYPH_SIDE)
    peak = float(glyph.max())
    return _centre_by_mass(glyph / peak if peak > 0 else glyph)


def stroke_width(mask: NDArray[np.bool_]) -> float:
    """Mean width of the strokes in pixels; 0 for an empty mask.

    In a long stroke of width w the distance to the nearest background pixel has the mean (w + 2) / 4 when that
    distance is counted from pixel centre to pixel centre (w even; within 1/(4 w) of it for w odd).
    """
    if not mask.any():
        return 0.0
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    padded = np.pad(mask[top : top + height, left : left + width].astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_5)
    return max(1.0, 4.0 * cv2.mean(distance, padded)[0] - 2.0)


def _crop(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut to the ink: pixels above a tenth of the brightest one."""
    peak = float(ink.max()) if ink.size else 0.0
    if peak <= 0:
        return np.zeros((0, 0), np.float32)
    rows, columns = np.nonzero(ink > 0.1 * peak)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _limit_size(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    return _resize_longest_side(ink, WORKING_SIDE) if max(ink.shape) > WORKING_SIDE else ink


def _resize_longest_side(ink: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, size, interpolation=method), np.float32)


def _widen_thin_stroke(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Dilate until the stroke will be at least `THINNEST_STROKE` wide in the frame."""
    longest = max(ink.shape)
    wanted = THINNEST_STROKE * longest / GLYPH_SIDE
    missing = wanted - stroke_width(ink > INK_LEVEL)
    if missing < 1:
        return ink
    diameter = round(missing) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter))
    return np.asarray(cv2.dilate(np.pad(ink, diameter), kernel), np.float32)


def _centre_by_mass(glyph: NDArray[np.float32]) -> NDArray[np.float32]:
    """Paste so that the centre of mass falls on the frame's centre, as far as the glyph still fits."""
    height, width = glyph.shape
    mass = float(glyph.sum())
    row = float(glyph.sum(axis=1) @ np.arange(height)) / mass
    column = float(glyph.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(round(CENTRE - row), 0, FRAME_SIDE - height))
    left = int(np.clip(round(CENTRE - column), 0, FRAME_SIDE - width))
    frame = np.zeros((FRAME_SIDE, FRAME_SIDE), np.float32)
    frame[top : top + height, left : left + width] = glyph
    return frame
