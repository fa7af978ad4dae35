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
from digitlens.training.disturb import add_haze, leave_remnants
from digitlens.training.regional import add_regional_strokes
from digitlens.training.skeleton import FARTHEST

Frame = NDArray[np.float32]
CENTRE = (FRAME_SIDE - 1) / 2
# Glyphs of 7 px to 120 px on the page; a MNIST digit fills 20 of the 28 px.
SMALLEST_SCALE, LARGEST_SCALE = 0.36, 6.0
CURSIVE_SHARE = 0.16
REMNANTS_SHARE, HAZE_SHARE = 0.12, 0.1
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
        cursive: further shear to the right, as old hands slant, in a sixth of the pictures.
        slim: logarithm of a further factor that narrows another sixth of them.
    """

    rotation: float = 13.0
    shear: float = 0.25
    scale: float = 0.16
    shift: float = 0.7
    elastic: float = 1.0
    cursive: float = 0.5
    slim: float = 0.4

    def scaled(self, strength: float) -> Distortion:
        """The same ranges, `strength` times as wide."""
        return Distortion(*(strength * getattr(self, part.name) for part in fields(self)))


WRITTEN = Distortion()
# The frame is cut to the ink afterwards, so a shift would change nothing; a photo adds slant and perspective.
PHOTOGRAPHED = Distortion(rotation=13.0, shear=0.3, scale=0.2, shift=0.0, elastic=1.1, cursive=0.7, slim=0.5)


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
        regional: the digit's value, to give it the strokes of another country or time; then it is drawn by pen.

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
    if float(ink.max()) < 0.5:
        return normalise(picture)
    if rng.random() < REMNANTS_SHARE:
        ink = leave_remnants(ink, rng)
    ink = spoil(ink, side, rng)
    if rng.random() < HAZE_SHARE:
        ink = add_haze(ink, rng)
    frame = normalise(ink)
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
    if rough < 0.12:
        grain = max(4, int(canvas / rng.uniform(1.0, 4.0)))
        holes = cv2.resize(_noise(grain, rng), (canvas, canvas), interpolation=cv2.INTER_LINEAR)
        ink = ink * np.clip(rng.uniform(1.0, 2.2) + holes, 0.0, 1.0)
    if gap < 0.03:  # a ruling was taken out
        row = int(rng.integers(canvas // 5, canvas - canvas // 5))
        ink = ink.copy()
        ink[row : row + max(1, canvas // 28)] = 0
    if blur < 0.6:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), canvas * rng.uniform(0.008, 0.03)), np.float32)
    if side < canvas:
        ink = np.asarray(cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    if noise < 0.5:
        # The reader cuts a glyph out of its page, so noise counts where there is ink and at its edge only.
        ink = ink + _noise(ink.shape[0], rng) * np.float32(rng.uniform(0.02, 0.12)) * (ink > 0.05)
    low = rng.uniform(0.05, 0.4)
    peak = max(float(ink.max()), 1e-3)
    return np.asarray(np.clip((ink / peak - low) / rng.uniform(0.25, 0.6), 0.0, 1.0), np.float32)


def _pen_ink(distance: Frame, canvas: int, rng: np.random.Generator) -> Frame:
    """Draw the middle line with a pen between a hair line and a marker: 0.7 to 5.5 px in the 28 x 28 frame."""
    field = warp(distance, canvas, PHOTOGRAPHED, rng, outside=FARTHEST)
    width = float(np.exp(rng.uniform(np.log(0.7), np.log(5.5))))
    zoom = canvas / FRAME_SIDE
    # At least one pixel of the page, or the line falls apart into dots.
    half = max(width / 2, 0.5 / zoom)
    return np.asarray(np.clip((half - field) * zoom * rng.uniform(0.5, 1.5) + 0.5, 0.0, 1.0), np.float32)


def _inverse_affine(distortion: Distortion, rng: np.random.Generator) -> NDArray[np.float32]:
    """A 2 x 2 matrix from the result's coordinates to the source's."""
    angle, shear, tall, wide = rng.uniform(-1.0, 1.0, 4)
    angle *= np.deg2rad(distortion.rotation)
    slant = distortion.shear * shear
    if rng.random() < CURSIVE_SHARE:
        slant += rng.uniform(0.0, distortion.cursive)
    cosine, sine = np.cos(angle), np.sin(angle)
    stretch = np.exp(-distortion.scale * np.array([wide, tall]))
    if rng.random() < CURSIVE_SHARE:
        stretch[0] *= np.exp(rng.uniform(0.0, distortion.slim))
    rotation = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[1.0, slant], [0.0, 1.0]])
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
