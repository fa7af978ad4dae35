import numpy as np
import pytest

from digitlens.imaging.points import points_in
from digitlens.results import Box

ROW = [Box(100, 50, 30, 60), Box(150, 52, 32, 60), Box(220, 48, 30, 62)]


def parts_with(*others):
    """The row's digits as connected ink, and other ink: left, top, width and height, half filled."""
    boxes = [box.to_list() for box in ROW] + [list(other) for other in others]
    return np.array([[*box, 0.5 * box[2] * box[3]] for box in boxes], float)


@pytest.mark.parametrize("point", [(137, 104, 7, 7), (136, 102, 8, 14), (200, 106, 8, 8)])
def test_a_point_or_comma_on_the_line_is_found(point):
    assert points_in(ROW, parts_with(point)) == [Box(*point)]


@pytest.mark.parametrize(
    "other",
    [
        (139, 106, 3, 3),  # a speck
        (137, 60, 7, 7),  # hangs high
        (137, 140, 7, 7),  # of the row below
        (60, 104, 7, 7),  # before the row
        (260, 104, 7, 7),  # after it
        (135, 104, 13, 3),  # a dash
        (118, 104, 7, 7),  # a piece of the first digit
        (132, 90, 16, 22),  # as large as a piece
    ],
)
def test_nothing_else_is_a_point(other):
    assert points_in(ROW, parts_with(other)) == []


def test_a_dotted_line_has_no_point():
    assert points_in(ROW, parts_with((186, 106, 7, 7), (196, 106, 7, 7), (206, 106, 7, 7))) == []


def test_no_row_and_no_ink_have_no_points():
    assert points_in([], np.zeros((0, 5))) == []
    assert points_in(ROW[:1], parts_with((137, 104, 7, 7))) == []
    assert points_in(ROW, np.zeros((0, 5))) == []
