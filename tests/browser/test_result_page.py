"""What one can do with a result."""

import json
import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def result(open_page, sample):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.locator("#files").set_input_files(sample("thick-marker"))
    page.wait_for_url("**/r/*")
    return page


def test_every_digit_has_a_box_a_confidence_and_a_rival(result):
    expect(result.locator(".boxes .box")).to_have_count(2)
    expect(result.locator("#digit-1")).to_contain_text("4")
    expect(result.locator("#digit-1 .digit-percent")).to_contain_text("%")
    expect(result.locator("#digit-1 .bar")).to_be_visible()
    expect(result.locator(".picture img")).to_have_attribute("alt", "thick-marker.jpg, in which was read: 42")


def test_boxes_lie_on_the_picture(result):
    picture = result.locator(".picture img").bounding_box()
    for box in result.locator(".boxes .edge").all():
        bounds = box.bounding_box()
        assert picture["x"] <= bounds["x"]
        assert bounds["x"] + bounds["width"] <= picture["x"] + picture["width"]
        assert picture["y"] <= bounds["y"]
        assert bounds["y"] + bounds["height"] <= picture["y"] + picture["height"]


def test_the_box_of_a_slim_1_leaves_it_to_be_seen_on_a_phone(open_page):
    page = open_page("/samples/score-sheet", width=360)
    edge = page.locator("#box-1 .edge")
    expect(edge).not_to_have_attribute("width", re.compile(r"^\d+$"))  # as the server gave it
    assert edge.bounding_box()["width"] == pytest.approx(12, abs=0.1)  # half of its edge is outside


def test_the_picture_is_enlarged_with_its_boxes_and_left_with_escape(open_page):
    page = open_page("/samples/score-sheet", width=360)
    enlarge, box = page.get_by_role("link", name="Enlarge"), page.locator("#box-2 .edge")
    small = box.bounding_box()["width"]
    enlarge.click()
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    assert box.bounding_box()["width"] > 2 * small
    page.locator("#picture").evaluate("picture => picture.scrollTo(9999, 9999)")
    expect(page.get_by_role("link", name="Close")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(enlarge).to_be_focused()
    assert box.bounding_box()["width"] == pytest.approx(small, abs=0.1)


def test_a_digit_and_its_box_light_up_together(result):
    result.locator("#digit-2 .digit-link").hover()
    expect(result.locator("#box-2")).to_have_class("box is-active")
    expect(result.locator("#box-1")).to_have_class("box")
    result.locator("#box-1 .edge").hover()
    expect(result.locator("#digit-1")).to_have_class("digit is-active")
    expect(result.locator("#digit-2")).to_have_class("digit")


def test_the_text_can_be_copied(result):
    result.get_by_role("button", name="Copy").click()
    expect(result.get_by_role("button", name="Copied")).to_be_visible()
    assert result.evaluate("navigator.clipboard.readText()") == "42"


def test_json_and_csv_can_be_downloaded(result):
    with result.expect_download() as download:
        result.get_by_role("link", name="JSON").click()
    assert json.loads(download.value.path().read_text())["text"] == "42"
    with result.expect_download() as download:
        result.get_by_role("link", name="Digits (CSV)").click()
    assert len(download.value.path().read_text().strip().splitlines()) == 3
    with result.expect_download() as download:
        result.get_by_role("link", name="Numbers (CSV)").click()
    assert ",42," in download.value.path().read_text()


def test_deleting_asks_first_and_then_the_address_is_dead(result):
    address = result.url
    expect(result.get_by_role("button", name="Delete for good")).to_be_hidden()
    result.get_by_role("button", name="Delete", exact=True).click()
    result.get_by_role("button", name="Delete for good").click()
    expect(result.get_by_text("Deleted.")).to_be_visible()
    assert result.goto(address).status == 404
    expect(result.get_by_role("heading", level=1)).to_be_visible()


def test_the_expiry_is_shown_in_the_time_of_the_reader(open_page, result):
    moment = result.locator("time[data-local]")
    expect(moment).not_to_contain_text("UTC")
    assert moment.get_attribute("datetime")


def test_doubtful_digits_are_marked_in_words_and_shape_and_gathered_first(open_page, doubting_address, sample):
    page = open_page(doubting_address)
    page.locator("#files").set_input_files(sample("thick-marker"))
    page.wait_for_url("**/r/*")
    expect(page.get_by_role("heading", name="Please check 2 digits")).to_be_visible()
    expect(page.locator(".review .digit")).to_have_count(2)
    expect(page.locator(".review .crop image")).to_have_count(2)
    expect(page.locator("#digit-1")).to_contain_text("check this")
    assert page.locator("#digit-1").evaluate("tile => getComputedStyle(tile).borderStyle") == "dashed"
    assert page.locator("#box-1 .edge").evaluate("box => getComputedStyle(box).strokeDasharray") != "none"
    expect(page.locator("#box-1 text")).to_have_text("4?")
    shares = [float(words.strip(" %><")) for words in page.locator(".review .digit-percent").all_inner_texts()]
    assert shares == sorted(shares)


def test_marks_that_are_not_digits_are_shown_faintly_and_counted(open_page, sample):
    page = open_page()
    page.locator("#files").set_input_files(sample("sum-on-whiteboard"))
    page.wait_for_url("**/r/*")
    marks = page.locator(".boxes .is-rejected")
    assert marks.count() > 0
    expect(page.locator(".legend")).to_contain_text(f"not a digit ({marks.count()})")
    assert "+" not in page.locator(".answer").inner_text()


def test_a_blank_page_says_what_to_try(open_page, tmp_path):
    from PIL import Image

    blank = tmp_path / "blank.png"
    Image.new("RGB", (400, 300), "white").save(blank)
    page = open_page()
    page.locator("#files").set_input_files(blank)
    page.wait_for_url("**/r/*")
    expect(page.get_by_role("heading", name="No digits found")).to_be_visible()
    expect(page.locator(".empty li")).to_contain_text(["Go closer", "one sheet", "upright", "darker pen", "apart"])
