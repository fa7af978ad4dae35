"""What is written on: paper, boards and screens with their texture, their printed lines and the desk below them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from digitlens.training.pens import Colour, Float, smooth_noise

# The paper goes on beyond the picture by this share of its longer side, so that a tilted camera still sees paper.
MARGIN = 0.14
Segment = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Printed lines: segments (left, top, right, bottom) in pixels of the page before the camera moves."""

    segments: tuple[Segment, ...]
    colour: Colour = (120, 150, 200)
    thickness: int = 1
    opacity: float = 0.6


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on.

    Attributes:
        colour: sRGB, 0 to 255.
        texture: height of the fibres; 1 is office paper, 0 a screen.
        specks: dark and light fibres a thousand pixels, as in recycled paper.
        clouds: how far the shade wanders over the page (a wiped blackboard); 1 is plainly visible.
        rulings: what is printed on it.
        desk: colour of the table where its edge is in the picture; None where paper fills the picture.
    """

    colour: Colour
    texture: float = 1.0
    specks: float = 0.0
    clouds: float = 0.2
    rulings: tuple[Ruling, ...] = ()
    desk: Colour | None = None


WHITE_PAPER = Paper((244, 243, 239))
CREAM_PAPER = Paper((241, 231, 206), texture=1.3)
GREY_PAPER = Paper((198, 195, 188), texture=1.8, specks=1.6, clouds=0.4)
KRAFT_PAPER = Paper((205, 176, 138), texture=1.6, specks=0.8, clouds=0.4)
BLACKBOARD = Paper((45, 58, 52), texture=1.2, clouds=1.6)
WHITEBOARD = Paper((240, 243, 245), texture=0.15, clouds=0.25)
TABLET = Paper((24, 26, 33), texture=0, clouds=0)


def lay_paper(paper: Paper, size: tuple[int, int], margin: int, rng: np.random.Generator) -> Float:
    """An empty sheet, larger than the picture by `margin` pixels on each side.

    Returns:
        (H + 2 margin, W + 2 margin, 3) float32, sRGB in [0, 1].
    """
    shape = (size[1] + 2 * margin, size[0] + 2 * margin)
    hills = smooth_noise(shape, 1.0, rng) + smooth_noise(shape, 2.0, rng) + 0.7 * smooth_noise(shape, 5.0, rng)
    # Light from the left top makes a slope of the fibres bright or dark, not their height.
    fibres = 0.0026 * paper.texture * (hills - np.roll(hills, (1, 1), axis=(0, 1)))
    clouds = smooth_noise(shape, 0.3 * max(size), rng) + 0.5 * smooth_noise(shape, 0.08 * max(size), rng)
    shade = 1 + fibres + 0.012 * paper.texture * hills / 3 + 0.025 * paper.clouds * clouds
    sheet = np.asarray(_colour(paper.colour) * shade[..., None], np.float32)
    if paper.specks:
        _scatter_specks(sheet, paper.specks, rng)
    for ruling in paper.rulings:
        blend(sheet, _ruling_ink(ruling, shape, margin, rng), ruling.colour)
    return np.asarray(sheet, np.float32) if paper.desk is None else _lay_on_desk(sheet, paper.desk, margin, rng)


def ruled_lines(size: tuple[int, int], pitch: float, first: float) -> tuple[Segment, ...]:
    """Lines across the page, `pitch` pixels apart, the first at height `first`; they run on beyond the picture."""
    reach = MARGIN * max(size)
    count = int((size[1] + reach - first) / pitch) + 1
    return tuple((-reach, first + i * pitch, size[0] + reach, first + i * pitch) for i in range(count))


def squares(size: tuple[int, int], pitch: float) -> tuple[Segment, ...]:
    """Squared paper, `pitch` pixels apart; it runs on beyond the picture."""
    reach = pitch * math.ceil(MARGIN * max(size) / pitch)
    across = ruled_lines(size, pitch, -reach)
    count = int((size[0] + 2 * reach) / pitch) + 1
    return across + tuple((-reach + i * pitch, -reach, -reach + i * pitch, size[1] + reach) for i in range(count))


def table(left: float, top: float, columns: list[float], rows: list[float]) -> tuple[Segment, ...]:
    """A printed table, from the widths of its columns and the heights of its rows in pixels."""
    xs = [left, *(left + sum(columns[: i + 1]) for i in range(len(columns)))]
    ys = [top, *(top + sum(rows[: i + 1]) for i in range(len(rows)))]
    return tuple((xs[0], y, xs[-1], y) for y in ys) + tuple((x, ys[0], x, ys[-1]) for x in xs)


def boxes(left: float, top: float, side: float, pitch: float, count: int) -> tuple[Segment, ...]:
    """A form's row of separate boxes, one for each digit, 1.25 times as high as wide."""
    return tuple(segment for i in range(count) for segment in table(left + i * pitch, top, [side], [1.25 * side]))


