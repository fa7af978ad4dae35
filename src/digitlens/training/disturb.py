"""What gets into a frame besides the digit: noise, blur, haze, bands, spots, lines; and what paper leaves beside it.

`disturb` spoils a finished 28 x 28 frame, in the families of N. Mu and J. Gilmer, "MNIST-C: A Robustness Benchmark for
Computer Vision", 2019, with strengths and shapes of our own. `leave_remnants` works on a glyph before it is normalised:
rulings, the corner of a table, dots and pieces of a neighbour that the reader could not take away.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import FRAME_SIDE

Frame = NDArray[np.float32]
_MIDDLE = (FRAME_SIDE - 1) / 2


def disturb(frame: Frame, rng: np.random.Generator) -> Frame:
    """Spoil a frame in one way, now and then in two.

    Args:
        frame: (28, 28) float32 in [0, 1], ink bright.
        rng: the only source of chance.

    Returns:
        (28, 28) float32 in [0, 1].
    """
    for _ in range(2 if rng.random() < 0.15 else 1):
        frame = np.clip(_WAYS[int(rng.integers(len(_WAYS)))](frame, rng), 0.0, 1.0).astype(np.float32)
    return frame


def leave_remnants(ink: Frame, rng: np.random.Generator) -> Frame:
    """Leave beside a glyph what the reader may leave there: a ruling, the corner of a cell, dots, a neighbour's piece.

    Args:
        ink: (S, S) float32 in [0, 1].
        rng: the only source of chance.

    Returns:
        (S, S) float32 in [0, 1], a new array.
    """
    side = ink.shape[0]
    choice = rng.random()
    if choice < 0.25:  # the corner of a cell hangs far out, so the digit becomes small
        ink = _shrunk(ink, rng.uniform(0.4, 0.9), rng)
        return np.maximum(ink, _corner(side, rng))
    field = np.zeros((side, side), np.uint8)
    thickness = max(1, round(side * rng.uniform(0.01, 0.05)))
    if choice < 0.5:  # a piece of a ruling, level or upright
        start, end = np.sort(rng.uniform(-0.1, 1.1, 2)) * side
        place = float(rng.choice([rng.uniform(0.02, 0.28), rng.uniform(0.72, 0.98)])) * side
        tilt = side * rng.uniform(-0.06, 0.06)
        ends = ((start, place - tilt), (end, place + tilt))
        _line(field, ends if rng.random() < 0.6 else tuple(point[::-1] for point in ends), thickness)
    elif choice < 0.8:  # dots
        for _ in range(int(rng.integers(1, 5))):
            column, row = (int(v) for v in rng.uniform(0, side, 2))
            cv2.circle(field, (column, row), max(1, round(side * rng.uniform(0.01, 0.045))), 255, -1, cv2.LINE_AA)
    else:  # a piece of a neighbour at one edge
        edge = side * rng.uniform(0.0, 0.1) if rng.random() < 0.5 else side * rng.uniform(0.9, 1.0)
        rows = side * (rng.uniform(0.1, 0.9) + np.linspace(-1, 1, 7) * rng.uniform(0.08, 0.25))
        columns = edge + side * rng.uniform(-0.07, 0.07) * np.cos(np.linspace(-1.5, 1.5, 7))
        cv2.polylines(field, [np.stack([columns, rows], 1).astype(np.int32)], False, 255, thickness * 2, cv2.LINE_AA)
    return np.asarray(np.maximum(ink, field.astype(np.float32) * np.float32(rng.uniform(0.3, 1.0) / 255)), np.float32)


def add_haze(ink: Frame, rng: np.random.Generator) -> Frame:
    """Lift the whole patch a little, evenly or in clouds, as a scan of light ink does; (S, S) to (S, S)."""
    side = ink.shape[0]
    clouds = rng.random((int(rng.integers(1, 6)), int(rng.integers(1, 6)))).astype(np.float32)
    haze = cv2.resize(clouds, (side, side), interpolation=cv2.INTER_LINEAR) * np.float32(rng.uniform(0.05, 0.25))
    grain = rng.random((side, side)).astype(np.float32) * np.float32(rng.uniform(0.0, 0.12))
    return np.asarray(np.maximum(ink, haze + grain), np.float32)


def _shrunk(ink: Frame, scale: float, rng: np.random.Generator) -> Frame:
    side = ink.shape[0]
    room = side * (1 - scale)
    matrix = np.array([[scale, 0, rng.uniform(0, room)], [0, scale, rng.uniform(0, room)]])
    return np.asarray(cv2.warpAffine(ink, matrix, (side, side), flags=cv2.INTER_AREA), np.float32)


def _corner(side: int, rng: np.random.Generator) -> Frame:
    """One to three sides of a box around the field, near its edges."""
    field = np.zeros((side, side), np.uint8)
    near, far = side * rng.uniform(0.0, 0.06, 2), side * rng.uniform(0.94, 1.0, 2)
    sides = [
        ((near[0], near[1]), (far[0], near[1])),
        ((near[0], near[1]), (near[0], far[1])),
        ((far[0], near[1]), (far[0], far[1])),
        ((near[0], far[1]), (far[0], far[1])),
    ]
    thickness = max(1, round(side * rng.uniform(0.01, 0.05)))
    for index in rng.permutation(4)[: int(rng.integers(1, 4))]:
        _line(field, sides[index], thickness)
    return field.astype(np.float32) * np.float32(rng.uniform(0.3, 1.0) / 255)


def _line(field: NDArray[np.uint8], ends: tuple[tuple[float, ...], ...], thickness: int) -> None:
    start, end = ((round(column * 16), round(row * 16)) for column, row in ends)
    cv2.line(field, start, end, 255, thickness, cv2.LINE_AA, shift=4)


def _add_grain(frame: Frame, rng: np.random.Generator) -> Frame:
    """Gaussian, shot, speckle or impulse noise."""
    kind = rng.integers(4)
    if kind == 0:
        return frame + rng.standard_normal(frame.shape).astype(np.float32) * np.float32(rng.uniform(0.05, 0.4))
    if kind == 1:
        photons = rng.uniform(2, 20)
        return np.asarray(rng.poisson(frame * photons) / photons, np.float32)
    if kind == 2:
        return frame * (1 + rng.standard_normal(frame.shape).astype(np.float32) * np.float32(rng.uniform(0.1, 0.6)))
    share = rng.uniform(0.02, 0.3)
    chance = rng.random(frame.shape)
    return np.where(chance < share / 2, 0.0, np.where(chance > 1 - share / 2, 1.0, frame)).astype(np.float32)


def _blur(frame: Frame, rng: np.random.Generator) -> Frame:
    """Out of focus, or moved."""
    if rng.random() < 0.4:
        return np.asarray(cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.5, 1.8)), np.float32)
    kernel = np.zeros((21, 21), np.uint8)
    angle, reach = rng.uniform(0, np.pi), rng.uniform(2, 7)
    across, down = reach * np.cos(angle), reach * np.sin(angle)
    # The shutter closes softly: half of the movements leave a trail to one side only.
    _line(kernel, ((10.0, 10.0) if rng.random() < 0.5 else (10 - across, 10 - down), (10 + across, 10 + down)), 1)
    weights = kernel.astype(np.float32) / max(1.0, float(kernel.sum()))
    return np.asarray(cv2.filter2D(frame, -1, weights, borderType=cv2.BORDER_CONSTANT), np.float32)


def _shatter(frame: Frame, rng: np.random.Generator) -> Frame:
    """Seen through rough glass: every pixel comes from somewhere near."""
    axis = np.arange(FRAME_SIDE, dtype=np.float32)
    reach = rng.uniform(0.4, 1.8)
    columns, rows = (
        (rng.uniform(-reach, reach, frame.shape) + plain).astype(np.float32) for plain in (axis[None, :], axis[:, None])
    )
    # Ribbed glass blurs one way more than the other.
    before, after = rng.uniform(0.05, 0.9, (2, 2))
    soft = cv2.GaussianBlur(frame, (0, 0), sigmaX=before[0], sigmaY=before[1])
    broken = cv2.remap(soft, columns, rows, cv2.INTER_NEAREST)
    return np.asarray(cv2.GaussianBlur(broken, (0, 0), sigmaX=after[0], sigmaY=after[1]), np.float32)


def _lift(frame: Frame, rng: np.random.Generator) -> Frame:
    """A bright background, even or cloudy, and little contrast."""
    if rng.random() < 0.4:
        return frame + np.float32(rng.uniform(0.1, 0.6))
    clouds = np.zeros(frame.shape, np.float32)
    weight = 1.0
    for grid in (2, 4, 8, 16, 28):
        layer = rng.random((grid, grid)).astype(np.float32)
        clouds += np.float32(weight) * cv2.resize(layer, frame.shape, interpolation=cv2.INTER_CUBIC)
        weight *= rng.uniform(0.3, 0.8)
    clouds = (clouds - clouds.min()) / max(float(np.ptp(clouds)), 1e-3)
    strength = np.float32(rng.uniform(0.5, 3.2))
    return np.asarray((frame + strength * clouds) / (1 + strength), np.float32)


def _invert_bands(frame: Frame, rng: np.random.Generator) -> Frame:
    """Dark on light in one or two bands along the edges, or in the middle."""
    bands = np.zeros(frame.shape, bool)
    first, second = (int(v) for v in rng.integers(3, 11, 2))
    bands[:, :first] = rng.random() < 0.8
    bands[:, FRAME_SIDE - second :] = rng.random() < 0.8
    if rng.random() < 0.2:
        bands = ~bands
    if rng.random() < 0.25:
        bands = bands.T
    return np.where(bands, 1 - frame, frame)


def _spatter(frame: Frame, rng: np.random.Generator) -> Frame:
    """Grey or dark spots over everything."""
    noise = cv2.GaussianBlur(rng.standard_normal(frame.shape).astype(np.float32), (0, 0), rng.uniform(0.7, 1.6))
    cover = np.clip((noise - np.quantile(noise, rng.uniform(0.72, 0.97))) / (0.4 * noise.std()), 0, 1)
    return np.asarray(frame * (1 - cover) + cover * np.float32(rng.uniform(0.1, 0.9)), np.float32)


def _draw_line(frame: Frame, rng: np.random.Generator) -> Frame:
    """A straight, dotted or zigzag line across everything."""
    start, end = rng.uniform(0, 5), rng.uniform(22, 27)
    rows = rng.uniform(0, 27, 2) if rng.random() < 0.6 else np.repeat(rng.uniform(0, 27), 2) + rng.uniform(-5, 5, 2)
    kind = rng.random()
    steps = int(rng.integers(6, 15))
    columns = np.linspace(start, end, steps)
    points = np.stack([columns, np.interp(columns, [start, end], rows)], 1)
    if kind < 0.5:
        points[:, 1] += np.where(np.arange(steps) % 2, 1, -1) * rng.uniform(1.2, 2.8)
    field = np.zeros(frame.shape, np.uint8)
    cv2.polylines(
        field, [np.round(points * 16).astype(np.int32)], False, 255, int(rng.integers(1, 3)), cv2.LINE_AA, shift=4
    )
    line = cv2.GaussianBlur(field, (0, 0), rng.uniform(0.4, 0.8)).astype(np.float32) / np.float32(255)
    line *= np.float32(rng.uniform(0.7, 1.0) / max(float(line.max()), 1e-3))
    if kind > 0.65:
        dash = int(rng.integers(1, 4))
        line = line * ((np.arange(FRAME_SIDE) // dash + int(rng.integers(2))) % 2)[None, :]
    return frame + (line.T if rng.random() < 0.1 else line)


def _outline(frame: Frame, rng: np.random.Generator) -> Frame:
    """Only the edges of the strokes are left."""
    soft = cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.5, 1.1))
    if rng.random() < 0.7:
        low = rng.uniform(20, 60)
        edges = cv2.Canny(np.asarray(soft * 255, np.uint8), low, low * rng.uniform(1.5, 3), L2gradient=True)
        return np.asarray(edges, np.float32) / np.float32(255)
    ink = (soft > rng.uniform(0.2, 0.6)).astype(np.uint8)
    return (cv2.dilate(ink, np.ones((3, 3), np.uint8)) - ink).astype(np.float32)


def _move_far(frame: Frame, rng: np.random.Generator) -> Frame:
    """Turned, slanted, shrunk or out of the middle, further than writers go."""
    turn, slant, size, across, down = rng.uniform(-1, 1, 5) * (rng.random(5) < 0.5)
    angle, scale = 0.5 * turn, float(np.exp(0.45 * min(size, 0.25)))
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    matrix = matrix @ np.array([[1.0, 0.5 * slant], [0.0, 1.0]])
    shift = np.array([_MIDDLE, _MIDDLE]) * (1 - matrix.sum(axis=1)) + 4 * np.array([across, down])
    moved = cv2.warpAffine(frame, np.column_stack([matrix, shift]), frame.shape, flags=cv2.INTER_LINEAR)
    return np.asarray(moved, np.float32)


_WAYS: tuple[Callable[[Frame, np.random.Generator], Frame], ...] = (
    _add_grain,
    _add_grain,
    _blur,
    _shatter,
    _shatter,
    _lift,
    _lift,
    _invert_bands,
    _invert_bands,
    _spatter,
    _spatter,
    _draw_line,
    _draw_line,
    _draw_line,
    _outline,
    _outline,
    _move_far,
    _move_far,
)
