"""What stands on a crop: lines of numbers, sums and words, tables, scattered digits, one large digit, or nothing."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import cv2
import numpy as np

from digitlens.training.glyphbank import ANY_SCRIPT, LETTERS
from digitlens.training.ground import draw_rulings
from digitlens.training.marks import LEANS_LIKE_A_1, LEANS_TOO_FAR
from digitlens.training.sheet import FIELD_SIDE, MARGIN, OTHER, UNSURE, Sheet, Style, pick

OPERATORS = "+-=×÷/()x*:<>[]%"
SUM_SIGNS = "+-=×÷//x*:"
# A slash leans so much further than the writer's 1s, width by height, or is so much taller than the digits beside it.
FURTHER, TALLER = 0.25, 1.2
# Share of the slashes that are one straight stroke, and how far these lean, width by height.
STRAIGHT, SLASH_LEANS = 0.6, (0.2, 0.95)
# Share of the numbers whose digits touch, of large single digits that are a 1, and of sums that have but slashes.
TOUCHING, LONE_ONES, DATES = 0.18, 0.25, 0.3
# Share of the short numbers and lone digits around which somebody drew a circle or a box.
RINGED = 0.06
# Share of the tables whose cells are circles.
CIRCLES = 0.12


def _number(rng: np.random.Generator) -> str:
    length = int(rng.choice([1, 2, 3, 4, 5, 6, 8, 10], p=[0.25, 0.24, 0.18, 0.11, 0.08, 0.06, 0.05, 0.03]))
    return "".join(str(d) for d in rng.integers(0, 10, length))


def _sum(rng: np.random.Generator) -> str:
    """Two to four short numbers with signs between them, some of it in brackets: (7+15)*20/4; or a date: 24/11/26."""
    count = int(rng.integers(2, 5))
    numbers = ["".join(str(d) for d in rng.integers(0, 10, int(rng.integers(1, 4)))) for _ in range(count)]
    if rng.random() < 0.6:
        first = int(rng.integers(0, count))
        last = int(rng.integers(first, count))
        opening, closing = ("()", "()", "[]", "{}")[int(rng.integers(4))]
        numbers[first], numbers[last] = opening + numbers[first], numbers[last] + closing
    known = "/" if rng.random() < DATES else SUM_SIGNS
    signs = (known[int(rng.integers(len(known)))] for _ in range(count - 1))
    return "".join(number + sign for number, sign in zip(numbers, [*signs, ""], strict=True))


def _word(rng: np.random.Generator) -> str:
    known = 26 if rng.random() < 0.8 else 52
    return "".join(LETTERS[int(i)] for i in rng.integers(0, known, int(rng.integers(3, 9))))


def _printed(rng: np.random.Generator) -> str:
    """One to four printed words of two to eight letters."""
    words = (_word(rng)[: int(rng.integers(2, 9))].lower() for _ in range(int(rng.integers(1, 5))))
    text = " ".join(words)
    return text.upper() if rng.random() < 0.3 else text.capitalize() if rng.random() < 0.5 else text


def _script(rng: np.random.Generator) -> str:
    return ANY_SCRIPT * int(rng.integers(1, 3))


def _fraction(rng: np.random.Generator) -> str:
    return f"{int(rng.integers(1, 10))}/{int(rng.integers(1, 10))}"


def _one_of(characters: str) -> Callable[[np.random.Generator], str]:
    return lambda rng: characters[int(rng.integers(len(characters)))]


# What stands in a line: what kind of thing, how its text is made, how often it comes.
TOKENS = (
    (("number", _number), 0.38),
    (("sum", _sum), 0.16),
    (("sign", _one_of(OPERATORS)), 0.2),
    (("word", _word), 0.11),
    (("printed", _printed), 0.04),
    (("letter", _one_of(LETTERS)), 0.07),
    (("script", _script), 0.03),
    (("fraction", _fraction), 0.05),
)


def _write_lines(sheet: Sheet) -> None:
    """Rows of numbers, sums and words, from the top to the bottom."""
    rng = sheet.rng
    style = sheet.style()
    base = rng.uniform(-0.5, 1.2) * style.height + MARGIN / 2
    pitch = style.height * rng.uniform(1.25, 2.6)
    if rng.random() < 0.4:
        np.maximum(
            sheet.print,
            draw_rulings(FIELD_SIDE, max(7.0, pitch * rng.choice([0.5, 1.0, 1.0, 0.33])), rng),
            out=sheet.print,
        )
    sparse, climb = rng.random() < 0.25, rng.normal(0, 0.01)
    while base < FIELD_SIDE + style.height:
        if not sparse or rng.random() < 0.4:
            _write_line(sheet, style, base, climb)
        if rng.random() < 0.15:
            style = sheet.style(style.height * rng.uniform(0.8, 1.25))
        base += pitch


def _write_line(sheet: Sheet, style: Style, base: float, climb: float) -> None:
    rng = sheet.rng
    at = rng.uniform(-1, 2 if rng.random() < 0.7 else 6) * style.height
    end = FIELD_SIDE if rng.random() < 0.7 else rng.uniform(0.3, 1) * FIELD_SIDE
    while at < end:
        kind, write = pick(TOKENS, rng)
        text = write(rng)
        at = _write_token(sheet, style, kind, text, at, base + climb * at) + style.height * rng.uniform(0.25, 1.1)


def _write_token(sheet: Sheet, style: Style, kind: str, text: str, at: float, base: float) -> float:
    """Write one token and return where it ends."""
    rng = sheet.rng
    if kind == "fraction":
        return _write_fraction(sheet, style, text, at, base)
    if kind == "printed":
        return _print(sheet, text, at, base, style.height * rng.uniform(0.4, 1.2))
    start, first = at, len(sheet.labels)
    label = OTHER if kind == "word" and len(text) > 3 else None
    gap = style.spacing if kind == "number" else rng.uniform(0.02, 0.3)
    tallness = rng.uniform(0.85, 1.6)
    if kind == "number" and len(text) > 1 and rng.random() < TOUCHING:
        gap = rng.uniform(-0.2, 0.05)  # digits that touch
    for character in text:
        if kind in {"sign", "sum"} and character in "()/[]{}":
            tall = _taller(style, tallness * rng.uniform(0.9, 1.1))
            low = base + rng.uniform(0.0, 0.6) * (tall.height - style.height)
            touching = rng.random() < 0.15
            at -= style.height * rng.uniform(0.0, 0.18) if touching and at > start else 0.0
            at += write_stroke(sheet, character, at, low, tall, tall.height / style.height)
            at -= style.height * rng.uniform(0.0, 0.12) if touching else 0.0
            at += style.height * max(0.0, gap) * rng.uniform(0.3, 1.0)
            continue
        width = sheet.write(character, at, base, style, label)
        at += width + style.height * gap * (1 + 0.3 * style.jitter * rng.uniform(-1, 1))
    if kind == "number" and rng.random() < 0.025:
        _cross_out(sheet, style, (start, at), base)
        sheet.labels[first:] = [OTHER] * (len(sheet.labels) - first)
    elif kind == "number" and len(text) < 3 and rng.random() < RINGED:
        draw_ring(sheet, style, first)
        at += 0.6 * style.height
    return at


def _print(sheet: Sheet, text: str, at: float, base: float, height: float) -> float:
    """Printed words, all of one font; return where they end."""
    style = sheet.print_style(height)
    if style is None:
        return at
    for character in text:
        blank = 0.3 * style.height if character == " " else sheet.write(character, at, base, style, OTHER)
        at += blank + style.spacing * style.height
    return at


def write_stroke(sheet: Sheet, character: str, at: float, base: float, style: Style, factor: float) -> float:
    """Write a bracket or a slash that is `factor` times as high as the digits beside it; return its width.

    A slash is told from a 1 by how far it leans, or by its height.
    """
    first = len(sheet.labels)
    if character == "/" and sheet.rng.random() < STRAIGHT:
        width = _write_slash(sheet, at, base, style)
    else:
        width = sheet.write(character, at, base, style)
    if len(sheet.labels) > first and character == "/":
        wide, high = np.ptp(sheet.outlines[first], axis=0).tolist()
        known = factor > TALLER or wide > (FURTHER + max(0.0, sheet.lean_of_ones(style))) * high
        sheet.labels[first] = OTHER if known else UNSURE
    return width


def _write_slash(sheet: Sheet, at: float, base: float, style: Style) -> float:
    """One straight stroke, a little bowed; return its width."""
    rng = sheet.rng
    width = style.height * rng.uniform(*SLASH_LEANS)
    along = np.linspace(0, 1, 7)[:, None]
    bow = 4 * along * (1 - along) * rng.normal(0, 0.03) * style.height
    points = np.array([at, base]) + along * np.array([width, -style.height]) + bow * np.array([1.0, 0.0])
    sheet.stroke(points, style.pen or style.height * rng.uniform(0.06, 0.14), style.density, OTHER)
    return width


def draw_ring(sheet: Sheet, style: Style, first: int) -> None:
    """A circle or a box around all marks from index `first` on, as around the number of a question; it is no mark."""
    rng = sheet.rng
    if len(sheet.outlines) <= first:
        return
    points = np.concatenate(sheet.outlines[first:])
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    gap = style.height * rng.uniform(0.05, 0.5)
    if rng.random() < 0.75:
        radii = np.maximum(half + gap, half.max() * rng.uniform(0.8, 1.1)) * rng.uniform(1.0, 1.15)
        angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi * rng.uniform(0.92, 1.12), 40)
        wobble = 1 + 0.04 * np.sin(angles + rng.uniform(0, 6)) + 0.03 * np.sin(2 * angles + rng.uniform(0, 6))
        line = middle + radii * wobble[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    else:
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) + rng.normal(0, 0.03, (5, 2))
        line = middle + corners * (half + gap)
    width = max(1.0, (style.pen or 0.1 * style.height) * rng.uniform(0.4, 1.2))
    sheet.stroke(line, width, style.density * rng.uniform(0.7, 1.0))


def _cross_out(sheet: Sheet, style: Style, span: tuple[float, float], base: float) -> None:
    """A dense zigzag or several strokes through what was written."""
    rng = sheet.rng
    turns = max(4, round(2.2 * (span[1] - span[0]) / style.height) + int(rng.integers(1, 5)))
    columns = np.linspace(span[0] - 3, span[1] + 3, turns)
    if rng.random() < 0.4:
        columns = np.where(np.arange(turns) % 2, span[0] - 3, span[1] + 3)
    reach = np.where(np.arange(turns) % 2, -1, 1) * rng.uniform(0.15, 0.45) * style.height
    rows = base - 0.5 * style.height + reach + rng.normal(0, 0.06 * style.height, turns)
    sheet.stroke(np.stack([columns, rows], axis=1), style.pen or 0.12 * style.height, style.density)


def _taller(style: Style, factor: float) -> Style:
    return dataclasses.replace(style, height=style.height * factor)


def _write_fraction(sheet: Sheet, style: Style, text: str, at: float, base: float) -> float:
    """Two small digits over and under a bar, or beside a stroke; often they touch it."""
    rng = sheet.rng
    above, below = text.split("/")
    small = _taller(style, rng.uniform(0.45, 0.75))
    pen = style.pen or 0.1 * style.height
    if rng.random() < 0.5:
        middle, half = base - 0.5 * style.height, small.height * rng.uniform(0.4, 0.9)
        sheet.stroke(np.array([[at, middle + rng.normal(0, 2)], [at + 2 * half, middle]]), pen, style.density, OTHER)
        reach = rng.uniform(-0.05, 0.25) * small.height
        sheet.write(above, at + half / 2, middle - reach, small)
        sheet.write(below, at + half / 2, middle + small.height + reach, small)
        return at + 2 * half
    first = sheet.write(above, at, base - style.height * rng.uniform(0.3, 0.6), small)
    foot = np.array([at + first * rng.uniform(0.3, 0.9), base + 0.1 * style.height])
    head = np.array([at + first + style.height * rng.uniform(0.1, 0.5), base - style.height * rng.uniform(0.9, 1.3)])
    sheet.stroke(np.stack([foot, head]), pen, style.density, OTHER)
    start = at + first + style.height * rng.uniform(0.0, 0.35)
    return start + sheet.write(below, start, base + 0.1 * style.height, small)


def _fill_table(sheet: Sheet) -> None:
    """Cells with digits, numbers or nothing in them: sudoku, form, score sheet."""
    rng = sheet.rng
    style = sheet.style()
    width, height = style.height * rng.uniform(1.05, 3.5), style.height * rng.uniform(1.1, 2.0)
    width = height if rng.random() < 0.4 else width
    left, top = rng.uniform(-width, 0.4 * FIELD_SIDE), rng.uniform(-height, 0.4 * FIELD_SIDE)
    columns, rows = int(rng.integers(1, 12)), int(rng.integers(1, 12))
    in_circles = rng.random() < CIRCLES
    if not in_circles:
        thickest = (0.1 if rng.random() < 0.2 else 0.0) * style.height
        _draw_grid(sheet, (left, top), (width, height), columns, rows, thickest)
    filled = rng.uniform(0.1, 1.0)
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * width, top + row * height
            if rng.random() > filled or x > FIELD_SIDE or y > FIELD_SIDE:
                continue
            if in_circles:
                _fill_circle(sheet, style, (x + width / 2, y + height / 2))
                continue
            _fill_cell(sheet, style, x + rng.uniform(0.02, 0.3) * width, y + height * rng.uniform(0.75, 1.02), width)


def _draw_grid(
    sheet: Sheet, corner: tuple[float, float], cell: tuple[float, float], columns: int, rows: int, thickest: float = 3.4
) -> None:
    (left, top), (width, height) = corner, cell
    rng = sheet.rng
    thickness, density = rng.uniform(1, max(3.4, thickest)), rng.uniform(0.4, 1.0)
    target = sheet.print if rng.random() < 0.6 else sheet.ink
    layer = np.zeros_like(target)
    for column in range(columns + 1):
        x = left + column * width
        ends = (round(16 * x), round(16 * top)), (round(16 * x), round(16 * (top + rows * height)))
        cv2.line(layer, *ends, float(density), max(1, round(thickness)), cv2.LINE_AA, 4)
    for row in range(rows + 1):
        y = top + row * height
        ends = (round(16 * left), round(16 * y)), (round(16 * (left + columns * width)), round(16 * y))
        cv2.line(layer, *ends, float(density), max(1, round(thickness)), cv2.LINE_AA, 4)
    np.maximum(target, layer, out=target)


def _fill_cell(sheet: Sheet, style: Style, left: float, base: float, width: float) -> None:
    rng = sheet.rng
    kind = rng.random()
    if kind < 0.1:
        sheet.write(ANY_SCRIPT if rng.random() < 0.5 else LETTERS[int(rng.integers(52))], left, base, style)
        return
    if kind < 0.15:
        start = np.array([left, base - 0.4 * style.height])
        tick = start + style.height * np.array([[0, 0], [0.25, 0.35], [0.9, -0.6]]) * rng.uniform(0.6, 1.1)
        sheet.stroke(tick, style.pen or 2.0, style.density, OTHER)
        return
    count = 1 if width < 1.6 * style.height else int(rng.integers(1, max(2, int(width / style.height / 0.8))))
    text = "".join(str(d) for d in rng.integers(0, 10, count))
    if rng.random() < 0.1:
        _write_fraction(sheet, style, _fraction(rng), left, base)
    else:
        _write_token(sheet, style, "number", text, left, base)


def _fill_circle(sheet: Sheet, style: Style, middle: tuple[float, float]) -> None:
    """One digit and the circle around it."""
    first = len(sheet.labels)
    _write_around(sheet, str(sheet.rng.integers(0, 10)), middle, style)
    draw_ring(sheet, style, first)


def _write_around(sheet: Sheet, character: str, middle: tuple[float, float], style: Style) -> None:
    """Write a character roughly around a point."""
    sheet.write(character, middle[0] - 0.3 * style.height, middle[1] + 0.5 * style.height, style)


def _scatter(sheet: Sheet) -> None:
    """Single digits and some signs anywhere, of all sizes."""
    rng = sheet.rng
    count = int(rng.integers(1, 14))
    largest = float(np.exp(rng.uniform(np.log(20), np.log(70))))
    taken: list[tuple[float, float, float]] = []
    for _ in range(count):
        style = sheet.style(max(12.0, largest * rng.uniform(0.5, 1.0)))
        x, y = rng.uniform(0, FIELD_SIDE, 2)
        if any(math.hypot(x - a, y - b) < 0.7 * (style.height + c) for a, b, c in taken):
            continue
        taken.append((x, y, style.height))
        character = str(rng.integers(0, 10)) if rng.random() < 0.75 else OPERATORS[int(rng.integers(len(OPERATORS)))]
        first = len(sheet.labels)
        _write_around(sheet, character, (x, y), style)
        if rng.random() < RINGED:
            draw_ring(sheet, style, first)


def _one_large(sheet: Sheet) -> None:
    """One digit that fills its cell or its picture, at the upper end of the sizes or beyond them."""
    rng = sheet.rng
    style = sheet.style(float(np.exp(rng.uniform(np.log(24), np.log(220)))))
    middle = (FIELD_SIDE / 2 + rng.uniform(-60, 60, 2)).tolist()
    digit = 1 if rng.random() < LONE_ONES else rng.integers(0, 10)
    _write_around(sheet, str(digit), middle, style)
    if rng.random() < 0.4:
        side = style.height * rng.uniform(1.1, 1.8)
        _draw_grid(sheet, (middle[0] - side / 2, middle[1] - side / 2), (side, side), 1, 1, 0.06 * style.height)
    elif rng.random() < 2 * RINGED:
        draw_ring(sheet, style, 0)
    if rng.random() < 0.1:  # the question stands over the answer
        above = middle[1] - style.height * rng.uniform(0.7, 1.5)
        _print(sheet, _printed(rng), rng.uniform(0, FIELD_SIDE / 2), above, style.height * rng.uniform(0.2, 0.7))


def _write_nothing(sheet: Sheet) -> None:
    """Print, words, scripts, doodles, large strokes, lines of paper, or nothing at all."""
    rng = sheet.rng
    kind = rng.random()
    if kind < 0.25:
        pitch = float(np.exp(rng.uniform(np.log(7), np.log(60))))
        np.maximum(sheet.print, draw_rulings(FIELD_SIDE, pitch, rng), out=sheet.print)
    elif kind < 0.35:
        _print_lines(sheet)
    elif kind < 0.45:
        _write_words(sheet)
    elif kind < 0.65:
        style = sheet.style()
        for _ in range(int(rng.integers(1, 9))):
            left, base = rng.uniform(0, FIELD_SIDE, 2).tolist()
            sheet.write(ANY_SCRIPT, left, base, style, OTHER)
    for _ in range(int(rng.integers(0, 6))):
        sheet.doodle()


def _print_lines(sheet: Sheet) -> None:
    """A printed line, or several."""
    rng = sheet.rng
    height = float(np.exp(rng.uniform(np.log(9), np.log(40))))
    pitch, base = height * rng.uniform(1.3, 2.5), rng.uniform(0, FIELD_SIDE)
    for _ in range(int(rng.choice([1, 2, 4, 30], p=[0.4, 0.2, 0.2, 0.2]))):
        _print(sheet, " ".join(_printed(rng) for _ in range(4)), rng.uniform(-MARGIN, 120), base, height)
        base += pitch


def _write_words(sheet: Sheet) -> None:
    """Lines of handwritten words."""
    rng = sheet.rng
    style = sheet.style(letters=True)
    for base in np.arange(style.height, FIELD_SIDE, style.height * rng.uniform(1.3, 2.5)):
        at = rng.uniform(0, 40)
        while at < FIELD_SIDE:
            text = "".join(LETTERS[int(i)] for i in rng.integers(0, 26, int(rng.integers(3, 9))))
            at = _write_token(sheet, style, "word", text, at, base) + 0.6 * style.height


def draw_leaning(sheet: Sheet, lean: float) -> None:
    """A hair, a scratch, a dash: one stroke that leans by `lean` degrees from upright, to the right if positive.

    Beyond `LEANS_TOO_FAR` it is `OTHER`, else `UNSURE`.
    """
    rng = sheet.rng
    length = float(np.exp(rng.uniform(np.log(9), np.log(70))))
    ahead = np.array([math.sin(math.radians(lean)), -math.cos(math.radians(lean))])
    along = np.linspace(-0.5, 0.5, 7)[:, None] * length
    bow = (1 - (2 * along / length) ** 2) * rng.normal(0, 0.05) * length
    points = FIELD_SIDE / 2 + rng.uniform(-70, 70, 2) + along * ahead + bow * np.array([-ahead[1], ahead[0]])
    too_far = not LEANS_TOO_FAR[0] < lean < LEANS_TOO_FAR[1]
    width = max(1.0, length * float(np.exp(rng.uniform(np.log(0.04), np.log(0.22)))))
    sheet.finest = min(sheet.finest, length)
    sheet.stroke(points, width, rng.uniform(0.25, 1.0), OTHER if too_far else UNSURE)


def _one_other(sheet: Sheet) -> None:
    """One large letter, sign, stroke that leans, character of another script or doodle, and no digit anywhere."""
    rng = sheet.rng
    kind = rng.random()
    if kind < 0.2:
        sheet.doodle()
        return
    if kind < 0.34:
        for _ in range(1 if rng.random() < 0.7 else int(rng.integers(2, 5))):
            leans = (-90, LEANS_LIKE_A_1[0]) if rng.random() < 0.7 else (LEANS_LIKE_A_1[1], 90)
            draw_leaning(sheet, rng.uniform(*leans))
        return
    style = sheet.style(float(np.exp(rng.uniform(np.log(18), np.log(90)))), letters=kind > 0.77)
    left, base = (FIELD_SIDE / 2 + rng.uniform(-60, 60, 2)).tolist()
    if kind < 0.77:
        sheet.write(ANY_SCRIPT, left, base, style, OTHER)
        return
    for character in (LETTERS[int(i)] for i in rng.integers(0, len(LETTERS), int(rng.integers(1, 3)))):
        left += sheet.write(character, left, base, style) + rng.uniform(-0.1, 0.3) * style.height


LAYOUTS = (
    (_write_lines, 0.34),
    (_fill_table, 0.15),
    (_scatter, 0.13),
    (_one_large, 0.14),
    (_one_other, 0.16),
    (_write_nothing, 0.08),
)
