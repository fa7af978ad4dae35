"""The lens: one digit, every number of the network, and what changes the answer."""

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest

STATIC = Path(__file__).parent.parent.parent / "src/digitlens/web/static"
EXAMPLES = {one["name"]: one for one in json.loads((STATIC / "lens/examples.json").read_text(encoding="utf-8"))}


def frame_of(name):
    text = EXAMPLES[name]["frame"]
    return np.frombuffer(base64.urlsafe_b64decode(text + "=="), np.uint8).reshape(28, 28)


@pytest.fixture(scope="module")
def network():
    from digitlens.explain.network import Network
    from digitlens.model.artifact import load_artifact
    from digitlens.model.graph import read_graph

    return Network(read_graph(load_artifact().weights))


@pytest.fixture
def lens(open_page):
    """`lens("#f=...", width=360)` opens the lens and waits until the network has answered."""
    from playwright.sync_api import expect

    def lens(address="", **options):
        page = open_page(f"/lens{address}", **options)
        expect(page.locator(".verdict-share")).not_to_be_empty()
        return page

    return lens


def open_layer(page, title):
    page.get_by_role("button", name=title, exact=True).click()
    page.locator(".layer.is-open .unit-value").wait_for()


def number_in(text):
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def place_in(title):
    """Channel, row and column, from 0, as in "Convolution 5, map 118, row 5, column 5"."""
    return [int(found) - 1 for found in re.search(r"map (\d+), row (\d+), column (\d+)", title).groups()]


def test_a_digit_written_on_the_lens_is_answered_and_kept_for_other_pages(lens, write):
    page = lens()
    sheet = page.locator(".draw-sheet")
    sheet.evaluate("element => element.setAttribute('data-pad', '')")  # what `write` writes on
    write(page, "3", height=110)
    page.locator(".verdict-value", has_text="3").wait_for()
    assert page.locator(".digit-source").text_content() == "Your own digit"
    page.reload()
    page.locator(".verdict-value", has_text="3").wait_for()
    assert page.locator(".digit-source").text_content() == "Your own digit"


def test_examples_are_answered_also_the_one_that_is_no_digit(lens):
    page = lens()
    for name, answer in [
        ("crossed-seven", "7"),
        ("european-one", "1"),
        ("sloppy-nine", "9"),
        ("smiley", "not a digit"),
    ]:
        button = page.get_by_role("button", name=EXAMPLES[name]["alt"])
        button.click()
        page.locator(".verdict-value", has_text=re.compile(f"^{answer}$")).wait_for()
        assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("[data-view=digit] .answer").count() == 11
    spoken = page.locator("[data-view=digit] [role=status]").last.text_content()
    assert re.search(r"^not a digit, .+ %, then \d, .+ %$", spoken)


def test_the_answer_is_the_server_s(lens, network):
    from digitlens import Reader

    page = lens(f"#f={EXAMPLES['four']['frame']}")
    probabilities = Reader().classify(frame_of("four")[None])[0]
    shown = page.locator(".digit-top + .answers .answer-percent").all_text_contents()
    assert page.locator(".verdict-value").text_content() == str(int(probabilities.argmax()))
    for text, probability in zip(shown, probabilities, strict=True):
        if not text.startswith(("<", ">")):
            assert abs(float(text.split()[0]) - 100 * probability) < 0.06


@pytest.mark.parametrize(
    ("title", "layer"),
    [("Convolution 1", "stage1a"), ("Pooling 1", "pool1"), ("Convolution 4", "stage2b"), ("Convolution 6", "stage3b")],
)
def test_a_unit_s_sum_is_the_map_s_value_and_the_server_s(lens, network, title, layer):
    page = lens(f"#f={EXAMPLES['three']['frame']}")
    page.locator(".layer.is-open .unit-value").wait_for()
    if title != "Convolution 1":
        open_layer(page, title)
    opened = page.locator(".layer.is-open")
    opened.locator("[role=option]").nth(7).click()
    opened.locator(".map-view").press("ArrowLeft")
    opened.locator(".map-view").press("ArrowUp")
    channel, row, column = place_in(opened.locator(".unit-title").text_content())
    assert channel == 7
    value = number_in(opened.locator(".unit-value").text_content())
    last = opened.locator(".sum tr").last.locator("td").text_content()
    assert number_in(last) == value
    values = network.forward(frame_of("three")[None].astype(np.float32) / 255)[layer].after
    assert value == pytest.approx(float(values[0, row, column, channel]), abs=6e-5)
    terms = [number_in(text) for text in opened.locator(".sum tr:not(.is-total) td").all_text_contents()]
    if terms:
        total = number_in(opened.locator(".sum .is-total td").first.text_content())
        assert sum(terms) == pytest.approx(total, abs=1e-4 * len(terms))


