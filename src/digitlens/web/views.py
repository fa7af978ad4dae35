"""What the templates get to see: plain values, already worded, with every address filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from digitlens.results import Box, Digit, Reading
from digitlens.store.results import StoredBatch, StoredItem
from digitlens.web.assets import asset
from digitlens.web.services import Services


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Another digit that a glyph may be."""

    value: int
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
    """The result page; `batch_url` and the neighbours are None for a single page."""

    token: str
    file_name: str
    page: int
    pages: int
    created_at: datetime
    expires_at: datetime
    picture_url: str
    json_url: str
    csv_url: str
    delete_url: str
    batch_url: str | None
    previous_url: str | None
    next_url: str | None
    reading: ReadingView


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
    error: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class BatchView:
    """The batch page."""

    token: str
    created_at: datetime
    expires_at: datetime
    csv_url: str
    json_url: str
    delete_url: str
    read_count: int
    failed_count: int
    items: tuple[BatchItemView, ...]


@dataclass(frozen=True, slots=True)
class SampleView:
    """One picture of the sample strip."""

    name: str
    url: str
    title: str
    alt: str
    width: int
    height: int


def percent(probability: float) -> str:
    """A probability in words that never claim more than the network can know.

    >>> percent(0.998), percent(0.99999), percent(1.0), percent(0.00001)
    ('99.8 %', '> 99.9 %', '> 99.9 %', '< 0.1 %')
    """
    shown = f"{100 * probability:.1f}"
    if shown == "100.0":
        return "> 99.9 %"
    return "< 0.1 %" if shown == "0.0" else f"{shown} %"


def view_result(item: StoredItem, reading: Reading) -> ResultView:
    """The result page of a page that was read."""
    token = item.token or ""
    return ResultView(
        token=token,
        file_name=item.file_name,
        page=item.page,
        pages=item.pages,
        created_at=item.created_at,
        expires_at=item.expires_at,
        picture_url=url_for("pages.show_picture", token=token),
        json_url=url_for("pages.show_result_json", token=token),
        csv_url=url_for("pages.show_result_csv", token=token),
        delete_url=url_for("pages.delete_result", token=token),
        batch_url=url_for("pages.show_batch", token=item.batch_token) if item.batch_token else None,
        previous_url=_result_url(item.previous_token),
        next_url=_result_url(item.next_token),
        reading=view_reading(reading),
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
        json_url=url_for("pages.show_batch_json", token=batch.token),
        delete_url=url_for("pages.delete_batch", token=batch.token),
        read_count=len(batch.items) - failed,
        failed_count=failed,
        items=tuple(map(_batch_item, batch.items)),
    )


def view_samples(services: Services) -> list[SampleView]:
    """The sample strip."""
    return [
        SampleView(
            name=sample.name,
            url=asset(f"samples/{sample.file_name}"),
            title=sample.title,
            alt=sample.alt,
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
        alternatives=tuple(CandidateView(value, p, percent(p)) for value, p in digit.alternatives),
    )


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
        picture_url=url_for("pages.show_picture", token=item.token) if item.token else None,
        error=item.error,
    )


def _result_url(token: str | None) -> str | None:
    return url_for("pages.show_result", token=token) if token else None
