"""Signs, letters and scribbles that are no digits, drawn with shaking hands: ink of `SIDE` x `SIDE` pixels.

Left out is what could be a digit: upright strokes and arrows (1), rings (0), the upper right corner of a frame (7),
upright brackets with little curve (1), and letters that look like digits.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]
Points = NDArray[np.float64]
SIDE = 84
_MIDDLE = (SIDE - 1) / 2
# Letters that nobody takes for a digit, also when bent: no B C D G I J L O Q S U Y Z a b c g h i j l o q r s u y z.
LETTERS = "AEFHKMNPRTVWXdefkmnptvwx&@%#*=<~"
# In script fonts only these stay clear of digits.
SCRIPT_LETTERS = "AHKMNPRTWXkmnw&@#"
# How far a straight stroke leans to the left and to the right, in degrees: less than the first two and it may be a 1,
# more than the last two and it is a hair, a scratch or a dash; between them nobody could say. (Of MNIST's 1s
# 998 in 1,000 lie between -31 and 48.)
LEANS_LIKE_A_1, LEANS_TOO_FAR = (-13.0, 44.0), (-29.0, 54.0)
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)
_SCRIPT_FONTS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX)


def draw(strokes: list[Points], width: float) -> Ink:
    """Draw strokes with round ends and smooth edges.

    Args:
        strokes: each (M, 2) float64, column and row in pixels.
        width: of the pen in pixels; less than 1 counts as 1.

    Returns:
        (SIDE, SIDE) float32 in [0, 1], ink bright.
    """
    field = np.zeros((SIDE, SIDE), np.uint8)
    for stroke in strokes:
        points = np.round(stroke * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(field, [points], False, 255, max(1, round(width)), cv2.LINE_AA, shift=4)
    return field.astype(np.float32) / np.float32(255)


def segment(start: tuple[float, float], end: tuple[float, float]) -> Points:
    """A straight stroke in five points, so that a shaking hand bends it; (5, 2) float64."""
    return np.linspace(start, end, 5)


def pen_width(rng: np.random.Generator) -> float:
    """1 to 11 pixels of `SIDE`, thin ones as often as thick ones."""
    return float(np.exp(rng.uniform(np.log(1.0), np.log(11.0))))


def bend(ink: Ink, rng: np.random.Generator) -> Ink:
    """Bend, slant, stretch and turn a little: a corner turned far becomes a 7 and an arrow a 1.

    Args:
        ink: (SIDE, SIDE) float32 in [0, 1].
        rng: the only source of chance.

    Returns:
        (SIDE, SIDE) float32 in [0, 1].
    """
    coarse = rng.standard_normal((4, 4, 2), np.float32) * np.float32(rng.uniform(0, 4))
    field = np.asarray(cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)
    turn, slant = rng.uniform(-0.15, 0.15, 2)
    wide, tall = np.exp(rng.uniform(-0.25, 0.25, 2))
    axis = np.arange(SIDE) - _MIDDLE
    columns = field[..., 0] + _MIDDLE + wide * axis[None, :] + (slant - turn) * axis[:, None]
    rows = field[..., 1] + _MIDDLE + tall * axis[:, None] + turn * axis[None, :]
    return np.asarray(cv2.remap(ink, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR), np.float32)


def draw_sign(rng: np.random.Generator) -> Ink:
    """An operator, bracket, tick, arrow, frame or corner; (SIDE, SIDE) float32 in [0, 1]."""
    strokes = _SIGNS[int(rng.integers(len(_SIGNS)))](rng)
    strokes = [stroke + rng.normal(0, rng.uniform(0, 1.5), stroke.shape) for stroke in strokes]
    return bend(draw(strokes, pen_width(rng)), rng)


def _plus(rng: np.random.Generator) -> list[Points]:
    column, row = rng.uniform(34, 50, 2)
    reach = rng.uniform(16, 30, 4)
    return [
        segment((column - reach[0], row), (column + reach[1], row)),
        segment((column, row - reach[2]), (column, row + reach[3])),
    ]


def _times(rng: np.random.Generator) -> list[Points]:
    reach = rng.uniform(16, 30, 8)
    return [
        segment((42 - reach[0], 42 - reach[1]), (42 + reach[2], 42 + reach[3])),
        segment((42 + reach[4], 42 - reach[5]), (42 - reach[6], 42 + reach[7])),
    ]


def _minus(rng: np.random.Generator) -> list[Points]:
    tilt = rng.uniform(-10, 10)
    return [segment((10, 42 - tilt), (74, 42 + tilt))]


def _equals(rng: np.random.Generator) -> list[Points]:
    gap, tilt = rng.uniform(7, 16), rng.uniform(-5, 5)
    length = rng.uniform(16, 32, 2)
    rows = [42 - gap, 42 + gap] + ([42.0] if rng.random() < 0.15 else [])
    return [segment((42 - length[0], row - tilt), (42 + length[1], row + tilt)) for row in rows]


def _divided(rng: np.random.Generator) -> list[Points]:
    gap = rng.uniform(14, 24)
    dots = [segment((42, 42 + side * gap), (43, 43 + side * gap)) for side in (-1, 1)]
    return dots + ([segment((16, 42), (68, 42))] if rng.random() < 0.7 else [])


def _bracket(rng: np.random.Generator) -> list[Points]:
    mouth = rng.uniform(14, 24) * rng.choice([-1, 1])
    return [np.array([(42 + mouth, 10), (42, 10), (42, 42), (42, 74), (42 + mouth, 74)])]


def _round_bracket(rng: np.random.Generator) -> list[Points]:
    angle = np.linspace(-1.2, 1.2, 15) * rng.uniform(0.85, 1.1)
    belly = rng.uniform(26, 40) * rng.choice([-1, 1])
    return [np.stack([42 + belly * (np.cos(angle) - 0.7), 42 + 34 * np.sin(angle)], axis=1)]


def _tick(rng: np.random.Generator) -> list[Points]:
    foot = np.array([rng.uniform(24, 38), 70.0])
    left = foot + np.array([-rng.uniform(10, 20), -rng.uniform(12, 34)])
    right = foot + np.array([rng.uniform(28, 44), -rng.uniform(36, 60)])
    return [np.stack([left, foot, right])]


def _arrow(rng: np.random.Generator) -> list[Points]:
    angle = rng.uniform(-0.6, 0.6) + rng.choice([0, np.pi])
    ahead = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-ahead[1], ahead[0]])
    tip, tail = 42 + 32 * ahead, 42 - 32 * ahead
    barb = rng.uniform(10, 20, 2)
    return [
        np.stack([tail, tip]),
        np.stack([tip - barb[0] * ahead + barb[1] * aside, tip, tip - barb[0] * ahead - barb[1] * aside]),
    ]


def _square(rng: np.random.Generator) -> list[Points]:
    half = rng.uniform(20, 34)
    tall = half * rng.uniform(0.35, 1.0)
    corners = np.array([(-half, -tall), (half, -tall), (half, tall), (-half, tall), (-half, -tall)]) + 42
    return [corners] + ([np.stack([corners[0], corners[2]])] if rng.random() < 0.2 else [])


def _corner(rng: np.random.Generator) -> list[Points]:
    """Pieces of frames and tables; never the upper right corner, which is a 7, nor a lone T, which is close to one."""
    left, right, top, bottom = 42 - rng.uniform(14, 32), 42 + rng.uniform(14, 32), 42 - rng.uniform(14, 32), 74.0
    shapes = (
        [np.array([(left, top), (left, bottom), (right, bottom)])],
        [np.array([(right, top), (right, bottom), (left, bottom)])],
        [np.array([(left, bottom), (left, top), (right, top), (right, bottom)])],
        [np.array([(left, top), (left, bottom), (right, bottom), (right, top)])],
        [segment((left, top), (left, bottom)), segment((left, 42), (right, 42))],
        [
            segment((42, top), (42, bottom)),
            segment((left, bottom), (right, bottom)),
            segment((left, 42), (right, 42)),
        ],
    )
    return shapes[int(rng.integers(len(shapes)))]


def _star(rng: np.random.Generator) -> list[Points]:
    arms = int(rng.integers(3, 6))
    angles = rng.uniform(0, np.pi) + np.arange(arms) * np.pi / arms
    reach = rng.uniform(20, 34, arms)
    return [
        segment((42 - r * np.cos(a), 42 - r * np.sin(a)), (42 + r * np.cos(a), 42 + r * np.sin(a)))
        for r, a in zip(reach, angles, strict=True)
    ]


def draw_letters(rng: np.random.Generator) -> Ink:
    """One or two letters in one of OpenCV's Hershey fonts; (SIDE, SIDE) float32 in [0, 1]."""
    font = (_FONTS + _SCRIPT_FONTS)[int(rng.integers(len(_FONTS + _SCRIPT_FONTS)))]
    letters = SCRIPT_LETTERS if font in _SCRIPT_FONTS else LETTERS
    text = "".join(letters[int(rng.integers(len(letters)))] for _ in range(1 if rng.random() < 0.75 else 2))
    thickness = max(1, round(pen_width(rng) * 0.7))
    (width, height), base = cv2.getTextSize(text, font, 1.0, 1)
    scale = 60 / max(width, height + base)
    field = np.zeros((SIDE, SIDE), np.uint8)
    origin = (round(42 - width * scale / 2), round(42 + (height - base) * scale / 2))
    cv2.putText(field, text, origin, font, scale, 255, thickness, cv2.LINE_AA)
    return bend(field.astype(np.float32) / np.float32(255), rng)


