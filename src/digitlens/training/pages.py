"""Pages that look written by hand and photographed: rows of glyphs, a pen, a paper, a light, a camera.

A page is described by frozen values (`PageSpec`) and rendered by `render_page` with a seeded generator, so that the
same seed gives the same picture. The text and the boxes come with it and follow the perspective exactly, because they
are taken from the drawn ink and moved by the same matrix as the picture. NumPy and OpenCV alone.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.results import Box
from digitlens.training.camera import Camera, Light, camera_matrix, expose, light_field
from digitlens.training.paper import MARGIN, WHITE_PAPER, Paper, blend, lay_paper
from digitlens.training.pens import FAR, FIELD_HEIGHT, FIELD_TOP, Float, Pen, doodle_field, draw_ink, line_field

# Ink weaker than this is not seen as part of the mark and does not widen its box.
VISIBLE_INK = 0.3
# MNIST's digits come from many people, a page from one: so much of each digit's own lean makes way for the row's.
_LEAN_TAKEN = 0.6


# Digit (0 to 9) to its glyphs, (N, 28, 28) uint8, ink bright on 0.
GlyphsByDigit = Mapping[int, NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of writing.

    Attributes:
        text: digits, spaces (gaps) and keys of `DOODLES`.
        left, baseline: where it starts, in pixels of the page before the camera moves.
        height: of a digit in pixels (of its longer side, as in MNIST; only a lying digit is wider than high).
        pen: what writes it.
        spacing: gap between two digits as a share of the height.
        advance: fixed distance from one digit's middle to the next in pixels (boxes of a form); None writes freely.
        slant: lean to the right, as the tangent of its angle.
        jitter: how uneven the hand is; 1 is usual, 0 is none.
    """

    text: str
    left: float
    baseline: float
    height: float
    pen: Pen
    spacing: float = 0.22
    advance: float | None = None
    slant: float = 0.08
    jitter: float = 1.0


@dataclass(frozen=True, slots=True)
class PageSpec:
    """Everything that makes a page, except chance. `size` is (width, height) in pixels."""

    size: tuple[int, int]
    rows: tuple[Row, ...]
    paper: Paper = WHITE_PAPER
    light: Light = field(default_factory=Light)
    camera: Camera = field(default_factory=Camera)


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and what stands on it.

    Attributes:
        picture: (H, W, 3) uint8, sRGB.
        text: rows joined by line feeds, gaps as one space; marks that are not digits count as gaps.
        boxes: one for each digit in reading order, around its visible ink, in pixels of `picture`.
        other_boxes: one for each mark that is not a digit.
    """

    picture: NDArray[np.uint8]
    text: str
    boxes: tuple[Box, ...]
    other_boxes: tuple[Box, ...]


def render_page(spec: PageSpec, glyphs: GlyphsByDigit, rng: np.random.Generator) -> Page:
    """Write a page and photograph it.

    Args:
        spec: what to write, on what, in which light, with which camera.
        glyphs: where the digits come from; one is drawn by chance each time a digit is written.
        rng: source of chance; the same state gives the same page.

    Raises:
        ValueError: a row does not fit into the picture, so that its label would be wrong.
    """
    width, height = spec.size
    # Each part has its own chance, so that another light does not bring other digits.
    paper_rng, hand_rng, camera_rng, light_rng = rng.spawn(4)
    margin = round(MARGIN * max(spec.size))
    sheet = lay_paper(spec.paper, spec.size, margin, paper_rng)
    marks = [mark for row in spec.rows for mark in write_row(sheet, row, margin, glyphs, hand_rng)]
    view = camera_matrix(spec.camera, spec.size, margin, camera_rng)
    seen = cv2.warpPerspective(sheet, view, spec.size, flags=cv2.INTER_LINEAR)
    seen = seen * light_field(spec.light, (height, width), light_rng)
    picture = expose(np.asarray(seen, np.float32), spec.camera, light_rng)
    placed = [(character, _box_of(outline, view, spec.size)) for character, outline in marks]
    return Page(
        picture=picture,
        text=text_of(spec.rows),
        boxes=tuple(box for character, box in placed if character.isdigit()),
        other_boxes=tuple(box for character, box in placed if not character.isdigit()),
    )


def text_of(rows: tuple[Row, ...]) -> str:
    r"""What a perfect reader answers.

    >>> pen = Pen((0, 0, 0), width=0.1)
    >>> text_of((Row("12 + 7", 0, 0, 40, pen), Row("*", 0, 90, 40, pen), Row("3", 0, 180, 40, pen)))
    '12 7\n3'
    """
    lines = (" ".join(row.text for row in line) for _, line in itertools.groupby(rows, key=lambda row: row.baseline))
    lines = (re.sub(r"\D+", " ", line).strip() for line in lines)
    return "\n".join(line for line in lines if line)


def write_row(
    sheet: Float, row: Row, margin: int, glyphs: GlyphsByDigit, rng: np.random.Generator
) -> list[tuple[str, Float]]:
    """Write one row onto the sheet, in place.

    Returns:
        For each mark its character and its outline: (N, 2) float32, x and y of visible ink on the sheet.
    """
    marks = []
    row_ink = np.zeros(sheet.shape[:2], np.float32)
    ink_rng = rng.spawn(1)[0]
    pen_at, climb = row.left + margin, 0.012 * row.jitter * rng.standard_normal()
    for character in row.text:
        if character == " ":
            pen_at += row.advance or (row.spacing + 0.45) * row.height
            continue
        line = line_field(rng.choice(glyphs[int(character)])) if character.isdigit() else doodle_field(character)
        baseline = row.baseline + margin + climb * (pen_at - margin - row.left)
        matrix, width = _placement(line, character.isdigit(), row, (pen_at, baseline), rng)
        marks.append((character, _write_mark(row_ink, line, matrix, row, ink_rng)))
        pen_at += row.advance or width + row.spacing * row.height * (1 + 0.25 * row.jitter * rng.uniform(-1, 1))
    blend(sheet, row_ink, row.pen.colour)
    return marks


def _write_mark(row_ink: Float, line: Float, matrix: NDArray[np.float64], row: Row, rng: np.random.Generator) -> Float:
    """Draw one line field into the row's ink, in place, and return the outline of what can be seen."""
    height, width = line.shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64) @ matrix.T
    end = np.array(row_ink.shape[::-1])
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, end - 1)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), (left + 1, top + 1), end)
    shifted = matrix - [[0, 0, left], [0, 0, top]]
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    placed = cv2.warpAffine(line, shifted, (right - left, bottom - top), borderValue=FAR) * scale
    ink = draw_ink(np.asarray(placed, np.float32), row.pen.width * row.height, row.pen, rng)
    region = row_ink[top:bottom, left:right]
    np.maximum(region, ink, out=region)
    return _outline(ink) + np.array([left, top], np.float32)


