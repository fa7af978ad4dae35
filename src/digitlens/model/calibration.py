"""Confidence that can be believed: one temperature, and the measures that show whether it works. NumPy alone.

Method: C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural Networks", 2017: dividing all
logits by one number, fitted on pictures that training never saw, changes no answer and makes "0.9" mean nine in ten.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.05, 20.0
_GOLDEN = (5**0.5 - 1) / 2


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float32]:
    """Probabilities from logits.

    Args:
        logits: (N, K), any finite numbers.
        temperature: above 0; above 1 makes the answer less sure.

    Returns:
        (N, K) float32 in [0, 1], rows sum to 1.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    return np.exp(_log_softmax(logits, temperature)).astype(np.float32)


def negative_log_likelihood(logits: NDArray[np.floating], labels: NDArray[np.integer], temperature: float) -> float:
    """Mean surprise in nats: minus the log of the probability given to the right class.

    Args:
        logits: (N, K) with N at least 1.
        labels: (N,) right classes in 0..K-1.
        temperature: above 0.
    """
    return float(-_log_softmax(logits, temperature)[np.arange(len(labels)), labels].mean())


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Find the temperature with the smallest negative log-likelihood.

    Golden section search on its logarithm, where the likelihood has one valley.

    Args:
        logits: (N, K) of the calibration split, N at least 1.
        labels: (N,) right classes in 0..K-1.

    Returns:
        A number between 0.05 and 20.

    Raises:
        ValueError: there are no rows.
    """
    if len(labels) == 0:
        raise ValueError("A temperature cannot be fitted without pictures; 1 or more are needed.")
    low, high = float(np.log(LOWEST)), float(np.log(HIGHEST))
    while high - low > 1e-5:
        step = _GOLDEN * (high - low)
        left, right = high - step, low + step
        if _loss(logits, labels, left) <= _loss(logits, labels, right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers of similar confidence.

    Attributes:
        low, high: the bin holds confidences in (low, high].
        count: number of answers in it.
        confidence: their mean confidence.
        accuracy: the share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability_bins(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    bins: int = 15,
) -> list[ReliabilityBin]:
    """Sort answers by confidence into bins of equal width; empty bins are left out.

    Args:
        probabilities: (N, K), rows sum to 1.
        labels: (N,) right classes in 0..K-1.
        bins: number of bins over (0, 1].
    """
    return confidence_bins(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels, bins)


def confidence_bins(
    confidence: NDArray[np.floating],
    right: NDArray[np.bool_],
    bins: int = 15,
) -> list[ReliabilityBin]:
    """The same for answers of which only confidence and verdict are known, (N,) each."""
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return [
        ReliabilityBin(
            low=index / bins,
            high=(index + 1) / bins,
            count=int(members.sum()),
            confidence=float(confidence[members].mean()),
            accuracy=float(right[members].mean()),
        )
        for index in range(bins)
        if (members := place == index).any()
    ]


def expected_calibration_error(bins: list[ReliabilityBin]) -> float:
    """Mean distance between confidence and accuracy, weighted by the number of answers; 0 is perfect, 1 the worst."""
    total = sum(part.count for part in bins)
    return sum(part.count * abs(part.confidence - part.accuracy) for part in bins) / total if total else 0.0


def wilson_interval(right: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    """95 % interval of a share (E. B. Wilson, 1927); honest near 0 and 1, where the usual one leaves [0, 1].

    Args:
        right: number of successes.
        total: number of trials; 0 gives (0, 1), since nothing is known.
        z: quantile of the normal distribution.

    >>> [round(end, 4) for end in wilson_interval(9973, 10000)]
    [0.9961, 0.9981]
    """
    if total == 0:
        return 0.0, 1.0
    share, squared = right / total, z * z / total
    middle = (share + squared / 2) / (1 + squared)
    half = z * ((share * (1 - share) + squared / 4) / total) ** 0.5 / (1 + squared)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def _log_softmax(logits: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    scaled = np.asarray(logits, np.float64) / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    return np.asarray(scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True)), np.float64)


def _loss(logits: NDArray[np.floating], labels: NDArray[np.integer], log_temperature: float) -> float:
    return negative_log_likelihood(logits, labels, float(np.exp(log_temperature)))
