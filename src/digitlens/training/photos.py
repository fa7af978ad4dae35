"""Folders of labelled photos, read by the whole reader and scored a source at a time.

A folder holds sources, one sub-folder each, with a `labels.csv` (`file,label,notes`). What is asked of a source follows
from the folder above it: `numbers` (several digits, rows separated by "/"), `digits` (one digit a picture) or
`not-digits` (nothing to read).
"""

from __future__ import annotations

import collections
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitlens.errors import InputError
from digitlens.reader import Reader
from digitlens.results import Digit
from digitlens.training.lookalikes import Shape, shape_of
from digitlens.training.measures import GivenAnswers, Share, edit_distance

LABELS = "labels.csv"
NUMBERS, DIGITS, NOT_DIGITS = "numbers", "digits", "not-digits"
KINDS = (NUMBERS, DIGITS, NOT_DIGITS)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Photo:
    """One labelled picture.

    Attributes:
        kind: `NUMBERS`, `DIGITS` or `NOT_DIGITS`.
        source: who it comes from: the folder's name.
        path: where it lies.
        label: its digits, rows separated by "/"; empty where there is nothing to read.
    """

    kind: str
    source: str
    path: Path
    label: str

    @property
    def wanted(self) -> str:
        """The digits of the label in order, without row breaks."""
        return _digits_only(self.label)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader said to one photo.

    Attributes:
        text: rows joined by line feeds, those of all pages one after the other; empty where it failed.
        digits: what is known about each digit; a reader without confidences gives none.
        failed: the file could not be read.
    """

    text: str
    digits: tuple[Digit, ...] = ()
    failed: bool = False

    @property
    def found(self) -> str:
        """The digits in order, without spaces and line feeds."""
        return _digits_only(self.text)


# One photo with the answer to it.
Judged = tuple[Photo, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceScore:
    """The counts of one source, and the measures made of them.

    Attributes:
        kind, source: as in `Photo`; source is `ALL` for all of a kind together.
        pictures, failed: number of pictures, and of those that could not be read.
        exact: pictures whose digits are all right and in order; for `DIGITS` exactly one digit, and the right one.
        rows: pictures whose rows are right, too.
        edits: edit distance summed over the pictures.
        wanted, found, matched: digits in the labels, digits read, digits in common when order is ignored.
        empty, many: pictures in which nothing, or more than one digit, was read.
    """

    kind: str
    source: str
    pictures: int
    failed: int
    exact: int
    rows: int
    edits: int
    wanted: int
    found: int
    matched: int
    empty: int
    many: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall over digits, order ignored."""
        return 2 * self.matched / max(1, self.wanted + self.found)

    @property
    def digit_error_rate(self) -> float:
        """Edits a digit of the label; above 1 where much is read that is not there."""
        return self.edits / max(1, self.wanted)

    @property
    def shares(self) -> dict[str, Share]:
        """The measures that are shares of pictures, by name."""
        counts = {
            NUMBERS: {"exact": self.exact, "rows": self.rows},
            DIGITS: {"accuracy": self.exact, "empty": self.empty, "many": self.many},
            NOT_DIGITS: {"false": self.pictures - self.empty},
        }[self.kind]
        return {name: Share(name, name, count, self.pictures) for name, count in counts.items()}

    @property
    def figures(self) -> dict[str, float]:
        """All measures by name, in [0, 1] but for DER and digits_a_picture."""
        values = {name: share.value for name, share in self.shares.items()}
        if self.kind == NUMBERS:
            values |= {"DER": self.digit_error_rate, "F1": self.f1}
        if self.kind == NOT_DIGITS:
            values |= {"digits_a_picture": self.found / max(1, self.pictures)}
        return values


def load_photos(roots: Iterable[Path], validation_half: bool = False) -> list[Photo]:
    """Every labelled picture under the roots.

    Args:
        roots: folders, searched to any depth.
        validation_half: of each source of `not-digits` take the second half by file name; the first may train.

    Raises:
        InputError: a root holds no `labels.csv`, or one of them lacks a column.
    """
    photos = [photo for root in roots for photo in _photos_of(root)]
    return _validation_half(photos) if validation_half else photos


def read_photos(reader: Reader, photos: Iterable[Photo]) -> list[Judged]:
    """Read every photo; one that cannot be read is an empty answer that failed."""
    return [(photo, _read(reader, photo.path)) for photo in photos]


def score_photos(judged: Sequence[Judged]) -> list[SourceScore]:
    """One score a source, and one with the source `ALL` for each kind that there is."""
    groups: dict[tuple[str, str], list[Judged]] = collections.defaultdict(list)
    for photo, answer in judged:
        groups[photo.kind, photo.source].append((photo, answer))
        groups[photo.kind, ALL].append((photo, answer))
    # All of a kind come after its sources.
    keys = sorted(groups, key=lambda key: (KINDS.index(key[0]), key[1] == ALL, key[1]))
    return [_score(kind, source, groups[kind, source]) for kind, source in keys]


