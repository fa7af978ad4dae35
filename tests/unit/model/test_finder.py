import subprocess
import sys

import cv2
import numpy as np
import pytest

from digitlens.errors import ModelError
from digitlens.model.artifact import load_artifact
from digitlens.model.candidates import CHANNELS
from digitlens.model.finder import GRID, LEAST_SIDE, MARGIN, Finder, padded, pyramid
from digitlens.results import Box


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (31, 33), (32, 32), (200, 7)])
def test_padding_is_plain_and_fits_the_network(shape):
    picture = np.random.default_rng(1).random(shape, np.float32)
    page = padded(picture)
    assert all(side % GRID == 0 and side >= old + 2 * MARGIN for side, old in zip(page.shape, shape, strict=True))
    assert np.array_equal(page[MARGIN : MARGIN + shape[0], MARGIN : MARGIN + shape[1]], picture)
    border = np.concatenate([page[:MARGIN].ravel(), page[:, :MARGIN].ravel(), page[-MARGIN:].ravel()])
    assert len(np.unique(border)) == 1
    assert picture.min() <= border[0] <= picture.max()


def test_the_pyramid_halves_a_page_and_three_quarters_of_it_until_they_are_small():
    shapes = [picture.shape for picture in pyramid(np.zeros((480, 641), np.float32))]
    assert shapes[:5] == [(480, 641), (240, 320), (120, 160), (60, 80), (30, 40)]
    assert shapes[5:] == [(360, 481), (180, 240), (90, 120), (45, 60)]


def test_a_tiny_picture_is_enlarged_first():
    assert pyramid(np.zeros((28, 40), np.float32))[0].shape == (56, 80)


@pytest.mark.parametrize("shape", [(1, 1), (1, 2000), (3000, 2)])
def test_the_thinnest_pages_have_a_pyramid(shape):
    pictures = pyramid(np.full(shape, 0.5, np.float32))
    assert all(min(picture.shape) >= 1 for picture in pictures)
    assert max(pictures[-1].shape) < 2 * LEAST_SIDE


@pytest.fixture
def searched(monkeypatch):
    """The shapes of the pictures that a finder searches, which finds nothing in them."""
    shapes = []

    def maps(_, picture):
        shapes.append(picture.shape)
        return np.full((picture.shape[0] // 4, picture.shape[1] // 4, CHANNELS), -9, np.float32)

    monkeypatch.setattr(Finder, "maps", maps)
    return shapes


@pytest.mark.parametrize(("writing_height", "sides"), [(0, 7), (64, 7), (100, 5), (200, 3), (300, 2)])
def test_sizes_at_which_all_writing_is_too_large_are_not_searched(searched, writing_height, sides):
    assert Finder.load().find(np.zeros((300, 300), np.uint8), writing_height=writing_height) == []
    assert len(searched) == sides
    assert len(pyramid(np.zeros((300, 300), np.float32))) == 7


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (1, 2000), (3000, 2), (63, 64), (129, 127)])
def test_writing_that_fills_the_page_is_searched_at_some_size(searched, shape):
    Finder.load().look(np.zeros(shape, np.uint8), writing_height=max(shape))
    assert searched


def test_asked_about_the_place_of_a_candidate_it_says_the_same_again():
    page = np.full((120, 160), 230, np.uint8)
    cv2.line(page, (80, 30), (80, 90), 30, 5)
    sight = Finder.load().look(page)
    best = sight.candidates[0]
    assert best.kind == 1
    np.testing.assert_allclose(sight.scores_at(best.rounded), best.scores, atol=0.05)


def test_asked_about_paper_it_sees_no_digit():
    sight = Finder.load().look(np.full((120, 160), 230, np.uint8))
    assert sight.scores_at(Box(60, 40, 30, 40)).max() < 0.05


def test_bytes_that_are_no_network_are_refused():
    with pytest.raises(ModelError, match="LiteRT"):
        Finder(b"no network at all")


def test_the_classifier_is_no_finder():
    with pytest.raises(ModelError, match=r"\(N, H, W, 1\) to \(N, H, W, 15\) is needed"):
        Finder(load_artifact().weights)


def test_importing_the_finder_loads_neither_tensorflow_nor_keras():
    script = "import sys, digitlens.model.finder; print(*{'tensorflow', 'keras'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
