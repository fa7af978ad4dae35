"""Fixed sets of frames, for watching, calibrating and measuring; the same for the same seed. No Keras needed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.training.augment import photographed_frame
from digitlens.training.datasets import Digits
from digitlens.training.negatives import not_a_digit
from digitlens.training.skeleton import distance_fields

Frames = NDArray[np.float32]
Labels = NDArray[np.int64]


def photographed_frames(digits: Digits, seed: int) -> Frames:
    """Every digit once, drawn and photographed.

    Returns:
        (N, 28, 28) float32 in [0, 1], in the order of the digits.
    """
    rng = np.random.default_rng(seed)
    distances = distance_fields(digits.pictures).astype(np.float32)
    pictures = digits.pictures.astype(np.float32) / np.float32(255)
    made = [photographed_frame(picture, distance, rng) for picture, distance in zip(pictures, distances, strict=True)]
    return np.array(made, np.float32).reshape(-1, FRAME_SIDE, FRAME_SIDE)


def negative_frames(digits: Digits, count: int, seed: int) -> Frames:
    """`count` marks that are no digits, (count, 28, 28) float32 in [0, 1]."""
    rng = np.random.default_rng(seed)
    made = [not_a_digit(digits.pictures, digits.labels, rng) for _ in range(count)]
    return np.array(made, np.float32).reshape(-1, FRAME_SIDE, FRAME_SIDE)


def held_out_frames(digits: Digits, seed: int) -> tuple[Frames, Labels]:
    """A fixed set to watch or calibrate with: each digit as it is and photographed, and a fifth as many negatives.

    Args:
        digits: the validation or the calibration split.
        seed: of the distortions.

    Returns:
        (M, 28, 28) float32 in [0, 1] and (M,) int64 in 0..10.
    """
    negatives = negative_frames(digits, len(digits.labels) * 2 // 5, seed + 1)
    plain = digits.pictures.astype(np.float32) / np.float32(255)
    frames = np.concatenate([plain, photographed_frames(digits, seed), negatives])
    labels = np.concatenate([digits.labels, digits.labels, np.full(len(negatives), NOT_A_DIGIT)])
    return frames, labels
