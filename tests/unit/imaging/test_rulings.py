import cv2
import numpy as np
import pytest

from digitlens.imaging.rulings import find_rulings


def blank(height=500, width=700):
    return np.zeros((height, width), np.uint8)


def with_digits(canvas):
    """Two digits as a person writes them: a 4 and a 7, with straight bars."""
    cv2.polylines(canvas, [np.array([[240, 180], [200, 260], [270, 262]])], False, 1, 6)
    cv2.line(canvas, (250, 200), (246, 310), 1, 6)
    cv2.polylines(canvas, [np.array([[330, 190], [400, 186], [355, 310]])], False, 1, 6)
    return canvas


def tilted(canvas, degrees):
    height, width = canvas.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(canvas, matrix, (width, height), flags=cv2.INTER_NEAREST)


def ruled(canvas, pitch=60):
    for row in range(20, canvas.shape[0], pitch):
        canvas[row : row + 2] = 1
    return canvas


def squared(canvas, pitch=50):
    ruled(canvas, pitch)
    for column in range(15, canvas.shape[1], pitch):
        canvas[:, column : column + 2] = 1
    return canvas


@pytest.mark.parametrize("paper", [ruled, squared])
@pytest.mark.parametrize("degrees", [0, 1.5, -2.5])
def test_the_lines_of_the_paper_are_found_and_the_digits_kept(paper, degrees):
    digits = tilted(with_digits(blank()), degrees)
    lines = tilted(paper(np.zeros((700, 900), np.uint8)), degrees)[100:600, 100:800]
    mask = (digits | lines) > 0
    found = find_rulings(mask)
    only_lines = (lines > 0) & (cv2.dilate(digits, np.ones((5, 5))) == 0)
    assert found[only_lines].mean() > 0.9
    assert found[digits > 0].mean() < 0.15


def test_a_table_inside_the_page_is_a_grid():
    canvas = with_digits(blank())
    for row in (120, 340, 420):
        cv2.line(canvas, (150, row), (550, row), 1, 2)
    for column in (150, 300, 440, 550):
        cv2.line(canvas, (column, 120), (column, 420), 1, 2)
    left = (canvas > 0) & ~find_rulings(canvas > 0)
    assert left[120:420, 150:552].sum() == pytest.approx((with_digits(blank()) > 0).sum(), rel=0.1)


def test_digits_alone_are_no_rulings_however_large_and_thin():
    canvas = blank()
    cv2.polylines(canvas, [np.array([[120, 60], [480, 55], [260, 440]])], False, 1, 2)
    cv2.line(canvas, (600, 50), (596, 440), 1, 2)
    assert not find_rulings(canvas > 0).any()


def test_a_row_of_ones_is_no_ruling():
    canvas = blank()
    for column in range(100, 600, 70):
        cv2.line(canvas, (column, 120), (column - 4, 380), 1, 3)
    assert not find_rulings(canvas > 0).any()


def test_the_feet_of_a_row_of_twos_are_no_ruling():
    canvas = blank()
    for column in range(60, 660, 100):
        cv2.line(canvas, (column, 300), (column + 50, 301), 1, 3)
        cv2.line(canvas, (column, 300), (column + 45, 240), 1, 3)
    assert not find_rulings(canvas > 0).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (30, 40)])
def test_empty_and_full_masks_of_any_shape_pass(shape):
    assert find_rulings(np.zeros(shape, bool)).shape == shape
    assert find_rulings(np.ones(shape, bool)).shape == shape


def test_the_thick_lines_of_a_small_piece_of_a_form_are_found():
    canvas = blank(200, 360)
    cv2.rectangle(canvas, (50, 50), (310, 150), 1, 4)
    for column in (115, 180, 245):
        cv2.line(canvas, (column, 50), (column, 150), 1, 4)  # ends on the frame
    digits = blank(200, 360)
    cv2.ellipse(digits, (82, 100), (18, 36), 0, 0, 360, 1, 8)
    cv2.polylines(digits, [np.array([[130, 66], [165, 66], [140, 136]])], False, 1, 8)
    left = ((canvas | digits) > 0) & ~find_rulings((canvas | digits) > 0)
    assert left.sum() == pytest.approx((digits > 0).sum(), rel=0.1)
    assert left[digits > 0].mean() > 0.9


def test_a_line_that_runs_on_below_what_is_written_on_it_is_one_line():
    canvas = squared(blank(300, 300), pitch=60)
    written = blank(300, 300)
    cv2.ellipse(written, (150, 150), (75, 95), 0, 0, 360, 1, 24)
    cv2.circle(written, (150, 150), 45, 1, -1)  # hides more of the lines than any gap may be wide
    found = find_rulings((canvas | written) > 0)
    assert found[(canvas > 0) & (written == 0)].mean() > 0.9
    assert found[written > 0].mean() < 0.02


def test_the_lines_of_the_paper_are_found_among_thousands_of_dashes():
    page, chance = blank(1000, 1000) > 0, np.random.default_rng(0)
    for row in range(0, 600, 2):
        for start in range(int(chance.integers(54)), 1000, 54):
            page[row, start : start + 43] = True
    lines = slice(700, 1000, 60)
    page[lines] = True
    assert find_rulings(page)[lines].all()
