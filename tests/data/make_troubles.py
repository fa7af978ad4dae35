"""Makes tests/data/troubles again: one small picture for every kind of trouble that photos of digits have.

    python tests/data/make_troubles.py FOLDER_WITH_MNIST [ANOTHER_FOLDER]

Digits come from MNIST's validation part, which no network was trained with, or are drawn here by strokes; words,
doodles, stamps and stains are drawn here. Seeds were chosen by looking, so that a person can read the page, never by
what a reader makes of it. `troubles.json` says beside each picture what stands on it, and where.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from trouble_pages import TROUBLES, Trouble

from digitlens.training.camera import camera_matrix, expose, light_field
from digitlens.training.datasets import load_splits
from digitlens.training.pages import GlyphsByDigit, text_of, write_row
from digitlens.training.paper import MARGIN, lay_paper
from digitlens.training.samples import clear_glyphs

OUT = Path(__file__).parent / "troubles"
SEED = 20263


@dataclass(frozen=True)
class Made:
    picture: NDArray[np.uint8]
    text: str
    boxes: list[list[int]]


def render(trouble: Trouble, glyphs: GlyphsByDigit) -> Made:
    """The finished picture, its text, and [left, top, width, height] of each digit in reading order."""
    spec, size = trouble.page, trouble.page.size
    rng = np.random.default_rng([SEED, sum(trouble.name.encode()), trouble.seed])
    paper_rng, hand_rng, drawing_rng, camera_rng, light_rng = rng.spawn(5)
    hand = trouble.hand(glyphs, hand_rng) if trouble.hand else glyphs
    margin = round(MARGIN * max(size))
    sheet = lay_paper(spec.paper, size, margin, paper_rng)
    marks = [mark for row in spec.rows for mark in write_row(sheet, row, margin, hand, hand_rng)]
    for drawing in trouble.drawings:
        drawing(sheet, margin, hand, drawing_rng)
    view = camera_matrix(spec.camera, size, margin, camera_rng)
    seen = cv2.warpPerspective(sheet, view, size) * light_field(spec.light, size[::-1], light_rng)
    picture = expose(np.asarray(seen, np.float32), spec.camera, light_rng)
    places = [box_of(outline, view, size, trouble.quarter_turns) for mark, outline in marks if mark.isdigit()]
    picture = np.ascontiguousarray(np.rot90(255 - picture if trouble.inverted else picture, trouble.quarter_turns))
    return Made(picture, text_of(spec.rows) if trouble.text is None else trouble.text, places)


def box_of(
    outline: NDArray[np.float32], view: NDArray[np.float64], size: tuple[int, int], quarter_turns: int
) -> list[int]:
    points = cv2.perspectiveTransform(outline[None].astype(np.float64), view)[0]
    width, height = size
    for _ in range(quarter_turns):
        points = np.stack([points[:, 1], width - 1 - points[:, 0]], axis=1)
        width, height = height, width
    (left, top), (right, bottom) = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0)) + 1
    if left < 0 or top < 0 or right > width or bottom > height:
        raise ValueError(f"A digit leaves the picture: {left, top, right, bottom}.")
    return [int(left), int(top), int(right - left), int(bottom - top)]


def encode(picture: NDArray[np.uint8], quality: int) -> bytes:
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    return cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)[1].tobytes()


def make_troubles(mnist: Path, out: Path) -> None:
    glyphs = clear_glyphs(load_splits(mnist).validation)
    out.mkdir(parents=True, exist_ok=True)
    table_of = []
    for trouble in TROUBLES:
        made = render(trouble, glyphs)
        (out / f"{trouble.name}.jpg").write_bytes(encode(made.picture, trouble.quality))
        entry = {"file": f"{trouble.name}.jpg", "trouble": trouble.notes, "text": made.text, "boxes": made.boxes}
        table_of.append(json.dumps(entry))
    (out / "troubles.json").write_text("[\n" + ",\n".join(table_of) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    make_troubles(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else OUT)
