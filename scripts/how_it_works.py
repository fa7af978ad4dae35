"""Make the pictures of docs/how-it-works.md: a sample after each step of its way. Run after a change of any step.

python scripts/how_it_works.py [SAMPLE]
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from digitlens.imaging.ink import BACKGROUND_SIDE, NARROWEST_WINDOW, background, find_ink
from digitlens.imaging.normalise import normalise
from digitlens.imaging.segment import find_glyphs, writing_height
from digitlens.imaging.working_size import shrunk
from digitlens.reader import Reader

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "src/digitlens/web/static/samples"
OUT = ROOT / "docs/img/steps"
MOST_FRAMES = 12
ACCENT, MUTED = (206, 92, 34), (150, 150, 150)  # BGR


def save(name, picture, width=640):
    scale = width / picture.shape[1]
    resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(OUT / f"{name}.png"), resized, [cv2.IMWRITE_PNG_COMPRESSION, 9])


def boxed(page, reading):
    picture = page[..., ::-1].copy()
    for digit in reading.digits:
        corner, opposite = (digit.box.left, digit.box.top), (digit.box.right, digit.box.bottom)
        cv2.rectangle(picture, corner, opposite, ACCENT, 2)
        cv2.putText(picture, str(digit.value), (corner[0], corner[1] - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.8, ACCENT, 2)
    for box in reading.rejected:
        cv2.rectangle(picture, (box.left, box.top), (box.right, box.bottom), MUTED, 1)
    return picture


def with_candidates(page, candidates):
    picture = page[..., ::-1].copy()
    for found in candidates:
        left, top, width, height = (round(side) for side in found.box)
        colour = ACCENT if found.is_sure_digit else MUTED
        cv2.rectangle(picture, (left, top), (left + width, top + height), colour, 2 if found.is_sure_digit else 1)
        cv2.putText(picture, f"{found.score:.0%}", (left, top - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1)
    return picture


def frames_in_a_row(glyphs):
    cells = [np.kron(normalise(glyph.ink) * 255, np.ones((4, 4))) for glyph in glyphs[:MOST_FRAMES]]
    gap = np.full((cells[0].shape[0], 6), 255.0)
    return np.hstack([part for cell in cells for part in (cell, gap)][:-1]).astype(np.uint8)


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "phone-number.jpg"
    reader = Reader()
    page = next(reader.decode((SAMPLES / name).read_bytes()))
    ink, glyphs = find_ink(page), sorted(find_glyphs(page), key=lambda glyph: glyph.box.left)
    OUT.mkdir(parents=True, exist_ok=True)
    save("1-page", page[..., ::-1])
    save("2-background", background(shrunk(page, BACKGROUND_SIDE), NARROWEST_WINDOW)[..., ::-1].astype(np.uint8))
    save("3-ink", (255 - 255 * ink.strength).astype(np.uint8))
    save("4-candidates", with_candidates(page, reader.finder.find_on(page, writing_height(ink))))
    save("6-frames", frames_in_a_row(glyphs))
    save("7-digits", boxed(page, reader.read_page(page)))


if __name__ == "__main__":
    main()
