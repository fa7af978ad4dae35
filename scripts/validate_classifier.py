"""Compare trained classifiers on everything that may be looked at before a release: never on MNIST's test part.

    python scripts/validate_classifier.py --data DATA run/network.keras [more.keras ...]

DATA holds `mnist/`, and where they are at hand `glyphs/` and `not-digits/` (see `digitlens.training.corpus`). Two
columns a network: which of the ten digits is the most probable, and the same with "not a digit" as an answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.training.corpus import load_corpus, open_corpus
from digitlens.training.corruptions import CORRUPTIONS, corrupted
from digitlens.training.datasets import Digits, load_splits
from digitlens.training.frames import held_out_frames
from digitlens.training.other_writers import load_other_sets

SEED = 60_000
VALIDATION_SEED = 55_000  # as in `train`


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, help="Held-out corpus from `save_corpus`, which saves a minute.")
    parser.add_argument("--fonts", type=Path)
    arguments = parser.parse_args()
    networks = [keras.models.load_model(path, compile=False) for path in arguments.networks]
    print(f"{'':34}" + "".join(f"{path.parent.name + '/' + path.stem:>24}" for path in arguments.networks))
    means: list[NDArray[np.float64]] = []
    for title, digits in _sets(arguments.data, arguments.corpus, arguments.fonts):
        shares = np.array([_shares(network, digits) for network in networks])
        _print(title, len(digits.labels), shares)
        if title.removeprefix("corrupted: ") in CORRUPTIONS:
            means.append(shares)
    _print("mean of the corruptions", len(means), np.mean(means, axis=0))


def _print(title: str, count: int, shares: NDArray[np.float64]) -> None:
    cells = "".join(f"{100 * ten:13.2f} {100 * eleven:10.2f}" for ten, eleven in shares)
    print(f"{title:28}{count:6}{cells}", flush=True)


def _shares(network: keras.Model, digits: Digits) -> tuple[float, float]:
    frames = digits.pictures.astype(np.float32)[..., None] / np.float32(255)
    logits = np.asarray(network.predict(frames, batch_size=250, verbose=0))
    ten = logits[:, :NOT_A_DIGIT].argmax(axis=1) == digits.labels
    return float(ten.mean()), float((logits.argmax(axis=1) == digits.labels).mean())


def _sets(data: Path, corpus: Path | None, fonts: Path | None) -> Iterator[tuple[str, Digits]]:
    splits = load_splits(data / "mnist")
    held_out = Digits(
        np.concatenate([splits.validation.pictures, splits.calibration.pictures]),
        np.concatenate([splits.validation.labels, splits.calibration.labels]),
    )
    yield "MNIST held out", held_out
    frames, labels = held_out_frames(splits.validation, VALIDATION_SEED)
    made = Digits(np.round(frames * 255).astype(np.uint8), labels)
    count = len(splits.validation.labels)
    yield "photographed (simulated)", made[count : 2 * count]
    yield "marks drawn by code", made[2 * count :]
    for other, digits in load_other_sets(data / "glyphs"):
        yield other.name, digits
    marks = open_corpus(corpus) if corpus else load_corpus(data, held_out=True, fonts=fonts)
    for source, pictures in marks.marks.items():
        yield source, Digits(pictures, np.full(len(pictures), NOT_A_DIGIT))
    for name in CORRUPTIONS:
        yield f"corrupted: {name}", corrupted(splits.validation, name, SEED)


if __name__ == "__main__":
    main()
