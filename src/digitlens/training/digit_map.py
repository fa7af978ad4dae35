"""The map: digits of MNIST as a network arranges them, small enough to place one's own digit on it in a browser.

What the last layer sees of a frame are its features: for each channel the mean over all places. They are projected on
their main directions (principal components), where nearness is judged: which of the test's digits lie around a digit,
which training examples are nearest, and whether it is far from all of them. t-SNE lays the test's digits on a sheet.
Distances are in units of the usual one: the median distance of held-out digits to their nearest training example.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitlens.model.artifact import MAP, MAP_NUMBERS, MAP_PICTURES, load_artifact, served_folder
from digitlens.model.classifier import CLASSES, NOT_A_DIGIT
from digitlens.training.datasets import Digits, load_splits, load_test_part
from digitlens.training.embedding import STEPS, embed, squared_distances
from digitlens.training.features import Features
from digitlens.training.frames import negative_frames, photographed_frames

FORMAT = 1
# Of each digit, and marks that are no digits as the eleventh kind.
TEST_EACH, TRAINING_EACH = 200, 400
DIRECTIONS = 32
NEIGHBOURS = 10
# A digit is far from everything when all but this many percent of held-out digits are nearer.
FAR_PERCENTILE = 99.5
COLUMNS, GREYS = 64, 16
SEED = 1
# Of the arrays in the order of `map.bin`, which keeps each aligned.
_DTYPES = {"mean": "<f4", "directions": "<f4", "steps": "<f4", "places": "<u2", "codes": "i1", "labels": "u1"}

Points = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitMap:
    """A map as its files hold it; what stands for the test's digits comes first, then the training examples.

    Attributes:
        mean: (F,) float32 features that are taken off first.
        directions: (K, F) float32; what is left times these gives a point, in units of the usual distance.
        steps: (K,) float32: what 1 of a code means.
        codes: (N, K) int8: points, rounded.
        places: (T, 2) uint16: the test's digits on the sheet, 0 to 65535, right and down.
        labels: (N,) uint8 in 0..10.
        about: the other values of `map.json`.
    """

    mean: Points
    directions: Points
    steps: Points
    codes: NDArray[np.int8]
    places: NDArray[np.uint16]
    labels: NDArray[np.uint8]
    about: dict[str, Any]

    @property
    def test_points(self) -> Points:
        """(T, K) float32."""
        return self.codes[: len(self.places)] * self.steps

    @property
    def training_points(self) -> Points:
        """(N - T, K) float32."""
        return self.codes[len(self.places) :] * self.steps

    def project(self, features: Points) -> Points:
        """(M, F) features to (M, K) points."""
        return np.asarray((features - self.mean) @ self.directions.T, np.float32)


def write_map(mnist: Path, model: Path | None = None, steps: int = STEPS, each: int | None = None) -> DigitMap:
    """Make a network's map and lay it beside the weights: `map.json`, `map.bin`, `map.png`.

    Args:
        mnist: folder with MNIST; its test part is shown, and decides nothing.
        model: folder of the network; None means the one that ships with digitlens.
        steps: of t-SNE.
        each: digits of each kind, instead of `TEST_EACH` and `TRAINING_EACH`; for trying things out.

    Raises:
        InputError: MNIST is missing or damaged.
        ModelError: the network cannot be used, or its layers cannot be told apart.
    """
    folder = model or served_folder()
    splits = load_splits(mnist)
    held_out = Digits(
        np.concatenate([splits.validation.pictures, splits.calibration.pictures]),
        np.concatenate([splits.validation.labels, splits.calibration.labels]),
    )
    test = _some(load_test_part(mnist), held_out, each or TEST_EACH)
    training = _some(splits.training, splits.training, each or TRAINING_EACH)
    network = load_artifact(folder)
    found = arrange(Features(network.weights), test, training, held_out, steps)
    found.about["network"] = network.manifest.sha256
    save_map(folder, found, np.concatenate([test[0], training[0]]))
    return found


def save_map(folder: Path, found: DigitMap, frames: Points) -> None:
    """Write the three files.

    Args:
        folder: where the weights lie.
        found: the map.
        frames: (N, 28, 28) float32 in [0, 1], in its order.
    """
    arrays = {name: np.ascontiguousarray(getattr(found, name), dtype) for name, dtype in _DTYPES.items()}
    (folder / MAP_NUMBERS).write_bytes(b"".join(array.tobytes() for array in arrays.values()))
    (folder / MAP_PICTURES).write_bytes(_sprite(frames))
    shapes = {name: list(array.shape) for name, array in arrays.items()}
    about = {"format": FORMAT, **found.about, "columns": COLUMNS, "arrays": shapes}
    (folder / MAP).write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def read_map(folder: Path) -> DigitMap:
    """Read what `save_map` wrote, without the pictures."""
    about = json.loads((folder / MAP).read_text("utf-8"))
    content, arrays, start = (folder / MAP_NUMBERS).read_bytes(), {}, 0
    for name, shape in about["arrays"].items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(content, _DTYPES[name], count, start).reshape(shape)
        start += arrays[name].nbytes
    return DigitMap(**arrays, about=about)


def _some(digits: Digits, cut_from: Digits, each: int) -> tuple[Points, Labels]:
    """The first of each digit, in the order of the file, then as many marks that are no digits."""
    first = np.sort(np.concatenate([np.flatnonzero(digits.labels == value)[:each] for value in range(NOT_A_DIGIT)]))
    frames = digits.pictures[first].astype(np.float32) / np.float32(255)
    marks = negative_frames(cut_from, each, SEED)
    return np.concatenate([frames, marks]), np.concatenate([digits.labels[first], np.full(each, NOT_A_DIGIT)])


def arrange(
    network: Features,
    test: tuple[Points, Labels],
    training: tuple[Points, Labels],
    held_out: Digits,
    steps: int = STEPS,
) -> DigitMap:
    """Make a map.

    Args:
        network: whose map it is.
        test: (T, 28, 28) float32 frames in [0, 1] and (T,) labels in 0..10, to show.
        training: the same of examples that it learned from.
        held_out: digits that it did not learn from, to measure distances with.
        steps: of t-SNE.

    Returns:
        The map; its `about` does not yet say which network it is of.
    """
    seen, labels = network.of(training[0]), training[1]
    plain, redrawn = (
        network.of(frames)
        for frames in (held_out.pictures.astype(np.float32) / np.float32(255), photographed_frames(held_out, SEED))
    )
    mean = seen.mean(axis=0)
    directions = np.linalg.svd(seen - mean, full_matrices=False)[2][:DIRECTIONS]
    points = [(features - mean) @ directions.T for features in (network.of(test[0]), seen, plain, redrawn)]
    usual = np.float32(np.median(_nearest(points[2], points[1])[0][:, 0]))
    tests, examples, plain_points, redrawn_points = (part / usual for part in points)
    known = np.concatenate([tests, examples])
    scale = np.abs(known).max(axis=0) / 127
    codes = np.round(known / np.maximum(scale, 1e-9)).astype(np.int8)
    rounded = codes[len(tests) :] * scale
    distances = np.concatenate([_nearest(part, rounded)[0][:, 0] for part in (plain_points, redrawn_points)])
    sheet = embed(tests, min(30.0, len(tests) / 4), steps)
    return DigitMap(
        mean=mean,
        directions=np.asarray(directions / usual, np.float32),
        steps=scale,
        codes=codes,
        places=_on_sheet(sheet),
        labels=np.concatenate([test[1], labels]).astype(np.uint8),
        about={
            "layer": network.layer,
            "test": len(tests),
            "training": len(examples),
            "far": round(float(np.percentile(distances, FAR_PERCENTILE)), 3),
            "measured": {
                "held_out": len(plain),
                "accuracy_of_features": _accuracy(plain, seen, labels, held_out.labels),
                "accuracy_of_points": _accuracy(plain_points, rounded, labels, held_out.labels),
                "neighbours_kept": _kept(plain, seen, plain_points, rounded),
            },
        },
    )


def _nearest(points: Points, examples: Points) -> tuple[Points, NDArray[np.intp]]:
    """Distances to the `NEIGHBOURS` nearest and which these are, (M, NEIGHBOURS) each, nearest first."""
    squares = squared_distances(points, examples)
    near = np.argpartition(squares, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    found = np.take_along_axis(squares, near, axis=1)
    order = found.argsort(axis=1)
    return np.sqrt(np.take_along_axis(found, order, axis=1)), np.take_along_axis(near, order, axis=1)


def _accuracy(points: Points, examples: Points, labels: Labels, right: Labels) -> float:
    """How often most of the nearest examples have the right label; of equal counts the nearest decides."""
    answers = labels[_nearest(points, examples)[1]]
    votes = np.stack([(answers == label).sum(axis=1) for label in range(CLASSES)], axis=1).astype(np.float32)
    votes[np.arange(len(votes)), answers[:, 0]] += 0.5
    return round(float((votes.argmax(axis=1) == right).mean()), 4)


def _kept(features: Points, seen: Points, points: Points, examples: Points) -> float:
    """Share of the nearest examples by features that are among the nearest by points."""
    before, after = _nearest(features, seen)[1], _nearest(points, examples)[1]
    kept = (before[:, :, None] == after[:, None, :]).any(axis=2)
    return round(float(kept.mean()), 3)


def _on_sheet(sheet: Points) -> NDArray[np.uint16]:
    """Places from 0 to 65535; one scale for both axes."""
    low, high = sheet.min(axis=0), sheet.max(axis=0)
    centred = (sheet - (low + high) / 2) / (high - low).max()
    return np.asarray(np.round((centred + 0.5) * 65535), np.uint16)


def _sprite(frames: Points) -> bytes:
    """A PNG of 16 greys with all frames, `COLUMNS` in a row."""
    rows = -(-len(frames) // COLUMNS)
    tiles = np.zeros((rows * COLUMNS, *frames.shape[1:]), np.uint8)
    tiles[: len(frames)] = np.round(frames * (GREYS - 1))
    height, width = frames.shape[1:]
    sheet = tiles.reshape(rows, COLUMNS, height, width).transpose(0, 2, 1, 3).reshape(rows * height, COLUMNS * width)
    picture = Image.fromarray(np.ascontiguousarray(sheet))
    picture.putpalette([grey * 255 // (GREYS - 1) for grey in range(GREYS) for _ in range(3)])
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True, bits=4)
    return content.getvalue()
