"""The glyphs that pages are written with: digits of many hands, letters and signs, each as a shape and as a line.

The shape is the bitmap as it was scanned or drawn; the line is the distance to its middle line, so that the same glyph
can be written again with any pen. Sources are MNIST's training part and, where they are at hand, other digit sets,
handwriting fonts, Omniglot's characters and pictures of empty paper. No photograph of digits is among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from digitlens.errors import InputError
from digitlens.training.corpus import fonts_in, half_of, is_digit_like, pictures_in, printed_in, scripts_in
from digitlens.training.datasets import load_splits
from digitlens.training.regional import REGIONAL_DIGITS, add_regional_strokes
from digitlens.training.scripts import FONT_SIZE, draw_letters, drawn, ink_of, known_to
from digitlens.training.skeleton import thin

Shapes = NDArray[np.uint8]
T = TypeVar("T")
# A glyph's field: its longer side is `GLYPH` px, with a border that a wide pen and a slant need.
SIDE, GLYPH = 56, 40
# Distances are kept as eighths of a pixel of the field, at most 255 of them.
EIGHTHS = 8.0
SIGNS = "+-=()[]{}/\\<>?!#%&*@$:;.,^~|×÷√∑π"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHARACTERS = "0123456789" + LETTERS + SIGNS
# Stands for any character of another script; no font draws it.
ANY_SCRIPT = "\ue000"
# Digit sets that may be trained on: folder, file.
DIGIT_SETS = (
    ("bhmsds", "digits.npz"),
    ("optdigits-orig", "tra.npz"),
    ("optdigits-orig", "tes.npz"),
    ("pendigits", "train_rendered32.npz"),
)
OPERATOR_NAMES = {"dot": ".", "minus": "-", "plus": "+", "slash": "/", "w": "w", "x": "x", "y": "y", "z": "z"}
_BACKGROUND_SIDE = 512
# MNIST's training file takes turns between its two sources, and each goes from writer to writer: how far digits lean
# correlates by 0.47 two places apart, by -0.24 between neighbours. So many glyphs of one character before and after a
# place in a source are taken for one writer's; 50 places apart the correlation is still 0.37.
MNIST_STREAMS, NEAR = 2, 2


@dataclass(frozen=True, slots=True)
class Hand:
    """Glyphs that look alike: one data set or one font.

    Attributes:
        name: of the set or the font.
        shapes: (N, 56, 56) uint8, ink bright on 0, the longer side of the ink 40 px.
        lines: (N, 56, 56) uint8, distance to the middle line in eighths of a pixel.
        characters: what each glyph is.
        rises: (N,) float32: height of the ink as a share of this hand's digits; 1 for a digit.
        drops: (N,) float32: how far the ink reaches below the baseline, as such a share; negative where it hovers.
        bounds: (N, 4) float32: left, top, right, bottom of the ink in the field.
        streams: 0 where the glyphs are in no order; else glyph i and glyph i + `streams` are mostly by one writer.
        places: character to the indices of its glyphs.
    """

    name: str
    shapes: Shapes
    lines: Shapes
    characters: str
    rises: NDArray[np.float32]
    drops: NDArray[np.float32]
    bounds: NDArray[np.float32]
    streams: int = 0
    places: dict[str, NDArray[np.intp]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        letters = np.array(list(self.characters))
        self.places.update({str(c): np.flatnonzero(letters == c) for c in np.unique(letters)})

    def by_one_writer(self, character: str, writer: float) -> NDArray[np.intp]:
        """Indices of a few glyphs of a character that one writer may have written.

        Args:
            character: which.
            writer: who, in [0, 1).
        """
        places, at = self.places[character], int(writer * len(self.places[character]))
        if self.streams:
            index = int(writer * len(self.characters))
            stream = places[places % self.streams == index % self.streams]
            places, at = (stream, int(np.searchsorted(stream, index))) if len(stream) else (places, at)
        first = max(0, min(at - NEAR, len(places) - 2 * NEAR))
        return places[first : first + 2 * NEAR]


@dataclass(frozen=True, slots=True)
class GlyphBank:
    """Everything that a page is composed of.

    Attributes:
        digits: hands that have digits only; the last may lack some of them.
        fonts: hands that have digits, letters and signs.
        others: hands whose every glyph is no digit: signs, and characters of other scripts, named `ANY_SCRIPT`.
        papers: grey pictures of empty paper, canvas and stains, (h, w) uint8.
        prints: hands that have letters only, those of fonts for print.
    """

    digits: tuple[Hand, ...]
    fonts: tuple[Hand, ...] = ()
    others: tuple[Hand, ...] = ()
    papers: tuple[Shapes, ...] = ()
    prints: tuple[Hand, ...] = ()


def load_bank(
    mnist: Path,
    sets: Path | None = None,
    fonts: Path | None = None,
    held_out: bool = False,
    limit: int | None = None,
    workers: int = 1,
) -> GlyphBank:
    """Gather the glyphs.

    Args:
        mnist: folder with MNIST; its first 55,000 digits are used.
        sets: folder with `glyphs/` and `not-digits/` of other sets; what is missing there is left out, and of each
            `not-digits` source only the first half, by file name, is taken: the rest validates.
        fonts: folder with fonts, any depth; what they are for follows from where they lie, see `fonts.fetch_fonts`.
        held_out: what training never sees, for validation: MNIST's validation split, and every tenth glyph, font,
            character and paper of the rest.
        limit: digits of each set; for trying things out.
        workers: processes that find the middle lines.

    Raises:
        InputError: MNIST is missing or has the wrong checksum.
    """
    splits = load_splits(mnist, limit)
    digits = splits.validation if held_out else splits.training
    digit_hands = [_RawHand("mnist", digits.pictures, "".join(map(str, digits.labels)), streams=MNIST_STREAMS)]
    others: list[_RawHand] = []
    papers: list[Shapes] = []
    if sets is not None:
        digit_hands += _digit_sets(sets / "glyphs")
        others = [*_operators(sets / "not-digits"), *_omniglot(sets / "not-digits")]
        papers = _every_tenth(_papers(sets / "not-digits"), held_out)
    files = fonts_in(fonts) if fonts else []
    font_hands = [_font(path, CHARACTERS) for path in _every_tenth(files, held_out)]
    prints = [_font(path, LETTERS) for path in _every_tenth(printed_in(fonts), held_out)] if fonts else []
    others += [_script(path) for path in scripts_in(fonts)] if fonts else []
    parts = [hand.part(held_out, limit) for hand in (*digit_hands[1:], *others)]
    made = _finish([digit_hands[0], *parts, *font_hands, *prints], workers)
    last_digits, last_other = len(digit_hands), len(digit_hands) + len(others)
    last_font = last_other + len(font_hands)
    return GlyphBank(
        digits=(*made[:last_digits], _regional_hand(made[0])),
        fonts=tuple(made[last_other:last_font]),
        others=tuple(made[last_digits:last_other]),
        papers=tuple(papers),
        prints=tuple(made[last_font:]),
    )


def _every_tenth(things: Sequence[T], held_out: bool) -> list[T]:
    """Every tenth thing, or all the others."""
    return [thing for index, thing in enumerate(things) if (index % 10 == 9) == held_out]


@dataclass(frozen=True, slots=True)
class _RawHand:
    """Bitmaps of any size, ink bright, as they come; rises and drops as in `Hand`, or None for digits."""

    name: str
    pictures: Shapes
    characters: str
    rises: NDArray[np.float32] | None = None
    drops: NDArray[np.float32] | None = None
    streams: int = 0

    def part(self, held_out: bool, limit: int | None) -> _RawHand:
        """Every tenth glyph, or all the others; at most `limit`."""
        chosen = np.array(_every_tenth(range(len(self.characters)), held_out)[:limit], np.intp)
        return _RawHand(
            self.name,
            self.pictures[chosen],
            "".join(self.characters[index] for index in chosen),
            None if self.rises is None else self.rises[chosen],
            None if self.drops is None else self.drops[chosen],
        )


def hand_of(name: str, pictures: Shapes, characters: str, streams: int = 0) -> Hand:
    """A hand of full-height glyphs.

    Args:
        name: of the set.
        pictures: (N, H, W) uint8, ink bright on 0.
        characters: N of them.
        streams: as in `Hand`.
    """
    return _finish([_RawHand(name, pictures, characters, streams=streams)], workers=1)[0]


def _finish(hands: list[_RawHand], workers: int) -> list[Hand]:
    """Bring bitmaps to fields and find their middle lines."""
    shapes = [np.stack([fit(picture) for picture in hand.pictures]) for hand in hands]
    chunks = [shape[start : start + 1000] for shape in shapes for start in range(0, len(shape), 1000)]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            lines = list(pool.map(line_fields, chunks))
    else:
        lines = [line_fields(chunk) for chunk in chunks]
    joined = np.concatenate(lines)
    ends = np.cumsum([len(shape) for shape in shapes])
    made = []
    for hand, shape, end in zip(hands, shapes, ends, strict=True):
        count = len(shape)
        rises = np.ones(count, np.float32) if hand.rises is None else hand.rises
        drops = np.zeros(count, np.float32) if hand.drops is None else hand.drops
        line, bounds = joined[end - count : end], _bounds(shape)
        made.append(Hand(hand.name, shape, line, hand.characters, rises, drops, bounds, hand.streams))
    return made


def _regional_hand(hand: Hand) -> Hand:
    """Ones, twos, threes, fives and sevens with the strokes that they have in other countries."""
    rng = np.random.default_rng(len(hand.characters))
    chosen = np.concatenate([hand.places.get(str(digit), np.zeros(0, np.intp))[:1500] for digit in REGIONAL_DIGITS])
    characters = "".join(hand.characters[index] for index in chosen)
    shapes, lines = np.empty((2, len(chosen), SIDE, SIDE), np.uint8)
    for place, index in enumerate(chosen):
        # The strokes are described in the 28 px of MNIST, half of this field.
        coarse = cv2.resize(hand.lines[index].astype(np.float32), (28, 28)) / np.float32(2 * EIGHTHS)
        coarse = np.maximum(coarse - 0.25, 0)
        changed = add_regional_strokes(coarse, int(characters[place]), rng)
        fine = 2 * EIGHTHS * cv2.resize(changed, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        written_anew = (changed > coarse).any()
        lines[place] = np.clip(fine if written_anew else np.minimum(fine, hand.lines[index]), 0, 255)
        shapes[place] = 255 * np.clip(3.0 - lines[place] / EIGHTHS, 0, 1)
    count = len(chosen)
    ones, zeros = np.ones(count, np.float32), np.zeros(count, np.float32)
    return Hand("regional", shapes, lines, characters, ones, zeros, _bounds(shapes))


def _bounds(shapes: Shapes) -> NDArray[np.float32]:
    rows = np.asarray(shapes.max(axis=2) > 100)
    columns = np.asarray(shapes.max(axis=1) > 100)
    left, top = columns.argmax(axis=1), rows.argmax(axis=1)
    right, bottom = SIDE - columns[:, ::-1].argmax(axis=1), SIDE - rows[:, ::-1].argmax(axis=1)
    return np.stack([left, top, right, bottom], axis=1).astype(np.float32)


def fit(picture: Shapes) -> Shapes:
    """Scale a bitmap so that its ink's longer side is `GLYPH` px, in the middle of the field.

    Args:
        picture: (H, W) uint8, ink bright on 0.

    Returns:
        (56, 56) uint8.
    """
    rows, columns = np.nonzero(picture > 60)
    if rows.size == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    top, left = int(rows.min()), int(columns.min())
    height, width = int(rows.max()) + 1 - top, int(columns.max()) + 1 - left
    scale = GLYPH / max(height, width)
    matrix = np.array(
        [[scale, 0, SIDE / 2 - scale * (left + width / 2)], [0, scale, SIDE / 2 - scale * (top + height / 2)]]
    )
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    if scale < 1:  # warpAffine does not average, so shrink first
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=method)
        rows, columns = np.nonzero(small > 60)
        placed = np.zeros((SIDE, SIDE), np.uint8)
        cut = small[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1][:SIDE, :SIDE]
        y, x = (SIDE - cut.shape[0]) // 2, (SIDE - cut.shape[1]) // 2
        placed[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
        return placed
    return np.asarray(cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=method), np.uint8)


def line_fields(shapes: Shapes) -> Shapes:
    """Distance of every pixel to the middle line of each shape, (N, 56, 56) uint8 in eighths of a pixel.

    Ink counts where it is brighter than its surroundings, so that a loop that is nearly filled stays open. The line is
    a staircase of pixels; blurring the squared distance takes the steps out and adds the blur's variance, which is
    taken off again.
    """
    masks = np.empty(shapes.shape, bool)
    for index, shape in enumerate(shapes):
        smooth = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), 0.8)
        surroundings = cv2.GaussianBlur(smooth, (0, 0), 3.6)
        masks[index] = smooth > np.maximum(0.3 * smooth.max() + 1, 0.97 * surroundings)
    fields = np.full(shapes.shape, 255, np.uint8)
    for index, line in enumerate(thin(masks)):
        if line.any():
            distance = cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
            squared = cv2.GaussianBlur(distance**2, (0, 0), 0.9) - 0.81
            fields[index] = np.minimum(EIGHTHS * np.sqrt(np.maximum(squared, 0)), 255)
    return fields


def _digit_sets(folder: Path) -> list[_RawHand]:
    hands = []
    for name, file in DIGIT_SETS:
        path = folder / name / file
        if path.exists():
            with np.load(path) as arrays:
                pictures, labels = arrays["images"], arrays["labels"]
            pictures = pictures if pictures.max() > 1 else pictures * np.uint8(255)
            hands.append(_RawHand(name, pictures, "".join(map(str, labels.tolist()))))
    return hands


def _operators(folder: Path) -> list[_RawHand]:
    path = folder / "bhmsds-operators" / "operators.npz"
    if not path.exists():
        return []
    with np.load(path) as arrays:
        pictures, names = arrays["images"], arrays["labels"]
    # Drawn into a field of 22 px, as high as a digit would be; they hover in its middle.
    heights = [int(np.ptp(np.flatnonzero((p > 60).any(axis=1)))) if (p > 60).any() else 0 for p in pictures]
    rises = np.clip(np.array(heights, np.float32) / 22, 0.08, 1.2).astype(np.float32)
    drops = ((rises - 0.9) / 2).astype(np.float32)
    return [_RawHand("operators", pictures, "".join(OPERATOR_NAMES[str(n)] for n in names), rises, drops)]


def _omniglot(folder: Path) -> list[_RawHand]:
    paths = half_of(pictures_in(folder / "omniglot"), held_out=False)
    pictures = [fit(255 - _grey(path)) for path in paths if not is_digit_like(path.name)]
    return [_any_script("omniglot", pictures)] if pictures else []


def _grey(path: Path) -> Shapes:
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise InputError(f"{path} is no picture that can be read.")
    return np.asarray(picture, np.uint8)


def _papers(folder: Path) -> list[Shapes]:
    """Empty papers, canvases and stains, at most 512 px."""
    papers: list[Shapes] = []
    for source in ("mypaint-backgrounds", "doccreator-stains"):
        for path in half_of(pictures_in(folder / source), held_out=False):
            picture = _grey(path)
            scale = min(1.0, _BACKGROUND_SIDE / max(picture.shape))
            papers.append(np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)))
    return papers


def _font(path: Path, wanted: str) -> _RawHand:
    """Every one of these characters that a font draws, with its height and its place on the line."""
    font = ImageFont.truetype(str(path), FONT_SIZE)
    tallest = float(np.median([ink_of(font, c).shape[0] for c in "0123456789"]))
    baseline = _bottom(font, "1")
    pictures, characters, rises, drops = [], [], [], []
    for character, ink in known_to(font, wanted):
        pictures.append(fit(ink))
        characters.append(character)
        rises.append(ink.shape[0] / tallest)
        drops.append((_bottom(font, character) - baseline) / tallest)
    return _RawHand(
        path.stem,
        np.stack(pictures),
        "".join(characters),
        np.array(rises, np.float32),
        np.array(drops, np.float32),
    )


def _script(path: Path) -> _RawHand:
    return _any_script(path.stem, [fit(ink) for ink in draw_letters(path)])


def _any_script(name: str, pictures: list[Shapes]) -> _RawHand:
    """Characters of which nobody asks what they are, about as high as digits."""
    rises = np.random.default_rng(0).uniform(0.7, 1.3, len(pictures)).astype(np.float32)
    return _RawHand(name, np.stack(pictures), ANY_SCRIPT * len(pictures), rises, np.zeros_like(rises))


def _bottom(font: ImageFont.FreeTypeFont, character: str) -> int:
    rows = np.nonzero(drawn(font, character).max(axis=1) > 60)[0]
    return int(rows.max()) if rows.size else 0
