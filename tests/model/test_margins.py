"""A digit is read however it was cut out: without a margin, in the frame of its cell, with a thick pen, on a board."""

import cv2
import numpy as np
import pytest

from digitlens.training.skeleton import distance_fields

FINE, THICK = 2.4, 4.2  # pens, in pixels of MNIST
SIDE = 140


@pytest.fixture(scope="module")
def glyphs(training_digits):
    """60 digits, their middle lines, and what each is."""
    pictures, labels = training_digits.pictures[:60], training_digits.labels[:60]
    return list(zip(distance_fields(pictures).astype(np.float32), labels.tolist(), strict=True))


def written(distance, pen):
    """(H, W) float32 in [0, 1], cut to the ink, the longer side `SIDE` pixels."""
    smooth = cv2.GaussianBlur(cv2.resize(distance, None, fx=10, fy=10, interpolation=cv2.INTER_CUBIC), (0, 0), 4)
    ink = np.clip(5 * pen - 10 * smooth + 0.5, 0, 1)
    rows, columns = np.nonzero(ink > 0.5)
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = SIDE / max(ink.shape)
    return cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def on_a_panel(ink):
    """Light on a dark square of a light page."""
    square = np.zeros((2 * SIDE, 2 * SIDE), np.float32)
    top, left = (2 * SIDE - ink.shape[0]) // 2, (2 * SIDE - ink.shape[1]) // 2
    square[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return np.pad(1 - square, SIDE // 2)


def in_a_frame(ink):
    ink = np.pad(ink, SIDE // 10)
    ink[:3] = ink[-3:] = 1
    ink[:, :3] = ink[:, -3:] = 1
    return ink


def photo(ink, paper, pen_colour):
    rng = np.random.default_rng(ink.shape)
    grey = cv2.GaussianBlur(paper + (pen_colour - paper) * ink, (0, 0), 0.8) + rng.normal(0, 3, ink.shape)
    return np.clip(grey, 0, 255).astype(np.uint8)


def share_read(reader, glyphs, page_of, pen=FINE):
    texts = [(reader.read(page_of(written(distance, pen))).text, str(label)) for distance, label in glyphs]
    return np.mean([text == label for text, label in texts])


@pytest.mark.parametrize(
    ("page_of", "pen"),
    [
        (lambda ink: photo(np.pad(ink, SIDE), 235, 45), FINE),
        (lambda ink: photo(ink, 235, 45), FINE),
        (lambda ink: photo(ink, 235, 45), THICK),
        (lambda ink: photo(ink, 40, 225), FINE),
        (lambda ink: photo(ink, 215, 170), FINE),
        (lambda ink: photo(in_a_frame(ink), 235, 45), FINE),
        (lambda ink: photo(on_a_panel(ink), 235, 45), FINE),
    ],
    ids=[
        "wide margin",
        "no margin",
        "no margin, thick",
        "no margin, chalk",
        "no margin, faint",
        "in a frame",
        "on a panel",
    ],
)
def test_a_digit_is_read_however_it_was_cut_out(reader, glyphs, page_of, pen):
    assert share_read(reader, glyphs, page_of, pen) >= 0.85


def test_digits_on_dark_panels_of_one_page_are_read_together(reader, training_digits):
    """As programs show those of a data set: on most such pages the first look at the ink shows all but one or two."""
    right = 0
    for start in range(0, 60, 10):
        page = np.full((300, 760), 255, np.uint8)
        for place, picture in enumerate(training_digits.pictures[start : start + 10]):
            top, left = 30 + 130 * (place // 5), 40 + 140 * (place % 5)
            page[top : top + 100, left : left + 100] = cv2.resize(picture, (100, 100), interpolation=cv2.INTER_NEAREST)
        wanted = "".join(map(str, training_digits.labels[start : start + 10]))
        right += "".join(reader.read(page).text.split()) == wanted
    assert right >= 5


def test_a_7_is_read_whose_bar_lies_along_the_edge_of_its_picture(reader):
    page = np.full((152, 114, 3), 255, np.uint8)
    points = np.array([(2, 4), (110, 4), (60, 75), (42, 150)])
    cv2.polylines(page, [points], False, (40, 30, 60), 5, cv2.LINE_AA)
    cv2.line(page, (18, 80), (90, 78), (40, 30, 60), 4, cv2.LINE_AA)
    assert reader.read(page).text == "7"


def test_a_digit_in_a_circle_is_read_without_the_circle(reader, glyphs):
    def in_a_circle(ink):
        ink = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        page = np.zeros((180, 180), np.float32)
        top, left = (180 - ink.shape[0]) // 2, (180 - ink.shape[1]) // 2
        page[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
        cv2.circle(page, (90, 90), 62, 1.0, 3, cv2.LINE_AA)
        return photo(page, 235, 45)

    assert share_read(reader, glyphs, in_a_circle) >= 0.7
