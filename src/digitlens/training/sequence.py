"""The frames of a training epoch, made while the network learns; the same for the same seed on every machine."""

from __future__ import annotations

import math

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.model.classifier import CLASSES, NOT_A_DIGIT
from digitlens.training.augment import REGIONAL_DIGITS, photographed_frame, written_frame
from digitlens.training.datasets import Digits
from digitlens.training.negatives import not_a_digit
from digitlens.training.recipe import Recipe
from digitlens.training.skeleton import distance_fields

Frames = NDArray[np.float32]
Labels = NDArray[np.int64]


class FrameSequence(keras.utils.PyDataset):  # type: ignore[misc]
    """Batches of distorted digits with some marks that are none.

    Every batch draws from its own generator, seeded by run, epoch and place, so threads cannot change the result.
    """

    def __init__(self, digits: Digits, recipe: Recipe) -> None:
        # One thread makes frames while the network's own threads learn; more would only take turns.
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=16)
        self.digits = digits
        self.recipe = recipe
        self.distances = distance_fields(digits.pictures)
        self.digits_a_batch = recipe.batch - recipe.negatives
        self.epoch = 0
        self._order = self._shuffled()

    def __len__(self) -> int:
        return math.ceil(len(self.digits.labels) / self.digits_a_batch)

    def __getitem__(self, batch: int) -> tuple[Frames, Frames]:
        """(B, 28, 28, 1) float32 frames and (B, 11) float32 targets, one 1 in each row."""
        rng = np.random.default_rng([self.recipe.seed, self.epoch, batch])
        chosen = self._order[batch * self.digits_a_batch : (batch + 1) * self.digits_a_batch]
        frames = [self._digit(int(index), rng) for index in chosen]
        frames += [not_a_digit(self.digits.pictures, self.digits.labels, rng) for _ in range(self.recipe.negatives)]
        labels = np.concatenate([self.digits.labels[chosen], np.full(self.recipe.negatives, NOT_A_DIGIT)])
        return np.stack(frames)[..., None], np.eye(CLASSES, dtype=np.float32)[labels]

    def on_epoch_end(self) -> None:
        """Shuffle again and distort afresh."""
        self.epoch += 1
        self._order = self._shuffled()

    def _shuffled(self) -> Labels:
        return np.random.default_rng([self.recipe.seed, self.epoch]).permutation(len(self.digits.labels))

    def _digit(self, index: int, rng: np.random.Generator) -> Frames:
        picture = self.digits.pictures[index].astype(np.float32) / np.float32(255)
        label = int(self.digits.labels[index])
        regional = label in REGIONAL_DIGITS and rng.random() < self.recipe.regional
        if not regional and rng.random() >= self.recipe.photographed:
            return written_frame(picture, rng, self.recipe.bending)
        distance = self.distances[index].astype(np.float32)
        return photographed_frame(picture, distance, rng, label if regional else None)
