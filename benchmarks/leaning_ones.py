"""How far 1s lean beside their neighbours, which is what a slash is told by (decision 15), in sets of digits.

MNIST's training file takes turns between two sources, each from writer to writer, so every second digit is mostly by
the same hand. Of every four such digits the 1s among the middle two are asked whether `slashes_in` would take them for
a slash: what the rule costs MNIST's writers. Other sets do not tell their writers; there a 1 is compared with how far
all digits of its set lean.

    python benchmarks/leaning_ones.py --mnist FOLDER [--others FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from digitlens.imaging.slashes import FURTHER, LEAST, USUAL, lean_of, least_lean, slashes_in
from digitlens.training.datasets import Digits, load_splits
from digitlens.training.other_writers import load_other_sets

# Its digits are stretched to a square, which makes a diagonal of a 1 that leans by a few degrees.
STRETCHED = "pendigits"
# Digits of a number; those by one writer stand so many places apart in MNIST's file.
ROW, APART = 4, 2


def leans_of(digits: Digits) -> np.ndarray:
    """Degrees by which each digit leans to the right, (N,)."""
    return np.array([lean_of(picture) for picture in digits.pictures])


def compare_with_neighbours(digits: Digits, leans: np.ndarray) -> tuple[int, int, int]:
    """The 1s among the middle digits of numbers by one writer: all, those that lean as a slash does, and slashes."""
    ones = leaning = slashes = 0
    for start in range(len(leans) - APART * (ROW - 1)):
        row = start + APART * np.arange(ROW)
        values = digits.labels[row].tolist()
        inside = [place for place in range(1, ROW - 1) if values[place] == 1]
        if inside:
            ones += len(inside)
            leaning += sum(leans[row[place]] >= least_lean(values, leans[row], place) for place in inside)
            slashes += len(slashes_in(values, digits.pictures[row], [False] * (ROW - 1)))
    return ones, leaning, slashes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--others", type=Path, help="folder of the other sets of digits")
    arguments = parser.parse_args()
    train = load_splits(arguments.mnist).training
    leans = leans_of(train)
    beyond = leans - np.array(USUAL)[train.labels]
    for apart in (1, 2):
        correlation = np.corrcoef(beyond[:-apart], beyond[apart:])[0, 1]
        print(f"MNIST: how far digits lean correlates by {correlation:.2f} between those {apart} apart in the file")
    ones, leaning, slashes = compare_with_neighbours(train, leans)
    print("\n| 1s of | compared with | 1s | lean as a slash does | and are one bare stroke |")
    print("| --- | --- | ---: | ---: | ---: |")
    print(f"| MNIST | their neighbours | {ones} | {leaning / ones:.2%} | {slashes / ones:.2%} |", flush=True)
    for which, digits in load_other_sets(arguments.others) if arguments.others else ():
        if which.name == STRETCHED:
            continue
        leans = leans_of(digits)
        usual = float(np.median(leans - np.array(USUAL)[digits.labels]))
        ones_lean = leans[digits.labels == 1]
        share = np.mean(ones_lean >= max(LEAST, FURTHER + usual))
        print(f"| {which.title} | their set | {len(ones_lean)} | {share:.2%} | |", flush=True)


if __name__ == "__main__":
    main()
