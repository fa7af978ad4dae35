"""t-SNE: many dimensions on a sheet of paper, so that neighbours stay neighbours.

L. van der Maaten and G. Hinton, "Visualizing Data using t-SNE", 2008: the exact gradient, for some thousand points. The
sheet begins with the two directions of greatest variance (D. Kobak and P. Berens, "The art of using t-SNE", 2019), not
with chance, so the same points give the same sheet. Distances between groups mean little there, and sizes nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
# As in the paper's code: at first all forces together are exaggerated, so that groups form.
EXAGGERATION, EXAGGERATED_STEPS = 12.0, 250
STEPS = 1000
_LEAST = np.float32(1e-12)


def embed(points: Points, perplexity: float = 30.0, steps: int = STEPS) -> Points:
    """Lay points on a sheet.

    Args:
        points: (N, D) float32.
        perplexity: about how many neighbours count for each point; below N / 3.
        steps: of the descent.

    Returns:
        (N, 2) float32, centred.
    """
    wanted = _neighbourhood(points, perplexity)
    centred = points - points.mean(axis=0)
    main = np.linalg.svd(centred, full_matrices=False)[2][:2]
    # A direction has no sign of its own; this one makes it the same on every machine.
    main *= np.sign(main[np.arange(2), np.abs(main).argmax(axis=1)])[:, None]
    sheet = centred @ main.T
    sheet = (1e-4 * sheet / sheet[:, 0].std()).astype(np.float32)
    rate = np.float32(max(len(points) / EXAGGERATION, 50.0))
    change, gains = np.zeros_like(sheet), np.ones_like(sheet)
    for step in range(steps):
        early = step < EXAGGERATED_STEPS
        slope = _slope(sheet, wanted, np.float32(EXAGGERATION if early else 1.0))
        # A direction that keeps its way speeds up (R. Jacobs, 1988).
        gains = np.maximum(np.where(np.sign(slope) != np.sign(change), gains + 0.2, gains * 0.8), 0.01)
        change = np.float32(0.5 if early else 0.8) * change - rate * gains.astype(np.float32) * slope
        sheet = sheet + change
        sheet -= sheet.mean(axis=0)
    return np.asarray(sheet, np.float32)


def squared_distances(points: Points, others: Points) -> NDArray[np.float32]:
    """Of each point to each other: (N, D) and (M, D) to (N, M)."""
    sums = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    return np.asarray(np.maximum(sums - 2 * points @ others.T, 0), np.float32)


def _neighbourhood(points: Points, perplexity: float) -> NDArray[np.float32]:
    """How near each two are: symmetric shares that sum to 1, each row as broad as the perplexity asks."""
    distances = squared_distances(points, points)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.min(axis=1, keepdims=True)
    low, high = np.full((2, len(points), 1), np.array([1e-10, 1e10])[:, None, None])
    for _ in range(60):  # bisection of each row's width, on a logarithmic scale
        width = np.sqrt(low * high)
        shares = np.exp(-(distances - nearest) / width)
        shares /= shares.sum(axis=1, keepdims=True)
        entropy = -(shares * np.log(np.maximum(shares, _LEAST))).sum(axis=1, keepdims=True)
        broad = entropy > np.log(perplexity)
        low, high = np.where(broad, low, width), np.where(broad, width, high)
    return np.asarray((shares + shares.T) / (2 * len(points)), np.float32)


def _slope(sheet: Points, wanted: NDArray[np.float32], exaggeration: np.float32) -> Points:
    """Gradient of the Kullback-Leibler divergence (without its factor 4, which the rate holds)."""
    closeness = 1 / (1 + squared_distances(sheet, sheet))
    np.fill_diagonal(closeness, 0)
    force = (exaggeration * wanted - closeness / closeness.sum()) * closeness
    return np.asarray(force.sum(axis=1)[:, None] * sheet - force @ sheet, np.float32)
