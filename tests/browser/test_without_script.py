"""Everything but drawing works where JavaScript is switched off."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page(open_page):
    return open_page(java_script_enabled=False)


def test_a_file_is_sent_with_the_native_control(page, sample):
    chooser = page.locator("#files")
    expect(chooser).to_be_visible()
    chooser.set_input_files(sample("single-digit"))
    page.get_by_role("button", name="Read", exact=True).click()
    page.wait_for_url("**/r/*")
    expect(page.locator(".answer")).to_have_text("7")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()


def test_several_files_make_a_batch(page, sample):
    page.locator("#files").set_input_files([sample("single-digit"), sample("thick-marker")])
    page.get_by_role("button", name="Read", exact=True).click()
    page.wait_for_url("**/b/*")
    expect(page.locator(".batch-row")).to_have_count(2)


def test_a_sample_is_read(page):
    page.locator(".sample").first.click()
    page.wait_for_url("**/samples/*")
    expect(page.locator(".answer")).to_have_text("7")


def test_a_digit_leads_to_its_page_and_from_there_to_its_box_and_back(open_page):
    page = open_page("/samples/single-digit", java_script_enabled=False)
    page.locator("#digit-1 a").click()
    page.wait_for_url("**/digits/1")
    page.locator(".mark-back").click()
    assert page.url.endswith("#box-1")
    assert page.locator("#box-1 .edge").evaluate("box => getComputedStyle(box).strokeWidth") == "3.5px"
    page.locator("#box-1").click()
    assert page.url.endswith("#digit-1")


def test_a_picture_is_enlarged_and_a_box_in_it_leads_to_its_digit(open_page):
    page = open_page("/samples/thick-marker", java_script_enabled=False)
    page.get_by_role("link", name="Enlarge").click()
    expect(page.locator(".answer")).to_be_hidden()
    page.get_by_role("link", name="Close").click()
    expect(page.locator(".answer")).to_be_visible()
    page.get_by_role("link", name="Enlarge").click()
    page.locator("#box-2").click()
    assert page.url.endswith("#digit-2")
    expect(page.locator(".answer")).to_be_visible()


def test_a_result_is_deleted_after_asking(page, sample):
    page.locator("#files").set_input_files(sample("single-digit"))
    page.get_by_role("button", name="Read", exact=True).click()
    page.wait_for_url("**/r/*")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Delete for good")).to_be_hidden()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Deleted.")).to_be_visible()


def test_the_pad_gives_way_to_a_sentence(page):
    expect(page.locator("[data-pad]")).to_be_hidden()
    expect(page.get_by_text("Drawing needs JavaScript")).to_be_visible()


def test_the_api_can_be_tried(open_page, sample):
    page = open_page("/api/docs", java_script_enabled=False)
    page.locator("#try-file").set_input_files(sample("single-digit"))
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_contain_text('"text":"7"')
