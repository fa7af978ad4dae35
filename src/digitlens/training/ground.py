"""Grey grounds to write on, and what light and camera make of them: fast versions for millions of small crops.

`paper` and `camera` draw a few pages with care, in colour; here everything is one grey plane and costs a millisecond.
"""

from __future__ import annotations

import functools
import math

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
_NOISE_SIDE = 1024


def noise(side: int, scale: float, rng: np.random.Generator) -> Plane:
    """Random hills, `scale` pixels apart, (side, side) float32 with mean about 0 and deviation about 1."""
    coarse = max(2, math.ceil(side / scale) + 1)
    sheet = _noise_sheet()
    top, left = rng.integers(0, _NOISE_SIDE - min(coarse, side) - 1, 2)
    if scale <= 1:
        return sheet[top : top + side, left : left + side]
    patch = sheet[top : top + coarse, left : left + coarse]
    full = round(coarse * scale)
    return 1.3 * np.asarray(cv2.resize(patch, (full, full), interpolation=cv2.INTER_CUBIC), np.float32)[:side, :side]


@functools.lru_cache(maxsize=1)
def _noise_sheet() -> Plane:
    return np.random.default_rng(1998).standard_normal((_NOISE_SIDE, _NOISE_SIDE), np.float32)


def draw_ground(side: int, papers: tuple[NDArray[np.uint8], ...], rng: np.random.Generator) -> Plane:
    """An empty ground, (side, side) float32 in [0, 1]: paper, a real picture of paper, or one even colour."""
    level = np.float32(rng.uniform(0.55, 1.0) if rng.random() < 0.85 else rng.uniform(0.3, 0.6))
    kind = rng.random()
    if kind < 0.18:
        return np.full((side, side), level, np.float32)
    ground = np.full((side, side), level, np.float32)
    if kind < 0.35 and papers:
        ground = _real_paper(side, papers[int(rng.integers(len(papers)))], level, rng)
    else:
        ground += rng.uniform(0, 0.03) * noise(side, 1, rng)
        ground += rng.uniform(0, 0.03) * noise(side, rng.uniform(2, 8), rng)
    if rng.random() < 0.5:
        ground += rng.uniform(0, 0.06) * noise(side, rng.uniform(30, 150), rng)
    if rng.random() < 0.12:
        _stain(ground, rng)
    if rng.random() < 0.08:
        _lay_on_desk(ground, rng)
    return ground


def _lay_on_desk(ground: Plane, rng: np.random.Generator) -> None:
    """The sheet ends here: what lies beyond one or two straight edges is a table, in place."""
    side = ground.shape[0]
    y, x = _axes(side)
    desk = rng.uniform(0.05, 0.9) + rng.uniform(0, 0.12) * noise(side, rng.uniform(2, 30), rng)
    for _ in range(1 + int(rng.random() < 0.3)):
        angle = rng.uniform(0, 2 * math.pi)
        beyond = np.clip((x * math.cos(angle) + y * math.sin(angle) - rng.uniform(0.15, 0.45)) * side / 1.5, 0, 1)
        ground += beyond * (desk - ground)


def _real_paper(side: int, paper: NDArray[np.uint8], level: np.float32, rng: np.random.Generator) -> Plane:
    """A cut of a real picture, tiled by reflection where it is small, turned, its contrast changed."""
    scale = float(np.exp(rng.uniform(-0.5, 0.7)))
    placed = cv2.warpAffine(
        np.rot90(paper, int(rng.integers(4))).copy(),
        np.array([[scale, 0, -rng.uniform(0, 200)], [0, scale, -rng.uniform(0, 200)]]),
        (side, side),
        borderMode=cv2.BORDER_REFLECT,
    ).astype(np.float32)
    placed = (placed - placed.mean()) / 255
    return np.asarray(level + rng.uniform(0.2, 1.0) * placed, np.float32)


def _stain(ground: Plane, rng: np.random.Generator) -> None:
    """A soft dark spot or ring, in place."""
    side = ground.shape[0]
    spot = np.zeros_like(ground)
    centre = tuple(int(v) for v in rng.uniform(0, side, 2))
    axes = tuple(int(v) for v in rng.uniform(4, 0.35 * side, 2))
    thickness = -1 if rng.random() < 0.6 else int(rng.integers(2, 10))
    cv2.ellipse(spot, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, thickness)
    soft = cv2.GaussianBlur(spot, (0, 0), rng.uniform(1, 8))
    ground -= rng.uniform(0.02, 0.25) * soft * np.clip(1 + 0.5 * noise(side, 6, rng), 0, 2)


