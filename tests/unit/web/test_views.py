"""Values as the templates show them."""

import pytest

from digitlens.results import Box, Digit, Line, Reading
from digitlens.web.views import percent, view_reading


@pytest.mark.parametrize(
    ("probability", "shown"),
    [
        (0.0, "< 0.1 %"),
        (0.0004, "< 0.1 %"),
        (0.001, "0.1 %"),
        (0.5, "50.0 %"),
        (0.9983, "99.8 %"),
        (0.9994, "99.9 %"),
        (0.99951, "> 99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_a_confidence_never_claims_certainty(probability, shown):
    assert percent(probability) == shown


def test_digits_are_numbered_over_the_whole_page():
    digit = Digit(7, 0.5, True, Box(0, 0, 2, 2), ((1, 0.3),))
    view = view_reading(Reading((Line("77", (digit, digit)), Line("7", (digit,))), (), 10, 10))
    assert [d.index for line in view.lines for d in line.digits] == [1, 2, 3]
    assert (view.digit_count, view.doubtful_count, view.text) == (3, 3, "77\n7")
    assert view.lines[0].digits[0].alternatives[0].percent == "30.0 %"


def test_what_no_digit_has_is_not_a_digit():
    digit = Digit(6, 0.94, True, Box(0, 0, 2, 2), ((0, 0.003), (8, 0.0), (5, 0.0)))
    others = view_reading(Reading((Line("6", (digit,)),), (), 10, 10)).lines[0].digits[0].alternatives
    assert [other.value for other in others] == [None, 0, 8, 5]
    assert others[0].percent == "5.7 %"


def test_among_likelier_digits_not_a_digit_is_left_out():
    digit = Digit(6, 0.6, True, Box(0, 0, 2, 2), ((0, 0.3), (8, 0.06), (5, 0.03)))
    others = view_reading(Reading((Line("6", (digit,)),), (), 10, 10)).lines[0].digits[0].alternatives
    assert [other.value for other in others] == [0, 8, 5]
