import numpy as np
import pytest

from digitlens.imaging.orientation import (
    clear_digits,
    evidence,
    is_doubtful,
    is_more_upright,
    is_seen_more_clearly,
    quarter_turns,
    turned_back,
    turns_seen_clearly,
    turns_worth_reading,
)
from digitlens.results import Box, Digit, Line, Reading

NOT_A_DIGIT = 10


def sure(*kinds):
    """Probabilities of marks that are clearly what is named, (N, 11)."""
    probabilities = np.full((len(kinds), 11), 0.001)
    probabilities[np.arange(len(kinds)), kinds] = 0.99
    return probabilities


def none(count):
    return sure(*[NOT_A_DIGIT] * count)


def test_clear_digits_leave_no_doubt():
    assert not is_doubtful(sure(1, 7, 4, 2, 9), sure(1, 7, 4, 2, 9))


def test_marks_that_are_no_digits_raise_doubt():
    assert is_doubtful(sure(1, NOT_A_DIGIT, NOT_A_DIGIT, 0, 9), sure(1, 0, 9))


def test_a_sum_leaves_no_doubt_although_its_signs_are_no_digits():
    marks = sure(2, NOT_A_DIGIT, 7, NOT_A_DIGIT, NOT_A_DIGIT, 9)
    assert not is_doubtful(marks, sure(2, 7, 9))


def test_sure_digits_among_many_words_leave_no_doubt():
    words = none(18)
    assert not is_doubtful(np.concatenate([words, sure(2, 7, 9, 4, 5)]), sure(2, 7, 9, 4, 5))
    assert is_doubtful(np.concatenate([words, sure(2, 7)]), sure(2, 7))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_few_marks_never_raise_doubt(count):
    assert not is_doubtful(none(count), none(0))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_turn_that_makes_digits_of_the_marks_is_worth_reading(turns):
    probabilities = np.stack([none(5)] * 4)
    probabilities[turns] = sure(2, 7, 4, 0, 1)
    assert turns_worth_reading(probabilities) == [turns]


def test_no_turn_is_worth_reading_in_which_most_marks_are_no_digits():
    probabilities = np.stack([none(20)] * 4)
    probabilities[3] = np.concatenate([sure(4, 7), none(18)])
    assert turns_worth_reading(probabilities) == []


def test_frames_turn_counter_clockwise_by_quarters():
    frames = np.zeros((1, 28, 28), np.float32)
    frames[0, 2, 25] = 1  # right above
    found = [tuple(np.argwhere(turned[0])[0]) for turned in quarter_turns(frames)]
    assert found == [(2, 25), (2, 2), (25, 2), (25, 25)]


def test_turns_that_the_frames_do_not_tell_apart_are_all_worth_reading():
    probabilities = np.stack([none(5)] * 4)
    probabilities[1], probabilities[3] = sure(2, 7, 4, 0, 1), sure(2, 7, 4, 5, 1)
    probabilities[3, 3, 5] = 0.5
    assert turns_worth_reading(probabilities) == [3, 1]


def test_the_way_up_in_which_digits_are_read_is_the_right_one():
    assert is_more_upright(sure(2, 7, 4, 0, 1), 5, none(0))
    assert not is_more_upright(none(0), 5, sure(2, 7, 4, 0, 1))


def test_one_more_telling_digit_does_not_turn_a_page():
    assert not is_more_upright(sure(0, 1, 8, 0, 4), 5, sure(0, 1, 8, 0))
    assert is_more_upright(sure(0, 1, 8, 4, 4), 5, sure(0, 1, 8))


def test_strokes_that_become_ones_do_not_turn_a_page():
    assert not is_more_upright(sure(1, 1, 0, 1, 8, 1), 6, none(0))


def test_sixes_and_nines_alone_do_not_turn_a_page():
    assert not is_more_upright(sure(9, 6, 6, 9), 4, sure(6, 9, 9, 6))


def test_two_digits_among_many_other_marks_do_not_turn_a_page():
    assert not is_more_upright(sure(4, 7), 20, none(0))


