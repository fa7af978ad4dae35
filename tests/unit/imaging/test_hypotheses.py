import dataclasses

import numpy as np

from digitlens.imaging.hypotheses import Hypothesis, are_rests, choose, find_hypotheses, missing_shares
from digitlens.imaging.ink import Ink
from digitlens.imaging.segment import MOST_GLYPHS, Glyph
from digitlens.results import Box


def ink_of(mask):
    nothing = np.zeros_like(mask)
    paper = np.full((1, 1, 1), 255, np.float32)
    return Ink(mask.astype(np.float32), mask, light_on_dark=False, scale=1.0, paper=paper, rulings=nothing)


def guess(marks, coverage=1.0, box=None):
    return Hypothesis(Glyph(Box(0, 0, 5, 5), np.ones((5, 5), np.float32)), box, frozenset(marks), coverage)


def test_a_blank_page_has_no_hypotheses():
    assert find_hypotheses(ink_of(np.zeros((50, 50), bool)), [(5, 5, 20, 20)], (50, 50)) == []


def test_a_mark_that_the_finder_sees_too_is_one_hypothesis():
    mask = np.zeros((80, 80), bool)
    mask[20:60, 30:50] = True
    (found,) = find_hypotheses(ink_of(mask), [(29, 19, 22, 42)], (80, 80))
    assert (found.box, found.is_whole, found.glyph.box) == (0, True, Box(30, 20, 20, 40))


def test_digits_that_touch_are_one_mark_and_two_parts_of_it():
    mask = np.zeros((80, 120), bool)
    mask[20:60, 20:100] = True
    whole, left, right = find_hypotheses(ink_of(mask), [(20, 20, 40, 40), (60, 20, 40, 40)], (80, 120))
    assert whole.is_whole
    assert left.is_part
    assert right.is_part
    assert (left.glyph.box, right.glyph.box) == (Box(20, 20, 40, 40), Box(60, 20, 40, 40))
    assert whole.competes_with(left)
    assert not left.competes_with(right)


def test_a_broken_digit_is_two_marks_and_both_together():
    mask = np.zeros((120, 80), bool)
    mask[20:50, 30:50] = True
    mask[70:100, 30:50] = True
    guesses = find_hypotheses(ink_of(mask), [(29, 19, 22, 82)], (120, 80))
    assert [sorted(found.marks) for found in guesses] == [[0], [1], [0, 1]]
    assert guesses[2].glyph.box == Box(30, 20, 20, 80)


def test_a_page_of_thousands_of_marks_gives_no_more_than_may_be_judged_in_time():
    mask = np.zeros((700, 700), bool)
    for row in range(8):
        mask[5 + row :: 14, 5::14] = True
    boxes = [(x, y, 10, 10) for y in range(4, 700, 14) for x in range(0, 700, 14)]
    guesses = find_hypotheses(ink_of(mask), boxes, mask.shape)
    assert sum(guess.is_whole for guess in guesses) == MOST_GLYPHS


def test_the_likelier_of_two_that_compete_is_read():
    whole, left, right = guess({0}), guess({0}, 0.5, 0), guess({0}, 0.5, 1)
    assert choose([whole, left, right], np.array([0.2, 0.9, 0.8])) == [1, 2]
    assert choose([whole, left, right], np.array([0.9, 0.9, 0.8])) == [0]
    assert choose([whole, left, right], np.array([0.2, 0.3, 0.1])) == []


def test_a_part_of_a_table_line_is_a_digit_if_the_finder_is_sure_of_it():
    table = dataclasses.replace(guess({0}), glyph=Glyph(Box(0, 0, 400, 300), np.ones((300, 400), np.float32)))
    digit = dataclasses.replace(guess({0}, 0.1, 0), glyph=Glyph(Box(40, 40, 20, 30), np.ones((30, 20), np.float32)))
    for is_sure in (True, False):
        missing = missing_shares([table, digit], np.array([False, True]), np.array([False, is_sure]))
        assert missing.tolist() == [0, 0 if is_sure else 1]


def test_a_part_is_a_riddle_unless_the_rest_of_its_mark_is_understood():
    one, two, stroke = guess({0}, 0.3, 0), guess({0}, 0.3, 1), guess({0}, 0.4, 2)
    alone = missing_shares([one], np.array([True]), np.array([True]))
    together = missing_shares([one, two, stroke], np.array([True] * 3), np.array([False] * 3))
    assert alone[0] > 0.5
    assert together.tolist() == [0, 0, 0]
    assert missing_shares([guess({0})], np.array([False]), np.array([False])).tolist() == [0]


def test_what_remains_between_digits_of_one_mark_is_its_rest():
    four, seven, nine, other = guess({0}, 0.3, 0), guess({0}, 0.4, 1), guess({0}, 0.3, 2), guess({1}, 0.5, 3)
    found = [four, seven, nine, other, guess({0})]
    assert are_rests(found, np.array([True, False, True, False, False])).tolist() == [False, True, False, False, False]
    assert are_rests(found, np.array([True, False, False, False, False])).tolist() == [False] * 5
    assert are_rests([], np.zeros(0, bool)).tolist() == []
