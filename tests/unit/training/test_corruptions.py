import numpy as np
import pytest

from digitlens.training.corruptions import CORRUPTIONS, corrupted
from digitlens.training.datasets import Digits


@pytest.fixture(scope="module")
def twelve(few_digits):
    return few_digits[slice(0, 12)]


def frame(*ink):
    """One digit's picture: black, with 255 at the given (row, column)."""
    picture = np.zeros((1, 28, 28), np.uint8)
    for place in ink:
        picture[0][place] = 255
    return Digits(picture, np.array([7]))


def test_there_are_the_fifteen_of_the_paper():
    assert len(CORRUPTIONS) == 15
    assert list(CORRUPTIONS)[:2] == ["shot_noise", "impulse_noise"]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_changes_every_picture_and_no_label(twelve, name):
    result = corrupted(twelve, name, seed=3)
    assert result.pictures.shape == twelve.pictures.shape
    assert result.pictures.dtype == np.uint8
    assert (result.pictures != twelve.pictures).any(axis=(1, 2)).all()
    assert (result.labels == twelve.labels).all()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_same_seed_gives_the_same_pictures(twelve, name):
    assert (corrupted(twelve, name, seed=3).pictures == corrupted(twelve, name, seed=3).pictures).all()


@pytest.mark.parametrize("name", sorted(set(CORRUPTIONS) - {"scale", "brightness", "stripe", "canny_edges"}))
def test_another_seed_gives_other_pictures_where_there_is_chance(twelve, name):
    assert (corrupted(twelve, name, seed=3).pictures != corrupted(twelve, name, seed=4).pictures).any()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_no_digits_stay_no_digits(twelve, name):
    assert corrupted(twelve[slice(0, 0)], name, seed=3).pictures.shape == (0, 28, 28)


def test_the_pictures_given_stay_as_they_were(twelve):
    before = twelve.pictures.copy()
    for name in CORRUPTIONS:
        corrupted(twelve, name, seed=3)
    assert (twelve.pictures == before).all()


def test_impulses_fall_on_17_percent_of_the_pixels(few_digits):
    grey = Digits(np.full((50, 28, 28), 128, np.uint8), few_digits.labels[:50])
    noisy = corrupted(grey, "impulse_noise", seed=1).pictures
    assert (noisy != 128).mean() == pytest.approx(0.17, abs=0.01)
    assert (noisy == 255).sum() == pytest.approx((noisy == 0).sum(), rel=0.1)


def test_brightness_adds_half_the_range():
    assert set(np.unique(corrupted(frame((4, 4)), "brightness", seed=1).pictures)) == {128, 255}


def test_a_stripe_of_fourteen_columns_stays():
    result = corrupted(frame((9, 2), (9, 12)), "stripe", seed=1).pictures[0]
    assert result[9, 2] == 0
    assert result[9, 12] == 255
    assert (result[0] == 0).sum() == 14
    assert result[0, 6] == result[0, 21] == 255


def test_translation_moves_by_three_pixels_both_ways():
    row, column = np.argwhere(corrupted(frame((13, 13)), "translate", seed=1).pictures[0] == 255)[0]
    assert abs(row - 13) == abs(column - 13) == 3


def test_scale_and_turn_keep_the_middle_where_it_is(few_digits):
    square = frame(*[(row, column) for row in range(9, 19) for column in range(9, 19)])
    small, turned = (corrupted(square, name, seed=1).pictures[0] for name in ("scale", "rotate"))
    assert small.sum() / 255 == pytest.approx(100 * 0.7**2, abs=2)
    for result in (small, turned):
        assert np.argwhere(result > 127).mean(axis=0) == pytest.approx([13.5, 13.5], abs=0.3)


def test_motion_blur_keeps_the_light_of_a_point():
    blurred = corrupted(frame((14, 20)), "motion_blur", seed=1).pictures[0].astype(int)
    assert blurred.sum() == pytest.approx(255, abs=12)
    assert (blurred > 0).sum() > 5
    assert blurred.max() < 128


def test_every_other_pair_of_columns_of_a_dotted_line_is_empty():
    columns = corrupted(frame((0, 0)), "dotted_line", seed=5).pictures[0, 1:].max(axis=0)
    drawn = columns.reshape(-1, 2).max(axis=1) > 0
    assert drawn.tolist() == [index % 2 == 1 for index in range(14)]


def test_a_square_leaves_its_outline_under_canny():
    square = frame(*[(row, column) for row in range(8, 20) for column in range(8, 20)])
    edges = corrupted(square, "canny_edges", seed=1).pictures[0]
    assert set(np.unique(edges)) == {0, 255}
    assert not edges[11:17, 11:17].any()
    assert not edges[:6].any()
    assert edges[14, 7:9].any()
    assert edges[14, 19:21].any()
