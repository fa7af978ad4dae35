"""What every view needs: made once at start, found through the running app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore

from flask import current_app

from digitlens.reader import Reader
from digitlens.settings import Settings
from digitlens.store.results import ResultStore
from digitlens.web.assets import Sample


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one application.

    Attributes:
        clock: gives the time in UTC.
        turn: held while a file is decoded and read, by no more than `Settings.readings_at_once` requests.
        samples: the bundled pictures, by file name, in the order they are shown.
    """

    settings: Settings
    reader: Reader
    store: ResultStore
    clock: Callable[[], datetime]
    turn: BoundedSemaphore
    samples: dict[str, Sample]


def services() -> Services:
    """The parts of the application that answers the current request."""
    found: Services = current_app.extensions["digitlens"]
    return found
