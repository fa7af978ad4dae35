"""Everything but drawing can be reached and done with the keyboard alone."""

from playwright.sync_api import expect


def focused(page):
    return page.locator(":focus")


def tab_to(page, locator, limit=60):
    for _ in range(limit):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{limit} times Tab do not lead there")


def has_visible_focus(locator):
    style = locator.evaluate(
        "element => { const s = getComputedStyle(element); return [s.outlineStyle, s.outlineWidth]; }"
    )
    return style[0] != "none" and style[1] != "0px"


def test_the_first_tab_offers_to_skip_to_the_content(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_sample_is_opened(open_page):
    page = open_page()
    sample = page.locator(".sample").first
    tab_to(page, sample)
    assert has_visible_focus(sample)
    page.keyboard.press("Enter")
    page.wait_for_url("**/samples/*")


def test_a_result_is_deleted(open_page, sample):
    page = open_page()
    page.locator("#files").set_input_files(sample("single-digit"))
    page.wait_for_url("**/r/*")
    delete = page.get_by_role("button", name="Delete", exact=True)
    tab_to(page, delete)
    for leave in ("Enter", "Escape"):
        page.keyboard.press("Enter")
        expect(focused(page)).to_have_text("Cancel")
        page.keyboard.press(leave)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(delete).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(focused(page)).to_have_text("Delete for good")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Deleted.")).to_be_visible()


def test_the_file_chooser_opens_and_shows_where_the_focus_is(open_page, sample):
    page = open_page()
    with page.expect_file_chooser() as chooser:  # around everything: Chromium needs a moment to hand choosers over
        tab_to(page, page.locator("#files"))
        assert has_visible_focus(page.locator("#files + .button"))
        page.keyboard.press("Enter")
    chooser.value.set_files(sample("single-digit"))
    page.wait_for_url("**/r/*")


def test_the_pens_are_chosen_with_the_arrow_keys(open_page):
    page = open_page()
    tab_to(page, page.get_by_label("Normal pen"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Thick pen")).to_be_checked()


def test_a_focused_digit_lights_up_its_box(open_page):
    page = open_page("/samples/single-digit")
    tab_to(page, page.locator("#digit-1 a"))
    expect(page.locator("#box-1")).to_contain_class("is-active")
