"""Crops of written pages with exact boxes, made by the million to train the finder.

A crop is `SIDE` x `SIDE` grey pixels of a page: lines of numbers, sums, tables, scattered digits, words, doodles or
nothing, written by one or more hands of the glyph bank on some ground, seen by some camera. Digits between `SMALLEST`
and `LARGEST` pixels high get their value as label, every other mark `OTHER`; what nobody could judge (a lone O, a digit
cut by the border, a size between two scales of the finder) gets `UNSURE` and teaches nothing. Seeded: the same bank and
the same generator give the same crop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.model.candidates import with_plain_border
from digitlens.training.glyphbank import GlyphBank
from digitlens.training.ground import draw_ground, expose, light
from digitlens.training.layouts import LAYOUTS
from digitlens.training.screens import put_on_panels, with_large_pixels
from digitlens.training.sheet import CROP_SIDE, FIELD_SIDE, MARGIN, OTHER, TOO_LARGE, UNSURE, Plane, Sheet, pick

SIDE = CROP_SIDE
# Height (or width, for lying digits) in pixels between which the finder is asked to find a digit.
SMALLEST, LARGEST = 11.0, 60.0
LEGIBLE = 8.0
LEAST_LIKENESS = 0.6
# Shares of the crops that a screen shows.
PANELS, LARGE_PIXELS = 0.06, 0.05


@dataclass(frozen=True, slots=True)
class Crop:
    """A piece of a page and what stands on it.

    Attributes:
        picture: (256, 256) uint8, grey.
        boxes: (N, 4) float32: left, top, width, height of the visible ink in pixels; may reach beyond the picture.
        labels: (N,) int64: 0 to 9, 10 for a mark that is no digit, -1 for what nobody could judge.
    """

    picture: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]


def render_crop(bank: GlyphBank, rng: np.random.Generator) -> Crop:
    """Write and photograph one crop."""
    sheet = Sheet(bank, rng)
    ground = draw_ground(FIELD_SIDE, bank.papers, rng)
    layout = pick(LAYOUTS, rng)
    layout(sheet)
    if rng.random() < 0.25:
        sheet.doodle()
    page = sheet.lay_on(ground)
    matrix = _camera(rng)
    picture = expose(_seen(page, matrix) * light(SIDE, rng), sheet.finest, rng)
    boxes, labels = _seen_marks(sheet, matrix)
    labels = _legible(picture, _seen(sheet.ink, matrix), boxes, labels)
    picture = 255 - picture if rng.random() < 0.3 else picture
    if rng.random() < PANELS:
        picture = put_on_panels(picture, boxes, labels, rng)
    if rng.random() < LARGE_PIXELS:
        picture = with_large_pixels(picture, boxes, labels, rng)
    if rng.random() < 0.2:
        return _small_picture(Crop(picture, boxes, labels), rng)
    return Crop(picture, boxes, labels)


def _small_picture(crop: Crop, rng: np.random.Generator) -> Crop:
    """A picture smaller than the crop, cut around one mark or anywhere, with the plain border that the finder adds."""
    judged = np.flatnonzero(crop.labels >= 0)
    if len(judged) and rng.random() < 0.85:
        left, top, width, height = crop.boxes[judged[int(rng.integers(len(judged)))]].tolist()
        around = rng.gamma(1.0, 0.25, 4) * max(width, height)
        edges = left - around[0], top - around[1], left + width + around[2], top + height + around[3]
    else:
        corner, size = rng.uniform(0, 0.5 * SIDE, 2), rng.uniform(24, 0.8 * SIDE, 2)
        edges = (*corner.tolist(), *(corner + size).tolist())
    x0, y0, x1, y1 = (round(min(max(edge, 0), SIDE)) for edge in edges)
    if x1 - x0 < 16 or y1 - y0 < 16:
        return crop
    picture = with_plain_border(crop.picture[y0:y1, x0:x1], y0, SIDE - y1, x0, SIDE - x1)
    lows, highs = crop.boxes[:, :2], crop.boxes[:, :2] + crop.boxes[:, 2:]
    shown = np.clip(np.minimum(highs, (x1, y1)) - np.maximum(lows, (x0, y0)), 0, None) / np.maximum(highs - lows, 1)
    visible = shown.prod(axis=1)
    labels = np.where(visible > 0.9, crop.labels, UNSURE)
    return Crop(picture, crop.boxes[visible > 0.1], labels[visible > 0.1])


def _seen(field: Plane, matrix: NDArray[np.float64]) -> Plane:
    shape = (SIDE, SIDE)
    seen = cv2.warpPerspective(field, matrix, shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def _legible(
    picture: NDArray[np.uint8], ink: Plane, boxes: NDArray[np.float32], labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Digits that drown in noise, shadow or a blot become `UNSURE`: those that hardly correlate with their ink."""
    judged = labels.copy()
    for index in np.flatnonzero(labels >= 0):
        left, top, width, height = np.round(boxes[index]).astype(int).tolist()
        window = slice(max(0, top - 1), top + height + 1), slice(max(0, left - 1), left + width + 1)
        shown, drawn = picture[window].astype(np.float32).ravel(), ink[window].ravel()
        shown, drawn = shown - shown.mean(), drawn - drawn.mean()
        likeness = -float(shown @ drawn) / math.sqrt(float(shown @ shown) * float(drawn @ drawn) + 1e-6)
        if likeness < LEAST_LIKENESS:
            judged[index] = UNSURE
    return judged


