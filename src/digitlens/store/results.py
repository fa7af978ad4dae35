"""Keep readings, their pictures and steps for as long as the settings say, and forget them at once when asked.

A result appears whole or not at all: pictures are written first and named by nobody, then one transaction adds the
rows. Whatever is interrupted before that leaves only files that the next sweep removes. The clock is passed in.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from digitlens.errors import DigitlensError, StoreError
from digitlens.results import Reading
from digitlens.store import queries
from digitlens.store.blobs import BlobFolder
from digitlens.store.database import open_database, writing
from digitlens.store.encoding import reading_from_json, reading_to_json
from digitlens.store.models import Batch, Item

TOKEN_BYTES = 18  # 144 random bits, 24 characters: nobody guesses an address
MEGABYTE = 1_000_000
PROBE_BYTES = 65_536  # as much as a small picture, so that a full disk shows


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One page as it was kept; the fields are those of `models.Item`, the reading rebuilt.

    Attributes:
        batch_token: address of the batch it belongs to; None for a single page.
        previous_token, next_token: addresses of its neighbours in the batch; None at the ends.
    """

    token: str | None
    file_name: str
    page: int
    pages: int
    reading: Reading | None
    error: dict[str, str] | None
    picture: str | None
    steps: str | None
    created_at: datetime
    expires_at: datetime
    batch_token: str | None
    previous_token: str | None = None
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as it was kept, its items in the order given."""

    token: str
    created_at: datetime
    expires_at: datetime
    items: tuple[StoredItem, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """The address that a request got: of its one page, or of its batch."""

    item_token: str | None
    batch_token: str | None


class ResultStore:
    """All results, in `folder/digitlens.db` and `folder/blobs/`. One object serves all threads.

    Args:
        folder: made when it is missing.
        lifetime_h: hours that a result lives.
        max_stored_mb: megabytes of pictures, steps and readings; beyond it the oldest batches go.

    Raises:
        StoreError: the folder or the database cannot be used.
    """

    def __init__(self, folder: Path, lifetime_h: float, max_stored_mb: int) -> None:
        self.lifetime = timedelta(hours=lifetime_h)
        self.max_bytes = max_stored_mb * MEGABYTE
        self.blobs = BlobFolder(folder / "blobs")
        self._engine = open_database(folder / "digitlens.db")

    def close(self) -> None:
        """Close all connections; the object opens new ones when it is used again."""
        self._engine.dispose()

    def draft(self) -> Draft:
        """Start to keep what one request brings; use it in a `with` block."""
        return Draft(self)

    def find_item(self, token: str, now: datetime) -> StoredItem:
        """The page at this address.

        Raises:
            ResultNotFoundError: there is none, or it has expired.
        """
        with self._reading() as session:
            item = queries.find_item(session, token, now)
            shown = [neighbour.token for neighbour in item.batch.items if neighbour.token is not None]
            at = shown.index(token)
            return replace(
                _stored_item(item),
                previous_token=shown[at - 1] if at > 0 else None,
                next_token=shown[at + 1] if at + 1 < len(shown) else None,
            )

    def find_batch(self, token: str, now: datetime) -> StoredBatch:
        """The batch at this address, with its items.

        Raises:
            ResultNotFoundError: there is none, or it has expired.
        """
        with self._reading() as session:
            batch = queries.find_batch(session, token, now)
            items = tuple(_stored_item(item) for item in batch.items)
            return StoredBatch(token, batch.created_at, batch.expires_at, items)

    def delete_item(self, token: str, now: datetime) -> str | None:
        """Forget one page and its picture; returns the address of the batch if other items are left in it.

        Raises:
            ResultNotFoundError: there is none, or it has expired.
        """
        with self._writing() as session:
            item = queries.find_item(session, token, now)
            batch = item.batch
            blobs = item.blobs
            batch.items.remove(item)
            batch.size_bytes -= item.size_bytes
            remaining = batch.token if batch.items else None
            if remaining is None:
                session.delete(batch)
        self.blobs.delete(blobs)
        return remaining

    def delete_batch(self, token: str, now: datetime) -> None:
        """Forget a batch, all its pages and their pictures.

        Raises:
            ResultNotFoundError: there is none, or it has expired.
        """
        with self._writing() as session:
            blobs = queries.delete_batches(session, [queries.find_batch(session, token, now)])
        self.blobs.delete(blobs)

    def purge(self, now: datetime) -> int:
        """Forget what has expired; returns how many batches."""
        with self._writing() as session:
            expired = queries.expired(session, now)
            blobs = queries.delete_batches(session, expired)
        self.blobs.delete(blobs)
        return len(expired)

    def sweep(self, now: datetime) -> int:
        """Remove pictures that an interrupted request left behind; returns how many."""
        with self._reading() as session:
            known = queries.named_blobs(session)
        return self.blobs.sweep(known, now)

    def check_writable(self) -> None:
        """Write a blob and take the database's write lock, and leave no trace.

        Raises:
            StoreError: one of both is impossible.
        """
        self.blobs.delete([self.blobs.write(bytes(PROBE_BYTES), ".check")])
        with self._writing():
            pass

    def add(self, items: list[Item], now: datetime) -> Saved:
        """Add the rows of one request in one transaction, and make room for them. Called by `Draft.save`."""
        batch = Batch(token=None if _is_single(items) else new_token(), created_at=now, expires_at=now + self.lifetime)
        batch.items = items
        batch.size_bytes = sum(item.size_bytes for item in items)
        if batch.size_bytes > self.max_bytes:
            raise StoreError(
                f"The result has {batch.size_bytes / MEGABYTE:.1f} MB; "
                f"at most {self.max_bytes / MEGABYTE:g} MB are kept in all.",
                "Send fewer pages at once, or raise DIGITLENS_MAX_STORED_MB.",
            )
        saved = Saved(items[0].token if batch.token is None else None, batch.token)
        with self._writing() as session:
            blobs = queries.delete_batches(session, queries.expired(session, now))
            blobs += queries.delete_batches(session, queries.oldest_beyond(session, self.max_bytes - batch.size_bytes))
            session.add(batch)
        self.blobs.delete(blobs)
        return saved

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with _store_errors(), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with _store_errors(), Session(writing(self._engine)) as session, session.begin():
            session.connection()  # takes the lock now, also when the block only reads
            yield session


class Draft:
    """What one request brings, until it is saved. Leaving the `with` block unsaved removes its pictures."""

    def __init__(self, store: ResultStore) -> None:
        self._store = store
        self._items: list[Item] = []
        self._saved = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._saved:
            self._store.blobs.delete(name for item in self._items for name in item.blobs)

    @property
    def item_count(self) -> int:
        """How many pages and failures it has so far."""
        return len(self._items)

    def add_page(self, file_name: str, page: int, reading: Reading, picture: bytes, steps: bytes | None = None) -> None:
        """Keep one page that was read.

        Args:
            file_name: at most 255 characters, without folders.
            page: 1-based page of the file.
            reading: what was read on it.
            picture: the page as JPEG.
            steps: how it was read, as one file.

        Raises:
            StoreError: the picture or the steps cannot be written.
        """
        content = reading_to_json(reading)
        size_bytes = len(picture) + len(json.dumps(content)) + len(steps or b"")
        item = self._item(file_name, page, reading=content, size_bytes=size_bytes)
        self._items.append(item)  # before its blobs are written: should one fail, the other is removed with the draft
        item.picture = self._store.blobs.write(picture, ".jpg")
        if steps is not None:
            item.steps = self._store.blobs.write(steps, ".zip")

    def add_failure(self, file_name: str, page: int, error: DigitlensError) -> None:
        """Keep the reason why a file gave no page, or no further page."""
        self._items.append(self._item(file_name, page, error=error.to_dict(), size_bytes=len(str(error.to_dict()))))

    def save(self, now: datetime) -> Saved:
        """Make it appear: one page under its own address, anything else as a batch.

        Raises:
            StoreError: it cannot be kept; nothing is left behind.
        """
        saved = self._store.add(self._items, now)
        self._saved = True
        return saved

    def _item(self, file_name: str, page: int, **values: Any) -> Item:
        """A new row; all rows of its file learn that the file has this many pages."""
        token = new_token() if "reading" in values else None
        item = Item(position=len(self._items), file_name=file_name, page=page, pages=page, token=token, **values)
        first = len(self._items) - (page - 1)
        for sibling in self._items[first:]:
            sibling.pages = page
        return item


def new_token() -> str:
    """An address that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(f"The database of results cannot be used: {reason}.") from error


def _is_single(items: list[Item]) -> bool:
    return len(items) == 1 and items[0].error is None


def _stored_item(item: Item) -> StoredItem:
    return StoredItem(
        token=item.token,
        file_name=item.file_name,
        page=item.page,
        pages=item.pages,
        reading=reading_from_json(item.reading) if item.reading is not None else None,
        error=item.error,
        picture=item.picture,
        steps=item.steps,
        created_at=item.batch.created_at,
        expires_at=item.batch.expires_at,
        batch_token=item.batch.token,
    )
