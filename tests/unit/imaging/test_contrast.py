import numpy as np
import pytest

from digitlens.imaging.contrast import contrast, cut_around
from digitlens.results import Box


@pytest.mark.parametrize(("ink", "expected"), [(0, 1.0), (204, 0.2), (255, 0.0)])
def test_the_contrast_is_the_difference_of_the_two_greys(ink, expected):
    cut = np.full((40, 30), 255, np.uint8)
    cut[10:30, 12:16] = ink
    assert contrast(cut) == pytest.approx(expected, abs=1e-6)


def test_light_ink_on_dark_paper_has_the_same_contrast():
    cut = np.full((40, 30), 200, np.uint8)
    cut[10:30, 12:16] = 90
    assert contrast(255 - cut) == pytest.approx(contrast(cut))


def test_a_cut_has_some_paper_around_it_and_ends_at_the_page():
    page = np.zeros((100, 80, 3), np.uint8)
    assert cut_around(page, Box(30, 40, 10, 20)).shape == (28, 18)
    assert cut_around(page, Box(0, 0, 10, 20)).shape == (24, 14)
    assert cut_around(page[:, :, 0], Box(75, 95, 5, 5)).shape == (7, 7)
