"""Marks that are no digits: the eleventh class, drawn by chance and seeded.

Everything comes from MNIST's training part, from lines drawn here and from the Hershey letters in OpenCV, so anyone
can make it again. What could be read as a digit is left out: an upright stroke is a 1, a ring is a 0, and so
are the letters O, l, I, S, Z, B, q, g, b and the like. Every mark ends in the reader's own `normalise`.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import normalise
from digitlens.training.augment import spoil
from digitlens.training.doodles import draw_doodle
from digitlens.training.marks import (
    LEANS_TOO_FAR,
    SIDE,
    bend,
    draw,
    draw_blot,
    draw_grain,
    draw_letters,
    draw_scribble,
    draw_sign,
    pen_width,
    segment,
)

Frame = NDArray[np.float32]
Pictures = NDArray[np.uint8]
Labels = NDArray[np.int64]
# Halves of these digits are open arcs and hooks; halves of the others are digits again (8 gives 3, 9 gives 0).
_CUT_DIGITS = (0, 3, 5)
_TRIES = 12


def not_a_digit(pictures: Pictures, labels: Labels, rng: np.random.Generator) -> Frame:
    """Draw one mark that is no digit.

    Args:
        pictures: (N, 28, 28) uint8, ink bright: digits of the training part.
        labels: (N,) their values.
        rng: the only source of chance.

    Returns:
        (28, 28) float32 in [0, 1], ink bright, as `normalise` gives it.
    """
    for _ in range(_TRIES):
        ink = _draw_mark(pictures, labels, rng)
        side = int(SIDE * rng.uniform(0.2, 1.0))
        frame = normalise(spoil(np.ascontiguousarray(ink, np.float32), side, rng))
        if frame.sum() > 8 and not looks_like_one(frame):
            return frame
    return normalise(draw([segment((8, 42), (76, 42))], 6.0))


def looks_like_one(frame: Frame) -> bool:
    """Whether the ink is one long stroke that leans no farther than `LEANS_TOO_FAR`, which is how people write a 1.

    Args:
        frame: (28, 28) float32 in [0, 1], ink bright.

    Returns:
        True for a mark that must not be taught as "not a digit".
    """
    rows, columns = np.nonzero(frame > 0.3)
    if rows.size < 3:
        return True
    spread = np.cov(np.stack([columns, rows]).astype(float)) + np.eye(2) * 0.1
    values, vectors = np.linalg.eigh(spread)
    right, down = vectors[:, 1].tolist()
    lean = math.degrees(math.atan(-right / down)) if down else 90.0
    return bool(LEANS_TOO_FAR[0] < lean < LEANS_TOO_FAR[1] and values[1] > 5.0 * values[0])


def _digit(
    pictures: Pictures,
    labels: Labels,
    rng: np.random.Generator,
    among: tuple[int, ...] = tuple(range(10)),
) -> tuple[Frame, int]:
    """Any digit out of `among`, 28 x 28, with its value."""
    while True:
        index = int(rng.integers(len(pictures)))
        if int(labels[index]) in among:
            return pictures[index].astype(np.float32) / np.float32(255), int(labels[index])


def _piece(pictures: Pictures, labels: Labels, rng: np.random.Generator) -> Frame:
    """Half of a digit, as a cut or a badly chosen box leaves it."""
    digit, label = _digit(pictures, labels, rng, _CUT_DIGITS)
    large = cv2.resize(digit, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    # An upright cut of a 3 or 5 keeps its look; a level one leaves an arc or a hook.
    angle = rng.uniform(0, 2 * np.pi) if label == 0 else rng.choice([-1, 1]) * np.pi / 2 + rng.uniform(-0.3, 0.3)
    axis = np.arange(SIDE) - SIDE / 2
    kept = axis[None, :] * np.cos(angle) + axis[:, None] * np.sin(angle) > rng.uniform(0, 8)
    return bend(np.asarray(large * kept, np.float32), rng)


def _pair(pictures: Pictures, labels: Labels, rng: np.random.Generator) -> Frame:
    """Two or three digits side by side, apart, touching or overlapping a little."""
    field = np.zeros((28, 28 * 3), np.float32)
    column = 0
    previous = -1
    for _ in range(2 if rng.random() < 0.85 else 3):
        # Two ones close together can be taken for an 11, a 4 or a 0, and "13" for a B or an 8.
        digit, label = _digit(
            pictures, labels, rng, (0, 2, 3, 4, 5, 6, 7, 8, 9) if previous in (-1, 1) else tuple(range(10))
        )
        ink = np.nonzero(digit.max(axis=0) > 0.3)[0]
        cut = digit[:, ink.min() : ink.max() + 1]
        shift = int(np.clip(rng.normal(0, 1.5), -3, 3))
        cut = np.roll(cut, shift, axis=0)
        column = min(max(column, 0), field.shape[1] - cut.shape[1])
        place = field[:, column : column + cut.shape[1]]
        np.maximum(place, cut, out=place)
        column += cut.shape[1] + int(rng.integers(-3, 4))
        previous = label
    used = np.nonzero(field.max(axis=0) > 0)[0]
    joined = field[:, : used.max() + 1]
    scale = 76 / max(joined.shape)
    grown = cv2.resize(joined, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    canvas = np.zeros((SIDE, SIDE), np.float32)
    top = (SIDE - grown.shape[0]) // 2
    canvas[top : top + grown.shape[0], 4 : 4 + grown.shape[1]] = grown
    return bend(canvas, rng)


def _crossed_out(pictures: Pictures, labels: Labels, rng: np.random.Generator) -> Frame:
    """A digit that its writer struck out with a dense zigzag."""
    digit, _ = _digit(pictures, labels, rng)
    large = cv2.resize(digit, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    turns = int(rng.integers(7, 12))
    columns = np.linspace(14, 70, turns)
    rows = 42 + np.where(np.arange(turns) % 2, 1, -1) * rng.uniform(10, 26, turns)
    zigzag = np.stack([columns, rows], axis=1)
    zigzag = zigzag[:, ::-1] if rng.random() < 0.5 else zigzag
    return bend(np.maximum(large, draw([zigzag], pen_width(rng))), rng)


_FROM_NOTHING = (
    (draw_sign, 0.2),
    (draw_doodle, 0.26),
    (draw_letters, 0.14),
    (draw_scribble, 0.06),
    (draw_blot, 0.06),
    (draw_grain, 0.1),
)
_FROM_DIGITS = ((_pair, 0.13), (_piece, 0.03), (_crossed_out, 0.02))


def _draw_mark(pictures: Pictures, labels: Labels, rng: np.random.Generator) -> Frame:
    """Ink of SIDE x SIDE pixels of one kind, each as often as its share says."""
    choice = rng.random()
    for maker, share in _FROM_NOTHING:
        choice -= share
        if choice < 0:
            return maker(rng)
    for cutter, share in _FROM_DIGITS:
        choice -= share
        if choice < 0:
            return cutter(pictures, labels, rng)
    return draw_sign(rng)
