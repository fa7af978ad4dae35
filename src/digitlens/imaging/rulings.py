"""Lines of the paper out of the ink: ruled and squared paper, tables and forms, without cutting digits.

What makes a line a ruling is not its length alone (a thin 1 may fill the picture) but its company: it runs from edge
to edge, or it is one of several parallels, or it is part of a grid. Erased are only pixels where the ink is as thin
across the line as the line itself, so that a stroke which crosses a ruling stays whole (the run-length rule of
R. Casey, D. Ferguson, K. Mohiuddin and E. Walach, "Intelligent forms processing system", 1992).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.components import label_components
from digitlens.imaging.normalise import stroke_width

# All lengths as shares of the page's side along the line, thickness as a share of the shorter side.
THICKEST = 0.008
# But on a small picture, a piece of a form, lines are thick: up to that share, and no more than that many pixels.
THICKEST_OF_SMALL, THICK = 0.026, 6
SHORTEST_PIECE = 0.03
SHORTEST_LINE = 0.2
EDGE_TO_EDGE = 0.85
PARALLEL_LENGTH = 0.4
# Two pieces are one line when the second begins where the first ends, but for a digit's width and a pixel or two.
WIDEST_GAP = 0.15
STRAIGHTNESS = 0.005
# Or where so much of the gap is ink.
INKED = 0.95
STEEPEST = 0.12
# Strokes of several digits can lie in one row too, but they fill less of it.
LEAST_COVER = 0.7
# Two lines cross also where one ends that share of its length before the other.
SLACK = 0.05
# A remnant belongs to the rulings when that much of it lies beside them.
MOSTLY = 0.7
REMNANT = 8.0  # in thicknesses of the lines


@dataclass(frozen=True, slots=True)
class _Line:
    """A straight line of a mask, from column `start` to `stop`.

    `pieces` are the straight runs that it is made of; `covered` counts the columns of these and of gaps full of ink.
    """

    start: int
    stop: int
    first_row: float
    last_row: float
    thickness: float
    pieces: tuple[_Line, ...] = ()
    covered: float = 0.0

    @property
    def length(self) -> int:
        return self.stop - self.start

    @property
    def row(self) -> float:
        return (self.first_row + self.last_row) / 2


def find_rulings(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find the lines of the paper.

    Args:
        mask: (H, W) bool, True is ink.

    Returns:
        (H, W) bool, True where the ink is nothing but ruling.
    """
    level_ink, level = _lines(mask)
    upright_ink, upright = _lines(np.ascontiguousarray(mask.T))
    height, width = mask.shape
    crossed_level, crossed_upright = _crossing(level, upright, 2), _crossing(upright, level, 2)
    is_grid = len(crossed_level) >= 2 and len(crossed_upright) >= 2
    is_ruled = sum(line.length >= PARALLEL_LENGTH * width for line in level) >= 3
    chosen_level = [line for line in level if is_ruled or line.length >= EDGE_TO_EDGE * width]
    chosen_upright = [line for line in upright if line.length >= EDGE_TO_EDGE * height]
    if is_grid:
        chosen_level += _crossing(level, crossed_upright, 1)
        chosen_upright += _crossing(upright, crossed_level, 1)
    if not chosen_level and not chosen_upright:
        return np.zeros_like(mask)
    level_lines, upright_lines = _drawn(mask.shape, chosen_level), _drawn(mask.T.shape, chosen_upright).T
    erased = (level_lines & level_ink) | (upright_lines & upright_ink.T)
    lines = level_lines | upright_lines
    return erased | _crossings_left(mask & ~erased, lines, stroke_width(erased))


def _crossings_left(mask: NDArray[np.bool_], lines: NDArray[np.bool_], thickness: float) -> NDArray[np.bool_]:
    """What is left of the rulings where they cross: small components that hardly leave the lines."""
    reach = round(2 * thickness)
    near = cv2.dilate(lines.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    labels, stats = label_components(mask)
    covered = np.bincount(labels[near], minlength=len(stats))
    small = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) <= REMNANT * thickness
    left = small & (covered >= MOSTLY * stats[:, cv2.CC_STAT_AREA])
    left[0] = False
    return np.asarray(left[labels], bool)


def _thickest(shape: tuple[int, ...]) -> int:
    side = min(shape)
    return max(2, round(THICKEST * side), round(min(THICKEST_OF_SMALL * side, THICK)))


