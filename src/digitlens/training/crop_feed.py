"""Crops for the finder: processes render them into shared memory, the training loop draws batches from there.

Rendering a crop takes longer than learning from it, so each is used a few times, every time in other light. No Keras
here: a process that renders need not load it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.model.candidates import STRIDE
from digitlens.training.finder_targets import TARGET_CHANNELS, targets_from_boxes
from digitlens.training.sheet import CROP_SIDE
from digitlens.training.synthesis import Crop

# Slots that are left alone, as the process that owns them may be writing there.
_MARGIN = 4
_NOISE_SIDE = 1024


# Renders one crop from what crops are made of and a source of chance.
RenderCrop = Callable[[Any, np.random.Generator], Crop]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the shared memory is divided: for each worker a count of crops, then its slots, pictures and targets."""

    workers: int
    slots: int  # of each worker
    side: int

    @property
    def shapes(self) -> tuple[tuple[tuple[int, ...], type], ...]:
        cells = self.side // STRIDE
        return (
            ((self.workers,), np.int64),
            ((self.workers, self.slots, self.side, self.side), np.uint8),
            ((self.workers, self.slots, cells, cells, TARGET_CHANNELS), np.float16),
        )

    @property
    def size(self) -> int:
        return sum(int(np.prod(shape)) * np.dtype(kind).itemsize for shape, kind in self.shapes)

    def views(self, memory: SharedMemory) -> tuple[NDArray[Any], ...]:
        """Counts (W,), pictures (W, slots, S, S) and targets (W, slots, S/4, S/4, 17)."""
        views, offset = [], 0
        for shape, kind in self.shapes:
            view: NDArray[Any] = np.ndarray(shape, kind, memory.buf, offset)
            views.append(view)
            offset += view.nbytes
        return tuple(views)


class CropFeed:
    """Workers that render without end, and batches drawn from what they rendered last. Use it in a `with` block.

    Every worker has its own slots and overwrites its oldest crop, so nobody waits for anybody. What a worker renders
    follows from the seed; when it is drawn depends on the machine's speed.
    """

    def __init__(
        self, render: RenderCrop, bank: Any, *, seed: int, workers: int, crops: int, side: int = CROP_SIDE
    ) -> None:
        """Start the workers.

        Args:
            render: a function at the top of a module; it is called in other processes.
            bank: what crops are made of; every worker has a copy.
            seed: of everything that is rendered.
            workers: number of processes.
            crops: how many are kept; each takes 3.1 bytes a pixel.
            side: of a crop, in pixels.
        """
        self._layout = _Layout(workers, max(crops // workers, 2 * _MARGIN), side)
        self._memory = SharedMemory(create=True, size=self._layout.size)
        self._counts, self._pictures, self._targets = self._layout.views(self._memory)
        self._noise = np.random.default_rng(seed).normal(0, 1, (_NOISE_SIDE, _NOISE_SIDE)).astype(np.float32)
        self._bank = _shared(pickle.dumps(bank, protocol=5))  # once, and not again for every worker
        # A fresh interpreter for each: a copy of this one would copy the locks of its threads as well.
        context = multiprocessing.get_context("spawn")
        self._processes = [
            context.Process(
                target=_render_without_end,
                args=(self._memory.name, self._layout, worker, render, self._bank.name, seed),
                daemon=True,
            )
            for worker in range(workers)
        ]
        for process in self._processes:
            process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        del self._counts, self._pictures, self._targets  # they point into the memory
        for memory in (self._memory, self._bank):
            memory.close()
            memory.unlink()

    @property
    def rendered(self) -> int:
        """Number of crops rendered since the start."""
        return int(self._counts.sum())

    def wait(self, crops: int, timeout_s: float = 120.0) -> None:
        """Wait until every worker has rendered its part of so many crops.

        Raises:
            RuntimeError: a worker ended, or it takes too long.
        """
        end = time.monotonic() + timeout_s
        least = max(1, min(crops // self._layout.workers, self._layout.slots))
        while self._counts.min() < least:
            if time.monotonic() > end:
                raise RuntimeError(f"After {timeout_s:.0f} s only {self.rendered} crops are rendered.")
            self._check()
            time.sleep(0.02)

    def draw(self, batch: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
        """Draw crops by chance, each in other light. Call `wait` first; several threads may draw at once.

        Returns:
            (B, S, S, 1) float32 pictures in [0, 1] and (B, S/4, S/4, 17) float16 targets.

        Raises:
            RuntimeError: a worker ended.
        """
        self._check()
        layout = self._layout
        pictures = np.empty((batch, layout.side, layout.side, 1), np.float32)
        targets = np.empty((batch, *self._targets.shape[2:]), np.float16)
        for place, worker in enumerate(rng.integers(layout.workers, size=batch)):
            count = int(self._counts[worker])
            age = int(rng.integers(min(count, layout.slots - _MARGIN)))
            slot = (count - 1 - age) % layout.slots
            targets[place] = self._targets[worker, slot]
            pictures[place, ..., 0] = relight(self._pictures[worker, slot], self._noise, rng)
        return pictures, targets

    def _check(self) -> None:
        if not all(process.is_alive() for process in self._processes):
            raise RuntimeError("A process that renders crops has ended; its error stands above.")


def relight(picture: NDArray[np.uint8], noise: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Change what a camera may change without moving a pixel: polarity, gamma, contrast, brightness and noise.

    Args:
        picture: (H, W) uint8.
        noise: larger than the picture, of standard deviation 1; a piece of it is added.
        rng: source of chance.

    Returns:
        (H, W) float32 in [0, 1].
    """
    levels = np.linspace(0, 1, 256, dtype=np.float32)
    if rng.random() < 0.3:
        levels = levels ** np.float32(2 ** rng.uniform(-0.8, 0.8))
    if rng.random() < 0.4:
        contrast = rng.uniform(0.4, 1.1)
        levels = levels * contrast + rng.uniform(min(0, 1 - contrast), max(0, 1 - contrast))
    if rng.random() < 0.2:
        levels = 1 - levels
    lit = np.asarray(cv2.LUT(picture, np.ascontiguousarray(levels, np.float32)), np.float32)
    if rng.random() < 0.3:
        top, left = (int(rng.integers(_NOISE_SIDE - side)) for side in picture.shape)
        strength = rng.uniform(0, 0.04)
        cv2.scaleAdd(noise[top : top + picture.shape[0], left : left + picture.shape[1]], strength, lit, lit)
    return np.clip(lit, 0, 1, out=lit)


def _shared(content: bytes) -> SharedMemory:
    memory = SharedMemory(create=True, size=len(content))
    np.ndarray(len(content), np.uint8, memory.buf)[:] = np.frombuffer(content, np.uint8)
    return memory


def _render_without_end(name: str, layout: _Layout, worker: int, render: RenderCrop, bank_name: str, seed: int) -> None:
    """What a worker does until it is ended."""
    cv2.setNumThreads(1)
    os.nice(10)  # where the network learns on the same cores, it goes first
    shared = SharedMemory(bank_name)
    bank = pickle.loads(bytes(shared.buf or b""))  # noqa: S301 - our own, from the process that started this one
    memory = SharedMemory(name)
    counts, pictures, targets = layout.views(memory)
    rng = np.random.default_rng([seed, worker])
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        slot = int(counts[worker]) % layout.slots
        crop = render(bank, rng)
        # The count tells readers which slot is the oldest, so it changes only when this one is whole.
        targets[worker, slot] = targets_from_boxes(crop.boxes, crop.labels, crop.picture.shape[:2])
        pictures[worker, slot] = crop.picture
        counts[worker] += 1
