"""The figures of the model card, with Matplotlib."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from digitlens.model.calibration import ReliabilityBin, expected_calibration_error
from digitlens.training.measures import GivenAnswers, risk_coverage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Ink and paper of the figures; the blue and the orange stay apart for colour-blind eyes (Okabe and Ito, 2008).
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#767676"
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
    figure, (left, right) = new_figure(1, 2, (9, 3.4))
    for axes, name, title in ((left, "loss", "Loss"), (right, "accuracy", "Accuracy")):
        for key, label, colour in (("", "training, distorted anew", BLUE), ("val_", "validation", ORANGE)):
            axes.plot(epochs, [float(row[f"{key}{name}"]) for row in rows], color=colour, label=label, marker=".")
        axes.set(title=title, xlabel="epoch")
        axes.legend(frameon=False)
    save_figure(figure, picture)


def new_figure(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, Any]:
    """A figure with a grid of axes; size in inches, width first."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained")
    for part in np.ravel(axes):
        part.spines[["top", "right"]].set_visible(False)
    return figure, axes


def save_figure(figure: Figure, picture: Path) -> None:
    """Write a PNG, or a JPEG where there are photos in it, and let the figure go."""
    import matplotlib.pyplot as plt

    # No date or version inside, so that the same result gives the same file.
    figure.savefig(picture, dpi=_DPI, metadata={"Software": None} if picture.suffix == ".png" else None)
    plt.close(figure)


def draw_confusion(confusion: NDArray[np.int64], picture: Path) -> None:
    """Counts of answers, (10, 11): row is the right digit, column the answer."""
    figure, axes = new_figure(1, 1, (6.2, 5.4))
    mistakes = confusion * (1 - np.eye(*confusion.shape, dtype=np.int64))
    axes.imshow(mistakes, cmap="Oranges", vmin=0, vmax=max(1, int(mistakes.max()) * 2))
    for row, column in np.ndindex(*confusion.shape):
        if confusion[row, column]:
            axes.text(column, row, str(confusion[row, column]), ha="center", va="center", fontsize=9)
    axes.set(xlabel="answer", ylabel="right digit", title="MNIST test: answers (mistakes are coloured)")
    axes.set_xticks(range(11), [*map(str, range(10)), "none"])
    axes.set_yticks(range(10))
    save_figure(figure, picture)


def draw_reliability(panels: Sequence[tuple[str, list[ReliabilityBin]]], picture: Path) -> None:
    """Confidence against accuracy, one panel for each title and its bins."""
    figure, grid = new_figure(1, len(panels), (4.5 * len(panels), 4.2))
    for axes, (title, bins) in zip(np.ravel(grid), panels, strict=True):
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--", label="confidence = accuracy")
        for firm, face, label in ((True, BLUE, "measured"), (False, "none", f"fewer than {_FIRM} answers")):
            points = [(part.confidence, part.accuracy) for part in bins if (part.count >= _FIRM) == firm]
            axes.scatter(*np.array(points).reshape(-1, 2).T, color=BLUE, facecolor=face, label=label, zorder=3)
        for part in bins:
            place = (part.confidence, part.accuracy)
            axes.annotate(str(part.count), place, fontsize=7, color=GREY, xytext=(4, -9), textcoords="offset points")
        axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.03), ylim=(0, 1.03), aspect="equal")
        axes.set_title(f"{title}\nexpected calibration error {expected_calibration_error(bins):.4f}", fontsize=10)
        axes.legend(frameon=False, loc="upper left")
    save_figure(figure, picture)


def draw_risk_coverage(answers: GivenAnswers, title: str, picture: Path) -> None:
    """The error among the most confident answers, for every share of them that is kept."""
    coverage, risk = risk_coverage(answers)
    figure, axes = new_figure(1, 1, (5.5, 3.6))
    axes.step(coverage, risk, where="post", color=BLUE, label="error among those kept")
    flagged = 1 - answers.flagged.value
    axes.axvline(flagged, color=ORANGE, linestyle="--", linewidth=1, label="what is not flagged as doubtful")
    axes.set(xlabel="share of the answers kept, the surest first", ylabel="share that is wrong", title=title)
    axes.set(xlim=(0, 1.01), ylim=(0, None))
    axes.legend(frameon=False)
    save_figure(figure, picture)


def draw_frames(frames: NDArray[np.float32], picture: Path) -> None:
    """Up to 60 frames, (K, 28, 28)."""
    figure, grid = new_figure(5, 12, (9, 3.9))
    for axes, frame in zip(np.ravel(grid), frames, strict=False):
        _show(axes, frame)
    _hide(grid)
    save_figure(figure, picture)


def draw_mistakes(frames: NDArray[np.uint8], labels: NDArray[np.int64], picture: Path) -> None:
    """Frames that were read wrongly, (M, 28, 28), with the right digit and the answer, (M, 2), over each."""
    columns = 10
    rows = max(1, -(-len(frames) // columns))
    figure, grid = new_figure(rows, columns, (9, 1.15 * rows))
    for axes, frame, (right, answer) in zip(np.ravel(grid), frames, labels, strict=False):
        _show(axes, frame)
        axes.set_title(f"{right} read as {'none' if answer == 10 else answer}", fontsize=7, pad=2)
    _hide(grid)
    save_figure(figure, picture)


def draw_named_rows(rows: Sequence[tuple[str, NDArray[np.uint8]]], picture: Path) -> None:
    """Rows of frames, (K, 28, 28) each, with their names beside them."""
    figure, grid = new_figure(len(rows), 1, (7, 0.52 * len(rows)))
    for axes, (name, frames) in zip(np.ravel(grid), rows, strict=True):
        axes.imshow(np.hstack(list(frames)), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
        axes.set_xticks([])
        axes.set_yticks([])
    save_figure(figure, picture)


def _show(axes: Axes, frame: NDArray[Any]) -> None:
    axes.imshow(frame, cmap="gray_r", interpolation="nearest")


def _hide(grid: Any) -> None:
    for axes in np.ravel(grid):
        axes.set_axis_off()
