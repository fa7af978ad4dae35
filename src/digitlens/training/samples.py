"""The strip of sample pictures that visitors try first, made from MNIST test digits on paper that digitlens renders.

Which digits appear is decided by each sample's seed, never by whether a reader gets them right: the seeds were chosen
by looking at the pictures. Glyphs in several pieces and strokes that are blots are left out before chance picks.

MNIST is by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, under CC BY-SA 3.0; so are these pictures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.training.camera import SCREEN, SCREEN_LIGHT, Camera, Light, Shadow
from digitlens.training.datasets import Digits, load_test_part
from digitlens.training.pages import GlyphsByDigit, Page, PageSpec, Row, render_page
from digitlens.training.paper import (
    BLACKBOARD,
    CREAM_PAPER,
    GREY_PAPER,
    KRAFT_PAPER,
    TABLET,
    WHITE_PAPER,
    WHITEBOARD,
    Ruling,
    boxes,
    ruled_lines,
    squares,
    table,
)
from digitlens.training.pens import (
    BLACK_BALLPOINT,
    BLUE_BALLPOINT,
    BOARD_MARKER,
    CHALK,
    FOUNTAIN_PEN,
    GREEN_BALLPOINT,
    MARKER,
    PENCIL,
    RED_BALLPOINT,
    STYLUS,
    Pen,
)

JPEG_QUALITY = 85
# MNIST's strokes are 2 to 4 px wide. A place wider than this is a blot, often a loop that ran full of ink, and a pen
# that follows the centre line could not draw it again.
WIDEST_PLACE = 4.5


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of the strip: what it is called, what a screen reader says, how it is made."""

    name: str
    title: str
    alt: str
    seed: int
    spec: PageSpec


def _rows(texts: list[str], at: tuple[float, float], step: tuple[float, float], like: Row) -> tuple[Row, ...]:
    """Rows under each other, `step[1]` pixels apart; a "|" begins the next column, `step[0]` further right."""
    return tuple(
        replace(like, text=text.strip(), left=at[0] + column * step[0], baseline=at[1] + line * step[1])
        for line, columns in enumerate(texts)
        for column, text in enumerate(columns.split("|"))
    )


def _hand(pen: Pen, height: float, spacing: float = 0.24, slant: float = 0.08) -> Row:
    return Row("", 0, 0, height, pen, spacing=spacing, slant=slant)


_RULED = (
    Ruling(ruled_lines((720, 900), 72, -46), (118, 150, 196), 2, 0.45),
    Ruling(((118, -200, 118, 1100),), (214, 92, 100), 2, 0.5),
)
_SQUARED = Ruling(squares((840, 700), 42), (140, 168, 200), 1, 0.6)
_POSTCODE = Ruling(boxes(190, 232, 96, 114, 5), (226, 112, 62), 3, 0.85)
_SCORES = Ruling(table(118, 112, [150, 150, 150, 150], [110, 110, 110, 110]), (62, 62, 66), 2, 0.8)

