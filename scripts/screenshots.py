"""Make the pictures of the README: start the app, use it with Chromium, photograph it.

Run it after a change of the look: `python scripts/screenshots.py`. Needs Chromium and Playwright (`digitlens[dev]`).
It also draws the PNG icons from `icons/logo.svg`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
IMAGES = REPOSITORY / "docs/img"
ICONS = REPOSITORY / "src/digitlens/web/static/icons"
SAMPLES = REPOSITORY / "src/digitlens/web/static/samples"
STROKES = json.loads((REPOSITORY / "tests/browser/strokes.json").read_text())
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
GAP = 48  # pixels between phones that stand side by side


@contextmanager
def running_app() -> Iterator[str]:
    """The address of the real server, with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"DIGITLENS_DATA_DIR": folder, "DIGITLENS_PORT": "0"}
        log = Path(folder) / "log.txt"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "digitlens", "serve"]
            server = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
        try:
            while not (found := re.search(r"http://[\d.]+:\d+", log.read_text())):
                if server.poll() is not None:
                    raise SystemExit(log.read_text())
                time.sleep(0.1)
            yield found[0]
        finally:
            server.terminate()
            server.wait()


def open_page(browser: Browser, address: str, *, phone: bool = False, scheme: str = "light") -> Page:
    context = browser.new_context(
        base_url=address,
        viewport=PHONE if phone else DESKTOP,
        device_scale_factor=1.5,
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=phone,
        is_mobile=phone,
    )
    page = context.new_page()
    page.goto("/")
    return page


def write(page: Page, digits: str, height: float, left: float) -> None:
    """Write digits on the pad, each a little higher or lower than the one before, as a hand does."""
    canvas = page.locator("[data-pad] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    jitter = np.random.default_rng(7)
    for place, digit in enumerate(digits):
        x0 = box["x"] + left + 0.95 * height * place
        y0 = box["y"] + (box["height"] - height) / 2 + 6 * jitter.uniform(-1, 1)
        for stroke in STROKES[digit]:
            points = rounded(np.array(stroke)) * (0.72 * height, height) + (x0, y0)
            page.mouse.move(*points[0])
            page.mouse.down()
            for point in points[1:]:
                page.mouse.move(*point)
            page.mouse.up()
    page.get_by_text(f"Read {digits}.").wait_for(state="attached")


def rounded(points: np.ndarray, rounds: int = 3) -> np.ndarray:
    """Cut the corners of a polyline (Chaikin 1974); its ends stay. (N, 2) -> (M, 2)."""
    for _ in range(rounds):
        before, after = points[:-1], points[1:]
        cut = np.stack([0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], cut[1:-1], points[-1:]])
    return points


def send(page: Page, *names: str) -> None:
    """Upload bundled pictures and wait for their page."""
    page.locator("#files").set_input_files([SAMPLES / f"{name}.jpg" for name in names])
    page.wait_for_url(re.compile("/[rb]/"))
    page.evaluate("Promise.all([...document.images].filter((i) => i.loading !== 'lazy').map((i) => i.decode()))")


def photograph_desktop(browser: Browser, address: str) -> None:
    for scheme, name in (("light", "home.png"), ("dark", "home-dark.png")):
        page = open_page(browser, address, scheme=scheme)
        write(page, "40729", height=120, left=36)
        page.screenshot(path=IMAGES / name)
    page = open_page(browser, address)
    send(page, "star-and-smiley")
    page.screenshot(path=IMAGES / "result.png")
    page = open_page(browser, address)
    send(page, "postcode", "sum-on-whiteboard", "thick-marker", "blackboard")
    page.screenshot(path=IMAGES / "batch.png")
    page = open_page(browser, address)
    page.goto("/api/docs")
    page.get_by_text("/healthz").wait_for()
    page.screenshot(path=IMAGES / "api.png")


def photograph_phone(browser: Browser, address: str) -> None:
    """Three phones side by side: home, pad, result."""
    home = open_page(browser, address, phone=True)
    pad = open_page(browser, address, phone=True, scheme="dark")
    pad.locator("[data-pad-panel]").evaluate("panel => scrollTo(0, panel.offsetTop - 16)")
    write(pad, "385", height=96, left=28)
    result = open_page(browser, address, phone=True)
    send(result, "sum-on-whiteboard")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.png" for number in range(3)]
        for page, path in zip((home, pad, result), paths, strict=True):
            page.screenshot(path=path)
        side_by_side([Image.open(path) for path in paths]).save(IMAGES / "phone.png", optimize=True)


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """On a transparent ground, so that it suits a light and a dark README."""
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGBA", (width, max(picture.height for picture in pictures)))
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + GAP
    return sheet


def draw_icons(browser: Browser) -> None:
    logo = (ICONS / "logo.svg").read_text()
    sides = {"favicon-32": 32, "icon-180": 180, "icon-192": 192, "icon-512": 512}
    # A maskable icon may lose its rim: the logo stands inside, its blue goes to the edge (W3C, "maskable icons").
    sides |= {"maskable-192": 192, "maskable-512": 512}
    for name, side in sides.items():
        page = browser.new_page(viewport={"width": side, "height": side})
        scale = 0.8 if "maskable" in name else 1
        style = f"margin: 0; height: {side}px; display: grid; place-items: center"
        ground = "background: #2447c5" if scale < 1 else ""
        page.set_content(
            f"<style>body {{ {style}; {ground} }} svg {{ width: {scale * side}px; height: auto }}</style>{logo}"
        )
        page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
        page.close()


def main() -> None:
    """Make all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with running_app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*flags, "--disable-sync"])
        draw_icons(browser)
        photograph_desktop(browser, address)
        photograph_phone(browser, address)
        browser.close()
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.relative_to(REPOSITORY)}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
