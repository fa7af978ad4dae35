"""The frames of whole epochs, made by processes of their own while the network learns.

The frames of an epoch depend on the recipe's seed and the epoch's number alone: not on the machine, on how many
processes make them, or on which network learns from them.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.training.augment import photographed_frame, written_frame
from digitlens.training.corpus import Corpus
from digitlens.training.datasets import Digits
from digitlens.training.disturb import disturb
from digitlens.training.negatives import not_a_digit
from digitlens.training.recipe import Recipe
from digitlens.training.regional import REGIONAL_DIGITS
from digitlens.training.skeleton import distance_fields

Frame = NDArray[np.float32]
# A real mark is bent less than a digit: bent far, some become digits.
MARK_BENDING = 0.6


@dataclass(frozen=True, slots=True)
class Epoch:
    """What the network sees once.

    Attributes:
        frames: (N, 28, 28) uint8, ink bright, in random order.
        labels: (N,) uint8 in 0..10.
    """

    frames: NDArray[np.uint8]
    labels: NDArray[np.uint8]


class FrameMaker:
    """Makes epochs: every digit of MNIST once, with digits of other writers and marks that are no digits."""

    def __init__(self, digits: Digits, corpus: Corpus | None, recipe: Recipe) -> None:
        """Find the middle line of every stroke, which takes half a minute for all of MNIST.

        Args:
            digits: of MNIST's training part.
            corpus: other digits and real marks, or None.
            recipe: how often each kind of frame is made.
        """
        sets = [digits, *(corpus.digits.values() if corpus else ())]
        self.recipe = recipe
        self.native = len(digits.labels)  # those that come first are MNIST's
        self.digits = Digits(
            np.concatenate([part.pictures for part in sets]), np.concatenate([part.labels for part in sets])
        )
        self.distances = distance_fields(self.digits.pictures)
        self.marks = [frames for frames in corpus.marks.values() if len(frames)] if corpus else []
        # Every source counts by the root of its size, so that stains are seen beside a thousand characters.
        sizes = np.sqrt([len(frames) for frames in self.marks])
        self.mark_shares = sizes / sizes.sum()

    def make(self, number: int) -> Epoch:
        """The epoch of that number."""
        cv2.setNumThreads(1)  # every process has one core
        rng = np.random.default_rng([self.recipe.seed, number])
        indices = self._chosen_digits(rng)
        negatives = round(len(indices) * self.recipe.negatives / (self.recipe.batch - self.recipe.negatives))
        frames = np.empty((len(indices) + negatives, 28, 28), np.uint8)
        labels = np.full(len(frames), NOT_A_DIGIT, np.uint8)
        labels[: len(indices)] = self.digits.labels[indices]
        for place in range(len(frames)):
            frame = self._digit(int(indices[place]), rng) if place < len(indices) else self._mark(rng)
            if rng.random() < self.recipe.disturbed:
                frame = disturb(frame, rng)
            frames[place] = np.round(frame * 255)
        order = rng.permutation(len(frames))
        return Epoch(frames[order], labels[order])

    def _chosen_digits(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """All of MNIST's, and so many of the others that their share is the recipe's."""
        foreign = len(self.digits.labels) - self.native
        count = round(self.native * self.recipe.others / (1 - self.recipe.others)) if foreign else 0
        return np.concatenate([np.arange(self.native), self.native + rng.integers(max(1, foreign), size=count)])

    def _digit(self, index: int, rng: np.random.Generator) -> Frame:
        picture = self.digits.pictures[index].astype(np.float32) / np.float32(255)
        label = int(self.digits.labels[index])
        # The others write their own flags and bars.
        regional = index < self.native and label in REGIONAL_DIGITS and rng.random() < self.recipe.regional
        if not regional and rng.random() >= self.recipe.photographed:
            return written_frame(picture, rng, self.recipe.bending)
        distance = self.distances[index].astype(np.float32)
        return photographed_frame(picture, distance, rng, label if regional else None)

    def _mark(self, rng: np.random.Generator) -> Frame:
        if not self.marks or rng.random() >= self.recipe.real_marks:
            pictures, labels = self.digits.pictures[: self.native], self.digits.labels[: self.native]
            return not_a_digit(pictures, labels, rng)
        source = self.marks[int(rng.choice(len(self.marks), p=self.mark_shares))]
        picture = source[int(rng.integers(len(source)))].astype(np.float32) / np.float32(255)
        return written_frame(picture, rng, MARK_BENDING)


def spare_cores() -> int:
    """How many cores are left when the network has one, but at least 1."""
    return max(1, (os.cpu_count() or 1) - 1)


class EpochsAhead:
    """Makes epochs in their order, a few ahead of the one that is asked for. Use it in a `with` statement."""

    def __init__(self, digits: Digits, corpus: Corpus | None, recipe: Recipe, workers: int | None = None) -> None:
        """Start the processes.

        Args:
            digits: of MNIST's training part.
            corpus: other digits and real marks, or None.
            recipe: how often each kind of frame is made.
            workers: processes that make epochs; each keeps one core busy. None leaves one core to the network.
        """
        self._workers = workers = workers or spare_cores()
        self._epochs = recipe.epochs
        self._coming: dict[int, Future[Epoch]] = {}
        self._pool = ProcessPoolExecutor(
            workers,
            multiprocessing.get_context("spawn"),  # a fork would copy the threads of TensorFlow halfway
            initializer=_prepare,
            initargs=(digits, corpus, recipe),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __call__(self, number: int) -> Epoch:
        """Wait for an epoch; numbers must rise. After the last comes the last again, for Keras looks ahead."""
        number = min(number, self._epochs - 1)
        for ahead in range(number, min(self._epochs, number + self._workers + 1)):
            if ahead not in self._coming:
                self._coming[ahead] = self._pool.submit(_make, ahead)
        self._coming = {ahead: coming for ahead, coming in self._coming.items() if ahead >= number}
        return self._coming[number].result()


_maker: FrameMaker | None = None


def _prepare(digits: Digits, corpus: Corpus | None, recipe: Recipe) -> None:
    """Runs once in each process: the pictures are sent to it once."""
    global _maker  # noqa: PLW0603 - the pool's own way to keep a value in its processes
    _maker = FrameMaker(digits, corpus, recipe)


def _make(number: int) -> Epoch:
    if _maker is None:
        raise RuntimeError("the process was not prepared")
    return _maker.make(number)
