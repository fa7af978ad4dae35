"""What is asked of the tables, inside a session that the caller opened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from digitlens.errors import ResultNotFoundError
from digitlens.store.models import Batch, Item


def find_item(session: Session, token: str, now: datetime) -> Item:
    """The page at this address.

    Raises:
        ResultNotFoundError: there is none, or it has expired.
    """
    query = select(Item).join(Item.batch).where(Item.token == token, Batch.expires_at > now)
    item = session.scalars(query).one_or_none()
    if item is None:
        raise ResultNotFoundError("There is no result at this address: it was deleted, has expired, or never was.")
    return item


def find_batch(session: Session, token: str, now: datetime) -> Batch:
    """The batch at this address, with its items.

    Raises:
        ResultNotFoundError: there is none, or it has expired.
    """
    query = select(Batch).options(selectinload(Batch.items)).where(Batch.token == token, Batch.expires_at > now)
    batch = session.scalars(query).one_or_none()
    if batch is None:
        raise ResultNotFoundError("There is no batch at this address: it was deleted, has expired, or never was.")
    return batch


def expired(session: Session, now: datetime) -> list[Batch]:
    """The batches whose time is over."""
    return list(session.scalars(select(Batch).where(Batch.expires_at <= now)))


def oldest_beyond(session: Session, room_bytes: int) -> list[Batch]:
    """The oldest batches that must go so that the others fit into `room_bytes`."""
    surplus = (session.scalar(select(func.sum(Batch.size_bytes))) or 0) - room_bytes
    if surplus <= 0:
        return []
    leaving: list[int] = []
    for batch_id, size_bytes in session.execute(
        select(Batch.id, Batch.size_bytes).order_by(Batch.created_at, Batch.id)
    ):
        if surplus <= 0:
            break
        leaving.append(batch_id)
        surplus -= size_bytes
    return list(session.scalars(select(Batch).where(Batch.id.in_(leaving))))


def delete_batches(session: Session, batches: list[Batch]) -> list[str]:
    """Delete rows; returns the names of the blobs to remove once that is committed."""
    names = named_blobs(session, [batch.id for batch in batches])
    for batch in batches:
        session.delete(batch)
    session.flush()
    return sorted(names)


def named_blobs(session: Session, batch_ids: list[int] | None = None) -> set[str]:
    """Names of the blobs that belong to items, of these batches or of all."""
    query = select(Item.picture, Item.steps)
    if batch_ids is not None:
        query = query.where(Item.batch_id.in_(batch_ids))
    return {name for row in session.execute(query) for name in row if name is not None}