def _placement(
    line: Float, is_digit: bool, row: Row, at: tuple[float, float], rng: np.random.Generator
) -> tuple[NDArray[np.float64], float]:
    """Where a mark's line goes: the (2, 3) matrix from its field to the sheet, and the width it takes there."""
    ys, xs = np.nonzero(line < 1.5)
    # The pen adds half its width at each end of the line.
    drawn = max(int(np.ptp(xs)), int(np.ptp(ys)), 1) if is_digit else FIELD_HEIGHT
    size = row.height * (1 - row.pen.width) / drawn * (1 + 0.05 * row.jitter * np.clip(rng.standard_normal(), -2, 2))
    slant = row.slant + 0.04 * row.jitter * rng.standard_normal() - (_LEAN_TAKEN * _lean(xs, ys) if is_digit else 0)
    angle = 0.03 * row.jitter * rng.standard_normal()
    drop = 0.03 * row.jitter * row.height * rng.standard_normal()
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    linear = size * turn @ np.array([[1.0, -slant], [0.0, 1.0]])
    x, y = linear @ np.stack([xs, ys])
    # A digit stands on the baseline; a plus hovers where it was drawn. In a form a mark stands in the middle of its
    # box, otherwise it starts where the pen is.
    bottom = y.max() if is_digit else size * (FIELD_TOP + FIELD_HEIGHT)
    start = at[0] - (x.min() + x.max()) / 2 if row.advance else at[0] - x.min()
    return np.column_stack([linear, [start, at[1] - bottom + drop]]), float(np.ptp(x))


def _lean(xs: NDArray[np.intp], ys: NDArray[np.intp]) -> float:
    """How far a line leans to the right: the tangent of its angle, from its second moments, at most 0.6."""
    spread = float(np.var(ys))
    lean = -float(np.mean((xs - xs.mean()) * (ys - ys.mean()))) / spread if spread > 0 else 0.0
    return min(0.6, max(-0.6, lean))


def _outline(ink: Float) -> Float:
    ys, xs = np.nonzero(ink > VISIBLE_INK * max(float(ink.max()), 1e-6))
    if not len(xs):
        raise ValueError("A mark leaves the paper or has no ink; write the row smaller or start it further left.")
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.float32))
    return np.asarray(hull[:, 0, :], np.float32)


def _box_of(outline: Float, view: NDArray[np.float64], size: tuple[int, int]) -> Box:
    points = cv2.perspectiveTransform(outline[None].astype(np.float64), view)[0]
    left, top = (math.floor(value) for value in points.min(axis=0))
    right, bottom = (math.ceil(value) + 1 for value in points.max(axis=0))
    if left < 0 or top < 0 or right > size[0] or bottom > size[1]:
        raise ValueError(f"A mark reaches from {left}, {top} to {right}, {bottom}; the picture has the size {size}.")
    return Box(left, top, right - left, bottom - top)
