"""Strokes that digits have in other countries and times: flags, feet, bars, hooks and curls, added to a middle line."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitlens.training.skeleton import distance_to_segment

Frame = NDArray[np.float32]
Places = NDArray[np.intp]
# Column and row of both ends.
Stroke = tuple[tuple[float, float], tuple[float, float]]
# Pixels of the line around its end that tell where it was going.
_END_REACH = 4.5


def add_regional_strokes(distance: Frame, label: int, rng: np.random.Generator) -> Frame:
    """Give a seven its bar, hook or dip, a one its flag and foot, a two, three or five its curls; MNIST has few.

    Args:
        distance: (28, 28) float32, pixels to the middle line of the stroke.
        label: one of `REGIONAL_DIGITS`; another digit stays as it is.
        rng: the only source of chance.

    Returns:
        (28, 28) float32, a new array where a stroke was added or the digit was written anew.
    """
    rows, columns = np.nonzero(distance < 0.5)
    if label not in REGIONAL_DIGITS or rows.size == 0 or np.ptp(rows) < 5:
        return distance
    if label == 7 and rng.random() < 0.3:
        distance = np.full_like(distance, np.inf)  # nothing of it stays
        strokes = _seven_with_sagging_top(rows, columns, rng)
    else:
        strokes = _STROKES[label](rows, columns, rng)
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
    has_flag = rng.random() < 0.75
    if has_flag:
        lean = np.arctan2(top[0] - foot[0], foot[1] - top[1])  # of the stem, to the right, in radians
        angle = lean + np.deg2rad(rng.uniform(26, 45))
        length = height * rng.uniform(0.25, 0.6)
        strokes.append((top, (top[0] - length * float(np.sin(angle)), top[1] + length * float(np.cos(angle)))))
    if not has_flag or rng.random() < 0.3:
        half = height * rng.uniform(0.15, 0.3)
        strokes.append(((foot[0] - half, foot[1]), (foot[0] + half, foot[1])))
    return strokes


def _bar_or_hook_of_seven(rows: Places, columns: Places, rng: np.random.Generator) -> list[Stroke]:
    """The bar of Europe, or the hook that hangs from the left end of the top in East Asia and in old hands."""
    bar = _bar_of_seven(rows, columns, rng) if rng.random() < 0.5 else []
    if bar and rng.random() < 0.7:
        return bar
    height = int(np.ptp(rows))
    upper = rows <= rows.min() + 0.35 * height
    left = int(np.argmin(np.where(upper, columns, np.inf)))
    start = (float(columns[left]), float(rows[left]))
    length = height * rng.uniform(0.08, 0.26)
    return [*bar, (start, (start[0] + length * rng.uniform(-0.7, 0.1), start[1] + length))]


def _seven_with_sagging_top(rows: Places, columns: Places, rng: np.random.Generator) -> list[Stroke]:
    """The seven of many Indian hands: its top dips like the head of a y, and a rising bar crosses the stem low."""
    height, middle = float(np.ptp(rows)), float(columns.mean())
    corner = rng.uniform(0.08, 0.3), rng.uniform(-0.02, 0.06)
    foot = corner[0] - rng.uniform(0.05, 0.4), 1.0
    valley = corner[0] - rng.uniform(0.22, 0.42), corner[1] + rng.uniform(0.12, 0.36)
    tip = valley[0] - rng.uniform(0.06, 0.22), valley[1] - rng.uniform(0.06, 0.28)
    low = rng.uniform(0.45, 0.71)
    crossing = corner[0] + (foot[0] - corner[0]) * low
    half, rise = rng.uniform(0.14, 0.34), rng.uniform(-0.02, 0.16)
    bar = (crossing - half, low + rise), (crossing + half * rng.uniform(0.8, 1.4), low - rise)

    def placed(point: tuple[float, float]) -> tuple[float, float]:
        return middle + height * point[0], float(rows.min()) + height * point[1]

    line = [placed(point) for point in (tip, valley, corner, foot)]
    return [*itertools.pairwise(line), (placed(bar[0]), placed(bar[1]))]


def _curls(rows: Places, columns: Places, rng: np.random.Generator) -> list[Stroke]:
    """The pen goes on at one or both ends of the line, and turns as it goes."""
    line = np.stack([columns, rows], axis=1).astype(float)
    apart = np.abs(line[:, None] - line[None]).max(axis=2)
    ends = line[(apart <= 1).sum(axis=1) == 2]  # itself and one neighbour
    strokes: list[Stroke] = []
    for end in ends[rng.permutation(len(ends))[: int(rng.integers(1, 3))]]:
        near = line[np.hypot(*(line - end).T) < _END_REACH]
        heading = np.arctan2(*(end - near.mean(axis=0))[::-1])
        turn, step = rng.choice([-1, 1]) * rng.uniform(0.2, 0.75), np.ptp(rows) * rng.uniform(0.05, 0.11)
        place = end
        for _ in range(int(rng.integers(2, 5))):
            heading += turn
            following = place + step * np.array([np.cos(heading), np.sin(heading)])
            strokes.append(((float(place[0]), float(place[1])), (float(following[0]), float(following[1]))))
            place = following
    return strokes


_STROKES: dict[int, Callable[[Places, Places, np.random.Generator], list[Stroke]]] = {
    1: _flag_and_foot_of_one,
    2: _curls,
    3: _curls,
    5: _curls,
    7: _bar_or_hook_of_seven,
}
REGIONAL_DIGITS = tuple(_STROKES)
