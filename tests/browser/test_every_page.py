"""Checks that hold for every page, at every width, in both themes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDTHS = [360, 768, 1440]
PAGES = [
    "home",
    "refused",
    "result",
    "doubtful",
    "blank",
    "unsure",
    "batch",
    "error",
    "api",
    "learn",
    "kernel",
    "training",
    "lens",
]
PAGES += ["sample", "enlarged", "digit", "mark", "no-such-digit", "offline"]
CHAPTERS = ["pixels", "frame", "layers", "answer", "confidence", "limits"]  # beside the two above
AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # all that a theme can change


@pytest.fixture(scope="module")
def addresses(browser, address, doubting_address, sample, tmp_path_factory):
    """A result, a batch and so on, made once; "refused" has no address of its own."""
    from PIL import Image, ImageDraw, ImageFilter

    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGB", (400, 300), "white").save(folder / "blank.png")
    faint = Image.new("L", (400, 300), 225)  # a scratch, or a 1
    ImageDraw.Draw(faint).line([(215, 90), (195, 210)], 195, 7)
    faint.filter(ImageFilter.GaussianBlur(1.2)).save(folder / "faint.png")
    (folder / "letter.png").write_text("Dear bank")
    context = browser.new_context(service_workers="block")

    def send(*paths, to=address):
        page = context.new_page()
        page.goto(to)
        page.locator("#files").set_input_files(list(paths))
        page.wait_for_url(re.compile("/[rb]/"))
        return page.url

    made = {
        "home": "/",
        "result": send(sample("thick-marker")),
        "doubtful": send(sample("sum-on-whiteboard"), to=doubting_address),
        "blank": send(folder / "blank.png"),
        "unsure": send(folder / "faint.png"),
        "batch": send(sample("single-digit"), folder / "letter.png", sample("score-sheet")),
        "error": "/r/there-is-nothing-here",
        "api": "/api/docs",
        "lens": "/lens",
        "sample": "/samples/score-sheet",
        "enlarged": "/samples/score-sheet#picture",
        "digit": "/samples/star-and-smiley/digits/2",
        "mark": "/samples/star-and-smiley/marks/1",
        "no-such-digit": "/samples/star-and-smiley/digits/99",
        "learn": "/learn",
        "kernel": "/learn/kernel",
        "training": "/learn/training",
        "offline": "/offline",
    }
    made |= {slug: f"/learn/{slug}" for slug in CHAPTERS}
    context.close()
    return made


@pytest.fixture
def visit(open_page, addresses, tmp_path):
    def visit(name, **options):
        if name != "refused":
            page = open_page(addresses[name], **options)
        else:
            letter = tmp_path / "letter.png"
            letter.write_text("Dear bank")
            page = open_page("/", **options)
            page.locator("#files").set_input_files(letter)
            page.get_by_role("alert").wait_for()
        for view in page.locator("[data-view]").all():
            view.scroll_into_view_if_needed()
        # Not `wait_for_function`, which polls by eval: the policy forbids it. What lies folded away is not mounted.
        # A stale view, which still computes, is dimmed: its contrast is not the one that a reader gets.
        waiting = "[data-view]:not(:has(> :not(.view-wait))), [aria-busy=true], .is-stale"
        waiting = page.locator(waiting).filter(visible=True)
        expect(waiting).to_have_count(0)
        page.evaluate(
            """Promise.all([...document.images].filter((image) => image.loading !== 'lazy')
                .map((image) => image.decode().catch(() => null)))"""
        )
        return page

    return visit


@pytest.mark.parametrize("name", PAGES + CHAPTERS)
def test_no_page_scrolls_sideways(visit, name):
    page = visit(name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")  # views follow
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", PAGES + CHAPTERS)
def test_axe_finds_nothing_in_light_and_dark(visit, name, width):
    page = visit(name, width=width)
    page.evaluate(AXE)
    for scheme, rules in (("light", AA), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("options => axe.run(document, options)", rules)["violations"]
        told = [(one["id"], one["help"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
        assert told == [], scheme


@pytest.mark.parametrize("name", PAGES)
def test_what_a_finger_has_to_hit_is_44_pixels_high(visit, name):
    page = visit(name, width=360)
    targets = "main :is(.button, .sample, summary, .digit-link, .opinion, .mark), header a, footer a"
    small = page.locator(targets).evaluate_all(
        """elements => elements.map((element) => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([, { width, height }]) => width > 0 && (height < 43.9 || width < 24))
            .map(([text, { width, height }]) => `${text}: ${width} x ${height}`)"""
    )
    assert small == []
