"""A result as JSON and CSV, in the contracts of the command line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any, Protocol

from digitlens.results import CSV_COLUMNS, Reading


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
    sheet = StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")  # RFC 4180
    writer.writerow(CSV_COLUMNS)
    for item in items:
        if item.reading is not None:
            writer.writerows(item.reading.to_rows(item.file_name, item.page))
    return sheet.getvalue()
