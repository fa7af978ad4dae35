"""What the templates get to see: plain values, already worded, with every address filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from digitlens.results import Box, Digit, Reading
from digitlens.store.results import StoredBatch, StoredItem
from digitlens.web.assets import asset
from digitlens.web.catalogues import translate_sentence
from digitlens.web.formats import page_locale, percent
from digitlens.web.services import Services
from digitlens.web.shown import Result


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Another digit that a glyph may be, or none: then `value` is None."""

    value: int | None
    confidence: float
    percent: str


@dataclass(frozen=True, slots=True)
class DigitView:
    """One digit; `index` counts from 1 over the page, `percent` is `confidence` in words."""

    index: int
    value: int
    confidence: float
    percent: str
    doubtful: bool
    box: Box
    alternatives: tuple[CandidateView, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One row of digits."""

    text: str
    digits: tuple[DigitView, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What was read on one page; boxes are in pixels of a page of `width` x `height`."""

    text: str
    lines: tuple[LineView, ...]
    rejected: tuple[Box, ...]
    width: int
    height: int
    model: str
    digit_count: int
    doubtful_count: int


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result page; `batch_url` and the neighbours are None for a single page, and a sample is not deleted."""

    file_name: str
    page: int
    pages: int
    expires_at: datetime | None
    picture_url: str
    json_url: str
    csv_url: str
    numbers_url: str
    delete_url: str | None
    batch_url: str | None
    previous_url: str | None
    next_url: str | None
    reading: ReadingView


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What went wrong, for people; `english` is what could not be said in the page's language, or empty."""

    status: int | None
    code: str
    message: str
    hint: str
    english: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class BatchItemView:
    """One row of the batch page; `status` is "read" or "failed", and `error` is set where it failed."""

    file_name: str
    page: int
    pages: int
    status: str
    text: str
    digit_count: int
    doubtful_count: int
    result_url: str | None
    picture_url: str | None
    error: ErrorView | None


@dataclass(frozen=True, slots=True)
class BatchView:
    """The batch page."""

    token: str
    created_at: datetime
    expires_at: datetime
    csv_url: str
    numbers_url: str
    json_url: str
    delete_url: str
    read_count: int
    failed_count: int
    items: tuple[BatchItemView, ...]


@dataclass(frozen=True, slots=True)
class SampleView:
    """One picture of the sample strip; `url` is the address of its reading."""

    url: str
    picture_url: str
    title: str
    alt: str
    width: int
    height: int


def view_result(result: Result) -> ResultView:
    """The result page of a page that was read."""
    return ResultView(
        file_name=result.file_name,
        page=result.page,
        pages=result.pages,
        expires_at=result.expires_at,
        picture_url=result.url("show_picture"),
        json_url=result.url("show_json"),
        csv_url=result.url("show_csv"),
        numbers_url=result.url("show_numbers_csv"),
        delete_url=result.url("delete_result") if result.expires_at else None,
        batch_url=url_for("pages.show_batch", token=result.batch_token) if result.batch_token else None,
        previous_url=_result_url(result.previous_token),
        next_url=_result_url(result.next_token),
        reading=view_reading(result.reading),
    )


def view_reading(reading: Reading) -> ReadingView:
    """A reading, its digits numbered over the page."""
    lines: list[LineView] = []
    count = 0
    for line in reading.lines:
        lines.append(LineView(line.text, tuple(_digit(d, index) for index, d in enumerate(line.digits, count + 1))))
        count += len(line.digits)
    return ReadingView(
        text=reading.text,
        lines=tuple(lines),
        rejected=reading.rejected,
        width=reading.width,
        height=reading.height,
        model=reading.model,
        digit_count=count,
        doubtful_count=len(reading.doubtful),
    )


def view_batch(batch: StoredBatch) -> BatchView:
    """The batch page, its items in the order given."""
    failed = sum(item.error is not None for item in batch.items)
    return BatchView(
        token=batch.token,
        created_at=batch.created_at,
        expires_at=batch.expires_at,
        csv_url=url_for("pages.show_batch_csv", token=batch.token),
        numbers_url=url_for("pages.show_batch_numbers_csv", token=batch.token),
        json_url=url_for("pages.show_batch_json", token=batch.token),
        delete_url=url_for("pages.delete_batch", token=batch.token),
        read_count=len(batch.items) - failed,
        failed_count=failed,
        items=tuple(map(_batch_item, batch.items)),
    )


def view_error(
    code: str, message: str, hint: str, status: int | None = None, request_id: str | None = None
) -> ErrorView:
    """An error in the page's language; where its sentence is in no catalogue, its kind, and the English beside it."""
    if page_locale().language == "en":
        return ErrorView(status, code, message, hint, "", request_id)
    said, advice = translate_sentence(message), translate_sentence(hint)
    left = [english for english, translation in ((message, said), (hint, advice)) if translation is None]
    return ErrorView(status, code, said or _kind(code), advice or "", " ".join(left), request_id)


def view_samples(services: Services) -> list[SampleView]:
    """The sample strip."""
    return [
        SampleView(
            url=url_for("samples.show_result", name=sample.name),
            picture_url=asset(f"samples/{sample.file_name}"),
            title=gettext(sample.title),
            alt=gettext(sample.alt),
            width=sample.width,
            height=sample.height,
        )
        for sample in services.samples.values()
    ]


def _digit(digit: Digit, index: int) -> DigitView:
    return DigitView(
        index=index,
        value=digit.value,
        confidence=digit.confidence,
        percent=percent(digit.confidence),
        doubtful=digit.doubtful,
        box=digit.box,
        alternatives=_alternatives(digit),
    )


def _alternatives(digit: Digit) -> tuple[CandidateView, ...]:
    """The other digits, likeliest first, and "not a digit" in its place among them: it has what no digit has."""
    views = [CandidateView(value, p, percent(p)) for value, p in digit.alternatives]
    rest = max(0.0, 1 - digit.confidence - sum(p for _, p in digit.alternatives))
    if rest > min((p for _, p in digit.alternatives), default=0.0):
        views.append(CandidateView(None, rest, percent(rest)))
    return tuple(sorted(views, key=lambda view: -view.confidence))


def _kind(code: str) -> str:
    kinds = {
        "bad_input": gettext("This cannot be read."),
        "cross_site": gettext("The request came from another site."),
        "not_found": gettext("Nothing is here."),
        "too_large": gettext("This is too large."),
        "unsupported_format": gettext("This kind of file cannot be read."),
        "unreadable": gettext("The file is damaged or locked."),
        "store_unavailable": gettext("The result could not be kept."),
    }
    return str(kinds.get(code, gettext("Something went wrong on our side.")))


def _batch_item(item: StoredItem) -> BatchItemView:
    reading = item.reading
    return BatchItemView(
        file_name=item.file_name,
        page=item.page,
        pages=item.pages,
        status="read" if item.error is None else "failed",
        text=reading.text if reading else "",
        digit_count=len(reading.digits) if reading else 0,
        doubtful_count=len(reading.doubtful) if reading else 0,
        result_url=_result_url(item.token),
        picture_url=url_for("results.show_picture", token=item.token) if item.token else None,
        error=view_error(item.error["code"], item.error["message"], item.error["hint"]) if item.error else None,
    )


def _result_url(token: str | None) -> str | None:
    return url_for("results.show_result", token=token) if token else None
