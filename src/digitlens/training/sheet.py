"""A field while it is being written: one hand, one pen, one glyph after the other, and where each of them stands."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.slashes import lean_of
from digitlens.training import marks
from digitlens.training.glyphbank import ANY_SCRIPT, EIGHTHS, GLYPH, GlyphBank, Hand
from digitlens.training.glyphbank import SIDE as FIELD
from digitlens.training.ground import noise

Plane = NDArray[np.float32]
T = TypeVar("T")
OTHER, UNSURE = 10, -1
# The field is larger than the crop, so that a turned camera still sees page.
CROP_SIDE = 256
MARGIN = 40
FIELD_SIDE = CROP_SIDE + 2 * MARGIN
# Letters and signs that are digits in shape when they stand alone.
DIGIT_SHAPED = frozenset("OoDQlIiZzSsBGgqbJyTauUA|~/")
# Marks larger than that are no marks of this scale.
TOO_LARGE = 76.0
# Ink weaker than this is not seen as part of the mark and does not widen its box.
VISIBLE = 0.35
_BENDS = 200
# Share of the writers whose 1s and 7s are those of another country.
REGIONAL = 0.2


@dataclass(frozen=True, slots=True)
class Style:
    """How one line is written, and by whom: lengths in pixels; `writer` is in [0, 1), see `Hand.by_one_writer`."""

    hand: Hand
    height: float
    pen: float | None  # None keeps the glyph's own shape
    density: float
    slant: float
    jitter: float
    spacing: float
    grain: float
    writer: float = 0.0
    regional: bool = False  # writes 1s and 7s as in another country
    printed: bool = False  # every glyph alike, as no hand writes


class Sheet:
    """The field while it is being written."""

    def __init__(self, bank: GlyphBank, rng: np.random.Generator) -> None:
        self.bank, self.rng = bank, rng
        self.ink = np.zeros((FIELD_SIDE, FIELD_SIDE), np.float32)
        self.print = np.zeros((FIELD_SIDE, FIELD_SIDE), np.float32)
        self.outlines: list[Plane] = []
        self.labels: list[int] = []
        self.finest = float(
            FIELD_SIDE
        )  # height of the smallest writing: a lens that blurs more would leave nothing to read

    def style(self, height: float | None = None, letters: bool = False) -> Style:
        """Draw a hand, a pen and a manner of writing by chance."""
        rng = self.rng
        if height is None:
            height = float(np.exp(rng.uniform(np.log(13), np.log(56))))
        self.finest = min(self.finest, height)
        fonts, digits = self.bank.fonts, self.bank.digits
        if fonts and (letters or rng.random() < 0.2):
            hand = fonts[int(rng.integers(len(fonts)))]
        else:
            hand = digits[0] if rng.random() < 0.55 else digits[int(rng.integers(len(digits)))]
        pen = None
        if rng.random() < 0.6:
            pen = max(0.9, height * float(np.exp(rng.uniform(np.log(0.035), np.log(0.24)))))
        return Style(
            hand,
            height,
            pen,
            density=rng.uniform(0.6, 1.0),
            slant=rng.normal(0.0, 0.15),
            jitter=rng.uniform(0.2, 1.4),
            spacing=rng.normal(0.22, 0.2) if rng.random() < 0.8 else rng.uniform(0.5, 1.6),
            grain=rng.uniform(0.2, 0.9) if rng.random() < 0.2 else 0.0,
            writer=rng.random(),
            regional=rng.random() < REGIONAL,
        )

    def print_style(self, height: float) -> Style | None:
        """Draw a font for print by chance; None where the bank has none."""
        rng, prints = self.rng, self.bank.prints
        if not prints:
            return None
        self.finest = min(self.finest, height)
        hand = prints[int(rng.integers(len(prints)))]
        return Style(hand, height, None, rng.uniform(0.6, 1.0), 0.0, 0.0, rng.uniform(0.04, 0.16), 0.0, printed=True)

    def write(self, character: str, left: float, base: float, style: Style, label: int | None = None) -> float:
        """Write one glyph and return the width that it took.

        Args:
            character: which; `ANY_SCRIPT` is any character of another script.
            left: where its ink starts, in pixels of the field.
            base: the line it stands on, in pixels of the field.
            style: how.
            label: what it counts as; None follows from the character.
        """
        hand = self._hand_with(character, style)
        if hand is None:
            return 0.0
        is_any = character == ANY_SCRIPT
        places = hand.places[character] if is_any else hand.by_one_writer(character, style.writer)
        index = int(places[self.rng.integers(len(places))])
        height = style.height * float(hand.rises[index])
        drop = style.height * float(hand.drops[index])
        ink, (x, y), width = self._draw(hand, index, height, style)
        top = base + drop - height + y + self.rng.normal(0, 0.03 * style.jitter) * style.height
        self._paste(ink, round(left + x), round(top), label if label is not None else label_of(character))
        return width

    def lean_of_ones(self, style: Style) -> float:
        """How far the writer's 1s lean to the right, width by height."""
        hand = self._hand_with("1", style)
        if hand is None:
            return style.slant
        ones = hand.shapes[hand.by_one_writer("1", style.writer)]
        return style.slant + float(np.mean([math.tan(math.radians(lean_of(one))) for one in ones]))

    def _hand_with(self, character: str, style: Style) -> Hand | None:
        """The style's hand, or another that knows the character."""
        hand, regional = style.hand, self.bank.digits[-1]
        if style.regional and character in "17" and character in regional.places:
            return regional
        if character in hand.places:
            return hand
        others = self.bank.digits[:1] if character.isdigit() else (*self.bank.others, *self._some_fonts())
        knowing = [other for other in others if character in other.places]
        if character == ANY_SCRIPT and knowing:
            counts = np.cumsum([len(other.places[character]) for other in knowing])
            return knowing[int(np.searchsorted(counts, self.rng.integers(counts[-1]), side="right"))]
        return knowing[int(self.rng.integers(len(knowing)))] if knowing else None

    def _some_fonts(self) -> list[Hand]:
        fonts = self.bank.fonts
        return [fonts[int(index)] for index in self.rng.integers(0, len(fonts), 4)] if fonts else []

    def _draw(self, hand: Hand, index: int, height: float, style: Style) -> tuple[Plane, tuple[float, float], float]:
        """Ink of one glyph, where its corner lies from the glyph's left top, and the glyph's width."""
        rng = self.rng
        shape = hand.shapes[index]
        left, top, right, bottom = hand.bounds[index].tolist()
        tall = max(bottom - top, GLYPH / 8)
        scale = max(height, 1.5) / tall * float(np.exp(rng.normal(0, 0.05 * style.jitter)))
        stretch = 1.0 if style.printed else float(np.exp(rng.normal(0, 0.15)))
        slant, angle = style.slant + rng.normal(0, 0.05 * style.jitter), rng.normal(0, 0.04 * style.jitter)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        linear = scale * turn @ np.array([[stretch, -slant], [0.0, 1.0]])
        corners = linear @ np.array([[left, right, left, right], [top, top, bottom, bottom]])
        low, high = corners.min(axis=1), corners.max(axis=1)
        border = 2 + math.ceil((style.pen or 1) * 0.6)
        size = tuple(int(v) for v in np.ceil(high - low) + 2 * border)
        matrix = np.column_stack([linear, border - low])
        if style.pen is None:
            bent = shape if style.printed else self._bent(shape, 0)
            placed = cv2.warpAffine(bent, matrix, size).astype(np.float32) / 255
            ink = np.clip((placed - rng.uniform(0.3, 0.6)) * rng.uniform(1.5, 4.0) + 0.5, 0, 1)
        else:
            line = cv2.warpAffine(self._bent(hand.lines[index], 255), matrix, size, borderValue=255.0)
            line = line.astype(np.float32)
            half = 0.5 * style.pen * rng.uniform(0.9, 1.1)
            ink = np.clip(half - line * (scale / EIGHTHS) + 0.5, 0, 1)
        return self._worn(np.asarray(ink, np.float32), style), (-border, -border), float(high[0] - low[0])

    def _bent(self, field: NDArray[np.uint8], outside: int) -> NDArray[np.uint8]:
        """Some of the glyphs, bent a little: longer tails, other loops."""
        if self.rng.random() < 0.6:
            return field
        columns, rows = _bends()[int(self.rng.integers(_BENDS))]
        bent = cv2.remap(field, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=outside)
        return np.asarray(bent, np.uint8)

    def _worn(self, ink: Plane, style: Style) -> Plane:
        rng = self.rng
        side = max(ink.shape)
        if style.grain:
            ink = (
                ink
                * np.clip(1.3 - style.grain * (0.5 + 0.8 * noise(side, 1.5, rng)), 0, 1)[: ink.shape[0], : ink.shape[1]]
            )
        if rng.random() < 0.04 and min(ink.shape) > 12:  # a stroke broke, or a ruling was wiped off
            at = int(rng.integers(4, min(ink.shape) - 4))
            gap = slice(at, at + max(1, round(style.height / 20)))
            ink[gap if rng.random() < 0.6 else slice(None), slice(None) if rng.random() < 0.6 else gap] *= 0.2
        return np.asarray(ink * style.density, np.float32)

    def _paste(self, ink: Plane, left: int, top: int, label: int | None) -> None:
        height, width = ink.shape
        y0, x0 = max(0, top), max(0, left)
        y1, x1 = min(FIELD_SIDE, top + height), min(FIELD_SIDE, left + width)
        visible = ink > VISIBLE * max(float(ink.max()), 1e-6)
        ys, xs = np.nonzero(visible)
        if ys.size and label is not None:
            self._note(xs + left, ys + top, label)
        if y1 > y0 and x1 > x0:
            place = self.ink[y0:y1, x0:x1]
            np.maximum(place, ink[y0 - top : y1 - top, x0 - left : x1 - left], out=place)

    def _note(self, xs: NDArray[np.intp], ys: NDArray[np.intp], label: int) -> None:
        """Keep the extreme points in eight directions: a camera's tilt moves the box with them."""
        extremes = [way(values) for values in (xs, ys, xs + ys, xs - ys) for way in (np.argmin, np.argmax)]
        self.outlines.append(np.stack([xs[extremes], ys[extremes]], axis=1).astype(np.float32))
        self.labels.append(label)

    def stroke(self, points: NDArray[np.floating], width: float, density: float, label: int | None = None) -> None:
        """Draw a line through points, (N, 2) in pixels of the field."""
        layer = np.zeros_like(self.ink)
        fixed = np.round(16 * np.asarray(points)).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(layer, [fixed], False, float(density), max(1, round(width)), cv2.LINE_AA, 4)
        np.maximum(self.ink, layer, out=self.ink)
        if label is not None:
            inside = np.clip(np.round(points).astype(int), 0, FIELD_SIDE - 1)
            self._note(inside[:, 0], inside[:, 1], label)

    def doodle(self) -> None:
        """A scribble, sign, arrow, frame or character of another script somewhere; it may cross what is written."""
        rng = self.rng
        side = int(np.exp(rng.uniform(np.log(14), np.log(130))))
        maker = pick(_DOODLES, rng)
        ink = cv2.resize(maker(rng), (side, side), interpolation=cv2.INTER_AREA) * rng.uniform(0.4, 1.0)
        left, top = (int(v) for v in rng.uniform(-10, FIELD_SIDE - 10, 2))
        if marks.draw_blot is maker or rng.random() < 0.9:
            covered = self._covers(left, top, side)
            self._paste(np.asarray(ink, np.float32), left, top, OTHER if side < TOO_LARGE else None)
            for index in covered:
                self.labels[index] = UNSURE if 0 <= self.labels[index] < OTHER else self.labels[index]

    def _covers(self, left: int, top: int, side: int) -> list[int]:
        """Marks whose middle lies in a square."""
        return [
            index
            for index, outline in enumerate(self.outlines)
            if ((outline.mean(axis=0) > (left, top)) & (outline.mean(axis=0) < (left + side, top + side))).all()
        ]

    def lay_on(self, ground: Plane) -> Plane:
        """Ink on ground: darker by a contrast drawn by chance, faint pencil to black."""
        rng = self.rng
        darkest = rng.uniform(0.0, 0.35)
        strength = 1.0 if rng.random() < 0.75 else rng.uniform(0.25, 0.9)
        page = ground - self.print * ground * rng.uniform(0.15, 0.8)
        return np.asarray(page + strength * self.ink * (darkest - page), np.float32)