def draw_scribble(rng: np.random.Generator) -> Ink:
    """A long smooth line that crosses itself: too long for any digit."""
    knots = int(rng.integers(7, 16))
    coarse = rng.uniform(8, 76, (knots, 1, 2)).astype(np.float32)
    line = cv2.resize(coarse, (1, knots * 8), interpolation=cv2.INTER_CUBIC)[:, 0].astype(np.float64)
    return draw([line], min(pen_width(rng), 8.0))


def draw_blot(rng: np.random.Generator) -> Ink:
    """A filled dot or stain."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = 24 + cv2.GaussianBlur(rng.normal(0, rng.uniform(0, 12), (24, 1)), (1, 5), 1.0)[:, 0]
    points = 42 + np.stack([radius * np.cos(angles) * rng.uniform(0.7, 1.3), radius * np.sin(angles)], axis=1)
    field = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(field, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    return field.astype(np.float32) / np.float32(255)


def draw_grain(rng: np.random.Generator) -> Ink:
    """Grain of paper or a shadow after thresholding: noise of one size, cut to a random patch."""
    white = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
    sigma = tuple(rng.uniform(0.8, 5.0, 2))
    noise = cv2.GaussianBlur(white, (0, 0), sigmaX=sigma[0], sigmaY=sigma[0 if rng.random() < 0.7 else 1])
    level = np.quantile(noise, rng.uniform(0.55, 0.92))
    ink = np.clip((noise - level) / (float(noise.std()) * rng.uniform(0.1, 0.8)), 0, 1)
    half = rng.uniform(20, 42, 2)
    axis = np.arange(SIDE) - SIDE / 2
    return np.asarray(ink * (np.abs(axis)[None, :] < half[0]) * (np.abs(axis)[:, None] < half[1]), np.float32)


_SIGNS = (
    _plus,
    _times,
    _minus,
    _equals,
    _divided,
    _bracket,
    _round_bracket,
    _tick,
    _arrow,
    _square,
    _corner,
    _star,
)