def test_digits_that_are_unsure_on_average_do_not_turn_a_page():
    unsure = sure(0, 2, 3, 0, 4, 0)
    unsure[::2] = 0.7 * unsure[::2]
    assert not is_more_upright(unsure, 6, none(0))


def seen(*scores):
    """What the finder sees: (N, 11), each kind with its score."""
    found = np.full((len(scores), 11), 0.01)
    for row, (kind, score) in zip(found, scores, strict=True):
        row[kind] = score
    return found


def test_clear_digits_are_told_from_those_that_are_hardly_sure_and_from_other_marks():
    assert clear_digits(seen((2, 0.8), (7, 0.61), (0, 0.9), (5, 0.45), (4, 0.3), (NOT_A_DIGIT, 0.9))) == (2, 3 / 4)
    assert clear_digits(seen()) == (0, 0)


def test_the_turn_in_which_digits_are_clear_is_worth_reading():
    words, numbers = seen(*[(3, 0.45), (0, 0.7)] * 9), seen(*[(2, 0.8)] * 4)
    assert turns_seen_clearly([words, words, seen((4, 0.7)), numbers]) == [3]
    assert turns_seen_clearly([numbers, words, seen(), numbers]) == []
    assert turns_seen_clearly([seen()] * 4) == []


def test_letters_of_which_one_in_two_is_clear_are_not_worth_reading():
    letters = seen(*[(5, 0.5), (6, 0.7)] * 7)
    assert turns_seen_clearly([seen(), seen(), letters, seen()]) == []


@pytest.mark.parametrize(("before", "then", "is_clearer"), [(0, 2, False), (0, 3, True), (2, 5, True), (4, 7, False)])
def test_three_more_clear_digits_and_twice_as_many_turn_a_page_with_words(before, then, is_clearer):
    assert is_seen_more_clearly(seen(*[(5, 0.8)] * then), seen(*[(4, 0.8)] * before)) is is_clearer
    assert not is_seen_more_clearly(seen(*[(5, 0.8)] * then, *[(5, 0.5)] * then), seen())


@pytest.mark.parametrize(("words", "is_clearer"), [(10, False), (20, True)])
def test_one_more_clear_digit_turns_a_page_whose_words_are_seen_more_clearly_then(words, is_clearer):
    lying = seen(*[(5, 0.7)] * 2, *[(6, 0.45)] * 4, *[(NOT_A_DIGIT, 0.7)] * 10)
    turned = seen(*[(5, 0.7)] * 3, *[(NOT_A_DIGIT, 0.7)] * words)
    assert is_seen_more_clearly(turned, lying) is is_clearer
    assert not is_seen_more_clearly(turned, seen(*[(5, 0.7)] * 2))


def test_evidence_counts_digits_that_look_alike_in_another_turn_half():
    assert evidence(none(0)) == (0, 0)
    each, telling = evidence(sure(4))
    assert each == telling == pytest.approx(np.log(0.99 / 0.05))
    assert evidence(sure(8)) == pytest.approx((each / 2, 0))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_boxes_of_a_turned_page_come_back_to_where_they_were(turns):
    page = np.zeros((40, 70), np.uint8)
    digit, mark = Box(30, 5, 8, 12), Box(60, 33, 10, 7)
    for value, box in enumerate([digit, mark], start=1):
        page[box.top : box.bottom, box.left : box.right] = value
    turned = np.rot90(page, turns)
    found = [box_of(turned == value) for value in (1, 2)]
    digits = (Digit(4, 0.9, False, found[0]),)
    reading = Reading((Line("4", digits),), (found[1],), turned.shape[1], turned.shape[0], guesses=digits)
    back = turned_back(reading, turns)
    assert (back.width, back.height) == (70, 40)
    assert back.digits[0].box == digit
    assert back.guesses == back.digits
    assert back.rejected == (mark,)
    assert back.text == "4"


def box_of(mask):
    rows, columns = np.nonzero(mask)
    return Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
