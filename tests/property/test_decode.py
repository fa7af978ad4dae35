"""Whatever arrives, `decode_upload` gives pages or an InputError, and no other way out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitlens.errors import InputError
from digitlens.imaging.decode import decode_upload
from digitlens.imaging.page import page_from_array
from digitlens.settings import Settings

PICTURES = Path(__file__).parents[1] / "data/decode"
SMALL = Settings(max_pixels=100_000, max_pages=4)
SEEDS = {
    path.name: path.read_bytes()
    for pattern in ("plain.*", "interlaced.png", "progressive.jpg", "animated.*", "orientation-6*", "fax-group4-b*")
    for path in sorted(PICTURES.glob(pattern))
} | {name: (PICTURES / name).read_bytes() for name in ("three-pages.pdf", "three-pages.tif", "cmyk-ycck-adobe.jpg")}
MAGIC = [
    b"",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"%PDF-1.7\n",
]
MAGIC += [
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
    b"\0\0\0\x18ftypavif",
    b"\0\0\0\x18ftypheic",
]


def check(data):
    try:
        pages = list(decode_upload(data, SMALL))
    except InputError:
        return
    assert 1 <= len(pages) <= SMALL.max_pages
    for page in pages:
        assert page.dtype == np.uint8
        assert page.ndim == 2 or page.shape[2:] == (3,)
        assert 0 < page.shape[0] * page.shape[1] <= SMALL.max_pixels


@given(st.sampled_from(MAGIC), st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_random_bytes_give_pages_or_an_input_error(magic, rest):
    check(magic + rest)


@pytest.mark.parametrize("name", SEEDS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_picture_gives_pages_or_an_input_error(name, data):
    if name.endswith("heic"):
        pytest.importorskip("pillow_heif")
    damaged = bytearray(SEEDS[name])
    # Half of the changes hit the header, where the structure is.
    places = st.one_of(st.integers(0, min(400, len(damaged) - 1)), st.integers(0, len(damaged) - 1))
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        damaged[place] = value
    end = data.draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged))))
    check(bytes(damaged[:end]))


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from([(), (1,), (3,), (4,)]), st.data())
@settings(max_examples=100, deadline=None)
def test_any_finite_array_gives_a_page_of_its_size(height, width, channels, data):
    dtype = data.draw(
        st.sampled_from([bool, np.uint8, np.int8, np.uint16, np.int64, np.float16, np.float32, np.float64])
    )
    seed, scale = data.draw(st.integers(0, 1000)), data.draw(st.sampled_from([1e-30, 1.0, 300.0, 1e4]))
    array = (np.random.default_rng(seed).normal(size=(height, width, *channels)) * scale).astype(np.int64).astype(dtype)
    page = page_from_array(array)
    assert page.shape == ((height, width, 3) if channels in ((3,), (4,)) else (height, width))
    assert page.dtype == np.uint8
