"""What all peers share: pictures in as they should be seen, text out with the time that it took. NumPy and Pillow.

A peer is a script with a function that takes a picture and gives its text. It reads one path a line from standard
input and prints one JSON object a line: {"file", "text", "seconds"}. The time is the processor's, of all threads, so
that a busy machine does not count; it covers reading the file, decoding and the peer's own work, and not starting up.
"""

import json
import sys
import time

import numpy as np
from PIL import Image, ImageOps

# A box of a piece of text: left, top, right, bottom, and the text.
Piece = tuple[float, float, float, float, str]


def answer_paths(read, load=None):
    """Read every path of standard input.

    Args:
        read: takes what `load` gives and returns the text on it.
        load: takes a path; `load_picture` when None.
    """
    load = load or load_picture
    for line in sys.stdin:
        path = line.rstrip("\n")
        began = time.process_time()
        text = read(load(path))
        print(json.dumps({"file": path, "text": text, "seconds": time.process_time() - began}), flush=True)


def load_picture(path):
    """The first picture of a file, (H, W, 3) uint8: upright, and laid on white where it is transparent."""
    with Image.open(path) as file:
        picture = ImageOps.exif_transpose(file)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return np.asarray(picture.convert("RGB"))


def is_dark(grey):
    """Whether light digits stand on a dark ground, by the border of the picture."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return np.median(border) < 128


def in_reading_order(pieces):
    """Join pieces of text: those whose middle lies in the height of a row's first piece belong to that row."""
    rows = []
    for piece in sorted(pieces, key=lambda piece: piece[1]):
        middle = (piece[1] + piece[3]) / 2
        row = next((row for row in rows if row[0][1] <= middle <= row[0][3]), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return "\n".join("".join(piece[4] for piece in sorted(row)) for row in rows)


def digits_only(text):
    """The digits of a text, its rows kept."""
    return "".join(character for character in text if character in "0123456789\n")
