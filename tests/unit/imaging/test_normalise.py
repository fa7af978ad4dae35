import numpy as np
import pytest

from digitlens.imaging.normalise import FRAME_SIDE, GLYPH_SIDE, normalise, stroke_width


def centre_of_mass(frame):
    grid = np.arange(FRAME_SIDE)
    return float(frame.sum(1) @ grid / frame.sum()), float(frame.sum(0) @ grid / frame.sum())


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 50), (50, 1), (28, 28)])
def test_no_ink_gives_an_empty_frame(shape):
    frame = normalise(np.zeros(shape, np.float32))
    assert frame.shape == (28, 28)
    assert frame.dtype == np.float32
    assert not frame.any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 60), (60, 1), (5, 5), (400, 30), (1000, 2000)])
def test_full_ink_of_any_shape_gives_a_frame_in_range(shape):
    frame = normalise(np.ones(shape, np.float32))
    assert frame.shape == (28, 28)
    assert frame.min() == 0
    assert frame.max() == 1


def test_the_longest_side_becomes_twenty_pixels_and_the_aspect_ratio_is_kept():
    frame = normalise(np.ones((100, 50), np.float32))
    rows, columns = np.nonzero(frame > 0.5)
    assert np.ptp(rows) + 1 == GLYPH_SIDE
    assert np.ptp(columns) + 1 == pytest.approx(GLYPH_SIDE / 2, abs=1)


def test_the_centre_of_mass_is_in_the_centre():
    ink = np.zeros((80, 60), np.float32)
    ink[:, :8] = 1
    ink[-8:] = 1
    row, column = centre_of_mass(normalise(ink))
    assert row == pytest.approx(14, abs=0.6)
    assert column == pytest.approx(14, abs=0.6)


def test_moving_and_scaling_the_ink_changes_next_to_nothing():
    ink = np.zeros((40, 30), np.float32)
    ink[5:35, 5:9] = ink[5:35, 20:24] = ink[5:9, 5:24] = ink[28:35, 5:24] = 1
    moved = np.zeros((90, 120), np.float32)
    moved[31:71, 77:107] = ink
    assert np.array_equal(normalise(moved), normalise(ink))
    large = np.kron(ink, np.ones((4, 4), np.float32))
    assert np.abs(normalise(large) - normalise(ink)).mean() < 0.02


def test_a_hair_thin_stroke_does_not_fade_away():
    ink = np.zeros((200, 120), np.float32)
    ink[:, 0] = ink[0] = 1
    frame = normalise(ink)
    assert (frame > 0.5).sum() > 50


@pytest.mark.parametrize("width", [2, 3, 5, 8, 20])
def test_the_width_of_a_long_stroke_is_measured(width):
    assert stroke_width(np.ones((400, width), bool)) == pytest.approx(width, rel=0.15)


def test_paper_around_a_stroke_does_not_change_its_width():
    mask = np.random.default_rng(1).random((20, 30)) < 0.7
    assert stroke_width(np.pad(mask, ((40, 3), (0, 50)))) == stroke_width(mask)


def test_an_empty_mask_has_no_stroke():
    assert stroke_width(np.zeros((5, 5), bool)) == 0
