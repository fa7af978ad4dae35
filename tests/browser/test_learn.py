"""The lesson in a real browser: its toys by keyboard, the reader's own digit through the chapters, and on paper."""

import re

import pytest
from playwright.sync_api import expect

CHAPTERS = ["pixels", "frame", "kernel", "layers", "answer", "training", "confidence", "limits"]
TOYS = {
    "pixels": "toy-pixels",
    "frame": "toy-ink",
    "kernel": "toy-kernel",
    "answer": "toy-softmax",
    "training": "toy-descent",
    "confidence": "toy-calibration",
}


@pytest.fixture
def toy(open_page):
    """`toy("kernel")` opens a chapter and gives the place of its toy, live."""

    def toy(chapter, **options):
        page = open_page(f"/learn/{chapter}", **options)
        place = page.locator(f'[data-view="{TOYS[chapter]}"]')
        place.scroll_into_view_if_needed()
        expect(place.locator("button, input").first).to_be_visible()
        expect(page.locator("[data-own-words] strong")).to_contain_text("Read as")
        return place

    return toy


MINUS = "\N{MINUS SIGN}"


def words_of(place, number=0):
    return place.locator(".toy-words").nth(number)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_opens_and_its_answers_unfold(open_page, chapter):
    page = open_page(f"/learn/{chapter}", width=360)
    question = page.locator(".questions .question").first
    question.locator("summary").press("Enter")
    expect(question.locator(".unfolded")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_two_networks_side_by_side_stay_within_their_panels_on_a_phone(open_page):
    page = open_page("/learn/training", width=360)
    page.locator("[data-view=lenet]").scroll_into_view_if_needed()
    expect(page.locator(".rival .answer-percent").first).not_to_be_empty()
    spills = page.locator(".rival").evaluate_all(
        "panels => panels.map((panel) => panel.scrollWidth - panel.clientWidth)"
    )
    assert spills == [0, 0]


def test_arrow_keys_read_the_pixels_one_by_one(toy):
    place = toy("pixels")
    start = re.search(r"Row (\d+), column (\d+)", words_of(place).inner_text())
    place.locator(".cursor").press("ArrowRight")
    row, column = start[1], int(start[2]) + 1
    expect(words_of(place)).to_contain_text(f"Row {row}, column {column}:")
    grey = re.search(r": (\d+) of 255", words_of(place).inner_text())[1]
    expect(place.locator(".around .here")).to_have_text(grey)


def test_with_two_greys_the_network_is_asked_again(toy):
    place = toy("pixels")
    place.get_by_label("2", exact=True).check()
    expect(words_of(place, 1)).to_contain_text("With 2 greys the network reads 7")
    expect(place.locator(".numbers-scroll td.g16").first).to_have_text("255")
    assert place.locator(".numbers-scroll td:not(.g0, .g16)").count() == 0


def test_the_nine_products_add_up_to_the_sum(toy):
    place = toy("kernel")
    place.locator(".cursor").first.press("ArrowDown")
    cells = place.locator(".products td").all_inner_texts()
    products = [float(cell.split()[-1].replace(MINUS, "-")) for cell in cells]
    total = float(re.search(r"add up to (\S+)\.$", words_of(place).inner_text())[1].replace(MINUS, "-"))
    assert sum(products) == pytest.approx(total, abs=0.05)


def test_a_kernel_of_ones_own_changes_the_sums(toy):
    place = toy("kernel")
    place.get_by_label("Kernel", exact=True).select_option("copy")
    before = words_of(place).inner_text()
    place.get_by_label("Weight in row 2, column 2").fill("-4")
    expect(words_of(place)).not_to_have_text(before)
    expect(place.get_by_label("Kernel", exact=True)).to_have_value("own")


def test_the_networks_own_kernels_can_be_tried(toy):
    place = toy("kernel")
    choice = place.get_by_label("Kernel", exact=True)
    expect(choice.locator("optgroup option")).to_have_count(48)
    choice.select_option("network 3")
    expect(words_of(place)).to_contain_text("nine products and the bias")


def test_the_shadow_goes_when_every_place_is_compared_with_its_surroundings(toy):
    place = toy("frame")
    expect(words_of(place)).to_contain_text("Everything darker than 130 is ink")
    called_ink = float(re.search(r"([\d.]+) %", words_of(place).inner_text())[1])
    assert called_ink > 30
    place.locator("#threshold").press("ArrowLeft")
    expect(words_of(place)).to_contain_text("darker than 129")
    place.get_by_label("Every place with its surroundings").check()
    expect(words_of(place)).to_contain_text("surroundings by 18")
    assert float(re.search(r": ([\d.]+) %", words_of(place).inner_text())[1]) < 10


def test_no_temperature_changes_the_winner_and_equal_additions_change_nothing(toy):
    place = toy("answer")
    expect(words_of(place)).to_contain_text("Most likely: 7")
    shares = place.locator(".share").all_inner_texts()
    place.get_by_role("button", name="All + 1").click()
    assert place.locator(".share").all_inner_texts() == shares
    place.locator("#temperature").press("End")
    expect(words_of(place)).to_contain_text("Most likely: 7")
    assert place.locator(".share").all_inner_texts() != shares
    place.get_by_label("Score of 3").fill("40")
    expect(words_of(place)).to_contain_text("Most likely: 3")
    place.get_by_role("button", name="Back to the true scores").click()
    expect(words_of(place)).to_contain_text("Most likely: 7")


def test_the_probabilities_of_the_toy_are_those_of_the_strip_above(toy, page_of):
    place = toy("answer")
    said = re.search(r"Read as 7, (.*)\.", page_of(place).locator("[data-own-words]").inner_text())[1]
    expect(place.locator(".best .share")).to_have_text(said)


def test_steps_downhill_lower_the_loss_to_the_bottom_that_the_text_names(toy):
    place = toy("training")
    loss = lambda: float(re.search(r"loss ([\d.]+)", words_of(place).inner_text())[1])  # noqa: E731
    start = loss()
    place.get_by_role("button", name="One step").press("Enter")
    expect(words_of(place)).to_contain_text("Step 1:")
    assert loss() < start
    for _ in range(10):
        place.get_by_role("button", name="Twenty steps").press("Enter")
    expect(words_of(place)).to_contain_text("loss 0.210; 75 of 80 right")
    place.get_by_role("button", name="Start again").press("Enter")
    expect(words_of(place)).to_contain_text("Step 0:")


def test_the_quiz_tells_what_is_true_and_what_the_guesses_cost(toy):
    place = toy("confidence")
    sliders = place.get_by_role("slider")
    for index in range(sliders.count()):
        sliders.nth(index).press("End")
    place.get_by_role("button", name="Show what is true").press("Enter")
    verdict = place.locator(".verdict")
    expect(verdict).to_contain_text("Saying 50 % every time costs 0.69")
    expect(verdict).to_contain_text(f"{sliders.count()} times you were at least 80 % sure")
    told = place.locator(".told").all_inner_texts()
    assert {text.split(".")[0] for text in told} == {"True", "Not true"}
    place.get_by_role("button", name="Guess again").press("Enter")
    expect(sliders.first).to_be_focused()
    expect(place.locator(".told").first).to_be_hidden()


@pytest.fixture
def page_of():
    return lambda place: place.page


def test_the_own_digit_goes_through_the_chapters(open_page):
    page = open_page("/learn/pixels")
    expect(page.locator("[data-own-words]")).to_contain_text("Read as 7")
    page.get_by_text("Write your own digit").press("Enter")
    page.locator('[data-view="draw"] button[title="A 3"]').click()
    expect(page.locator("[data-own-words]")).to_contain_text("Read as 3")
    page.evaluate(
        """async () => {
            const { keepOwn } = await import('/static/js/lens/frames.js');
            const frame = new Float32Array(784);
            for (let row = 4; row < 24; row += 1) frame.fill(1, 28 * row + 13, 28 * row + 16);
            keepOwn(frame);
        }"""
    )
    expect(page.locator("[data-own-words]")).to_contain_text("Read as 1")
    for address in ("/learn/answer", "/learn/training"):
        page.goto(address)
        expect(page.locator("[data-own-words]")).to_contain_text("Your digit goes with you")
        expect(page.locator("[data-own-words]")).to_contain_text("Read as 1")
    expect(page.locator('[data-view="toy-descent"]')).to_contain_text("Your digit has 7.7 % of ink")


def test_a_chapter_that_was_read_to_its_end_is_marked_and_can_be_forgotten(open_page):
    page = open_page("/learn/kernel")
    page.locator(".chapter-nav").scroll_into_view_if_needed()
    expect(page.locator(".chapter-nav")).to_be_in_viewport()
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 200)))")
    page.goto("/learn")
    expect(page.locator('[data-chapter-row="kernel"]')).to_contain_text("read")
    expect(page.locator('[data-chapter-row="pixels"] [data-done]')).to_be_hidden()
    page.get_by_role("button", name="Forget which chapters").click()
    expect(page.locator('[data-chapter-row="kernel"] [data-done]')).to_be_hidden()