def score_by_shape(judged: Iterable[Judged]) -> list[SourceScore]:
    """Each source of `NOT_DIGITS` that shows digits in shape, in parts; see `lookalikes`.

    Returns:
        Scores whose `source` is the source's name and the shape, with a comma between.
    """
    groups: dict[tuple[str, Shape], list[Judged]] = collections.defaultdict(list)
    for photo, answer in judged:
        if photo.kind == NOT_DIGITS:
            groups[photo.source, shape_of(photo.path.name)].append((photo, answer))
    return [
        _score(NOT_DIGITS, f"{source}, {shape}", groups[source, shape])
        for source in sorted({source for source, shape in groups if shape != Shape.OTHER})
        for shape in Shape
        if (source, shape) in groups
    ]


def mean_over_sources(scores: Iterable[SourceScore], kind: str, figure: str) -> float:
    """Mean of one measure over the sources of a kind, each as heavy as the other; nan without a source."""
    values = [score.figures[figure] for score in scores if score.kind == kind and score.source != ALL]
    return sum(values) / len(values) if values else float("nan")


def single_digit_answers(judged: Iterable[Judged]) -> GivenAnswers:
    """Confidence and verdict of every single digit that was read in the pictures of one digit.

    The confidence is rounded as in the JSON answer, so that who scores that gets the same figures.
    """
    single = [
        (round(answer.digits[0].confidence, 4), answer.found == photo.wanted, answer.digits[0].doubtful)
        for photo, answer in judged
        if photo.kind == DIGITS and len(answer.found) == 1 and answer.digits
    ]
    confidence, right, doubtful = np.array(single, np.float64).reshape(-1, 3).T
    return GivenAnswers(confidence, right.astype(bool), doubtful.astype(bool))


def digit_shares(judged: Sequence[Judged]) -> list[Share]:
    """Accuracy of each digit in the pictures of one digit; a digit that never occurs has a total of 0."""
    single = [(photo.wanted, answer.found) for photo, answer in judged if photo.kind == DIGITS]
    return [
        Share(
            f"photos_digit_{digit}",
            f"photos of one digit: {digit}",
            sum(want == got == digit for want, got in single),
            sum(want == digit for want, _ in single),
        )
        for digit in "0123456789"
    ]


def worst_misses(judged: Iterable[Judged], count: int) -> list[Judged]:
    """The misses that hurt most: many wrong digits first, and of one wrong digit the surest first."""
    missed = [(photo, answer) for photo, answer in judged if photo.wanted != answer.found]
    return sorted(missed, key=_pain, reverse=True)[:count]


def _pain(judged: Judged) -> tuple[int, float]:
    photo, answer = judged
    surest = max((digit.confidence for digit in answer.digits), default=0.0)
    return edit_distance(answer.found, photo.wanted), surest


def _photos_of(root: Path) -> list[Photo]:
    tables = sorted(root.rglob(LABELS))
    if not tables:
        raise InputError(f"{root} holds no {LABELS}.", "Give a folder of sources, each with its pictures and labels.")
    return [photo for table in tables for photo in _rows_of_table(table)]


def _rows_of_table(table: Path) -> list[Photo]:
    folder = table.parent
    kind = next((kind for kind in (NOT_DIGITS, NUMBERS, DIGITS) if kind in folder.parts), NUMBERS)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return [
            Photo(kind, folder.name, folder / row["file"], "" if kind == NOT_DIGITS else row["label"].strip())
            for row in rows
        ]
    except KeyError as error:
        raise InputError(f"{table} has no column {error}.", "Its first line must be file,label,notes.") from error


def _validation_half(photos: Iterable[Photo]) -> list[Photo]:
    by_source: dict[tuple[str, str], list[Photo]] = collections.defaultdict(list)
    for photo in photos:
        by_source[photo.kind, photo.source].append(photo)
    kept = []
    for (kind, _), part in by_source.items():
        by_name = sorted(part, key=lambda photo: photo.path.name)
        kept += by_name[len(by_name) // 2 :] if kind == NOT_DIGITS else part
    return kept


def _read(reader: Reader, path: Path) -> Answer:
    try:
        pages = reader.read_pages(path)
    except InputError:
        return Answer("", failed=True)
    return Answer("\n".join(page.text for page in pages), tuple(digit for page in pages for digit in page.digits))


def _score(kind: str, source: str, judged: Sequence[Judged]) -> SourceScore:
    pairs = [(photo.wanted, answer.found) for photo, answer in judged]
    return SourceScore(
        kind=kind,
        source=source,
        pictures=len(judged),
        failed=sum(answer.failed for _, answer in judged),
        exact=sum(want == got for want, got in pairs),
        rows=sum(_rows(photo.label, "/") == _rows(answer.text, "\n") for photo, answer in judged),
        edits=sum(edit_distance(got, want) for want, got in pairs),
        wanted=sum(len(want) for want, _ in pairs),
        found=sum(len(got) for _, got in pairs),
        matched=sum((collections.Counter(want) & collections.Counter(got)).total() for want, got in pairs),
        empty=sum(not got for _, got in pairs),
        many=sum(len(got) > 1 for _, got in pairs),
    )


def _digits_only(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def _rows(text: str, separator: str) -> list[str]:
    return [digits for row in text.split(separator) if (digits := _digits_only(row))]
