import cv2
import numpy as np
import pytest

from digitlens.imaging.ink import background, find_ink, find_ink_closely, find_ink_evenly
from digitlens.imaging.working_size import MOST_WORKING_PIXELS, to_working_size


def page(height=200, width=300, level=230):
    return np.full((height, width, 3), level, np.uint8)


def with_stroke(picture, value):
    picture[60:140, 140:150] = value
    return picture


def test_a_constant_page_holds_no_ink():
    for level in (0, 1, 127, 255):
        assert not find_ink(page(level=level)).mask.any()


def test_a_page_of_one_pixel_holds_no_ink():
    ink = find_ink(np.zeros((1, 1), np.uint8))
    assert not ink.mask.any()


def test_noise_alone_is_no_ink():
    rng = np.random.default_rng(1)
    noisy = np.clip(rng.normal(200, 6, (300, 400, 3)), 0, 255).astype(np.uint8)
    assert find_ink(noisy).mask.mean() < 0.001


@pytest.mark.parametrize("colour", [(0, 0, 0), (200, 30, 30), (30, 140, 40), (40, 60, 200), (230, 220, 60)], ids=str)
def test_ink_of_any_colour_is_found_whole_and_alone(colour):
    ink = find_ink(with_stroke(page(), colour))
    expected = np.zeros((200, 300), bool)
    expected[60:140, 140:150] = True
    assert not ink.light_on_dark
    assert (ink.mask == expected).mean() > 0.999


def test_light_ink_on_a_dark_board_is_found_and_said_to_be_light():
    ink = find_ink(with_stroke(page(level=40), 220))
    assert ink.light_on_dark
    assert ink.mask[100, 145]
    assert ink.mask.sum() == pytest.approx(800, rel=0.05)


def test_an_inverse_page_has_the_same_ink():
    picture = with_stroke(page(), 20)
    assert (find_ink(picture).mask == find_ink(255 - picture).mask).all()


def test_a_shadow_with_a_hard_edge_is_not_ink():
    rng = np.random.default_rng(2)
    picture = np.clip(rng.normal(210, 2, (400, 600, 3)), 0, 255)
    picture[:, 300:] *= 0.6
    picture[100:300, 150:160] -= 120
    picture[100:300, 450:460] *= 0.4
    ink = find_ink(picture.astype(np.uint8))
    assert ink.mask[200, 155]
    assert ink.mask[200, 455]
    ink.mask[100:300, [*range(148, 162), *range(448, 462)]] = False
    assert ink.mask.mean() < 0.01


def test_faint_pencil_and_black_marker_share_a_page():
    picture = page(level=220)
    picture[50:150, 60:70] = 10
    picture[50:150, 200:203] = 150
    mask = find_ink(picture).mask
    assert mask[100, 65]
    assert mask[100, 201]


def test_a_marker_stroke_wider_than_the_median_window_stays_ink():
    picture = page(300, 300, level=255)
    picture[20:280, 60:200] = 0
    assert find_ink(picture).mask[150, 130]


def test_the_frame_of_a_table_cell_is_not_ink_but_a_tight_digit_is():
    cell = page(120, 120)
    cell[:4], cell[:, -5:] = 60, 60
    cell[40:90, 55:63] = 80
    mask = find_ink(cell).mask
    assert mask[60, 58]
    assert not mask[1, 60]
    assert not mask[60, 118]


def test_the_thick_bar_of_a_digit_at_the_edge_is_no_frame():
    picture = page(200, 150, level=255)
    picture[:24, 5:145] = 0
    picture[:, 60:84] = 0
    assert find_ink(picture).mask[10, 20]


def highlighted(paper=230, band=150, ink=40):
    """A stroke half on a broad band of another colour, and half on the paper."""
    picture = page(300, 400, paper)
    picture[110:190, 40:360] = band
    picture[60:150, 200:208] = ink
    return picture


@pytest.mark.parametrize("levels", [(230, 150, 40), (30, 110, 220)], ids=["dark ink", "light ink"])
def test_a_closing_tells_ink_from_a_patch_of_another_colour(levels):
    picture, is_light = highlighted(*levels), levels[0] < levels[2]
    expected = np.zeros((300, 400), bool)
    expected[60:150, 200:208] = True
    assert find_ink(picture, is_light).mask.mean() > 0.1  # the whole patch
    ink = find_ink_closely(picture, is_light, widest=24)
    assert ink.light_on_dark == is_light
    assert (ink.mask == expected).mean() > 0.999


def test_a_stroke_wider_than_said_is_paper_to_a_closing():
    picture = page()
    picture[60:140, 140:180] = 20
    assert find_ink_closely(picture, light_on_dark=False, widest=60).mask.sum() == 80 * 40
    rest = find_ink_closely(picture, light_on_dark=False, widest=30).mask
    assert rest.sum() < 0.1 * 80 * 40  # its rim, between pixels of the copy


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (400, 3)])
def test_a_closing_wider_than_the_page_does_no_harm(shape):
    assert not find_ink_closely(np.full(shape, 200, np.uint8), light_on_dark=False, widest=500).mask.any()


