"""Digits written on the pad are read by the browser itself; where it cannot, the server reads as before."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from digitlens import Reader

WITHOUT_WEBASSEMBLY = "delete globalThis.WebAssembly"


def badge(page):
    return page.locator("[data-live-answer] .where")


def words(page):
    return page.locator("[data-live-words]")


def wait_for_network(page):
    """Until the network answers on the device; the page itself loads it when it is idle."""
    runtime = "async () => { await (await import('/static/js/device/runtime.js')).loadRuntime(); }"
    page.evaluate(runtime)


@pytest.fixture
def sent():
    """Addresses that the page posts to, once it is open."""

    def watch(page):
        posts = []
        page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
        return posts

    return watch


def test_what_is_written_is_read_on_the_device_and_sent_nowhere(open_page, write, sent):
    page = open_page()
    wait_for_network(page)
    posts = sent(page)
    write(page, "407")
    expect(words(page)).to_contain_text("Read 407.")
    expect(badge(page)).to_contain_text("Read on this device")
    badge(page).locator("summary").click()
    expect(badge(page)).to_contain_text("Nothing of your drawing was sent anywhere")
    assert posts == []


def test_without_a_connection_the_device_reads_on(open_page, write):
    page = open_page()
    wait_for_network(page)
    write(page, "2")
    expect(badge(page)).to_contain_text("Read on this device")
    page.context.set_offline(True)
    page.get_by_role("button", name="Clear").click()
    write(page, "75")
    expect(words(page)).to_contain_text("Read 75.")
    expect(badge(page)).to_contain_text("Read on this device")
    page.context.set_offline(False)


def test_a_digit_leads_to_the_lens_with_its_frame(open_page, write):
    page = open_page()
    wait_for_network(page)
    write(page, "7")
    link = page.locator("[data-live-answer] a.digit-link")
    expect(link).to_have_attribute("href", re.compile(r"^/lens#f=[\w-]{1046}$"))


def test_the_frame_of_the_device_gets_the_answer_that_the_server_gives_it(open_page, write):
    page = open_page()
    wait_for_network(page)
    write(page, "38")
    expect(words(page)).to_contain_text("Read 38.")
    frames = page.evaluate(
        """async () => {
          const { fromText } = await import('/static/js/lens/frames.js');
          const { loadRuntime } = await import('/static/js/device/runtime.js');
          const { classify } = await loadRuntime();
          const links = [...document.querySelectorAll('[data-live-answer] a.digit-link')];
          const frames = links.map((link) => fromText(new URL(link.href).hash.slice(3)));
          const logits = [];
          for (const frame of frames) logits.push([...await classify(frame)]);
          return frames.map((frame, index) => [[...frame], logits[index]]);
        }"""
    )
    given = np.array([frame for frame, _ in frames], np.float32).reshape(-1, 28, 28)
    assert len(given) == 2
    np.testing.assert_allclose(Reader().classifier.logits(given), [logits for _, logits in frames], atol=1e-3)


def test_without_webassembly_the_server_reads(open_page, write):
    page = open_page()
    page.add_init_script(WITHOUT_WEBASSEMBLY)
    page.reload()
    write(page, "25")
    expect(words(page)).to_contain_text("Read 25.")
    expect(badge(page)).to_contain_text("Read on the server")


@pytest.mark.parametrize("trouble", ["missing", "damaged", "cut short"])
def test_with_weights_that_are_no_good_the_server_reads(open_page, write, trouble):
    page = open_page()
    page.route("**/model/weights.tflite*", lambda route: spoil(route, trouble))
    page.reload()
    failure = page.evaluate(
        "import('/static/js/device/runtime.js').then(({loadRuntime}) => loadRuntime()).then(() => null, String)"
    )
    assert failure.startswith("Error: "), failure
    write(page, "4")
    expect(words(page)).to_contain_text("Read 4.")
    expect(badge(page)).to_contain_text("Read on the server")


def spoil(route, trouble):
    if trouble == "missing":
        route.fulfill(status=404, body="")
        return
    weights = bytearray(route.fetch().body())
    if trouble == "damaged":
        weights[len(weights) // 2] ^= 255
    route.fulfill(body=bytes(weights[:-1000] if trouble == "cut short" else weights))


def test_nothing_is_loaded_for_reading_before_the_page_is_there(open_page):
    page = open_page()
    entries = page.evaluate(
        """async () => {
          await (await import('/static/js/device/runtime.js')).loadRuntime();
          const [page] = performance.getEntriesByType('navigation');
          const files = performance.getEntriesByType('resource').filter(({name}) => /litert|weights/.test(name));
          return {loaded: page.loadEventStart, starts: files.map(({startTime}) => startTime)};
        }"""
    )
    assert entries["starts"]
    assert min(entries["starts"]) >= entries["loaded"]


def test_one_dot_is_said_to_be_no_digit(open_page):
    page = open_page()
    wait_for_network(page)
    page.locator("[data-pad] canvas").click(position={"x": 150, "y": 100})
    expect(words(page)).to_have_text("No digit yet. 1 mark is not a digit.")


def test_five_hundred_strokes_do_not_freeze_the_page(open_page):
    page = open_page()
    wait_for_network(page)
    longest_ms = page.evaluate(
        """async () => {
          const { createStrokeReader } = await import('/static/js/device/strokes.js');
          const { loadRuntime } = await import('/static/js/device/runtime.js');
          const pen = { minWidth: 2, maxWidth: 3.2, dotSize: 3.4 };
          const stroke = (index) => ({ ...pen, points: Array.from({ length: 12 }, (_, step) => ({
            x: 10 + (index * 37) % 560 + step, y: 10 + (index * 53) % 200 + 3 * step, time: 1 + 16 * step })) });
          let [longest, last, goes] = [0, performance.now(), true];
          const watch = () => {
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
            if (goes) setTimeout(watch);
          };
          watch();
          const reader = createStrokeReader(await loadRuntime());
          await reader.read(Array.from({ length: 500 }, (_, index) => stroke(index)), { width: 600, height: 270 });
          await new Promise((resolve) => setTimeout(resolve));
          goes = false;
          return longest;
        }"""
    )
    assert longest_ms < 1000


def test_many_digits_need_no_more_memory_than_ten(open_page):
    page = open_page()
    sizes = page.evaluate(
        """async () => {
          const { loadRuntime } = await import('/static/js/device/runtime.js');
          const { classify } = await loadRuntime();
          const { getGlobalLiteRt } = await import('/static/vendor/litertjs-core/index.js');
          const { wasmModule, liteRtWasm } = getGlobalLiteRt();
          const size = () => (wasmModule ?? liteRtWasm).HEAPU8.length;
          const frame = new Float32Array(784).fill(0.1);
          for (let k = 0; k < 10; k += 1) await classify(frame);
          const before = size();
          for (let k = 0; k < 1500; k += 1) await classify(frame);
          return [before, size()];
        }"""
    )
    assert sizes[0] == sizes[1]


def test_the_ink_that_is_read_is_the_ink_on_the_pad(open_page):
    page = open_page()
    difference = page.evaluate(
        """async () => {
          const { paintStroke } = await import('/static/js/device/paint.js');
          const SignaturePad = (await import('/static/vendor/signature_pad/signature_pad.js')).default;
          const points = Array.from({ length: 40 }, (_, k) => ({
            x: 60 + 30 * Math.sin(k / 5), y: 20 + 3 * k, time: 1000 + 12 * k + (k % 3), pressure: 0 }));
          const stroke = { points, minWidth: 2, maxWidth: 3.2, dotSize: 3.4, penColor: '#000',
            velocityFilterWeight: 0.7, compositeOperation: 'source-over' };
          const canvas = Object.assign(document.createElement('canvas'), { width: 150, height: 170 });
          const painter = new SignaturePad(canvas, {});
          painter.off();
          painter.fromData([stroke]);
          const pixels = canvas.getContext('2d').getImageData(0, 0, 150, 170).data;
          const ink = paintStroke(stroke);
          let [sum, count] = [0, 0];
          for (let y = 0; y < ink.height; y += 1) for (let x = 0; x < ink.width; x += 1) {
            const painted = pixels[4 * ((y + ink.top) * 150 + x + ink.left) + 3] / 255;
            const value = ink.values[y * ink.width + x];
            if (painted === 0 && value === 0) continue;
            sum += Math.abs(painted - value);
            count += 1;
          }
          return [sum / count, count];
        }"""
    )
    assert difference[1] > 500
    assert difference[0] < 0.03


def test_the_keyboard_alone_draws_a_digit_that_is_read(open_page, sent):
    page = open_page()
    wait_for_network(page)
    posts = sent(page)
    page.get_by_role("button", name="Draw with the keyboard").press("Enter")
    keys = page.keyboard
    keys.down("Shift")
    for _ in range(9):
        keys.press("ArrowRight")
    keys.up("Shift")
    expect(page.locator(".grid-where")).to_have_text("Row 7, column 23: ink")
    keys.press("p")
    for _ in range(8):
        for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
            keys.press(key)
    keys.press("p")
    expect(words(page)).to_contain_text("Read 7.")
    expect(badge(page)).to_contain_text("Read on this device")
    assert posts == []
    keys.press("Delete")
    expect(page.locator("[data-live-answer]")).to_be_hidden()


def test_a_digit_of_cells_is_read_by_the_server_too_and_kept(open_page):
    page = open_page()
    page.add_init_script(WITHOUT_WEBASSEMBLY)
    page.reload()
    page.get_by_role("button", name="Draw with the keyboard").click()
    box = page.locator(".grid-canvas").bounding_box()

    def at(row, column):
        return box["x"] + box["width"] * (column + 0.5) / 28, box["y"] + box["height"] * (row + 0.5) / 28

    page.mouse.move(*at(6, 8))
    page.mouse.down()
    for place in ((6, 19), (14, 14), (23, 11)):
        page.mouse.move(*at(*place), steps=5)
    page.mouse.up()
    expect(words(page)).to_contain_text("Read 7.")
    page.get_by_role("button", name="Keep this result").click()
    page.wait_for_url("**/r/*")
    expect(page.locator(".answer")).to_have_text("7")


def test_the_pad_and_its_strokes_come_back_from_the_grid(open_page, write):
    page = open_page()
    write(page, "4")
    expect(words(page)).to_contain_text("Read 4.")
    button = page.get_by_role("button", name="Draw with the keyboard")
    button.click()
    expect(page.locator("[data-pad]")).to_be_hidden()
    button.click()
    expect(page.locator("[data-pad]")).to_be_visible()
    expect(words(page)).to_contain_text("Read 4.")
