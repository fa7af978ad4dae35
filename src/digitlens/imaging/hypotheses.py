"""What on a page may be one digit: every mark as it stands, marks taken together, and parts of marks.

A mark is a connected component of ink with the pieces that broke off it. The finder's boxes say where a mark holds
several digits, where one digit consists of several marks, and where a table line runs into a digit. Nothing is decided
here: hypotheses that share a mark compete, and the networks judge them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.cuts import Piece
from digitlens.imaging.divide import FloatBox, Window, divide_ink
from digitlens.imaging.ink import Ink
from digitlens.imaging.segment import MOST_GLYPHS, Glyph, glyph_of, group_components, page_box
from digitlens.results import Box

# A box that holds so much of a mark's ink holds the mark; one that holds less than the other share hardly touches it.
HOLDS = 0.85
TOUCHES = 0.12
# A box and a mark that share so much of what both cover are one and the same.
SAME = 0.5
# For that comparison no box is narrower than this share of its height, nor lower than this share of its width.
STOUT = 0.35
# A part of a mark must be likelier than the whole by its share of the ink to this power.
COVERAGE_COUNTS = 0.3
HALF_A_BOX = 0.5
# A mark is understood when so much of its ink is.
ENOUGH = 0.8
# Ink that runs so many times as far as a part of it is a line of a table.
FAR_BEYOND = 8.0


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One or more marks, or a part of them, taken as one glyph.

    Attributes:
        glyph: the ink, cut out.
        box: index of the finder's box that it follows or agrees with; None where the finder saw nothing like it.
        marks: indices of the marks that it takes ink from.
        coverage: share of their ink that it takes, in (0, 1].
        is_cut: whether it is a piece of a mark that was cut, see `cut_into`.
    """

    glyph: Glyph
    box: int | None
    marks: frozenset[int]
    coverage: float
    is_cut: bool = False

    @property
    def is_part(self) -> bool:
        """Whether it leaves much of its marks to others."""
        return self.is_cut or self.coverage < HOLDS

    @property
    def is_whole(self) -> bool:
        """Whether it is one mark as it stands."""
        return len(self.marks) == 1 and self.coverage == 1

    def competes_with(self, other: Hypothesis) -> bool:
        """Whether both cannot be true: they take the same ink. Parts of one mark do not, they were divided."""
        return bool(self.marks & other.marks) and not (self.is_part and other.is_part)


def find_hypotheses(ink: Ink, boxes: Sequence[FloatBox], page_shape: tuple[int, int]) -> list[Hypothesis]:
    """List everything that may be one digit.

    Args:
        ink: of the page.
        boxes: where the finder saw digits or other marks, in pixels of the page.
        page_shape: rows and columns of the page in pixels.
    """
    labels, stats = ink.components
    owners, windows = divide_ink(labels, stats, boxes, ink.scale)
    owned = [np.unique(labels[w][owners[w] == number]).tolist() for number, w in enumerate(windows, start=1)]
    marks = group_components(labels, stats, ink.scale)
    marks += _marks_in_boxes(marks, stats, owned, [ink.scale * max(box[2:]) for box in boxes])
    wholes = [glyph_of(mark, ink, labels, stats, page_shape) for mark in marks]
    edges = _stout(np.array(boxes, np.float64).reshape(-1, 4))
    agreeing = [_same_box(whole, edges) for whole in wholes]
    found = [
        Hypothesis(whole, box, frozenset([index]), 1.0)
        for index, (whole, box) in enumerate(zip(wholes, agreeing, strict=True))
    ]
    mark_of = np.zeros(len(stats), np.int64)
    for index, mark in enumerate(marks, start=1):
        mark_of[mark] = index
    areas = np.bincount(mark_of, weights=stats[:, cv2.CC_STAT_AREA], minlength=len(marks) + 1)
    for box, window in enumerate(windows):
        mine = owners[window] == box + 1
        members = mark_of[labels[window]]
        shares = np.bincount(members[mine], minlength=1)
        least = max(1.0, TOUCHES * float(shares[1:].sum()))
        touched = [mark for mark in np.flatnonzero(shares).tolist() if mark and shares[mark] >= least]
        if not touched:
            continue
        coverage = float(shares[touched].sum() / areas[touched].sum())
        if len(touched) == 1 and coverage >= HOLDS:  # the mark as it stands
            whole = found[touched[0] - 1]
            found[touched[0] - 1] = whole if whole.box is not None else dataclasses.replace(whole, box=box)
            continue
        glyph = _cut(ink, window, mine & np.isin(members, touched), page_shape)
        found.append(Hypothesis(glyph, box, frozenset(mark - 1 for mark in touched), coverage))
    return found


