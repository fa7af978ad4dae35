import math

import cv2
import numpy as np
import pytest

from digitlens.imaging.slashes import USUAL, lean_of, slashes_in, width_in_pens


def stroke(degrees, flag=False):
    """A straight stroke that leans so far to the right, with the flag of a 1 or without."""
    frame = np.zeros((28, 28), np.uint8)
    reach = 10 * math.tan(math.radians(degrees))
    head, foot = (14 + reach, 4), (14 - reach, 24)
    for end in [foot, (head[0] - 11, 8)] if flag else [foot]:
        ends = [tuple(round(16 * side) for side in point) for point in (head, end)]
        cv2.line(frame, *ends, 255, 2, cv2.LINE_AA, 4)
    return frame


@pytest.mark.parametrize("degrees", [-30, -10, 0, 15, 40])
def test_the_lean_of_a_stroke_is_its_angle(degrees):
    assert lean_of(stroke(degrees)) == pytest.approx(degrees, abs=3)


def test_ink_that_leans_nowhere_has_no_lean():
    assert lean_of(np.zeros((28, 28), np.uint8)) == 0
    assert lean_of(np.full((28, 28), 255, np.uint8)) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("degrees", [-30, 0, 20, 45])
def test_a_stroke_is_one_pen_wide(degrees):
    assert width_in_pens(stroke(degrees)) == pytest.approx(1.1, abs=0.15)


def test_a_flag_or_a_ring_is_wider_than_a_stroke():
    ring = cv2.circle(np.zeros((28, 28), np.uint8), (14, 14), 9, 255, 2)
    assert width_in_pens(stroke(10, flag=True)) > 1.6
    assert width_in_pens(ring) > 2.5


def test_without_ink_there_is_no_stroke():
    assert width_in_pens(np.zeros((28, 28), np.uint8)) == math.inf


@pytest.mark.parametrize(
    ("values", "leans", "found"),
    [
        ([3, 4, 1, 2, 3], [3, 3, 40, 5, 3], [2]),
        ([3, 4, 1, 2, 3], [3, 3, 30, 5, 3], []),  # as some write a 1
        ([3, 4, 1, 2, 3], [23, 23, 40, 25, 23], []),  # all of them lean
        ([3, 4, 1, 2, 3], [-25, -25, 15, -20, -25], []),  # they lean to the left, and it hardly leans
        ([3, 4, 1, 2, 3], [-16, -16, 28, -14, -16], [2]),
        ([2, 4, 1, 6, 1, 4, 2], [5, 3, 42, 1, 43, 3, 5], [2, 4]),  # a date
        ([1, 1, 1], [12, 53, 12], [1]),  # 1/1
        ([1, 2, 3], [48, 5, 3], []),  # no number begins with a slash
        ([2, 3, 1], [5, 3, 48], []),  # or ends with one
        ([3, 7, 2], [3, 48, 5], []),  # only a 1 is taken for one
        ([1], [50], []),
        ([], [], []),
    ],
)
def test_a_1_that_leans_further_than_its_neighbours_is_a_slash(values, leans, found):
    frames = np.array([stroke(lean) for lean in leans]).reshape(-1, 28, 28)
    assert slashes_in(values, frames, [False] * (len(values) - 1)) == found


@pytest.mark.parametrize(("gaps", "found"), [((1, 0), []), ((0, 1), []), ((1, 1), [1]), ((0, 0), [1])])
def test_a_1_that_begins_or_ends_a_number_is_no_slash(gaps, found):
    frames = np.array([stroke(0), stroke(42), stroke(5)])
    assert slashes_in([0, 1, 5], frames, gaps) == found


def test_a_1_with_a_flag_is_no_slash():
    frames = np.array([stroke(3), stroke(40, flag=True), stroke(3)])
    assert slashes_in([4, 1, 4], frames, [False, False]) == []


def test_what_is_usual_is_that_of_mnists_training_part(shared_data):
    from digitlens.training.datasets import load_splits

    training = load_splits(shared_data / "mnist").training
    for digit, usual in enumerate(USUAL):
        leans = [lean_of(picture) for picture in training.pictures[training.labels == digit]]
        assert np.median(leans) == pytest.approx(usual, abs=0.5)
