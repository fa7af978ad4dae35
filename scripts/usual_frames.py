"""Measure what is usual for a digit, and write it to `static/lens/usual.json`, where the lens and `explain` read it.

    python scripts/usual_frames.py --data var/data

Frames: MNIST's 55,000 digits for training. Answers: the 5,000 digits of MNIST's training file that no network learned
from. Pages: the bundled samples. 99 in 100 of them lie within a range; a two-sided range leaves out one in 200 on each
side. Written with four digits, so that the file changes only where something did.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from digitlens import Reader
from digitlens.explain.doubts import USUAL_FILE, familiarity
from digitlens.explain.frame_measures import measure_frame
from digitlens.explain.page_measures import measure_on_page
from digitlens.imaging.decode import decode_upload
from digitlens.imaging.normalise import GLYPH_SIDE
from digitlens.model.calibration import softmax
from digitlens.model.classifier import NOT_A_DIGIT, Classifier
from digitlens.settings import Settings
from digitlens.training.datasets import load_splits
from digitlens.web.assets import load_samples

# Sides that are open, and how far a value must lie outside before it is worth a word.
LOW, HIGH, BOTH = "low", "high", "both"
FRAME_SIDES = {
    "paper": (HIGH, 0.05),  # a median of 5 % is grain
    "peak": (LOW, 0.15),  # the normalisation makes it 1; a digit that was turned or blurred a little loses some
    "stroke_width": (BOTH, 0.0),
    "second_mark": (HIGH, 0.0),
    "specks": (HIGH, 0.02),
    "aspect": (HIGH, 0.0),
    "size": (BOTH, 1.0),  # a box counts whole pixels
    "off_centre": (HIGH, 0.5),  # the normalisation moves by whole pixels
    "edge": (HIGH, 0.0),
    "rim": (HIGH, 0.35),  # frames of sharp photographs reach 0.96; a blur of one pixel gives about 1.5
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="folder with MNIST's files")
    splits = load_splits(arguments.parse_args().data)
    classifier = Classifier.load()
    held_out = np.concatenate([splits.validation.pictures, splits.calibration.pictures])
    frames = [measure_frame(picture / 255).to_dict() for picture in splits.training.pictures]
    page_digits = [measure_on_page(*place).to_dict() for place in sample_digits()]
    usual = {
        "frames": len(frames),
        "answers": len(held_out),
        "page_digits": len(page_digits),
        "model_sha256": classifier.manifest.sha256,
        "frame": {name: between([m[name] for m in frames], *sides) for name, sides in FRAME_SIDES.items()},
        "answer": usual_answers(classifier, held_out),
        "page": usual_pages(page_digits),
    }
    USUAL_FILE.parent.mkdir(exist_ok=True)
    USUAL_FILE.write_text(json.dumps(usual, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(usual, indent=1))


def usual_answers(classifier, pictures):
    logits = classifier.logits(pictures)
    probabilities = np.sort(softmax(logits, classifier.manifest.temperature), axis=1)
    not_a_digit = softmax(logits, classifier.manifest.temperature)[:, NOT_A_DIGIT]
    return {
        "runner_up": between(probabilities[:, -2], HIGH),
        "not_a_digit": between(not_a_digit, HIGH),
        "familiarity": between([familiarity(row) for row in logits], LOW),
    }


def sample_digits():
    """Every digit read in the samples: its page and its box."""
    reader = Reader()
    for sample in load_samples().values():
        page = next(decode_upload(sample.path.read_bytes(), Settings()))
        for digit in reader.read_page(page).digits:
            yield page, digit.box


def usual_pages(measures):
    """How large a digit should be follows from the frame, how far from the edge from what an edge is."""
    return {
        "contrast": between([m["contrast"] for m in measures], LOW),
        "edge_width": between([m["edge_width"] for m in measures], HIGH),
        "longest_side": {"low": GLYPH_SIDE, "high": None, "slack": 0.0},
        "edge_distance": {"low": 1, "high": None, "slack": 0.0},
    }


def between(values, sides, slack=0.0):
    """`{"low", "high", "slack"}`: 99 in 100 values lie between; None is an open end."""
    tail = 0.005 if sides == BOTH else 0.01
    low = None if sides == HIGH else round(float(np.quantile(values, tail)), 4)
    high = None if sides == LOW else round(float(np.quantile(values, 1 - tail)), 4)
    return {"low": low, "high": high, "slack": slack}


if __name__ == "__main__":
    main()
