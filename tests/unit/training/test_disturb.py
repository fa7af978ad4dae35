import numpy as np
import pytest

from digitlens.training.disturb import add_haze, disturb, leave_remnants


@pytest.fixture(scope="module")
def pictures(few_digits):
    return few_digits.pictures[:100].astype(np.float32) / np.float32(255)


def test_a_disturbed_frame_is_another_frame_in_the_same_range(pictures):
    rng = np.random.default_rng(1)
    for picture in pictures:
        before = picture.copy()
        frame = disturb(picture, rng)
        assert frame.shape == (28, 28)
        assert frame.dtype == np.float32
        assert frame.min() >= 0
        assert frame.max() <= 1
        assert np.array_equal(picture, before)


def test_the_same_seed_disturbs_in_the_same_way(pictures):
    first, second = np.random.default_rng(2), np.random.default_rng(2)
    assert all(np.array_equal(disturb(picture, first), disturb(picture, second)) for picture in pictures)


@pytest.mark.parametrize("side", [28, 90])
def test_remnants_and_haze_take_no_ink_away_from_a_glyph_that_keeps_its_size(side):
    rng = np.random.default_rng(3)
    blank = np.zeros((side, side), np.float32)
    added = [leave_remnants(blank, rng).sum() > 0 for _ in range(60)]
    assert np.mean(added) > 0.9
    haze = add_haze(blank, rng)
    assert haze.shape == (side, side)
    assert 0 < haze.max() < 0.5
