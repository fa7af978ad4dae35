"""The views that try things: the answer follows the sliders, and what is shown is what the network really says."""

import base64
import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from digitlens.explain.doubts import USUAL_FILE
from digitlens.explain.evidence import contributions, integrated_gradients, occlusion
from digitlens.explain.network import Network
from digitlens.model.artifact import load_artifact
from digitlens.model.classifier import Classifier
from digitlens.model.graph import read_graph

SLOW_MS = 90_000  # a search asks the network some thousand times


def frame_of(text):
    pixels = np.frombuffer(base64.urlsafe_b64decode(text + "=="), np.uint8)
    return pixels.reshape(28, 28).astype(np.float32) / np.float32(255)


def text_of(frame):
    return base64.urlsafe_b64encode(np.round(255 * frame).astype(np.uint8).tobytes()).decode().rstrip("=")


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load()


@pytest.fixture(scope="module")
def examples():
    entries = json.loads((USUAL_FILE.parent / "examples.json").read_text(encoding="utf-8"))
    return {entry["name"]: frame_of(entry["frame"]) for entry in entries}


@pytest.fixture
def open_view(open_page):
    """`open_view("what-if", frame)` opens the lens with a frame; gives the page and the view once it has an answer."""

    def open_view(name, frame, **options):
        page = open_page(f"/lens#f={text_of(frame)}", **options)
        view = page.locator(f'[data-view="{name}"]')
        view.evaluate("element => element.scrollIntoView({block: 'start'})")
        expect(view).not_to_have_attribute("aria-busy", "true")
        expect(view.locator(":scope > .view-wait")).to_have_count(0)
        view.evaluate("element => element.scrollIntoView({block: 'start'})")
        return page, view

    return open_view


def answer_of(view):
    expect(view.locator("[data-answer]").first).to_be_visible()
    return int(view.locator(".what-if").get_attribute("data-answer"))


def set_slider(view, name, value):
    view.get_by_label(name, exact=True).evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", value
    )


def test_the_answer_follows_a_slider_and_comes_back(open_view, examples, classifier):
    _, view = open_view("what-if", examples["seven"])
    answer = view.locator(".what-if-answer")
    expect(answer).to_contain_text("Reads 7")
    set_slider(view, "Turn", 120)
    expect(answer).not_to_contain_text("Reads 7")
    shown = frame_of(view.locator(".what-if").get_attribute("data-frame-text"))
    assert int(classifier.probabilities(shown[None]).argmax()) == answer_of(view)
    view.get_by_role("button", name="Reset: Turn").click()
    expect(answer).to_contain_text("Reads 7")
    assert np.array_equal(frame_of(view.locator(".what-if").get_attribute("data-frame-text")), examples["seven"])


def test_a_slider_moves_by_keys_and_says_its_value_with_its_unit(open_view, examples):
    page, view = open_view("what-if", examples["seven"])
    slider = view.get_by_label("Turn", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "1°")


def test_the_curve_says_where_the_mind_changes(open_view, examples):
    _, view = open_view("what-if", examples["seven"])
    text = view.locator(".curve-text")
    expect(text).to_contain_text(re.compile(r"Turn: reads .*7 from .\d+° to \d+°"))
    expect(view.locator(".curve-plot")).to_have_attribute(
        "aria-label", re.compile(r"Probability of 7 and .* Now at 0°")
    )
    view.get_by_label("Slider to sweep").select_option(label="Slant")
    expect(text).to_contain_text("Slant: always 7, over the whole range.")


def test_the_brush_paints_by_keys(open_view, examples):
    page, view = open_view("what-if", examples["seven"])
    expect(view.locator(".what-if-answer")).to_contain_text("Reads 7")
    view.get_by_label("Draw", exact=True).check()
    sheet = view.locator(".brush-sheet")
    sheet.focus()
    for _ in range(20):
        page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    shown = frame_of(view.locator(".what-if").get_attribute("data-frame-text"))
    changed = np.argwhere(shown != examples["seven"])
    assert len(changed) > 3
    assert changed[:, 0].max() <= 2
    assert 12 <= changed[:, 1].min() <= changed[:, 1].max() <= 17
    expect(view.locator('.what-if-changed [role="status"]')).to_contain_text("Row 1, column 15")


def test_the_brush_erases_with_a_finger_and_the_page_stays(open_view, examples):
    page, view = open_view("what-if", examples["seven"], width=360)
    expect(view.locator(".what-if-answer")).to_contain_text("Reads 7")
    sheet = view.locator(".brush-sheet")
    sheet.evaluate("element => element.scrollIntoView({block: 'center'})")
    box = sheet.bounding_box()
    before = page.evaluate("scrollY")
    page.touchscreen.tap(box["x"] + box["width"] * 15 / 28, box["y"] + box["height"] * 14 / 28)
    expect(view.get_by_role("button", name="Reset all")).to_be_enabled()
    shown = frame_of(view.locator(".what-if").get_attribute("data-frame-text"))
    assert shown.sum() < examples["seven"].sum()
    assert page.evaluate("scrollY") == before


