"""Makes tests/data/pages again: small pages with exact labels, written with MNIST test digits.

    python tests/data/make_pages.py FOLDER_WITH_MNIST

The seed was chosen by looking at the pages, so that a person can read them, never by what a reader makes of them. The
few digits in them only check the way from page to text; the network's accuracy is measured elsewhere, on all 10,000.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from digitlens.training.camera import SCREEN, SCREEN_LIGHT, Camera, Light, Shadow
from digitlens.training.pages import GlyphsByDigit, Page, PageSpec, Row, render_page
from digitlens.training.paper import (
    BLACKBOARD,
    CREAM_PAPER,
    GREY_PAPER,
    WHITE_PAPER,
    Ruling,
    boxes,
    ruled_lines,
    squares,
)
from digitlens.training.pens import (
    BLACK_BALLPOINT,
    BLUE_BALLPOINT,
    CHALK,
    FOUNTAIN_PEN,
    GREEN_BALLPOINT,
    MARKER,
    PENCIL,
    RED_BALLPOINT,
    STYLUS,
)
from digitlens.training.samples import encode_jpeg, load_test_glyphs

OUT = Path(__file__).parent / "pages"
SEED = 20261
SIZE = (480, 360)
RULED = Ruling(ruled_lines(SIZE, 44, 16), (118, 150, 196), 2, 0.45)
SQUARED = Ruling(squares(SIZE, 24), (140, 168, 200), 1, 0.6)
FORM = Ruling(boxes(60, 140, 54, 62, 6), (226, 112, 62), 2, 0.85)
STILL = Camera(turn_deg=0, tilt=0)
SMALL_PEN = replace(BLACK_BALLPOINT, width=0.12)

# name, what makes the page hard, how it is made
PAGES = [
    (
        "plain",
        "black ballpoint, two rows, a gap in the second",
        PageSpec(SIZE, (Row("40719", 60, 150, 64, BLACK_BALLPOINT), Row("58 236", 60, 270, 64, BLACK_BALLPOINT))),
    ),
    (
        "ruled",
        "fountain pen on ruled paper, four rows",
        PageSpec(
            SIZE,
            tuple(
                Row(text, 70, 102 + 66 * i, 44, FOUNTAIN_PEN) for i, text in enumerate(["407", "92", "1586", "33 275"])
            ),
            replace(WHITE_PAPER, rulings=(replace(RULED, segments=ruled_lines(SIZE, 66, 40)),)),
        ),
    ),
    (
        "squared",
        "ballpoint on squared paper, three rows, gaps",
        PageSpec(
            SIZE,
            tuple(
                Row(text, 62, 118 + 96 * i, 50, replace(BLACK_BALLPOINT, width=0.075))
                for i, text in enumerate(["126 48", "73 905", "58 310"])
            ),
            replace(WHITE_PAPER, rulings=(SQUARED,)),
        ),
    ),
    (
        "form",
        "felt pen in printed boxes",
        PageSpec(
            SIZE,
            (Row("204578", 87, 191, 38, replace(MARKER, width=0.11), advance=62),),
            replace(CREAM_PAPER, rulings=(FORM,)),
        ),
    ),
    (
        "hard-shadow",
        "the sharp edge of a shadow runs through pencil digits",
        PageSpec(
            SIZE,
            (Row("8164", 80, 155, 66, PENCIL, spacing=0.35), Row("3572", 80, 275, 66, PENCIL, spacing=0.35)),
            light=Light(slope=0.12, shadows=(Shadow(0.45, 4, 25, 0.0),)),
        ),
    ),
    (
        "soft-shadow",
        "a soft band of shadow across blue ballpoint",
        PageSpec(
            SIZE,
            (Row("960 418", 60, 205, 60, BLUE_BALLPOINT),),
            light=Light(slope=0.2, warmth=0.4, shadows=(Shadow(0.4, 60, 20, -0.1, 0.25),)),
        ),
    ),
    (
        "blackboard",
        "light on dark: chalk",
        PageSpec(
            SIZE,
            (Row("365", 60, 150, 84, CHALK), Row("724", 130, 300, 84, CHALK)),
            BLACKBOARD,
            Light(slope=0.3, angle_deg=160),
        ),
    ),
    (
        "screen",
        "light on dark: drawn on a screen, no camera",
        PageSpec(
            SIZE,
            (Row("90817", 60, 225, 70, STYLUS),),
            replace(BLACKBOARD, texture=0, clouds=0),
            SCREEN_LIGHT,
            SCREEN,
        ),
    ),
    (
        "coloured",
        "red, green and blue ink",
        PageSpec(
            SIZE,
            (
                Row("621", 70, 115, 58, RED_BALLPOINT),
                Row("3459", 70, 205, 58, GREEN_BALLPOINT),
                Row("870", 70, 295, 58, BLUE_BALLPOINT),
            ),
            CREAM_PAPER,
        ),
    ),
    (
        "sizes",
        "heights of 130, 44 and 20 pixels on one page",
        PageSpec(
            SIZE,
            (
                Row("53", 70, 180, 130, replace(MARKER, width=0.09)),
                Row("1962", 90, 262, 44, BLUE_BALLPOINT),
                Row("407", 110, 318, 20, SMALL_PEN),
            ),
        ),
    ),
    (
        "tiny",
        "digits 9 to 12 pixels high, no turning",
        PageSpec(
            SIZE,
            (
                Row("1984", 90, 110, 12, SMALL_PEN, spacing=0.35),
                Row("3065", 250, 190, 10, SMALL_PEN, spacing=0.35),
                Row("27", 150, 280, 9, replace(SMALL_PEN, width=0.14), spacing=0.35),
            ),
            camera=replace(STILL, blur_px=0.3),
        ),
    ),
    (
        "full-height",
        "one digit as high as the picture",
        PageSpec((200, 240), (Row("3", 48, 229, 216, replace(MARKER, width=0.08), slant=0, jitter=0),), camera=STILL),
    ),
    (
        "dim-grey",
        "low contrast: pencil on grey paper in dim light",
        PageSpec(
            SIZE,
            (Row("6021", 90, 210, 80, PENCIL),),
            GREY_PAPER,
            Light(brightness=0.6, slope=0.35, vignette=0.25, warmth=0.7),
        ),
    ),
    (
        "signs",
        "12 + 7 = 19 and a star: the signs are not digits",
        PageSpec(
            SIZE,
            (Row("12+7=19", 40, 150, 62, BLACK_BALLPOINT, spacing=0.32), Row("8 *", 60, 275, 62, BLACK_BALLPOINT)),
        ),
    ),
    (
        "blank",
        "grey paper with fibres and a shadow, nothing written",
        PageSpec(SIZE, (), GREY_PAPER, Light(slope=0.3, shadows=(Shadow(0.35, 25, 60, 0.1),))),
    ),
    ("blank-squared", "squared paper, nothing written", PageSpec(SIZE, (), replace(WHITE_PAPER, rulings=(SQUARED,)))),
]


def render(index: int, glyphs: GlyphsByDigit) -> Page:
    return render_page(PAGES[index][2], glyphs, np.random.default_rng([SEED, index]))


def make_pages(mnist: Path, out: Path) -> None:
    glyphs = load_test_glyphs(mnist)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "labels.csv").open("w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["file", "label", "notes"])
        for index, (name, notes, _) in enumerate(PAGES):
            page = render(index, glyphs)
            (out / f"{name}.jpg").write_bytes(encode_jpeg(page.picture))
            rows.writerow([f"{name}.jpg", page.text.replace(" ", "").replace("\n", "/"), notes])


if __name__ == "__main__":
    make_pages(Path(sys.argv[1]), OUT)
