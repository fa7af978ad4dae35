"""How many faint 1s are read that stand alone, and how many would be if the finder had not to be surer of them.

MNIST's held-out 1s, 56 pixels high, on paper of grey 225 with the noise of a camera; once as the reader is, once with
its extra bar for faint 1s taken away.

    python benchmarks/faint_ones.py --mnist FOLDER
"""

import argparse
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from digitlens.reader import Reader
from digitlens.training.datasets import load_splits

PAPER, NOISE, COUNT = 225, 1.5, 120
STRENGTHS = (0.08, 0.12, 0.16, 0.2, 0.3)


def page_with(glyph: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    page = np.full((120, 120), float(PAPER))
    page[32:88, 32:88] -= strength * cv2.resize(glyph, (56, 56), interpolation=cv2.INTER_CUBIC)
    page = cv2.GaussianBlur(page, (0, 0), 0.8) + rng.normal(0, NOISE, page.shape)
    return np.clip(page, 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    held_out = load_splits(parser.parse_args().mnist).validation
    ones = held_out.pictures[held_out.labels == 1][:COUNT]
    reader, rng = Reader(), np.random.default_rng(0)
    print("| ink, darker than the paper by | read of those there | read without the extra bar |")
    print("| ---: | ---: | ---: |")
    for strength in STRENGTHS:
        pages = [page_with(one, strength, rng) for one in ones]
        read = sum(reader.read(page).text == "1" for page in pages)
        with mock.patch("digitlens.reader.SURE_OF_FAINT", 0.0):
            without = sum(reader.read(page).text == "1" for page in pages)
        print(f"| {strength:.0%} | {read} of {len(ones)} | {without} of {len(ones)} |")


if __name__ == "__main__":
    main()
