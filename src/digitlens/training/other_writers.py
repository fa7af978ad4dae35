"""Digits of other writers and countries: sets that never teach, and the last fifth of those that may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import normalise
from digitlens.training.datasets import Digits

# A set that may teach keeps this share of each digit aside, the last by position.
HELD_OUT_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class OtherSet:
    """One set.

    Attributes:
        name: its folder.
        files: `.npz` with `images` and `labels`.
        title: what it is, for people.
        zero_shot: nothing of it teaches; otherwise only the last fifth of each digit is held out.
    """

    name: str
    files: tuple[str, ...]
    title: str
    zero_shot: bool = False


OTHER_SETS = (
    OtherSet("ardis-iv", ("train.npz", "test.npz"), "ARDIS IV: Swedish church records, 1895 to 1970", zero_shot=True),
    OtherSet("nsysu", ("all.npz",), "NSYSU: exam scans from Taiwan, light ink", zero_shot=True),
    OtherSet("bhmsds", ("digits.npz",), "BHMSDS: drawn with mouse and tablet"),
    OtherSet("optdigits-orig", ("tra.npz", "tes.npz"), "UCI Optical Recognition: 43 writers from Turkey"),
    OtherSet("pendigits", ("train_rendered32.npz",), "UCI Pen-Based Recognition: 44 writers, drawn from pen points"),
)


def load_other_sets(folder: Path) -> Iterator[tuple[OtherSet, Digits]]:
    """The digits to judge by of every set that is there as a whole, through the reader's normalisation."""
    for other in OTHER_SETS:
        paths = [folder / other.name / file for file in other.files]
        if all(path.exists() for path in paths):
            digits = _load(paths)
            chosen = np.ones(len(digits.labels), bool) if other.zero_shot else _last_share(digits)
            yield other, Digits(_normalised(digits.pictures[chosen]), digits.labels[chosen])


def _load(paths: list[Path]) -> Digits:
    pictures, labels = [], []
    for path in paths:
        with np.load(path) as part:
            pictures.append(part["images"])
            labels.append(part["labels"].astype(np.int64))
    return Digits(np.concatenate(pictures), np.concatenate(labels))


def _last_share(digits: Digits) -> NDArray[np.bool_]:
    chosen = np.zeros(len(digits.labels), bool)
    for digit in range(10):
        places = np.flatnonzero(digits.labels == digit)
        chosen[places[np.arange(len(places)) >= (1 - HELD_OUT_SHARE) * len(places)]] = True
    return chosen


def _normalised(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    frames = [normalise(picture.astype(np.float32) / np.float32(255)) for picture in pictures]
    return np.round(255 * np.array(frames, np.float32).reshape(-1, 28, 28)).astype(np.uint8)