def test_a_changed_frame_becomes_the_digit_of_the_lens(open_view, examples):
    page, view = open_view("what-if", examples["seven"])
    set_slider(view, "Turn", 20)
    view.get_by_role("button", name="Use this as my digit").click()
    expect(view.get_by_role("button", name="Use this as my digit")).to_be_disabled()
    expect(view.get_by_label("Turn", exact=True)).to_have_value("0")
    kept = page.evaluate("JSON.parse(localStorage.getItem('digitlens.own')).text")
    assert not np.array_equal(frame_of(kept), examples["seven"])


def test_the_smallest_changes_really_read_as_they_say(open_view, examples, classifier):
    _, view = open_view("what-if", examples["sloppy-nine"])
    before = int(classifier.probabilities(examples["sloppy-nine"][None]).argmax())
    view.get_by_role("button", name="Find out").click()
    expect(view.locator(".search-status")).to_contain_text("kinds of change do it", timeout=SLOW_MS)
    cards = view.locator(".search-card")
    names = {card.get_attribute("data-name") for card in cards.all()}
    assert "turn" in names
    assert names & {"erase", "draw"}
    for card in cards.all():
        said = int(card.get_attribute("data-answer"))
        read = int(classifier.probabilities(frame_of(card.get_attribute("data-frame-text"))[None]).argmax())
        assert read == said != before
    cards.first.get_by_role("button").click()
    expect(view.locator(".what-if")).to_have_attribute("data-frame-text", cards.first.get_attribute("data-frame-text"))


def test_a_search_can_be_stopped(open_view, examples):
    _, view = open_view("what-if", examples["eight"])
    view.get_by_label("How little must change").select_option("1")
    view.get_by_role("button", name="Find out").click()
    view.get_by_role("button", name="Stop").click()
    expect(view.locator(".search-status")).to_have_text("Stopped.")
    expect(view.get_by_role("button", name="Find out")).to_be_visible()


def test_evidence_is_the_same_as_that_of_the_library(open_view, examples, classifier):
    frame = examples["three"]
    _, second = np.argsort(-classifier.logits(frame[None])[0])[:2]
    _, view = open_view("evidence", frame)
    view.get_by_label("rather than").select_option(str(second))
    shown = occlusion(classifier.logits, frame, 3, int(second)).lead
    expect_total(view, "erase", second, shown.sum())
    weights = np.zeros(11, np.float32)
    weights[[3, second]] = 1, -1
    network = Network(read_graph(load_artifact().weights))
    view.get_by_label("Integrated gradients").check()
    expect_total(view, "gradients", second, integrated_gradients(network, frame, weights).shares.sum())
    expect(view.locator(".evidence-sum").first).to_contain_text("All together")
    view.get_by_label("Shares of places").check()
    expect_total(view, "places", second, (contributions(network, frame) @ weights).sum())


def expect_total(view, method, rather, total):
    expect(view).to_have_attribute("data-method", method, timeout=SLOW_MS)
    expect(view).to_have_attribute("data-rather", str(rather), timeout=SLOW_MS)
    assert float(view.get_attribute("data-total")) == pytest.approx(total, rel=1e-3, abs=1e-3)


def test_a_place_of_the_evidence_says_its_value(open_view, examples):
    page, view = open_view("evidence", examples["three"])
    expect(view.locator(".evidence-summary")).to_contain_text("Most for 3", timeout=SLOW_MS)
    view.locator(".evidence-sheet").focus()
    page.keyboard.press("ArrowUp")
    expect(view.locator(".evidence-place")).to_contain_text(re.compile(r"Row 14, column 15 \(.+\): .?\d"))


def test_a_thin_stroke_is_named_with_its_width_and_what_is_usual(open_view):
    thin = np.zeros((28, 28), np.float32)
    thin[4:24, 14] = thin[4, 9:14] = 1
    _, view = open_view("why", thin)
    expect(view.locator(".doubt-list")).to_contain_text("The stroke is thin.")
    expect(view.locator(".doubt-list")).to_contain_text(
        re.compile(r"It is 1\.0 pixels wide; usual are 1\.2 to 4\.\d\.")
    )


def test_nothing_is_said_against_a_clean_digit(open_view, examples):
    _, view = open_view("why", examples["seven"])
    expect(view.locator(".doubt--none")).to_contain_text("Nothing that is measured here is unusual.")
