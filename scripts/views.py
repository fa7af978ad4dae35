"""Photograph every view of the app at the width of a phone and of a desktop, and list them in docs/views.md.

python scripts/views.py      (needs Chromium and Playwright: `digitlens[dev]`)
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from screenshots import REPOSITORY, SAMPLES, running_app, write

IMAGES = REPOSITORY / "docs/img/views"
LISTING = REPOSITORY / "docs/views.md"
WIDTHS = (360, 1440)
TALLEST = 2400  # pixels: a longer view goes on like that
QUALITY = 80
CHAPTERS = ("pixels", "frame", "kernel", "layers", "answer", "training", "confidence", "limits")
SECTIONS = {
    "inside": "Inside the network: a map of the first convolution and the sum of one unit",
    "evidence": "Evidence: what speaks for the answer and against it",
    "what-if": "What if: sliders, the brush, the curve, the smallest change",
    "why": "Why it may be wrong",
    "map": "The map of the test digits, with one's own among them",
    "lenet": "LeNet-5 of 1998 beside the served network",
}


@dataclass(frozen=True)
class View:
    """One picture: where it is, what to do there first, and which part of the page to take (the whole if empty)."""

    name: str
    title: str
    path: str
    prepare: Callable[[Page], None] = lambda _page: None
    part: str = ""
    scheme: str = "light"


def views() -> Iterator[View]:
    """All of them, in the order of docs/views.md."""
    yield View("home", "Home", "/")
    yield View(
        "pad",
        "The pad, read on the device",
        "/",
        lambda page: write(page, "407", height=80, left=24),
        "[data-pad-panel]",
    )
    yield View("keyboard", "Drawing by keyboard", "/", draw_by_keyboard, "[data-pad-panel]")
    yield View("result", "A result and the way of its picture", "/samples/pencil-shadow")
    yield View("nothing", "A picture with marks that are no digits", "/samples/star-and-smiley", scheme="dark")
    yield View("digit", "How one digit was read", "/samples/phone-number/digits/6", part="main")
    yield View("mark", "Why a mark was left out", "/samples/star-and-smiley/marks/1", part="main")
    yield View("batch", "A batch", "/", send_batch)
    yield View("lens", "The lens", "/lens")
    for name, title in SECTIONS.items():
        yield View(f"lens-{name}", title, "/lens", part=f"#{name}")
    yield View("lens-dark", "The lens in the dark", "/lens", scheme="dark")
    yield View("learn", "The lesson", "/learn")
    for number, slug in enumerate(CHAPTERS, start=1):
        yield View(f"learn-{slug}", f"Chapter {number}", f"/learn/{slug}")
    yield View("arabic", "In Arabic, right to left", "/?lang=ar")
    yield View("lens-german", "In German", "/lens?lang=de", part="#why")
    yield View("offline", "Offline, on a page that is not kept", "/offline")
    yield View("error", "An address where nothing is", "/r/nothing-is-here")
    yield View("api", "The API, to try", "/api/docs")


def draw_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Draw with the keyboard").click()
    for key in ["Space", *["Shift+ArrowDown"] * 9]:
        page.keyboard.press(key)


def send_batch(page: Page) -> None:
    names = ("postcode", "sum-on-whiteboard", "thick-marker")
    page.locator("#files").set_input_files([SAMPLES / f"{name}.jpg" for name in names])
    page.wait_for_url("**/b/*")


def photograph(browser: Browser, address: str, view: View, width: int) -> None:
    is_phone = width < 600
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 740 if is_phone else 900},
        color_scheme=view.scheme,
        reduced_motion="reduce",
        has_touch=is_phone,
        is_mobile=is_phone,
        service_workers="block",
    )
    page = context.new_page()
    page.goto(view.path)
    view.prepare(page)
    wait_for_views(page)
    shot = page.locator(view.part).first.screenshot() if view.part else page.screenshot(full_page=True)
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).save(
        IMAGES / f"{view.name}-{width}.webp", quality=QUALITY, method=6
    )
    context.close()


def wait_for_views(page: Page) -> None:
    """Every live part is mounted when it comes near the window; then it has a moment for its numbers."""
    page.evaluate("document.querySelectorAll('.lens-nav').forEach((bar) => { bar.style.position = 'static'; })")
    for place in page.locator("[data-view]:visible, img[loading=lazy]:visible").all():
        place.scroll_into_view_if_needed()
        page.wait_for_timeout(400 if place.get_attribute("data-view") else 0)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)
    page.evaluate("scrollTo(0, 0)")


def listing(all_views: list[View]) -> str:
    lines = ["# Every view, on a phone and on a desktop", "", "Made by `scripts/views.py`; long pages are cut.", ""]
    for view in all_views:
        lines += [f"## {view.title}", ""]
        lines += [f"![{view.title}, {width} pixels wide](img/views/{view.name}-{width}.webp)" for width in WIDTHS]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Make all pictures and their list."""
    shutil.rmtree(IMAGES, ignore_errors=True)
    IMAGES.mkdir(parents=True)
    all_views = list(views())
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with running_app() as address, sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=[*flags, "--disable-sync"])
        for view in all_views:
            for width in WIDTHS:
                photograph(browser, address, view, width)
        browser.close()
    LISTING.write_text(listing(all_views), encoding="utf-8")
    sizes = [path.stat().st_size for path in IMAGES.iterdir()]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