SAMPLES = (
    Sample(
        "single-digit",
        "One digit",
        "A large 7 in blue felt pen on white paper",
        1,
        PageSpec(
            (640, 640),
            (Row("7", 215, 480, 320, replace(BLUE_BALLPOINT, width=0.04)),),
            light=Light(slope=0.22, angle_deg=50, warmth=0.3),
        ),
    ),
    Sample(
        "phone-number",
        "Phone number",
        "A phone number in blue ballpoint, with a shadow across the paper",
        8,
        PageSpec(
            (960, 440),
            (Row("01632 960418", 72, 258, 74, BLUE_BALLPOINT, slant=0.14),),
            light=Light(slope=0.14, warmth=0.35, shadows=(Shadow(0.36, 70, 25, 0.02, 0.24),)),
        ),
    ),
    Sample(
        "row-of-digits",
        "A row of digits",
        "Seven digits in a row in black ballpoint, with gaps between them",
        5,
        PageSpec(
            (900, 420),
            (Row("3 8 0 5 9 1 6", 80, 252, 80, replace(BLACK_BALLPOINT, width=0.05)),),
            light=Light(slope=0.2, angle_deg=200, warmth=-0.3),
        ),
    ),
    Sample(
        "ruled-paper",
        "Ruled paper",
        "Five rows of numbers in blue ink on ruled paper with a red margin line",
        1,
        PageSpec(
            (720, 900),
            _rows(["407", "92", "1586", "33 2750", "614"], (170, 240), (0, 144), _hand(FOUNTAIN_PEN, 66)),
            replace(WHITE_PAPER, rulings=_RULED),
            Light(slope=0.2, angle_deg=70),
        ),
    ),
    Sample(
        "squared-paper",
        "Squared paper",
        "A small table of twelve numbers in black ballpoint on squared paper",
        5,
        PageSpec(
            (840, 700),
            _rows(
                ["126|48|905", "73|310|64", "589|27|841", "90|156|32"],
                (105, 166),
                (230, 126),
                _hand(replace(BLACK_BALLPOINT, width=0.065), 60),
            ),
            replace(WHITE_PAPER, rulings=(_SQUARED,)),
            Light(slope=0.24, angle_deg=120, warmth=0.2),
        ),
    ),
    Sample(
        "postcode",
        "Postcode on an envelope",
        "Five digits in black felt pen in the orange boxes of a brown envelope",
        2,
        PageSpec(
            (940, 560),
            (replace(_hand(replace(MARKER, width=0.11), 76), text="20457", left=238, baseline=329, advance=114),),
            replace(KRAFT_PAPER, rulings=(_POSTCODE,), desk=(70, 74, 80)),
            Light(slope=0.25, angle_deg=-40, warmth=0.3),
        ),
    ),
    Sample(
        "score-sheet",
        "Score sheet",
        "A printed table on a wooden desk, filled in with scores in red ballpoint",
        1,
        PageSpec(
            (840, 660),
            _rows(
                ["18|7|25|9", "13|21|6|30", "24|16|19|5", "8|12|27|14"],
                (150, 192),
                (150, 110),
                _hand(replace(RED_BALLPOINT, width=0.08), 49),
            ),
            replace(WHITE_PAPER, rulings=(_SCORES,), desk=(122, 84, 56)),
            Light(slope=0.2, angle_deg=20, warmth=0.5),
        ),
    ),
    Sample(
        "blackboard",
        "Blackboard",
        "Two rows of digits in white chalk on a blackboard",
        5,
        PageSpec(
            (900, 620),
            _rows(["365", "52 724"], (120, 258), (0, 220), _hand(CHALK, 124)),
            BLACKBOARD,
            Light(slope=0.3, angle_deg=160, vignette=0.15),
        ),
    ),
    Sample(
        "thick-marker",
        "Thick marker",
        "The number 42 in a thick black marker on cream paper",
        4,
        PageSpec((700, 560), (Row("42", 185, 390, 215, MARKER),), CREAM_PAPER, Light(slope=0.25, angle_deg=110)),
    ),
    Sample(
        "pencil-shadow",
        "Pencil and a hard shadow",
        "Three rows in pencil; the sharp edge of a shadow runs through them",
        2,
        PageSpec(
            (760, 640),
            _rows(["816 04", "357 28", "492 61"], (150, 195), (0, 160), _hand(PENCIL, 88, 0.34)),
            light=Light(slope=0.12, warmth=0.25, shadows=(Shadow(0.42, 5, 24, 0.06),)),
        ),
    ),
    Sample(
        "dim-light",
        "Dim light",
        "A number in black ballpoint on grey recycled paper, photographed in dim light",
        4,
        PageSpec(
            (860, 480),
            (Row("60213", 170, 295, 105, replace(BLACK_BALLPOINT, width=0.06)),),
            GREY_PAPER,
            Light(brightness=0.62, slope=0.35, angle_deg=35, vignette=0.25, warmth=0.7),
            Camera(blur_px=0.9, noise=3.2),
        ),
    ),
    Sample(
        "tiny-numbers",
        "Tiny numbers",
        "Three tiny numbers on a large empty page",
        8,
        PageSpec(
            (1000, 720),
            (
                Row("1984", 210, 200, 25, replace(BLACK_BALLPOINT, width=0.1)),
                Row("306", 610, 350, 22, replace(BLACK_BALLPOINT, width=0.1)),
                Row("27", 330, 560, 28, replace(BLACK_BALLPOINT, width=0.1)),
            ),
            light=Light(slope=0.22, angle_deg=-30, warmth=0.2),
        ),
    ),
    Sample(
        "tablet",
        "Drawn on a tablet",
        "Two rows drawn with a yellow stylus on a dark tablet",
        7,
        PageSpec(
            (800, 560),
            _rows(["2468", "1357"], (170, 245), (0, 185), _hand(STYLUS, 112, 0.35)),
            TABLET,
            SCREEN_LIGHT,
            SCREEN,
        ),
    ),
    Sample(
        "sum-on-whiteboard",
        "A sum on a whiteboard",
        "A sum with plus and equals signs in blue marker on a whiteboard; the signs are not digits",
        4,
        PageSpec(
            (940, 520),
            (Row("12+7=19", 130, 320, 124, BOARD_MARKER, spacing=0.34),),
            WHITEBOARD,
            Light(slope=0.16, angle_deg=60, glare=0.2, warmth=-0.4),
        ),
    ),
    Sample(
        "star-and-smiley",
        "A star is not a digit",
        "The numbers 95 and 100 in green ballpoint, each followed by a star or a smiley",
        3,
        PageSpec(
            (760, 620),
            _rows(["95 *", "100 @"], (170, 255), (0, 210), _hand(GREEN_BALLPOINT, 118)),
            CREAM_PAPER,
            Light(slope=0.2, angle_deg=140, warmth=0.2),
        ),
    ),
    Sample(
        "mixed-sizes",
        "Large and small",
        "Numbers of very different sizes on one page, in blue and black",
        1,
        PageSpec(
            (860, 760),
            (
                Row("58", 150, 340, 230, replace(MARKER, width=0.08)),
                Row("4 073", 190, 510, 92, BLUE_BALLPOINT),
                Row("1962", 330, 610, 46, replace(BLUE_BALLPOINT, width=0.08)),
                Row("29", 470, 680, 26, replace(BLACK_BALLPOINT, width=0.1)),
            ),
            light=Light(slope=0.2, angle_deg=80, warmth=-0.2),
        ),
    ),
)


