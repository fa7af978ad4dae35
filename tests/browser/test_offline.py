"""After the first visit everything but sending pictures works without a network: here the server is really stopped."""

import re

import pytest
from playwright.sync_api import expect

# `decode` fails where a picture did not arrive.
PICTURES_ARE_THERE = """Promise.all([...document.images].filter((image) => image.loading !== 'lazy')
    .map((image) => image.decode()))"""


@pytest.fixture(scope="module")
def visited(browser, start_server):
    """A browser that has visited a server which is gone now, and the address that it had."""
    address = start_server()
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("[data-offline]")).to_have_text("Works offline on this device", timeout=120_000)
    page.close()
    start_server.stop(address)
    yield context
    context.close()


@pytest.fixture
def page(visited):
    page = visited.new_page()
    yield page
    page.close()


def test_the_pad_reads_on_the_device(page, write):
    page.goto("/")
    write(page, "47")
    expect(page.locator("[data-live-words]")).to_have_text(re.compile(r"^Read 47\."))
    expect(page.get_by_text("Read on this device")).to_be_visible()


def test_the_lens_looks_into_the_network(page):
    page.goto("/lens")
    expect(page.locator("[data-view=digit] [role=img]").first).to_be_visible()
    page.locator("[data-view=inside]").scroll_into_view_if_needed()
    expect(page.locator("[data-view=inside] canvas").first).to_be_visible()


@pytest.mark.parametrize("address", ["/learn", "/learn/kernel", "/samples/phone-number"])
def test_lesson_and_samples_open(page, address):
    assert page.goto(address).ok
    expect(page.locator("h1")).to_be_visible()
    page.evaluate(PICTURES_ARE_THERE)


def test_each_digit_of_a_sample_can_be_looked_at(page):
    page.goto("/samples/single-digit")
    address = page.locator("a[href*='/samples/single-digit/digits/']").first.get_attribute("href")
    assert page.goto(address).ok
    page.locator("[data-view=digit]").scroll_into_view_if_needed()
    expect(page.locator("[data-view=digit] [role=img]").first).to_be_visible()
    page.evaluate(PICTURES_ARE_THERE)


def test_a_page_that_is_not_kept_says_so_and_what_still_works(page):
    page.goto("/b/some-batch-of-yesterday")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    page.get_by_role("link", name="Write some digits").click()
    expect(page.locator("[data-pad]")).to_be_visible()


def test_a_picture_that_cannot_be_sent_is_not_lost_in_an_error_page(page, sample):
    page.goto("/")
    page.locator("#files").set_input_files(sample("single-digit"))
    expect(page.get_by_role("alert")).to_contain_text("offline")
    expect(page.locator("[data-pad]")).to_be_visible()


def test_a_drawing_that_cannot_be_kept_is_not_lost_in_an_error_page(page, write):
    page.goto("/")
    write(page, "47")
    page.get_by_role("button", name="Keep this result").click()
    expect(page.locator("[data-live-answer] .notice")).to_contain_text("You are offline")
    expect(page.locator("[data-live-answer] .digit-value")).to_have_text(["4", "7"])


def test_where_the_browser_has_no_room_the_page_says_so_and_works_on(open_page, write, address):
    page = open_page("about:blank", service_workers="allow")
    browser = page.context.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": address, "quotaSize": 20_000})
    page.goto("/")
    expect(page.locator("[data-offline]")).to_have_text("Not kept for offline use: the browser gives no more room")
    write(page, "47")
    expect(page.locator("[data-live-words]")).to_have_text(re.compile(r"^Read 47\."))


def test_the_app_can_be_installed(open_page):
    page = open_page("/")
    manifest = page.request.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/"
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).ok
