"""Numbers on paper of more than one colour; the digits are of the sample of MNIST's test part."""

from pathlib import Path

import cv2
import numpy as np
import pytest

SAMPLE = Path(__file__).parent.parent / "data/mnist-sample.npz"
PAPER, INK, SIDE = (232, 232, 228), (40, 40, 60), 84
NUMBERS = 12


@pytest.fixture(scope="module")
def numbers():
    """Sheets with three digits, (204, 372, 3) uint8, and what they say."""
    sample = np.load(SAMPLE)
    chance = np.random.default_rng(5)
    made = []
    for _ in range(NUMBERS):
        chosen = chance.choice(len(sample["test_labels"]), 3, replace=False)
        frames = [
            cv2.resize(frame, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for frame in sample["test_pictures"][chosen]
        ]
        ink = np.pad(np.hstack(frames), 60)[..., None] / 255
        sheet = ink * np.array(INK) + (1 - ink) * np.array(PAPER) + chance.normal(0, 2, (*ink.shape[:2], 1))
        made.append((np.clip(sheet, 0, 255).astype(np.uint8), "".join(map(str, sample["test_labels"][chosen]))))
    return made


def plain(sheet):
    return sheet


def highlighted(sheet):
    """A yellow band over the middle of the digits, not as high as they are."""
    left = np.ones(sheet.shape)
    left[80:124, 30:-30] = (1.0, 0.92, 0.35)
    return (sheet * cv2.GaussianBlur(left, (0, 0), 1)).astype(np.uint8)


def between_slats(sheet):
    """The shadow of a blind."""
    down, across = np.mgrid[0 : sheet.shape[0], 0 : sheet.shape[1]]
    bands = np.where((down + across / 3) % SIDE < SIDE / 2, 0.55, 1.0)
    return (sheet * cv2.GaussianBlur(bands, (0, 0), 3)[..., None]).astype(np.uint8)


def on_a_dark_table(sheet):
    """A sixteenth of the picture, turned a little."""
    height, width = sheet.shape[:2]
    grain = np.random.default_rng(1).normal(0, 6, (height, 12))
    grain = cv2.resize(grain, (4 * width, 4 * height), interpolation=cv2.INTER_CUBIC)[..., None]
    table = np.clip(np.array((112, 74, 46)) + grain, 0, 255).astype(np.uint8)
    place = cv2.getRotationMatrix2D((width / 2, height / 2), 6, 1)
    place[:, 2] += (1.5 * width, 1.5 * height)
    return cv2.warpAffine(sheet, place, (4 * width, 4 * height), dst=table, borderMode=cv2.BORDER_TRANSPARENT)


@pytest.mark.parametrize(("lie", "least"), [(plain, 10), (highlighted, 10), (between_slats, 10), (on_a_dark_table, 11)])
def test_numbers_are_read_on_papers_of_more_than_one_colour(reader, numbers, lie, least):
    texts = ["".join(reader.read(lie(sheet)).text.split()) for sheet, _ in numbers]
    # Raised with every reader that reads more; never lowered. Without a closer look it was 10, 2, 1 and 5 of 12.
    assert sum(text == wanted for text, (_, wanted) in zip(texts, numbers, strict=True)) >= least
