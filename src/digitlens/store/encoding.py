"""A Reading as the JSON column keeps it: unrounded, and independent of what the API shows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from digitlens.results import Box, Digit, Line, Reading


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """Every field, by name."""
    return asdict(reading)


def reading_from_json(content: dict[str, Any]) -> Reading:
    """The Reading that `reading_to_json` was given."""
    return Reading(
        lines=tuple(Line(line["text"], tuple(map(_digit, line["digits"]))) for line in content["lines"]),
        rejected=tuple(Box(**box) for box in content["rejected"]),
        width=content["width"],
        height=content["height"],
        model=content["model"],
        guesses=tuple(map(_digit, content.get("guesses", ()))),  # results kept by earlier versions have none
    )


def _digit(content: dict[str, Any]) -> Digit:
    alternatives = tuple((value, probability) for value, probability in content["alternatives"])
    return Digit(**{**content, "box": Box(**content["box"]), "alternatives": alternatives})