def test_large_pages_are_shrunk_and_tiny_ones_enlarged():
    working, scale = to_working_size(np.zeros((4000, 3000, 3), np.uint8))
    assert working.shape[0] * working.shape[1] <= MOST_WORKING_PIXELS * 1.001
    assert scale < 1
    working, scale = to_working_size(np.zeros((28, 28), np.uint8))
    assert working.shape == (112, 112, 1)
    assert scale == 4


def test_dark_strokes_that_run_along_faint_rulings_stay_whole():
    picture = page(400, 600, level=235)
    picture[20::40, :] = 180
    picture[21::40, :] = 180
    picture[58:63, 200:290] = 40
    picture[62:180, 284:289] = 40
    mask = find_ink(picture).mask
    assert mask[58:63, 205:280].mean() > 0.95
    mask[50:190, 190:300] = False
    assert mask.mean() < 0.002


def test_the_parts_of_the_ink_are_in_pixels_of_the_page():
    picture = page(3000, 4000, level=255)
    picture[1000:1400, 2000:2100] = 0
    ink = find_ink(picture)
    assert ink.scale < 1
    assert ink.parts.shape == (1, 5)
    assert ink.parts[0] == pytest.approx([2000, 1000, 100, 400, 40_000], rel=0.05)


def test_the_components_of_the_ink_are_counted_once():
    ink = find_ink(with_stroke(page(), 20))
    labels, stats = ink.components
    assert ink.components is ink.components
    assert (labels > 0).tolist() == ink.mask.tolist()
    assert len(stats) == 2


@pytest.mark.parametrize("side", [8, 60, 120, 240, 700])
def test_thin_light_strokes_outweigh_the_dark_table_around_a_board(side):
    picture = np.full((side, side, 3), 90, np.uint8)
    picture[:, : side // 10] = 20
    picture[side // 3 : 2 * side // 3, side // 2 : side // 2 + max(1, side // 50)] = 230
    assert find_ink(picture).light_on_dark


def test_the_background_of_a_mirrored_page_is_the_mirrored_background():
    across = 1 / (1 + np.exp(-np.linspace(-12, 12, 240)))
    edge = np.tile((120 + 80 * across).astype(np.uint8), (181, 1))[..., None]
    mirrored = background(np.ascontiguousarray(edge[:, ::-1]), 0.33)[:, ::-1]
    assert np.abs(background(edge, 0.33) - mirrored).max() < 1


@pytest.mark.parametrize("window", [0.08, 0.2, 0.33])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 3), (61, 112, 3), (240, 181, 3), (7, 240, 1)])
def test_a_background_follows_the_light_and_knows_no_ink(shape, window):
    light = np.broadcast_to(180 + np.arange(shape[0])[:, None, None] / 8, shape)
    written = light.astype(np.uint8)
    written[shape[0] // 2 : shape[0] // 2 + shape[0] // 40] = 20
    found = background(written, window)
    assert found.shape == shape
    assert found.dtype == np.float32
    assert np.abs(found - light).max() < 6


def thick_ring(paper, ink):
    """A 0 that leaves hardly any paper, with the noise of a camera."""
    picture = np.full((420, 300), paper, np.float64)
    cv2.ellipse(picture, (150, 210), (108, 168), 0, 0, 360, ink, 78)
    noisy = picture + np.random.default_rng(0).normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), picture == ink


@pytest.mark.parametrize(("paper", "ink"), [(235, 45), (215, 170), (40, 225)])
def test_a_digit_that_leaves_hardly_any_paper_is_found_against_one_grey(paper, ink):
    picture, expected = thick_ring(paper, ink)
    assert (find_ink(picture).mask == expected).mean() < 0.8  # no window holds more paper than ink
    found = find_ink_evenly(picture, light_on_dark=ink > paper)
    assert found.light_on_dark == (ink > paper)
    assert (found.mask == expected).mean() > 0.98
    assert np.abs(found.paper - paper).max() < 2


@pytest.mark.parametrize("erase_lines", [True, False])
def test_a_bar_along_the_edge_is_taken_out_or_left(erase_lines):
    picture = page(120, 100)
    picture[:5], picture[:, 45:50] = 20, 20
    found = find_ink_evenly(picture, light_on_dark=False, erase_lines=erase_lines)
    assert found.mask[2, 10] != erase_lines
    assert found.rulings[2, 10] == erase_lines


@pytest.mark.parametrize("light_on_dark", [True, False])
def test_a_constant_page_holds_no_ink_against_one_grey_either(light_on_dark):
    for level in (0, 127, 255):
        assert not find_ink_evenly(page(level=level), light_on_dark).mask.any()
    assert not find_ink_evenly(np.zeros((1, 1), np.uint8), light_on_dark).mask.any()
