"""What the worst pictures cost: small files, within every limit, that ask for as much work as they can.

Each is a PNG made by a few lines below, read once in a process of its own on one core: processor time from its bytes to
the Reading, the peak of the process's memory, and how many marks were left out. A reader that serves strangers has to
come to an end with all of them; two such pictures at once are all that the web app reads (`readings_at_once`).

    python benchmarks/hostile_pictures.py
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from digitlens import Reader
from reading_speed import peak_resident_kb


def dashes(width, height, length, seed):
    """Rows of dashes, each row begun by chance: the pieces of thousands of dashed lines, or none."""
    rng = np.random.default_rng(seed)
    page = np.full((height, width), 255, np.uint8)
    for row in range(0, height, 2):
        for left in range(int(rng.integers(length + 11)) - length - 11, width, length + 11):
            page[row, max(0, left) : max(0, left + length)] = 0
    return page


def noise(width, height, cell):
    """Black and white squares by chance."""
    rng = np.random.default_rng(1)
    squares = 255 * rng.integers(0, 2, (-(-height // cell), -(-width // cell)), np.uint8)
    return np.kron(squares, np.ones((cell, cell), np.uint8))[:height, :width]


def rings(width, height, pitch):
    """As many zeros as fit."""
    page = np.full((height, width), 255, np.uint8)
    for top in range(0, height, pitch):
        for left in range(0, width, pitch):
            cv2.ellipse(page, (left + pitch // 2, top + pitch // 2), (pitch // 4, pitch // 3), 0, 0, 360, 0, 2)
    return page


def stripes(width, height, pitch):
    """Long strokes that slant, so that the box of each is large."""
    rows, columns = np.ogrid[:height, :width]
    return np.where((rows + 2 * columns) % pitch < pitch // 4, 0, 255).astype(np.uint8)


CASES = {
    "dashes, 2400 x 1000": lambda: dashes(2400, 1000, 43, 0),
    "longer dashes, 2400 x 1000": lambda: dashes(2400, 1000, 60, 4),
    "shorter dashes, 4000 x 3000": lambda: dashes(4000, 3000, 17, 0),
    "noise of single pixels, 8000 x 8000": lambda: noise(8000, 8000, 1),
    "noise of large squares, 8000 x 8000": lambda: noise(8000, 8000, 12),
    "rings 24 pixels apart, 4000 x 3000": lambda: rings(4000, 3000, 24),
    "rings 60 pixels apart, 8000 x 8000": lambda: rings(8000, 8000, 60),
    "slanting stripes, 8000 x 8000": lambda: stripes(8000, 8000, 160),
    "a strip of noise, 640,000 x 100": lambda: noise(640_000, 100, 8),
}


def read_once(picture):
    """Read one picture; print what it cost as JSON."""
    cv2.setNumThreads(1)
    reader = Reader()
    began = time.process_time()
    reading = reader.read(picture)
    seconds = time.process_time() - began
    print(json.dumps([seconds, int(peak_resident_kb()), len(reading.digits), len(reading.rejected)]))


def main():
    print("| picture | file, kB | CPU, s | peak memory, MB | digits | marks left out |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        for name, draw in CASES.items():
            Image.fromarray(draw()).convert("1").save(picture)
            command = [sys.executable, str(Path(__file__).resolve()), str(picture)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, memory_kb, digits, left_out = json.loads(done.stdout)
            size, memory = picture.stat().st_size / 1000, memory_kb / 1000
            print(f"| {name} | {size:.0f} | {seconds:.1f} | {memory:.0f} | {digits} | {left_out} |", flush=True)


if __name__ == "__main__":
    read_once(sys.argv[1]) if sys.argv[1:] else main()
