"""How long it takes from lifting the pen to the answer, on the device and through the server; and how both agree.

The real app on this machine, driven by the real Chromium. Digits are written on the pad with the mouse; the clock runs
in the page, from the event that lifts the pen to the change that shows the answer. For the agreement, numbers of one to
six digits are made from a score of ways to write a digit, some of two strokes, each with a size, slant, squeeze,
tremble and pen of its own (fixed seed), and the same strokes are read both ways.

    python benchmarks/live_reading.py [--digits 40] [--drawings 100]
"""

import argparse
import gzip
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "src/digitlens/web/static"
# Each digit in several ways of writing it: strokes in the order of writing, in units of its height, y down.
DIGITS = json.loads((ROOT / "benchmarks/pad_digits.json").read_text())
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PENS = {
    "thin": {"minWidth": 1, "maxWidth": 1.7, "dotSize": 1.8},
    "normal": {"minWidth": 2, "maxWidth": 3.2, "dotSize": 3.4},
    "thick": {"minWidth": 4, "maxWidth": 5.5, "dotSize": 6},
}
PAD = {"width": 640, "height": 272}
STOPWATCH = """
window.waits = [];
window.lifted = null;
addEventListener('pointerup', (event) => {
  if (event.target.closest('[data-pad]')) lifted = performance.now();
}, { capture: true });
addEventListener('DOMContentLoaded', () => {
  new MutationObserver(() => {
    if (lifted === null) return;
    waits.push(performance.now() - lifted);
    lifted = null;
  }).observe(document.querySelector('[data-live-answer]'), { childList: true });
});
"""
WITHOUT_DEVICE = "delete globalThis.WebAssembly;"
START = """async () => {
  const began = performance.now();
  await (await import('/static/js/device/runtime.js')).loadRuntime();
  return performance.now() - began;
}"""
CLASSIFY = """async (runs) => {
  const { loadRuntime } = await import('/static/js/device/runtime.js');
  const { networkAt } = await import('/static/js/lens/tasks.js');
  const runtime = await loadRuntime();
  const network = await networkAt(document.querySelector('meta[name="digitlens-network"]').content);
  const frame = Float32Array.from({ length: 784 }, (_, place) => (place % 28 > 12 && place % 28 < 16 ? 1 : 0));
  const time = async (run, count) => {
    const times = [];
    for (let k = 0; k < count; k += 1) {
      const began = performance.now();
      await run();
      times.push(performance.now() - began);
    }
    return times.slice(3);
  };
  const litert = await time(() => runtime.classify(frame), runs);
  return [litert, await time(() => network.forward(frame), Math.ceil(runs / 5))];
}"""
READ_BOTH = """async ([strokes, size]) => {
  const { createStrokeReader } = await import('/static/js/device/strokes.js');
  const { loadRuntime } = await import('/static/js/device/runtime.js');
  const { renderPng } = await import('/static/js/pad.js');
  window.deviceReader ??= createStrokeReader(await loadRuntime());
  const device = await window.deviceReader.read(strokes, size);
  const inked = strokes.map((stroke) => ({ ...stroke, penColor: '#1b2440' }));
  const body = await renderPng(inked, size.width, size.height);
  const response = await fetch('/api/v1/readings', { method: 'POST', body, headers: { 'Content-Type': 'image/png' } });
  return [device.text, (await response.json()).readings[0].text];
}"""


def start_server(folder):
    environ = os.environ | {"DIGITLENS_DATA_DIR": str(folder / "var"), "DIGITLENS_PORT": "0"}
    log = folder / "log.txt"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "digitlens", "serve"]
        server = subprocess.Popen(command, env=environ, stdout=output, stderr=output)
    while server.poll() is None:
        found = re.search(r"http://[\d.]+:\d+", log.read_text())
        if found:
            return server, found[0]
        time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text()}")


def write_digit(page, digit, left, height=100):
    box = page.locator("[data-pad] canvas").bounding_box()
    top = box["y"] + (box["height"] - height) / 2
    for stroke in DIGITS[digit][0]:
        first, *rest = [(box["x"] + left + 0.7 * height * x, top + height * y) for x, y in stroke]
        page.mouse.move(*first)
        page.mouse.down()
        for point in rest:
            page.mouse.move(*point, steps=4)
        page.mouse.up()
        page.evaluate("async () => { while (lifted !== null) await new Promise((go) => setTimeout(go, 20)); }")
        page.wait_for_timeout(150)


