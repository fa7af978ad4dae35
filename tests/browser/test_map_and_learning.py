"""The map with one's own digit on it, and the film of a training run."""

import base64
import json

import numpy as np
import pytest
from playwright.sync_api import expect

from digitlens.model.artifact import load_artifact, served_folder
from digitlens.training.digit_map import read_map
from digitlens.training.features import Features
from digitlens.web.assets import FOLDER

FILM = "/learn/training"


@pytest.fixture
def open_map(open_page):
    def open_map(path="/lens", **options):
        page = open_page(path, **options)
        page.locator("#map").scroll_into_view_if_needed()
        expect(page.locator(".map-kin li")).to_have_count(8)
        return page

    return open_map


def own_address(frame):
    """The address that opens the lens on a frame of 0 to 255."""
    return "/lens#f=" + base64.urlsafe_b64encode(np.asarray(frame, np.uint8).tobytes()).decode().rstrip("=")


def sheet(page):
    return page.locator("canvas.sheet")


def ink_of(page):
    """What is drawn on the sheet; it changes when the picture does."""
    return sheet(page).evaluate("canvas => canvas.toDataURL()")


def test_the_map_finds_the_training_examples_that_python_finds(open_map):
    example = json.loads((FOLDER / "lens/examples.json").read_text())[0]
    page = open_map(f"/lens#f={example['frame']}")
    pixels = np.frombuffer(base64.urlsafe_b64decode(example["frame"] + "=="), np.uint8).reshape(1, 28, 28)
    shipped = read_map(served_folder())
    point = shipped.project(Features(load_artifact().weights).of(pixels.astype(np.float32) / np.float32(255)))
    distances = np.sqrt(((shipped.training_points - point) ** 2).sum(axis=1))
    labels = shipped.labels[len(shipped.places) :]
    nearest = distances.argsort()[:8]
    shown = page.locator(".map-kin li").all_inner_texts()
    assert [text.split() for text in shown] == [[str(labels[at]), f"{distances[at]:.2f}"] for at in nearest]


def test_a_digit_lies_among_its_like_and_noise_far_from_all(open_map):
    page = open_map()
    expect(page.locator(".map-words")).to_contain_text("lies among the")
    assert "Map of 2,200 digits" in sheet(page).get_attribute("aria-label")
    noise = np.random.default_rng(3).integers(0, 2, (28, 28)) * 255
    page = open_map(own_address(noise))
    expect(page.locator(".map-side")).to_contain_text("It is far from all of them")


def test_keys_go_from_digit_to_digit_and_zoom(open_map):
    page = open_map()
    sheet(page).focus()
    before = ink_of(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map-chosen")).to_be_visible()
    expect(page.locator(".map-chosen p")).to_contain_text("of the test set")
    page.keyboard.press("Escape")
    expect(page.locator(".map-chosen")).to_be_hidden()
    page.wait_for_timeout(100)
    assert ink_of(page) == before
    page.keyboard.press("m")
    page.wait_for_timeout(100)
    near = ink_of(page)
    assert near != before
    page.keyboard.press("0")
    page.wait_for_timeout(100)
    assert ink_of(page) == before


def test_buttons_zoom_in_and_back(open_map):
    page = open_map()
    before = ink_of(page)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(100)
    assert ink_of(page) != before
    page.get_by_role("button", name="Whole map").click()
    page.wait_for_timeout(100)
    assert ink_of(page) == before


def test_a_tap_on_a_phone_shows_a_digit_and_nothing_runs_sideways(open_map):
    page = open_map(width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    canvas = sheet(page)
    canvas.scroll_into_view_if_needed()
    side = canvas.bounding_box()["width"]
    shipped = read_map(served_folder())
    place = shipped.places[0] / 65535 * side * 0.92 + side * 0.04
    canvas.tap(position={"x": float(place[0]), "y": float(place[1])})
    expect(page.locator(".map-chosen")).to_be_visible()
    assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"
    page.get_by_role("button", name="Zoom in").click()
    assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"


def test_a_network_without_a_map_says_how_to_make_one(open_page):
    page = open_page("/lens")
    page.route("**/lens", lambda route: route.fulfill(response=(kept := route.fetch()), body=without_map(kept.text())))
    page.reload()
    page.locator("#map").scroll_into_view_if_needed()
    expect(page.locator("#map")).to_contain_text("This network has no map yet.")
    expect(page.locator("#map")).to_contain_text("digitlens map --model")


def without_map(text):
    start = text.index('name="digitlens-map" content="') + len('name="digitlens-map" content="')
    return text[:start] + text[text.index('"', start) :]


def test_the_film_goes_through_its_moments_by_key(open_page):
    page = open_page(FILM)
    page.locator("[data-view=learning]").scroll_into_view_if_needed()
    slider = page.get_by_label("Moment of the training")
    slider.focus()
    expect(page.locator(".film-now")).to_contain_text("Before it has learned anything")
    kernel = page.locator(".film-kernels canvas").first
    before = kernel.get_attribute("aria-label")
    page.keyboard.press("End")
    film = json.loads((FOLDER / "lens/learning.json").read_text())
    last = film["moments"][-1]
    expect(page.locator(".film-now")).to_contain_text(f"{100 * last['validation']['accuracy']:.1f}")
    assert "After 10 epochs" in slider.get_attribute("aria-valuetext")
    assert kernel.get_attribute("aria-label") != before
    assert page.locator(".film-samples li").count() == 20


def test_the_film_shows_what_one_digit_is_taken_for(open_page):
    page = open_page(FILM)
    page.locator("[data-view=learning]").scroll_into_view_if_needed()
    page.get_by_label("Moment of the training").focus()
    page.keyboard.press("End")
    page.get_by_label("Held-out pictures of").select_option("4")
    film = json.loads((FOLDER / "lens/learning.json").read_text())
    row = film["moments"][-1]["confusion"][4]
    expect(page.locator(".film-rows .is-right .film-count")).to_have_text(str(row[4]))
    assert page.locator(".film-rows li").count() == sum(1 for answer, count in enumerate(row) if count or answer == 4)


def test_the_numbers_of_the_curves_stand_in_a_table(open_page):
    page = open_page(FILM)
    page.locator("[data-view=learning]").scroll_into_view_if_needed()
    page.get_by_text("The numbers as a table").click()
    film = json.loads((FOLDER / "lens/learning.json").read_text())
    expect(page.locator(".film-table tbody tr")).to_have_count(len(film["moments"]))


def test_who_wants_no_motion_goes_on_step_by_step(open_page):
    page = open_page(FILM)  # with reduced motion
    page.locator("[data-view=learning]").scroll_into_view_if_needed()
    page.get_by_role("button", name="Next moment").click()
    expect(page.locator(".film-now")).to_contain_text("1/64 of the first epoch")
    page.wait_for_timeout(1200)
    expect(page.locator(".film-now")).to_contain_text("1/64 of the first epoch")
