"""MNIST: fetched, checked, and split.

MNIST (Y. LeCun, C. Cortes and C. Burges; CC BY-SA 3.0) has 60,000 digits for training and 10,000 for the test. The
split here is by position: the file carries no writer ids, so the three parts of the training file may share writers;
the writers of the test file are others by the makers' own word.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitlens.errors import InputError
from digitlens.training.mirrors import Progress, checksum_of, download, unpacked

# SHA-256 of the unpacked files: mirrors pack them differently.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://raw.githubusercontent.com/fgnt/mnist/master",
)
TRAIN, VALIDATION, CALIBRATION = slice(0, 55_000), slice(55_000, 57_500), slice(57_500, 60_000)

# Name of an unpacked file to its SHA-256.
Checksums = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Digits:
    """Pictures of one digit each.

    Attributes:
        pictures: (N, 28, 28) uint8, ink bright on 0.
        labels: (N,) int64 in 0..9.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __getitem__(self, part: slice) -> Digits:
        return Digits(self.pictures[part], self.labels[part])


@dataclass(frozen=True, slots=True)
class Splits:
    """The three parts of MNIST's training file. The test has a file of its own and no place here."""

    training: Digits
    validation: Digits
    calibration: Digits


def load_splits(folder: Path, limit: int | None = None) -> Splits:
    """Cut MNIST's training file into 55,000, 2,500 and 2,500 digits.

    Args:
        folder: where the files lie, packed or not.
        limit: keep only this many of each part; for trying things out.

    Raises:
        InputError: a file is missing or has the wrong checksum.
    """
    digits = _load(folder, "train")
    return Splits(digits[TRAIN][:limit], digits[VALIDATION][:limit], digits[CALIBRATION][:limit])


def load_test_part(folder: Path) -> Digits:
    """The 10,000 digits of the test, for `evaluate` alone. Errors as in `load_splits`."""
    return _load(folder, "t10k")


def fetch_mnist(
    target: Path,
    source: Path | None = None,
    progress: Progress | None = None,
    mirrors: Sequence[str] = MIRRORS,
    checksums: Checksums = SHA256,
) -> list[Path]:
    """Put the four checked files into `target`. What is there and right stays; a download cut short goes on.

    Args:
        target: folder, made where it is missing.
        source: a folder that has the files already, packed or not; nothing is downloaded then.
        progress: called after every block of a download.
        mirrors: addresses without the file name, tried in turn.
        checksums: the files, and what they must be.

    Returns:
        The paths, in the order of `checksums`.

    Raises:
        InputError: the source lacks a file or has another one under its name, or no mirror gave the right one.
    """
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, checksum in checksums.items():
        path = _find(target, name)
        if path is None or checksum_of(path) != checksum:
            path = (
                _copied(_checked(source, name, checksum), target)
                if source is not None
                else download(name, checksum, target, mirrors, progress)
            )
        paths.append(path)
    return paths


def _load(folder: Path, part: str) -> Digits:
    images, answers = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
    pictures = unpacked(_checked(folder, images, SHA256[images]))
    labels = unpacked(_checked(folder, answers, SHA256[answers]))
    return Digits(
        np.frombuffer(pictures, np.uint8, offset=16).reshape(-1, 28, 28),
        np.frombuffer(labels, np.uint8, offset=8).astype(np.int64),
    )


def _checked(folder: Path, name: str, checksum: str) -> Path:
    path = _find(folder, name)
    if path is None:
        raise InputError(f"{folder} holds no {name}, packed (.gz) or not.", "`digitlens data fetch` brings it.")
    found = checksum_of(path)
    if found != checksum:
        raise InputError(
            f"{path} is not the {name} that is needed: its checksum, unpacked, is {found[:12] or 'none'}, "
            f"not {checksum[:12]}.",
            "Delete it and run `digitlens data fetch`.",
        )
    return path


def _find(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.is_file()), None)


def _copied(path: Path, target: Path) -> Path:
    name = path.name.removesuffix(".gz")
    for wrong in (target / name, target / f"{name}.gz"):
        wrong.unlink(missing_ok=True)  # what was right would not be replaced
    return Path(shutil.copyfile(path, target / path.name))
