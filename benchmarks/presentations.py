"""The same held-out digits shown in many ways: cut out tightly, in frames and forms, on squared paper, circled, turned.

MNIST's held-out digits are written anew along their middle lines, so that pen, size and paper can be chosen. No network
and no figure of the model card has seen these pages. The first line is the yardstick: some digits cannot be told at all
once they are written anew. A second table counts in how many pages of print, without any digit, something is read; a
third one shows digits of this and other sets with their own strokes, apart and moved together.

    python benchmarks/presentations.py --mnist FOLDER [--others FOLDER] [--count 240]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitlens.reader import Reader
from digitlens.training.datasets import Digits, load_splits
from digitlens.training.other_writers import load_other_sets
from digitlens.training.skeleton import distance_fields

# Pens in pixels of MNIST.
THIN, USUAL, THICK = 1.0, 2.4, 4.2
# Pixels: how high digits are in a row, how thick the line of a box is.
SIDE, LINE = 100, 3
HARDLY_INK, LIKELY_INK = 64, 0.5
PAPER, INK = (235, 235, 235), (45, 45, 45)
Chance = np.random.Generator
# As they stand on forms and sheets.
WORDS = """
Name Date Class Street Town Country Telephone Total Question Answer Points Teacher Signature Remarks Section School
Please write clearly only inside the boxes with black ink do not fold this sheet each box holds one sign first last
good luck Invoice Amount Balance Account Customer Order Product quiz solution lion book zoo Ibis SOLD Oslo
"""


def write(distance: np.ndarray, pen: float = USUAL, side: int = SIDE) -> np.ndarray:
    """One digit, cut to its ink: (H, W) float64 in [0, 1], the longer side `side` pixels."""
    smooth = cv2.GaussianBlur(cv2.resize(distance, None, fx=10, fy=10, interpolation=cv2.INTER_CUBIC), (0, 0), 4)
    ink = np.clip(5 * pen - 10 * smooth + 0.5, 0, 1)
    rows, columns = np.nonzero(ink > 0.5)
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = side / max(ink.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.clip(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=method), 0, 1)


def standing(ink: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Ink that stands on the line, with paper above it up to `side` pixels."""
    return np.pad(ink, ((side - ink.shape[0], 0), (0, 0)))


def row(digits: list[np.ndarray], pen: float = USUAL, gap: float = 0.15, side: int = SIDE) -> np.ndarray:
    """Digits beside each other on one line."""
    placed = []
    for digit in (write(digit, pen, side) for digit in digits):
        placed += [standing(digit, side), np.zeros((side, round(gap * side)))]
    return np.hstack(placed[:-1])


def margin(ink: np.ndarray, share: float) -> np.ndarray:
    return np.pad(ink, round(share * max(ink.shape)))


