from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitlens import Box
from digitlens.imaging.skew import turned_level

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


@pytest.mark.parametrize("angle", [-28, -18, 18, 28])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_lies_askew_is_read_as_if_it_lay_straight(reader, name, angle):
    page = np.asarray(Image.open(PAGES / name).convert("RGB"))
    straight = reader.read(page)
    askew, matrix = turned_level(page, angle)
    read = reader.read(askew)
    assert read.text == straight.text
    assert (read.height, read.width) == askew.shape[:2]
    for there, here in zip(read.digits, straight.digits, strict=True):
        middle = matrix[:, :2] @ middle_of(here.box) + matrix[:, 2]
        assert middle_of(there.box) == pytest.approx(middle, abs=0.15 * max(here.box.width, here.box.height))


def test_a_page_that_lies_askew_and_upside_down_is_read_as_if_it_stood(reader):
    page = np.asarray(Image.open(PAGES / "plain.jpg").convert("RGB"))
    askew, _ = turned_level(page, 20)
    trace = reader.trace(np.ascontiguousarray(askew[::-1, ::-1]))
    assert trace.reading.text == reader.read(page).text
    assert trace.turns == 2
    assert abs(trace.skew_deg) == pytest.approx(20, abs=6)
    assert (trace.reading.height, trace.reading.width) == askew.shape[:2]


def middle_of(box):
    return box.left + box.width / 2, box.top + box.height / 2


def turned_box(box, shape, turns):
    for _ in range(turns):
        box, shape = Box(box.top, shape[1] - box.right, box.height, box.width), shape[::-1]
    return box
