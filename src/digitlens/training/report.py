"""The model card and its pictures: what was measured, for people."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from digitlens.model.artifact import Artifact
from digitlens.training.corruptions import CORRUPTIONS, corrupted
from digitlens.training.datasets import Digits
from digitlens.training.figures import (
    draw_confusion,
    draw_frames,
    draw_mistakes,
    draw_named_rows,
    draw_reliability,
    draw_risk_coverage,
)
from digitlens.training.gallery import draw_own_pages
from digitlens.training.model_card import model_card

if TYPE_CHECKING:
    from digitlens.training.evaluate import Evaluation


def write_model_card(artifact: Artifact, evaluation: Evaluation, docs: Path, curve: Path) -> Path:
    """Write `model-card.md` and its pictures. No photo of others is among them: most of those have no licence.

    Args:
        artifact: the network, with the metrics in its manifest.
        evaluation: what was measured.
        docs: the folder; pictures go into its `img`.
        curve: the learning curve's picture, taken over where it exists.

    Returns:
        The path of the card.
    """
    pictures = docs / "img"
    pictures.mkdir(parents=True, exist_ok=True)
    draw_confusion(evaluation.confusion, pictures / "model-confusion.png")
    panels = [("MNIST test, as it is", evaluation.bins), ("with redrawn digits and marks", evaluation.mixed_bins)]
    if len(evaluation.photos.answers.right):
        panels.append((evaluation.answers_on, evaluation.answer_bins))
    draw_reliability(panels, pictures / "model-reliability.png")
    draw_risk_coverage(evaluation.answers, evaluation.answers_on, pictures / "model-risk-coverage.png")
    draw_frames(evaluation.photographed, pictures / "model-photographed.png")
    draw_frames(evaluation.marks, pictures / "model-marks.png")
    draw_mistakes(evaluation.mistakes, evaluation.mistake_labels, pictures / "model-mistakes.png")
    draw_named_rows(_corrupted_rows(evaluation.examples), pictures / "model-corruptions.png")
    draw_own_pages(evaluation.pages, pictures / "model-pages.jpg")
    if curve.is_file():
        shutil.copyfile(curve, pictures / "model-learning-curve.png")
    card = docs / "model-card.md"
    card.write_text(model_card(artifact, evaluation), "utf-8")
    return card


def _corrupted_rows(examples: Digits) -> list[tuple[str, NDArray[np.uint8]]]:
    rows = {"none": examples} | {name: corrupted(examples, name, seed=1) for name in CORRUPTIONS}
    return [(name.replace("_", " "), version.pictures) for name, version in rows.items()]