def cut_into(
    mark: Hypothesis, pieces: Sequence[Piece], sections: NDArray[np.uint8], boxes: Sequence[FloatBox]
) -> list[Hypothesis]:
    """Take pieces of a mark for one digit each.

    Args:
        mark: as it stands.
        pieces: of it.
        sections: of its ink, from `cut`.
        boxes: where the finder saw digits or other marks, in pixels of the page.
    """
    glyphs = [Glyph(_piece_box(mark.glyph, piece), piece.ink(mark.glyph.ink, sections)) for piece in pieces]
    edges = _stout(np.array(boxes, np.float64).reshape(-1, 4))
    return [
        Hypothesis(glyph, _same_box(glyph, edges), mark.marks, piece.share, is_cut=True)
        for glyph, piece in zip(glyphs, pieces, strict=True)
    ]


def _marks_in_boxes(
    marks: list[list[int]], stats: NDArray[np.int32], owned: Sequence[list[int]], sides: Sequence[float]
) -> list[list[int]]:
    """Components that are no marks for their size or place on the page, but are what the finder saw."""
    known = {label for mark in marks for label in mark}
    longer = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    wanted = {
        label
        for labels, side in zip(owned, sides, strict=True)
        for label in labels
        if HALF_A_BOX * side <= longer[label] <= 2 * side
    }
    return [[label] for label in sorted(wanted - known)[: MOST_GLYPHS - len(marks)]]


