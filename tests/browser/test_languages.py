"""Every language in the real browser: the menu, the words of scripts, and pages that run from right to left."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = [
    "/",
    "/samples/score-sheet",
    "/samples/score-sheet/digits/1",
    "/lens",
    "/learn",
    "/learn/kernel",
    "/api/docs",
    "/r/nothing",
]


def language(page):
    return page.evaluate("[document.documentElement.lang, document.documentElement.dir]")


def test_the_menu_changes_the_language_keeps_the_page_and_is_remembered(open_page):
    page = open_page("/api/docs?from=lesson#call-title")
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile(r"/api/docs\?from=lesson&lang=fr#call-title$"))
    assert language(page) == ["fr", "ltr"]
    expect(page.get_by_role("link", name="Français")).to_have_attribute("aria-current", "true")
    page.goto("/")
    assert language(page) == ["fr", "ltr"]


def test_the_menu_works_without_javascript(open_page):
    page = open_page("/?deleted=1", java_script_enabled=False)
    page.get_by_role("link", name="Deutsch").click()
    assert page.locator("html").get_attribute("lang") == "de"
    expect(page.get_by_text("Gelöscht.")).to_be_visible()


def test_a_file_that_the_server_refused_is_told_of_in_the_language_chosen_then(open_page, tmp_path):
    (tmp_path / "letter.png").write_text("Dear bank")
    page = open_page(java_script_enabled=False)
    page.locator("#files").set_input_files(tmp_path / "letter.png")
    page.get_by_role("button", name="Read", exact=True).click()
    for name, words in (("Deutsch", "Schick ein Bild (PNG, JPEG"), ("Español", "Envía una imagen"), ("English", "PNG")):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("alert")).to_contain_text(words)


def test_a_file_that_the_page_refused_is_told_of_in_the_language_chosen_then(open_page, tmp_path):
    with (tmp_path / "large.tif").open("wb") as file:
        file.truncate(26_000_000)
    page = open_page()
    page.locator("#files").set_input_files(tmp_path / "large.tif")
    for name, words in (("Deutsch", "large.tif hat 26 MB"), ("Español", "large.tif ocupa 26 MB")):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("alert")).to_contain_text(words)
    page.reload()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_browser_chooses_where_nobody_did_and_an_unknown_choice_is_ignored(open_page):
    assert language(open_page("/", locale="es-MX")) == ["es", "ltr"]
    assert language(open_page("/?lang=tlh", locale="de-AT")) == ["de", "ltr"]


def test_scripts_speak_the_language_of_the_page(open_page, write):
    page = open_page("/", locale="de-DE")
    write(page, "407")
    expect(page.locator("[data-live-words]")).to_contain_text("Gelesen: 407.")
    expect(page.locator("[data-live-answer]")).to_contain_text("3 Ziffern")
    expect(page.locator("[data-live-answer] .digit-percent").first).to_have_text(re.compile(r"\d,\d %$"))


def test_without_its_words_a_script_speaks_english_rather_than_nothing(browser, address, write):
    context = browser.new_context(base_url=address, locale="de-DE", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.route("**/words/*.json*", lambda route: route.abort())
    page.goto("/")
    write(page, "4")
    expect(page.locator("[data-live-words]")).to_contain_text("Read 4.")
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_arabic_runs_from_right_to_left_and_fits(open_page, path):
    page = open_page(path, locale="ar-EG", width=360)
    assert language(page) == ["ar", "rtl"]
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.scrollLeft") == 0


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_arabic(open_page, path):
    page = open_page(path, locale="ar")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".is-stale, [aria-busy=true]")).to_have_count(0)
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", AA)["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found] == []


@pytest.mark.parametrize("path", PAGES)
def test_longer_words_fit_too(open_page, path):
    page = open_page(path, width=360)
    for code in ("de", "fr", "es"):
        page.goto(f"{path}?lang={code}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, code


def test_in_arabic_digits_keep_the_order_of_their_picture(open_page):
    page = open_page("/samples/score-sheet", locale="ar")
    answer = page.locator(".answer")
    assert answer.evaluate("element => getComputedStyle(element).direction") == "ltr"
    first, second = (page.locator(f"#digit-{index}").bounding_box() for index in (1, 2))
    assert first["x"] < second["x"]
    assert page.locator("#digit-1").evaluate("element => getComputedStyle(element).direction") == "rtl"
    label, box = (page.locator(f"#box-1 {part}").bounding_box() for part in ("text", ".edge"))
    assert label["x"] == pytest.approx(box["x"], abs=4)
