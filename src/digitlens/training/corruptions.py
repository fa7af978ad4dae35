"""The fifteen corruptions of MNIST-C, at the severities of the published set; seeded, NumPy and OpenCV alone.

N. Mu and J. Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019. The parameters and the odd details
(glass blur that smears up and down alone, a stripe's columns) are those that the published pictures were made with;
the code is this project's own, works on many pictures at once, and draws its chance from NumPy's generator, so
single pictures differ from the published ones while their kind and strength do not.

Every corruption takes (N, 28, 28) float32 in [0, 1], ink bright, and gives the same shape and range; a result may
lie a little outside before `corrupted` clips it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.training.datasets import Digits

Frames = NDArray[np.float32]
Chance = np.random.Generator

_SHOTS = 3  # photons of a white pixel
_IMPULSES = 0.17  # share of pixels that turn black or white
_GLASS_SIGMA, _GLASS_SWAPS = 0.7, 2
_MOTION_RADIUS, _MOTION_SIGMA, _MOTION_ANGLE = 10, 3.0, 45.0
_SHEAR = _TURN = 0.4  # radians
_SCALE = 0.7
_SHIFT = 3
_BRIGHTER = 0.5
_STRIPE = FRAME_SIDE // 4
_FOG_STRENGTH, _FOG_DECAY, _FOG_SIDE = 3.0, 1.4, 256
_SPATTER_MEAN, _SPATTER_SPREAD, _SPATTER_SIGMA, _SPATTER_LEVEL, _DROP_SIGMA = 0.65, 0.3, 1.0, 0.65, 1.5
_DROP_EDGE, _MUD = 0.8, 63 / 255
_LINE_REACH = 2.3  # pixels above and below at which a drawn line has faded away
_ZIG = 2.0  # half a zigzag's length and its height
_CANNY_SIGMA, _CANNY_LOW, _CANNY_HIGH = 1.0, 0.1, 0.2


def corrupted(digits: Digits, name: str, seed: int) -> Digits:
    """Corrupt every digit; the labels stay.

    Args:
        digits: of any number.
        name: a key of `CORRUPTIONS`.
        seed: the same seed gives the same pictures.

    Raises:
        KeyError: there is no such corruption.
    """
    # Each corruption has its own chance, so that one more of them would not change the others.
    rng = np.random.default_rng([seed, list(CORRUPTIONS).index(name)])
    frames = CORRUPTIONS[name](digits.pictures.astype(np.float32) / np.float32(255), rng)
    return Digits(np.round(np.clip(frames, 0, 1) * 255).astype(np.uint8), digits.labels)


def shot_noise(frames: Frames, rng: Chance) -> Frames:
    """Few photons: a Poisson count of at most 3 a pixel."""
    return (rng.poisson(frames * _SHOTS) / _SHOTS).astype(np.float32)


def impulse_noise(frames: Frames, rng: Chance) -> Frames:
    """Salt and pepper on 17 % of the pixels."""
    salt = (rng.random(frames.shape) < 0.5).astype(np.float32)
    return np.where(rng.random(frames.shape) < _IMPULSES, salt, frames)


def glass_blur(frames: Frames, rng: Chance) -> Frames:
    """A blur up and down, neighbours that change places twice, and the blur again."""
    blurred = _each(frames, _smeared).copy()
    pictures = np.arange(len(blurred))
    for _ in range(_GLASS_SWAPS):
        for row in range(FRAME_SIDE - 1, 1, -1):
            for column in range(FRAME_SIDE - 1, 1, -1):
                moved = rng.random(len(pictures)) < 0.5
                rows, columns = (at - rng.integers(0, 2, len(pictures)) * moved for at in (row, column))
                here = blurred[:, row, column].copy()
                blurred[:, row, column] = blurred[pictures, rows, columns]
                blurred[pictures, rows, columns] = here
    return _each(blurred, _smeared)


def motion_blur(frames: Frames, rng: Chance) -> Frames:
    """Half a Gaussian of 21 taps along a direction within 45 degrees of the horizontal, as ImageMagick blurs motion."""
    steps = np.arange(2 * _MOTION_RADIUS + 1)
    weights = np.exp(-(steps**2) / (2 * _MOTION_SIGMA**2))
    angles = np.deg2rad(rng.uniform(-_MOTION_ANGLE, _MOTION_ANGLE, len(frames)))
    pictures, axis = np.arange(len(frames))[:, None, None], np.arange(FRAME_SIDE)
    result = np.zeros_like(frames)
    for step, weight in zip(steps, weights / weights.sum(), strict=True):
        down, right = (np.ceil(step * part(angles) - 0.5).astype(int) for part in (np.sin, np.cos))
        rows = np.clip(axis + down[:, None], 0, FRAME_SIDE - 1)[:, :, None]
        columns = np.clip(axis + right[:, None], 0, FRAME_SIDE - 1)[:, None, :]
        result += np.float32(weight) * frames[pictures, rows, columns]
    return result


def shear(frames: Frames, rng: Chance) -> Frames:
    """Slanted by 0.4 radians to one side or the other."""
    signs = _signs(len(frames), rng)
    return _warped(frames, [np.array([[1, -math.sin(s * _SHEAR)], [0, math.cos(s * _SHEAR)]]) for s in signs])


def scale(frames: Frames, rng: Chance) -> Frames:  # noqa: ARG001  # all corruptions are called alike
    """Shrunk to 0.7 of its size."""
    return _warped(frames, [np.eye(2) / _SCALE] * len(frames))


def rotate(frames: Frames, rng: Chance) -> Frames:
    """Turned by 0.4 radians to one side or the other."""
    turns = _TURN * _signs(len(frames), rng)
    return _warped(frames, [np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) for t in turns])


def brightness(frames: Frames, rng: Chance) -> Frames:  # noqa: ARG001
    """Half of the range brighter, so that the ground turns grey and strokes lose their edge."""
    return np.asarray(frames + np.float32(_BRIGHTER), np.float32)


def translate(frames: Frames, rng: Chance) -> Frames:
    """Moved by 3 pixels in both directions."""
    return _warped(frames, [np.eye(2)] * len(frames), _SHIFT * _signs((len(frames), 2), rng))


def stripe(frames: Frames, rng: Chance) -> Frames:  # noqa: ARG001
    """Inverted but for a stripe of 14 columns in the middle."""
    result = 1 - frames
    result[:, :, _STRIPE:-_STRIPE] = frames[:, :, _STRIPE:-_STRIPE]
    return result


def fog(frames: Frames, rng: Chance) -> Frames:
    """Clouds three times as bright as the ink, a corner of a plasma fractal; then the contrast that is left."""
    clouds = np.stack([_plasma(rng)[:FRAME_SIDE, :FRAME_SIDE] for _ in frames]) if len(frames) else frames
    brightest = frames.max(axis=(1, 2), keepdims=True, initial=0)
    return np.asarray((frames + _FOG_STRENGTH * clouds) * brightest / (brightest + _FOG_STRENGTH), np.float32)


def spatter(frames: Frames, rng: Chance) -> Frames:
    """Drops of mud: grey over what they hide."""
    liquid = rng.normal(_SPATTER_MEAN, _SPATTER_SPREAD, frames.shape).astype(np.float32)
    drops = (_each(liquid, lambda layer: _gaussian(layer, _SPATTER_SIGMA)) > _SPATTER_LEVEL).astype(np.float32)
    mud = _each(drops, lambda layer: _gaussian(layer, _DROP_SIGMA))
    mud[mud < _DROP_EDGE] = 0
    return np.asarray(frames * (1 - mud) + np.float32(_MUD) * mud, np.float32)


def dotted_line(frames: Frames, rng: Chance) -> Frames:
    """A line from edge to edge, two columns drawn and two left out."""
    end = FRAME_SIDE - 1
    heights = rng.integers(0, end, (len(frames), 2))
    drawn = np.arange(FRAME_SIDE) // 2 % 2 == 1
    lines = [_line((0, left), (end, right)) * drawn for left, right in heights]
    return frames + np.array(lines, np.float32).reshape(frames.shape)


def zigzag(frames: Frames, rng: Chance) -> Frames:
    """A zigzag from left to right, at most five pixels higher or lower at its end."""
    result = frames.copy()
    for frame in result:
        start = int(rng.integers(0, FRAME_SIDE - 1))
        corners = _zigzag_corners(start, start + int(rng.integers(-5, 5)))
        for first, second in pairwise(corners):
            np.minimum(frame + _line(tuple(first), tuple(second)), 1, out=frame)
    return result


def canny_edges(frames: Frames, rng: Chance) -> Frames:  # noqa: ARG001
    """Only the edges are left (J. Canny, "A Computational Approach to Edge Detection", 1986)."""
    return _each(frames, _canny)


# In the order of the paper.
CORRUPTIONS: dict[str, Callable[[Frames, Chance], Frames]] = {
    corruption.__name__: corruption
    for corruption in (
        shot_noise,
        impulse_noise,
        glass_blur,
        motion_blur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
        stripe,
        fog,
        spatter,
        dotted_line,
        zigzag,
        canny_edges,
    )
}


def _each(frames: Frames, change: Callable[[Frames], Any]) -> Frames:
    return np.array([change(frame) for frame in frames], np.float32).reshape(frames.shape)


def _signs(shape: int | tuple[int, int], rng: Chance) -> NDArray[np.int64]:
    """-1 or 1, evenly."""
    return 2 * rng.integers(0, 2, shape) - 1


def _gaussian(layer: Frames, sigma: float, up_and_down_alone: bool = False) -> Frames:
    """Cut off at four standard deviations; the edge goes on outside."""
    side = 2 * int(4 * sigma + 0.5) + 1
    kernel = (1 if up_and_down_alone else side, side)
    return np.asarray(cv2.GaussianBlur(layer, kernel, sigma, borderType=cv2.BORDER_REPLICATE), np.float32)


def _smeared(layer: Frames) -> Frames:
    return _gaussian(layer, _GLASS_SIGMA, up_and_down_alone=True)


def _warped(frames: Frames, inverse: list[NDArray[np.float64]], shifts: NDArray[np.int64] | None = None) -> Frames:
    """Map every frame by a matrix from the result's coordinates to its own, around the middle; black outside.

    Args:
        frames: (N, 28, 28).
        inverse: N matrices (2, 2), for x and y.
        shifts: (N, 2) pixels, x and y, added to the frame's own coordinates; None is none.
    """
    middle = np.full(2, (FRAME_SIDE - 1) / 2)
    moved = np.zeros((len(frames), 2)) if shifts is None else shifts
    result = [
        cv2.warpAffine(
            frame,
            np.column_stack([matrix, middle - matrix @ middle + shift]),
            frame.shape,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )
        for frame, matrix, shift in zip(frames, inverse, moved, strict=True)
    ]
    return np.array(result, np.float32).reshape(frames.shape)


def _plasma(rng: Chance) -> NDArray[np.float64]:
    """A plasma fractal by the diamond-square algorithm (A. Fournier, D. Fussell and L. Carpenter, 1982), periodic.

    Returns:
        (256, 256) in [0, 1].
    """
    heights = np.zeros((_FOG_SIDE, _FOG_SIDE))
    step, rough = _FOG_SIDE, 100.0
    while step >= 2:
        half, reach = step // 2, rough**2
        corners = heights[::step, ::step]
        shape = corners.shape
        beside = corners + np.roll(corners, -1, axis=1)
        heights[half::step, half::step] = (beside + np.roll(beside, -1, axis=0)) / 4 + rng.uniform(-reach, reach, shape)
        # A point between two corners has them and the two square middles on its other sides as neighbours.
        middles = heights[half::step, half::step]
        across = middles + np.roll(middles, 1, axis=0) + beside
        along = middles + np.roll(middles, 1, axis=1) + corners + np.roll(corners, -1, axis=0)
        heights[::step, half::step] = across / 4 + rng.uniform(-reach, reach, shape)
        heights[half::step, ::step] = along / 4 + rng.uniform(-reach, reach, shape)
        step, rough = half, rough / _FOG_DECAY
    heights -= heights.min()
    return np.asarray(heights / heights.max(), np.float64)


def _line(start: tuple[float, float], end: tuple[float, float]) -> Frames:
    """A line from (column, row) to another further right, faded by the logarithm of the distance up or down."""
    (left, top), (right, bottom) = start, end
    if right == left:
        return np.zeros((FRAME_SIDE, FRAME_SIDE), np.float32)
    axis = np.arange(FRAME_SIDE)
    heights = top + (bottom - top) / (right - left) * (axis - left)
    distance = np.minimum(np.abs(axis[:, None] - heights), _LINE_REACH - 1e-10)
    ink = np.clip(np.log(1 - distance / _LINE_REACH) + 1, 0, 1)
    return np.asarray(ink * ((axis >= math.floor(left)) & (axis < math.ceil(right))), np.float32)


def _zigzag_corners(first: int, last: int) -> NDArray[np.float64]:
    """Corners of a zigzag from column 2, row `first`, to column 25, row `last`: (K, 2), column and row."""
    left, right = 2, 25
    angle = math.atan((last - first) / (right - left))
    length = (right - left) / math.cos(angle)
    teeth = np.arange(int((length - _ZIG) // (2 * _ZIG)) + 1)
    corners = [(0.0, 0.0), *zip((2 * teeth + 1) * _ZIG, np.where(teeth % 2, -_ZIG, _ZIG), strict=True)]
    left_over = length - 2 * _ZIG * (length // (2 * _ZIG))
    if left_over:
        corners.append((length, corners[-1][1] / (2 * left_over)))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.asarray(np.array(corners) @ turn.T + (left, first), np.float64)


def _canny(frame: Frames) -> Frames:
    """Edges of one frame, 1 on 0: the gradient's ridges, followed from strong to weak."""
    # Divided by the share of the kernel that lies in the picture, so that no edge appears at its border.
    smooth = _darkening(frame) / _darkening(np.ones_like(frame))
    right, down = (cv2.Sobel(smooth, cv2.CV_32F, *order, borderType=cv2.BORDER_REFLECT) for order in ((1, 0), (0, 1)))
    slope = np.hypot(right, down)
    # One step along the gradient, to the next row or column; there between two pixels.
    longest = np.maximum(np.maximum(np.abs(right), np.abs(down)), 1e-12)
    rows, columns = np.indices(frame.shape, np.float32)
    ahead, behind = (
        cv2.remap(slope, columns + sign * right / longest, rows + sign * down / longest, cv2.INTER_LINEAR)
        for sign in (1, -1)
    )
    ridge = (slope >= ahead) & (slope >= behind) & (slope >= _CANNY_LOW)
    ridge[[0, -1]] = ridge[:, [0, -1]] = False
    pieces = cv2.connectedComponents(ridge.astype(np.uint8), connectivity=8)[1]
    strong = np.unique(pieces[ridge & (slope >= _CANNY_HIGH)])
    return np.isin(pieces, strong[strong > 0]).astype(np.float32)


def _darkening(layer: Frames) -> Frames:
    """Blurred for `_canny`, with darkness outside."""
    side = 2 * int(4 * _CANNY_SIGMA + 0.5) + 1
    blurred = cv2.GaussianBlur(layer, (side, side), _CANNY_SIGMA, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(blurred, np.float32)
