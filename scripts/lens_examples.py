"""Make the example digits of the lens from the bundled sample pictures: `static/lens/examples.json`.

Run it after a change of the way to a frame: `python scripts/lens_examples.py`. Every frame comes from the Reader, as
a frame of any picture does. No sample holds a 1 as it is written in much of Europe, so one is drawn here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from digitlens import Reader
from digitlens.imaging.frame_text import frame_to_text

STATIC = Path(__file__).resolve().parent.parent / "src/digitlens/web/static"
OUT = STATIC / "lens/examples.json"
UPSTROKE_AND_STEM = [(120, 190), (165, 140), (200, 92), (204, 190), (206, 306)]


@dataclass(frozen=True, slots=True)
class Example:
    """One example: the `place`-th digit of a sample in reading order, or its `place`-th mark where `is_mark`."""

    name: str
    label: str
    alt: str
    sample: str
    place: int = 0
    is_mark: bool = False


EXAMPLES = (
    Example("seven", "A 7", "A plain 7: a bar on top and a slanting stem", "single-digit"),
    Example("three", "A 3", "A 3 in chalk: two bows, open on the left", "blackboard"),
    Example("eight", "An 8", "A slim 8: two closed loops, one above the other", "row-of-digits", 1),
    Example("two", "A 2 with a loop", "A 2 whose foot is a small loop", "squared-paper", 18),
    Example("european-one", "A 1 with an upstroke", "A 1 as in much of Europe: a long upstroke, then the stem", ""),
    Example("crossed-seven", "A crossed 7", "A 7 with a bar across its stem, as in much of Europe", "ruled-paper", 12),
    Example("sloppy-nine", "A sloppy 9", "A hasty 9 whose loop is open and angular", "score-sheet", 5),
    Example("four", "A closed 4", "A 4 whose arms meet at the top, close to a 9", "score-sheet", 14),
    Example("smiley", "A smiley", "A face in a circle: not a digit", "star-and-smiley", 1, is_mark=True),
    Example("plus", "A plus sign", "A plus sign: not a digit", "sum-on-whiteboard", 0, is_mark=True),
)


def frame_of(reader: Reader, example: Example) -> NDArray[np.uint8]:
    """The example's frame, (28, 28) uint8, ink bright on 0."""
    if not example.sample:
        page = drawn_page(UPSTROKE_AND_STEM)
    else:
        page = next(iter(reader.decode((STATIC / f"samples/{example.sample}.jpg").read_bytes())))
    trace = reader.trace(page)
    found = trace.rejected if example.is_mark else trace.digits
    frame: NDArray[np.uint8] = trace.opinions.frames[found[example.place]]
    return frame


def drawn_page(points: list[tuple[int, int]]) -> NDArray[np.uint8]:
    """White paper with one stroke of a round pen, (400, 320) uint8."""
    width = 22
    paper = Image.new("L", (320, 400), 255)
    pen = ImageDraw.Draw(paper)
    pen.line(points, fill=20, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        pen.ellipse((x - width // 2, y - width // 2, x + width // 2, y + width // 2), fill=20)
    return np.asarray(paper)


def main() -> None:
    """Write the examples."""
    reader = Reader()
    entries = []
    for example in EXAMPLES:
        frame = frame_of(reader, example)
        text = frame_to_text(frame)
        entries.append({"name": example.name, "label": example.label, "alt": example.alt, "frame": text})
        probabilities = reader.classify(frame[None])[0]
        print(f"{example.name}: {probabilities.argmax()} {probabilities.max():.3f}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