def test_one_can_follow_a_number_down_and_up_again(lens):
    page = lens()
    page.locator(".layer.is-open .unit-value").wait_for()
    open_layer(page, "Convolution 2")
    cell = page.locator("button.cell").nth(4)
    wanted = cell.get_attribute("title").removeprefix("Go to ")
    cell.click()
    assert page.locator(".layer.is-open .unit-title").text_content().startswith(wanted)
    assert page.get_by_role("button", name="Convolution 1", exact=True).get_attribute("aria-expanded") == "true"
    page.locator(".users .chip").first.click()
    assert page.locator(".layer.is-open .unit-title").text_content().startswith("Convolution 2")


def test_the_scores_end_in_the_answer_s_probabilities(lens, network):
    page = lens(f"#f={EXAMPLES['four']['frame']}")
    page.locator(".layer.is-open .unit-value").wait_for()
    open_layer(page, "The scores")
    logits = network.forward(frame_of("four")[None].astype(np.float32) / 255)["logits"].after[0]
    rows = page.locator(".softmax-table tbody tr")
    rows.first.wait_for()
    shown = [number_in(row.locator("td").first.text_content()) for row in rows.all()]
    assert shown == pytest.approx([float(logit) for logit in logits], abs=1e-3)
    assert [row.locator("td").last.text_content() for row in rows.all()] == page.locator(
        ".digit-top + .answers .answer-percent"
    ).all_text_contents()
    rows.nth(9).get_by_role("button").click()
    page.locator(".unit-title", has_text="The score of “9”").wait_for()


def test_knocking_out_maps_changes_the_answer_and_restoring_brings_it_back(lens, network):
    page = lens(f"#f={EXAMPLES['four']['frame']}")
    page.locator(".layer.is-open .unit-value").wait_for()
    options = page.locator(".layer.is-open [role=option]")
    for channel in (3, 10, 22, 34):
        options.nth(channel).click()
        page.get_by_role("button", name="Knock out this map").click()
    page.locator(".knock .chip").nth(3).wait_for()
    frames = frame_of("four")[None].astype(np.float32) / 255
    logits = network.forward(frames, {"stage1a": [3, 10, 22, 34]})["logits"].after[0]
    from digitlens.model.artifact import load_artifact

    powers = np.exp((logits - logits.max()) / load_artifact().manifest.temperature)
    probabilities = powers / powers.sum()
    first = int(probabilities.argmax())
    words = "not a digit" if first == 10 else str(first)
    page.locator(".knock-verdict", has_text=re.compile(f"^Without: {words}, ")).wait_for()
    bar = page.locator(".knock rect").nth(first)
    assert float(bar.get_attribute("width")) == pytest.approx(100 * float(probabilities[first]), abs=0.2)
    assert page.locator(".is-knocked").count() == 4
    page.get_by_role("button", name="Restore all").click()
    page.locator(".knock-body").wait_for(state="hidden")
    assert page.locator(".is-knocked").count() == 0


def test_the_search_names_the_maps_that_matter_most(lens):
    page = lens()
    page.locator(".layer.is-open .unit-value").wait_for()
    page.get_by_role("button", name="Which one matters most?").click()
    page.locator(".matters li").first.wait_for(timeout=60_000)
    assert page.locator(".matters li").count() == 6
    page.locator(".matters .chip").first.click()
    chosen = page.locator(".matters .chip").first.text_content().removeprefix("map ")
    assert page.locator(".unit-title").text_content().startswith(f"Convolution 1, map {chosen},")


def test_inside_works_by_keyboard_alone(lens):
    page = lens()
    page.locator(".layer.is-open .unit-value").wait_for()
    page.get_by_role("button", name="Convolution 1", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator(".unit-title").text_content().startswith("Convolution 1, map 2,")
    page.keyboard.press("Tab")
    before = place_in(page.locator(".unit-title").text_content())
    page.keyboard.press("ArrowRight" if before[2] < 27 else "ArrowLeft")
    after = place_in(page.locator(".unit-title").text_content())
    assert abs(after[2] - before[2]) == 1
    assert "Convolution 1, map 2" in page.locator("[data-view=inside] > [role=status]").text_content()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".knock .chip").wait_for()


