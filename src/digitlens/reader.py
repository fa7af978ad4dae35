"""The whole way of a picture: decode, ink, candidates, hypotheses, frames, probabilities, reading."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from digitlens.errors import InputError
from digitlens.imaging.contrast import contrast, cut_around
from digitlens.imaging.cuts import cut, likeliest, pieces_of
from digitlens.imaging.decode import decode_upload, page_from_array, page_from_image, read_file
from digitlens.imaging.divide import FloatBox
from digitlens.imaging.hypotheses import (
    ENOUGH,
    Hypothesis,
    are_rests,
    choose,
    cut_into,
    find_hypotheses,
    missing_shares,
)
from digitlens.imaging.ink import Ink, find_ink, find_ink_closely, find_ink_evenly
from digitlens.imaging.normalise import FRAME_SIDE, normalise
from digitlens.imaging.orientation import (
    MOST_MARKS,
    evidence,
    is_as_upright,
    is_doubtful,
    is_more_upright,
    is_seen_more_clearly,
    quarter_turns,
    turned_back,
    turns_seen_clearly,
    turns_worth_reading,
)
from digitlens.imaging.points import points_in
from digitlens.imaging.polarity import is_light_on_dark_at_edges, is_light_on_dark_in
from digitlens.imaging.rows import holds_mark, order_rows, spaces_after
from digitlens.imaging.segment import Glyph, writing_height
from digitlens.imaging.skew import LEAST_SKEW, put_back, skew_of, turned_level
from digitlens.imaging.slashes import slashes_in
from digitlens.imaging.steps import is_step
from digitlens.model.artifact import load_artifact
from digitlens.model.calibration import softmax
from digitlens.model.candidates import Candidate
from digitlens.model.classifier import NOT_A_DIGIT, Classifier
from digitlens.model.finder import LEGIBLE_HEIGHT, Finder, Sight
from digitlens.results import Box, Digit, Line, Reading
from digitlens.settings import Settings
from digitlens.trace import Opinions, Trace, sure_digits

if TYPE_CHECKING:
    from PIL.Image import Image

    Source = str | Path | bytes | Image | NDArray[Any]

ALTERNATIVES = 3
# A bracket or a fraction stroke looks like a 1, but is so much taller than the other digits of its row, and the finder
# is not sure of it.
TALLEST_ONE = 1.2
LIKELY = 0.5
# A digit in a circle has at least this share of the circle's height; what is smaller may be a speck in a 0.
LEAST_INSIDE = 0.25
# Where the ink does not show one in so many of the digits that the finder is sure of, the reader looks again.
ONE_IN = 4
# For a closer look so many are enough; on a full page a few are always missed, and a look takes its time.
ONE_IN_CLOSELY = 20
# Where it misses more than so many there is paper between them, and print, which takes its time, is likelier.
FEW = 8
# Marks: where so many were judged the reader does not look again, or a page of dashes would take it a minute.
MOST_JUDGED = 2000
# No stroke is as wide as such a share of its digit's longer side.
WIDEST_STROKE = 0.3
# Writing of such a share of the height of other writing may be too small to be seen with it.
MUCH_SMALLER = 0.5
# The finder's boxes that tell whether rows lean: those with such a score, and no more than so many.
CLEARLY_SEEN, MOST_SEEN = 0.25, 200
# A scratch, a hair or a fold of the paper looks like a faint 1; contrast as a share of black on white.
FAINT, SURE_OF_FAINT = 0.14, 0.52
# Among at least as many other marks one looks like a digit by chance; smaller ones than such a share of it don't count.
SURE_AMONG_MARKS, LEAST_BESIDE = 0.55, 0.5
# The pieces of one mark in hasty writing: none need be sure, but that one of them is a digit.
SURE_TOGETHER = 0.5
# What the classifier is so sure of, and to what the finder gives such a score, tells about the other parts of its mark.
CLEAR_SHAPE, HARDLY_SEEN = 0.95, 0.08
# Marks that may be digits that run into each other: as wide as such shares of their height, and no more of them.
SLIMMEST, LONGEST, MOST_RIDDLES = 0.6, 12.0, 40
# A piece that would be a 1 is less likely a digit by so much in log-odds: any stroke of another mark looks like one.
ONE_IN_A_MARK = 1.0
# Pixels of the page: fewer may be a digit beside others, but alone they are letters of small print as likely.
LEAST_TO_VOUCH = 9


class Reader:
    """Reads handwritten digits. Make one and keep it: it holds the network. Safe to share between threads."""

    def __init__(self, settings: Settings | None = None, model_dir: Path | None = None) -> None:
        """Load the network.

        Args:
            settings: limits and the review threshold; the defaults when None.
            model_dir: folder with `weights.tflite`, `manifest.json` and perhaps `finder.tflite`; the networks that ship
                with digitlens when None. A folder without a finder is read with the finder that ships.

        Raises:
            ModelError: the weights are missing, damaged or of another version.
        """
        self.settings = settings or Settings()
        artifact = load_artifact(model_dir)
        self.classifier = Classifier(artifact)
        self.finder = Finder.of(artifact if artifact.manifest.finder else load_artifact())

    @property
    def model_version(self) -> str:
        """Version of the weights, as it stands in every Reading."""
        return self.classifier.version

    def read(self, source: Source) -> Reading:
        """Read one picture; of a file with several pages, the first.

        Args:
            source: path, bytes of a file, PIL image, or array ((H, W), (H, W, 3) or (H, W, 4)).

        Raises:
            InputError: the source cannot be read; the subclass says why.
            TypeError: the source is of no such kind.
        """
        return self.read_page(next(self._pages(source)))

    def read_pages(self, source: Source) -> list[Reading]:
        """Read every page of a PDF or TIFF, one Reading a page. Arguments and errors as in `read`."""
        return [self.read_page(page) for page in self._pages(source)]

    def decode(self, upload: bytes) -> Iterator[NDArray[np.uint8]]:
        """The upright pages of an upload, each (H, W) or (H, W, 3) uint8, one at a time."""
        return decode_upload(upload, self.settings)

    def read_page(self, page: NDArray[np.uint8]) -> Reading:
        """Read one page, (H, W) or (H, W, 3) uint8; one that lies sideways or upside down is turned for that."""
        return self.trace(page).reading

    def trace(self, page: NDArray[np.uint8]) -> Trace:
        """Read one page as `read_page` does, and keep what was found on the way."""
        upright = self._trace_upright(page)
        trace = self._trace_level(upright) or upright
        return dataclasses.replace(trace, reading=turned_back(trace.reading, trace.turns))

    def _trace_upright(self, page: NDArray[np.uint8]) -> Trace:
        """Read the page as it lies, or turned by quarters where that reads better; the reading stays turned."""
        lying = self._trace_as_it_lies(page)
        upright = []
        for turns in self._turns_worth_reading(lying):
            turned = self._trace_as_it_lies(np.ascontiguousarray(np.rot90(page, turns)))
            is_read_better = is_more_upright(
                turned.pooled(turned.digits), len(turned.whole_marks), lying.pooled(lying.digits)
            )
            if is_read_better or is_seen_more_clearly(_seen(turned.candidates), _seen(lying.candidates)):
                upright.append(dataclasses.replace(turned, turns=turns))
        return max(upright, key=lambda trace: evidence(trace.pooled(trace.digits)), default=lying)

    def _trace_level(self, askew: Trace) -> Trace | None:
        """Read the page turned so that its rows are level, if they were not; None where that reads no better."""
        skew_deg = _skew(askew.candidates)
        if abs(skew_deg) < LEAST_SKEW:
            return None
        page, matrix = turned_level(askew.page, skew_deg)
        level = self._trace_as_it_lies(page)
        read, read_askew = level.pooled(level.digits), askew.pooled(askew.digits)
        if not (is_as_upright(read, read_askew) or is_more_upright(read, len(level.whole_marks), read_askew)):
            return None
        reading = put_back(level.reading, matrix, askew.reading.width, askew.reading.height)
        return dataclasses.replace(level, turns=askew.turns, skew_deg=skew_deg, reading=reading)

    def _turns_worth_reading(self, trace: Trace) -> list[int]:
        """By how many quarters, counter-clockwise, the page may have to be turned; none where it lies well."""
        whole = trace.whole_marks[:MOST_MARKS]
        if not is_doubtful(trace.pooled(whole), trace.pooled(trace.digits)):
            return []
        turned = quarter_turns(trace.opinions.frames[list(whole)])
        by_marks = turns_worth_reading(np.stack([self.classifier.probabilities(frames) for frames in turned]))
        # The marks are mostly letters where numbers stand among words: the finder tells these.
        height = writing_height(trace.ink)
        pages = (np.ascontiguousarray(np.rot90(trace.page, turns)) for turns in (1, 2, 3))
        seen = [_seen(self.finder.look(page, height).candidates) for page in pages]
        return list(dict.fromkeys([*by_marks, *turns_seen_clearly([_seen(trace.candidates), *seen])]))

    def _trace_as_it_lies(self, page: NDArray[np.uint8]) -> Trace:
        look, candidates = self._look(page)
        hypotheses, opinions = look.hypotheses, look.opinions
        chosen = choose(hypotheses, 1 - opinions.pooled[:, NOT_A_DIGIT])
        digits = {index: self._digit(hypotheses[index].glyph, opinions.pooled[index]) for index in chosen}
        rings = _rings(digits)
        digits = {index: digit for index, digit in digits.items() if index not in rings}
        rows, strokes = _rows(digits, opinions)
        guesses: tuple[int, ...] = ()
        # Beside one sure digit the others are believed.
        others = [hypotheses[index].glyph.box for index in _unread(hypotheses, chosen)]
        if not _is_one_sure(page, digits, others, opinions) and not _are_sure_together(hypotheses, digits, opinions):
            guesses, chosen, rows, strokes = tuple(index for row in rows for index in row), [], [], []
        rejected = (*_unread(hypotheses, chosen), *(rings if rows else ()), *strokes)
        boxes = tuple(hypotheses[index].glyph.box for index in rejected)
        marks = [hypotheses[index].glyph.box for index in rejected if opinions.seen[index]]
        signs = [candidate.rounded for candidate in candidates if candidate.is_sure_mark]
        parts = look.ink.parts
        lines = tuple(_line([digits[index] for index in row], marks, signs, parts) for row in rows)
        return Trace(
            page=page,
            turns=0,
            skew_deg=0.0,
            ink=look.ink,
            candidates=tuple(candidates),
            hypotheses=tuple(hypotheses),
            edges=tuple(look.edges),
            opinions=opinions,
            digits=tuple(index for row in rows for index in row),
            rejected=rejected,
            guesses=guesses,
            reading=Reading(
                lines,
                boxes,
                page.shape[1],
                page.shape[0],
                self.model_version,
                guesses=tuple(digits[index] for index in guesses),
            ),
        )

    def _look(self, page: NDArray[np.uint8]) -> tuple[_Look, list[Candidate]]:
        """Tell ink from paper, in another way where the finder is sure of digits that the ink does not show."""
        ink, sight = self._see(page)
        candidates = sight.candidates
        best = self._weigh(page, ink, sight)
        missed, judged = _missed(candidates, best), len(best.hypotheses)
        sure = sight.sure_boxes
        others, is_worth_it = _other_looks(page, ink, missed), 0 < len(sure) <= ONE_IN_CLOSELY * len(missed)
        while is_worth_it and judged <= MOST_JUDGED and (other := next(others, None)) is not None:
            if len(other.parts) > MOST_JUDGED:  # that is texture, no writing
                continue
            look = self._weigh(page, other, sight)
            still_missed, judged = _missed(candidates, look), judged + len(look.hypotheses)
            if len(still_missed) < len(missed):
                best, missed = look, still_missed
            is_worth_it = _shows_too_few(page, sure, best.ink, missed)
        return self._cut_riddles(best, sight), candidates

    def _see(self, page: NDArray[np.uint8]) -> tuple[Ink, Sight]:
        """The ink, and what the finder sees at its size: of the other polarity where it is sure of nothing else.

        A small sheet on a dark table weighs more than what is written on it, and hides how small that is.
        """
        ink = find_ink(page)
        height = writing_height(ink)
        sight = self.finder.look(page, height)
        if height > LEGIBLE_HEIGHT and not sight.sure_boxes:  # else it was searched at all sizes
            other = find_ink(page, not ink.light_on_dark)
            smaller = writing_height(other)
            if 0 < smaller < MUCH_SMALLER * height:
                closer = self.finder.look(page, smaller)
                if closer.sure_boxes:
                    return other, closer
        return ink, sight

    def _weigh(self, page: NDArray[np.uint8], ink: Ink, sight: Sight) -> _Look:
        """Ask the networks what this ink shows, but for the edges of shadows and sheets."""
        found = find_hypotheses(ink, sight.boxes, page.shape[:2])
        are_edges = [_is_edge(page, guess) for guess in found]
        hypotheses = [guess for guess, is_edge in zip(found, are_edges, strict=True) if not is_edge]
        edges = [guess for guess, is_edge in zip(found, are_edges, strict=True) if is_edge]
        return _Look(ink, hypotheses, edges, self._judge(hypotheses, sight))

    def _cut_riddles(self, look: _Look, sight: Sight) -> _Look:
        """Cut the marks that are not understood wherever digits may run into each other, if that makes them digits."""
        if abs(_skew(sight.candidates)) >= LEAST_SKEW:  # cuts are for rows that are level
            return look
        pieces = [piece for mark, explained in _riddles(look) for piece in self._divide(mark, explained, sight)]
        if not pieces:
            return look
        are_cut = frozenset[int]().union(*(piece.marks for piece in pieces))
        kept = [i for i, guess in enumerate(look.hypotheses) if not (guess.is_part and guess.marks & are_cut)]
        hypotheses = [*(look.hypotheses[index] for index in kept), *pieces]
        classified = look.opinions.frames[kept], look.opinions.logits[kept]
        return dataclasses.replace(look, hypotheses=hypotheses, opinions=self._judge(hypotheses, sight, classified))

    def _divide(self, mark: Hypothesis, explained: float, sight: Sight) -> list[Hypothesis]:
        """The pieces of a mark that are likely digits one and all, if they explain more of it than was; else none."""
        sections = cut(mark.glyph.ink)
        pieces = pieces_of(mark.glyph.ink, sections)
        count = int(sections.max()) + 1
        parts = cut_into(mark, pieces, sections, sight.boxes)
        scores = _scores(parts, sight)
        # The classifier is not asked about what would be no digit with the clearest of shapes.
        clearest = np.eye(NOT_A_DIGIT + 1, dtype=np.float32)[scores[:, :NOT_A_DIGIT].argmax(axis=1)]
        possible = self._digits_in_pieces(clearest, scores) >= LIKELY
        probabilities = possible.astype(np.float32)
        chosen = likeliest(pieces, probabilities, count)
        if not chosen or not possible[chosen].all():
            return []
        frames = _frames([part.glyph for part, is_possible in zip(parts, possible, strict=True) if is_possible])
        classifier = self.classifier.probabilities(frames)
        probabilities[possible] = self._digits_in_pieces(classifier, scores[possible])
        chosen = likeliest(pieces, probabilities, count)
        share = np.array([pieces[index].share for index in chosen])
        if len(chosen) < 2 or probabilities[chosen].min() < LIKELY or share @ probabilities[chosen] <= explained:
            return []
        return [parts[index] for index in chosen]

    def _digits_in_pieces(self, classifier: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """How likely N pieces are the digit that each is likeliest, (N,), by both networks' opinions, (N, 11) each."""
        fusion = self.finder.fusion
        logits = fusion.pool(classifier, scores, np.ones(len(scores), bool))
        is_one = logits[:, :NOT_A_DIGIT].argmax(axis=1) == 1
        logits[:, NOT_A_DIGIT] += fusion.part + np.where(is_one, ONE_IN_A_MARK, -fusion.rest)
        return np.asarray(fusion.probabilities(logits)[:, :NOT_A_DIGIT].max(axis=1), np.float32)

    def _judge(
        self,
        hypotheses: Sequence[Hypothesis],
        sight: Sight,
        classified: tuple[NDArray[np.uint8], NDArray[np.float32]] | None = None,
    ) -> Opinions:
        """What each network says of each hypothesis, and both together; of the first frames and logits may be known."""
        known = len(classified[0]) if classified else 0
        frames = _frames([guess.glyph for guess in hypotheses[known:]])
        raw = self.classifier.logits(frames)
        if classified:
            frames, raw = np.concatenate([classified[0], frames]), np.concatenate([classified[1], raw])
        classifier = softmax(raw, self.classifier.manifest.temperature)  # (N, 11)
        are_cut = np.array([guess.is_cut for guess in hypotheses], bool)
        seen = are_cut | np.array([guess.box is not None for guess in hypotheses], bool)
        scores = _scores(hypotheses, sight)
        fusion = self.finder.fusion
        logits = fusion.pool(classifier, scores, seen)
        logits[:, NOT_A_DIGIT] += fusion.part * np.array([guess.is_part for guess in hypotheses], bool)
        is_other = (scores.argmax(axis=1) == NOT_A_DIGIT) & (scores.max(axis=1) > LIKELY)
        is_clear = _clear_shapes(classifier, scores)
        is_digit = (fusion.probabilities(logits)[:, NOT_A_DIGIT] < LIKELY) | is_clear
        unexplained = missing_shares(hypotheses, is_digit | is_other | are_cut, sure_digits(scores))
        logits[:, NOT_A_DIGIT] += fusion.unexplained * unexplained
        is_digit = (fusion.probabilities(logits)[:, NOT_A_DIGIT] < LIKELY) | is_clear
        is_one = logits[:, :NOT_A_DIGIT].argmax(axis=1) == 1
        is_rest = (are_rests(hypotheses, is_digit) | are_cut) & ~is_one  # for 1s see _clear_shapes
        logits[:, NOT_A_DIGIT] -= fusion.rest * is_rest
        return Opinions(frames, raw, classifier, scores, seen, unexplained, is_rest, fusion.probabilities(logits))

    def classify(self, glyphs: NDArray[Any]) -> NDArray[np.float32]:
        """Calibrated probabilities of frames that are already cut out and normalised as MNIST's are.

        Args:
            glyphs: (N, 28, 28) uint8 in [0, 255] or float32 in [0, 1], ink bright on 0.

        Returns:
            (N, 11) float32, rows sum to 1; column 10 is "not a digit".
        """
        return self.classifier.probabilities(glyphs)

    def _pages(self, source: Source) -> Iterator[NDArray[np.uint8]]:
        if isinstance(source, str | Path):
            try:
                source = read_file(Path(source), self.settings.max_bytes)
            except OSError as error:
                raise InputError(
                    f"{source!s} cannot be opened: {error.strerror}.", "Check the path and its permissions."
                ) from error
        if isinstance(source, bytes | bytearray | memoryview):
            return self.decode(bytes(source))
        if isinstance(source, np.ndarray):
            return iter([page_from_array(source)])
        if hasattr(source, "getbands"):  # a PIL image; Pillow itself need not be known here
            return iter([page_from_image(source)])
        raise TypeError(f"A picture is a path, bytes, a PIL image or an array, not {type(source).__name__}.")

    def _digit(self, glyph: Glyph, probabilities: NDArray[np.float32]) -> Digit:
        ranked = np.argsort(-probabilities[:NOT_A_DIGIT], kind="stable")
        value, confidence = int(ranked[0]), float(probabilities[ranked[0]])
        return Digit(
            value=value,
            confidence=confidence,
            doubtful=confidence < self.settings.review_threshold,
            box=glyph.box,
            alternatives=tuple((int(v), float(probabilities[v])) for v in ranked[1 : 1 + ALTERNATIVES]),
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to tell ink from paper: what it shows, what was put aside as the edge of a shadow, and what that is."""

    ink: Ink
    hypotheses: list[Hypothesis]
    edges: list[Hypothesis]
    opinions: Opinions


def _frames(glyphs: Sequence[Glyph]) -> NDArray[np.uint8]:
    """Whole 255ths, as in MNIST's files: so a frame can be kept, shown and classified again without any difference."""
    frames = np.array([np.rint(255 * normalise(glyph.ink)) for glyph in glyphs], np.uint8)
    return frames.reshape(-1, FRAME_SIDE, FRAME_SIDE)


def _scores(hypotheses: Sequence[Hypothesis], sight: Sight) -> NDArray[np.float32]:
    """The finder's opinion of N hypotheses, (N, 11): 0 where it has none, asked for pieces where it saw nothing."""
    scores = np.zeros((len(hypotheses), NOT_A_DIGIT + 1), np.float32)
    for row, guess in zip(scores, hypotheses, strict=True):
        if guess.box is not None:
            row[:] = sight.candidates[guess.box].scores
        elif guess.is_cut:
            row[:] = sight.scores_at(guess.glyph.box)
    return scores


def _seen(candidates: Sequence[Candidate]) -> NDArray[np.float32]:
    """The scores of N candidates, (N, 11)."""
    return np.array([candidate.scores for candidate in candidates], np.float32).reshape(-1, NOT_A_DIGIT + 1)


def _riddles(look: _Look) -> list[tuple[Hypothesis, float]]:
    """Marks that may be several digits and are not understood, and how much of each is: the largest first."""
    likely = 1 - look.opinions.pooled[:, NOT_A_DIGIT]
    read: dict[int, list[int]] = {}
    for index in choose(look.hypotheses, likely):
        for mark in look.hypotheses[index].marks:
            read.setdefault(mark, []).append(index)
    riddles = []
    for guess in look.hypotheses:
        height, width = guess.glyph.box.height, guess.glyph.box.width
        if not guess.is_whole or not SLIMMEST * height <= width <= LONGEST * height:
            continue
        mine = [index for mark in guess.marks for index in read.get(mark, ())]
        are_parts = all(look.hypotheses[index].is_part for index in mine)
        explained = sum(look.hypotheses[index].coverage for index in mine)
        if are_parts and explained < ENOUGH:
            riddles.append((guess, explained))
    return sorted(riddles, key=lambda riddle: -riddle[0].glyph.ink.size)[:MOST_RIDDLES]


def _clear_shapes(classifier: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of N hypotheses have the clear shape of a digit, and the finder does not rule out that digit, (N,) bool.

    No 1 is: any stroke has its shape, also the line of a table that runs into digits.
    """
    digits = classifier[:, :NOT_A_DIGIT]
    values = digits.argmax(axis=1)
    is_seen = np.take_along_axis(scores, values[:, None], axis=1)[:, 0] >= HARDLY_SEEN
    return np.asarray((digits.max(axis=1, initial=0) >= CLEAR_SHAPE) & is_seen & (values != 1), bool)


def _skew(candidates: Sequence[Candidate]) -> float:
    """By how many degrees rows rise to the right, as far as the clearest candidates tell; they come best first."""
    return skew_of([found.box for found in candidates[:MOST_SEEN] if found.score >= CLEARLY_SEEN])


def _missed(candidates: Sequence[Candidate], look: _Look) -> list[FloatBox]:
    """Boxes of digits of which the finder is sure and that the ink does not show."""
    shown = {
        guess.box
        for guess, pooled in zip(look.hypotheses, look.opinions.pooled, strict=True)
        if guess.box is not None and int(pooled.argmax()) == candidates[guess.box].kind
    }
    return [
        candidate.box for index, candidate in enumerate(candidates) if candidate.is_sure_digit and index not in shown
    ]


def _shows_too_few(page: NDArray[np.uint8], sure: Sequence[FloatBox], ink: Ink, missed: Sequence[FloatBox]) -> bool:
    """Whether to look again: many of the sure digits are missed, or all of them say that the polarity is wrong."""
    if not missed or ONE_IN * len(missed) >= len(sure):
        return bool(missed)
    by_boxes = is_light_on_dark_in(page, sure)
    return by_boxes is not None and by_boxes != ink.light_on_dark


def _other_looks(page: NDArray[np.uint8], ink: Ink, missed: Sequence[FloatBox]) -> Iterator[Ink]:
    """Other ways to tell ink from paper: closely, the other polarity, one grey as paper, lines left where they are."""
    polarity, by_boxes = ink.light_on_dark, is_light_on_dark_in(page, missed)
    by_boxes = polarity if by_boxes is None else by_boxes
    widest = WIDEST_STROKE * float(np.median([max(box[2:]) for box in missed]))
    yield find_ink_closely(page, polarity, widest)
    if by_boxes != polarity:
        yield find_ink(page, by_boxes)
    yield find_ink_closely(page, not polarity, widest)
    if len(missed) > FEW:
        return
    for erase_lines in (True, False):
        for light_on_dark in dict.fromkeys((polarity, is_light_on_dark_at_edges(page), by_boxes)):
            yield find_ink_evenly(page, light_on_dark, erase_lines)


def _is_edge(page: NDArray[np.uint8], guess: Hypothesis) -> bool:
    """Whether it is the edge of a shadow or a sheet; not asked of whole marks that the finder knows."""
    is_known = guess.box is not None and not guess.is_part
    return not is_known and is_step(page, guess.glyph.box, guess.glyph.ink)


def _is_one_sure(
    page: NDArray[np.uint8], digits: Mapping[int, Digit], others: Sequence[Box], opinions: Opinions
) -> bool:
    """Whether the finder by itself is sure of one digit that is not tiny; surer of a faint 1, and among other marks.

    Args:
        page: (H, W) or (H, W, 3) uint8.
        digits: those that would be read, by their index among N hypotheses.
        others: the marks that are none.
        opinions: of the N hypotheses.
    """
    height = float(np.median([digit.box.height for digit in digits.values()])) if digits else 0.0
    large = sum(max(other.width, other.height) >= LEAST_BESIDE * height for other in others)
    least = SURE_AMONG_MARKS if large >= len(digits) else 0.0
    for index, digit in digits.items():
        score = opinions.finder[index, :NOT_A_DIGIT].max()
        is_sure = opinions.sure[index] and score >= least
        if is_sure and max(digit.box.width, digit.box.height) >= LEAST_TO_VOUCH:
            could_be_a_scratch = digit.value == 1 and score < SURE_OF_FAINT
            if not could_be_a_scratch or contrast(cut_around(page, digit.box)) >= FAINT:
                return True
    return False


def _are_sure_together(hypotheses: Sequence[Hypothesis], digits: Mapping[int, Digit], opinions: Opinions) -> bool:
    """Whether the finder is sure enough that one of the digits into which a mark was cut is one, whichever it be."""
    doubts: dict[frozenset[int], float] = {}
    for index, digit in digits.items():
        marks = hypotheses[index].marks
        if hypotheses[index].is_cut and max(digit.box.width, digit.box.height) >= LEAST_TO_VOUCH:
            doubts[marks] = doubts.get(marks, 1.0) * (1 - float(opinions.finder[index, digit.value]))
    return any(1 - doubt >= SURE_TOGETHER for doubt in doubts.values())


def _unread(hypotheses: Sequence[Hypothesis], chosen: Sequence[int]) -> list[int]:
    """Indices of the marks from which no digit was read."""
    read = frozenset[int]().union(*(hypotheses[index].marks for index in chosen))
    return [index for index, guess in enumerate(hypotheses) if guess.is_whole and not guess.marks & read]


def _rings(digits: Mapping[int, Digit]) -> list[int]:
    """Keys of those with another digit inside: nobody writes into a 0, they are circles around digits."""
    boxes = {key: digit.box for key, digit in digits.items()}
    return [key for key, box in boxes.items() if any(_is_around(box, other) for other in boxes.values())]


def _is_around(box: Box, other: Box) -> bool:
    is_inside = box.left < other.left and box.top < other.top and other.right < box.right and other.bottom < box.bottom
    return is_inside and other.height >= LEAST_INSIDE * box.height


def _rows(digits: Mapping[int, Digit], opinions: Opinions) -> tuple[list[list[int]], list[int]]:
    """Keys of the digits in reading order; and those of strokes that only looked like a 1.

    Args:
        digits: by their index among N hypotheses.
        opinions: of the N hypotheses.
    """
    rows: list[list[int]] = []
    strokes: list[int] = []
    keys = list(digits)
    for places in order_rows([digit.box for digit in digits.values()]):
        row = [keys[place] for place in places]
        of_row = _strokes({key: digits[key] for key in row}, opinions)
        strokes += of_row
        rows.append([key for key in row if key not in of_row])
    return [row for row in rows if row], strokes


def _strokes(row: Mapping[int, Digit], opinions: Opinions) -> list[int]:
    """Keys of a row's 1s that are brackets and strokes of fractions by their height, or slashes by their lean."""
    others = [digit.box.height for digit in row.values() if digit.value != 1]
    tallest = TALLEST_ONE * float(np.median(others)) if others else np.inf
    ones = [key for key, digit in row.items() if digit.value == 1]
    too_tall = [key for key in ones if row[key].box.height > tallest and not opinions.sure[key]]
    keys, gaps = list(row), spaces_after([digit.box for digit in row.values()])
    values = [digit.value for digit in row.values()]
    leaning = [keys[place] for place in slashes_in(values, opinions.frames[keys], gaps)]
    return list(dict.fromkeys([*too_tall, *leaning]))


def _line(digits: Sequence[Digit], marks: Sequence[Box], signs: Sequence[Box], parts: NDArray[np.floating]) -> Line:
    """A space where the writer left a gap, or where something stands that is no digit: "12 + 7" is not 127.

    Args:
        digits: of one row, from left to right.
        marks: of ink that were not read and that the finder saw; it sees no leftovers of rulings.
        signs: where the finder is sure of another mark, however small, such as the dash of 35-42.
        parts: all connected ink, see `points_in`.
    """
    boxes = [digit.box for digit in digits]
    signs = [*signs, *points_in(boxes, parts)]
    gaps = [
        wide or holds_mark(*pair, marks) or holds_mark(*pair, signs, least_share=0)
        for wide, pair in zip(spaces_after(boxes), pairwise(boxes), strict=True)
    ]
    text = "".join(f"{digit.value} " if gap else str(digit.value) for digit, gap in zip(digits, gaps, strict=False))
    return Line(f"{text}{digits[-1].value}", tuple(digits))
