"""digitlens and its peers over the same labelled pictures, in one table.

    python benchmarks/peers/compare.py PHOTOS... [--validation-half] [--most 150] [--only NAME...] [--mnist var/mnist]

A folder of photos is laid out as for `digitlens evaluate --photos`. The peers (requirements.txt) go into an environment
of their own, `benchmarks/peers/.venv`, Tesseract comes from Debian, and the network of the tutorials is trained once;
the first run does all that. Every reader is one process on one thread, and its time a picture is the processor's, for
reading the file, decoding and reading the digits, without starting up. Needs `digitlens[train]`.
"""

import argparse
import collections
import datetime as dt
import json
import math
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from digitlens.training.photos import (
    ALL,
    DIGITS,
    NOT_DIGITS,
    NUMBERS,
    Answer,
    load_photos,
    mean_over_sources,
    score_photos,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VENV = HERE / ".venv"
TUTORIAL_NETWORK = ROOT / ".cache/peers/tutorial.keras"
PEERS_PYTHON = str(VENV / "bin/python")
_THREAD_SETTINGS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
ONE_THREAD = dict.fromkeys(_THREAD_SETTINGS, "1")
# Name, title, command. The first is what the times of the others are compared with.
READERS = {
    "digitlens": ("digitlens", [sys.executable, "digitlens_digits.py"]),
    "rapidocr": ("RapidOCR {rapidocr}, PP-OCRv6, digits alone", [PEERS_PYTHON, "rapidocr_digits.py"]),
    "rapidocr-line": ("... the same, the picture as one line", [PEERS_PYTHON, "rapidocr_digits.py", "--whole"]),
    "tesseract-6": ("Tesseract {tesseract}, digits, psm 6 (block)", [PEERS_PYTHON, "tesseract_digits.py", "6"]),
    "tesseract-7": ("Tesseract {tesseract}, digits, psm 7 (line)", [PEERS_PYTHON, "tesseract_digits.py", "7"]),
    "tesseract-10": (
        "Tesseract {tesseract}, digits, psm 10 (character)",
        [PEERS_PYTHON, "tesseract_digits.py", "10"],
    ),
    "tutorial": (
        "tutorial: threshold, contours, MNIST net",
        [sys.executable, "tutorial_digits.py", str(TUTORIAL_NETWORK), "contours"],
    ),
    "shrunk": (
        "whole picture shrunk to 28 x 28, MNIST net",
        [sys.executable, "tutorial_digits.py", str(TUTORIAL_NETWORK), "whole"],
    ),
}
COLUMNS = ("numbers F1", "exact", "rows", "digits right", "nothing read", "not-digits: read", "CPU ms", "time")


def prepare(mnist, names):
    """Install and train what is missing."""
    if any(name.startswith(("rapidocr", "tesseract")) for name in names) and not (VENV / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        requirements = str(HERE / "requirements.txt")
        subprocess.run([PEERS_PYTHON, "-m", "pip", "install", "--quiet", "--requirement", requirements], check=True)
        subprocess.run(["sh", str(ROOT / "scripts/debian-tools.sh"), "tesseract:tesseract-ocr"], check=True)  # noqa: S607
        (VENV / "ready").touch()
    if {"tutorial", "shrunk"} & set(names) and not TUTORIAL_NETWORK.exists():
        script = str(HERE / "tutorial_digits.py")
        subprocess.run([sys.executable, script, str(TUTORIAL_NETWORK), "train", str(mnist.resolve())], check=True)


def thin_out(photos, most):
    """At most so many pictures of each source, evenly over the file names."""
    by_source = collections.defaultdict(list)
    for photo in photos:
        by_source[photo.kind, photo.source].append(photo)
    kept = []
    for part in by_source.values():
        part.sort(key=lambda photo: photo.path.name)
        kept += [part[index * len(part) // most] for index in range(most)] if len(part) > most else part
    return kept


def answers_of(command, photos):
    """Run one reader over all photos; a crash of it at one picture is its failure there, and it goes on with the next.

    Returns:
        The answer to each photo, and the seconds that it took (NaN where it crashed).
    """
    answers, seconds = {}, {}
    left = [str(photo.path.resolve()) for photo in photos]
    while left:
        done = subprocess.run(
            command,
            cwd=HERE,
            input="\n".join(left) + "\n",
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **ONE_THREAD},
        )
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        for line in lines:
            answers[line["file"]], seconds[line["file"]] = Answer(line["text"]), line["seconds"]
        left = left[len(lines) :]
        if left:
            print(f"failed at {left[0]}: {done.stderr.strip()[-200:]}", file=sys.stderr)
            answers[left.pop(0)] = Answer("", failed=True)
    paths = [str(photo.path.resolve()) for photo in photos]
    return [answers[path] for path in paths], [seconds.get(path, float("nan")) for path in paths]


def figures_of(photos, answers, seconds):
    """The measures of one reader, means over sources where there are several."""
    scores = score_photos(list(zip(photos, answers, strict=True)))
    false = next((score.figures["false"] for score in scores if (score.kind, score.source) == (NOT_DIGITS, ALL)), None)
    known = [value for value in seconds if not math.isnan(value)]
    return {
        "numbers F1": mean_over_sources(scores, NUMBERS, "F1"),
        "exact": mean_over_sources(scores, NUMBERS, "exact"),
        "rows": mean_over_sources(scores, NUMBERS, "rows"),
        "digits right": mean_over_sources(scores, DIGITS, "accuracy"),
        "nothing read": mean_over_sources(scores, DIGITS, "empty"),
        "not-digits: read": float("nan") if false is None else false,
        "CPU ms": 1000 * sum(known) / max(1, len(known)),
        "failed": sum(answer.failed for answer in answers),
    }


def version_of(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).split("\n")[0].split(" ")[-1].strip()


def titles(names):
    versions = {"rapidocr": "", "tesseract": ""}
    if any(name.startswith(("rapidocr", "tesseract")) for name in names):
        show = "from importlib.metadata import version; print(version('rapidocr'))"
        versions = {
            "rapidocr": version_of([PEERS_PYTHON, "-c", show]),
            "tesseract": version_of([shutil.which("tesseract") or "tesseract", "--version"]),
        }
    return {name: READERS[name][0].format(**versions) for name in names}


def row_of(title, figures, fastest):
    cells = ["-" if math.isnan(figures[column]) else f"{figures[column]:.3f}" for column in COLUMNS[:6]]
    ratio = f"{figures['CPU ms'] / fastest:.1f} x" if fastest else "-"
    return "| " + " | ".join([title, *cells, f"{figures['CPU ms']:.0f}", ratio]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--validation-half", action="store_true", help="of not-digits the second half of each source")
    parser.add_argument("--most", type=int, default=150, help="pictures a source, of not-digits; 0 takes all")
    parser.add_argument("--only", nargs="+", choices=list(READERS), default=list(READERS), metavar="NAME")
    parser.add_argument("--mnist", type=Path, default=Path("var/mnist"), help="to train the tutorials' network")
    arguments = parser.parse_args()
    prepare(arguments.mnist, arguments.only)
    photos = load_photos(arguments.photos, arguments.validation_half)
    not_digits = [photo for photo in photos if photo.kind == NOT_DIGITS]
    photos = [photo for photo in photos if photo.kind != NOT_DIGITS]
    photos += thin_out(not_digits, arguments.most) if arguments.most else not_digits
    kinds = collections.Counter(photo.kind for photo in photos)
    counts = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, one thread, {platform.machine()}; pictures: {counts}\n")
    print("| reader | " + " | ".join(COLUMNS) + " |\n| --- |" + " ---: |" * len(COLUMNS), flush=True)
    named = titles(arguments.only)
    ours = 0.0
    for name in arguments.only:
        figures = figures_of(photos, *answers_of(READERS[name][1], photos))
        ours = figures["CPU ms"] if name == "digitlens" else ours
        print(row_of(named[name], figures, ours), flush=True)
        if figures["failed"]:
            print(f"{name}: {figures['failed']} pictures failed", file=sys.stderr)


if __name__ == "__main__":
    main()
