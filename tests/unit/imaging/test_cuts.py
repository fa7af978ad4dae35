import cv2
import numpy as np
import pytest

from digitlens.imaging.cuts import MOST_CUTS, WIDEST, cut, likeliest, pieces_of


def strokes(shape, *lines, width=5):
    ink = np.zeros(shape, np.float32)
    for start, end in lines:
        cv2.line(ink, start, end, 1.0, width, cv2.LINE_AA)
    return ink


def rings(count, height=80):
    """Zeros beside each other that touch."""
    ink = np.zeros((height, 10 + 50 * count), np.float32)
    for number in range(count):
        cv2.ellipse(ink, (30 + 50 * number, height // 2), (25, height // 2 - 6), 0, 0, 360, 1.0, 5, cv2.LINE_AA)
    return ink


def is_cut_between(sections, one, other):
    return sections[one[::-1]] != sections[other[::-1]]


def test_rings_that_touch_are_cut_where_they_touch():
    sections = cut(rings(3))
    middles = [(30, 5), (80, 5), (130, 5)]
    assert is_cut_between(sections, middles[0], middles[1])
    assert is_cut_between(sections, middles[1], middles[2])


def test_sections_count_from_the_left():
    sections = cut(rings(3))
    assert sections.dtype == np.uint8
    assert (np.diff(sections.astype(int), axis=1) >= 0).all()
    assert set(np.unique(sections)) == set(range(int(sections.max()) + 1))


def test_strokes_that_lean_are_parted_along_their_lean():
    sections = cut(strokes((100, 100), ((10, 90), (50, 10)), ((40, 90), (80, 10)), ((30, 50), (60, 50))))
    first, second = ([int(sections[90 - 2 * step, left + step]) for step in range(41)] for left in (10, 40))
    assert max(first) < min(second)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 300), (300, 2)])
def test_any_shape_is_cut(shape):
    ink = np.ones(shape, np.float32)
    sections = cut(ink)
    assert sections.shape == shape
    assert all(piece.ink(ink, sections).any() for piece in pieces_of(ink, sections))


def test_a_stroke_that_stands_alone_stays_whole():
    assert not cut(strokes((80, 9), ((4, 4), (4, 76)))).any()


def test_a_long_row_has_no_more_cuts_than_are_allowed():
    assert 20 <= cut(rings(30)).max() <= MOST_CUTS


def test_a_large_mark_is_cut_as_its_small_picture():
    small = rings(3)
    large = cv2.resize(small, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC).clip(0, 1)
    assert cut(large).max() == cut(cv2.resize(large, None, fx=0.24, fy=0.24, interpolation=cv2.INTER_AREA)).max()


def test_pieces_hold_all_ink_once():
    ink = rings(3)
    sections = cut(ink)
    pieces = pieces_of(ink, sections)
    count = int(sections.max()) + 1
    single = {piece.start: piece for piece in pieces if piece.end == piece.start + 1}
    for piece in pieces:
        inside = [single[number] for number in range(piece.start, piece.end) if number in single]
        if len(inside) == piece.end - piece.start:
            assert piece.share == pytest.approx(sum(one.share for one in inside))
        assert 0 <= piece.start < piece.end <= count
        assert piece.box[2] <= WIDEST * ink.shape[0]
        assert piece.ink(ink, sections).shape == (piece.box[3], piece.box[2])


def test_the_likeliest_pieces_make_up_the_whole_mark():
    ink = rings(3)
    sections = cut(ink)
    pieces = pieces_of(ink, sections)
    # As round as a ring.
    likely = np.array([0.9 if 45 <= piece.box[2] <= 64 and piece.box[3] > 60 else 0.05 for piece in pieces])
    chosen = [pieces[index] for index in likeliest(pieces, likely, int(sections.max()) + 1)]
    assert [piece.end for piece in chosen[:-1]] == [piece.start for piece in chosen[1:]]
    assert [round(piece.box[0] / 50) for piece in chosen] == [0, 1, 2]
    assert sum(piece.share for piece in chosen) == pytest.approx(1)


def test_no_pieces_where_some_section_is_in_none():
    pieces = [piece for piece in pieces_of(rings(2), cut(rings(2))) if piece.start > 0]
    assert likeliest(pieces, np.ones(len(pieces)), int(cut(rings(2)).max()) + 1) == []
