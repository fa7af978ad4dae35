"""What stands on the pictures that `make_troubles.py` makes: for every kind of trouble one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from trouble_drawing import Drawing, broken, coffee_ring, crossed_out, european, folds, stamp, strokes, thicker, word

from digitlens.training.camera import Camera, Light, Shadow
from digitlens.training.pages import GlyphsByDigit, PageSpec, Row
from digitlens.training.paper import (
    CREAM_PAPER,
    GREY_PAPER,
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
    FOUNTAIN_PEN,
    GREEN_BALLPOINT,
    MARKER,
    PENCIL,
    RED_BALLPOINT,
)

SIZE = (480, 360)
STILL = Camera(turn_deg=0, tilt=0)
EVEN = Light(slope=0.1, vignette=0.05)
FELT = replace(MARKER, width=0.1)
FINE = thicker(BLACK_BALLPOINT, 1.3)
# For small writing, where a fine point would be thinner than a pixel.
SMALL = replace(BLACK_BALLPOINT, width=0.11)


@dataclass(frozen=True)
class Trouble:
    """One picture: `name` and `notes` say what makes it hard.

    `drawings` come onto the page after its rows, `hand` changes the glyphs, `quarter_turns` (counter-clockwise) and
    `inverted` change the finished picture. `text` is given where the rows alone do not say how it is read.
    """

    name: str
    notes: str
    page: PageSpec
    drawings: tuple[Drawing, ...] = ()
    hand: Callable[[GlyphsByDigit, np.random.Generator], GlyphsByDigit] | None = None
    quarter_turns: int = 0
    inverted: bool = False
    quality: int = 85
    text: str | None = None
    seed: int = 0


def page(*rows: Row, **parts) -> PageSpec:
    """A page of the usual size on white paper in even light."""
    return PageSpec(SIZE, rows, **{"light": EVEN, **parts})


def spiral(x: float, y: float, pitch: float) -> list[tuple[float, float]]:
    """Points of a spiral around (x, y) that grows by `pitch` pixels a radian."""
    return [(x + pitch * t * np.cos(t), y + pitch * t * np.sin(t)) for t in np.linspace(1, 17, 60)]


def arrow(x: float, y: float) -> Drawing:
    """An arrow to the right whose shaft is 64 pixels long, from (x, y)."""
    ends = [[(x, y), (x + 64, y - 2)], [(x + 44, y - 18), (x + 64, y - 2), (x + 46, y + 16)]]
    return strokes(ends, FINE, 4, curved=False)


def bracket(x: float, y: float, bow: float) -> Drawing:
    """A round bracket around (x, y), open to the right where `bow` is positive."""
    return strokes([[(x + bow, y - 34), (x, y - 12), (x, y + 12), (x + bow, y + 34)]], FINE, 4)


def lines(texts: list[str], like: Row, pitch: float) -> tuple[Row, ...]:
    """Rows under each other, the first where `like` is."""
    return tuple(replace(like, text=text, baseline=like.baseline + pitch * i) for i, text in enumerate(texts))


def cells(texts: list[str], like: Row, pitch: tuple[float, float]) -> tuple[Row, ...]:
    """A table: cells of a row are separated by "|", and the first begins where `like` does."""
    return tuple(
        replace(like, text=cell.strip(), left=like.left + pitch[0] * i, baseline=like.baseline + pitch[1] * j)
        for j, text in enumerate(texts)
        for i, cell in enumerate(text.split("|"))
        if cell.strip()
    )


SUDOKU = [
    "534678912",
    "672195348",
    "198342567",
    "859761423",
    "426853791",
    "713924856",
    "961537284",
    "287419635",
    "345286179",
]
GRID = (
    Ruling(table(33, 33, [46] * 9, [46] * 9), (92, 92, 96), 1, 0.8),
    Ruling(table(33, 33, [138] * 3, [138] * 3), (40, 40, 44), 3, 0.9),
)
LEDGER = (
    Ruling(ruled_lines(SIZE, 46, 20), (128, 170, 150), 1, 0.6),
    Ruling(tuple((x, -70, x, 430) for x in (66, 300, 304, 396)), (206, 96, 100), 1, 0.7),
)
SCORES = Ruling(table(30, 66, [132, 72, 72, 72, 72], [50] * 5), (62, 62, 66), 2, 0.8)
FORM = Ruling(boxes(60, 140, 54, 62, 6), (226, 112, 62), 2, 0.85)

TWO_ROWS = page(Row("31 806", 80, 160, 62, FINE), Row("4725 9", 80, 270, 62, FINE))

# Numbers between words.
AMONG_WORDS: tuple[PageSpec, tuple[Drawing, ...]] = (
    page(
        Row("24", 182, 112, 44, BLUE_BALLPOINT),
        Row("350", 40, 200, 44, BLUE_BALLPOINT),
        Row("6", 310, 200, 44, BLUE_BALLPOINT),
        Row("1987", 220, 288, 44, BLUE_BALLPOINT),
    ),
    (
        word("Haus", 50, 112, 38, BLUE_BALLPOINT),
        word("kaufen", 286, 112, 38, BLUE_BALLPOINT),
        word("Mehl", 190, 200, 38, BLUE_BALLPOINT),
        word("Eier", 364, 200, 38, BLUE_BALLPOINT),
        word("Herbst", 50, 288, 38, BLUE_BALLPOINT),
    ),
)

TROUBLES = [
    Trouble("plain", "plain paper", page(Row("40719", 60, 150, 64, FINE), Row("58 236", 60, 270, 64, FINE)), seed=3),
    Trouble(
        "lined",
        "lined paper with a margin",
        page(
            *lines(["2094", "713", "58 66"], Row("", 110, 108, 46, BLUE_BALLPOINT), 96),
            paper=replace(
                WHITE_PAPER,
                rulings=(
                    Ruling(ruled_lines(SIZE, 48, -36), (118, 150, 196), 1, 0.6),
                    Ruling(((84, -70, 84, 430),), (214, 92, 100), 1, 0.6),
                ),
            ),
        ),
        seed=1,
    ),
    Trouble(
        "squared",
        "squared paper, two squares a digit",
        page(
            *lines(["4817", "36 092"], Row("", 70, 142, 50, thicker(FINE, 1.1)), 120),
            paper=replace(WHITE_PAPER, rulings=(Ruling(squares(SIZE, 26), (140, 168, 200), 1, 0.6),)),
        ),
        seed=3,
    ),
    Trouble(
        "form",
        "a form: one digit a box, and some reach its edge",
        page(
            Row("918350", 87, 203, 58, FELT, advance=62),
            paper=replace(CREAM_PAPER, rulings=(FORM,)),
        ),
        (word("Kundennummer", 62, 118, 22, replace(FINE, width=0.07)),),
    ),
    Trouble(
        "score-sheet",
        "a score sheet: names, scores and ticks in a printed table",
        page(
            *cells(
                ["11|8|21", "7|13|5", "10|4|9", "16|20|12"],
                Row("", 176, 152, 28, replace(RED_BALLPOINT, width=0.1), spacing=0.14),
                (72, 50),
            ),
            paper=replace(WHITE_PAPER, rulings=(SCORES,), desk=(122, 84, 56)),
        ),
        (
            *(word(name, 42, 152 + 50 * i, 22, SMALL) for i, name in enumerate(("Anna", "Kemal", "Yvette", "Hanna"))),
            word("Namen", 42, 102, 22, SMALL),
            *(
                strokes(
                    [[(400, 136 + 50 * i), (408, 147 + 50 * i), (428, 122 + 50 * i)]], RED_BALLPOINT, 3, curved=False
                )
                for i in (0, 2, 3)
            ),
        ),
        seed=8,
    ),
    Trouble(
        "sudoku",
        "a filled sudoku, 81 digits between thick and thin lines",
        PageSpec(
            (480, 480),
            tuple(
                Row(text, 56, 70 + 46 * i, 29, replace(BLUE_BALLPOINT, width=0.095), advance=46)
                for i, text in enumerate(SUDOKU)
            ),
            replace(WHITE_PAPER, rulings=GRID),
            EVEN,
            Camera(turn_deg=1, tilt=0.02),
        ),
    ),
    Trouble(
        "ledger",
        "a ledger: words, and amounts in two columns between coloured lines",
        page(
            *cells(
                ["348|20", "76|95", "120|00", "59|64"],
                Row("", 312, 108, 32, replace(FOUNTAIN_PEN, width=0.1)),
                (94, 46),
            ),
            paper=replace(CREAM_PAPER, rulings=LEDGER),
        ),
        tuple(
            word(what, 80, 108 + 46 * i, 24, replace(FOUNTAIN_PEN, width=0.1))
            for i, what in enumerate(("Kartoffeln", "Mehl", "Wein", "Fahrten"))
        ),
    ),
    Trouble(
        "whiteboard",
        "a whiteboard with wiped rests and a lamp mirrored in it",
        page(
            *lines(["6174", "2 385"], Row("", 90, 165, 80, BOARD_MARKER), 130),
            paper=replace(WHITEBOARD, clouds=1.1),
            light=Light(slope=0.2, glare=0.3, warmth=-0.4),
        ),
    ),
    Trouble(
        "shadow-edge",
        "the sharp edge of a shadow runs through pencil digits",
        page(
            *lines(["7391", "6205"], Row("", 80, 155, 66, PENCIL, spacing=0.35), 120),
            light=Light(slope=0.12, shadows=(Shadow(0.45, 4, 25, 0.0),)),
        ),
        seed=3,
    ),
    Trouble(
        "vignetting",
        "the corners are dark, and digits stand in them",
        page(
            Row("27", 34, 86, 52, FINE),
            Row("80", 350, 86, 52, FINE),
            Row("4163", 150, 205, 56, FINE),
            Row("95", 34, 328, 52, FINE),
            Row("31", 350, 328, 52, FINE),
            light=Light(brightness=0.9, slope=0.1, vignette=0.6, warmth=0.4),
            camera=STILL,
        ),
    ),
    Trouble(
        "glare",
        "a lamp blinds a glossy page",
        page(
            *lines(["5826", "1047"], Row("", 90, 160, 70, replace(BLACK_BALLPOINT, width=0.08)), 120),
            light=Light(brightness=0.62, slope=0.25, glare=0.55, warmth=0.3),
        ),
    ),
    Trouble(
        "dim-light",
        "grey paper in dim light, a noisy picture",
        page(
            Row("60 213", 70, 215, 68, FINE),
            paper=GREY_PAPER,
            light=Light(brightness=0.5, slope=0.4, vignette=0.3, warmth=0.8),
            camera=Camera(noise=4.5, blur_px=0.9),
        ),
    ),
    Trouble(
        "askew",
        "the sheet lies turned on a table",
        page(
            *lines(["8150", "27 463"], Row("", 110, 168, 50, FINE), 84),
            paper=replace(WHITE_PAPER, desk=(122, 84, 56)),
            camera=Camera(turn_deg=16, tilt=0.03),
        ),
        seed=2,
    ),
    Trouble(
        "far-askew",
        "the sheet lies on a table, turned by far",
        page(
            *lines(["3 728", "90 4"], Row("", 150, 170, 46, FINE), 74),
            paper=replace(WHITE_PAPER, desk=(122, 84, 56)),
            camera=Camera(turn_deg=28, tilt=0.02),
        ),
        seed=9,
    ),
    Trouble(
        "perspective",
        "seen from one side",
        page(
            *lines(["9046", "5172"], Row("", 100, 165, 62, FINE), 105),
            paper=replace(WHITE_PAPER, desk=(96, 100, 104)),
            camera=Camera(turn_deg=3, tilt=0.17),
        ),
        seed=7,
    ),
    Trouble("upside-down", "the sheet lies upside down", TWO_ROWS, quarter_turns=2, seed=3),
    Trouble("on-its-left-side", "a quarter turn counter-clockwise", TWO_ROWS, quarter_turns=1, seed=3),
    Trouble("on-its-right-side", "a quarter turn clockwise", TWO_ROWS, quarter_turns=3, seed=4),
    Trouble("pencil", "a soft pencil", page(*lines(["3 914", "860 27"], Row("", 80, 155, 62, PENCIL), 115))),
    Trouble(
        "very-faint",
        "a hard pencil that hardly touched the paper",
        page(
            *lines(["4826", "1 053"], Row("", 90, 160, 70, replace(PENCIL, colour=(150, 150, 152), opacity=0.55)), 120)
        ),
    ),
    Trouble("marker", "a thick marker", page(Row("5208", 60, 235, 120, thicker(MARKER, 1.0), spacing=0.16))),
    Trouble(
        "european",
        "1 with a flag and 7 with a bar, drawn by hand",
        page(*lines(["1715", "7 117", "2971"], Row("", 110, 116, 58, BLUE_BALLPOINT, spacing=0.3), 98)),
        hand=european,
    ),
    Trouble(
        "touching",
        "digits touch their neighbours",
        page(
            *lines(["50328", "69247"], Row("", 70, 160, 76, replace(FINE, width=0.09), spacing=-0.02, jitter=0.6), 125)
        ),
        seed=2,
    ),
    Trouble(
        "overlapping",
        "digits overlap",
        page(*lines(["4390", "2856"], Row("", 90, 160, 80, BLUE_BALLPOINT, spacing=-0.13, jitter=0.6), 125)),
        seed=4,
    ),
    Trouble(
        "hasty",
        "hasty writing: each digit runs into the next",
        page(*lines(["4682", "3059", "7328"], Row("", 110, 120, 72, FINE, spacing=-0.06, jitter=0.3), 98)),
        seed=1,
    ),
    Trouble(
        "broken",
        "a failing pen: every digit is in pieces",
        page(*lines(["62804", "37 95"], Row("", 60, 155, 68, FINE), 120)),
        hand=broken,
    ),
    Trouble(
        "crossed-out",
        "numbers that were taken back, and what stands for them",
        page(
            Row("409", 270, 130, 54, BLUE_BALLPOINT),
            Row("73", 50, 260, 54, BLUE_BALLPOINT),
            Row("586", 310, 260, 54, BLUE_BALLPOINT),
        ),
        (crossed_out(Row("482", 70, 130, 54, BLUE_BALLPOINT)), crossed_out(Row("61", 170, 260, 54, BLUE_BALLPOINT))),
    ),
    Trouble("among-words", "numbers between words", *AMONG_WORDS, seed=5),
    Trouble(
        "words-on-their-side", "numbers between words, a quarter turn clockwise", *AMONG_WORDS, quarter_turns=3, seed=3
    ),
    Trouble("words-upside-down", "numbers between words, on their head", *AMONG_WORDS, quarter_turns=2, seed=3),
    Trouble(
        "operators",
        "sums with + - x = and brackets",
        page(
            Row("34+9=43", 50, 110, 54, BLACK_BALLPOINT, spacing=0.34),
            Row("6x8=48", 50, 210, 54, BLACK_BALLPOINT, spacing=0.34),
            Row("72", 82, 310, 54, BLACK_BALLPOINT),
            Row("5", 240, 310, 54, BLACK_BALLPOINT),
            Row("=67", 310, 310, 54, BLACK_BALLPOINT, spacing=0.34),
        ),
        (
            strokes(
                [
                    [(74, 252), (62, 272), (60, 296), (72, 320)],
                    [(282, 252), (294, 272), (296, 296), (284, 320)],
                ],
                BLACK_BALLPOINT,
                3.2,
            ),
            strokes([[(190, 288), (222, 286)]], BLACK_BALLPOINT, 3.2),
        ),
        seed=7,
    ),
    Trouble(
        "points-and-dashes",
        "signs much smaller than digits, with no more paper around them than digits have: 35-42, 74.52",
        page(
            Row("35", 80, 130, 64, FINE),
            Row("42", 205, 130, 64, FINE),
            Row("74", 80, 260, 64, FINE),
            Row("52", 192, 260, 64, FINE),
        ),
        (
            strokes([[(176, 102), (196, 100)]], BLACK_BALLPOINT, 4.2, shake=0.3),
            strokes([[(178, 258), (180, 260)]], BLACK_BALLPOINT, 6.5, shake=0.1),
        ),
        seed=3,
    ),
    Trouble(
        "fraction",
        "a mixed fraction with a slanted bar: 5 1/2",
        page(
            Row("5", 150, 230, 92, FINE),
            Row("1", 240, 184, 46, thicker(FINE, 1.6)),
            Row("2", 292, 244, 50, thicker(FINE, 1.6)),
        ),
        (strokes([[(252, 250), (278, 196), (306, 134)]], BLACK_BALLPOINT, 5.5),),
        text="5 1 2",
        seed=4,
    ),
    Trouble(
        "ticks",
        "ticked and unticked boxes before numbers",
        page(*lines(["17", "240", "8", "63"], Row("", 170, 98, 46, FINE), 76)),
        (
            *(
                strokes(
                    [[(90, 60 + 76 * i), (126, 60 + 76 * i), (126, 96 + 76 * i), (90, 96 + 76 * i), (90, 60 + 76 * i)]],
                    BLACK_BALLPOINT,
                    2.5,
                    curved=False,
                    shake=0.5,
                )
                for i in range(4)
            ),
            *(
                strokes(
                    [[(96, 74 + 76 * i), (106, 90 + 76 * i), (138, 44 + 76 * i)]], GREEN_BALLPOINT, 3.5, curved=False
                )
                for i in (0, 1, 3)
            ),
        ),
    ),
    Trouble(
        "stamp",
        "a stamp over a part of the number",
        page(*lines(["20 418", "7935"], Row("", 70, 140, 60, FINE), 130)),
        (stamp("EMPFANG", (330, 215), 230, (178, 44, 60)),),
    ),
    Trouble(
        "doodles",
        "a star, a smiley, hearts and spirals beside two numbers",
        page(Row("95 *", 60, 140, 62, GREEN_BALLPOINT), Row("@  306", 50, 290, 62, GREEN_BALLPOINT)),
        (
            strokes(
                [spiral(370, 120, 3.0)],
                GREEN_BALLPOINT,
                3.5,
                shake=0.3,
            ),
            strokes(
                [
                    [
                        (
                            420 + 2.2 * 16 * np.sin(t) ** 3,
                            264 - 2.2 * (13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t)),
                        )
                        for t in np.linspace(0.1, 6.2, 40)
                    ]
                ],
                GREEN_BALLPOINT,
                3.5,
                shake=0.3,
            ),
        ),
    ),
    Trouble(
        "stains",
        "a coffee ring over the number",
        page(*lines(["4063", "82 719"], Row("", 90, 155, 60, FINE), 115), paper=CREAM_PAPER),
        (coffee_ring((230, 170), 95),),
        seed=2,
    ),
    Trouble(
        "folds",
        "a sheet that was folded twice",
        page(*lines(["70485", "3 621"], Row("", 80, 150, 62, BLUE_BALLPOINT), 125)),
        (folds((242,), (172,)),),
    ),
    Trouble(
        "blur",
        "out of focus",
        page(*lines(["5319", "84 07"], Row("", 80, 160, 66, FELT), 120), camera=Camera(blur_px=3.2, sharpen=0)),
    ),
    Trouble(
        "noise",
        "a grainy picture",
        page(
            *lines(["2706", "14 938"], Row("", 70, 160, 62, FELT), 120),
            light=Light(brightness=0.7),
            camera=Camera(noise=16, sharpen=0),
        ),
        quality=70,
    ),
    Trouble(
        "compressed",
        "JPEG of the lowest quality",
        page(*lines(["6482", "905 31"], Row("", 70, 150, 56, FINE), 120)),
        quality=8,
        seed=3,
    ),
    Trouble(
        "very-small",
        "digits 9 to 13 pixels high",
        page(
            Row("1984", 90, 110, 13, SMALL, spacing=0.35),
            Row("3065", 270, 190, 11, SMALL, spacing=0.35),
            Row("27", 150, 280, 10, SMALL, spacing=0.35),
            camera=replace(STILL, blur_px=0.3),
        ),
        seed=1,
    ),
    Trouble(
        "inverted",
        "a negative: light on dark",
        page(*lines(["64 029", "8357"], Row("", 80, 155, 62, FINE), 115)),
        inverted=True,
    ),
    Trouble(
        "only-words",
        "words alone: nothing is to be read",
        page(),
        tuple(
            word(text, 50, 90 + 80 * i, 40, BLUE_BALLPOINT)
            for i, text in enumerate(("Hafermilch", "Marmelade", "Nudeln, Reis", "warme Decken"))
        ),
    ),
    Trouble(
        "only-signs",
        "arrows and brackets alone: nothing is to be read",
        page(),
        tuple(
            drawing
            for i in range(3)
            for x, y in [(60, 110 + 95 * i)]
            for drawing in (arrow(x, y), bracket(x + 110, y, 12), bracket(x + 180, y, -12), arrow(x + 230, y))
        ),
    ),
    Trouble(
        "only-doodles",
        "doodles alone: nothing is to be read",
        page(Row("*", 60, 150, 80, PENCIL), Row("@", 330, 150, 80, PENCIL)),
        (
            strokes(
                [spiral(220, 110, 3.4)],
                PENCIL,
                4.5,
                shake=0.3,
            ),
            strokes(
                [
                    [
                        (60, 290),
                        (60, 230),
                        (105, 190),
                        (150, 230),
                        (150, 290),
                        (60, 290),
                        (150, 230),
                        (60, 230),
                        (150, 290),
                    ]
                ],
                PENCIL,
                4.5,
                curved=False,
            ),
            strokes([[(200 + 10 * i, 250 + 24 * (-1) ** i) for i in range(12)]], PENCIL, 4.5),
            strokes([[(350, 260), (430, 240)], [(408, 228), (430, 240), (412, 258)]], PENCIL, 4.5, curved=False),
        ),
    ),
    Trouble(
        "letters-like-digits",
        "O, l, S, Z and B, each on its own: nothing is to be read",
        page(),
        (
            strokes(
                [[(105 + 32 * np.sin(t), 125 - 40 * np.cos(t)) for t in np.linspace(0, 6.4, 30)]], FINE, 5, shake=0.4
            ),
            strokes([[(232, 84), (230, 125), (231, 166)]], FINE, 5),
            strokes(
                [[(392, 94), (372, 84), (350, 96), (352, 116), (380, 130), (394, 148), (378, 166), (348, 160)]],
                FINE,
                5,
                shake=0.4,
            ),
            strokes([[(150, 232), (205, 230), (152, 305), (208, 303)]], FINE, 5, curved=False),
            strokes(
                [
                    [(300, 230), (300, 306)],
                    [(300, 231), (336, 234), (342, 252), (302, 266), (346, 272), (348, 298), (300, 306)],
                ],
                FINE,
                5,
                shake=0.4,
            ),
        ),
    ),
]
