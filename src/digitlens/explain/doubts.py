"""Why an answer may be wrong: what is unusual about a frame, its answer and its place on the page, in numbers.

What is usual was measured (`scripts/usual_frames.py`) and stands in `web/static/lens/usual.json`, which the pages read
as well. A doubt is a fact about the picture, not a probability that the answer is wrong: that is the confidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitlens.explain.frame_measures import measure_frame
from digitlens.explain.page_measures import measure_on_page
from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.results import Box

USUAL_FILE = Path(__file__).parent.parent / "web/static/lens/usual.json"

# Measure to the codes of a value that is too low and too high; None where that says nothing against a digit.
FRAME_CODES: dict[str, tuple[str | None, str | None]] = {
    "peak": ("grey_ink", None),
    "second_mark": (None, "several_marks"),
    "stroke_width": ("thin_stroke", "thick_stroke"),
    "aspect": (None, "wide"),
    "edge": (None, "frame_edge"),
    "size": ("small", "large"),
    "off_centre": (None, "off_centre"),
    "specks": (None, "specks"),
    "rim": (None, "soft"),
}
PAGE_CODES: dict[str, tuple[str | None, str | None]] = {
    "edge_distance": ("page_edge", None),
    "contrast": ("low_contrast", None),
    "longest_side": ("few_pixels", None),
    "edge_width": (None, "blurred"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something unusual that may have misled the network.

    Attributes:
        code: what it is, such as "thin_stroke"; `templates/_doubts.html` and `views/why.js` have the words.
        measured: the measured value, in the unit of its measure; see `FrameMeasures` and `PageMeasures`.
        low, high: between which values 99 in 100 usual digits lie; None where that side is open.
        value: the class that is meant besides the answer, 0 to 10; None where none is.
    """

    code: str
    measured: float
    low: float | None = None
    high: float | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True)
class _Range:
    low: float | None
    high: float | None
    slack: float

    def side(self, measured: float) -> int:
        """-1 below, 1 above, 0 within the range or its slack."""
        if self.low is not None and measured < self.low - self.slack:
            return -1
        return int(self.high is not None and measured > self.high + self.slack)


def find_doubts(
    frame: NDArray[np.floating],
    probabilities: NDArray[np.floating],
    *,
    logits: NDArray[np.floating] | None = None,
    page: NDArray[np.uint8] | None = None,
    box: Box | None = None,
) -> tuple[Doubt, ...]:
    """Everything unusual about one answer.

    Args:
        frame: (28, 28) float in [0, 1], ink bright on 0.
        probabilities: (11,) as from `Classifier.probabilities`; all zero leaves the answer out.
        logits: (11,) of the network that ships with digitlens; None leaves out whether it is unfamiliar.
        page: (H, W) or (H, W, 3) uint8, upright; None leaves out what only the page shows.
        box: where the digit stands on it.

    Returns:
        The doubts about the answer first, then those about the ink, then those about the page; none of them says how
        much it matters. Empty where nothing is unusual.

    >>> [doubt.code for doubt in find_doubts(np.zeros((28, 28)), np.eye(11)[10])]
    ['blank']
    """
    measures = measure_frame(frame)
    if measures is None:
        return (Doubt("blank", 0.0),)
    paper = _usual("frame")["paper"]
    if paper.side(measures.paper) > 0:  # what is mark and what is paper cannot be told, so no other measure means much
        return (*_about_answer(probabilities, logits), Doubt("grey_paper", measures.paper, paper.low, paper.high))
    doubts = [*_about_answer(probabilities, logits), *_outside("frame", measures.to_dict(), FRAME_CODES)]
    if page is not None and box is not None:
        doubts += _about_page(page, box)
    return tuple(doubts)


def _about_page(page: NDArray[np.uint8], box: Box) -> list[Doubt]:
    found = list(_outside("page", measure_on_page(page, box).to_dict(), PAGE_CODES))
    is_small = any(doubt.code == "few_pixels" for doubt in found)  # enlarging it is what blurs it
    return [doubt for doubt in found if not (is_small and doubt.code == "blurred")]


def _about_answer(probabilities: NDArray[np.floating], logits: NDArray[np.floating] | None) -> Iterator[Doubt]:
    usual = _usual("answer")
    best, second = (int(place) for place in np.argsort(-probabilities, kind="stable")[:2])
    if best == NOT_A_DIGIT:
        yield Doubt("no_digit", float(probabilities[best]), None, usual["not_a_digit"].high, second)
    elif usual["runner_up"].side(float(probabilities[second])):
        code = "may_be_no_digit" if second == NOT_A_DIGIT else "runner_up"
        yield Doubt(code, float(probabilities[second]), None, usual["runner_up"].high, second)
    if logits is not None:
        familiar = familiarity(logits)
        if usual["familiarity"].side(familiar):
            yield Doubt("unfamiliar", familiar, usual["familiarity"].low)


def familiarity(logits: NDArray[np.floating]) -> float:
    """How strongly any of the ten digits speaks up: the logarithm of the sum of their exponentials.

    It is the negative energy of Liu, Wang, Owens and Li, "Energy-based out-of-distribution detection", NeurIPS 2020:
    low for what is unlike everything the network learned from.

    Args:
        logits: (11,), before the temperature.
    """
    digits = np.asarray(logits, np.float64)[:NOT_A_DIGIT]
    peak = float(digits.max())
    return peak + float(np.log(np.exp(digits - peak).sum()))


def _outside(part: str, measures: dict[str, float], codes: dict[str, tuple[str | None, str | None]]) -> Iterator[Doubt]:
    for name, (low_code, high_code) in codes.items():
        usual = _usual(part)[name]
        side = usual.side(measures[name])
        code = {-1: low_code, 1: high_code}.get(side)
        if code is not None:
            yield Doubt(code, measures[name], usual.low, usual.high)


@lru_cache(maxsize=8)
def _usual(part: str) -> dict[str, _Range]:
    entries = json.loads(USUAL_FILE.read_text(encoding="utf-8"))[part]
    return {name: _Range(entry["low"], entry["high"], entry.get("slack", 0.0)) for name, entry in entries.items()}
