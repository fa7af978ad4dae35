"""A result as JSON and CSV, in the contracts of the command line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, Protocol

from digitlens.results import CSV_COLUMNS, NUMBER_COLUMNS, Reading, number_row_of_error


class Page(Protocol):
    """A page of a file: its reading, or the error of a file that could not be read."""

    @property
    def file_name(self) -> str: ...  # noqa: D102

    @property
    def page(self) -> int: ...  # noqa: D102

    @property
    def reading(self) -> Reading | None: ...  # noqa: D102

    @property
    def error(self) -> dict[str, str] | None: ...  # noqa: D102


def page_json(item: Page) -> dict[str, Any]:
    """One page: its reading, or the error of a file that could not be read."""
    if item.reading is None:
        return {"file": item.file_name, "error": item.error}
    return {"file": item.file_name, "page": item.page, **item.reading.to_dict()}


def pages_csv(items: Iterable[Page]) -> str:
    """One row a digit under one header; pages without digits and failed files give no row."""
    readings = ((item, item.reading) for item in items if item.reading is not None)
    return _sheet(CSV_COLUMNS, (reading.to_rows(item.file_name, item.page) for item, reading in readings))


def numbers_csv(items: Iterable[Page]) -> str:
    """One row a number under one header; pages without digits and failed files have a row, too."""
    return _sheet(NUMBER_COLUMNS, map(_number_rows, items))


def _number_rows(item: Page) -> list[list[Any]]:
    if item.reading is None:
        return [number_row_of_error(item.file_name, (item.error or {}).get("message", ""))]
    return item.reading.to_number_rows(item.file_name, item.page)


def _sheet(columns: Sequence[str], rows: Iterable[Iterable[Iterable[Any]]]) -> str:
    sheet = StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")  # RFC 4180
    writer.writerow(columns)
    for of_page in rows:
        writer.writerows(of_page)
    return sheet.getvalue()
