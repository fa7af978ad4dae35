"""`digitlens serve --model DIR`: every view works on another network, here the LeNet-5 that ships for comparison."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

LENET = Path(__file__).parent.parent.parent / "src/digitlens/model/lenet5"
VIEWS = ["digit", "inside", "evidence", "what-if", "why", "map", "lenet"]


@pytest.fixture(scope="module")
def lenet_address(start_server):
    return start_server(model=LENET)


@pytest.fixture
def page(open_page, lenet_address):
    page = open_page(f"{lenet_address}/lens")
    for name in VIEWS:
        page.locator(f"[data-view={name}]").scroll_into_view_if_needed()
    return page


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_of_the_lens_shows_the_network_that_serves(page, name):
    view = page.locator(f"[data-view={name}]")
    view.scroll_into_view_if_needed()
    expect(view.locator(".view-wait")).to_have_count(0)
    expect(view.locator(".notice--bad")).to_have_count(0)
    expect(view).to_contain_text(re.compile(r"\w{3}"))


def test_its_layers_are_those_of_lenet(page):
    inside = page.locator("[data-view=inside]")
    expect(inside).to_contain_text("61,791 parameters")
    expect(inside).to_contain_text("6 kernels of 5 × 5")


def test_a_network_without_a_map_says_how_to_make_one(page):
    expect(page.locator("[data-view=map]")).to_contain_text("digitlens map")


def test_it_reads_what_is_written(open_page, lenet_address, write):
    page = open_page(lenet_address)
    write(page, "7")
    expect(page.locator("[data-live-words]")).to_have_text(re.compile(r"^Read 7\."))
