import numpy as np
import pytest
from PIL import Image

from digitlens.errors import InputError, UnreadableImageError
from digitlens.imaging.page import page_from_array, page_from_image

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


def test_uint8_is_taken_as_it_is():
    assert np.array_equal(page_from_array(RAMP), RAMP)
    colour = np.dstack([RAMP, RAMP.T, RAMP])
    assert np.array_equal(page_from_array(colour), colour)


def test_one_channel_loses_its_axis():
    assert page_from_array(RAMP[:, :, None]).shape == (16, 16)


@pytest.mark.parametrize(
    "array",
    [
        RAMP.astype(np.int64),
        RAMP.astype(np.float16),
        RAMP.astype(np.float64) / 255,
        RAMP.astype(np.uint16) * 257,
        RAMP.astype(np.uint16) * 16,
        RAMP.astype(np.float32) * 1e20,
        RAMP.astype(np.int32) - 255,
    ],
    ids=["int64", "float16", "float to 1", "16 bit", "12 bit in 16", "huge float", "below zero"],
)
def test_numbers_of_any_customary_range_give_the_same_page(array):
    page = page_from_array(array)
    assert page.dtype == np.uint8
    assert np.abs(page.astype(int) - RAMP).max() <= 1


def test_a_dark_picture_stays_dark():
    assert page_from_array(np.full((4, 4), 0.1)).max() == 26
    assert page_from_array(np.full((4, 4), 10)).max() == 10


def test_a_resized_float_picture_may_overshoot_one():
    assert page_from_array(np.array([[0.0, 0.5, 1.2]])).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("dtype", [bool, np.int8, np.int64, float])
def test_a_mask_of_zeros_and_ones_is_black_and_white(dtype):
    assert page_from_array(np.eye(3, dtype=dtype)).tolist() == (np.eye(3, dtype=int) * 255).tolist()


def test_four_channels_are_laid_on_white():
    rgba = np.zeros((10, 10, 4), np.uint8)
    rgba[2:4, 2:4, 3] = 255
    page = page_from_array(rgba)
    assert page.shape == (10, 10, 3)
    assert page[0, 0].tolist() == [255, 255, 255]
    assert page[2, 2].tolist() == [0, 0, 0]


@pytest.mark.parametrize("shape", [(0, 0), (5, 0), (0, 5, 3), (4,), (), (4, 4, 2), (4, 4, 5), (1, 4, 4, 3)])
def test_another_shape_is_named_in_the_error(shape):
    with pytest.raises(InputError, match=str(shape).replace("(", r"\(").replace(")", r"\)")):
        page_from_array(np.zeros(shape))


@pytest.mark.parametrize("array", [np.array([["a"]]), np.zeros((2, 2), complex), np.array([[object()]])])
def test_what_is_no_number_is_refused(array):
    with pytest.raises(InputError, match="made of numbers"):
        page_from_array(array)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_values_that_are_no_finite_numbers_are_refused(value):
    with pytest.raises(InputError, match="NaN or infinite"):
        page_from_array(np.array([[0.0, value]]))


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "CMYK", "YCbCr", "HSV", "LAB", "I", "I;16", "F"]
)
def test_an_image_of_any_mode_gives_a_page(mode):
    page = page_from_image(Image.new(mode, (5, 3)))
    assert page.dtype == np.uint8
    assert page.shape in ((3, 5), (3, 5, 3))


def test_an_image_stays_as_it_is():
    image = Image.fromarray(RAMP)
    image.getexif()[0x0112] = 6
    assert np.array_equal(page_from_image(image), np.rot90(RAMP, -1))
    assert np.array_equal(np.asarray(image), RAMP)


def test_an_image_without_pixels_is_refused():
    with pytest.raises(InputError, match="0 x 5"):
        page_from_image(Image.new("L", (0, 5)))


def test_an_image_whose_file_is_cut_is_refused(tmp_path):
    whole = tmp_path / "whole.png"
    Image.effect_noise((64, 64), 90).save(whole)
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole.read_bytes()[:1000])
    with Image.open(cut) as image, pytest.raises(UnreadableImageError, match="PNG"):
        page_from_image(image)
