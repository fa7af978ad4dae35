import cv2
import numpy as np
import pytest

from digitlens.training.camera import SCREEN, SCREEN_LIGHT, Camera, Light, Shadow, camera_matrix, expose, light_field


def rng():
    return np.random.default_rng(3)


def test_a_screen_changes_nothing():
    seen = rng().random((20, 30, 3), dtype=np.float32)
    assert np.abs(expose(seen, SCREEN, rng()) / 255 - seen).max() <= 0.5 / 255 + 1e-6
    assert light_field(SCREEN_LIGHT, (20, 30), rng()) == pytest.approx(1)


def test_a_still_camera_only_takes_the_margin_away():
    matrix = camera_matrix(SCREEN, (300, 200), 40, rng())
    corner = cv2.perspectiveTransform(np.array([[[40.0, 40.0], [340.0, 240.0]]]), matrix)[0]
    assert corner == pytest.approx(np.array([[0, 0], [300, 200]]), abs=1e-3)


def test_a_tilted_camera_moves_no_corner_further_than_asked():
    camera = Camera(turn_deg=0, tilt=0.05)
    corners = np.array([[[0.0, 0.0], [300, 0], [300, 200], [0, 200]]])
    moved = cv2.perspectiveTransform(corners, camera_matrix(camera, (300, 200), 0, rng()))
    assert 0.5 < np.abs(moved - corners).max() <= 0.05 * 200 + 1e-3


def test_noise_has_about_the_strength_asked_for():
    grey = np.full((200, 200, 3), 0.5, np.float32)
    picture = expose(grey, Camera(blur_px=0, noise=4, sharpen=0), rng())
    assert picture.dtype == np.uint8
    assert 2 < picture.astype(float).std() < 6


def test_a_shadow_takes_light_on_its_side_alone():
    light = Light(slope=0, vignette=0, shadows=(Shadow(depth=0.5, softness_px=2, angle_deg=0),))
    field = light_field(light, (100, 200), rng())
    assert field[:, :60] == pytest.approx(1)
    assert field[:, 140:].mean() == pytest.approx(0.5, abs=0.02)


def test_a_band_of_shadow_ends_again():
    band = Shadow(depth=0.5, softness_px=2, angle_deg=90, offset=-0.1, breadth=0.2)
    field = light_field(Light(slope=0, vignette=0, shadows=(band,)), (200, 100), rng())
    assert field[100, 50].mean() == pytest.approx(0.5, abs=0.02)
    assert field[[5, 195]] == pytest.approx(1)


def test_warm_light_has_more_red_than_blue():
    red, _, blue = light_field(Light(warmth=1), (40, 40), rng()).mean(axis=(0, 1))
    assert red > 1.1 * blue
