"""The SQLite file: how it is opened, locked and brought to the newest tables."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from digitlens.errors import StoreError

# The newest file in migrations/versions. A constant, because asking Alembic costs 0.2 s at every start.
HEAD = "0002"
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 10_000


def open_database(path: Path) -> Engine:
    """Open the file, make it when it is missing, and bring its tables to `HEAD`.

    Raises:
        StoreError: the file cannot be opened, is no database, or was written by a newer digitlens.
    """
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    try:
        _migrate_if_needed(engine)
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(f"The database {path} cannot be used: {_reason(error)}.") from error
    except StoreError:
        engine.dispose()
        raise
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take the write lock at their start.

    A transaction that reads first and writes later would fail at once when another one wrote in between, since
    SQLite cannot wait there; taking the lock first lets `busy_timeout` do its work.
    """
    return engine.execution_options(writes=True)


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens no transaction of its own; `_begin` does
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")  # first: the others may have to wait
    _keep_a_log(connection)
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what a person deletes is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Write ahead to a log (WAL), so that readers never wait for a writer.

    Of programs that make this change to a fresh file at once, SQLite refuses all but one without asking
    `busy_timeout`: each holds a lock that the other would wait for. So the waiting is done here.
    """
    give_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate_if_needed(engine: Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine).begin() as connection:  # under the lock: of two programs that start at once, one migrates
        version = _version(connection)
        if version is not None and version > HEAD:
            raise StoreError(
                f"The data folder was written by a newer digitlens (tables {version}, this one knows {HEAD}).",
                "Install the newer digitlens again, or point DIGITLENS_DATA_DIR at another folder.",
            )
        if version != HEAD:
            _migrate(connection)


def _version(connection: Connection) -> str | None:
    table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if connection.exec_driver_sql(table).first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row is not None else None


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _reason(error: Exception) -> str:
    """SQLite's own words, without SQLAlchemy's statement and link."""
    return str(getattr(error, "orig", None) or error)
