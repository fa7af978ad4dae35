"""The real app on a free port, driven by the real Chromium. A page that logs an error fails its test."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "src/digitlens/web/static"
WAIT_MS = 20_000  # a busy machine may be slow; what is there at once is found at once
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs Chromium (apt install chromium, or its path in CHROMIUM)")
    return path


@pytest.fixture(scope="session")
def start_server(tmp_path_factory):
    """`start_server(port=0)` starts the real server, as `digitlens serve` does, and gives its address.

    With `model`, it serves the network of that folder; `start_server.stop(address)` ends it.
    """
    servers = {}

    def start_server(model=None, **settings):
        folder = tmp_path_factory.mktemp("server")
        given = {"data_dir": folder / "var", "port": 0, **settings}
        environ = os.environ | {f"DIGITLENS_{name.upper()}": str(value) for name, value in given.items()}
        log = folder / "log.txt"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "digitlens", "serve", *(["--model", str(model)] if model else [])]
            server = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
        address = wait_for_address(log, server)
        servers[address] = server
        return address

    def stop(address):
        server = servers.pop(address)
        server.terminate()
        server.wait(timeout=30)

    start_server.stop = stop
    yield start_server
    for address in list(servers):
        stop(address)


@pytest.fixture(scope="session")
def address(start_server):
    """Where the app listens, without a slash at the end."""
    return start_server()


@pytest.fixture(scope="session")
def doubting_address(start_server):
    """The app with a review threshold that no digit reaches, so that every digit is doubtful."""
    return start_server(review_threshold=1.0)


def wait_for_address(log, server, timeout_s=60):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end and server.poll() is None:
        found = re.search(r"http://[\d.]+:\d+", log.read_text())
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(chromium_path):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    """`open_page("/", width=360)` opens a page; at the end no page may have logged an error."""
    contexts, errors = [], []

    def open_page(path="/", *, width=1280, scheme="light", **options):
        is_phone = width < 600
        options.setdefault("service_workers", "block")  # else each test's first page keeps the whole app
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            reduced_motion="reduce",
            has_touch=is_phone,
            is_mobile=is_phone,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: errors.append(f"{error}\n{error.stack}"))
        page.on("console", lambda message: errors.append(message.text) if is_unexpected(message) else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def is_unexpected(message):
    """Chromium logs each failed request and each blocked service worker; the tests look at those themselves."""
    known = ("Failed to load resource", "Service Worker registration blocked")
    return message.type in ("error", "warning") and not any(words in message.text for words in known)


@pytest.fixture(scope="session")
def sample():
    """`sample("single-digit")` is the path of a bundled picture."""
    return lambda name: STATIC / "samples" / f"{name}.jpg"


@pytest.fixture(scope="session")
def write():
    """`write(page, "407")` writes digits on the pad with the mouse, like a hand would."""
    strokes = json.loads((HERE / "strokes.json").read_text())

    def write(page, digits, height=90):
        canvas = page.locator("[data-pad] canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        top = box["y"] + (box["height"] - height) / 2
        for place, digit in enumerate(digits):
            left = box["x"] + 30 + place * height
            for stroke in strokes[digit]:
                first, *rest = [(left + 0.75 * height * x, top + height * y) for x, y in stroke]
                page.mouse.move(*first)
                page.mouse.down()
                for point in rest:
                    page.mouse.move(*point, steps=4)
                page.mouse.up()

    return write