def _colour(colour: Colour) -> Float:
    return np.array(colour, np.float32) / np.float32(255)


def blend(sheet: Float, ink: Float, colour: Colour) -> None:
    """Cover the sheet in place by the share `ink`, (H, W) in [0, 1]."""
    sheet += ink[..., None] * (_colour(colour) - sheet)


def _scatter_specks(sheet: Float, specks: float, rng: np.random.Generator) -> None:
    """Short fibres, two thirds of them dark."""
    height, width = sheet.shape[:2]
    layer = np.zeros((height, width), np.float32)
    for _ in range(int(specks * height * width / 1000)):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angle, length = rng.uniform(0, math.pi), rng.gamma(2.0, 1.0)
        tip = (round(x + length * math.cos(angle)), round(y + length * math.sin(angle)))
        strength = rng.uniform(0.02, 0.1) * (1 if rng.random() < 0.35 else -1)
        cv2.line(layer, (round(x), round(y)), tip, float(strength), 1)
    sheet += cv2.GaussianBlur(layer, (0, 0), 0.5)[..., None]


def _ruling_ink(ruling: Ruling, shape: tuple[int, int], margin: int, rng: np.random.Generator) -> Float:
    canvas = np.zeros(shape, np.uint8)
    for left, top, right, bottom in ruling.segments:
        # Coordinates with 4 binary digits after the point, so that lines need not lie on whole pixels.
        start = (round(16 * (left + margin)), round(16 * (top + margin)))
        end = (round(16 * (right + margin)), round(16 * (bottom + margin)))
        cv2.line(canvas, start, end, 255, ruling.thickness, cv2.LINE_AA, 4)
    wear = np.clip(1 + 0.07 * smooth_noise(shape, 6.0, rng), 0, 1.2)
    return np.asarray(np.clip(canvas / 255 * ruling.opacity * wear, 0, 1), np.float32)


def _lay_on_desk(sheet: Float, colour: Colour, margin: int, rng: np.random.Generator) -> Float:
    """Cut the sheet a little inside the picture and lay it on a wooden table, where it throws a small shadow."""
    height, width = sheet.shape[:2]
    edge = margin + round(0.035 * max(height - 2 * margin, width - 2 * margin))
    inside = np.zeros((height, width), np.float32)
    inside[edge : height - edge, edge : width - edge] = 1
    grain = smooth_noise((height, -(-width // 24)), 3.0, rng)
    grain = np.asarray(cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    table = _colour(colour) * (1 + 0.07 * grain + 0.03 * smooth_noise((height, width), 90.0, rng))[..., None]
    shadow = cv2.GaussianBlur(np.roll(inside, (5, 6), axis=(0, 1)), (0, 0), 6)
    cut = cv2.GaussianBlur(inside, (0, 0), 0.6)[..., None]
    return np.asarray(cut * sheet + (1 - cut) * table * (1 - 0.55 * shadow[..., None]), np.float32)
