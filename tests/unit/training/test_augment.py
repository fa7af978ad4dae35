import numpy as np
import pytest

from digitlens.training.augment import (
    PHOTOGRAPHED,
    WRITTEN,
    photographed_frame,
    spoil,
    warp,
    written_frame,
)
from digitlens.training.regional import REGIONAL_DIGITS, add_regional_strokes
from digitlens.training.skeleton import distance_fields


@pytest.fixture(scope="module")
def pictures(few_digits):
    return few_digits.pictures[:60].astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def distances(few_digits):
    return distance_fields(few_digits.pictures[:60]).astype(np.float32)


def all_frames(few_digits, pictures, distances, seed):
    rng = np.random.default_rng(seed)
    written = [written_frame(picture, rng) for picture in pictures]
    photographed = [
        photographed_frame(picture, distance, rng, int(label) if label in REGIONAL_DIGITS else None)
        for picture, distance, label in zip(pictures, distances, few_digits.labels, strict=False)
    ]
    return np.stack(written + photographed)


def test_frames_are_ink_between_zero_and_one(few_digits, pictures, distances):
    frames = all_frames(few_digits, pictures, distances, seed=1)
    assert frames.shape == (120, 28, 28)
    assert frames.dtype == np.float32
    assert np.isfinite(frames).all()
    assert frames.min() >= 0
    assert frames.max() <= 1
    assert (frames.sum(axis=(1, 2)) > 5).all()


def test_the_same_seed_gives_the_same_frames_and_another_seed_others(few_digits, pictures, distances):
    first = all_frames(few_digits, pictures, distances, seed=1)
    assert np.array_equal(first, all_frames(few_digits, pictures, distances, seed=1))
    assert not np.array_equal(first, all_frames(few_digits, pictures, distances, seed=2))


def test_the_source_is_left_as_it_was(few_digits, pictures, distances):
    before = pictures.copy(), distances.copy()
    all_frames(few_digits, pictures, distances, seed=3)
    assert np.array_equal(before[0], pictures)
    assert np.array_equal(before[1], distances)


def test_a_blank_picture_stays_blank():
    blank = np.zeros((28, 28), np.float32)
    far = np.full((28, 28), 12.0, np.float32)
    rng = np.random.default_rng(5)
    for _ in range(20):
        assert written_frame(blank, rng).sum() == 0
        assert photographed_frame(blank, far, rng, 1).sum() == 0


@pytest.mark.parametrize("side", [28, 50, 168])
def test_warping_keeps_about_the_same_share_of_ink_at_every_size(pictures, side):
    rng = np.random.default_rng(6)
    shares = [warp(picture, side, PHOTOGRAPHED, rng).mean() / picture.mean() for picture in pictures]
    assert 0.8 < np.median(shares) < 1.25


def test_warping_without_distortion_changes_nothing(pictures):
    still = type(WRITTEN)(rotation=0, shear=0, scale=0, shift=0, elastic=0, cursive=0, slim=0)
    assert np.allclose(warp(pictures[0], 28, still, np.random.default_rng(0)), pictures[0], atol=1e-5)


def test_a_spoiled_picture_is_never_larger_than_the_camera_allows(pictures):
    rng = np.random.default_rng(8)
    assert spoil(pictures[0], 12, rng).shape == (12, 12)
    assert spoil(pictures[0], 100, rng).shape == (28, 28)


def test_only_the_digits_that_have_them_get_strokes_of_other_countries(few_digits, distances):
    rng = np.random.default_rng(9)
    changed = dict.fromkeys(range(10), 0)
    for distance, label in zip(distances, few_digits.labels, strict=False):
        for _ in range(20):
            more = add_regional_strokes(distance, int(label), rng)
            assert label == 7 or (more <= distance).all()  # some sevens are written anew
            changed[int(label)] += not np.array_equal(more, distance)
    assert {label for label, count in changed.items() if count} == set(REGIONAL_DIGITS)


def test_the_flag_of_a_one_hangs_on_the_left_of_its_top():
    stem = np.minimum(12, np.abs(np.arange(28, dtype=np.float32) - 14))[None, :].repeat(28, axis=0)
    stem[:4], stem[24:] = 12, 12
    rng = np.random.default_rng(2)
    for _ in range(30):
        added = (add_regional_strokes(stem, 1, rng) < 0.5) & (stem >= 0.5)
        upper_right = added[:14, 16:]
        assert added.any()
        assert not upper_right.any()


def test_a_gentler_strength_bends_less(pictures):
    def moved(strength):
        rng = np.random.default_rng(12)
        return np.mean([np.abs(warp(p, 28, WRITTEN.scaled(strength), rng) - p).mean() for p in pictures])

    assert moved(0.0) < moved(0.5) < moved(1.0)
