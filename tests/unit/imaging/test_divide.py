import numpy as np
import pytest

from digitlens.imaging.divide import divide_ink
from digitlens.imaging.ink import Ink


def ink_of(mask: np.ndarray) -> Ink:
    return Ink(mask.astype(np.float32), mask, light_on_dark=False, scale=1.0)


def test_a_mark_inside_its_box_is_taken_whole() -> None:
    mask = np.zeros((60, 60), bool)
    mask[10:40, 20:24] = True
    mask[38:40, 20:34] = True  # a flourish beyond the box
    (glyph,), rest = divide_ink(ink_of(mask), [(17, 9, 10, 32)], 60, 60)
    assert glyph is not None
    assert glyph.box.to_list() == [20, 10, 14, 30]
    assert not rest.mask.any()


def test_digits_that_touch_are_divided_between_their_boxes() -> None:
    mask = np.zeros((40, 80), bool)
    mask[10:30, 10:50] = True
    (left, right), rest = divide_ink(ink_of(mask), [(10, 10, 20, 20), (30, 10, 20, 20)], 40, 80)
    assert left is not None
    assert right is not None
    assert left.box.to_list() == [10, 10, 20, 20]
    assert right.box.to_list() == [30, 10, 20, 20]
    assert not rest.mask.any()


def test_a_line_through_a_digit_stays_behind_beyond_its_reach() -> None:
    mask = np.zeros((40, 200), bool)
    mask[10:30, 90:110] = True
    mask[20, :] = True
    (glyph,), rest = divide_ink(ink_of(mask), [(90, 10, 20, 20)], 40, 200)
    assert glyph is not None
    assert glyph.box.width < 30
    assert rest.mask[20, :80].all()


def test_a_box_without_ink_gives_no_glyph() -> None:
    mask = np.zeros((30, 30), bool)
    assert divide_ink(ink_of(mask), [(5, 5, 10, 10)], 30, 30)[0] == [None]


def test_no_boxes_leave_all_the_ink() -> None:
    mask = np.eye(20, dtype=bool)
    glyphs, rest = divide_ink(ink_of(mask), [], 20, 20)
    assert glyphs == []
    assert np.array_equal(rest.mask, mask)


@pytest.mark.parametrize("box", [(-20, -20, 10, 10), (100, 100, 10, 10), (0, 0, 0.1, 0.1)])
def test_boxes_beyond_the_page_do_no_harm(box: tuple[float, float, float, float]) -> None:
    mask = np.zeros((30, 30), bool)
    mask[15:20, 15:20] = True
    glyphs, rest = divide_ink(ink_of(mask), [box], 30, 30)
    assert glyphs == [None]
    assert rest.mask.sum() == 25