def missing_shares(
    hypotheses: Sequence[Hypothesis], understood: NDArray[np.bool_], sure: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """How much of its marks remains a riddle when a part of them is taken for a digit.

    The 1 and the 2 of a fraction leave a stroke that the finder knows; a curl of a letter leaves the letter. A part of
    a table's line is a digit that stands on it, of which the finder is sure, or nothing but line.

    Args:
        hypotheses: from `find_hypotheses`.
        understood: (N,) whether each is a likely digit or a likely other mark.
        sure: (N,) whether the finder by itself is sure of a digit.

    Returns:
        (N,) float32 in [0, 1]: 0 for whole marks and where `ENOUGH` of the ink is understood.
    """
    by_mark = _parts_by_mark(hypotheses)
    sides = {mark: _longer(guess) for guess in hypotheses if guess.is_whole for mark in guess.marks}
    missing = np.zeros(len(hypotheses), np.float32)
    for index, guess in enumerate(hypotheses):
        if not guess.is_part:
            continue
        if max(sides.get(mark, 0) for mark in guess.marks) > FAR_BEYOND * _longer(guess):
            missing[index] = 0 if sure[index] else 1
            continue
        others = set[int]().union(*(by_mark[mark] for mark in guess.marks)) - {index}
        explained = guess.coverage + sum(hypotheses[other].coverage for other in others if understood[other])
        missing[index] = max(0.0, 1 - explained / ENOUGH)
    return missing


def are_rests(hypotheses: Sequence[Hypothesis], are_digits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which are what remains of a mark of which all else reads as digits: between digits that touch stands a digit.

    Args:
        hypotheses: from `find_hypotheses`.
        are_digits: (N,) whether each is a likely digit, or at least has the shape of one.

    Returns:
        (N,) bool, False for whole marks.
    """
    by_mark = _parts_by_mark(hypotheses)
    rests = np.zeros(len(hypotheses), bool)
    for index, guess in enumerate(hypotheses):
        if guess.is_part:
            others = set[int]().union(*(by_mark[mark] for mark in guess.marks)) - {index}
            read = sum(hypotheses[other].coverage for other in others if are_digits[other])
            rests[index] = read >= HOLDS * (1 - guess.coverage)
    return rests


def _parts_by_mark(hypotheses: Sequence[Hypothesis]) -> dict[int, set[int]]:
    """For each mark that is divided the indices of its parts."""
    by_mark: dict[int, set[int]] = {}
    for index, guess in enumerate(hypotheses):
        if guess.is_part:
            for mark in guess.marks:
                by_mark.setdefault(mark, set()).add(index)
    return by_mark


def _longer(guess: Hypothesis) -> int:
    return max(guess.glyph.box.width, guess.glyph.box.height)


def choose(hypotheses: Sequence[Hypothesis], digit_probabilities: NDArray[np.floating]) -> list[int]:
    """Decide between hypotheses that compete: the likeliest digit first, one that explains more ink before a part.

    Args:
        hypotheses: from `find_hypotheses`.
        digit_probabilities: (N,) how likely each is a digit at all.

    Returns:
        Indices of those that are read.
    """
    worth = digit_probabilities * np.array([guess.coverage for guess in hypotheses]) ** COVERAGE_COUNTS
    chosen: list[int] = []
    by_mark: dict[int, list[int]] = {}
    for index in np.argsort(-worth, kind="stable").tolist():
        guess = hypotheses[index]
        rivals = {rival for mark in guess.marks for rival in by_mark.get(mark, ())}
        if digit_probabilities[index] < 0.5 or any(guess.competes_with(hypotheses[rival]) for rival in rivals):
            continue
        chosen.append(index)
        for mark in guess.marks:
            by_mark.setdefault(mark, []).append(index)
    return chosen


def _cut(ink: Ink, window: Window, mine: NDArray[np.bool_], page_shape: tuple[int, int]) -> Glyph:
    """The pixels of a window that are `mine`, as a glyph."""
    rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
    inside = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
    top, left = window[0].start + inside[0].start, window[1].start + inside[1].start
    bottom, right = window[0].start + inside[0].stop, window[1].start + inside[1].stop
    patch = np.where(mine[inside], ink.strength[top:bottom, left:right], 0.0).astype(np.float32)
    return Glyph(page_box((left, top, right, bottom), ink.scale, page_shape), patch)


def _piece_box(mark: Glyph, piece: Piece) -> Box:
    """Where a piece of a mark stands on the page, inside the box of the mark."""
    across, down = mark.box.width / mark.ink.shape[1], mark.box.height / mark.ink.shape[0]
    left, top = mark.box.left + int(piece.box[0] * across), mark.box.top + int(piece.box[1] * down)
    width, height = max(1, round(piece.box[2] * across)), max(1, round(piece.box[3] * down))
    return Box(left, top, min(width, mark.box.right - left), min(height, mark.box.bottom - top))


def _same_box(glyph: Glyph, edges: NDArray[np.float64]) -> int | None:
    """Index of the box that covers the same as the glyph's own, the best one first.

    Args:
        glyph: with its box on the page.
        edges: of the boxes, from `_stout`.
    """
    if not len(edges):
        return None
    mine = _stout(np.array([glyph.box.to_list()], np.float64))
    shared = np.clip(np.minimum(mine[:, 2:], edges[:, 2:]) - np.maximum(mine[:, :2], edges[:, :2]), 0, None)
    both = shared.prod(axis=1)
    union = (mine[:, 2:] - mine[:, :2]).prod(axis=1) + (edges[:, 2:] - edges[:, :2]).prod(axis=1) - both
    best = int((both / union).argmax())
    return best if both[best] >= SAME * union[best] else None


def _stout(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Left, top, width, height to left, top, right, bottom of a box that is not too thin, (N, 4)."""
    middle, size = boxes[:, :2] + boxes[:, 2:] / 2, boxes[:, 2:]
    size = np.maximum(size, STOUT * size.max(axis=1, keepdims=True))
    return np.concatenate([middle - size / 2, middle + size / 2], axis=1)
