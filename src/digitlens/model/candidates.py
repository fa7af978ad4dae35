"""From the finder's maps to candidates: marks with a box and a score for each of eleven kinds.

Pure functions on arrays. The maps are those of X. Zhou, D. Wang and P. Krähenbühl, "Objects as Points", 2019: a heat
map for each kind whose peaks are centres, and at each centre the size of the box and where in its cell the centre is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.results import Box

Floats = NDArray[np.float32]
Picture = TypeVar("Picture", NDArray[np.uint8], NDArray[np.float32])

# Pixels of the picture a cell of the maps stands for, each way.
STRIDE = 4
# The ten digits, then any other mark.
KINDS = 11
OTHER_MARK = 10
# Logits of the heat maps, log(width / 16), log(height / 16), and the centre's place inside its cell, x and y in [0, 1).
CHANNELS = KINDS + 4
SIZE_UNIT = 16.0
# Longer side, in pixels of the scale at which it is seen, that a mark may have: the training's range and some more.
SMALLEST, LARGEST = 9.0, 80.0
# Sizes at which its opinion counts, and those at which it counts fully.
FAMILIAR, WELL_KNOWN = (10.0, 64.0), (14.0, 48.0)
# Two boxes that share so much of what both cover are one mark.
SAME = 0.4
# For that comparison a box is at least so wide as a share of its height, and the reverse: a 1 is hardly a box.
_STOUT = 0.5
# A candidate is part of another when so much of its box lies inside the other's.
INSIDE = 0.75
GOOD, NEARLY = 0.25, 0.8
# Digits that touch: what has less than this share of the score of both its neighbours is no mark between them where the
# box of each shares at least so much of its own, and those of both together so much.
LESSER, A_SIDE, COVERED = 0.6, 0.05, 0.8
SURE = 0.4
# A page of nothing but texture gives thousands; no more than so many are looked at, so that no page takes minutes.
MOST_CANDIDATES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A mark that the finder saw.

    Attributes:
        left, top, width, height: its box in pixels of the page, with fractions; may reach beyond the page.
        scores: (11,) float32 in [0, 1], one for each digit and one for "another mark"; they need not sum to 1.
    """

    left: float
    top: float
    width: float
    height: float
    scores: Floats

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height."""
        return self.left, self.top, self.width, self.height

    @property
    def kind(self) -> int:
        """The best kind: 0 to 9, or 10 for another mark."""
        return int(self.scores.argmax())

    @property
    def is_sure_digit(self) -> bool:
        """Whether the finder by itself would call it a digit."""
        return self.kind != OTHER_MARK and self.score >= SURE

    @property
    def is_sure_mark(self) -> bool:
        """Whether the finder by itself would call it another mark."""
        return self.kind == OTHER_MARK and self.score >= SURE

    @property
    def rounded(self) -> Box:
        """Its box in whole pixels."""
        return Box(*(round(side) for side in self.box))

    @property
    def score(self) -> float:
        """Score of the best kind."""
        return float(self.scores.max())


def with_plain_border(picture: Picture, above: int, below: int, left: int, right: int) -> Picture:
    """Add a border in the one grey that is usual along the picture's edges, so that digits there are seen whole.

    Args:
        picture: (H, W), uint8 or float32.
        above: rows to add at the top.
        below: rows to add at the bottom.
        left: columns to add on the left.
        right: columns to add on the right.
    """
    edges = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    plain = float(np.median(edges).astype(picture.dtype))
    return cv2.copyMakeBorder(picture, above, below, left, right, cv2.BORDER_CONSTANT, value=plain)  # type: ignore[return-value]


def decode(maps: Floats, threshold: float = 0.2) -> tuple[Floats, Floats]:
    """Read the peaks off the finder's maps.

    Args:
        maps: (h, w, 15) float32, as the finder gives them.
        threshold: lowest score of a peak, in (0, 1).

    Returns:
        (N, 4) boxes as left, top, width, height in pixels of the picture, and (N, 11) scores in [0, 1].
    """
    heat = maps[..., :KINDS].max(axis=-1)
    rows, columns = np.nonzero((heat >= np.log(threshold / (1 - threshold))) & (heat >= _highest_around(heat)))
    found = maps[rows, columns]  # (N, 15)
    scores = 1 / (1 + np.exp(-found[:, :KINDS]))
    sizes = SIZE_UNIT * np.exp(np.clip(found[:, KINDS : KINDS + 2], -4, 4))
    centres = STRIDE * (np.stack([columns, rows], axis=1) + np.clip(found[:, KINDS + 2 :], 0, 1))
    boxes = np.concatenate([centres - sizes / 2, sizes], axis=1)
    fitting = (sizes.max(axis=1) >= SMALLEST) & (sizes.max(axis=1) <= LARGEST)
    return boxes[fitting].astype(np.float32), scores[fitting].astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One picture of the pyramid as the finder saw it.

    Attributes:
        maps: (h, w, 15) float32.
        ratio: pixels of the page for one of the picture, across and down.
        margin: pixels added around the picture.
    """

    maps: Floats
    ratio: tuple[float, float]
    margin: int

    def peaks(self, threshold: float) -> tuple[Floats, Floats]:
        """Boxes (N, 4) in pixels of the page and scores (N, 11), for `merge`."""
        boxes, scores = decode(self.maps, threshold)
        boxes[:, :2] -= self.margin
        return (boxes * np.tile(self.ratio, 2)).astype(np.float32), scores

    def logits_at(self, candidate: Candidate) -> tuple[Floats, float] | None:
        """The highest logits in and beside the cell of a candidate's middle, (11,), and what they count.

        None where the candidate is too small or too large here.
        """
        across, down = self.ratio
        side = max(candidate.width / across, candidate.height / down)
        if not FAMILIAR[0] <= side <= FAMILIAR[1]:
            return None
        column = int(((candidate.left + candidate.width / 2) / across + self.margin) // STRIDE)
        row = int(((candidate.top + candidate.height / 2) / down + self.margin) // STRIDE)
        if min(row, column) < -1:  # beyond the picture's border, where a slice would count from the other end
            return None
        around = self.maps[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2, :KINDS].reshape(-1, KINDS)
        if not len(around):
            return None
        return around.max(axis=0), 1.0 if WELL_KNOWN[0] <= side <= WELL_KNOWN[1] else 0.5


def seen_again(candidate: Candidate, views: Sequence[View]) -> Candidate:
    """The same with the mean opinion of all pictures in which it has a size that the finder knows.

    One look can mislead; what is a digit is one at every size.
    """
    opinions = [opinion for view in views if (opinion := view.logits_at(candidate)) is not None]
    if not opinions:
        return candidate
    logits = np.average([logits for logits, _ in opinions], axis=0, weights=[weight for _, weight in opinions])
    return dataclasses.replace(candidate, scores=(1 / (1 + np.exp(-logits))).astype(np.float32))


def merge(found: Sequence[tuple[Floats, Floats]]) -> list[Candidate]:
    """Keep each mark once: the better of two boxes that cover the same (non-maximum suppression over all kinds).

    A digit goes before another mark that is hardly likelier: that may be two digits taken together.

    Args:
        found: for each picture of the pyramid boxes (N, 4) in pixels of the page, and scores (N, 11).

    Returns:
        What is kept, best first.
    """
    boxes = np.concatenate([boxes for boxes, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    rank = np.maximum(scores[:, :OTHER_MARK].max(axis=1), NEARLY * scores[:, OTHER_MARK])
    order = np.argsort(-rank, kind="stable")
    boxes, scores = boxes[order], scores[order]
    kept = list(_marks_once(boxes))
    return [
        Candidate(left, top, width, height, score)
        for (left, top, width, height), score in zip(boxes[kept].tolist(), scores[kept], strict=True)
    ]


def without_parts(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what lies inside a better candidate, or around one: a loop of an 8, two digits taken as one.

    A good digit may lie in another mark's box: the box of a fraction's stroke holds both of its digits.
    """
    best = candidates[:MOST_CANDIDATES]  # they come best first
    if not best:
        return []
    boxes = np.array([candidate.box for candidate in best])
    ends, areas = boxes[:, :2] + boxes[:, 2:], boxes[:, 2:].prod(axis=1)
    scores = np.stack([candidate.scores for candidate in best])
    top, digit = scores.max(axis=1), scores[:, :OTHER_MARK].max(axis=1)
    is_other = scores.argmax(axis=1) == OTHER_MARK
    kept: list[int] = []
    for index in range(len(best)):
        sides = np.minimum(ends[kept], ends[index]) - np.maximum(boxes[kept, :2], boxes[index, :2])
        shared = np.maximum(sides, 0).prod(axis=1)
        around, inside = shared > INSIDE * areas[kept], shared > INSIDE * areas[index]
        in_its_own_right = ~around & is_other[kept] & (digit[index] > GOOD)
        if not ((inside & ~in_its_own_right) | (around & (top[kept] > NEARLY * top[index]))).any():
            kept.append(index)
    return [best[index] for index in kept]


def without_seams(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what is made of the sides of two digits that stand beside each other: it takes its ink from both.

    Args:
        candidates: from `without_parts`.
    """
    if not candidates:
        return []
    boxes = np.array([candidate.box for candidate in candidates])
    middles, ends, areas = boxes[:, :2] + boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:], boxes[:, 2:].prod(axis=1)
    # Of what is no digit the score says nothing here.
    scores = np.array([candidate.score if candidate.kind != OTHER_MARK else 0.0 for candidate in candidates])
    kept = []
    for index, candidate in enumerate(candidates):
        away = np.abs(middles - middles[index])
        better = (scores * LESSER > candidate.score) & (away[:, 0] > away[:, 1])
        sides = np.minimum(ends[better], ends[index]) - np.maximum(boxes[better, :2], boxes[index, :2])
        shared = np.maximum(sides, 0).prod(axis=1) / areas[index]
        if np.count_nonzero(shared > A_SIDE) < 2 or shared.sum() < COVERED:
            kept.append(candidate)
    return kept


def _marks_once(boxes: Floats) -> Iterator[int]:
    """Index of each box that no better one covers; the boxes come best first."""
    left, top, right, bottom = _stout_edges(boxes)
    areas = (right - left) * (bottom - top)
    free = np.ones(len(boxes), bool)
    for best in range(len(boxes)):
        if free[best]:
            width = np.minimum(right, right[best]) - np.maximum(left, left[best])
            height = np.minimum(bottom, bottom[best]) - np.maximum(top, top[best])
            shared = np.maximum(width, 0) * np.maximum(height, 0)
            free &= shared < SAME * (areas + areas[best] - shared)
            yield best


def _stout_edges(boxes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    width = np.maximum(boxes[:, 2], _STOUT * boxes[:, 3])
    height = np.maximum(boxes[:, 3], _STOUT * boxes[:, 2])
    x, y = boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3] / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _highest_around(heat: Floats) -> Floats:
    """The highest value among each place and its eight neighbours, (h, w)."""
    return np.asarray(cv2.dilate(heat, np.ones((3, 3), np.uint8)), np.float32)
