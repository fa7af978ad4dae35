import numpy as np
import pytest

from digitlens.imaging.polarity import is_light_on_dark_at_edges, is_light_on_dark_in


def page_with_digit(paper, ink):
    page = np.full((60, 60, 3), paper, np.uint8)
    page[20:40, 28:32] = ink
    return page


@pytest.mark.parametrize(("paper", "ink", "light"), [(250, 20, False), (20, 250, True), (120, 90, False)])
def test_ink_is_what_differs_from_the_edge_of_the_box(paper, ink, light):
    assert is_light_on_dark_in(page_with_digit(paper, ink), [(22.5, 18, 16, 24)]) is light


def test_without_a_box_on_the_page_nothing_is_said():
    assert is_light_on_dark_in(page_with_digit(250, 20), []) is None
    assert is_light_on_dark_in(page_with_digit(250, 20), [(100, 100, 5, 5)]) is None


def test_the_majority_of_the_boxes_decides():
    page = np.hstack([page_with_digit(250, 20)] * 2 + [page_with_digit(20, 250)])[..., 0]
    assert is_light_on_dark_in(page, [(22, 18, 16, 24), (82, 18, 16, 24), (142, 18, 16, 24)]) is False


@pytest.mark.parametrize(("paper", "ink", "light"), [(250, 20, False), (20, 250, True)])
def test_most_of_the_edge_of_a_picture_is_paper(paper, ink, light):
    page = page_with_digit(paper, ink)
    page[:, :12] = ink  # a stroke that reaches three edges
    assert is_light_on_dark_at_edges(page) is light
    assert is_light_on_dark_at_edges(page[..., 0]) is light