def pen_up_to_answer(browser, address, digits, *, on_device):
    """Milliseconds from lifting the pen to the answer, one for each stroke."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    page.add_init_script(STOPWATCH + ("" if on_device else WITHOUT_DEVICE))
    page.goto(address)
    if on_device:
        page.evaluate(START)
    for count in range(digits):
        if count % 4 == 0 and count:
            page.get_by_role("button", name="Clear").click()
        write_digit(page, str(count % 10), 20 + 110 * (count % 4))
    where = page.locator(".where").get_attribute("data-where")
    if where != ("device" if on_device else "server"):
        raise SystemExit(f"The pad was read on the {where}.")
    waits = page.evaluate("waits")
    page.context.close()
    return waits


def starts(browser, address, runs=5):
    """Milliseconds until the network answers on a device that never had the files; and on one that has."""
    first, again = [], []
    for _ in range(runs):
        context = browser.new_context()
        for times in (first, again):
            page = context.new_page()
            page.goto(address)
            times.append(page.evaluate(START))
            page.close()
        context.close()
    return first, again


def gzipped(paths):
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def sizes_kb():
    packed = sum(path.stat().st_size for path in (STATIC / "vendor/litertjs-core").glob("*.gz"))
    plain = [STATIC / "vendor/litertjs-core/index.js", STATIC / "vendor/litertjs-wasm-utils/index.js"]
    own = (STATIC / "js").rglob("*.js")
    return {
        "LiteRT.js as sent": (packed + sum(path.stat().st_size for path in plain)) / 1000,
        "weights": (ROOT / "src/digitlens/model/weights.tflite").stat().st_size / 1000,
        "our JavaScript for all pages, gzipped": gzipped(own) / 1000,
        "... of it for reading on the device": gzipped((STATIC / "js/device").glob("*.js")) / 1000,
    }


def made_up_drawing(rng):
    """Strokes of a number on the pad, as signature_pad keeps them, and what stands there."""
    text = "".join(str(digit) for digit in rng.integers(0, 10, rng.integers(1, 7)))
    height = float(rng.uniform(45, 110)) if len(text) > 3 else float(rng.uniform(60, 170))
    pen = {**PENS[str(rng.choice(list(PENS)))], "velocityFilterWeight": 0.7}
    pitch = min(height * rng.uniform(0.72, 1.0), (PAD["width"] - 40) / len(text))
    squeeze = min(0.62 * height, 0.8 * pitch) / height
    slant, turn = rng.uniform(-0.1, 0.3), rng.uniform(-0.08, 0.08)
    top = rng.uniform(10, PAD["height"] - height - 10)
    strokes, clock = [], 1000.0
    for place, digit in enumerate(text):
        left, lift = 20 + pitch * place + rng.uniform(0, 0.08) * height, rng.uniform(-0.05, 0.05) * height
        ways = DIGITS[digit]
        for stroke in ways[rng.integers(len(ways))]:
            points = []
            for x, y in smoothed(np.array(stroke) + rng.normal(0, 0.018, (len(stroke), 2)), height):
                clock += 10
                right, down = squeeze * (x + slant * (1 - y)), y + turn * (x - 0.5)
                points.append({"x": left + height * right, "y": top + lift + height * down, "time": clock})
            clock += 200
            strokes.append({"points": points, **pen})
    return strokes, text


def smoothed(points, height):
    """Points along a curve through the given ones (Catmull and Rom), some 5 px apart."""
    padded = np.vstack([points[:1], points, points[-1:]])
    curve = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(2, math.ceil(height * float(np.hypot(*(end - start))) / 5))
        share = (np.arange(count) / count)[:, None]
        square, cube = 2 * before - 5 * start + 4 * end - after, 3 * start - before - 3 * end + after
        curve.extend(0.5 * (2 * start + (end - before) * share + square * share**2 + cube * share**3))
    return [*curve, points[-1], points[-1]]


def agreement(browser, address, drawings):
    rng = np.random.default_rng(20)
    page = browser.new_page()
    page.goto(address)
    counts = {"device": 0, "server": 0, "same": 0}
    mistakes = []
    for _ in range(drawings):
        strokes, text = made_up_drawing(rng)
        device, server = (answer.replace(" ", "") for answer in page.evaluate(READ_BOTH, [strokes, PAD]))
        counts["device"] += device == text
        counts["server"] += server == text
        counts["same"] += device == server
        if not device == server == text:
            mistakes.append((text, device, server))
    page.close()
    return counts, mistakes


def print_times(browser, address, digits):
    print("| | median, ms | 95 of 100 within, ms | n |\n| --- | ---: | ---: | ---: |")
    row("pen-up to answer, on the device", pen_up_to_answer(browser, address, digits, on_device=True))
    row("pen-up to answer, through the server", pen_up_to_answer(browser, address, digits, on_device=False))
    page = browser.new_page()
    page.goto(address)
    litert, script = page.evaluate(CLASSIFY, 200)
    page.close()
    row("one frame, LiteRT.js", litert)
    row("one frame, our JavaScript of the lens", script)
    first, again = starts(browser, address)
    row("start of the network, first visit", first)
    row("start of the network, files known", again)


def row(name, times):
    ordered = sorted(times)
    within = ordered[math.ceil(0.95 * len(ordered)) - 1]
    print(f"| {name} | {statistics.median(times):.1f} | {within:.1f} | {len(times)} |", flush=True)


def print_sizes():
    print("\n| what is loaded | kB |\n| --- | ---: |")
    for name, size in sizes_kb().items():
        print(f"| {name} | {size:.0f} |")


def print_agreement(browser, address, drawings):
    counts, mistakes = agreement(browser, address, drawings)
    print(f"\nOf {drawings} drawings all digits were right on the device in {counts['device']}, through the server in")
    print(f"{counts['server']}; both read the same in {counts['same']}.")
    for text, device, served in mistakes:
        print(f"  {text}: device {device or '-'}, server {served or '-'}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=int, default=40)
    parser.add_argument("--drawings", type=int, default=100)
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM") or shutil.which("chromium"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, address = start_server(Path(folder))
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=FLAGS)
        try:
            print_times(browser, address, arguments.digits)
            print_sizes()
            print_agreement(browser, address, arguments.drawings)
        finally:
            browser.close()
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
