"""Boxes to rows, and where in a row a space stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digitlens.results import Box

# Two marks stand in one row when they share this much of the lower one's height.
ROW_OVERLAP = 0.45
# Next to each other (the gap as a share of the lower one's height) less will do: exponents, the digits of a fraction.
NEAR_SHARE, NEAR_OVERLAP = 0.8, 0.25
# One box stands over another when they share so much of the narrower one's column, which no 1 is too thin to have.
ABOVE, SLIM = 0.3, 0.5
# Most paper between a row and what hangs above it, as a share of its height; and where that is so much smaller, as
# exponents are.
RAISED_GAP, SMALLER, SMALLER_GAP = 0.1, 0.85, 0.6
# A gap is a space when it is wider than this share of the row's height and than this multiple of its usual gap.
SPACE_HEIGHT_SHARE = 0.6
SPACE_GAP_FACTOR = 1.8
# What ends above this share of its neighbour's height is raised, and not of the same number.
RAISED_FOOT = 0.55
# A mark of ink between two digits keeps them apart when it has this share of their height, so that a speck does not.
MARK_SHARE = 0.4


def order_rows(boxes: Sequence[Box]) -> list[list[int]]:
    """Sort boxes into rows as a reader of this script would.

    Every box is chained to the nearest box on its right that shares enough of its height; the chains are the rows, so
    that a row may climb or fall across the page. What is raised, as exponents and the upper digits of fractions are,
    then joins the row that it hangs above.

    Returns:
        Indices into `boxes`: rows from top to bottom, each from left to right.

    >>> order_rows([Box(50, 12, 10, 20), Box(0, 10, 10, 20), Box(3, 60, 10, 20)])
    [[1, 0], [2]]
    """
    by_left = sorted(range(len(boxes)), key=lambda i: boxes[i].left + boxes[i].width / 2)
    rows: list[list[int]] = []
    for index in by_left:
        shares = [_shares_row([boxes[i] for i in row[-2:]], boxes[index]) for row in rows]
        best = max(range(len(rows)), key=shares.__getitem__, default=-1)
        if best >= 0 and shares[best] >= 1:
            rows[best].append(index)
        else:
            rows.append([index])
    rows = _with_raised(rows, boxes)
    return sorted(rows, key=lambda row: float(np.median([boxes[i].top + boxes[i].height / 2 for i in row])))


def spaces_after(row: Sequence[Box]) -> list[bool]:
    """For each box of a row but the last: does a space follow? Also where one of two neighbours is raised.

    >>> spaces_after([Box(0, 0, 10, 20), Box(14, 0, 10, 20), Box(70, 0, 10, 20)])
    [False, True]
    """
    gaps = [max(0, after.left - before.right) for before, after in pairwise(row)]
    if not gaps:
        return []
    height = float(np.median([box.height for box in row]))
    # The narrow gaps are those inside numbers; where all are alike, none is a space.
    usual = float(np.percentile(gaps, 25)) if len(gaps) > 2 else 0.0
    least = max(SPACE_HEIGHT_SHARE * height, SPACE_GAP_FACTOR * usual)
    return [gap > least or _is_step(*pair) for gap, pair in zip(gaps, pairwise(row), strict=True)]


def _is_step(before: Box, after: Box) -> bool:
    """Whether one of two neighbours hangs so high that it is an exponent or a part of a fraction."""
    upper, lower = sorted((before, after), key=lambda box: box.bottom)
    return upper.bottom <= lower.top + RAISED_FOOT * lower.height


def holds_mark(before: Box, after: Box, marks: Sequence[Box], least_share: float = MARK_SHARE) -> bool:
    """Whether one of the marks stands between two neighbours of a row.

    Args:
        before: the neighbour on the left.
        after: the neighbour on the right.
        marks: anywhere on the page.
        least_share: of their height that it must have; 0 where it is known that it is no speck.

    >>> holds_mark(Box(0, 0, 10, 20), Box(40, 0, 10, 20), [Box(18, 5, 12, 10)])
    True
    """
    top, bottom = min(before.top, after.top), max(before.bottom, after.bottom)
    least = least_share * min(before.height, after.height)
    return any(
        before.left + before.width / 2 < mark.left < mark.right < after.left + after.width / 2
        and top <= mark.top + mark.height / 2 <= bottom
        and least <= max(mark.width, mark.height) <= 2 * (bottom - top)
        for mark in marks
    )


def _shares_row(row_end: Sequence[Box], box: Box) -> float:
    """How well a box continues a row; 1 is enough. The last two boxes count: after 3 and a raised 1 comes a low 2."""
    shares = [_row_overlap(before, box) / ROW_OVERLAP for before in row_end]
    last = row_end[-1]
    if box.left - last.right < NEAR_SHARE * min(last.height, box.height):
        shares.append(_row_overlap(last, box) / NEAR_OVERLAP)
    return max(shares)


def _with_raised(rows: Sequence[list[int]], boxes: Sequence[Box]) -> list[list[int]]:
    """The same rows, those that are raised joined to the row that they hang above."""
    waiting = sorted(rows, key=len)
    joined = []
    while waiting:
        row = waiting.pop(0)
        homes = (other for other in waiting if _is_raised([boxes[i] for i in row], [boxes[i] for i in other]))
        home = next(homes, None)
        if home is None:
            joined.append(row)
        else:
            home += row
            home.sort(key=lambda i: boxes[i].left + boxes[i].width / 2)
    return joined


def _is_raised(row: Sequence[Box], home: Sequence[Box]) -> bool:
    """Whether each box of a row hangs above a box of a row at least as long, and none stands in its columns."""
    return all(
        not any(_stands_over(box, other) for other in home) and any(_hangs_above(box, other) for other in home)
        for box in row
    )


def _stands_over(box: Box, other: Box) -> bool:
    (left, right), (other_left, other_right) = _column(box), _column(other)
    shared = min(right, other_right) - max(left, other_left)
    return shared >= ABOVE * min(right - left, other_right - other_left)


def _column(box: Box) -> tuple[float, float]:
    """Left and right of a digit that is at least half as wide as high: a 1 stands in a column like any other."""
    middle, width = box.left + box.width / 2, max(box.width, SLIM * box.height)
    return middle - width / 2, middle + width / 2


def _hangs_above(box: Box, other: Box) -> bool:
    aside = max(box.left - other.right, other.left - box.right)
    gap = other.top - box.bottom
    most = SMALLER_GAP if box.height <= SMALLER * other.height else RAISED_GAP
    return box.top < other.top and aside < NEAR_SHARE * other.height and gap < most * other.height


def _row_overlap(a: Box, b: Box) -> float:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared / max(1, min(a.height, b.height))
