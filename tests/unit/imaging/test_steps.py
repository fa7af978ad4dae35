import tracemalloc

import cv2
import numpy as np
import pytest

from digitlens.imaging.steps import is_step
from digitlens.results import Box


def stroke(picture, start, end, level, thickness=5):
    """Draw a line; give its box and its ink."""
    ink = np.zeros(picture.shape[:2], np.uint8)
    cv2.line(ink, start, end, 1, thickness)
    picture[ink > 0] = level
    rows, columns = np.nonzero(ink)
    box = Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    return box, ink[box.top : box.bottom, box.left : box.right].astype(np.float32)


@pytest.mark.parametrize("end", [(100, 180), (140, 180), (60, 170), (190, 100)], ids=str)
def test_a_stroke_on_plain_paper_is_no_step(end):
    picture = np.full((200, 200, 3), 220, np.uint8)
    assert not is_step(picture, *stroke(picture, (100, 30), end, 60))


def test_a_stroke_across_the_edge_of_a_shadow_is_no_step():
    picture = np.full((200, 200, 3), 220, np.uint8)
    picture[100:] = 120
    assert not is_step(picture, *stroke(picture, (100, 30), (104, 180), 50))


@pytest.mark.parametrize("scale", [1, 2])
def test_the_edge_between_light_and_shadow_is_a_step(scale):
    picture = np.full((200, 200), 220, np.uint8)
    picture[:, 100:] = 120
    box, ink = stroke(picture.copy(), (102, 30), (102, 180), 120)
    ink = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    assert is_step(picture, box, ink)


def test_a_compact_mark_is_never_a_step():
    picture = np.full((200, 200), 220, np.uint8)
    picture[:, 100:] = 120
    assert not is_step(picture, Box(90, 90, 20, 20), np.ones((20, 20), np.float32))


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(0, 0, 1, 40), Box(39, 0, 1, 40), Box(0, 0, 40, 40)], ids=str)
def test_marks_at_the_edge_of_the_picture_cannot_be_told_and_stay(box):
    picture = np.full((40, 40), 200, np.uint8)
    assert not is_step(picture, box, np.ones((box.height, box.width), np.float32))


@pytest.mark.parametrize(("shadow", "expected"), [(200, True), (0, False)])
def test_a_mark_across_a_large_page_is_told_in_little_memory(shadow, expected):
    rows, columns = np.mgrid[:4000, :4000]
    picture = np.where(columns > rows + 8, 220 - shadow // 2, 220).astype(np.uint8)
    picture = np.repeat(picture[..., None], 3, axis=2)
    box, ink = stroke(picture, (100, 100), (3900, 3900), 220 - shadow // 2 if shadow else 90, thickness=17)
    tracemalloc.start()
    assert is_step(picture, box, ink) == expected
    assert tracemalloc.get_traced_memory()[1] < picture.nbytes / 4
    tracemalloc.stop()
