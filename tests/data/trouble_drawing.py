"""What `make_troubles.py` draws beside rows of digits: words, strokes, stamps, stains, folds, and other hands.

A drawing changes the sheet in place, before light and camera come; lengths are pixels of the page, as in `Row`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.training.pages import GlyphsByDigit, Row, write_row
from digitlens.training.paper import blend
from digitlens.training.pens import Float, Pen, draw_ink, smooth_noise

Points = Sequence[tuple[float, float]]
# Changes a sheet in place; it gets the sheet's margin and a source of chance.
Drawing = Callable[[Float, int, GlyphsByDigit, np.random.Generator], None]

# Strokes of a 1 with a flag and of a 7 with a bar in units of a MNIST digit's field of 20 pixels.
EUROPEAN = {
    1: [[(0.22, 0.46), (0.44, 0.24), (0.62, 0.0), (0.6, 0.5), (0.56, 1.0)]],
    7: [[(0.15, 0.06), (0.5, 0.03), (0.82, 0.0), (0.6, 0.42), (0.4, 1.0)], [(0.28, 0.55), (0.52, 0.52), (0.78, 0.5)]],
}


def ink_along(line: NDArray[np.uint8], width: float, pen: Pen, rng: np.random.Generator) -> Float:
    """Let a pen follow the pixels that are not 0; (H, W) float32 in [0, 1]."""
    distance = cv2.distanceTransform((line == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return draw_ink(cv2.GaussianBlur(np.asarray(distance, np.float32), (0, 0), 0.6), width, pen, rng)


def strokes(lines: Sequence[Points], pen: Pen, width: float, curved: bool = True, shake: float = 1.0) -> Drawing:
    """Lines through points by a hand that shakes; `width` of the stroke in pixels."""

    def draw(sheet: Float, margin: int, _: GlyphsByDigit, rng: np.random.Generator) -> None:
        canvas = np.zeros(sheet.shape[:2], np.uint8)
        for line in lines:
            points = np.array(line, np.float32) + margin + rng.normal(0, shake, (len(line), 2)).astype(np.float32)
            if curved:
                # As long as before, so that the curve begins and ends where the points do.
                places = np.linspace(0, len(points) - 1, 16 * len(points)).astype(np.float32)[None]
                points = cv2.remap(points[None], places, 0 * places, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)[
                    0
                ]
                points = cv2.blur(points[:, None], (1, 9), borderType=cv2.BORDER_REPLICATE)[:, 0]
            cv2.polylines(canvas, [np.round(16 * points).astype(np.int32)], False, 255, 1, cv2.LINE_8, 4)
        blend(sheet, ink_along(canvas, width, pen, rng), pen.colour)

    return draw


def word(text: str, left: float, baseline: float, height: float, pen: Pen) -> Drawing:
    """Letters in a Hershey script font, bent as a hand does; `height` of a capital."""

    def draw(sheet: Float, margin: int, _: GlyphsByDigit, rng: np.random.Generator) -> None:
        canvas = np.zeros(sheet.shape[:2], np.uint8)
        origin = (round(left + margin), round(baseline + margin))
        cv2.putText(canvas, text, origin, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, height / 21, 255, 1)
        rows, columns = np.indices(canvas.shape, np.float32)
        bends = [0.05 * height * smooth_noise(canvas.shape, 1.1 * height, rng) for _ in range(2)]
        bent = cv2.remap(canvas, columns + bends[0], rows + bends[1], cv2.INTER_LINEAR)
        blend(sheet, ink_along((bent > 60).astype(np.uint8), pen.width * height, pen, rng), pen.colour)

    return draw


def crossed_out(row: Row) -> Drawing:
    """A number that its writer took back with a dense zigzag."""

    def draw(sheet: Float, margin: int, glyphs: GlyphsByDigit, rng: np.random.Generator) -> None:
        outlines = np.concatenate([outline for _, outline in write_row(sheet, row, margin, glyphs, rng)]) - margin
        (left, top), (right, bottom) = outlines.min(axis=0), outlines.max(axis=0)
        turns = round(5 * (right - left) / (bottom - top)) + 3
        columns = np.linspace(left - 6, right + 6, turns)
        reach = np.where(np.arange(turns) % 2, 0.36, -0.36) * (bottom - top)
        zigzag = list(zip(columns.tolist(), ((top + bottom) / 2 + reach).tolist(), strict=True))
        width = 1.25 * row.pen.width * row.height
        back = [(right + 8, (top + bottom) / 2 - 4), (left - 8, (top + bottom) / 2 + 5)]
        strokes([zigzag, back], row.pen, width, curved=False, shake=1.6)(sheet, margin, glyphs, rng)

    return draw


def stamp(text: str, middle: tuple[float, float], width: float, colour: tuple[int, int, int]) -> Drawing:
    """A rubber stamp: printed letters in a double frame, turned, with ink that did not reach everywhere."""

    def draw(sheet: Float, margin: int, _: GlyphsByDigit, rng: np.random.Generator) -> None:
        height = round(0.36 * width)
        plate = np.zeros((height, round(width)), np.uint8)
        for inset, thickness in ((3, 3), (9, 1)):
            corner = (round(width) - inset, height - inset)
            cv2.rectangle(plate, (inset, inset), corner, 255, thickness, cv2.LINE_AA)
        (drawn, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1, 2)
        scale = min(0.78 * width / drawn, 0.5 * height / tall)
        origin = (round((width - drawn * scale) / 2), round((height + tall * scale) / 2))
        cv2.putText(plate, text, origin, cv2.FONT_HERSHEY_DUPLEX, scale, 255, 3, cv2.LINE_AA)
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 11, 1)
        turn[:, 2] += np.array(middle) + margin - (width / 2, height / 2)
        placed = cv2.warpAffine(plate, turn, sheet.shape[1::-1]).astype(np.float32) / 255
        wear = np.clip(
            0.72 + 0.3 * smooth_noise(placed.shape, 3.0, rng) + 0.2 * smooth_noise(placed.shape, 30, rng), 0, 1
        )
        blend(sheet, 0.8 * placed * wear, colour)

    return draw


def coffee_ring(middle: tuple[float, float], radius: float) -> Drawing:
    """The ring that a cup left, and a drop beside it."""

    def draw(sheet: Float, margin: int, _: GlyphsByDigit, rng: np.random.Generator) -> None:
        rows, columns = np.indices(sheet.shape[:2], np.float32)
        wander = 0.02 * radius * smooth_noise(sheet.shape[:2], radius, rng)
        away = np.hypot(columns - middle[0] - margin, rows - middle[1] - margin) + wander
        uneven = np.clip(0.65 + 0.4 * smooth_noise(sheet.shape[:2], 0.9 * radius, rng), 0.1, 1)
        rim = np.exp(-(((away - radius) / 4) ** 2)) * uneven + 0.2 * (away < radius)
        drop = np.hypot(columns - middle[0] - margin - 1.5 * radius, rows - middle[1] - margin - 0.5 * radius) + wander
        spot = 0.5 * np.clip(0.13 * radius - drop + 0.5, 0, 1)
        blend(sheet, np.asarray(0.5 * np.maximum(rim, spot), np.float32), (128, 84, 40))

    return draw


def folds(columns: Sequence[float], rows: Sequence[float]) -> Drawing:
    """Creases across the sheet: a dark and a bright side, and a worn line between."""

    def draw(sheet: Float, margin: int, _: GlyphsByDigit, rng: np.random.Generator) -> None:
        axes = np.indices(sheet.shape[:2], np.float32)
        for places, away in ((columns, axes[1]), (rows, axes[0])):
            for place in places:
                along = away - place - margin + 0.6 * smooth_noise(sheet.shape[:2], 60, rng)
                slope = 0.13 * np.exp(-np.abs(along) / 40) * np.sign(along) - 0.2 * np.exp(-((along / 1.1) ** 2))
                sheet *= np.asarray(1 + slope, np.float32)[..., None]

    return draw


def european(glyphs: GlyphsByDigit, rng: np.random.Generator, count: int = 6) -> GlyphsByDigit:
    """The same hands with the project's own 1 and 7."""
    return {**glyphs, **{digit: np.stack([_drawn(digit, rng) for _ in range(count)]) for digit in EUROPEAN}}


def _drawn(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    canvas = np.zeros((224, 224), np.uint8)
    for stroke in EUROPEAN[digit]:
        points = (np.array(stroke) + rng.normal(0, 0.025, (len(stroke), 2))) * 160 + 32
        cv2.polylines(canvas, [np.round(points).astype(np.int32)], False, 255, 18, cv2.LINE_AA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(canvas, (0, 0), 5), (28, 28), interpolation=cv2.INTER_AREA), np.uint8)


def broken(glyphs: GlyphsByDigit, rng: np.random.Generator, count: int = 40) -> GlyphsByDigit:
    """The same hands with a pen that failed: a gap of two of 28 pixels through every digit."""
    result = {}
    for digit, pictures in glyphs.items():
        result[digit] = pictures[:count].copy()
        for picture in result[digit]:
            rows = np.nonzero(picture > 96)[0]
            at = round(rng.uniform(0.3, 0.7) * np.ptp(rows) + rows.min())
            picture[at - 1 : at + 1] = 0
    return result


def thicker(pen: Pen, factor: float) -> Pen:
    """The same ink from a broader point."""
    return replace(pen, width=pen.width * factor)
