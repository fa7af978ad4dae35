import pytest

from digitlens.results import NUMBER_COLUMNS, Box, Digit, Line, Reading, number_row_of_error


def digit(value, confidence=0.9, left=0, *, doubtful=False):
    return Digit(value, confidence, doubtful, Box(left, 10 + left, 8, 20))


LINE = Line("07 42", (digit(0), digit(7, 0.5, 10, doubtful=True), digit(4, left=30), digit(2, left=40)))


def test_a_number_is_what_stands_between_gaps():
    first, second = LINE.numbers
    assert (first.text, second.text) == ("07", "42")
    assert first.confidence == pytest.approx(0.45)
    assert (first.doubtful, second.doubtful) == (True, False)
    assert first.box == Box(0, 10, 18, 30)


def test_every_page_and_every_failed_file_has_a_row_of_numbers():
    read = Reading((LINE, Line("5", (digit(5),))), (), 100, 80).to_number_rows("=a.png", 2)
    assert [row[:5] for row in read] == [
        ["'=a.png", 2, 1, 1, "07"],
        ["'=a.png", 2, 1, 2, "42"],
        ["'=a.png", 2, 2, 1, "5"],
    ]
    (nothing,) = Reading((), (), 100, 80).to_number_rows("a.png", 1)
    failed = number_row_of_error("-", "-1 is no picture")
    assert nothing[:2] == ["a.png", 1]
    assert (failed[0], failed[-1]) == ("-", "'-1 is no picture")
    assert {len(row) for row in [*read, nothing, failed]} == {len(NUMBER_COLUMNS)}
