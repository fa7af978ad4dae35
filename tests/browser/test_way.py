"""The way of a picture: its steps, and a page for every digit and everything left out."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from digitlens.explain.steps import show_steps

TROUBLES = Path(__file__).parent.parent / "data/troubles"
SAMPLE = "/samples/star-and-smiley"
LOADED = "image => { image.loading = 'eager'; return image.decode().then(() => image.naturalWidth); }"


@pytest.fixture
def result(open_page, sample):
    page = open_page()
    page.locator("#files").set_input_files(sample("ruled-paper"))
    page.wait_for_url("**/r/*")
    return page


def test_every_step_has_a_title_a_sentence_and_a_picture(result):
    steps = result.locator(".way .step")
    expect(steps).to_have_count(7)
    for step in steps.all():
        expect(step.get_by_role("heading")).to_be_visible()
        assert step.locator(".step-sentence").inner_text().endswith(".")
        assert step.locator("img, .window").count() > 0
    for image in result.locator(".way .step img").all():
        assert image.evaluate(LOADED) > 100
        assert image.get_attribute("alt")


def test_every_digit_has_its_opinions_and_a_page_of_its_own(result):
    opinions = result.locator(".opinion")
    expect(opinions).to_have_count(18)
    values = [character for character in result.locator(".answer").inner_text() if character.isdigit()]
    for number in (1, 9, 18):
        page = result.request.get(result.url + f"/digits/{number}").text()
        assert f"Read as {values[number - 1]}" in page


def test_from_the_result_to_a_digit_and_on_to_the_next(result):
    result.locator("#digit-1 a").click()
    expect(result.get_by_role("heading", level=1)).to_have_text("Read as 4")
    result.get_by_role("link", name="Next").click()
    expect(result.get_by_role("heading", level=1)).to_have_text("Read as 0")
    result.locator(".mark-back").click()
    expect(result.locator("#box-2")).to_be_visible()


def test_the_table_shows_both_networks_and_marks_the_answer(open_page):
    page = open_page(f"{SAMPLE}/digits/1")
    table = page.get_by_role("table").first
    expect(table.get_by_role("columnheader")).to_have_text(["Answer", "Classifier", "Finder", "Together"])
    expect(table.get_by_role("row")).to_have_count(12)
    expect(table.locator(".is-given")).to_have_count(1)
    expect(table.locator(".is-given th")).to_contain_text("9")


def test_the_three_pictures_of_a_digit_are_loaded_and_named(open_page):
    page = open_page(f"{SAMPLE}/digits/1", java_script_enabled=False)
    windows = page.locator(".closer .window")
    expect(windows).to_have_count(3)
    for window in windows.all():
        assert window.get_attribute("aria-label")
        answer = page.request.get(window.locator("image").get_attribute("href"))
        assert answer.headers["content-type"].startswith("image/")
    style = page.locator(".window--frame image").first.evaluate("image => getComputedStyle(image).imageRendering")
    assert style == "pixelated"


def test_a_digit_is_explained_without_javascript(open_page):
    page = open_page(f"{SAMPLE}/digits/1", java_script_enabled=False)
    for words in ("What the networks say", "Why it may be wrong"):
        expect(page.get_by_role("heading", name=words)).to_be_visible()
    expect(page.locator(".lens")).to_be_hidden()


def test_what_was_left_out_says_why(open_page):
    page = open_page(SAMPLE)
    page.get_by_role("link", name="See why").click()
    page.get_by_role("link", name="Mark 1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Left out: not a digit")
    expect(page.locator(".lead")).to_contain_text("> 99.9 %")
    expect(page.locator(".is-given th")).to_contain_text("not a digit")


def test_a_box_of_what_was_left_out_leads_to_its_page(open_page):
    page = open_page(SAMPLE)
    page.locator(".boxes .is-rejected").first.click()
    page.wait_for_url("**/marks/1")


def has_pieces_left_out(reader, path):
    trace = reader.trace(next(reader.decode(path.read_bytes())))
    return len(show_steps(trace).left_out) > len(trace.rejected)


def test_pieces_of_larger_marks_that_were_not_read_are_shown(open_page, reader):
    """Which pages have such pieces changes with the weights, so one that has is looked for."""
    picture = next(path for path in sorted(TROUBLES.glob("*.jpg")) if has_pieces_left_out(reader, path))
    page = open_page()
    page.locator("#files").set_input_files(picture)
    page.wait_for_url("**/r/*")
    expect(page.get_by_text("Pieces of larger marks")).to_be_visible()
    assert page.locator(".mark").count() > page.locator(".boxes .is-rejected").count()


def test_what_competed_for_the_ink_is_shown_with_its_probability(open_page):
    page = open_page()
    page.locator("#files").set_input_files(TROUBLES / "touching.jpg")
    page.wait_for_url("**/r/*")
    page.goto(page.url + "/digits/3")
    expect(page.get_by_role("heading", name="What competed for the same ink")).to_be_visible()
    expect(page.locator(".competitor").first).to_contain_text("not a digit:")


def test_a_digit_that_does_not_exist_leads_calmly_back(open_page):
    page = open_page(SAMPLE)
    assert page.goto(f"{SAMPLE}/digits/99").status == 404
    page.get_by_role("link", name="Back to the result").click()
    page.wait_for_url(f"**{SAMPLE}")


def test_the_way_is_walked_with_the_keyboard(open_page):
    page = open_page(SAMPLE)
    first = page.locator(".opinion").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/digits/1")
    page.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/digits/2")


def test_on_a_phone_the_steps_are_swiped_and_the_page_stays(open_page):
    page = open_page(SAMPLE, width=360)
    steps = page.locator(".steps")
    assert steps.evaluate("row => row.scrollWidth > row.clientWidth")
    steps.focus()
    expect(page.locator(".step").nth(2)).not_to_be_in_viewport()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".step").nth(2)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_on_a_phone_all_frames_that_are_counted_are_seen(open_page):
    page = open_page(width=360)
    page.locator("#files").set_input_files(TROUBLES / "sudoku.jpg")
    page.wait_for_url("**/r/*")
    picture, last = page.locator(".step--frames .step-picture"), page.locator(".step-frames .window").nth(39)
    bottoms = [box["y"] + box["height"] for box in (last.bounding_box(), picture.bounding_box())]
    assert bottoms[0] < bottoms[1]


def test_the_live_views_show_the_frame_of_the_page(open_page):
    page = open_page(f"{SAMPLE}/digits/2")
    expect(page.locator("[data-view='digit']")).to_contain_text("5")
