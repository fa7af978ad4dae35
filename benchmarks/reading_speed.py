"""How long one core works to read a picture, and how much memory it takes.

A photo of 12 megapixels, one digit in two sizes, and a page with 500 digits, all rendered by the project with a fixed
seed from MNIST's training part. A time is the processor's, of one thread, from the bytes of the JPEG to the Reading,
the median of several; beside it what decoding alone takes. Memory is the peak of a process that does nothing but read
the picture.

    python benchmarks/reading_speed.py [--mnist var/mnist] [--runs 5]
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from digitlens import Reader
from digitlens.training.camera import Camera, Light, Shadow
from digitlens.training.datasets import load_splits
from digitlens.training.pages import PageSpec, Row, render_page
from digitlens.training.paper import WHITE_PAPER, Ruling, ruled_lines
from digitlens.training.pens import BLACK_BALLPOINT, BLUE_BALLPOINT, FOUNTAIN_PEN
from digitlens.training.samples import encode_jpeg

READ_ONCE = "--read-once"


@dataclass(frozen=True)
class Case:
    """One picture: its name, the page, and how much larger the camera made it."""

    name: str
    spec: PageSpec
    enlarged: float = 1.0


def _rows(texts, left, first, pitch, like):
    return tuple(replace(like, text=text, left=left, baseline=first + pitch * line) for line, text in enumerate(texts))


def _lots_of_digits(rows, columns, seed):
    rng = np.random.default_rng(seed)
    return ["".join(str(digit) for digit in rng.integers(0, 10, columns)) for _ in range(rows)]


_RULED = Ruling(ruled_lines((1000, 750), 72, -46), (118, 150, 196), 2, 0.45)
_SHADOW = Light(slope=0.2, angle_deg=70, shadows=(Shadow(0.3, 60, 25, 0.1, 0.3),))
_ONE_DIGIT = PageSpec((320, 320), (Row("7", 115, 240, 150, BLUE_BALLPOINT),))
CASES = (
    Case(
        "a photo of 12 megapixels, 25 digits",
        PageSpec(
            (1000, 750),
            _rows(["01632", "96041", "38059", "40792", "15866"], 190, 170, 112, Row("", 0, 0, 62, FOUNTAIN_PEN)),
            replace(WHITE_PAPER, rulings=(_RULED,)),
            _SHADOW,
        ),
        enlarged=4.0,
    ),
    Case("one digit, 320 x 320 pixels", _ONE_DIGIT),
    Case("one digit, 640 x 640 pixels", _ONE_DIGIT, enlarged=2.0),
    Case(
        "a page with 500 digits",
        PageSpec(
            (1500, 1900),
            _rows(_lots_of_digits(25, 20, 7), 130, 150, 68, Row("", 0, 0, 38, replace(BLACK_BALLPOINT, width=0.08))),
            camera=Camera(turn_deg=0.5, tilt=0.005),
        ),
    ),
)


def rendered(case, glyphs):
    """The bytes of the JPEG, and what stands there."""
    page = render_page(case.spec, glyphs, np.random.default_rng(12))
    size = tuple(round(side * case.enlarged) for side in case.spec.size)
    picture = page.picture if case.enlarged == 1 else cv2.resize(page.picture, size, interpolation=cv2.INTER_CUBIC)
    return encode_jpeg(picture), page.text


def median_ms(work, runs):
    """Median processor time of several runs in milliseconds, after one that fills the caches."""
    work()
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times)


def peak_memory_mb(photo):
    """Peak resident memory of a process that reads one photo, in MB."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), READ_ONCE, str(photo)],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout) / 1000


def read_once(photo):
    cv2.setNumThreads(1)
    Reader().read(photo)
    print(peak_resident_kb())


def peak_resident_kb():
    """Of this process alone: on Linux `ru_maxrss` can carry over what the parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, default=Path("var/mnist"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(READ_ONCE, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read_once:
        read_once(arguments.read_once)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    training = load_splits(arguments.mnist).training
    glyphs = {digit: training.pictures[training.labels == digit] for digit in range(10)}
    reader = Reader()
    print(
        "| picture | read, CPU ms | JPEG decoded alone, CPU ms | ratio | digits read of those there | peak memory, MB |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for case in CASES:
        jpeg, text = rendered(case, glyphs)
        found = len(reader.read(jpeg).digits)
        wanted = sum(character.isdigit() for character in text)
        reading = median_ms(lambda: reader.read(jpeg), arguments.runs)  # noqa: B023  # used before the next turn
        decoding = median_ms(lambda: next(reader.decode(jpeg)), arguments.runs)  # noqa: B023
        with tempfile.TemporaryDirectory() as folder:
            photo = Path(folder) / "photo.jpg"
            photo.write_bytes(jpeg)
            memory = peak_memory_mb(photo)
        ratio = f"{reading / decoding:.1f}"
        print(
            f"| {case.name} | {reading:.0f} | {decoding:.1f} | {ratio} | {found} of {wanted} | {memory:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