def test_a_browser_that_keeps_nothing_still_teaches(browser, address):
    context = browser.new_context(base_url=address)
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })"
    )
    page = context.new_page()
    page.goto("/learn/answer")
    expect(page.locator("[data-own-words]")).to_contain_text("Read as 7")
    page.locator(".chapter-nav").scroll_into_view_if_needed()
    page.goto("/learn")
    expect(page.locator('[data-chapter-row="answer"]')).to_be_visible()
    context.close()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_on_paper_the_answers_are_unfolded_and_the_navigation_is_gone(open_page, chapter):
    page = open_page(f"/learn/{chapter}")
    page.emulate_media(media="print")
    for answer in page.locator(".questions .unfolded, .curious .unfolded").all():
        expect(answer).to_be_visible()
        assert answer.bounding_box()["height"] > 20
    for gone in (".site-header", ".site-footer", ".chapter-nav", ".own-change"):
        expect(page.locator(gone)).to_be_hidden()


@pytest.mark.parametrize("chapter", ["pixels", "kernel", "frame", "confidence"])
def test_without_javascript_the_example_stands_where_the_toy_would_be(open_page, chapter):
    page = open_page(f"/learn/{chapter}", java_script_enabled=False, width=360)
    place = page.locator(f'[data-view="{TOYS[chapter]}"]')
    expect(place.locator("svg, img, li").first).to_be_visible()
    expect(page.get_by_text("Write your own digit")).to_be_hidden()
    assert page.locator(".questions .question").count() >= 2


def test_without_javascript_a_part_that_is_only_live_says_so(open_page):
    page = open_page("/learn/training", java_script_enabled=False)
    expect(page.get_by_text("This part is live and needs JavaScript").first).to_be_visible()
    live = open_page("/learn/training")
    expect(live.get_by_text("This part is live and needs JavaScript").first).to_be_hidden()
