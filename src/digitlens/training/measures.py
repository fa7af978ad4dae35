"""Measures of an evaluation: a share with its interval, edit distance, risk against coverage. NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitlens.model.calibration import wilson_interval


@dataclass(frozen=True, slots=True)
class Share:
    """How many were right, of how many.

    Attributes:
        key: name in the manifest.
        title: name for people.
        right, total: counts.
    """

    key: str
    title: str
    right: int
    total: int

    @property
    def value(self) -> float:
        """Right over total, in [0, 1]; 0 of nothing."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval."""
        return wilson_interval(self.right, self.total)

    def to_dict(self) -> dict[str, float]:
        """For the manifest."""
        low, high = self.interval
        return {"value": round(self.value, 5), "low": round(low, 5), "high": round(high, 5), "count": self.total}


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """What was answered with which confidence.

    Attributes:
        confidence: (N,) float64 in [0, 1].
        right: (N,) bool.
        doubtful: (N,) bool, the answers that the reader flags.
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]

    @property
    def flagged(self) -> Share:
        """Answers that the reader asks somebody to check."""
        return Share("flagged", "flagged as doubtful", int(self.doubtful.sum()), len(self.right))

    @property
    def unflagged_errors(self) -> Share:
        """Wrong answers among those that nobody is asked to check."""
        sure = ~self.doubtful
        return Share("unflagged_errors", "wrong among the unflagged", int((sure & ~self.right).sum()), int(sure.sum()))


def edit_distance(first: str, second: str) -> int:
    """Characters to insert, delete or replace (V. Levenshtein, 1966).

    >>> edit_distance("407", "47"), edit_distance("", "12"), edit_distance("12", "21")
    (1, 2, 2)
    """
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def risk_coverage(answers: GivenAnswers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The error among the most confident answers, for every share of them that is kept.

    Method: Y. Geifman and R. El-Yaniv, "Selective Classification for Deep Neural Networks", 2017. Answers of the same
    confidence are kept or left together.

    Returns:
        Coverage (K,), rising to 1, and the risk (K,) at each, both float64 in [0, 1]; K is the number of different
        confidences.

    >>> answers = GivenAnswers(np.array([0.9, 0.8, 0.7]), np.array([True, True, False]), np.zeros(3, bool))
    >>> [part.round(2).tolist() for part in risk_coverage(answers)]
    [[0.33, 0.67, 1.0], [0.0, 0.0, 0.33]]
    """
    order = np.argsort(-answers.confidence, kind="stable")
    kept = np.arange(1, len(order) + 1)
    risk = np.cumsum(~answers.right[order]) / kept
    confidence = answers.confidence[order]
    last_of_its_kind = np.append(confidence[1:] != confidence[:-1], True)[: len(order)]
    return kept[last_of_its_kind] / max(1, len(order)), np.asarray(risk[last_of_its_kind], np.float64)
