"""What the reader did with a page, step by step: the very arrays it worked with, kept for those who want to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.hypotheses import Hypothesis
from digitlens.imaging.ink import Ink
from digitlens.model.candidates import SURE, Candidate
from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.results import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Opinions:
    """What the networks said of N hypotheses.

    Attributes:
        frames: (N, 28, 28) uint8 in [0, 255], ink bright on 0: exactly what the classifier saw.
        logits: (N, 11) float32, the classifier's raw scores; column 10 is "not a digit".
        classifier: (N, 11) float32, its calibrated probabilities.
        finder: (N, 11) float32 in [0, 1], its scores, which need not sum to 1; column 10 is "another mark".
        seen: (N,) bool, False where the finder saw nothing there and its scores mean nothing.
        unexplained: (N,) float32 in [0, 1], for a part of a mark: how much of the mark would remain a riddle.
        rest: (N,) bool, whether it is what remains of a mark of which all else has the shape of digits.
        pooled: (N, 11) float32, the probabilities of both together; rows sum to 1.
    """

    frames: NDArray[np.uint8]
    logits: NDArray[np.float32]
    classifier: NDArray[np.float32]
    finder: NDArray[np.float32]
    seen: NDArray[np.bool_]
    unexplained: NDArray[np.float32]
    rest: NDArray[np.bool_]
    pooled: NDArray[np.float32]

    @property
    def sure(self) -> NDArray[np.bool_]:
        """(N,) where the finder by itself is sure of a digit, see `sure_digits`."""
        return sure_digits(self.finder)


def sure_digits(scores: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the finder by itself is sure that a digit may stand, whatever else it may be to it.

    It alone sees the paper around a mark: to the classifier a tick, a stain or a bracket can look just like a digit.

    Args:
        scores: (N, 11) scores of the finder in [0, 1].

    Returns:
        (N,) bool.
    """
    return np.asarray((scores[:, :NOT_A_DIGIT] >= SURE).any(axis=1), bool)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The way of one page to its reading.

    Attributes:
        page: (H, W) or (H, W, 3) uint8, turned as it was read; all boxes but those of `reading` are in its pixels.
        turns: quarters by which the page as given had been turned counter-clockwise for that, 0 to 3.
        skew_deg: degrees by which it had then been turned clockwise, as its rows rose so much to the right; mostly 0.
        ink: of that page, with its paper and its rulings.
        candidates: the places that the finder saw, best first.
        hypotheses: what could be one digit each.
        edges: boundaries of light that look like strokes and were put aside before the networks judged.
        opinions: of the hypotheses, in their order.
        digits: indices of the hypotheses that were read, in the order of `reading.digits`.
        rejected: indices of those that were not, in the order of `reading.rejected`.
        guesses: of a page from which nothing was read because the finder is sure of no digit, the indices of those that
            would have been, in reading order.
        reading: the answer, with boxes in pixels of the page as given.
    """

    page: NDArray[np.uint8]
    turns: int
    skew_deg: float
    ink: Ink
    candidates: tuple[Candidate, ...]
    hypotheses: tuple[Hypothesis, ...]
    edges: tuple[Hypothesis, ...]
    opinions: Opinions
    digits: tuple[int, ...]
    rejected: tuple[int, ...]
    guesses: tuple[int, ...]
    reading: Reading

    @property
    def whole_marks(self) -> tuple[int, ...]:
        """Indices of the marks as they stand, the highest first."""
        whole = [index for index, guess in enumerate(self.hypotheses) if guess.is_whole]
        return tuple(sorted(whole, key=lambda index: -self.hypotheses[index].glyph.box.height))

    def pooled(self, indices: Sequence[int]) -> NDArray[np.float32]:
        """(M, 11) probabilities of both networks together, of M hypotheses."""
        return self.opinions.pooled[list(indices)]

    def rivals(self) -> list[tuple[int, ...]]:
        """For each hypothesis the indices of those that wanted the same ink, most probable digit first."""
        wholes, parts = (_by_mark(self.hypotheses, are_parts) for are_parts in (False, True))
        found = []
        for index, guess in enumerate(self.hypotheses):
            near = {other for mark in guess.marks for other in wholes.get(mark, [])}
            if not guess.is_part:  # parts of one mark were divided: they do not compete with each other
                near |= {other for mark in guess.marks for other in parts.get(mark, [])}
            found.append(tuple(sorted(near - {index}, key=lambda other: float(self.opinions.pooled[other, -1]))))
        return found


def _by_mark(hypotheses: Sequence[Hypothesis], are_parts: bool) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for index, guess in enumerate(hypotheses):
        if guess.is_part == are_parts:
            for mark in guess.marks:
                found.setdefault(mark, []).append(index)
    return found
