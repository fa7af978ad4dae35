"""Which characters of Omniglot are digits in shape, or have a part that is one.

A ring is a 0 wherever it stands: from a picture of it alone nobody can tell which alphabet it comes from, so such
characters are counted apart from those that a reader of digits must leave alone. The 242 characters that the pictures
of `not-digits/omniglot` show were judged blind, once: a vision-language model, not a person, saw up to six drawings of
each and its running number, and neither its alphabet nor what any network of ours says to it. Its question was whether
most of the drawings, found alone on a sheet, would pass for a handwritten digit of any usual style.
"""

from __future__ import annotations

import re
from enum import StrEnum

# Alphabet to the numbers of its characters.
DIGITS_IN_SHAPE = {
    "Early_Aramaic": (1, 2, 3, 4, 5, 6, 10, 12, 14, 16, 17, 20),
    "Greek": (2, 4, 6, 8, 9, 15, 18),
    "Japanese_(katakana)": (1, 8, 24, 27, 37, 43, 45, 46),
    "Korean": (9, 21, 22, 27, 33, 37),
    "Latin": (2, 7, 12, 15, 17, 19, 26),
    "Sanskrit": (13, 21, 36, 37),
    "Tagalog": (3, 16),
}
# A stroke that stands apart from the rest of the character is a whole digit: a 1 beside a bar, a 3 beside a V.
WITH_A_DIGIT = {
    "Japanese_(katakana)": (14, 17, 25, 38, 39, 40),
    "Korean": (6, 8, 16, 23, 40),
    "Latin": (9, 10),
    "Sanskrit": (5, 30),
    "Tagalog": (14,),
}


class Shape(StrEnum):
    """What a picture without digits shows."""

    DIGIT = "digits in shape"
    PART = "a part is a digit in shape"
    OTHER = "no digit in shape"


def shape_of(name: str) -> Shape:
    """What the picture of that file name shows; `Shape.OTHER` where it is none of Omniglot's characters."""
    alphabet, number = character_of(name)
    if number in DIGITS_IN_SHAPE.get(alphabet, ()):
        return Shape.DIGIT
    return Shape.PART if number in WITH_A_DIGIT.get(alphabet, ()) else Shape.OTHER


def character_of(name: str) -> tuple[str, int]:
    """Alphabet and number of the Omniglot character that a file is named after; "" and 0 for any other file.

    >>> character_of("2721_Greek__character01__0394_02.png")
    ('Greek', 1)
    """
    found = re.search(r"(?:\d+_)?(.+)__character(\d+)__", name)
    return (found[1], int(found[2])) if found else ("", 0)