def _seen_marks(sheet: Sheet, matrix: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Boxes and labels in the picture."""
    if not sheet.labels:
        return np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    points = cv2.perspectiveTransform(np.stack(sheet.outlines).reshape(1, -1, 2).astype(np.float64), matrix)
    points = points.reshape(len(sheet.labels), -1, 2)
    lows, highs = points.min(axis=1) - 0.5, points.max(axis=1) + 0.5
    judged = [_judge(*place) for place in zip(lows, highs, sheet.labels, strict=True)]
    kept = [index for index, label in enumerate(judged) if label is not None]
    boxes = np.concatenate([lows, highs - lows], axis=1)[kept].astype(np.float32)
    return boxes, np.array([judged[index] for index in kept], np.int64)


def _judge(low: NDArray[np.float64], high: NDArray[np.float64], label: int) -> int | None:
    """What a box counts as in the picture, by its size and by how much of it can be seen; None: not at all."""
    (left, top), (right, bottom) = low.tolist(), high.tolist()
    size = max(right - left, bottom - top)
    across = max(0.0, min(right, SIDE) - max(left, 0)) / (right - left)
    visible = across * max(0.0, min(bottom, SIDE) - max(top, 0)) / (bottom - top)
    if visible <= 0.05:
        return None
    if label == OTHER:
        return OTHER if 6 <= size <= TOO_LARGE and visible > 0.6 else None
    if size < LEGIBLE or size > TOO_LARGE:
        return None
    return label if SMALLEST <= size <= LARGEST and visible > 0.85 else UNSURE


def _camera(rng: np.random.Generator) -> NDArray[np.float64]:
    """The perspective from the field to the picture: mostly straight, at times turned by up to 30 degrees."""
    angle = math.radians(rng.normal(0, 3) if rng.random() < 0.78 else rng.uniform(-30, 30))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float64)
    tilt = rng.uniform(0, 0.05) if rng.random() < 0.4 else 0.0
    moved = (corners - SIDE / 2) @ turn.T * rng.uniform(0.92, 1.08) + SIDE / 2
    moved += rng.uniform(-1, 1, (4, 2)) * tilt * SIDE
    matrix = cv2.getPerspectiveTransform((corners + MARGIN).astype(np.float32), moved.astype(np.float32))
    return np.asarray(matrix, np.float64)
