"""Pictures come in by choosing, dropping, pasting, as samples, alone and together."""

import base64

import pytest
from playwright.sync_api import expect

GIVE_FILES = """([data, target, type, names]) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    const transfer = new DataTransfer();
    for (const name of names) transfer.items.add(new File([bytes], name, { type: 'image/jpeg' }));
    const options = { bubbles: true, cancelable: true };
    const place = target === 'document' ? document : document.querySelector(target);
    place.dispatchEvent(type === 'paste'
        ? new ClipboardEvent(type, { ...options, clipboardData: transfer })
        : new DragEvent(type, { ...options, dataTransfer: transfer }));
}"""


def give(page, path, target, kind, names=("picture.jpg",)):
    page.evaluate(GIVE_FILES, [base64.b64encode(path.read_bytes()).decode(), target, kind, list(names)])


def test_choosing_a_picture_sends_it_at_once(open_page, sample):
    page = open_page()
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Choose pictures").click()
    chooser.value.set_files(sample("single-digit"))
    page.wait_for_url("**/r/*")
    expect(page.locator(".answer")).to_have_text("7")
    expect(page.get_by_role("heading", level=1)).to_have_text("single-digit.jpg")


def test_a_picture_dropped_anywhere_is_read(open_page, sample):
    page = open_page()
    give(page, sample("single-digit"), "footer", "dragenter")
    expect(page.locator("[data-drop-overlay]")).to_be_visible()
    give(page, sample("single-digit"), "footer", "drop", ["dropped.jpg"])
    page.wait_for_url("**/r/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("dropped.jpg")


def test_leaving_with_a_dragged_picture_puts_the_page_back(open_page, sample):
    page = open_page()
    give(page, sample("single-digit"), "main", "dragenter")
    give(page, sample("single-digit"), "main", "dragleave")
    expect(page.locator("[data-drop-overlay]")).to_be_hidden()


def test_a_pasted_picture_is_read(open_page, sample):
    page = open_page()
    give(page, sample("single-digit"), "document", "paste")
    page.wait_for_url("**/r/*")
    expect(page.locator(".answer")).to_have_text("7")


def test_a_sample_is_read_with_one_click(open_page):
    page = open_page()
    samples = page.locator(".sample")
    assert samples.count() >= 12
    samples.first.click()
    page.wait_for_url("**/samples/*")
    expect(page.locator(".picture img")).to_be_visible()


def test_three_files_with_a_bad_one_make_a_page_with_a_row_each(open_page, sample, tmp_path):
    letter = tmp_path / "letter.png"
    letter.write_text("Dear bank")
    page = open_page()
    page.locator("#files").set_input_files([sample("single-digit"), letter, sample("thick-marker")])
    page.wait_for_url("**/b/*")
    rows = page.locator(".batch-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("single-digit.jpg")
    expect(rows.nth(0).locator(".batch-text")).to_have_text("7")
    expect(rows.nth(1)).to_contain_text("not read")
    expect(rows.nth(2).locator(".batch-text")).to_have_text("42")
    with page.expect_download() as download:
        page.get_by_role("link", name="Numbers (CSV)").click()
    assert [line.split(",")[0] for line in download.value.path().read_text().splitlines()[1:]] == [
        "single-digit.jpg",
        "letter.png",
        "thick-marker.jpg",
    ]
    rows.nth(2).get_by_role("link").click()
    page.wait_for_url("**/r/*")
    page.get_by_role("link", name="All results").click()
    page.wait_for_url("**/b/*")


def test_a_file_over_the_limit_is_told_before_it_travels(open_page, tmp_path):
    large = tmp_path / "large.tif"
    with large.open("wb") as file:
        file.truncate(26_000_000)
    page = open_page()
    page.locator("#files").set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("large.tif has 26 MB; a file may have at most 25 MB.")
    expect(page).to_have_url(page.url)
    assert page.locator("#files").evaluate("input => input.files.length") == 0


def test_a_refused_file_leaves_the_page_ready_for_the_next(open_page, sample, tmp_path):
    letter = tmp_path / "letter.png"
    letter.write_text("Dear bank")
    page = open_page()
    page.locator("#files").set_input_files(letter)
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#files").set_input_files(sample("single-digit"))
    page.wait_for_url("**/r/*")


@pytest.mark.parametrize(("width", "is_offered"), [(360, True), (1280, False)])
def test_the_camera_is_offered_where_there_is_touch(open_page, width, is_offered):
    page = open_page(width=width)
    button = page.get_by_text("Take a photo")
    expect(button).to_be_visible(visible=is_offered)
    assert page.locator("#camera").get_attribute("capture") == "environment"
