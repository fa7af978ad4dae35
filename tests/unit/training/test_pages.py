from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitlens.training.camera import SCREEN, SCREEN_LIGHT, Camera
from digitlens.training.pages import PageSpec, Row, render_page, text_of
from digitlens.training.paper import (
    BLACKBOARD,
    GREY_PAPER,
    WHITE_PAPER,
    Paper,
)
from digitlens.training.pens import CHALK, MARKER, Pen

INK = Pen((0, 0, 0), width=0.1, opacity=1.0, pressure=0.0)
PLAIN = Paper((255, 255, 255), texture=0, clouds=0)
# Turned and tilted, but without anything that makes a pixel darker or brighter.
TILTED = Camera(turn_deg=6, tilt=0.05, blur_px=0, noise=0, sharpen=0)


def glyphs():
    """Three digits that a pen drew: a bar, a ring and a corner stand for 1, 0 and 7."""
    bar, ring, corner = (np.zeros((28, 28), np.uint8) for _ in range(3))
    cv2.line(bar, (14, 5), (13, 23), 255, 2)
    cv2.ellipse(ring, (14, 14), (7, 9), 0, 0, 360, 255, 2)
    cv2.polylines(corner, [np.array([[7, 5], [20, 5], [11, 23]])], isClosed=False, color=255, thickness=2)
    return {1: bar[None], 0: ring[None], 7: corner[None]}


def page_of(spec, seed=5):
    return render_page(spec, glyphs(), np.random.default_rng(seed))


def plain_spec(*rows, camera=TILTED):
    return PageSpec((480, 320), rows, PLAIN, SCREEN_LIGHT, camera)


def photo_spec():
    return PageSpec((320, 200), (Row("107", 60, 120, 50, MARKER),), replace(WHITE_PAPER, desk=(120, 80, 50)))


def test_the_same_seed_gives_the_same_page():
    first, second = page_of(photo_spec()), page_of(photo_spec())
    assert np.abs(first.picture.astype(int) - second.picture).max() <= 1
    assert first.boxes == second.boxes


def test_another_seed_gives_another_page():
    first, second = page_of(photo_spec(), seed=5), page_of(photo_spec(), seed=6)
    assert np.abs(first.picture.astype(int) - second.picture).mean() > 1
    assert first.boxes != second.boxes


def test_another_light_leaves_the_writing_where_it_was():
    dark = replace(photo_spec(), light=replace(photo_spec().light, brightness=0.5))
    assert page_of(dark).boxes == page_of(photo_spec()).boxes


def test_a_page_is_a_picture_of_the_size_asked_for():
    page = page_of(photo_spec())
    assert page.picture.shape == (200, 320, 3)
    assert page.picture.dtype == np.uint8


def test_there_is_one_box_for_each_digit_in_reading_order():
    page = page_of(plain_spec(Row("10 7", 60, 120, 60, INK), Row("71", 60, 240, 60, INK)))
    assert page.text == "10 7\n71"
    assert len(page.boxes) == 5
    first, second = page.boxes[:3], page.boxes[3:]
    assert [box.left for box in first] == sorted(box.left for box in first)
    assert max(box.bottom for box in first) < min(box.top for box in second)


@pytest.mark.parametrize("seed", range(5))
def test_the_boxes_hold_all_the_ink_and_not_much_else(seed):
    page = page_of(plain_spec(Row("10 7", 70, 130, 70, INK), Row("7+1", 70, 250, 50, INK)), seed)
    ink = page.picture.min(axis=2) < 128
    outside = ink.copy()
    for box in page.boxes + page.other_boxes:
        inside = ink[box.top : box.bottom, box.left : box.right]
        rows, columns = np.nonzero(inside)
        assert rows.min() <= 2
        assert columns.min() <= 2
        assert rows.max() >= box.height - 3
        assert columns.max() >= box.width - 3
        outside[box.top : box.bottom, box.left : box.right] = False
    assert not outside.any()


@pytest.mark.parametrize("pen", [replace(INK, width=0.02), replace(INK, width=0.15)])
def test_a_digit_is_as_high_as_asked_for(pen):
    page = page_of(plain_spec(Row("1", 200, 250, 180, pen, jitter=0), camera=SCREEN))
    assert page.boxes[0].height == pytest.approx(180, rel=0.04)


def test_marks_that_are_not_digits_have_boxes_of_their_own_and_count_as_gaps():
    page = page_of(plain_spec(Row("1+7=0", 40, 150, 50, INK), Row("*@", 40, 260, 60, INK)))
    assert page.text == "1 7 0"
    assert (len(page.boxes), len(page.other_boxes)) == (3, 4)


def test_rows_on_one_baseline_are_one_line():
    assert text_of((Row("10", 0, 50, 20, INK), Row("7", 90, 50, 20, INK), Row("1", 0, 99, 20, INK))) == "10 7\n1"


def test_a_page_without_rows_has_no_text_and_no_boxes():
    page = page_of(PageSpec((200, 150), (), GREY_PAPER))
    assert (page.text, page.boxes, page.other_boxes) == ("", (), ())
    assert page.picture.std() < 30


def test_in_a_form_every_digit_stands_in_the_middle_of_its_box():
    row = Row("107", 100, 180, 50, INK, advance=90, jitter=0)
    page = page_of(plain_spec(row, camera=SCREEN))
    middles = [box.left + box.width / 2 for box in page.boxes]
    assert middles == pytest.approx([100, 190, 280], abs=2)


@pytest.mark.parametrize(
    "row", [Row("1" * 40, 60, 120, 60, INK), Row("1", 60, 20, 60, INK), Row("1", 5000, 20, 60, INK)]
)
def test_a_row_that_leaves_the_picture_is_an_error_since_its_label_would_be_wrong(row):
    with pytest.raises(ValueError, match=r"leaves the paper|the picture has the size"):
        page_of(plain_spec(row))


def test_chalk_is_brighter_than_the_board():
    page = page_of(PageSpec((320, 220), (Row("70", 60, 160, 90, CHALK),), BLACKBOARD))
    box = page.boxes[0]
    inside = page.picture[box.top : box.bottom, box.left : box.right]
    assert inside.max() > page.picture[:20].mean() + 80
