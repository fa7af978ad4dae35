"""Make the contact sheet of rendered crops in docs/how-it-works.md.

python scripts/contact_sheet.py FOLDER_WITH_MNIST [FOLDER_WITH_FONTS]

Only MNIST and fonts are shown here; training adds other sets, whose pictures are not part of the project.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from digitlens.training.glyphbank import load_bank
from digitlens.training.sheet import OTHER
from digitlens.training.synthesis import render_crop

OUT = Path(__file__).parent.parent / "docs/img/synthesis.jpg"
ROWS, COLUMNS, SEED = 4, 6, 12
DIGIT, MARK, UNSURE = (40, 40, 220), (220, 130, 30), (150, 150, 150)  # BGR


def labelled(crop):
    picture = cv2.cvtColor(crop.picture, cv2.COLOR_GRAY2BGR)
    for (left, top, width, height), label in zip(crop.boxes, crop.labels, strict=True):
        colour = UNSURE if label < 0 else MARK if label == OTHER else DIGIT
        corner, opposite = (round(left), round(top)), (round(left + width), round(top + height))
        cv2.rectangle(picture, corner, opposite, colour, 1)
    return picture


def main() -> None:
    mnist, *fonts = (Path(argument) for argument in sys.argv[1:])
    bank = load_bank(mnist, fonts=fonts[0] if fonts else None, held_out=True)
    rng = np.random.default_rng(SEED)
    rows = [np.hstack([labelled(render_crop(bank, rng)) for _ in range(COLUMNS)]) for _ in range(ROWS)]
    cv2.imwrite(str(OUT), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 82])


if __name__ == "__main__":
    main()
