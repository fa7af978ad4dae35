"""The picture of each step of a trace, as files: the very arrays that the reader worked with, shrunk and coloured."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.encode import encode_indexed_png, encode_jpeg, encode_png
from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.imaging.segment import Glyph
from digitlens.trace import Trace

# Longer side of a step's picture in pixels, and side of the square in which a glyph's own ink is shown.
STEP_SIDE = 1000
CUT_SIDE = 80
# Frames, and glyphs, stand side by side in one picture, so many in a row.
SHEET_COLUMNS = 16
# Degrees of ink in a picture: as many as the eye tells apart in a stroke, and small to keep.
DEGREES = 12

PAPER, INK, LEFT_OUT = (255, 254, 251), (24, 28, 40), (168, 168, 164)
RULING = (214, 106, 0)
# Neighbours must differ also for those who see few colours: blue and brown, dark and light alternate.
GLYPH_INKS = ((24, 62, 176), (190, 92, 0), (10, 118, 118), (134, 36, 110), (66, 130, 210), (96, 64, 20))


def draw_steps(trace: Trace) -> dict[str, bytes]:
    """The picture of each step as a file; those that would show nothing new are left out."""
    pictures = {"light.jpg": encode_jpeg(evened(trace), STEP_SIDE, quality=80), "ink.png": _encode(_ink(trace), [INK])}
    if trace.turns or trace.skew_deg:
        pictures["page.jpg"] = encode_jpeg(trace.page, STEP_SIDE)
    if trace.ink.rulings.any():
        pictures["rulings.png"] = _encode(np.maximum(_ink(trace), _rulings(trace)), [INK, RULING])
    if trace.hypotheses:
        pictures["glyphs.png"] = _encode(_glyphs(trace), [*GLYPH_INKS, LEFT_OUT])
        pictures["frames.png"] = encode_png(_sheet(trace.opinions.frames))
        pictures["cuts.png"] = encode_png(_sheet([_cut(guess.glyph) for guess in trace.hypotheses]))
    return pictures


def evened(trace: Trace) -> NDArray[np.uint8]:
    """The page in even light: what each pixel differs from the paper around it, on paper of one colour.

    Returns:
        (h, w) or (h, w, 3) uint8, at most `STEP_SIDE` pixels long.
    """
    width, height = _size(trace)
    page = np.asarray(cv2.resize(trace.page, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    page = page.reshape(height, width, -1)
    paper = cv2.resize(trace.ink.paper, (width, height), interpolation=cv2.INTER_LINEAR).reshape(height, width, -1)
    even = page - paper + np.median(trace.ink.paper, axis=(0, 1))  # a grey page has one channel of paper
    levels = np.clip(np.rint(even), 0, 255).astype(np.uint8)
    return levels[:, :, 0] if levels.shape[2] == 1 else levels


def _ink(trace: Trace) -> NDArray[np.uint8]:
    """(h, w) uint8 in 0 to `DEGREES`: how strong the ink is."""
    ink = cv2.resize(trace.ink.strength * trace.ink.mask, _size(trace), interpolation=cv2.INTER_AREA)
    return np.rint(DEGREES * ink).astype(np.uint8)


def _rulings(trace: Trace) -> NDArray[np.uint8]:
    """(h, w) uint8: 0, or `DEGREES` + 1 to 2 `DEGREES` where a ruling was taken out."""
    lines = cv2.resize(trace.ink.rulings.astype(np.float32), _size(trace), interpolation=cv2.INTER_AREA)
    return np.where(lines > 0, np.uint8(DEGREES + np.rint(DEGREES * np.sqrt(lines))), 0).astype(np.uint8)


def _glyphs(trace: Trace) -> NDArray[np.uint8]:
    """(h, w) uint8: the ink of each digit in one of the `GLYPH_INKS`, all other ink in the last one."""
    width, height = _size(trace)
    scale = width / trace.page.shape[1]
    other = _ink(trace)
    picture = np.where(other > 0, other + len(GLYPH_INKS) * DEGREES, 0).astype(np.uint8)
    for place, index in enumerate(trace.digits):
        glyph, ink = trace.hypotheses[index].glyph, place % len(GLYPH_INKS)
        left, top = int(glyph.box.left * scale), int(glyph.box.top * scale)
        right, bottom = max(left + 1, round(glyph.box.right * scale)), max(top + 1, round(glyph.box.bottom * scale))
        small = cv2.resize(glyph.ink, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        degrees = np.rint(DEGREES * np.asarray(small)).astype(np.uint8)[: height - top, : width - left]
        window = picture[top:bottom, left:right]
        window[degrees > 0] = (degrees + ink * DEGREES)[degrees > 0]
    return picture


def _encode(degrees: NDArray[np.uint8], inks: Sequence[tuple[int, int, int]]) -> bytes:
    """A PNG of degrees of ink: 0 is paper, then `DEGREES` steps of each ink from pale to full."""
    steps = np.arange(1, DEGREES + 1)[:, None] / DEGREES
    shades = [np.array(PAPER) + steps * (np.array(ink) - PAPER) for ink in inks]
    return encode_indexed_png(degrees, np.rint(np.concatenate([[PAPER], *shades])).astype(np.uint8))


def _cut(glyph: Glyph) -> NDArray[np.uint8]:
    """A glyph's ink alone, dark on light, as large as it fits into a square, (80, 80) uint8."""
    height, width = glyph.ink.shape
    scale = (CUT_SIDE - 4) / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    ink = cv2.resize(glyph.ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    square = np.zeros((CUT_SIDE, CUT_SIDE), np.float32)
    top, left = (CUT_SIDE - size[1]) // 2, (CUT_SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = np.clip(ink, 0, 1)
    return (255 - 15 * np.rint(15 * square)).astype(np.uint8)  # sixteen greys


def _sheet(pictures: Sequence[NDArray[np.uint8]] | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Squares of one size, side by side in rows of `SHEET_COLUMNS`."""
    side = pictures[0].shape[0]
    rows = -(-len(pictures) // SHEET_COLUMNS)
    sheet = np.zeros((rows * side, min(len(pictures), SHEET_COLUMNS) * side), np.uint8)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, SHEET_COLUMNS)
        sheet[row * side : (row + 1) * side, column * side : (column + 1) * side] = picture
    return sheet


def sheet_place(index: int, side: int = FRAME_SIDE) -> tuple[int, int]:
    """Column and row of pixels at which a mark's square begins in "frames.png" (or, of side `CUT_SIDE`, in "cuts.png").

    >>> sheet_place(17)
    (28, 28)
    """
    row, column = divmod(index, SHEET_COLUMNS)
    return column * side, row * side


def _size(trace: Trace) -> tuple[int, int]:
    """Width and height of the step pictures."""
    height, width = trace.page.shape[:2]
    scale = min(1.0, STEP_SIDE / max(height, width))
    return max(1, round(width * scale)), max(1, round(height * scale))
