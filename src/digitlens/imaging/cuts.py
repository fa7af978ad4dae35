"""Cut a mark where digits may run into each other, and choose among the cuts.

Oversegmentation and recognition, after R. G. Casey and E. Lecolinet, "A Survey of Methods and Strategies in Character
Segmentation", 1996, section 3: more cuts than there are digits, every piece between two of them is judged, and the
pieces that together are likeliest are found by dynamic programming. A cut is a path from the top of the mark to its
bottom that crosses as little ink as a path through its place can; it may lean by up to 45 degrees, as digits do that
reach under each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

# Paths are searched where the mark has at most so many rows: they cross the same strokes.
MOST_ROWS = 96
# Rows of the mark, as shares of its height, at which every place that is cheap to cross gives a path.
LEVELS = (0.25, 0.5, 0.75)
# What a step costs in ink: a detour through paper is cheap, but of two that cross the same the straight one is taken.
STEP, ASIDE = 0.002, 0.001
# Cuts of a mark as wide as it is high, and the most of any.
CUTS, MOST_CUTS = 8, 40
# Share of a digit's ink, about as much as a square of the mark's height holds: less is no piece, and two cuts that part
# no more between them are one.
LEAST_PIECE = 0.05
# A piece is as high or as wide as this share of the mark's height, and at most so many times as wide.
LEAST_SIDE, WIDEST = 0.3, 1.5
# Strength from which ink counts for a piece's box.
SEEN = 0.3


@dataclass(frozen=True, slots=True)
class Piece:
    """What lies between two cuts of a mark.

    Attributes:
        start, end: the sections of `cut` from which it is made, `end` not included.
        box: left, top, width and height in pixels of the mark.
        share: of the mark's ink, in (0, 1].
    """

    start: int
    end: int
    box: tuple[int, int, int, int]
    share: float

    def ink(self, mark: NDArray[np.float32], sections: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Its ink alone, cut out of the mark's: (height, width) float32."""
        left, top, width, height = self.box
        window = (slice(top, top + height), slice(left, left + width))
        mine = (sections[window] >= self.start) & (sections[window] < self.end)
        return np.where(mine, mark[window], 0).astype(np.float32)


def cut(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Divide a mark into sections from left to right.

    Args:
        ink: (H, W) float32 in [0, 1], ink bright on 0.

    Returns:
        (H, W) uint8: the number of each pixel's section, from 0 on; all 0 where there is no place to cut.
    """
    height, width = ink.shape
    rows, columns = min(height, MOST_ROWS), max(1, round(width * min(height, MOST_ROWS) / height))
    shrunk = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA) if rows < height else ink
    small = np.asarray(shrunk, np.float32)
    total = float(small.sum())
    least = LEAST_PIECE * total * min(1.0, rows / columns)
    most = min(MOST_CUTS, int(CUTS * max(1.0, columns / rows)))
    lefts: list[tuple[float, NDArray[np.bool_]]] = []
    for _, path in sorted(_paths(small), key=lambda priced: priced[0]):
        left = np.arange(columns) <= path[:, None]
        held = float(small[left].sum())
        if least <= held <= total - least and all(float(small[left ^ other].sum()) >= least for _, other in lefts):
            lefts.append((held, left))
        if len(lefts) == most:
            break
    sections = np.full(small.shape, len(lefts), np.uint8)
    for number, (_, left) in reversed(list(enumerate(sorted(lefts, key=lambda cut: cut[0])))):
        sections[left] = number
    return np.asarray(sections[np.arange(height) * rows // height][:, np.arange(width) * columns // width], np.uint8)


def pieces_of(ink: NDArray[np.float32], sections: NDArray[np.uint8]) -> list[Piece]:
    """Every run of sections that may be a digit by its size.

    Args:
        ink: (H, W) float32, the mark.
        sections: (H, W) uint8, from `cut`.
    """
    count = int(sections.max()) + 1
    shares = np.bincount(sections.ravel(), weights=ink.ravel(), minlength=count) / float(ink.sum())
    edges = np.array([_edges((sections == number) & (ink > SEEN)) for number in range(count)])
    height = ink.shape[0]
    pieces = []
    for start in range(count):
        for end in range(start + 1, count + 1):
            left, top = edges[start:end, :2].min(axis=0).tolist()
            right, bottom = edges[start:end, 2:].max(axis=0).tolist()
            if right - left > WIDEST * height:
                break
            if max(right - left, bottom - top) >= LEAST_SIDE * height:
                share = float(shares[start:end].sum())
                pieces.append(Piece(start, end, (left, top, right - left, bottom - top), share))
    return pieces


def likeliest(pieces: Sequence[Piece], probabilities: NDArray[np.floating], count: int) -> list[int]:
    """The pieces that make up the whole mark and are likeliest together.

    Args:
        pieces: from `pieces_of`.
        probabilities: (N,) how likely each is one digit, in [0, 1].
        count: of the mark's sections.

    Returns:
        Their indices from left to right; none where no pieces make up the mark.
    """
    best: list[tuple[float, list[int]] | None] = [(0.0, []), *[None] * count]
    worth = np.log(np.maximum(probabilities, 1e-9))
    for index in sorted(range(len(pieces)), key=lambda index: pieces[index].end):
        before, after = best[pieces[index].start], best[pieces[index].end]
        if before is not None and (after is None or before[0] + worth[index] > after[0]):
            best[pieces[index].end] = before[0] + float(worth[index]), [*before[1], index]
    whole = best[count]
    return whole[1] if whole else []


def _edges(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is True; a box that adds nothing to others where nothing is."""
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return (left, top, left + width, top + height) if width else (mask.shape[1], mask.shape[0], 0, 0)


def _paths(ink: NDArray[np.float32]) -> Iterator[tuple[float, NDArray[np.int64]]]:
    """The cheapest path through each place of a level that is cheaper to cross than its neighbours, and its price.

    A path has one column for each row.
    """
    cost = ink.astype(np.float64) + STEP
    from_top, from_bottom = _cheapest(cost), _cheapest(cost[::-1])[::-1]
    prices = from_top + from_bottom - cost
    for level in LEVELS:
        row = int(level * len(ink))
        for column in _valleys(prices[row]):
            above = _follow(from_top[:row][::-1], column)
            below = _follow(from_bottom[row + 1 :], column)
            yield float(prices[row, column]), np.array([*reversed(above), column, *below])


def _cheapest(cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the cheapest path from the first row to each place costs, (H, W)."""
    total = cost.copy()
    for row in range(1, len(cost)):
        before = np.pad(total[row - 1], 1, constant_values=np.inf)
        total[row] += np.minimum(np.minimum(before[:-2], before[2:]) + ASIDE, before[1:-1])
    return total


def _valleys(profile: NDArray[np.float64]) -> Iterator[int]:
    """The middle of every stretch that is no higher than what is on either side of it."""
    starts = np.flatnonzero(np.diff(profile, prepend=np.inf) != 0)
    ends = np.append(starts[1:], len(profile))
    walls = np.pad(profile[starts], 1, constant_values=np.inf)
    for place in np.flatnonzero((walls[1:-1] <= walls[:-2]) & (walls[1:-1] <= walls[2:])).tolist():
        yield int(starts[place] + ends[place] - 1) // 2


def _follow(totals: NDArray[np.float64], column: int) -> list[int]:
    """Go from beside the first row to the last, each time to the cheapest of the three places ahead."""
    path = []
    for total in totals:
        first = max(0, column - 1)
        ahead = total[first : column + 2]
        column = first + int((ahead + ASIDE * np.abs(np.arange(first, first + len(ahead)) - column)).argmin())
        path.append(column)
    return path
