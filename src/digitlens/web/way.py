"""The way of a picture as the templates get to see it: its steps, and for one mark what each network said of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from digitlens.explain.doubts import Doubt
from digitlens.explain.step_pictures import CUT_SIDE, SHEET_COLUMNS, sheet_place
from digitlens.explain.steps import Facts, Mark, Place, Steps
from digitlens.imaging.frame_text import frame_to_text
from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.model.classifier import NOT_A_DIGIT
from digitlens.results import Box
from digitlens.web.formats import percent
from digitlens.web.shown import Result

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Window:
    """A square of a sheet of pictures: the sheet's address and size, and where in it the square begins."""

    url: str
    width: int
    height: int
    left: int
    top: int
    side: int


@dataclass(frozen=True, slots=True)
class ShareView:
    """A probability or a score, as a number and in words."""

    share: float
    percent: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The likeliest answer of one network, in words."""

    answer: str
    percent: str


@dataclass(frozen=True, slots=True)
class OpinionView:
    """One row of the opinions: an answer, and how likely each finds it; `finder` is None where it saw nothing."""

    answer: str
    is_given: bool
    classifier: ShareView
    finder: ShareView | None
    together: ShareView


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark in a list: what its networks make of it together.

    Attributes:
        number: from 1 on among the digits, or among the marks left out; 0 for a hypothesis that lost.
        best: its likeliest digit; `percent` says how likely, `other` how likely it is not a digit.
        classifier, finder, together: who finds which answer likeliest; None where the finder saw nothing.
        url: of its own page; None for a hypothesis that lost.
        frame, cut: its 28 x 28 frame, and its ink alone.
        is_part, mark_count: whether it is a part of a mark, and of how many marks it takes ink.
    """

    number: int
    best: int
    percent: str
    other: ShareView
    classifier: VerdictView
    finder: VerdictView | None
    together: VerdictView
    url: str | None
    frame: Window
    cut: Window
    is_part: bool
    mark_count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the page with its address and its size in the pixels that boxes refer to."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class WayView:
    """The steps of a page.

    Attributes:
        step_urls: the address of each picture that was kept, by its name.
        left_out: first the marks that the reading rejects, in its order, then pieces of larger marks.
        perhaps: of a page without a sure digit, from which nothing was read, those left out that would have been read.
    """

    facts: Facts
    page: Picture
    step_urls: dict[str, str]
    places: tuple[Place, ...]
    digits: tuple[MarkView, ...]
    left_out: tuple[MarkView, ...]
    perhaps: tuple[MarkView, ...]


@dataclass(frozen=True, slots=True)
class MarkPageView:
    """The page of one digit, or of one mark that was left out.

    Attributes:
        number: in its address: of the digits, or of all that was left out.
        place, count: among the digits, the marks, or the pieces of marks, whichever it is one of.
        value: the digit read; None where it was left out.
        confidence: of that digit; of "not a digit" where it was left out.
        looked_like: the digit that a mark left out was likeliest to be.
        likeliest: how likely, in [0, 1]; below a thousandth the order of the digits says nothing.
        is_piece: whether it is a piece of a larger mark of which other pieces were read.
        is_overruled: whether the networks would call it a digit, but it is a stroke too tall for its row, a slash, or
            a circle around a digit.
        is_unsure: whether they would call it a digit, but nothing was read, because the page has no sure digit.
        box: on `page`.
        frame_text: the frame for scripts, from `frame_to_text`.
    """

    number: int
    place: int
    count: int
    file_name: str
    value: int | None
    confidence: ShareView
    looked_like: int
    likeliest: float
    is_piece: bool
    is_overruled: bool
    is_unsure: bool
    page: Picture
    box: Box
    mark: MarkView
    opinions: tuple[OpinionView, ...]
    coverage: str
    unexplained: ShareView
    is_rest: bool
    rivals: tuple[MarkView, ...]
    doubts: tuple[Doubt, ...]
    frame_text: str
    result_url: str
    previous_url: str | None
    next_url: str | None


def view_way(result: Result) -> WayView | None:
    """The steps of a page; None where they were not kept."""
    steps = result.steps
    if steps is None:
        return None
    left_out = tuple(_mark(result, steps, i, n, "show_mark") for n, i in enumerate(steps.left_out, start=1))
    return WayView(
        facts=steps.facts,
        page=_page(result, steps),
        step_urls={name.partition(".")[0]: result.url("show_step", file=name) for name in steps.pictures},
        places=steps.places,
        digits=tuple(_mark(result, steps, i, n, "show_digit") for n, i in enumerate(steps.digits, start=1)),
        left_out=left_out,
        perhaps=tuple(left_out[steps.left_out.index(index)] for index in steps.guesses),
    )


