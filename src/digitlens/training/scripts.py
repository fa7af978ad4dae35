"""Letters of scripts other than the Latin one, drawn by fonts: what a reader of digits must leave alone."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
FONT_SIZE = 96
# First and last letter of scripts: Greek, Cyrillic, Armenian, Arabic, Devanagari, Bengali, Tamil, Kannada, Malayalam,
# Thai, Ethiopic, Cherokee, Tagalog, Hiragana, Katakana, Gothic. Of Hebrew and Georgian, nearly every
# letter is a digit in shape.
SCRIPTS = (
    (0x0391, 0x03C9), (0x0410, 0x044F), (0x0531, 0x0586), (0x0627, 0x064A), (0x0905, 0x0939),
    (0x0985, 0x09B9), (0x0B85, 0x0BB9), (0x0C85, 0x0CB9), (0x0D05, 0x0D39), (0x0E01, 0x0E2E),
    (0x1200, 0x1357), (0x13A0, 0x13F4), (0x1703, 0x1711), (0x3042, 0x3093), (0x30A2, 0x30F3),
    (0x10330, 0x1034A),
)  # fmt: skip
# Chinese characters: every third of them.
SPARSE = range(0x4E00, 0x9FA6, 3)
LETTERS = "".join(
    chr(code) for codes in (*(range(first, last + 1) for first, last in SCRIPTS), SPARSE) for code in codes
)
# Those that are digits in shape.
DIGIT_LIKE = frozenset(
    "ΒΖΘΙΟβδζιξςοσάαБВЗЛОСУЧЪЬЭабвгдзиосуцчъьэ"
    "ԳԶԼԾԿՀՁՂՅՇՉՋՎՏՑՕՙգդզթլծկձճյշչջվցւօ"
    "ةاحدذرزعلمنهو"
    "उटठडढदरहঌওটঠডঢতহஉಓಠರಳഉടഠദരറളവ"
    "งจดธรลวอ"
    "ረሪሬርሮነኑናንወዐዓዕዖየዮገጉጊጋጎጔፆ"
    "ᎠᎥᎦᎫᎶᎴᏀᏃᏎᏋᏕᏚᏞᏣᏧᏳᏴᏮᏭ"
    "ᜊᜏ"
    "うこしちつてとのよらりるろアイエクスソチノフマムユラリワヲ"
    "𐌱𐌳𐌶𐌹𐌾𐍁𐍃𐍈𐍊"
)


def draw_letters(path: Path) -> list[Picture]:
    """The letters of other scripts that a font has, without those that are digits in shape.

    Returns:
        Pictures, each (H, W) uint8, ink bright on 0, cut to the ink.
    """
    font = ImageFont.truetype(str(path), FONT_SIZE)
    return [ink for letter, ink in known_to(font, LETTERS) if letter not in DIGIT_LIKE]


def known_to(font: ImageFont.FreeTypeFont, characters: str) -> Iterator[tuple[str, Picture]]:
    """Those characters that a font draws, with their ink."""
    missing = ink_of(font, "\U0010ffff")
    for character in characters:
        ink = ink_of(font, character)
        if ink.size and not (ink.shape == missing.shape and np.array_equal(ink, missing)):
            yield character, ink


def ink_of(font: ImageFont.FreeTypeFont, character: str) -> Picture:
    """A character, cut to its ink; (0, 0) where there is none."""
    picture = drawn(font, character)
    rows, columns = np.nonzero(picture > 60)
    if rows.size == 0:
        return np.zeros((0, 0), np.uint8)
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@functools.lru_cache(maxsize=512)
def drawn(font: ImageFont.FreeTypeFont, character: str) -> Picture:
    """A character in the middle of (320, 320) uint8, ink bright on 0."""
    picture = Image.new("L", (320, 320))
    ImageDraw.Draw(picture).text((100, 100), character, font=font, fill=255)
    return np.asarray(picture)
