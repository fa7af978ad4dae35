"""Digits as other people write and photograph them: seeded, NumPy and OpenCV only.

Two ways lead from a picture of MNIST to a frame. `written_frame` stays in the 28 x 28 frame, so that MNIST itself stays
sharp: affine and elastic distortion (P. Simard, D. Steinkraus and J. Platt, "Best Practices for Convolutional Neural
Networks", 2003) and another stroke width. `photographed_frame` draws the digit at the size of a real picture, with the
grey values or with the line of a pen of any width, spoils it as paper, camera and thresholding do, and brings it
back through the reader's own `normalise`, so that training sees the frames that serving sees.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import FRAME_SIDE, normalise
from digitlens.training.skeleton import FARTHEST, distance_to_segment

Frame = NDArray[np.float32]
Places = NDArray[np.intp]
# Column and row of both ends.
Stroke = tuple[tuple[float, float], tuple[float, float]]
REGIONAL_DIGITS = (1, 7)
CENTRE = (FRAME_SIDE - 1) / 2
# Glyphs of 9 px to 120 px on the page; a MNIST digit fills 20 of the 28 px.
SMALLEST_SCALE, LARGEST_SCALE = 0.45, 6.0
_NOISE_SIDE = 512


@dataclass(frozen=True, slots=True)
class Distortion:
    """How far a digit may be bent. Each value is the end of a range that is drawn from evenly.

    Attributes:
        rotation: degrees, to both sides.
        shear: horizontal shift for a unit of height, to both sides.
        scale: logarithm of the factor, to both sides, for height and width on their own.
        shift: pixels of the 28 x 28 frame, to both sides.
        elastic: pixels of the 28 x 28 frame, standard deviation of the local displacement.
    """

    rotation: float = 13.0
    shear: float = 0.25
    scale: float = 0.16
    shift: float = 2.0
    elastic: float = 1.0

    def scaled(self, strength: float) -> Distortion:
        """The same ranges, `strength` times as wide."""
        return Distortion(*(strength * getattr(self, part.name) for part in fields(self)))


WRITTEN = Distortion()
# The frame is cut to the ink afterwards, so a shift would change nothing; a photo adds slant and perspective.
PHOTOGRAPHED = Distortion(rotation=15.0, shear=0.35, scale=0.22, shift=0.0, elastic=1.2)


def written_frame(picture: Frame, rng: np.random.Generator, strength: float = 1.0) -> Frame:
    """Bend one digit inside its frame and change its stroke width.

    Args:
        picture: (28, 28) float32 in [0, 1], ink bright.
        rng: the only source of chance.
        strength: of the bending; 1 is full, 0 leaves the shape alone.

    Returns:
        (28, 28) float32 in [0, 1], ink bright.
    """
    if rng.random() < 0.1:
        return picture
    frame = warp(picture, FRAME_SIDE, WRITTEN.scaled(strength), rng)
    choice = rng.random()
    if choice < 0.25:
        frame += rng.uniform(0.1, 0.8) * (cv2.dilate(frame, _kernel(2 if choice < 0.12 else 3)) - frame)
    elif choice < 0.5:
        frame += rng.uniform(0.1, 0.6) * (cv2.erode(frame, _kernel(2 if choice < 0.37 else 3)) - frame)
    return np.asarray(np.clip(frame, 0.0, 1.0), np.float32)


def photographed_frame(
    picture: Frame,
    distance: Frame,
    rng: np.random.Generator,
    regional: int | None = None,
) -> Frame:
    """Draw one digit at the size of a real picture, spoil it, and bring it back through `normalise`.

    Args:
        picture: (28, 28) float32 in [0, 1], ink bright.
        distance: (28, 28) float32, pixels to the middle line of the stroke (see `skeleton.distance_fields`).
        rng: the only source of chance.
        regional: 1 or 7 to give the digit the strokes that it has outside America; then it is drawn by pen.

    Returns:
        (28, 28) float32 in [0, 1], ink bright.
    """
    side = max(10, round(FRAME_SIDE * float(np.exp(rng.uniform(np.log(SMALLEST_SCALE), np.log(LARGEST_SCALE))))))
    canvas = max(side, FRAME_SIDE)
    if regional is not None:
        ink = _pen_ink(add_regional_strokes(distance, regional, rng), canvas, rng)
    elif rng.random() < 0.45:
        ink = _pen_ink(distance, canvas, rng)
    else:
        grey = warp(picture, canvas, PHOTOGRAPHED, rng)
        ink = np.clip((grey - rng.uniform(0.3, 0.65)) * rng.uniform(1.5, 8.0) + 0.5, 0.0, 1.0)
    frame = normalise(spoil(ink, side, rng))
    # A hair line can vanish altogether; what is left then is no picture of this digit.
    return frame if frame.sum() > 8 else normalise(picture)


def warp(source: Frame, side: int, distortion: Distortion, rng: np.random.Generator, outside: float = 0.0) -> Frame:
    """Bend a frame and draw it at another size, in one resampling.

    Args:
        source: (28, 28) float32.
        side: pixels of the result.
        distortion: how far.
        rng: the only source of chance.
        outside: the value around the source.

    Returns:
        (side, side) float32.
    """
    matrix = _inverse_affine(distortion, rng)
    shift = rng.uniform(-distortion.shift, distortion.shift, 2) + CENTRE
    axis = _axis(side)
    strength = np.float32(rng.uniform(0, distortion.elastic))
    grid = int(rng.integers(3, 7))
    bend = cv2.resize(
        rng.standard_normal((grid, grid, 2), np.float32) * strength, (side, side), interpolation=cv2.INTER_CUBIC
    )
    columns = bend[..., 0] + (matrix[0, 0] * axis + np.float32(shift[0])) + (matrix[0, 1] * axis)[:, None]
    rows = bend[..., 1] + (matrix[1, 0] * axis + np.float32(shift[1])) + (matrix[1, 1] * axis)[:, None]
    drawn = cv2.remap(source, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=outside)
    return np.asarray(drawn, np.float32)


def add_regional_strokes(distance: Frame, label: int, rng: np.random.Generator) -> Frame:
    """Give a seven its bar, or a one its flag, its foot or both; MNIST, written in America, hardly has them.

    Args:
        distance: (28, 28) float32, pixels to the middle line of the stroke.
        label: 1 or 7; another digit stays as it is.
        rng: the only source of chance.

    Returns:
        (28, 28) float32, a new array where a stroke was added.
    """
    rows, columns = np.nonzero(distance < 0.5)
    if label not in REGIONAL_DIGITS or rows.size == 0 or np.ptp(rows) < 5:
        return distance
    strokes = _bar_of_seven(rows, columns, rng) if label == 7 else _flag_and_foot_of_one(rows, columns, rng)
    return functools.reduce(np.minimum, [distance_to_segment(*stroke) for stroke in strokes], distance)


def _bar_of_seven(rows: Places, columns: Places, rng: np.random.Generator) -> list[Stroke]:
    height = int(np.ptp(rows))
    row = rows.min() + height * rng.uniform(0.42, 0.62)
    middle = float(columns[np.argsort(np.abs(rows - row))[:2]].mean())
    half = height * rng.uniform(0.15, 0.28)
    tilt = half * rng.uniform(-0.4, 0.25)
    return [((middle - half, row - tilt), (middle + half, row + tilt))]


def _flag_and_foot_of_one(rows: Places, columns: Places, rng: np.random.Generator) -> list[Stroke]:
    """The flag leaves the stem at an acute angle; the top of a seven leaves it at a wide one."""
    height = int(np.ptp(rows))
    top = (float(columns[rows == rows.min()].mean()), float(rows.min()))
    foot = (float(columns[rows == rows.max()].mean()), float(rows.max()))
    strokes: list[Stroke] = []
    has_flag = rng.random() < 0.85
    if has_flag:
        lean = np.arctan2(top[0] - foot[0], foot[1] - top[1])  # of the stem, to the right, in radians
        angle = lean + np.deg2rad(rng.uniform(26, 50))
        length = height * rng.uniform(0.25, 0.6)
        strokes.append((top, (top[0] - length * float(np.sin(angle)), top[1] + length * float(np.cos(angle)))))
    if not has_flag or rng.random() < 0.3:
        half = height * rng.uniform(0.15, 0.3)
        strokes.append(((foot[0] - half, foot[1]), (foot[0] + half, foot[1])))
    return strokes


def spoil(ink: Frame, side: int, rng: np.random.Generator) -> Frame:
    """Rough stroke, blur, few pixels, low contrast, noise and a soft threshold, each in some of the pictures.

    Args:
        ink: (S, S) float32 in [0, 1].
        side: pixels that the camera gives; fewer than S means a picture of low resolution.
        rng: the only source of chance.

    Returns:
        (min(S, side), min(S, side)) float32 in [0, 1].
    """
    canvas = ink.shape[0]
    rough, blur, noise, gap = rng.random(4)
    if rough < 0.2:
        grain = max(4, int(canvas / rng.uniform(1.0, 4.0)))
        holes = cv2.resize(_noise(grain, rng), (canvas, canvas), interpolation=cv2.INTER_LINEAR)
        ink = ink * np.clip(rng.uniform(1.0, 2.2) + holes, 0.0, 1.0)
    if gap < 0.03:  # a ruling was taken out
        row = int(rng.integers(canvas // 5, canvas - canvas // 5))
        ink = ink.copy()
        ink[row : row + max(1, canvas // 28)] = 0
    if blur < 0.6:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), canvas * rng.uniform(0.008, 0.035)), np.float32)
    if side < canvas:
        ink = np.asarray(cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    if noise < 0.5:
        # The reader cuts a glyph out of its page, so noise counts where there is ink and at its edge only.
        ink = ink + _noise(ink.shape[0], rng) * np.float32(rng.uniform(0.02, 0.15)) * (ink > 0.05)
    low = rng.uniform(0.05, 0.4)
    peak = max(float(ink.max()), 1e-3)
    return np.asarray(np.clip((ink / peak - low) / rng.uniform(0.25, 0.6), 0.0, 1.0), np.float32)


def _pen_ink(distance: Frame, canvas: int, rng: np.random.Generator) -> Frame:
    """Draw the middle line with a pen between a hair line and a marker: 0.5 to 5.5 px in the 28 x 28 frame."""
    field = warp(distance, canvas, PHOTOGRAPHED, rng, outside=FARTHEST)
    width = float(np.exp(rng.uniform(np.log(0.5), np.log(5.5))))
    zoom = canvas / FRAME_SIDE
    # At least one pixel of the page, or the line falls apart into dots.
    half = max(width / 2, 0.5 / zoom)
    return np.asarray(np.clip((half - field) * zoom * rng.uniform(0.5, 1.5) + 0.5, 0.0, 1.0), np.float32)


def _inverse_affine(distortion: Distortion, rng: np.random.Generator) -> NDArray[np.float32]:
    """A 2 x 2 matrix from the result's coordinates to the source's."""
    angle, shear, tall, wide = rng.uniform(-1.0, 1.0, 4)
    angle *= np.deg2rad(distortion.rotation)
    cosine, sine = np.cos(angle), np.sin(angle)
    stretch = np.exp(-distortion.scale * np.array([wide, tall]))
    rotation = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[1.0, distortion.shear * shear], [0.0, 1.0]])
    return np.asarray(stretch[:, None] * rotation, np.float32)


def _noise(side: int, rng: np.random.Generator) -> Frame:
    """A patch of white noise, cut from a sheet made once: drawing it afresh would take longer than all the rest."""
    top, left = rng.integers(0, _NOISE_SIDE - side, 2)
    return _noise_sheet()[top : top + side, left : left + side]


@functools.lru_cache(maxsize=1)
def _noise_sheet() -> Frame:
    return np.random.default_rng(1998).standard_normal((_NOISE_SIDE, _NOISE_SIDE), np.float32)


@functools.lru_cache(maxsize=256)
def _axis(side: int) -> Frame:
    """Centres of `side` pixels that cover the frame, in frame pixels from its middle."""
    return ((np.arange(side, dtype=np.float32) + 0.5) * (FRAME_SIDE / side) - FRAME_SIDE / 2).astype(np.float32)


@functools.lru_cache(maxsize=8)
def _kernel(side: int) -> NDArray[np.uint8]:
    return np.asarray(
        cv2.getStructuringElement(cv2.MORPH_CROSS if side == 3 else cv2.MORPH_RECT, (side, side)), np.uint8
    )
