"""From a trace to what a person can look at: a picture of each step, and for every mark what each network said of it.

Nothing is worked out anew: the arrays are those that the reader worked with, shrunk and coloured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitlens.explain.doubts import Doubt, find_doubts
from digitlens.explain.step_pictures import draw_steps
from digitlens.results import Box
from digitlens.trace import Trace

# Of what the finder saw, the best are shown.
MOST_PLACES = 600


@dataclass(frozen=True, slots=True)
class Facts:
    """Numbers about the way of a page.

    Attributes:
        width, height: of the page as it was read, in pixels.
        turns: quarters by which it had been turned counter-clockwise for that.
        light_on_dark: whether the ink is lighter than what it stands on.
        ruling_share: share of all that differs from the paper that was ruling, in [0, 1].
        mark_count: marks of ink.
        part_count, joined_count: hypotheses that are parts of a mark, and those that are several marks together.
        edge_count: boundaries of light that were put aside.
        skew_deg: degrees by which it had been turned clockwise, after the quarters, because its rows rose so much.
    """

    width: int
    height: int
    turns: int
    light_on_dark: bool
    ruling_share: float
    mark_count: int
    part_count: int
    joined_count: int
    edge_count: int
    skew_deg: float = 0.0  # steps kept by earlier versions have none


@dataclass(frozen=True, slots=True)
class Place:
    """Where the finder saw something: its box on the page as read, its best kind (10 is "another mark"), its score."""

    box: Box
    kind: int
    score: float
    is_sure_digit: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One hypothesis and what was said of it.

    Attributes:
        box: on the page as it was read.
        classifier: 11 probabilities; the last is "not a digit".
        finder: 11 scores in [0, 1], the last for "another mark"; None where the finder saw nothing.
        pooled: 11 probabilities of both together.
        coverage: share of the ink of its marks that it takes, in (0, 1].
        mark_count: of how many marks it takes ink.
        unexplained: share of the ink that would remain a riddle if this part were a digit, in [0, 1].
        is_rest: whether it is what remains of a mark of which all else has the shape of digits.
        rivals: indices of the hypotheses that wanted the same ink, most probable digit first.
        doubts: what is unusual about it; nothing is said of hypotheses that lost against a rival.
    """

    box: Box
    classifier: tuple[float, ...]
    finder: tuple[float, ...] | None
    pooled: tuple[float, ...]
    coverage: float
    mark_count: int
    unexplained: float
    is_rest: bool
    rivals: tuple[int, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Everything about the way of one page that is kept beside its reading.

    Attributes:
        facts: numbers about the page.
        places: what the finder saw, best first.
        marks: all hypotheses; the other fields give indices into them.
        digits: those that were read, in the order of the reading's digits.
        left_out: those that were not read: first in the order of the reading's `rejected`, then the other guesses, then
            the pieces of larger marks of which other pieces were read, so that a missed digit is found here, too.
        guesses: of a page from which nothing was read because the finder is sure of no digit, those that would have
            been, in reading order.
        frames: (N, 28, 28) uint8, of each mark, exactly as the classifier saw it.
        pictures: whole PNG or JPEG files by file name, such as "ink.png".
    """

    facts: Facts
    places: tuple[Place, ...]
    marks: tuple[Mark, ...]
    digits: tuple[int, ...]
    left_out: tuple[int, ...]
    guesses: tuple[int, ...]
    frames: NDArray[np.uint8]
    pictures: dict[str, bytes]


def show_steps(trace: Trace) -> Steps:
    """Make the steps of a trace ready to be kept and looked at."""
    rivals = trace.rivals()
    others = (*trace.guesses, *_passed_over(trace, rivals))
    left_out = (*trace.rejected, *dict.fromkeys(index for index in others if index not in trace.rejected))
    return Steps(
        facts=_facts(trace),
        places=tuple(
            Place(_whole(found.box), found.kind, float(found.score), found.is_sure_digit)
            for found in trace.candidates[:MOST_PLACES]
        ),
        marks=_marks(trace, rivals, {*trace.digits, *left_out}),
        digits=trace.digits,
        left_out=left_out,
        guesses=trace.guesses,
        frames=trace.opinions.frames,
        pictures=draw_steps(trace),
    )


def _facts(trace: Trace) -> Facts:
    removed = int(trace.ink.rulings.sum())
    return Facts(
        width=trace.page.shape[1],
        height=trace.page.shape[0],
        turns=trace.turns,
        light_on_dark=trace.ink.light_on_dark,
        ruling_share=removed / max(1, removed + int(trace.ink.mask.sum())),
        mark_count=sum(guess.is_whole for guess in trace.hypotheses),
        part_count=sum(guess.is_part for guess in trace.hypotheses),
        joined_count=sum(len(guess.marks) > 1 and not guess.is_part for guess in trace.hypotheses),
        edge_count=len(trace.edges),
        skew_deg=trace.skew_deg,
    )


def _passed_over(trace: Trace, rivals: Sequence[tuple[int, ...]]) -> list[int]:
    """Hypotheses that nobody reads about otherwise: neither answered nor the rival of one that was."""
    answered = {*trace.digits, *trace.rejected}
    return [index for index, others in enumerate(rivals) if not answered & {index, *others}]


def _marks(trace: Trace, rivals: Sequence[tuple[int, ...]], answered: set[int]) -> tuple[Mark, ...]:
    return tuple(
        _mark(trace, index, others, _doubts(trace, index) if index in answered else ())
        for index, others in enumerate(rivals)
    )


def _mark(trace: Trace, index: int, rivals: tuple[int, ...], doubts: tuple[Doubt, ...]) -> Mark:
    guess, opinions = trace.hypotheses[index], trace.opinions
    return Mark(
        box=guess.glyph.box,
        classifier=_numbers(opinions.classifier[index]),
        finder=_numbers(opinions.finder[index]) if opinions.seen[index] else None,
        pooled=_numbers(opinions.pooled[index]),
        coverage=round(guess.coverage, 4),
        mark_count=len(guess.marks),
        unexplained=round(float(opinions.unexplained[index]), 4),
        is_rest=bool(opinions.rest[index]),
        rivals=rivals,
        doubts=doubts,
    )


def _doubts(trace: Trace, index: int) -> tuple[Doubt, ...]:
    opinions = trace.opinions
    return find_doubts(
        opinions.frames[index] / np.float32(255),
        opinions.pooled[index],
        logits=opinions.logits[index],
        page=trace.page,
        box=trace.hypotheses[index].glyph.box,
    )


def _numbers(values: NDArray[np.float32]) -> tuple[float, ...]:
    """Six digits after the point: a millionth is less than anything that is shown."""
    return tuple(round(float(value), 6) for value in values)


def _whole(box: Iterable[float]) -> Box:
    return Box(*(round(side) for side in box))
