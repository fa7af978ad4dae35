"""Batches of an epoch's frames, as Keras asks for them."""

from __future__ import annotations

import math
from collections.abc import Callable

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.model.classifier import CLASSES
from digitlens.training.epochs import Epoch

Frames = NDArray[np.float32]


class FrameSequence(keras.utils.PyDataset):  # type: ignore[misc]
    """Batches of one epoch after the other, in the order in which the epoch's frames lie."""

    def __init__(self, epoch_of: Callable[[int], Epoch], batch: int) -> None:
        """Wait for the first epoch.

        Args:
            epoch_of: gives an epoch for its number; the numbers rise from 0.
            batch: frames a step.
        """
        # One thread cuts batches while the network's own threads learn; more would only take turns.
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=16)
        self.epoch_of = epoch_of
        self.batch = batch
        self.number = 0
        self._epoch: Epoch | None = epoch_of(0)
        self.count = len(self._epoch.labels)  # all epochs are as long

    def __len__(self) -> int:
        return math.ceil(self.count / self.batch)

    def __getitem__(self, index: int) -> tuple[Frames, Frames]:
        """(B, 28, 28, 1) float32 frames and (B, 11) float32 targets, one 1 in each row."""
        place = slice(index * self.batch, (index + 1) * self.batch)
        if self._epoch is None:
            self._epoch = self.epoch_of(self.number)
        frames = self._epoch.frames[place].astype(np.float32) / np.float32(255)
        return frames[..., None], np.eye(CLASSES, dtype=np.float32)[self._epoch.labels[place]]

    def on_epoch_end(self) -> None:
        """Go on to the next epoch; it is asked for when its first batch is, for after the last there is none."""
        self.number += 1
        self._epoch = None