def in_cell(digit: np.ndarray, height: int, width: int, line: int = LINE) -> np.ndarray:
    """A digit in the middle of a box."""
    cell = np.zeros((height, width))
    top, left = (height - digit.shape[0]) // 2, (width - digit.shape[1]) // 2
    cell[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    if line:
        cell[:line] = cell[-line:] = 1
        cell[:, :line] = cell[:, -line:] = 1
    return cell


def form(digits: list[np.ndarray], height: int, line: int = LINE) -> np.ndarray:
    """A row of boxes; neighbours share a line."""
    inks = [write(digit, side=90) for digit in digits]
    cells = [in_cell(ink, height, max(70, ink.shape[1] + height - 90), line) for ink in inks]
    return np.pad(np.hstack([*(cell[:, :-line] for cell in cells[:-1]), cells[-1]]), 50)


def circled(digits: list[np.ndarray]) -> np.ndarray:
    cells = []
    for digit in digits:
        cell = in_cell(write(digit, side=60), 140, 150, line=0)
        cv2.circle(cell, (75, 70), 58, 1.0, LINE, cv2.LINE_AA)
        cells.append(cell)
    return np.pad(np.hstack(cells), 20)


def on_lines(ink: np.ndarray, pitch: int, strength: float, squared: bool) -> np.ndarray:
    lines = np.zeros_like(ink)
    for shift in range(2):
        lines[shift::pitch] = strength
        if squared:
            lines[:, shift::pitch] = strength
    return np.maximum(ink, lines)


def separated(digits: list[np.ndarray], sign: str, taller: float = 1.0) -> np.ndarray:
    """Two digits, a sign, two digits; a slash may be so many times as high as they."""
    over = round(SIDE * (taller - 1) / 2)
    between = np.zeros((SIDE + 2 * over, 80))
    if sign == "/":
        cv2.line(between, (14, SIDE + 2 * over - 4), (66, 4), 1.0, 9)
    elif sign == "-":
        cv2.line(between, (14, 50), (66, 50), 1.0, 9)
    else:
        cv2.circle(between, (40, 92), 6, 1.0, -1)
    beside = [np.pad(row(pair), ((over, over), (0, 0))) for pair in (digits[:2], digits[2:])]
    return np.pad(np.hstack([beside[0], between, beside[1]]), 60)


@dataclass(frozen=True)
class Scene:
    """Colours, light and camera; `shade` is how much lighter one side is than the other.

    `cast` gives what falls on a page of a height and width: (H, W, 3), the shares of each colour that are left.
    """

    paper: tuple[int, int, int] = PAPER
    colour: tuple[int, int, int] = INK
    shade: float = 0.0
    noise: float = 3.0
    blur: float = 0.8
    cast: Callable[[int, int], np.ndarray] | None = None


def photo(ink: np.ndarray, chance: Chance, scene: Scene) -> np.ndarray:
    """Ink on paper, (H, W, 3) uint8."""
    height, width = ink.shape
    angle = chance.uniform(0, 2 * np.pi)
    down, across = np.mgrid[0:height, 0:width]
    light = 1 + scene.shade * (np.cos(angle) * (across / width - 0.5) + np.sin(angle) * (down / height - 0.5))
    page = light[..., None] * np.array(scene.paper) * (1 - ink[..., None]) + np.array(scene.colour) * ink[..., None]
    page = page if scene.cast is None else page * scene.cast(height, width)
    page = cv2.GaussianBlur(page, (0, 0), scene.blur) + chance.normal(0, scene.noise, page.shape)
    return np.clip(page, 0, 255).astype(np.uint8)


def turned(page: np.ndarray, degrees: float, chance: Chance) -> np.ndarray:
    height, width = page.shape[:2]
    side = round(np.hypot(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees * chance.choice([-1, 1]), 1)
    matrix[:, 2] += [(side - width) / 2, (side - height) / 2]
    return cv2.warpAffine(page, matrix, (side, side), borderValue=PAPER)


@dataclass(frozen=True)
class Way:
    """One way to show digits: their ink from their middle lines, how many on a page, in which light, how far turned.

    MNIST's files take turns between two sources, each from writer to writer, so that every second digit is mostly by
    the same one. Else each digit of a page is by another writer.
    """

    name: str
    digits: int
    ink_of: Callable[[list[np.ndarray]], np.ndarray]
    scene: Scene = Scene()
    degrees: float = 0.0
    one_writer: bool = False
    lies_on_a_table: bool = False
    quarters: int = 0

    def show(self, digits: list[np.ndarray], chance: Chance) -> np.ndarray:
        """The page, (H, W, 3) uint8."""
        page = photo(self.ink_of(digits), chance, self.scene)
        page = on_a_table(page, chance) if self.lies_on_a_table else page
        page = np.ascontiguousarray(np.rot90(page, self.quarters))
        return turned(page, self.degrees, chance) if self.degrees else page


def alone(digits: list[np.ndarray], share: float, pen: float = USUAL, side: int = 140) -> np.ndarray:
    return margin(write(digits[0], pen, side), share)


def framed(digits: list[np.ndarray], share: float) -> np.ndarray:
    ink = alone(digits, share)
    return in_cell(ink, *ink.shape)


def padded_row(digits: list[np.ndarray], **how: float) -> np.ndarray:
    return np.pad(row(digits, **how), 60)


def nested(digits: list[np.ndarray]) -> np.ndarray:
    """Digits on one line, moved together."""
    return np.pad(together([write(digit) for digit in digits]), 60)


def together(inks: list[np.ndarray]) -> np.ndarray:
    """Ink on one line, each digit moved to the left until its ink meets that of those before, as in hasty writing."""
    line, *others = map(standing, inks)
    for ink in others:
        end, width = line.shape[1], ink.shape[1]
        apart = np.hstack([line, np.zeros_like(ink)])
        left = end
        # Never by more than half of it over the others, where it is wedged under them and meets nothing.
        while left > end - width // 2 and not (np.minimum(apart[:, left : left + width], ink) > LIKELY_INK).any():
            left -= 1
        line = apart[:, : max(end, left + width)]
        line[:, left : left + width] = np.maximum(line[:, left : left + width], ink)
    return line


def panels(digits: list[np.ndarray], gap: float, pixels: int) -> np.ndarray:
    """Light digits on dark panels of a light page, two in a line, as programs show those of a data set.

    `gap` is around each panel, as a share of its side; a panel is made of `pixels` x `pixels` visible squares.
    """
    cells = []
    for digit in digits:
        cell = in_cell(write(digit, side=72), SIDE, SIDE, line=0)
        coarse = cv2.resize(cell, (pixels, pixels), interpolation=cv2.INTER_AREA)
        cells.append(margin(1 - cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST), gap))
    return np.vstack([np.hstack(cells[start : start + 2]) for start in range(0, len(cells), 2)])


def among_words(digits: list[np.ndarray]) -> np.ndarray:
    """Two digits in the middle of each line, and a word on either side."""
    font = ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans-Oblique.ttf"), 80)
    words, lines = iter(WORDS.split()), []
    for start in range(0, len(digits), 2):
        line = Image.new("L", (1200, 160))
        draw = ImageDraw.Draw(line)
        draw.text((60, 130), next(words), 255, font, anchor="ls")
        draw.text((830, 130), next(words), 255, font, anchor="ls")
        ink = np.asarray(line, np.float64) / 255
        number = row(digits[start : start + 2])[:, :300]
        ink[30:130, 500 : 500 + number.shape[1]] = number
        lines.append(ink)
    return np.vstack(lines)


def highlighter(height: int, width: int) -> np.ndarray:
    """A band of yellow over the middle of the page, not quite as high as the digits."""
    left = np.ones((height, width, 3))
    left[height // 2 - 45 : height // 2 + 45, 20:-20] = (1.0, 0.92, 0.35)
    return left


def slats(height: int, width: int) -> np.ndarray:
    """The shadow of a blind: bands as broad as half a digit is high, which rise to the right, with soft edges."""
    down, across = np.mgrid[0:height, 0:width]
    bands = np.where((down + across / 3) % SIDE < SIDE / 2, 0.55, 1.0)
    return np.repeat(cv2.GaussianBlur(bands, (0, 0), 4)[..., None], 3, axis=2)


def on_a_table(page: np.ndarray, chance: Chance) -> np.ndarray:
    """A small sheet, a sixteenth of the picture, turned a little on a dark wooden table."""
    height, width = page.shape[:2]
    tall, wide = 4 * height, 4 * width
    grain = cv2.resize(chance.normal(0, 1, (height, 12)), (wide, tall), interpolation=cv2.INTER_CUBIC)
    table = np.array((112, 74, 46)) + 9 * grain[..., None] + chance.normal(0, 3, (tall, wide, 3))
    table = np.clip(table, 0, 255).astype(np.uint8)
    place = cv2.getRotationMatrix2D((width / 2, height / 2), 6 * chance.choice([-1, 1]), 1)
    place[:, 2] += [(wide - width) / 2, (tall - height) / 2]
    return cv2.warpAffine(page, place, (wide, tall), dst=table, borderMode=cv2.BORDER_TRANSPARENT)


CHALK = Scene((40, 44, 40), (225, 225, 225))
FAINT = Scene((215, 215, 215), (170, 170, 170))
SHADED, SMALL = Scene(shade=0.5), Scene(noise=2.0, blur=0.3)
HIGHLIGHTED, SLATS = Scene(cast=highlighter), Scene(cast=slats)
SCREEN = Scene((255, 255, 255), (0, 0, 0), noise=0.0, blur=0.01)
WAYS = (
    Way("a wide margin", 1, partial(alone, share=1.0)),
    Way("a margin of 10 %", 1, partial(alone, share=0.1)),
    Way("a margin of 3 %", 1, partial(alone, share=0.03)),
    Way("no margin", 1, partial(alone, share=0.0)),
    Way("no margin, thin pen", 1, partial(alone, share=0.0, pen=THIN)),
    Way("no margin, thick pen", 1, partial(alone, share=0.0, pen=THICK)),
    Way("no margin, chalk", 1, partial(alone, share=0.0), CHALK),
    Way("no margin, faint", 1, partial(alone, share=0.0), FAINT),
    Way("no margin, one side darker", 1, partial(alone, share=0.0), SHADED),
    Way("no margin, 24 pixels", 1, partial(alone, share=0.0, side=24), SMALL),
    Way("in a frame, 6 % away", 1, partial(framed, share=0.06)),
    Way("in a frame, 10 % away", 1, partial(framed, share=0.1)),
    Way("one digit, turned by 15 degrees", 1, partial(alone, share=1.0), degrees=15),
    Way("four digits", 4, padded_row),
    Way("four digits, by one writer", 4, padded_row, one_writer=True),
    Way("four digits, no margin", 4, row),
    Way("four digits, 14 pixels high", 4, partial(padded_row, side=14), SMALL),
    Way("four digits that touch", 4, partial(padded_row, gap=0.0)),
    Way("four digits that touch, by one writer", 4, partial(padded_row, gap=0.0), one_writer=True),
    Way("four digits moved together", 4, nested),
    Way("four digits moved together, by one writer", 4, nested, one_writer=True),
    Way("four digits, highlighted", 4, padded_row, HIGHLIGHTED),
    Way("four digits in the shadow of slats", 4, padded_row, SLATS),
    Way("four digits on a sheet on a dark table", 4, padded_row, lies_on_a_table=True),
    Way("eight digits among words", 8, among_words),
    Way("eight digits among words, on its side", 8, among_words, quarters=1),
    Way("eight digits among words, on its head", 8, among_words, quarters=2),
    Way("two digits far apart, no margin", 2, partial(row, gap=6)),
    Way("boxes of a form", 4, partial(form, height=120)),
    Way("boxes of a form, tight", 4, partial(form, height=100)),
    Way("boxes of a form, thick lines", 4, partial(form, height=120, line=8)),
    Way("each in a circle", 4, circled),
    Way("a dark panel on a light page", 1, partial(panels, gap=0.25, pixels=SIDE), SCREEN),
    Way("a dark panel of 28 pixels a side", 1, partial(panels, gap=0.25, pixels=28), SCREEN),
    Way("a dark panel of 8 pixels a side", 1, partial(panels, gap=0.25, pixels=8), SCREEN),
    Way("four dark panels", 4, partial(panels, gap=0.1, pixels=28), SCREEN),
    Way("ten dark panels", 10, partial(panels, gap=0.2, pixels=28), SCREEN),
    Way("lined paper", 4, lambda digits: on_lines(padded_row(digits), 36, 0.35, squared=False)),
    Way("squared paper", 4, lambda digits: on_lines(padded_row(digits), 30, 0.35, squared=True)),
    Way("squared paper, dark lines", 4, lambda digits: on_lines(padded_row(digits), 50, 0.8, squared=True)),
    Way("a point between", 4, partial(separated, sign=".")),
    Way("a dash between", 4, partial(separated, sign="-")),
    Way("a slash between", 4, partial(separated, sign="/")),
    Way("a slash between, by one writer", 4, partial(separated, sign="/"), one_writer=True),
    Way("a slash between, 1.3 times as high", 4, partial(separated, sign="/", taller=1.3)),
    Way("four digits, turned by 15 degrees", 4, padded_row, degrees=15),
    Way("four digits, turned by 30 degrees", 4, padded_row, degrees=30),
)


def printed(font: ImageFont.FreeTypeFont, chance: Chance) -> np.ndarray:
    """Four lines of four words; ink in [0, 1]."""
    lines = [" ".join(chance.choice(WORDS.split(), 4)) for _ in range(4)]
    page = Image.new("L", (int(30 * font.size), int(9 * font.size)))
    ImageDraw.Draw(page).multiline_text((2 * font.size, 2 * font.size), "\n".join(lines), 255, font)
    return np.asarray(page, np.float64) / 255


def measure_print(reader: Reader, count: int) -> None:
    """DejaVu, which comes with matplotlib, has taught no network."""
    print("\n| print, height of the font | pages | something read | digits a page |")
    print("| --- | ---: | ---: | ---: |")
    for size in (14, 24, 40):
        read = []
        for number in range(count):
            name = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono")[number % 3]
            font = ImageFont.truetype(Path(mpl.get_data_path(), f"fonts/ttf/{name}.ttf"), size)
            chance = np.random.default_rng([size, number])
            read.append(len(reader.read(photo(printed(font, chance), chance, Scene())).digits))
        something = np.mean(np.array(read) > 0)
        print(f"| {size} pixels | {count} | {something:.1%} | {np.mean(read):.2f} |", flush=True)


def as_it_is(frame: np.ndarray) -> np.ndarray:
    """A digit with its own strokes, cut to its ink and enlarged: (H, W) in [0, 1], the longer side `SIDE` pixels."""
    rows, columns = np.nonzero(frame > HARDLY_INK)
    ink = frame[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].astype(np.float64) / 255
    scale = SIDE / max(ink.shape)
    return np.clip(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), 0, 1)[:SIDE]


def measure_strokes(reader: Reader, sets: dict[str, Digits], count: int) -> None:
    """Numbers of four digits by anybody, with the strokes of their sets."""
    print("\n| digits as they are | numbers | apart | moved together |")
    print("| --- | ---: | ---: | ---: |")
    for name, digits in sets.items():
        right = {"apart": 0, "together": 0}
        for number in range(count):
            chance = np.random.default_rng([len(name), number])
            chosen = chance.integers(0, len(digits.labels), 4)
            inks = [as_it_is(frame) for frame in digits.pictures[chosen]]
            apart = np.hstack([np.pad(standing(ink), ((0, 0), (0, 15))) for ink in inks])
            for how, line in (("apart", apart), ("together", together(inks))):
                text = reader.read(photo(np.pad(line, 60), chance, Scene())).text
                right[how] += "".join(text.split()) == "".join(str(value) for value in digits.labels[chosen])
        print(f"| {name} | {count} | {right['apart'] / count:.1%} | {right['together'] / count:.1%} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--count", type=int, default=240, help="digits")
    parser.add_argument("--only", default="", help="part of the names of the ways to measure, or print, or strokes")
    parser.add_argument("--others", type=Path, help="folder of the other sets of digits, to show them as they are")
    parser.add_argument("--model", type=Path, help="folder of another network's weights")
    arguments = parser.parse_args()
    held_out = load_splits(arguments.mnist).calibration
    chance = np.random.default_rng(11)
    mixed = chance.permutation(len(held_out.labels))[: arguments.count]
    firsts = chance.integers(0, len(held_out.labels) - 8, (arguments.count // 4, 1))
    by_one = (firsts + 2 * np.arange(4)).ravel()
    distances_of = [distance_fields(held_out.pictures[chosen]).astype(np.float32) for chosen in (mixed, by_one)]
    reader = Reader(model_dir=arguments.model)
    print("| how they are shown | pages | read right | nothing read |")
    print("| --- | ---: | ---: | ---: |")
    for way in (way for way in WAYS if arguments.only in way.name):
        chosen, distances = (by_one if way.one_writer else mixed), distances_of[way.one_writer]
        values = "".join(str(value) for value in held_out.labels[chosen])
        starts = range(0, len(chosen) - way.digits + 1, way.digits)
        texts = []
        for start in starts:
            page = way.show(list(distances[start : start + way.digits]), np.random.default_rng(start))
            texts.append("".join(reader.read(page).text.split()))
        right = np.mean([text == values[start : start + way.digits] for text, start in zip(texts, starts, strict=True)])
        print(f"| {way.name} | {len(texts)} | {right:.1%} | {texts.count('') / len(texts):.1%} |", flush=True)
    if arguments.only in "print":
        measure_print(reader, arguments.count // 4)
    if arguments.others and arguments.only in "strokes":
        others = {which.title: digits for which, digits in load_other_sets(arguments.others)}
        measure_strokes(reader, {"MNIST, held out": held_out, **others}, arguments.count // 2)


if __name__ == "__main__":
    main()
