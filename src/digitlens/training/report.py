"""What was measured, for people: the learning curve, the model card and its pictures."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from digitlens.model.artifact import Artifact
from digitlens.model.calibration import expected_calibration_error
from digitlens.training.model_card import model_card

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from digitlens.training.evaluate import Evaluation

# Ink and paper of the figures; the blue and the orange stay apart for colour-blind eyes (Okabe and Ito, 2008).
_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#767676"
_DPI = 110
CURVE = "learning-curve.png"
# A share of fewer answers than this says little and is drawn hollow.
_FIRM = 20


def draw_learning_curve(log: Path, picture: Path) -> None:
    """Draw loss and accuracy over the epochs.

    Args:
        log: what Keras' CSVLogger wrote: epoch, accuracy, loss, val_accuracy, val_loss.
        picture: the PNG to write.
    """
    with log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    epochs = [int(row["epoch"]) + 1 for row in rows]
    figure, (left, right) = _figure(1, 2, (9, 3.4))
    for axes, name, title in ((left, "loss", "Loss"), (right, "accuracy", "Accuracy")):
        for key, label, colour in (("", "training, distorted anew", _BLUE), ("val_", "validation", _ORANGE)):
            axes.plot(epochs, [float(row[f"{key}{name}"]) for row in rows], color=colour, label=label, marker=".")
        axes.set(title=title, xlabel="epoch")
        axes.legend(frameon=False)
    _save(figure, picture)


def write_model_card(artifact: Artifact, evaluation: Evaluation, docs: Path, curve: Path) -> Path:
    """Write `model-card.md` and its pictures.

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
    _draw_confusion(evaluation.confusion, pictures / "model-confusion.png")
    _draw_reliability(evaluation, pictures / "model-reliability.png")
    _draw_frames(evaluation.photographed, pictures / "model-photographed.png")
    _draw_frames(evaluation.marks, pictures / "model-marks.png")
    _draw_mistakes(evaluation, pictures / "model-mistakes.png")
    if curve.is_file():
        shutil.copyfile(curve, pictures / "model-learning-curve.png")
    card = docs / "model-card.md"
    card.write_text(model_card(artifact, evaluation), "utf-8")
    return card


def _figure(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, Any]:
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained")
    for part in np.ravel(axes):
        part.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Figure, picture: Path) -> None:
    import matplotlib.pyplot as plt

    # No date or version inside, so that the same result gives the same file.
    figure.savefig(picture, dpi=_DPI, metadata={"Software": None})
    plt.close(figure)


def _draw_confusion(confusion: NDArray[np.int64], picture: Path) -> None:
    figure, axes = _figure(1, 1, (6.2, 5.4))
    mistakes = confusion * (1 - np.eye(*confusion.shape, dtype=np.int64))
    axes.imshow(mistakes, cmap="Oranges", vmin=0, vmax=max(1, int(mistakes.max()) * 2))
    for row, column in np.ndindex(*confusion.shape):
        if confusion[row, column]:
            axes.text(column, row, str(confusion[row, column]), ha="center", va="center", fontsize=9)
    axes.set(xlabel="answer", ylabel="right digit", title="MNIST test: answers (mistakes are coloured)")
    axes.set_xticks(range(11), [*map(str, range(10)), "none"])
    axes.set_yticks(range(10))
    _save(figure, picture)


def _draw_reliability(evaluation: Evaluation, picture: Path) -> None:
    figure, both = _figure(1, 2, (9, 4.2))
    parts = (
        (both[0], evaluation.bins, "MNIST test, as it is"),
        (both[1], evaluation.mixed_bins, "with redrawn digits and marks"),
    )
    for axes, bins, title in parts:
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--", label="confidence = accuracy")
        for firm, face, label in ((True, _BLUE, "measured"), (False, "none", f"fewer than {_FIRM} answers")):
            points = [(part.confidence, part.accuracy) for part in bins if (part.count >= _FIRM) == firm]
            axes.scatter(*np.array(points).reshape(-1, 2).T, color=_BLUE, facecolor=face, label=label, zorder=3)
        for part in bins:
            axes.annotate(
                str(part.count),
                (part.confidence, part.accuracy),
                fontsize=7,
                color=_GREY,
                xytext=(4, -9),
                textcoords="offset points",
            )
        axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.03), ylim=(0, 1.03), aspect="equal")
        axes.set_title(f"{title}\nexpected calibration error {expected_calibration_error(bins):.4f}", fontsize=10)
        axes.legend(frameon=False, loc="upper left")
    _save(figure, picture)


def _draw_frames(frames: NDArray[np.float32], picture: Path) -> None:
    figure, grid = _figure(5, 12, (9, 3.9))
    for axes, frame in zip(np.ravel(grid), frames, strict=False):
        _show(axes, frame)
    _hide(grid)
    _save(figure, picture)


def _draw_mistakes(evaluation: Evaluation, picture: Path) -> None:
    columns = 10
    rows = max(1, -(-len(evaluation.mistakes) // columns))
    figure, grid = _figure(rows, columns, (9, 1.15 * rows))
    for axes, frame, (right, answer) in zip(
        np.ravel(grid), evaluation.mistakes, evaluation.mistake_labels, strict=False
    ):
        _show(axes, frame)
        axes.set_title(f"{right} read as {'none' if answer == 10 else answer}", fontsize=7, pad=2)
    _hide(grid)
    _save(figure, picture)


def _show(axes: Axes, frame: NDArray[Any]) -> None:
    axes.imshow(frame, cmap="gray_r", interpolation="nearest")


def _hide(grid: Any) -> None:
    for axes in np.ravel(grid):
        axes.set_axis_off()
