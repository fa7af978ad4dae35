import numpy as np
import pytest

from digitlens.imaging.components import label_components
from digitlens.imaging.divide import divide_ink


def owners_of(mask, boxes):
    owners, windows = divide_ink(*label_components(mask), boxes, 1.0)
    for number, window in enumerate(windows, start=1):
        assert (owners[window] == number).sum() == (owners == number).sum()
    return owners


def test_a_mark_inside_its_box_is_taken_whole():
    mask = np.zeros((60, 60), bool)
    mask[10:40, 20:24] = True
    mask[38:40, 20:34] = True  # a flourish beyond the box
    assert np.array_equal(owners_of(mask, [(17, 9, 10, 32)]), mask.astype(int))


def test_digits_that_touch_are_divided_between_their_boxes():
    mask = np.zeros((40, 80), bool)
    mask[10:30, 10:50] = True
    owners = owners_of(mask, [(10, 10, 20, 20), (30, 10, 20, 20)])
    assert (owners[10:30, 10:30] == 1).all()
    assert (owners[10:30, 30:50] == 2).all()


def test_a_line_through_a_digit_stays_behind_beyond_its_reach():
    mask = np.zeros((40, 200), bool)
    mask[10:30, 90:110] = True
    mask[20, :] = True
    owners = owners_of(mask, [(90, 10, 20, 20)])
    assert (owners[10:30, 90:110] == 1).all()
    assert not owners[20, :80].any()


@pytest.mark.parametrize("box", [(-20, -20, 10, 10), (100, 100, 10, 10), (0, 0, 0.1, 0.1), (5, 5, 6, 6)])
def test_boxes_without_ink_or_beyond_the_page_own_nothing(box):
    mask = np.zeros((30, 30), bool)
    mask[15:20, 15:20] = True
    assert not owners_of(mask, [box]).any()


def test_no_boxes_own_nothing():
    assert not owners_of(np.eye(20, dtype=bool), []).any()
