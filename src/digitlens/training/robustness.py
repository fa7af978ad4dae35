"""How the reader stands up to what it was not made for: the corruptions of MNIST-C, and letters that look like digits.

Both are measured two ways: the frame alone through `Reader.classify`, and as a picture through the whole reader, where
a digit is right only if it is all that is read.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import normalise
from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.reader import Reader
from digitlens.training.corruptions import CORRUPTIONS, corrupted
from digitlens.training.datasets import Digits
from digitlens.training.marks import LETTERS, SIDE, Ink, bend, pen_width
from digitlens.training.measures import Share

# Reading a picture takes a hundred times as long as classifying a frame.
MOST_PICTURES = 1_000
# Alone they are digits in shape: 0, 1, 2, 5, 6, 8, 9. The issue's own are O, l, S, Z and B.
DIGIT_SHAPED_LETTERS = "OoDQIlZzSsGbBgq"
OTHER_LETTERS = "".join(letter for letter in LETTERS if letter.isalpha())
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)
_LETTER_HEIGHT = 60


@dataclass(frozen=True, slots=True)
class TwoWays:
    """One thing measured twice.

    Attributes:
        title: what was measured.
        frames: with `Reader.classify` on the frames as they are.
        pictures: with the whole reader, on at most `MOST_PICTURES` of them.
    """

    title: str
    frames: Share
    pictures: Share


def measure_corruptions(reader: Reader, digits: Digits, seed: int) -> list[TwoWays]:
    """Digits that are read rightly under each corruption, and first without any.

    Args:
        reader: as it serves.
        digits: to corrupt; of these, evenly chosen ones are read as pictures of 28 x 28 pixels, light on dark.
        seed: of the corruptions.
    """
    versions = {"none": digits} | {name: corrupted(digits, name, seed) for name in CORRUPTIONS}
    return [_digits_read(reader, name.replace("_", " "), version) for name, version in versions.items()]


def mean_of(results: list[TwoWays]) -> tuple[float, float]:
    """The mean over the corruptions, each as heavy as the other and the uncorrupted left out: frames, pictures."""
    corruptions = results[1:]
    frames, pictures = ([getattr(result, way).value for result in corruptions] for way in ("frames", "pictures"))
    return float(np.mean(frames)), float(np.mean(pictures))


def measure_letters(reader: Reader, seed: int, times: int) -> list[TwoWays]:
    """Letters that are read as digits: each that is a digit in shape, those together, and all other letters together.

    Args:
        reader: as it serves.
        seed: of the drawing.
        times: how often each letter is drawn, in OpenCV's Hershey fonts.
    """
    rng = np.random.default_rng(seed)
    results = [_letters_read(reader, letter, letter, times, rng) for letter in DIGIT_SHAPED_LETTERS]
    together = _sum_of("letters that are digits in shape", results)
    return [*results, together, _letters_read(reader, "all other letters", OTHER_LETTERS, times, rng)]


def draw_letter(letter: str, font: int, rng: np.random.Generator) -> Ink:
    """One letter, with a pen of any width and a shaking hand; (84, 84) float32 in [0, 1], ink bright."""
    thickness = max(1, round(0.7 * pen_width(rng)))
    (width, height), below = cv2.getTextSize(letter, font, 1.0, 1)
    scale = _LETTER_HEIGHT / max(width, height + below)
    field = np.zeros((SIDE, SIDE), np.uint8)
    origin = (round((SIDE - width * scale) / 2), round((SIDE + (height - below) * scale) / 2))
    cv2.putText(field, letter, origin, font, scale, 255, thickness, cv2.LINE_AA)
    return bend(field.astype(np.float32) / np.float32(255), rng)


def _digits_read(reader: Reader, title: str, digits: Digits) -> TwoWays:
    count = len(digits.labels)
    chosen = np.unique(np.linspace(0, count - 1, min(count, MOST_PICTURES)).astype(int))
    classified = reader.classify(digits.pictures).argmax(axis=1) == digits.labels
    read = [_digits_on(reader, digits.pictures[index]) == [int(digits.labels[index])] for index in chosen]
    key = f"corrupted_{title.replace(' ', '_')}"
    return TwoWays(title, Share(key, title, int(classified.sum()), count), _share(f"{key}_read", title, read))


def _letters_read(reader: Reader, title: str, letters: str, times: int, rng: np.random.Generator) -> TwoWays:
    inks = [draw_letter(letter, _FONTS[turn % len(_FONTS)], rng) for letter in letters for turn in range(times)]
    classified = reader.classify(np.stack([normalise(ink) for ink in inks])).argmax(axis=1) != NOT_A_DIGIT
    # Every n-th, so that all letters come in.
    pictured = inks[:: -(-len(inks) // MOST_PICTURES)]
    read = [bool(_digits_on(reader, _on_paper(ink))) for ink in pictured]
    key = f"letters_{title.replace(' ', '_')}"
    return TwoWays(title, _share(key, title, classified.tolist()), _share(f"{key}_read", title, read))


def _sum_of(title: str, results: list[TwoWays]) -> TwoWays:
    shares = [
        Share(
            f"letters_digit_shaped{ending}",
            title,
            sum(getattr(result, way).right for result in results),
            sum(getattr(result, way).total for result in results),
        )
        for way, ending in (("frames", ""), ("pictures", "_read"))
    ]
    return TwoWays(title, *shares)


def _share(key: str, title: str, right: list[bool]) -> Share:
    return Share(key, title, sum(right), len(right))


def _digits_on(reader: Reader, picture: NDArray[np.uint8]) -> list[int]:
    return [digit.value for digit in reader.read_page(picture).digits]


def _on_paper(ink: Ink) -> NDArray[np.uint8]:
    """Dark ink on white paper with a margin as wide as the letter."""
    return np.pad(np.round(255 * (1 - ink)).astype(np.uint8), SIDE // 2, constant_values=255)
