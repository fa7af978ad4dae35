"""The web edge: pages for people and an API for programs over one Reader and one store.

`create_app` builds the Flask application; `serve.serve` runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from digitlens import __version__
from digitlens.settings import Settings

if TYPE_CHECKING:
    from apiflask import APIFlask

FORMATS = "PNG, JPEG, WebP, BMP, GIF, TIFF, PDF"


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    model_dir: Path | None = None,
    clock: Callable[[], datetime] = _utc_now,
) -> APIFlask:
    """Build the application, with its weights loaded and its store open.

    Args:
        settings: the defaults when None.
        model_dir: folder of another network's weights; those that ship with digitlens when None.
        clock: gives the time in UTC; only results and their expiry use it.

    Raises:
        ModelError: the weights cannot be loaded.
        StoreError: the data folder cannot be used.
    """
    from apiflask import APIFlask

    from digitlens.reader import Reader
    from digitlens.store.results import ResultStore
    from digitlens.web import (
        api,
        assets,
        failures,
        languages,
        learn,
        lens,
        map_files,
        model_files,
        offline,
        pages,
        results,
        samples,
        security,
    )
    from digitlens.web.services import Services
    from digitlens.web.uploads import FORM_OVERHEAD_BYTES

    settings = settings or Settings()
    store = ResultStore(settings.data_dir, settings.result_lifetime_h, settings.max_stored_mb)
    store.purge(clock())
    store.sweep(clock())
    turn = BoundedSemaphore(settings.readings_at_once)
    services = Services(settings, Reader(settings, model_dir), store, clock, turn, assets.load_samples())

    # APIFlask's own documentation pages load scripts from other hosts, and its own error shape is not ours.
    app = APIFlask(
        __name__,
        title="digitlens",
        version=__version__,
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.extensions["digitlens"] = services
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order of the contract
    app.config["MAX_CONTENT_LENGTH"] = max(settings.max_request_bytes, settings.max_bytes + FORM_OVERHEAD_BYTES)
    failures.install(app)
    security.install(app, public=settings.public)
    assets.install(app)
    languages.install(app, public=settings.public)
    model_files.install(app, model_dir)
    map_files.install(app, model_dir)
    pages.install(app)
    results.install(app)
    samples.install(app)
    lens.install(app)
    learn.install(app, model_dir)
    api.install(app)
    offline.install(app)
    return app
