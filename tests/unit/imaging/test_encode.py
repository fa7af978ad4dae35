import io

import numpy as np
import pytest
from PIL import Image

from digitlens.imaging.encode import encode_jpeg, encode_png

RED = np.full((30, 60, 3), (200, 20, 30), np.uint8)
GREY = np.full((30, 60), 90, np.uint8)


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(("page", "mode"), [(RED, "RGB"), (GREY, "L")])
def test_a_small_page_keeps_its_size_and_colour(page, mode):
    image = opened(encode_jpeg(page, max_side=60))
    assert (image.format, image.mode, image.size) == ("JPEG", mode, (60, 30))
    assert np.abs(np.asarray(image).astype(int) - page).max() <= 3


def test_a_large_page_is_shrunk_to_its_longer_side():
    assert opened(encode_jpeg(RED, max_side=20)).size == (20, 10)
    assert opened(encode_jpeg(np.zeros((1, 5000), np.uint8), max_side=100)).size == (100, 1)


def test_shrinking_averages_so_that_no_thin_stroke_drops_out():
    page = np.full((400, 400), 255, np.uint8)
    page[:, ::100] = 0  # strokes of 1 px
    shrunk = np.asarray(opened(encode_jpeg(page, max_side=40, quality=95))).astype(int)
    assert np.abs(shrunk[:, ::10] - 255 * 0.9).max() < 10


def test_a_read_only_page_that_is_a_view_is_encoded():
    page = np.broadcast_to(np.uint8(7), (10, 20))
    assert opened(encode_jpeg(page, max_side=100)).size == (20, 10)


def test_a_png_keeps_every_pixel():
    picture = np.random.default_rng(3).integers(0, 256, (9, 7, 4), np.uint8)
    assert np.array_equal(np.asarray(opened(encode_png(picture))), picture)
