"""The tables, and how they come into being."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from digitlens.errors import StoreError
from digitlens.store import database
from digitlens.store.database import HEAD, MIGRATIONS, open_database
from digitlens.store.models import Base
from digitlens.store.results import ResultStore


def test_the_migrations_give_exactly_the_tables_of_the_models(tmp_path):
    engine = open_database(tmp_path / "digitlens.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_head_that_is_written_down_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_first_migration_can_be_taken_back(tmp_path):
    from alembic import command

    engine = open_database(tmp_path / "digitlens.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_an_older_database_keeps_its_results(tmp_path):
    """A database of the first migration, with one result in it, as an older digitlens left it."""
    from alembic import command

    path = tmp_path / "var" / "digitlens.db"
    path.parent.mkdir()
    old = sa.create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    reading = '{"lines": [], "rejected": [], "width": 5, "height": 4, "model": "2026.11"}'
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO batches VALUES (1, NULL, '2026-11-22 12:00', '2026-11-29 12:00', 9)")
        connection.exec_driver_sql(
            "INSERT INTO items VALUES (1, 1, 'token', 0, 'old.png', 1, 1, ?, NULL, 'old.jpg', 9)", (reading,)
        )
    old.dispose()
    store = ResultStore(path.parent, lifetime_h=24, max_stored_mb=1)
    item = store.find_item("token", datetime(2026, 11, 23, tzinfo=UTC))
    store.close()
    assert (item.file_name, item.picture, item.steps) == ("old.png", "old.jpg", None)
    assert (item.reading.width, item.reading.height) == (5, 4)


def test_the_newest_migration_can_be_taken_back_without_losing_a_result(tmp_path):
    from alembic import command

    engine = open_database(tmp_path / "digitlens.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO batches VALUES (1, NULL, '2026-11-22 12:00', '2026-11-29 12:00', 9)")
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert connection.exec_driver_sql("SELECT count(*) FROM batches").scalar() == 1
    assert "steps" not in {column["name"] for column in sa.inspect(engine).get_columns("items")}
    engine.dispose()


def test_the_database_is_opened_with_its_safeguards_on(tmp_path):
    engine = open_database(tmp_path / "digitlens.db")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "secure_delete")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "busy_timeout": 10_000, "foreign_keys": 1, "secure_delete": 1}


def test_two_programs_may_start_on_a_fresh_folder_at_once(tmp_path):
    errors = []

    def start():
        try:
            open_database(tmp_path / "digitlens.db").dispose()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_start_waits_for_a_program_that_makes_the_file_at_that_moment(tmp_path):
    """SQLite does not wait by itself here: beside a lock that writes, the change to a log fails at once."""
    other = sqlite3.connect(tmp_path / "digitlens.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    timer.start()
    open_database(tmp_path / "digitlens.db").dispose()
    timer.join()
    other.close()


def test_a_file_that_stays_locked_is_said_to_be(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(tmp_path / "digitlens.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        open_database(tmp_path / "digitlens.db")
    other.close()


def test_a_second_start_does_not_load_alembic(tmp_path):
    open_database(tmp_path / "digitlens.db").dispose()
    program = (
        "import sys; from pathlib import Path; from digitlens.store.database import open_database; "
        "open_database(Path(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, tmp_path / "digitlens.db"], check=False).returncode == 0
