import cv2
import numpy as np
import pytest

from digitlens.imaging.ink import find_ink, find_ink_evenly
from digitlens.imaging.rows import holds_mark, order_rows, spaces_after
from digitlens.imaging.segment import cut_glyphs, find_glyphs
from digitlens.results import Box


def draw(picture, text, origin, scale=2.0, thickness=4, ink=0):
    cv2.putText(picture, text, origin, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, thickness, cv2.LINE_AA)
    return picture


def test_a_blank_page_has_no_glyphs():
    assert find_glyphs(np.full((50, 80, 3), 255, np.uint8)) == []


def test_each_character_is_one_glyph_with_a_box_around_it():
    picture = draw(np.full((120, 300), 255, np.uint8), "1 2 3", (20, 90))
    glyphs = sorted(find_glyphs(picture), key=lambda g: g.box.left)
    assert len(glyphs) == 3
    for glyph in glyphs:
        outside = picture.copy()
        outside[glyph.box.top : glyph.box.bottom, glyph.box.left : glyph.box.right] = 255
        assert (outside < 128).sum() < (picture < 128).sum()
    assert glyphs[0].box.right < glyphs[1].box.left < glyphs[1].box.right < glyphs[2].box.left


def test_a_glyph_holds_no_ink_of_its_neighbour():
    picture = np.full((100, 100), 255, np.uint8)
    cv2.line(picture, (20, 20), (60, 80), 0, 3)
    cv2.line(picture, (40, 20), (80, 80), 0, 3)
    first, second = find_glyphs(picture)
    assert (first.ink > 0.5).sum() == pytest.approx((second.ink > 0.5).sum(), rel=0.05)


def test_the_broken_off_bar_of_a_five_is_joined_to_it():
    picture = np.full((200, 200), 255, np.uint8)
    cv2.ellipse(picture, (90, 120), (35, 35), 0, -120, 140, 0, 8)
    cv2.line(picture, (66, 50), (66, 92), 0, 8)
    cv2.line(picture, (76, 50), (125, 48), 0, 8)
    assert len(find_glyphs(picture)) == 1


def test_what_stands_in_a_frame_is_not_a_piece_of_it_but_the_eyes_of_a_face_are():
    page = np.full((300, 300), 255, np.uint8)
    cv2.line(page, (150, 130), (150, 170), 0, 6)
    boxed, face = page.copy(), page.copy()
    cv2.rectangle(boxed, (60, 60), (240, 240), 0, 6)
    cv2.circle(face, (150, 150), 90, 0, 6)
    assert len(cut_glyphs(find_ink(boxed), *page.shape)) == 2
    assert len(cut_glyphs(find_ink(face), *page.shape)) == 1


def test_a_digit_on_a_dark_panel_is_not_a_piece_of_the_light_page():
    page = np.full((300, 300), 255, np.uint8)
    page[50:250, 50:250] = 0
    cv2.line(page, (150, 120), (150, 180), 255, 8)
    heights = [glyph.box.height for glyph in cut_glyphs(find_ink_evenly(page, light_on_dark=True), *page.shape)]
    assert any(60 <= height <= 70 for height in heights)


def test_specks_beside_digits_are_left_out():
    picture = draw(np.full((200, 300), 255, np.uint8), "8", (60, 150), scale=4, thickness=8)
    picture[30:34, 30:34] = 0
    picture[180:183, 250:253] = 0
    assert len(find_glyphs(picture)) == 1


def test_digits_of_eight_pixels_are_found():
    picture = np.full((400, 600), 255, np.uint8)
    for k in range(5):
        picture[100:108, 100 + 12 * k : 102 + 12 * k] = 0
    assert len(find_glyphs(picture)) == 5


def test_a_page_of_slanting_stripes_does_not_fill_the_memory():
    rows, columns = np.indices((400, 400))
    stripes = ((rows + columns) // 6 % 2 * 255).astype(np.uint8)
    glyphs = find_glyphs(stripes)
    assert glyphs
    assert sum(glyph.ink.size for glyph in glyphs) <= 9 * stripes.size


def test_rows_are_read_from_top_to_bottom_and_left_to_right():
    boxes = [Box(100, 50, 10, 20), Box(5, 2, 10, 20), Box(50, 5, 10, 18), Box(8, 48, 12, 22)]
    assert order_rows(boxes) == [[1, 2], [3, 0]]


def test_a_row_may_climb_across_the_page():
    boxes = [Box(40 * k, 200 - 8 * k, 20, 30) for k in range(12)]
    assert order_rows(boxes) == [list(range(12))]


def test_an_exponent_belongs_to_the_row_that_it_hangs_above():
    base = [Box(0, 100, 40, 60), Box(60, 100, 40, 60), Box(240, 104, 40, 58)]
    assert order_rows([*base, Box(104, 60, 24, 26)]) == [[0, 1, 3, 2]]


def test_the_raised_digit_of_a_fraction_belongs_to_its_row():
    assert order_rows([Box(0, 48, 58, 68), Box(112, 1, 22, 50), Box(150, 80, 54, 62)]) == [[0, 1, 2]]


def test_a_digit_over_a_column_or_a_line_further_up_is_a_row_of_its_own():
    column = [Box(0, 40, 20, 30), Box(30, 40, 20, 30), Box(30, 22, 12, 14)]  # a carry
    assert order_rows(column) == [[2], [0, 1]]
    staggered = [Box(0, 60, 20, 30), Box(60, 60, 20, 30), Box(30, 10, 20, 30)]
    assert order_rows(staggered) == [[2], [0, 1]]


def test_no_boxes_have_no_rows():
    assert order_rows([]) == []
    assert spaces_after([]) == []


def test_evenly_spread_digits_have_no_spaces_but_a_group_has_one():
    spread = [Box(50 * k, 0, 12, 20) for k in range(5)]
    assert not any(spaces_after(spread))
    grouped = [*(Box(20 * k, 0, 14, 20) for k in range(3)), *(Box(120 + 20 * k, 0, 14, 20) for k in range(3))]
    assert spaces_after(grouped) == [False, False, True, False, False]


def test_an_exponent_and_the_digits_of_a_fraction_are_kept_apart():
    assert spaces_after([Box(0, 40, 40, 60), Box(44, 26, 24, 28)]) == [True]
    assert spaces_after([Box(0, 40, 40, 64), Box(48, 38, 16, 30), Box(66, 70, 26, 34)]) == [True, True]


def test_digits_of_a_number_that_climbs_are_not_kept_apart():
    assert not any(spaces_after([Box(24 * k, 100 - 10 * k, 20, 30) for k in range(6)]))


def test_a_sign_between_two_digits_keeps_them_apart_but_a_speck_or_a_box_around_one_does_not():
    before, after = Box(0, 0, 20, 40), Box(70, 0, 20, 40)
    assert holds_mark(before, after, [Box(35, 10, 20, 20)])
    assert holds_mark(before, after, [Box(30, 19, 30, 4)])
    assert not holds_mark(before, after, [Box(40, 20, 3, 3)])
    assert not holds_mark(before, after, [Box(-5, -5, 50, 50)])
    assert not holds_mark(before, after, [Box(35, 80, 20, 20)])
