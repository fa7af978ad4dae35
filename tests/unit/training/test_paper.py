from dataclasses import replace

import numpy as np
import pytest

from digitlens.training.paper import (
    GREY_PAPER,
    WHITE_PAPER,
    Paper,
    Ruling,
    boxes,
    lay_paper,
    ruled_lines,
    squares,
    table,
)

PLAIN = Paper((255, 255, 255), texture=0, clouds=0)


def sheet_of(paper, margin=0):
    return lay_paper(paper, (200, 150), margin, np.random.default_rng(4))


def test_a_sheet_is_larger_than_the_picture_by_the_margin_on_each_side():
    sheet = sheet_of(PLAIN, margin=30)
    assert sheet.shape == (210, 260, 3)
    assert sheet.dtype == np.float32


def test_paper_without_texture_has_its_colour_everywhere():
    assert sheet_of(Paper((10, 100, 200), texture=0, clouds=0)) * 255 == pytest.approx(
        np.broadcast_to([10, 100, 200], (150, 200, 3)), abs=1e-3
    )


def test_recycled_paper_is_rougher_than_office_paper_but_keeps_its_shade():
    grey = sheet_of(GREY_PAPER)
    assert grey.std(axis=(0, 1)).mean() > 1.3 * sheet_of(WHITE_PAPER).std(axis=(0, 1)).mean()
    assert grey.mean(axis=(0, 1)) * 255 == pytest.approx(np.array(GREY_PAPER.colour), abs=10)


def test_a_desk_shows_around_the_paper():
    sheet = sheet_of(replace(WHITE_PAPER, desk=(120, 80, 50)), margin=20)
    red, _, blue = sheet[:20].reshape(-1, 3).mean(axis=0)
    assert red > 1.5 * blue
    assert sheet[40:140, 40:180].min() > 0.8


def test_rulings_are_printed_where_their_segments_say():
    ruling = Ruling(table(40, 50, [60, 60], [50]), (0, 0, 0), 1, 1.0)
    dark = sheet_of(replace(PLAIN, rulings=(ruling,))).mean(axis=2) < 0.6
    assert dark[50:100, [40, 100, 160]].mean() > 0.95
    assert dark[[50, 100], 40:160].mean() > 0.95
    assert not dark[60:90, 50:90].any()


def test_the_margin_moves_the_rulings_with_the_picture():
    ruling = Ruling(((0, 70, 200, 70),), (0, 0, 0), 1, 1.0)
    dark = sheet_of(replace(PLAIN, rulings=(ruling,)), margin=30).mean(axis=2) < 0.6
    assert set(np.nonzero(dark)[0]) == {100}


def test_lines_and_squares_reach_beyond_the_picture():
    assert max(segment[0] for segment in ruled_lines((200, 100), 20, 10)) < -20
    assert max(segment[1] for segment in ruled_lines((200, 100), 20, 10)) > 100
    lefts = {segment[0] for segment in squares((200, 100), 20)}
    assert min(lefts) < 0 < 200 < max(lefts)
    assert {20.0, 40.0} <= lefts


def test_a_form_has_four_lines_for_each_box():
    assert len(boxes(0, 0, 40, 50, 3)) == 12
