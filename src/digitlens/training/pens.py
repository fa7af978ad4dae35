"""Handwriting: glyphs of 28 x 28 pixels become strokes of a pen at any size.

A glyph scaled up ten times is a blurred bitmap; a written digit is a line that a pen drew. So a glyph is thinned to
its centre line (Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", 1984), the centre line
becomes a distance field, and a pen of any width draws that field with crisp edges, pressure and grain.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.training.skeleton import thin

Float = NDArray[np.float32]
Colour = tuple[int, int, int]

# A glyph's pixel becomes this many pixels before it is thinned, so that the centre line is smooth at 160 px height.
UPSCALE = 8
# MNIST draws a digit into a field of 20 px, so a full-height digit's line field has this height.
FIELD_HEIGHT = 20 * UPSCALE
FIELD_TOP = 4 * UPSCALE
# Distance that no pen reaches; stands outside the field.
FAR = 1e4


@dataclass(frozen=True, slots=True)
class Pen:
    """What draws the stroke.

    Attributes:
        colour: sRGB, 0 to 255.
        width: width of the stroke as a share of the writing height.
        opacity: share of the paper's colour that the ink hides, in [0, 1].
        pressure: how much width and opacity wander along the stroke; a standard deviation, 0.1 is a tenth.
        grain: 0 covers the paper evenly, 1 catches only on the raised half of its surface (pencil, chalk).
        dust: share of the ink that lies smeared around the stroke (chalk).
    """

    colour: Colour
    width: float
    opacity: float = 0.95
    pressure: float = 0.1
    grain: float = 0.0
    dust: float = 0.0


BLUE_BALLPOINT = Pen((34, 54, 148), width=0.058, opacity=0.9, pressure=0.13, grain=0.12)
BLACK_BALLPOINT = Pen((28, 28, 34), width=0.055, opacity=0.9, pressure=0.13, grain=0.12)
RED_BALLPOINT = Pen((196, 34, 40), width=0.06, opacity=0.88, pressure=0.13, grain=0.12)
GREEN_BALLPOINT = Pen((20, 112, 74), width=0.058, opacity=0.88, pressure=0.13, grain=0.12)
FOUNTAIN_PEN = Pen((22, 32, 92), width=0.08, opacity=0.93, pressure=0.12)
PENCIL = Pen((66, 66, 70), width=0.075, opacity=0.82, pressure=0.16, grain=0.55)
MARKER = Pen((24, 23, 26), width=0.15, opacity=0.96, pressure=0.05)
BOARD_MARKER = Pen((26, 66, 150), width=0.1, opacity=0.88, pressure=0.1, grain=0.1)
CHALK = Pen((238, 236, 226), width=0.105, opacity=0.95, pressure=0.14, grain=0.62, dust=0.16)
STYLUS = Pen((250, 214, 92), width=0.085, opacity=1.0, pressure=0.05)


def smooth_noise(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> Float:
    """Random hills.

    Args:
        shape: height and width in pixels.
        scale: distance from one hill to the next in pixels; 1 is white noise.
        rng: source of chance.

    Returns:
        (H, W) float32 with mean about 0 and standard deviation about 1.
    """
    height, width = shape
    coarse_shape = (max(2, round(height / scale) + 2), max(2, round(width / scale) + 2))
    coarse = rng.standard_normal(coarse_shape, dtype=np.float32)
    if scale <= 1:
        return coarse[:height, :width]
    # Cubic interpolation averages neighbours, which takes about a third off the deviation.
    fine_size = (round(coarse_shape[1] * scale) + 1, round(coarse_shape[0] * scale) + 1)
    return 1.4 * np.asarray(cv2.resize(coarse, fine_size, interpolation=cv2.INTER_CUBIC), np.float32)[:height, :width]


def line_field(glyph: NDArray[np.uint8]) -> Float:
    """Distance from every point to the glyph's centre line.

    Args:
        glyph: (28, 28) uint8, ink bright on 0, as in MNIST.

    Returns:
        (224, 224) float32, distance in pixels of this field; all `FAR` where the glyph has no ink.
    """
    size = (glyph.shape[1] * UPSCALE, glyph.shape[0] * UPSCALE)
    smooth = cv2.resize(glyph.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(smooth, (0, 0), 0.35 * UPSCALE)
    # Ink is brighter than its surroundings: a faint stroke holds together and a loop that is nearly filled stays open.
    surroundings = cv2.GaussianBlur(smooth, (0, 0), 1.8 * UPSCALE)
    mask = smooth > np.maximum(0.25 * smooth.max(), 0.97 * surroundings)
    return _distance_to(thin(np.asarray(mask)[None])[0])


def doodle_field(character: str) -> Float:
    """A mark that is not a digit, drawn by the project, as a field like that of `line_field`.

    Args:
        character: a key of `DOODLES`.
    """
    canvas = np.zeros((28 * UPSCALE, 28 * UPSCALE), np.uint8)
    for stroke in DOODLES[character]:
        points = np.round(np.array(stroke) * FIELD_HEIGHT + FIELD_TOP).astype(np.int32)
        cv2.polylines(canvas, [points], isClosed=False, color=1)
    return _distance_to(canvas > 0)


def _distance_to(line: NDArray[np.bool_]) -> Float:
    if not line.any():
        return np.full(line.shape, FAR, np.float32)
    distance = cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # The line is a staircase of pixels. Blurring the squared distance takes the steps out of it and adds the blur's
    # variance, exactly so beside a straight line; that is taken off again.
    blur = 0.45 * UPSCALE
    squared = cv2.GaussianBlur(distance**2, (0, 0), blur) - blur**2
    return np.asarray(np.sqrt(np.maximum(squared, 0)), np.float32)


def _arc(centre: tuple[float, float], radius: float, start: float, end: float) -> list[tuple[float, float]]:
    """Points on a circle, slightly squeezed as a hand does; angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 40))
    return [(centre[0] + radius * float(np.cos(a)), centre[1] + 0.94 * radius * float(np.sin(a))) for a in angles]