def draw_rulings(side: int, pitch: float, rng: np.random.Generator) -> Plane:
    """Printed lines, (side, side) float32 in [0, 1]: ruled, squared or with a margin."""
    lines = np.zeros((side, side), np.float32)
    thickness = max(1, round(float(rng.uniform(0.4, 2.4))))
    offset = rng.uniform(0, pitch, 2)
    squared = rng.random() < 0.5
    for at in np.arange(offset[0], side, pitch):
        cv2.line(lines, (0, round(16 * at)), (16 * side, round(16 * at)), 1.0, thickness, cv2.LINE_AA, 4)
    for at in np.arange(offset[1], side, pitch) if squared else rng.uniform(0, side, int(rng.random() < 0.3)):
        cv2.line(lines, (round(16 * at), 0), (round(16 * at), 16 * side), 1.0, thickness, cv2.LINE_AA, 4)
    worn = rng.uniform(0.4, 1.0) * np.clip(1 + rng.uniform(0, 0.6) * noise(side, 5, rng), 0, 1.3)
    return np.asarray(np.clip(lines * worn, 0, 1), np.float32)


def light(side: int, rng: np.random.Generator) -> Plane:
    """The light on the page, (side, side) float32 around 1: slope, vignetting, shadow edges, glare."""
    y, x = _axes(side)
    angle = rng.uniform(0, 2 * math.pi)
    field = 1 - rng.uniform(0, 0.35) * (0.5 + x * math.cos(angle) + y * math.sin(angle))
    if rng.random() < 0.3:
        field = field * (1 - rng.uniform(0, 0.6) * (x**2 + y**2))
    for _ in range(int(rng.random() < 0.28) + int(rng.random() < 0.08)):
        angle, softness = rng.uniform(0, 2 * math.pi), float(np.exp(rng.uniform(np.log(0.004), np.log(0.3))))
        inside = x * math.cos(angle) + y * math.sin(angle) - rng.uniform(-0.45, 0.45)
        inside = inside + rng.uniform(0, 0.03) * noise(side, 60, rng)
        if rng.random() < 0.35:
            inside = np.minimum(inside, rng.uniform(0.03, 0.4) - inside)
        field = field * (1 - rng.uniform(0.08, 0.6) * np.clip(0.5 + inside / softness, 0, 1))
    if rng.random() < 0.06:
        at, reach = rng.uniform(-0.5, 0.5, 2), rng.uniform(0.05, 0.25)
        field = field + rng.uniform(0.1, 0.5) * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / reach**2)
    return np.asarray(field, np.float32)


@functools.lru_cache(maxsize=4)
def _axes(side: int) -> tuple[Plane, Plane]:
    axis = ((np.arange(side) - side / 2) / side).astype(np.float32)
    return axis[:, None].repeat(side, 1), axis[None, :].repeat(side, 0)


def expose(seen: Plane, finest: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Lens, sensor and file: blur, few pixels, noise, contrast, sharpening, JPEG.

    Args:
        seen: (S, S) float32 in about [0, 1].
        finest: height of the smallest writing in pixels, which stays legible.
        rng: source of chance.

    Returns:
        (S, S) uint8.
    """
    side = seen.shape[0]
    if rng.random() < 0.25:
        factor = rng.uniform(min(0.9, max(0.4, 10 / finest)), 0.95)
        small = cv2.resize(seen, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        method = cv2.INTER_LINEAR if rng.random() < 0.7 else cv2.INTER_CUBIC
        seen = np.asarray(cv2.resize(small, (side, side), interpolation=method), np.float32)
    if rng.random() < 0.55:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.3, min(2.0, 0.5 + 0.03 * finest))), np.float32)
    if rng.random() < 0.06 and finest > 18:
        seen = _shaken(seen, rng)
    if rng.random() < 0.6:
        seen = seen + rng.gamma(1.2, 0.009) * noise(side, 1 if rng.random() < 0.6 else 2, rng)
    if rng.random() < 0.2:
        seen = seen + rng.uniform(0.3, 1.0) * (seen - cv2.GaussianBlur(seen, (0, 0), 1.2))
    if rng.random() < 0.04:
        seen = (seen > np.float32(rng.uniform(0.3, 0.7)) * float(seen.max())).astype(np.float32)
    picture = np.asarray(np.clip(np.round(255 * np.clip(seen, 0, 1)), 0, 255), np.uint8)
    if rng.random() < 0.35:
        quality = int(rng.integers(25, 92))
        _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _shaken(seen: Plane, rng: np.random.Generator) -> Plane:
    length = int(rng.integers(3, 6))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, math.pi)
    middle = (length - 1) / 2
    reach = (middle * math.cos(angle), middle * math.sin(angle))
    start = (round(middle - reach[0]), round(middle - reach[1]))
    cv2.line(kernel, start, (round(middle + reach[0]), round(middle + reach[1])), 1.0, 1)
    return np.asarray(cv2.filter2D(seen, -1, kernel / kernel.sum()), np.float32)
