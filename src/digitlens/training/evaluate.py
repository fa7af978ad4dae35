"""What the networks and the reader can do, measured once a release.

Everything is measured as it is served (LiteRT, float16, calibrated), never with the training network: the test part of
MNIST, digits of other writers, marks, corruptions, letters, pages of the project's own, and folders of labelled photos.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import normalise
from digitlens.model.artifact import Artifact, load_artifact, save_artifact, served_folder
from digitlens.model.calibration import (
    ReliabilityBin,
    confidence_bins,
    expected_calibration_error,
    negative_log_likelihood,
    reliability_bins,
)
from digitlens.model.classifier import CLASSES, NOT_A_DIGIT
from digitlens.reader import Reader
from digitlens.training.datasets import Digits, load_splits, load_test_part
from digitlens.training.frames import negative_frames, photographed_frames
from digitlens.training.measures import GivenAnswers, Share
from digitlens.training.other_writers import load_other_sets
from digitlens.training.own_pages import OwnPage, read_own_pages
from digitlens.training.photos import (
    ALL,
    DIGITS,
    NOT_DIGITS,
    NUMBERS,
    Judged,
    SourceScore,
    digit_shares,
    load_photos,
    mean_over_sources,
    read_photos,
    score_by_shape,
    score_photos,
    single_digit_answers,
)
from digitlens.training.robustness import TwoWays, mean_of, measure_corruptions, measure_letters

Frames = NDArray[np.float32]
Labels = NDArray[np.int64]
TEST_SEED = 10_000
NEGATIVES = 2_000
EXAMPLES = 18
# Measures of photos that are averaged over their sources, each as heavy as the other.
MEANS = ((NUMBERS, "F1"), (NUMBERS, "exact"), (NUMBERS, "DER"), (DIGITS, "accuracy"), (NOT_DIGITS, "false"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What to measure with.

    Attributes:
        mnist: folder with MNIST; its test part is read by `evaluate` and nowhere else.
        others: folder with digits of other writers, one sub-folder a set; a set that is not there is left out.
        photos: folders of labelled photos, see `photos`.
        validation_half: of each source of `not-digits` take the second half by file name; the first may train.
        classifier_only: leave out what goes through the whole reader and takes hours: corruptions, letters, pages.
        rehearsal: take held-out training digits instead of the test part, and write neither manifest nor card.
    """

    mnist: Path
    others: Path | None = None
    photos: tuple[Path, ...] = ()
    validation_half: bool = False
    classifier_only: bool = False
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoResults:
    """What came of the labelled photos; all empty where there are none.

    Attributes:
        judged: every photo with its answer.
        scores: one a source, and one for each kind as a whole.
        by_shape: sources of `not-digits` with characters that are digits in shape, those and the others apart.
        per_digit: accuracy of each digit in the pictures of one digit.
        answers: the single digits read in those, with confidence and verdict.
    """

    judged: Sequence[Judged]
    scores: list[SourceScore]
    by_shape: list[SourceScore]
    per_digit: list[Share]
    answers: GivenAnswers

    @property
    def means(self) -> dict[str, tuple[float, int]]:
        """Name of a measure to its mean over the sources and their number; without the kinds that are not there."""
        kinds = [score.kind for score in self.scores if score.source != ALL]
        return {
            f"photos_{kind}_{figure}".replace("-", "_"): (mean_over_sources(self.scores, kind, figure), count)
            for kind, figure in MEANS
            if (count := kinds.count(kind))
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that was measured.

    Attributes:
        shares: accuracies, the test's first: among the ten digits, as results on MNIST are counted, then with all
            eleven answers, where a digit that is rejected is a mistake. All later ones count the second way.
        per_digit: accuracy of each digit on the test.
        corruptions: none first, then the fifteen of MNIST-C; letters: how often letters are read as digits.
        pages: the project's own pages as they were read.
        photos: the labelled photos.
        confusion: (10, 11) counts: row is the right digit, column the answer.
        bins: confidence against accuracy on the test; mixed_bins: on the test, photographed digits and marks together.
        answers: single digits with confidence and verdict: of the photos where there are some, else of the test, as it
            is and redrawn as if photographed; answers_on says which.
        likelihood: negative log-likelihood on the test, in nats.
        mistakes: (M, 28, 28) uint8 frames of the test that were read wrongly, with `mistake_labels` (M, 2): right
            digit and answer.
        examples: some held-out digits, to show the corruptions on.
        marks: (K, 28, 28) float32: some marks that are no digits; photographed: some photographed digits.
    """

    shares: list[Share]
    per_digit: list[Share]
    corruptions: list[TwoWays]
    letters: list[TwoWays]
    pages: list[OwnPage]
    photos: PhotoResults
    confusion: Labels
    bins: list[ReliabilityBin]
    mixed_bins: list[ReliabilityBin]
    answers: GivenAnswers
    answers_on: str
    likelihood: float
    mistakes: NDArray[np.uint8]
    mistake_labels: Labels
    examples: Digits
    marks: Frames
    photographed: Frames

    @property
    def answer_bins(self) -> list[ReliabilityBin]:
        """Confidence against accuracy of `answers`."""
        return confidence_bins(self.answers.confidence, self.answers.right)

    @property
    def two_ways(self) -> list[TwoWays]:
        """Corruptions and letters."""
        return [*self.corruptions, *self.letters]

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """For the manifest."""
        count = self.shares[0].total
        two_ways = [part for result in self.two_ways for part in (result.frames, result.pictures)]
        values = {
            "test_calibration_error": (expected_calibration_error(self.bins), count),
            "test_negative_log_likelihood": (self.likelihood, count),
        }
        if self.corruptions:
            frames, pictures = mean_of(self.corruptions)
            values["corrupted_mean"] = frames, len(self.corruptions) - 1
            values["corrupted_mean_read"] = pictures, len(self.corruptions) - 1
        values |= self.photos.means
        return {share.key: share.to_dict() for share in (*self.shares, *two_ways)} | {
            name: {"value": round(value, 5), "count": count} for name, (value, count) in values.items()
        }

    def table(self) -> str:
        """The shares and the scores of the photos as text, one row each."""
        named = [*self.shares, *self.per_digit, self.answers.flagged, self.answers.unflagged_errors]
        named += [dataclasses.replace(result.frames, title=f"classify, {result.title}") for result in self.two_ways]
        named += [dataclasses.replace(result.pictures, title=f"reader, {result.title}") for result in self.two_ways]
        rows = [f"{'':66} {'share':>8} {'95 % interval':>18} {'n':>7}"]
        for share in named:
            low, high = share.interval
            rows.append(f"{share.title:66} {share.value:8.2%} {f'{low:.2%} to {high:.2%}':>18} {share.total:7}")
        for score in (*self.photos.scores, *self.photos.by_shape):
            figures = " ".join(f"{name}={value:.4f}" for name, value in score.figures.items())
            rows.append(f"{score.kind:10} {score.source:26} n={score.pictures:5} {figures}")
        return "\n".join(rows)


def evaluate(
    sources: Sources,
    model: Path | None = None,
    docs: Path | None = None,
    gallery: Path | None = None,
) -> Evaluation:
    """Measure a network, put the result into its manifest and write its model card.

    Args:
        sources: what to measure with.
        model: folder of the weights; None means those that ship with digitlens.
        docs: where `model-card.md` and `img/` go; None writes no card.
        gallery: where pictures of the worst misses among the photos go; None draws none.

    Raises:
        InputError: MNIST is missing or has the wrong checksum, or a folder of photos has no labels.
        ModelError: the weights cannot be used.
    """
    folder = model or served_folder()
    artifact = load_artifact(folder)
    photos = load_photos(sources.photos, sources.validation_half)
    reader = Reader(model_dir=model)
    held_out = load_splits(sources.mnist).validation
    test = held_out if sources.rehearsal else load_test_part(sources.mnist)
    judged = read_photos(reader, photos)
    evaluation = measure(reader, test, held_out, sources.others, judged, times=0 if sources.classifier_only else 4)
    if not sources.rehearsal:
        manifest = dataclasses.replace(artifact.manifest, metrics=evaluation.metrics)
        artifact = dataclasses.replace(artifact, manifest=manifest)
        save_artifact(folder, artifact)
        _write_card(artifact, evaluation, docs, folder)
    if gallery is not None:
        from digitlens.training.gallery import write_gallery

        write_gallery(evaluation.photos.judged, gallery)
    return evaluation


def _write_card(artifact: Artifact, evaluation: Evaluation, docs: Path | None, folder: Path) -> None:
    if docs is not None:
        from digitlens.training.figures import CURVE
        from digitlens.training.report import write_model_card

        write_model_card(artifact, evaluation, docs, folder / CURVE)


def measure(
    reader: Reader,
    test: Digits,
    held_out: Digits,
    others: Path | None = None,
    judged: Sequence[Judged] = (),
    times: int = 4,
) -> Evaluation:
    """Measure without writing anything.

    Args:
        reader: as it serves.
        test: the digits to judge by.
        held_out: digits that training never saw, to cut marks from and to write pages with.
        others: as in `Sources`.
        judged: labelled photos with the reader's answers.
        times: how often each layout of a page is written; each letter is drawn ten times as often. 0 leaves pages,
            letters and corruptions out.
    """
    classifier = reader.classifier
    plain = test.pictures.astype(np.float32) / np.float32(255)
    photographed = photographed_frames(test, TEST_SEED)
    marks = negative_frames(held_out, NEGATIVES, TEST_SEED + 1)
    mark_labels = np.full(len(marks), NOT_A_DIGIT)
    answers = classifier.probabilities(plain)
    photographed_answers = classifier.probabilities(photographed)
    mark_answers = classifier.probabilities(marks)
    normalised = classifier.probabilities(np.stack([normalise(picture) for picture in plain]))
    chosen = answers.argmax(axis=1)
    wrong = np.nonzero(chosen != test.labels)[0]
    mixed = np.concatenate([answers, photographed_answers, mark_answers])
    photos = _photo_results(judged)
    threshold = reader.settings.review_threshold
    has_single_digits = len(photos.answers.right) > 0
    redrawn = "MNIST test, redrawn as if photographed (simulated)"
    return Evaluation(
        shares=[
            _share("test", "MNIST test: which of the ten digits", answers[:, :NOT_A_DIGIT], test.labels),
            _share("test_rejecting", "MNIST test: rejected digits counted as mistakes", answers, test.labels),
            _share("test_normalised", "MNIST test, through the reader's normalisation", normalised, test.labels),
            _share("test_photographed", redrawn, photographed_answers, test.labels),
            _share("marks_rejected", "Marks that are no digits, recognised as such", mark_answers, mark_labels),
            *_other_shares(reader, others),
        ],
        per_digit=[_share_of_digit(digit, chosen, test.labels) for digit in range(10)],
        corruptions=measure_corruptions(reader, test, TEST_SEED + 2) if times else [],
        letters=measure_letters(reader, TEST_SEED + 3, 10 * times) if times else [],
        pages=read_own_pages(reader, held_out, TEST_SEED + 4, times) if times else [],
        photos=photos,
        confusion=_confusion(test.labels, chosen),
        bins=reliability_bins(answers, test.labels),
        mixed_bins=reliability_bins(mixed, np.concatenate([test.labels, test.labels, mark_labels])),
        answers=photos.answers if has_single_digits else _given(mixed[: 2 * len(test.labels)], test.labels, threshold),
        answers_on="photos of one digit" if has_single_digits else "MNIST test, as it is and redrawn as photographed",
        likelihood=negative_log_likelihood(classifier.logits(plain), test.labels, classifier.manifest.temperature),
        mistakes=test.pictures[wrong],
        mistake_labels=np.stack([test.labels[wrong], chosen[wrong]], axis=1),
        examples=held_out[slice(0, EXAMPLES)],
        marks=marks[:60],
        photographed=photographed[:60],
    )


def _photo_results(judged: Sequence[Judged]) -> PhotoResults:
    return PhotoResults(
        judged=judged,
        scores=score_photos(judged),
        by_shape=score_by_shape(judged),
        per_digit=digit_shares(judged),
        answers=single_digit_answers(judged),
    )


def _given(probabilities: NDArray[np.float32], labels: Labels, threshold: float) -> GivenAnswers:
    """The answers of two versions of the same digits, without those that were rejected."""
    value, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1).astype(np.float64)
    right, kept = value == np.concatenate([labels, labels]), value != NOT_A_DIGIT
    return GivenAnswers(confidence[kept], right[kept], confidence[kept] < threshold)


def _share(key: str, title: str, answers: NDArray[np.float32], labels: Labels) -> Share:
    """The share whose most probable answer is right; with all eleven columns a digit that is rejected is a mistake."""
    return Share(key, title, int((answers.argmax(axis=1) == labels).sum()), len(labels))


def _share_of_digit(digit: int, chosen: Labels, labels: Labels) -> Share:
    its_own = labels == digit
    right = int((chosen[its_own] == digit).sum())
    return Share(f"test_digit_{digit}", f"MNIST test, digit {digit}", right, int(its_own.sum()))


def _other_shares(reader: Reader, folder: Path | None) -> Iterator[Share]:
    for other, digits in load_other_sets(folder) if folder else ():
        title = f"{other.title} ({'zero-shot' if other.zero_shot else 'its last fifth'})"
        yield _share(f"other_{other.name}", title, reader.classify(digits.pictures), digits.labels)


def _confusion(labels: Labels, chosen: Labels) -> Labels:
    counts = np.zeros((10, CLASSES), np.int64)
    np.add.at(counts, (labels, chosen), 1)
    return counts