@functools.lru_cache(maxsize=1)
def _bends() -> list[tuple[Plane, Plane]]:
    """Smooth displacements of a field, in its pixels, as maps for `cv2.remap`."""
    rng = np.random.default_rng(2003)
    axis = np.arange(FIELD, dtype=np.float32)
    bends = []
    for _ in range(_BENDS):
        coarse = rng.normal(0, rng.uniform(0.5, 2.2), (4, 4, 2)).astype(np.float32)
        field = np.asarray(cv2.resize(coarse, (FIELD, FIELD), interpolation=cv2.INTER_CUBIC), np.float32)
        bends.append((axis[None, :] + field[..., 0], axis[:, None] + field[..., 1]))
    return bends


def label_of(character: str) -> int:
    """The label of a lone character: its value, `OTHER`, or `UNSURE` where it has the shape of a digit.

    >>> label_of("7"), label_of("k"), label_of("O")
    (7, 10, -1)
    """
    if character.isdigit():
        return int(character)
    return UNSURE if character in DIGIT_SHAPED else OTHER


def pick(choices: tuple[tuple[T, float], ...], rng: np.random.Generator) -> T:
    """One of several, each as often as its share says."""
    things, shares = zip(*choices, strict=True)
    return things[int(np.searchsorted(np.cumsum(shares), rng.random() * sum(shares)))]  # type: ignore[no-any-return]


_DOODLES: tuple[tuple[Callable[[np.random.Generator], Plane], float], ...] = (
    (marks.draw_sign, 0.4),
    (marks.draw_scribble, 0.25),
    (marks.draw_letters, 0.2),
    (marks.draw_blot, 0.15),
)