def _lines(mask: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], list[_Line]]:
    """Level lines of a mask: its thin ink, and the lines that runs of it form."""
    width = mask.shape[1]
    thickest = _thickest(mask.shape)
    ink = mask.astype(np.uint8)
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    thin = np.asarray(ink - tall, np.uint8)  # an opening is part of what it opens
    bridged = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, thickest + 1), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, 5 * thickest), np.uint8))
    if not runs.any():
        return thin > 0, []
    labels, stats = label_components(runs > 0)
    length, tallness, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    is_piece = (length >= max(2, SHORTEST_PIECE * width)) & (area <= 2 * thickest * length)
    is_piece &= (tallness <= STEEPEST * length + thickest) & (np.arange(len(stats)) > 0)
    pieces = [_piece(labels, int(label), stats[label]) for label in np.flatnonzero(is_piece)]
    lines = [line for line in _joined(pieces, mask) if line.length >= SHORTEST_LINE * width]
    return thin > 0, [line for line in lines if line.covered >= LEAST_COVER * line.length]


def _piece(labels: NDArray[np.int32], label: int, stats: NDArray[np.int32]) -> _Line:
    left, top, length, tallness, area = (int(v) for v in stats[:5])
    inside = labels[top : top + tallness, left : left + length] == label
    rows, columns = np.nonzero(inside)
    first, last = np.polyval(np.polyfit(columns, rows + top, 1), [0, length - 1]).tolist()
    piece = _Line(left, left + length, first, last, area / length)
    return replace(piece, pieces=(piece,), covered=length)


def _joined(pieces: list[_Line], mask: NDArray[np.bool_]) -> list[_Line]:
    """Join pieces that continue one another; a gap is where a digit stands on the line."""
    lines: list[_Line] = []
    last_rows = np.empty(len(pieces))  # of the lines, to look closely at few of them where there are thousands
    farthest = _reach(np.inf, mask.shape[1])
    for piece in sorted(pieces, key=lambda p: p.start):
        near = np.flatnonzero(np.abs(last_rows[: len(lines)] - piece.first_row) <= farthest).tolist()
        host = min(
            (k for k in near if _continues(lines[k], piece, mask)),
            key=lambda k: abs(lines[k].last_row - piece.first_row),
            default=None,
        )
        if host is None:
            host = len(lines)
            lines.append(piece)
        else:
            old = lines[host]
            lines[host] = replace(
                old,
                stop=max(old.stop, piece.stop),
                last_row=piece.last_row,
                pieces=old.pieces + piece.pieces,
                covered=old.covered + piece.covered + _inked_gap(old, piece, mask),
            )
        last_rows[host] = piece.last_row
    return lines


def _continues(line: _Line, piece: _Line, mask: NDArray[np.bool_]) -> bool:
    width = mask.shape[1]
    gap = piece.start - line.stop
    if gap < -0.02 * width or abs(piece.first_row - line.last_row) > _reach(gap, width):
        return False
    return gap <= WIDEST_GAP * width or _inked_gap(line, piece, mask) > 0


def _reach(gap: float, width: int) -> float:
    """How many rows a piece may lie above or below the end of the line that it continues."""
    return STRAIGHTNESS * width + STEEPEST / 2 * min(max(gap, 0), WIDEST_GAP * width)


def _inked_gap(line: _Line, piece: _Line, mask: NDArray[np.bool_]) -> int:
    """Columns between them if all is ink there, else 0: the line runs on below what was written on it."""
    gap = piece.start - line.stop
    if gap <= 0:
        return 0
    columns = np.arange(line.stop, piece.start)
    rows = np.rint(np.linspace(line.last_row, piece.first_row, gap)).astype(int)
    is_inked = mask[np.clip(rows, 0, len(mask) - 1), columns].mean() >= INKED
    return gap if is_inked else 0


def _crossing(lines: list[_Line], others: list[_Line], least: int) -> list[_Line]:
    """The lines that meet at least so many of the others, which run at right angles to them."""
    return [line for line in lines if sum(_meet(line, other) for other in others) >= least]


def _meet(line: _Line, other: _Line) -> bool:
    # Where a line ends on another, as thick as that one is, the corner counts to neither.
    slack = SLACK * line.length + 2 * other.thickness
    other_slack = SLACK * other.length + 2 * line.thickness
    return (
        line.start - slack <= other.row <= line.stop + slack
        and other.start - other_slack <= line.row <= other.stop + other_slack
    )


def _drawn(shape: tuple[int, ...], lines: list[_Line]) -> NDArray[np.bool_]:
    """(H, W) bool, True along the lines and a little beside them: a stroke that leaves a ruling is not drawn."""
    drawn = np.zeros(shape, np.uint8)
    for piece in (piece for line in lines for piece in line.pieces):
        ends = (piece.start, round(piece.first_row)), (piece.stop, round(piece.last_row))
        cv2.line(drawn, *ends, 1, max(3, round(2 * piece.thickness)))
    return drawn > 0
