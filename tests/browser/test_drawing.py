"""The drawing pad reads while one writes."""

import pytest
from playwright.sync_api import expect


def answer(page):
    return page.locator("[data-live-answer]")


def test_written_digits_are_read_with_confidence_and_boxes(open_page, write):
    page = open_page()
    write(page, "407")
    expect(page.locator("[data-live-words]")).to_contain_text("Read 407.")
    expect(answer(page).locator(".digit-value")).to_have_text(["4", "0", "7"])
    expect(answer(page).locator(".digit-percent").first).to_contain_text("%")
    expect(page.locator("[data-pad-boxes] .box")).to_have_count(3)


def test_the_answer_comes_before_the_pen_is_lifted(open_page, write):
    page = open_page()
    box = page.locator("[data-pad] canvas").bounding_box()
    x, y = box["x"] + 200, box["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 120, steps=12)
    expect(page.locator("[data-live-words]")).not_to_be_empty()
    page.mouse.up()


@pytest.mark.parametrize("pen", ["Thin pen", "Normal pen", "Thick pen"])
def test_every_pen_is_read(open_page, write, pen):
    page = open_page()
    page.get_by_title(pen).click()
    expect(page.get_by_label(pen)).to_be_checked()
    write(page, "25")
    expect(page.locator("[data-live-words]")).to_contain_text("Read 25.")


def test_undo_redo_and_clear_work_with_keys_and_buttons(open_page, write):
    page = open_page()
    write(page, "75")
    expect(answer(page).locator(".digit-value")).to_have_text(["7", "5"])
    page.keyboard.press("Control+z")
    expect(answer(page).locator(".digit-value")).to_have_text(["7"])
    page.keyboard.press("Control+Shift+z")
    expect(answer(page).locator(".digit-value")).to_have_text(["7", "5"])
    page.get_by_role("button", name="Clear").click()
    expect(answer(page)).to_be_hidden()
    expect(page.locator("[data-pad-boxes] .box")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(answer(page).locator(".digit-value")).to_have_text(["7", "5"])


def test_a_mark_that_is_no_digit_is_said_and_not_read(open_page):
    page = open_page()
    canvas = page.locator("[data-pad] canvas")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 130)
    page.mouse.down()
    for step in range(16):
        page.mouse.move(box["x"] + 60 + 22 * step, box["y"] + (90 if step % 2 else 170), steps=3)
    page.mouse.up()
    expect(page.locator("[data-live-words]")).to_contain_text("not a digit")


def test_a_smaller_window_keeps_what_was_written(open_page, write):
    page = open_page(width=1280)
    write(page, "4077")
    expect(answer(page).locator(".digit-value")).to_have_text(["4", "0", "7", "7"])
    page.set_viewport_size({"width": 340, "height": 800})
    page.wait_for_timeout(400)
    expect(page.locator("[data-pad-boxes] .box")).to_have_count(4)
    pad = page.locator("[data-pad]").bounding_box()
    for box in page.locator("[data-pad-boxes] .box .edge").all():
        bounds = box.bounding_box()
        assert bounds["x"] + bounds["width"] <= pad["x"] + pad["width"]


def test_the_pad_is_sharp_on_a_dense_screen(open_page, write):
    page = open_page(device_scale_factor=2)
    ratio = page.locator("[data-pad] canvas").evaluate("canvas => canvas.width / canvas.clientWidth")
    assert ratio == pytest.approx(2, rel=0.01)
    write(page, "38")
    expect(page.locator("[data-live-words]")).to_contain_text("Read 38.")


def test_the_ink_of_a_quick_stroke_reaches_where_the_pen_was_lifted(open_page):
    page = open_page()
    box = page.locator("[data-pad] canvas").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 120)
    page.mouse.move(box["x"] + 100, box["y"] + 200)
    page.mouse.up()
    ink = "canvas => canvas.getContext('2d').getImageData(100, 195, 1, 1).data[3]"
    assert page.locator("[data-pad] canvas").evaluate(ink) > 0


def draw(page, *points):
    """One stroke through points that are shares of the pad's height from its left upper corner."""
    box = page.locator("[data-pad] canvas").bounding_box()
    first, *rest = [(box["x"] + box["height"] * x, box["y"] + box["height"] * y) for x, y in points]
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


@pytest.mark.parametrize(
    ("sign", "left"),
    [([(0.66, 0.72), (0.665, 0.725)], 0.73), ([(0.64, 0.72), (1.08, 0.36)], 1.02)],
    ids=["a point", "a slash"],
)
def test_what_is_written_between_digits_keeps_them_apart(open_page, sign, left):
    page = open_page()
    draw(page, (0.3, 0.3), (0.6, 0.3), (0.45, 0.75))
    draw(page, *sign)
    draw(page, *((left + x, y) for x, y in ((0.03, 0.32), (0.23, 0.3), (0.28, 0.42), (0, 0.75), (0.38, 0.75))))
    expect(page.locator("[data-live-words]")).to_contain_text("Read 7 2.")


def test_a_reload_does_not_lose_what_was_written_but_clearing_forgets_it(open_page, write):
    page = open_page()
    write(page, "407")
    expect(page.locator("[data-live-words]")).to_contain_text("Read 407.")
    page.goto("/learn")
    page.goto("/")
    expect(page.locator("[data-live-words]")).to_contain_text("Read 407.")
    page.get_by_title("Undo").click()
    expect(page.locator("[data-pad-hint]")).to_be_visible()
    page.get_by_title("Redo").click()
    page.get_by_title("Clear the pad").click()
    page.reload()
    expect(page.locator("[data-pad-hint]")).to_be_visible()
    expect(page.locator("[data-live-words]")).to_be_empty()


def test_a_kept_drawing_gets_its_own_page(open_page, write):
    page = open_page()
    write(page, "92")
    page.get_by_role("button", name="Keep this result").click()
    page.wait_for_url("**/r/*")
    expect(page.locator(".answer")).to_have_text("92")


def test_a_finger_writes_without_moving_the_page(open_page):
    page = open_page(width=360)
    canvas = page.locator("[data-pad] canvas")
    assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    assert page.locator("body").evaluate("body => getComputedStyle(body).touchAction") == "auto"
    canvas.scroll_into_view_if_needed()
    box, scrolled = canvas.bounding_box(), page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + 120, box["y"] + 40
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 15):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y + 10 * step}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("[data-live-words]")).to_contain_text("Read 1.")
    assert page.evaluate("scrollY") == scrolled


def test_without_a_connection_the_strokes_stay_and_are_read_when_it_is_back(open_page, write):
    page = open_page()
    page.add_init_script("delete globalThis.WebAssembly")  # with it, the device reads without a connection
    page.reload()
    page.context.set_offline(True)
    write(page, "4")
    expect(answer(page)).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    expect(answer(page).locator(".digit-value")).to_have_text(["4"])