def _star() -> list[tuple[float, float]]:
    """A star of five points in one stroke, whose end misses its start a little."""
    corners = _arc((0.5, 0.52), 0.5, -90, 270)
    picked = [corners[round(39 * i * 2 / 5) % 39] for i in range(5)]
    return [*picked, (picked[0][0] + 0.03, picked[0][1] - 0.02)]


# Strokes in units of the writing height; (0, 0) is the left top corner of the writing.
DOODLES: dict[str, list[list[tuple[float, float]]]] = {
    "+": [[(0.16, 0.55), (0.5, 0.54), (0.82, 0.52)], [(0.49, 0.22), (0.5, 0.5), (0.48, 0.86)]],
    "=": [[(0.2, 0.44), (0.78, 0.42)], [(0.21, 0.66), (0.8, 0.65)]],
    "x": [[(0.24, 0.3), (0.75, 0.84)], [(0.75, 0.3), (0.22, 0.85)]],
    "*": [_star()],
    "@": [
        _arc((0.5, 0.5), 0.5, -100, 268),
        _arc((0.5, 0.54), 0.27, 20, 160),
        [(0.36, 0.3), (0.355, 0.42)],
        [(0.65, 0.3), (0.645, 0.42)],
    ],
}


def draw_ink(field: Float, width_px: float, pen: Pen, rng: np.random.Generator) -> Float:
    """Let a pen follow a line.

    Args:
        field: (H, W) float32, distance to the line in pixels of the page.
        width_px: width of the stroke in pixels; below 1 it fades instead.
        pen: what draws.
        rng: source of chance.

    Returns:
        (H, W) float32 in [0, 1]: share of the paper's colour that the ink hides.
    """
    shape = (field.shape[0], field.shape[1])
    pressure = np.clip(smooth_noise(shape, max(6.0, 5 * width_px), rng), -2, 2)
    half = 0.5 * max(width_px, 1.0) * (1 + pen.pressure * pressure)
    ink = np.clip(half - field + 0.5, 0, 1) * min(1.0, width_px)
    density = pen.opacity * np.clip(1 + pen.pressure * pressure, 0.5, 1.05)
    if pen.grain:
        tooth = smooth_noise(shape, 1.0, rng) + smooth_noise(shape, max(2.0, 0.22 * width_px), rng)
        rim = np.clip(field / half, 0, 1) ** 3
        density = density * np.clip(1 - pen.grain * (0.35 + 0.45 * tooth + 0.5 * rim), 0, 1)
    drawn = ink * np.clip(density, 0, 1)
    if pen.dust:
        cloud = cv2.GaussianBlur(ink, (0, 0), max(1.0, 0.8 * width_px))
        drawn = np.maximum(drawn, pen.dust * cloud * np.clip(1 + 0.5 * smooth_noise(shape, 3.0, rng), 0, 2))
    return np.asarray(np.clip(drawn, 0, 1), np.float32)
