import numpy as np
import pytest

from digitlens.imaging.skew import MOST_PIXELS, put_back, skew_of, turned_level
from digitlens.results import Box, Digit, Line, Reading


def rows_of(angle_deg, rows=2, columns=5, size=30):
    """Boxes of marks in rows that rise by an angle."""
    angle = np.radians(angle_deg)
    boxes = []
    for row in range(rows):
        for column in range(columns):
            along, down = 1.4 * size * column, 2.5 * size * row
            x = 300 + along * np.cos(angle) + down * np.sin(angle)
            y = 300 - along * np.sin(angle) + down * np.cos(angle)
            boxes.append((x, y, (0.4 + 0.15 * (column % 3)) * size, size))
    return boxes


@pytest.mark.parametrize("angle", [-35, -20, -12, 0, 5, 15, 30, 38])
@pytest.mark.parametrize("rows", [1, 2, 6])
def test_the_angle_of_rows_is_found(angle, rows):
    assert skew_of(rows_of(angle, rows)) == pytest.approx(angle, abs=3)


def test_too_few_marks_have_no_rows():
    assert skew_of([]) == 0
    assert skew_of(rows_of(25, rows=1, columns=3)) == 0


def test_marks_that_stand_anywhere_have_no_common_angle():
    chance = np.random.default_rng(4)
    boxes = [(*chance.integers(0, 300, 2).tolist(), 20, 30) for _ in range(40)]
    assert skew_of(boxes) == 0


def test_marks_far_apart_or_of_other_sizes_are_no_neighbours():
    assert skew_of([(200 * i, 100 * i, 20, 30) for i in range(6)]) == 0
    assert skew_of([(30 * i, 15 * i, 30 if i % 2 else 8, 30 if i % 2 else 8) for i in range(6)]) == 0


@pytest.mark.parametrize("shape", [(200, 300), (200, 300, 3), (300, 120)])
@pytest.mark.parametrize("angle", [-30, 14])
def test_a_turned_page_holds_all_of_it_on_paper_and_boxes_come_back(shape, angle):
    page = np.full(shape, 200, np.uint8)
    page[40:60, 50:80] = 0
    turned, matrix = turned_level(page, angle)
    assert turned.ndim == page.ndim
    dark = np.argwhere(turned.reshape(*turned.shape[:2], -1)[..., 0] < 100)
    assert len(dark) == pytest.approx(600, rel=0.1)
    assert turned[0, 0].tolist() == page[0, 0].tolist()
    (top, left), (bottom, right) = dark.min(axis=0).tolist(), (dark.max(axis=0) + 1).tolist()
    digit = Digit(7, 0.9, False, Box(left, top, right - left, bottom - top))
    reading = Reading((Line("7", (digit,)),), (digit.box,), turned.shape[1], turned.shape[0], "test", guesses=(digit,))
    back = put_back(reading, matrix, shape[1], shape[0])
    assert (back.width, back.height, back.text) == (shape[1], shape[0], "7")
    assert back.rejected[0] == back.digits[0].box == back.guesses[0].box
    box = back.rejected[0]
    assert (box.left + box.width / 2, box.top + box.height / 2) == pytest.approx((65, 50), abs=1.5)


def test_boxes_stay_on_the_page():
    page = np.full((100, 100), 255, np.uint8)
    turned, matrix = turned_level(page, 30)
    corners = tuple(Box(x, y, 20, 20) for x in (0, turned.shape[1] - 20) for y in (0, turned.shape[0] - 20))
    for box in put_back(Reading((), corners, *turned.shape[::-1], "test"), matrix, 100, 100).rejected:
        assert 0 <= box.left < box.right <= 100
        assert 0 <= box.top < box.bottom <= 100


def test_a_large_page_is_shrunk_while_it_is_turned():
    turned, _ = turned_level(np.full((4000, 6000), 255, np.uint8), 20)
    assert 0.9 * MOST_PIXELS < turned.size <= 1.01 * MOST_PIXELS


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3)])
def test_the_smallest_pages_can_be_turned(shape):
    turned, _ = turned_level(np.full(shape, 255, np.uint8), 33)
    assert min(turned.shape) >= 1
