"""The tables. Change them together with a new file in `migrations/versions/`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Integer, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite itself keeps no time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To naive UTC, as the database keeps it."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To aware UTC."""
        return value.replace(tzinfo=UTC) if value is not None else None


class Base(DeclarativeBase):
    """The root of all tables."""


class Batch(Base):
    """What came with one request; it expires and is evicted as a whole.

    Attributes:
        token: its unguessable address; None for a single page, which has the address of its item alone.
        size_bytes: bytes of all its pictures, readings and steps.
    """

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    size_bytes: Mapped[int] = mapped_column(Integer, default=0)
    items: Mapped[list[Item]] = relationship(
        back_populates="batch", order_by="Item.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Item(Base):
    """One page of a batch: read, or failed with its reason.

    Attributes:
        token: its unguessable address; None where it failed, since there is nothing to show.
        position: 0-based place in the batch, in the order the files were given.
        file_name: the name the sender gave, without folders.
        page, pages: 1-based page of the file, and how many pages the file gave.
        reading: `Reading.to_dict()`; None where it failed.
        error: code, message and hint; None where it was read.
        picture: name of its blob; None where it failed.
        steps: name of the blob that shows how it was read; None where it failed, and in results of older versions.
    """

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), index=True)
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    position: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    page: Mapped[int]
    pages: Mapped[int]
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    picture: Mapped[str | None] = mapped_column(String(64))
    steps: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(Integer, default=0)
    batch: Mapped[Batch] = relationship(back_populates="items")

    @property
    def blobs(self) -> list[str]:
        """Names of all its blobs."""
        return [name for name in (self.picture, self.steps) if name is not None]
