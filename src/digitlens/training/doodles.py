"""What people draw to see what a digit reader makes of it: faces, houses, figures, animals."""

from __future__ import annotations

import numpy as np

from digitlens.training.marks import SIDE, Ink, Points, bend, draw, pen_width, segment

_MIDDLE = SIDE / 2


def draw_doodle(rng: np.random.Generator) -> Ink:
    """Something that is no writing, drawn with a shaking hand; (SIDE, SIDE) float32 in [0, 1]."""
    strokes = _DOODLES[int(rng.integers(len(_DOODLES)))](rng)
    strokes = [stroke + rng.normal(0, rng.uniform(0, 1.2), stroke.shape) for stroke in strokes]
    return bend(draw(strokes, min(pen_width(rng), 7.0)), rng)


def _ring(
    centre: tuple[float, float], radius: tuple[float, float], rng: np.random.Generator, reach: float = 1.0
) -> Points:
    """An ellipse, or an arc of it, with a wavering radius."""
    angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi * reach, 30)
    waver = 1 + rng.uniform(0, 0.08) * np.sin(2 * angles + rng.uniform(0, 6))
    return np.stack([centre[0] + radius[0] * waver * np.cos(angles), centre[1] + radius[1] * waver * np.sin(angles)], 1)


def _arc(centre: tuple[float, float], radius: float, start: float, end: float) -> Points:
    """Angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 14))
    return np.stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)], 1)


def _face(rng: np.random.Generator) -> list[Points]:
    radius = (rng.uniform(24, 37), rng.uniform(24, 37))
    middle = (_MIDDLE + rng.uniform(-3, 3), _MIDDLE + rng.uniform(-3, 3))
    strokes = [_ring(middle, radius, rng)]
    apart, height, eye = rng.uniform(0.25, 0.45) * radius[0], rng.uniform(0.15, 0.4) * radius[1], rng.uniform(0.5, 5)
    for side in (-1, 1):
        at = (middle[0] + side * apart, middle[1] - height)
        strokes.append(_ring(at, (eye, eye), rng) if rng.random() < 0.6 else segment(at, (at[0], at[1] + 2 * eye)))
    mouth = (middle[0], middle[1] + rng.uniform(-0.1, 0.2) * radius[1])
    if rng.random() < 0.8:
        bow = rng.uniform(20, 50)
        flip = 180 if rng.random() < 0.2 else 0
        strokes.append(_arc(mouth, rng.uniform(0.35, 0.6) * radius[0], bow + flip, 180 - bow + flip))
    if rng.random() < 0.3:
        strokes.append(segment((middle[0], middle[1] - 4), (middle[0] + rng.uniform(-3, 3), middle[1] + 5)))
    return strokes


def _filled_ring(rng: np.random.Generator) -> list[Points]:
    """A ring with something in it: a clock, a wheel, a target, a no-entry sign."""
    radius = (rng.uniform(22, 37), rng.uniform(22, 37))
    middle = (_MIDDLE, _MIDDLE)
    strokes = [_ring(middle, radius, rng)]
    kind = rng.random()
    if kind < 0.4:
        inner = rng.uniform(0.2, 0.65)
        strokes.append(_ring(middle, (inner * radius[0], inner * radius[1]), rng))
    if kind > 0.25:
        for angle in rng.uniform(0, 2 * np.pi) + np.arange(int(rng.integers(2, 6))) * rng.choice([np.pi / 2, 2.0, 1.2]):
            reach = rng.uniform(0.5, 1.0)
            end = (middle[0] + reach * radius[0] * np.cos(angle), middle[1] + reach * radius[1] * np.sin(angle))
            strokes.append(segment(middle, (float(end[0]), float(end[1]))))
    return strokes


def _house(rng: np.random.Generator) -> list[Points]:
    left, right, top = rng.uniform(12, 24), rng.uniform(60, 72), rng.uniform(32, 46)
    box = np.array([(left, top), (left, 74), (right, 74), (right, top), (left, top)])
    roof = np.array([(left - 4, top), ((left + right) / 2, rng.uniform(6, 20)), (right + 4, top)])
    strokes = [box, roof]
    if rng.random() < 0.7:
        door = rng.uniform(36, 46)
        strokes.append(np.array([(door, 74), (door, 54), (door + 10, 54), (door + 10, 74)]))
    return strokes


def _figure(rng: np.random.Generator) -> list[Points]:
    head = rng.uniform(7, 12)
    neck, hip = 8 + 2 * head, rng.uniform(48, 56)
    arm = rng.uniform(30, 40)
    return [
        _ring((_MIDDLE, 8 + head), (head, head), rng),
        segment((_MIDDLE, neck), (_MIDDLE, hip)),
        segment((_MIDDLE, neck + 6), (_MIDDLE - 18, arm + rng.uniform(-8, 8))),
        segment((_MIDDLE, neck + 6), (_MIDDLE + 18, arm + rng.uniform(-8, 8))),
        segment((_MIDDLE, hip), (_MIDDLE - rng.uniform(8, 18), 78)),
        segment((_MIDDLE, hip), (_MIDDLE + rng.uniform(8, 18), 78)),
    ]


def _animal(rng: np.random.Generator) -> list[Points]:
    """A body on legs with a head and a tail."""
    side = rng.choice([-1, 1])
    body = (rng.uniform(17, 25), rng.uniform(8, 14))
    top = rng.uniform(38, 48)
    strokes = [_ring((_MIDDLE, top), body, rng)]
    head = (_MIDDLE + side * (body[0] + rng.uniform(2, 8)), top - rng.uniform(6, 18))
    strokes.append(_ring((float(head[0]), float(head[1])), (rng.uniform(5, 9), rng.uniform(5, 9)), rng))
    strokes += [
        segment((_MIDDLE + leg, top + 0.7 * body[1]), (_MIDDLE + leg + rng.uniform(-4, 4), 76))
        for leg in np.linspace(-0.8, 0.8, int(rng.integers(2, 5))) * body[0]
    ]
    tail = (_MIDDLE - side * body[0], top)
    strokes.append(segment(tail, (float(tail[0] - side * rng.uniform(6, 14)), top - rng.uniform(-10, 16))))
    return strokes


def _plant(rng: np.random.Generator) -> list[Points]:
    """A flower or a tree."""
    crown = rng.uniform(9, 20)
    middle = (_MIDDLE, 10 + crown)
    strokes = [_ring(middle, (crown, crown), rng), segment((_MIDDLE, 10 + 2 * crown), (_MIDDLE, 78))]
    if rng.random() < 0.6:
        for angle in np.arange(5) * 2 * np.pi / 5 + rng.uniform(0, 1):
            at = (middle[0] + 1.5 * crown * np.cos(angle), middle[1] + 1.5 * crown * np.sin(angle))
            strokes.append(_ring((float(at[0]), float(at[1])), (0.5 * crown, 0.5 * crown), rng))
    return strokes


def _sun(rng: np.random.Generator) -> list[Points]:
    radius, rays = rng.uniform(10, 18), int(rng.integers(5, 12))
    strokes = [_ring((_MIDDLE, _MIDDLE), (radius, radius), rng)]
    for angle in rng.uniform(0, 6) + np.arange(rays) * 2 * np.pi / rays:
        way = np.array([np.cos(angle), np.sin(angle)])
        strokes.append(_MIDDLE + np.outer(np.linspace(radius + 3, rng.uniform(26, 38), 4), way))
    return strokes


def _heart(rng: np.random.Generator) -> list[Points]:
    t = np.linspace(0, 2 * np.pi, 40)
    size = rng.uniform(1.4, 2.2)
    across = 16 * np.sin(t) ** 3
    down = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [_MIDDLE + size * np.stack([across, down], 1)]


def _spiral(rng: np.random.Generator) -> list[Points]:
    turns = rng.uniform(2.0, 4.0)
    angles = np.linspace(0, 2 * np.pi * turns, 90)
    radius = np.linspace(rng.uniform(1, 4), rng.uniform(28, 38), 90)
    way = rng.choice([-1, 1])
    return [_MIDDLE + np.stack([radius * np.cos(angles), way * radius * np.sin(angles)], 1)]


def _shapes(rng: np.random.Generator) -> list[Points]:
    """Triangles, boxes and rings that overlap."""
    strokes = []
    for _ in range(int(rng.integers(2, 4))):
        corners = int(rng.integers(3, 6))
        angles = rng.uniform(0, 6) + np.arange(corners + 1) * 2 * np.pi / corners
        middle, radius = rng.uniform(28, 56, 2), rng.uniform(12, 28)
        strokes.append(middle + radius * np.stack([np.cos(angles), np.sin(angles)], 1))
    return strokes


_DOODLES = (_face, _face, _filled_ring, _house, _figure, _animal, _plant, _sun, _heart, _spiral, _shapes)