@pytest.mark.parametrize("damaged", ["#f=rubbish", "#f=", "#f=" + "A" * 1046 + "%"])
def test_an_address_without_a_digit_shows_an_example_and_says_so(lens, damaged):
    page = lens(damaged)
    page.get_by_text("The address holds no digit.").wait_for()
    assert page.locator(".verdict-value").text_content() == "7"


def test_a_frame_in_the_address_is_shown_and_kept_only_when_asked(lens):
    page = lens(f"#f={EXAMPLES['eight']['frame']}")
    page.locator(".verdict-value", has_text="8").wait_for()
    assert page.evaluate("localStorage.getItem('digitlens.own')") is None
    page.get_by_role("button", name="Use it on every page").click()
    page.goto("/lens")
    page.locator(".verdict-value", has_text="8").wait_for()


def test_a_section_link_keeps_the_digit_in_the_address(lens):
    address = f"#f={EXAMPLES['two']['frame']}"
    page = lens(address)
    page.get_by_role("link", name="The map").click()
    assert page.url.endswith(address)
    assert page.evaluate("document.activeElement.id") == "map"


def test_lenet_answers_beside_the_served_network(lens):
    page = lens(f"#f={EXAMPLES['three']['frame']}")
    page.locator("#lenet").scroll_into_view_if_needed()
    verdicts = page.locator(".rival-verdict")
    verdicts.nth(1).filter(has_text="%").wait_for()
    assert [text[0] for text in verdicts.all_text_contents()] == ["3", "3"]
    assert "61,791" in page.locator(".rival-facts").first.text_content()


def test_one_view_that_fails_leaves_the_others_alone(open_page):
    page = open_page("about:blank")
    page.route("**/views/inside.js", lambda route: route.abort())
    page.goto("/lens")
    page.locator("[data-view=inside]").get_by_text("This part could not be shown.").wait_for()
    page.locator(".verdict-value", has_text="7").wait_for()
    page.unroute("**/views/inside.js")


def test_without_the_network_s_files_the_page_says_so_and_tries_again(open_page):
    page = open_page("about:blank")
    page.route("**/model/network.json*", lambda route: route.abort())
    page.goto("/lens")
    page.get_by_text("The network could not be fetched.").wait_for()
    page.unroute("**/model/network.json*")
    page.locator("[data-view=digit]").get_by_role("button", name="Try again").click()
    page.locator(".verdict-value", has_text="7").wait_for()


@pytest.mark.parametrize(
    ("view", "words"),
    [("what-if", re.compile(r"^Reads 7 ")), ("evidence", re.compile(r"^Most for 7: "))],
)
def test_a_view_that_could_not_ask_the_network_says_so_and_comes_back_with_it(open_page, view, words):
    page = open_page("about:blank")
    page.route("**/model/weights.tflite*", lambda route: route.abort())
    page.goto("/lens")
    place = page.locator(f"[data-view={view}]")
    place.scroll_into_view_if_needed()
    answer = place.locator(".what-if-answer, .evidence-summary")
    answer.get_by_text("The network could not be asked.").wait_for()
    page.unroute("**/model/weights.tflite*")
    page.locator("[data-view=digit]").get_by_role("button", name="Try again").click()
    answer.get_by_text(words).wait_for()


def test_on_a_phone_the_answer_stands_close_to_the_pad(lens, write):
    page = lens(width=360)
    sheet = page.locator(".draw-sheet")
    sheet.evaluate("element => element.setAttribute('data-pad', '')")  # what `write` writes on
    write(page, "3", height=110)
    follow = page.locator(".draw-follow")
    follow.get_by_text(re.compile("^3, ")).wait_for()
    assert follow.bounding_box()["y"] - sheet.bounding_box()["y"] < 400  # both are in sight on a small phone


def test_the_whole_lens_fits_a_phone(lens):
    page = lens(width=360)
    page.locator(".layer.is-open .unit-value").wait_for()
    for title in ("Convolution 6", "One long row", "The scores"):
        open_layer(page, title)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
