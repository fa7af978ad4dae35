from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitlens import Box

PAGES = Path(__file__).parent.parent / "data/pages"
NAMES = ["plain.jpg", "coloured.jpg", "ruled.jpg", "blackboard.jpg"]


@pytest.fixture(scope="module", params=NAMES)
def page(request):
    return np.asarray(Image.open(PAGES / request.param).convert("RGB"))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lies_another_way_up_is_read_as_if_it_stood(reader, page, turns):
    upright = reader.read(page)
    turned = reader.read(np.ascontiguousarray(np.rot90(page, turns)))
    assert turned.text == upright.text
    # What was read counter-clockwise lies there: a page turned four times is the page itself.
    assert (turned.width, turned.height) == np.rot90(page, turns).shape[1::-1]
    for there, here in zip(turned.digits, upright.digits, strict=True):
        assert there.box.to_list() == pytest.approx(turned_box(here.box, page.shape[:2], turns).to_list(), abs=3)


def turned_box(box, shape, turns):
    for _ in range(turns):
        box, shape = Box(box.top, shape[1] - box.right, box.height, box.width), shape[::-1]
    return box
