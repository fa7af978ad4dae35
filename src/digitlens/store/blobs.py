"""Pictures as files in one folder, each written whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from digitlens.errors import StoreError

# A request that is still being read has blobs without rows; a sweep leaves younger files than this alone.
ORPHAN_AGE = timedelta(hours=1)


class BlobFolder:
    """A flat folder of files with random names.

    Args:
        folder: made when it is missing.

    Raises:
        StoreError: the folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {folder} cannot be used: {error.strerror}.") from error

    def write(self, content: bytes, suffix: str) -> str:
        """Write a blob and return its name; a crash or a full disk leaves at most a `.part` file for the sweep.

        Raises:
            StoreError: the disk is full or the folder cannot be written.
        """
        name = secrets.token_hex(16) + suffix
        part = self.folder / (name + ".part")
        try:
            part.write_bytes(content)
            part.rename(self.folder / name)
        except OSError as error:
            _unlink_quietly(part)
            raise StoreError(f"The picture could not be kept: {error.strerror}.") from error
        return name

    def read(self, name: str) -> bytes | None:
        """The content of a blob, or None when it is gone."""
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def delete(self, names: Iterable[str]) -> None:
        """Remove blobs; one that is already gone is no error."""
        for name in names:
            _unlink_quietly(self.folder / name)

    def sweep(self, known: set[str], now: datetime) -> int:
        """Remove files that no row names and that are older than `ORPHAN_AGE`; returns how many."""
        oldest_kept = (now - ORPHAN_AGE).timestamp()
        orphans = [
            path for path in self.folder.iterdir() if path.name not in known and path.stat().st_mtime < oldest_kept
        ]
        self.delete(path.name for path in orphans)
        return len(orphans)


def _unlink_quietly(path: Path) -> None:
    """Remove a file if that is possible; what stays is removed by the next sweep."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
