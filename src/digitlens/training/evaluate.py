"""What the network can do, measured once a release: the test part of MNIST, digits of other countries, marks.

Everything is measured with the weights as served (LiteRT, float16, calibrated), never with the training network.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import normalise
from digitlens.model.artifact import Artifact, load_artifact, save_artifact, served_folder
from digitlens.model.calibration import (
    ReliabilityBin,
    expected_calibration_error,
    negative_log_likelihood,
    reliability_bins,
    wilson_interval,
)
from digitlens.model.classifier import CLASSES, NOT_A_DIGIT, Classifier
from digitlens.training.datasets import Digits, load_splits, load_test_part
from digitlens.training.frames import negative_frames, photographed_frames

Frames = NDArray[np.float32]
Labels = NDArray[np.int64]

# Sets of other writers and countries: folder, files, what they are. Looked at, never trained on.
OTHER_SETS = (
    ("ardis-iv", ("train.npz", "test.npz"), "ARDIS IV: Swedish church records, 1895 to 1970"),
    ("nsysu", ("all.npz",), "NSYSU: exam scans from Taiwan, light ink"),
    ("bhmsds", ("digits.npz",), "BHMSDS: drawn with mouse and tablet"),
    ("optdigits-orig", ("tra.npz", "tes.npz"), "UCI Optical Recognition: 43 writers from Turkey"),
    ("pendigits", ("train_rendered32.npz",), "UCI Pen-Based Recognition: 44 writers, drawn from pen points"),
)
TEST_SEED = 10_000
NEGATIVES = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """How many were right, of how many.

    Attributes:
        key: name in the manifest.
        title: name for people.
        right, total: counts.
    """

    key: str
    title: str
    right: int
    total: int

    @property
    def value(self) -> float:
        """Right over total, in [0, 1]."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval."""
        return wilson_interval(self.right, self.total)

    def to_dict(self) -> dict[str, float]:
        """For the manifest."""
        low, high = self.interval
        return {"value": round(self.value, 5), "low": round(low, 5), "high": round(high, 5), "count": self.total}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that was measured.

    Attributes:
        shares: accuracies, the test's first: among the ten digits, as results on MNIST are counted, then with all
            eleven answers, where a digit that is rejected is a mistake. All later ones count the second way.
        per_digit: accuracy of each digit on the test.
        confusion: (10, 11) counts: row is the right digit, column the answer.
        bins: confidence against accuracy on the test; mixed_bins: on the test, photographed digits and marks together.
        likelihood: negative log-likelihood on the test, in nats.
        mistakes: (M, 28, 28) uint8 frames of the test that were read wrongly, with `mistake_labels` (M, 2): right
            digit and answer.
        marks: (K, 28, 28) float32: some marks that are no digits; photographed: some photographed digits.
    """

    shares: list[Share]
    per_digit: list[Share]
    confusion: Labels
    bins: list[ReliabilityBin]
    mixed_bins: list[ReliabilityBin]
    likelihood: float
    mistakes: NDArray[np.uint8]
    mistake_labels: Labels
    marks: Frames = field(default_factory=lambda: np.zeros((0, 28, 28), np.float32))
    photographed: Frames = field(default_factory=lambda: np.zeros((0, 28, 28), np.float32))

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """For the manifest."""
        count = self.shares[0].total
        return {share.key: share.to_dict() for share in self.shares} | {
            "test_calibration_error": {"value": round(expected_calibration_error(self.bins), 5), "count": count},
            "test_negative_log_likelihood": {"value": round(self.likelihood, 5), "count": count},
        }

    def table(self) -> str:
        """The accuracies as text, one row each."""
        rows = [f"{'':62} {'right':>8} {'95 % interval':>18} {'n':>7}"]
        for share in [*self.shares, *self.per_digit]:
            low, high = share.interval
            rows.append(f"{share.title:62} {share.value:8.2%} {f'{low:.2%} to {high:.2%}':>18} {share.total:7}")
        return "\n".join([*rows, f"expected calibration error {expected_calibration_error(self.bins):.4f}"])


def evaluate(data: Path, model: Path | None = None, others: Path | None = None, docs: Path | None = None) -> Evaluation:
    """Measure a network, put the result into its manifest and write its model card.

    Args:
        data: folder with MNIST; its test part is read here and nowhere else.
        model: folder of the weights; None means those that ship with digitlens.
        others: folder with digits of other writers, one sub-folder a set; a set that is not there is left out.
        docs: where `model-card.md` and `img/` go; None writes no card.

    Raises:
        InputError: MNIST is missing or has the wrong checksum.
        ModelError: the weights cannot be used.
    """
    folder = model or served_folder()
    artifact = load_artifact(folder)
    evaluation = measure(Classifier(artifact), load_test_part(data), load_splits(data).validation, others)
    manifest = dataclasses.replace(artifact.manifest, metrics=evaluation.metrics)
    artifact = Artifact(artifact.weights, manifest)
    save_artifact(folder, artifact)
    if docs is not None:
        from digitlens.training.report import CURVE, write_model_card

        write_model_card(artifact, evaluation, docs, folder / CURVE)
    return evaluation


def measure(classifier: Classifier, test: Digits, held_out: Digits, others: Path | None = None) -> Evaluation:
    """Measure without writing anything.

    Args:
        classifier: the network as served.
        test: the digits to judge by.
        held_out: digits that training never saw, to cut marks from.
        others: as in `evaluate`.
    """
    plain = test.pictures.astype(np.float32) / np.float32(255)
    photographed = photographed_frames(test, TEST_SEED)
    marks = negative_frames(held_out, NEGATIVES, TEST_SEED + 1)
    mark_labels = np.full(len(marks), NOT_A_DIGIT)
    answers = classifier.probabilities(plain)
    photographed_answers = classifier.probabilities(photographed)
    mark_answers = classifier.probabilities(marks)
    chosen = answers.argmax(axis=1)
    wrong = np.nonzero(chosen != test.labels)[0]
    mixed = np.concatenate([answers, photographed_answers, mark_answers])
    return Evaluation(
        shares=[
            _share("test", "MNIST test: which of the ten digits", answers[:, :NOT_A_DIGIT], test.labels),
            _share("test_rejecting", "MNIST test: rejected digits counted as mistakes", answers, test.labels),
            _share(
                "test_normalised",
                "MNIST test, through the reader's normalisation",
                classifier.probabilities(_normalised(plain)),
                test.labels,
            ),
            _share(
                "test_photographed",
                "MNIST test, redrawn as if photographed (simulated)",
                photographed_answers,
                test.labels,
            ),
            _share("marks_rejected", "Marks that are no digits, recognised as such", mark_answers, mark_labels),
            *_other_shares(classifier, others),
        ],
        per_digit=[
            Share(
                f"test_digit_{digit}",
                f"MNIST test, digit {digit}",
                int((chosen[test.labels == digit] == digit).sum()),
                int((test.labels == digit).sum()),
            )
            for digit in range(10)
        ],
        confusion=_confusion(test.labels, chosen),
        bins=reliability_bins(answers, test.labels),
        mixed_bins=reliability_bins(mixed, np.concatenate([test.labels, test.labels, mark_labels])),
        likelihood=negative_log_likelihood(
            classifier.logits(plain),
            test.labels,
            classifier.manifest.temperature,
        ),
        mistakes=test.pictures[wrong],
        mistake_labels=np.stack([test.labels[wrong], chosen[wrong]], axis=1),
        marks=marks[:60],
        photographed=photographed[:60],
    )


def _share(key: str, title: str, answers: NDArray[np.float32], labels: Labels) -> Share:
    """The share whose most probable answer is right; with all eleven columns a digit that is rejected is a mistake."""
    return Share(key, title, int((answers.argmax(axis=1) == labels).sum()), len(labels))


def _other_shares(classifier: Classifier, folder: Path | None) -> Iterator[Share]:
    for name, files, title in OTHER_SETS:
        paths = [folder / name / file for file in files] if folder else []
        if not paths or not all(path.exists() for path in paths):
            continue
        sets = [np.load(path) for path in paths]
        pictures = np.concatenate([part["images"] for part in sets]).astype(np.float32) / np.float32(255)
        labels = np.concatenate([part["labels"] for part in sets]).astype(np.int64)
        yield _share(f"other_{name}", title, classifier.probabilities(_normalised(pictures)), labels)


def _normalised(pictures: Frames) -> Frames:
    return np.stack([normalise(picture) for picture in pictures])


def _confusion(labels: Labels, chosen: Labels) -> Labels:
    counts = np.zeros((10, CLASSES), np.int64)
    np.add.at(counts, (labels, chosen), 1)
    return counts
