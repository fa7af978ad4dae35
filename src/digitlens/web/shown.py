"""A reading with its picture and its steps, wherever it is kept, and the addresses that show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from digitlens.explain.steps import Steps
from digitlens.results import Reading

STORED, SAMPLES = "results", "samples"
KEYS = {STORED: "token", SAMPLES: "name"}


@dataclass(frozen=True, slots=True)
class Result:
    """A page that was read, wherever it is kept.

    Attributes:
        kind: `STORED` or `SAMPLES`, the blueprint that shows it.
        key: its token or name, in its address.
        load_picture: gives the page as JPEG; None when it is gone.
        steps: how it was read; None for what an older digitlens kept.
        expires_at: when it is forgotten; None for a sample.
        batch_token, previous_token, next_token: of its batch and its neighbours there; None where there is none.
    """

    kind: str
    key: str
    file_name: str
    page: int
    pages: int
    reading: Reading
    load_picture: Callable[[], bytes | None]
    steps: Steps | None
    expires_at: datetime | None = None
    batch_token: str | None = None
    previous_token: str | None = None
    next_token: str | None = None
    error: None = None

    def url(self, view: str = "show_result", **values: Any) -> str:
        """The address of one of its pages or files."""
        parts: dict[str, Any] = {KEYS[self.kind]: self.key, **values}
        return url_for(f"{self.kind}.{view}", **parts)
