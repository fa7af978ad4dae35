"""The values that travel between rooms: frozen, plain, and the same for library, command line, API and pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from math import prod
from typing import Any

CSV_COLUMNS = (
    "file", "page", "line", "position", "digit", "confidence", "doubtful", "left", "top", "width", "height"
)  # fmt: skip
NUMBER_COLUMNS = (
    "file", "page", "line", "position", "number", "confidence", "doubtful", "left", "top", "width", "height", "error"
)  # fmt: skip


# A spreadsheet takes a cell that starts like this for a formula (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in whole pixels of the upright page; `left, top` is its first pixel inside."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right of the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.top + self.height

    def to_list(self) -> list[int]:
        """`[left, top, width, height]`, as in the JSON contract."""
        return [self.left, self.top, self.width, self.height]


@dataclass(frozen=True, slots=True)
class Digit:
    """The answer for one glyph.

    Attributes:
        value: 0 to 9.
        confidence: calibrated probability in [0, 1] that `value` is right.
        doubtful: True where `confidence` is below the review threshold.
        box: where it stands on the upright page.
        alternatives: the next candidates, (value, probability), most probable first.
    """

    value: int
    confidence: float
    doubtful: bool
    box: Box
    alternatives: tuple[tuple[int, float], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """This digit in the shape of the JSON contract."""
        return {
            "value": self.value,
            "confidence": round(self.confidence, 4),
            "doubtful": self.doubtful,
            "box": self.box.to_list(),
            "alternatives": [[value, round(probability, 4)] for value, probability in self.alternatives],
        }


@dataclass(frozen=True, slots=True)
class Number:
    """Digits of one row without a gap between them, left to right."""

    digits: tuple[Digit, ...]

    @property
    def text(self) -> str:
        """Its digits, with zeros in front where they stand there."""
        return "".join(str(digit.value) for digit in self.digits)

    @property
    def confidence(self) -> float:
        """Probability in [0, 1] that all of its digits are right, if they are so independently: the product."""
        return prod(digit.confidence for digit in self.digits)

    @property
    def doubtful(self) -> bool:
        """Whether one of its digits is."""
        return any(digit.doubtful for digit in self.digits)

    @property
    def box(self) -> Box:
        """The smallest that holds those of its digits."""
        boxes = [digit.box for digit in self.digits]
        left, top = min(box.left for box in boxes), min(box.top for box in boxes)
        return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)


@dataclass(frozen=True, slots=True)
class Line:
    """The digits of one row, left to right; `text` has a space where the writer left a gap."""

    text: str
    digits: tuple[Digit, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        """What stands between the gaps."""
        digits = iter(self.digits)
        return tuple(Number(tuple(islice(digits, len(number)))) for number in self.text.split())

    def to_dict(self) -> dict[str, Any]:
        """This line in the shape of the JSON contract."""
        return {"text": self.text, "digits": [digit.to_dict() for digit in self.digits]}


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer for one page. A page without digits is a Reading without lines, not an error.

    Attributes:
        lines: rows from top to bottom.
        rejected: boxes of marks from which no digit was read; never part of `text`. On a page without one sure digit,
            all marks.
        width, height: size of the upright page in pixels, which all boxes refer to.
        model: version of the weights that gave the answer.
        guesses: of a page from which nothing was read because the finder is sure of no digit, what would have been, in
            reading order. They are no answer, and their confidence is not calibrated.
    """

    lines: tuple[Line, ...]
    rejected: tuple[Box, ...]
    width: int
    height: int
    model: str = field(default="")
    guesses: tuple[Digit, ...] = ()

    @property
    def text(self) -> str:
        """All rows, joined by line feeds."""
        return "\n".join(line.text for line in self.lines)

    @property
    def digits(self) -> tuple[Digit, ...]:
        """All digits in reading order."""
        return tuple(digit for line in self.lines for digit in line.digits)

    @property
    def doubtful(self) -> tuple[Digit, ...]:
        """The digits to review, least certain first."""
        return tuple(sorted((d for d in self.digits if d.doubtful), key=lambda d: d.confidence))

    def moved(self, move: Callable[[Box], Box], width: int, height: int) -> Reading:
        """The same with every box moved to another page, such as one that was turned; rows keep their order.

        Args:
            move: from a box here to one there.
            width: of the other page in pixels.
            height: likewise.
        """

        def moved_digit(digit: Digit) -> Digit:
            return dataclasses.replace(digit, box=move(digit.box))

        return dataclasses.replace(
            self,
            lines=tuple(Line(line.text, tuple(map(moved_digit, line.digits))) for line in self.lines),
            rejected=tuple(map(move, self.rejected)),
            guesses=tuple(map(moved_digit, self.guesses)),
            width=width,
            height=height,
        )

    def to_rows(self, file: str, page: int) -> list[list[Any]]:
        """One row a digit, in the order of `CSV_COLUMNS`; lines and positions count from 1."""
        name = safe_cell(file)
        return [
            [name, page, row, position, d.value, round(d.confidence, 4), str(d.doubtful).lower(), *d.box.to_list()]
            for row, line in enumerate(self.lines, start=1)
            for position, d in enumerate(line.digits, start=1)
        ]

    def to_number_rows(self, file: str, page: int) -> list[list[Any]]:
        """One row a number, in the order of `NUMBER_COLUMNS`; a page without any has one row, so that none is lost."""
        name = safe_cell(file)
        rows = [
            [name, page, row, position, n.text, round(n.confidence, 4), str(n.doubtful).lower(), *n.box.to_list(), ""]
            for row, line in enumerate(self.lines, start=1)
            for position, n in enumerate(line.numbers, start=1)
        ]
        return rows or [[name, page, *[""] * (len(NUMBER_COLUMNS) - 2)]]

    def to_dict(self) -> dict[str, Any]:
        """This reading in the shape of the JSON contract (without `file` and `page`, which the edge knows)."""
        return {
            "text": self.text,
            "lines": [line.to_dict() for line in self.lines],
            "rejected": [{"box": box.to_list()} for box in self.rejected],
            "guesses": [digit.to_dict() for digit in self.guesses],
            "width": self.width,
            "height": self.height,
            "model": self.model,
        }


def number_row_of_error(file: str, message: str) -> list[Any]:
    """The row, in the order of `NUMBER_COLUMNS`, of a file that could not be read."""
    return [safe_cell(file), *[""] * (len(NUMBER_COLUMNS) - 2), safe_cell(message)]


def safe_cell(text: str) -> str:
    """Text that a spreadsheet shows and never runs.

    >>> safe_cell("=1+1.png"), safe_cell("scores.png"), safe_cell("-")
    ("'=1+1.png", 'scores.png', '-')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) and text != "-" else text  # a lone "-" is standard input
