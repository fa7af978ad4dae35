import numpy as np
import pytest

from digitlens.training.pens import (
    BLACK_BALLPOINT,
    DOODLES,
    FAR,
    FIELD_TOP,
    PENCIL,
    UPSCALE,
    Pen,
    doodle_field,
    draw_ink,
    line_field,
    smooth_noise,
)

EVEN_PEN = Pen((0, 0, 0), width=0.1, opacity=1.0, pressure=0.0)


def upright_bar(width=4):
    glyph = np.zeros((28, 28), np.uint8)
    glyph[4:24, 12 : 12 + width] = 255
    return glyph


def test_a_glyph_without_ink_has_no_line():
    assert (line_field(np.zeros((28, 28), np.uint8)) == FAR).all()


@pytest.mark.parametrize("width", [2, 3, 4])
def test_the_line_of_a_bar_runs_along_its_middle_whatever_its_width(width):
    row = line_field(upright_bar(width))[14 * UPSCALE]
    middle = (12 + width / 2) * UPSCALE
    assert abs(int(row.argmin()) - middle) <= 2
    assert row.min() < 1


def test_smoothing_leaves_the_distance_beside_a_straight_line_as_it_is():
    row = line_field(upright_bar())[14 * UPSCALE]
    middle = int(row.argmin())
    for distance in (5, 10, 20):
        assert row[middle + distance] == pytest.approx(distance, abs=1)


def test_a_loop_that_is_nearly_filled_stays_open():
    glyph = np.zeros((28, 28), np.uint8)
    glyph[8:20, 9:19] = 255
    glyph[12:16, 12:16] = 150
    assert line_field(glyph)[14 * UPSCALE, 14 * UPSCALE] > 8


def test_a_faint_stroke_holds_together_beside_a_strong_one():
    glyph = upright_bar()
    glyph[13:15, 16:24] = 150
    along = line_field(glyph)[14 * UPSCALE, 17 * UPSCALE : 22 * UPSCALE]
    assert along.max() < UPSCALE


@pytest.mark.parametrize("width_px", [1.0, 3.0, 8.0])
def test_a_pen_draws_a_stroke_of_the_width_asked_for(width_px):
    columns = np.abs(np.arange(64, dtype=np.float32) - 32)
    field = np.tile(columns, (64, 1))
    ink = draw_ink(field, width_px, EVEN_PEN, np.random.default_rng(0))
    assert ink[32].sum() == pytest.approx(width_px, abs=0.05)
    assert ink.min() == 0
    assert ink.max() <= 1


def test_a_stroke_thinner_than_a_pixel_fades_instead_of_staying_as_wide():
    field = np.tile(np.abs(np.arange(64, dtype=np.float32) - 32), (64, 1))
    assert draw_ink(field, 0.5, EVEN_PEN, np.random.default_rng(0)).max() == pytest.approx(0.5)


def test_pencil_leaves_more_gaps_than_ballpoint():
    field = np.zeros((80, 80), np.float32)
    pencil = draw_ink(field, 8, PENCIL, np.random.default_rng(1))
    ballpoint = draw_ink(field, 8, BLACK_BALLPOINT, np.random.default_rng(1))
    assert pencil.std() > 2 * ballpoint.std()


@pytest.mark.parametrize("character", DOODLES)
def test_every_doodle_stays_inside_its_field(character):
    ys, xs = np.nonzero(doodle_field(character) < 1)
    side = 28 * UPSCALE
    assert len(xs) > 50
    assert min(xs.min(), ys.min()) >= FIELD_TOP / 2
    assert max(xs.max(), ys.max()) < side - FIELD_TOP / 2


@pytest.mark.parametrize("scale", [1.0, 2.0, 7.0, 40.0])
def test_noise_has_the_shape_asked_for_mean_zero_and_deviation_one(scale):
    noise = smooth_noise((400, 500), scale, np.random.default_rng(2))
    assert noise.shape == (400, 500)
    assert noise.dtype == np.float32
    assert abs(float(noise.mean())) < 0.3
    assert 0.7 < float(noise.std()) < 1.3