def view_mark(result: Result, steps: Steps, number: int, *, is_digit: bool) -> MarkPageView:
    """One digit, or one mark left out, by its number from 1 on."""
    places, view = (steps.digits, "show_digit") if is_digit else (steps.left_out, "show_mark")
    index = places[number - 1]
    mark = steps.marks[index]
    best = _best(mark)
    value = best if is_digit else None
    answer = NOT_A_DIGIT if value is None else value
    looks_like_digit = value is None and mark.pooled[NOT_A_DIGIT] < HALF
    is_unsure = index in steps.guesses
    # Marks come first among what was left out, then the pieces of marks.
    whole = 0 if is_digit else len(result.reading.rejected)
    is_piece = value is None and number > whole
    return MarkPageView(
        number=number,
        place=number - whole if is_piece else number,
        count=len(places) - whole if is_piece or is_digit else whole,
        file_name=result.file_name,
        value=value,
        confidence=_share(mark.pooled[NOT_A_DIGIT if value is None else value]),
        looked_like=best,
        likeliest=mark.pooled[best],
        is_piece=is_piece,
        is_overruled=looks_like_digit and not is_unsure,
        is_unsure=is_unsure,
        page=_page(result, steps),
        box=mark.box,
        mark=_mark(result, steps, index, number, view),
        opinions=tuple(_opinion(mark, kind, None if is_unsure else answer) for kind in range(NOT_A_DIGIT + 1)),
        coverage=percent(mark.coverage),
        unexplained=_share(mark.unexplained),
        is_rest=mark.is_rest,
        rivals=tuple(_mark(result, steps, rival, 0, None) for rival in mark.rivals),
        doubts=mark.doubts,
        frame_text=frame_to_text(steps.frames[index]),
        result_url=result.url(),
        previous_url=result.url(view, number=number - 1) if number > 1 else None,
        next_url=result.url(view, number=number + 1) if number < len(places) else None,
    )


def _page(result: Result, steps: Steps) -> Picture:
    """The page as it was read: turned where it had to be turned."""
    turned = steps.facts.turns > 0 or steps.facts.skew_deg != 0
    url = result.url("show_step", file="page.jpg") if turned else result.url("show_picture")
    return Picture(url, steps.facts.width, steps.facts.height)


def _mark(result: Result, steps: Steps, index: int, number: int, view: str | None) -> MarkView:
    mark = steps.marks[index]
    best = _best(mark)
    return MarkView(
        number=number,
        best=best,
        percent=percent(mark.pooled[best]),
        other=_share(mark.pooled[NOT_A_DIGIT]),
        classifier=_verdict(mark.classifier),
        finder=_verdict(mark.finder) if mark.finder else None,
        together=_verdict(mark.pooled),
        url=result.url(view, number=number) if view else None,
        frame=_window(result, "frames.png", steps, index, FRAME_SIDE),
        cut=_window(result, "cuts.png", steps, index, CUT_SIDE),
        is_part=mark.coverage < 1,
        mark_count=mark.mark_count,
    )


def _best(mark: Mark) -> int:
    return max(range(NOT_A_DIGIT), key=mark.pooled.__getitem__)


def _window(result: Result, file: str, steps: Steps, index: int, side: int) -> Window:
    count = len(steps.marks)
    rows = -(-count // SHEET_COLUMNS)
    url = result.url("show_step", file=file)
    return Window(url, side * min(count, SHEET_COLUMNS), side * rows, *sheet_place(index, side), side)


def _opinion(mark: Mark, kind: int, given: int | None) -> OpinionView:
    return OpinionView(
        answer=_answer(kind),
        is_given=kind == given,
        classifier=_share(mark.classifier[kind]),
        finder=_share(mark.finder[kind]) if mark.finder else None,
        together=_share(mark.pooled[kind]),
    )


def _verdict(shares: tuple[float, ...]) -> VerdictView:
    kind = max(range(NOT_A_DIGIT + 1), key=shares.__getitem__)
    return VerdictView(_answer(kind), percent(shares[kind]))


def _answer(kind: int) -> str:
    return gettext("not a digit") if kind == NOT_A_DIGIT else str(kind)


def _share(probability: float) -> ShareView:
    return ShareView(probability, percent(probability))