def make_samples(mnist_dir: Path, out_dir: Path) -> None:
    """Render every sample as `<name>.jpg` and write `samples.json` beside them.

    Args:
        mnist_dir: folder with the two files of MNIST's test part.
        out_dir: made where missing; pictures of the same name are replaced.
    """
    glyphs = load_test_glyphs(mnist_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    entries = []
    for sample in SAMPLES:
        page = render_sample(sample, glyphs)
        (out_dir / f"{sample.name}.jpg").write_bytes(encode_jpeg(page.picture))
        width, height = sample.spec.size
        entry = {"name": sample.name, "title": sample.title, "alt": sample.alt, "text": page.text}
        entries.append(entry | {"width": width, "height": height})
    (out_dir / "samples.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def render_sample(sample: Sample, glyphs: GlyphsByDigit) -> Page:
    """The page of one sample, with its own seed."""
    return render_page(sample.spec, glyphs, np.random.default_rng(sample.seed))


def load_test_glyphs(mnist_dir: Path) -> GlyphsByDigit:
    """MNIST's test digits that a pen can follow: in one piece and no blot.

    Returns:
        Digit (0 to 9) to (N, 28, 28) uint8, ink bright on 0.
    """
    return clear_glyphs(load_test_part(mnist_dir))


def clear_glyphs(digits: Digits) -> GlyphsByDigit:
    """Those of the digits that a pen can follow, by value; an answer as from `load_test_glyphs`."""
    clear = np.array([_is_clear(picture) for picture in digits.pictures])
    return {digit: digits.pictures[clear & (digits.labels == digit)] for digit in range(10)}


def _is_clear(glyph: NDArray[np.uint8]) -> bool:
    mask = (glyph > 96).astype(np.uint8)
    pieces = cv2.connectedComponents(mask)[0] - 1
    widest_place = 2 * cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max() - 1
    return bool(pieces == 1 and widest_place <= WIDEST_PLACE)


def encode_jpeg(picture: NDArray[np.uint8]) -> bytes:
    """(H, W, 3) uint8 sRGB to the bytes of a JPEG file."""
    flags = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    return cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)[1].tobytes()
