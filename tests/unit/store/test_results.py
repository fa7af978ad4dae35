"""The store of results, on a real SQLite file."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest

from digitlens.errors import ResultNotFoundError, StoreError, UnreadableImageError
from digitlens.results import Box, Digit, Line, Reading
from digitlens.store.results import ResultStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIGIT = Digit(4, 0.99987654, False, Box(12, 8, 31, 52), ((9, 0.0001), (7, 0.00002)))
READING = Reading((Line("4", (DIGIT,)),), (Box(1, 2, 3, 4),), 100, 80, "2026.11")
BLANK = Reading((), (), 5, 5, "2026.11")
FAILURE = UnreadableImageError("The JPEG is cut short.")


@pytest.fixture
def store(tmp_path):
    store = ResultStore(tmp_path / "var", lifetime_h=24, max_stored_mb=1)
    yield store
    store.close()


def add(store, *names, now=NOW, picture=b"jpeg"):
    with store.draft() as draft:
        for name in names:
            draft.add_page(name, 1, READING, picture)
        return draft.save(now)


def blobs(store):
    return sorted(path.name for path in store.blobs.folder.iterdir())


def test_a_single_page_comes_back_as_it_was_kept(store):
    saved = add(store, "scores.png", picture=b"the picture")
    item = store.find_item(saved.item_token, NOW)
    assert saved.batch_token is None
    assert item.reading == READING
    assert (item.file_name, item.page, item.pages, item.error) == ("scores.png", 1, 1, None)
    assert (item.batch_token, item.previous_token, item.next_token) == (None, None, None)
    assert (item.created_at, item.expires_at) == (NOW, NOW + 24 * HOUR)
    assert store.blobs.read(item.picture) == b"the picture"


def test_the_steps_of_a_page_are_kept_counted_and_deleted_with_it(store):
    with store.draft() as draft:
        draft.add_page("scores.png", 1, READING, b"the picture", b"its steps")
        saved = draft.save(NOW)
    item = store.find_item(saved.item_token, NOW)
    assert store.blobs.read(item.steps) == b"its steps"
    assert blobs(store) == sorted([item.picture, item.steps])
    assert store.sweep(NOW + 48 * HOUR) == 0
    store.delete_item(saved.item_token, NOW)
    assert blobs(store) == []


def test_steps_count_in_what_may_be_stored(store):
    with store.draft() as draft:
        draft.add_page("large.png", 1, READING, b"jpeg", bytes(1_000_001))
        with pytest.raises(StoreError, match="at most 1 MB"):
            draft.save(NOW)
    assert blobs(store) == []


def test_steps_expire_with_their_page(store):
    with store.draft() as draft:
        draft.add_page("a.png", 1, READING, b"jpeg", b"steps")
        draft.save(NOW)
    store.purge(NOW + 25 * HOUR)
    assert blobs(store) == []


def test_a_batch_keeps_the_order_given_and_failures_in_their_place(store):
    with store.draft() as draft:
        draft.add_page("b.pdf", 1, READING, b"1")
        draft.add_page("b.pdf", 2, BLANK, b"2")
        draft.add_failure("bad.jpg", 1, FAILURE)
        draft.add_page("a.png", 1, READING, b"3")
        saved = draft.save(NOW)
    batch = store.find_batch(saved.batch_token, NOW)
    assert saved.item_token is None
    assert [(i.file_name, i.page, i.pages) for i in batch.items] == [
        ("b.pdf", 1, 2),
        ("b.pdf", 2, 2),
        ("bad.jpg", 1, 1),
        ("a.png", 1, 1),
    ]
    assert batch.items[2].error == FAILURE.to_dict()
    assert batch.items[2].token is None


def test_neighbours_in_a_batch_pass_over_failures(store):
    with store.draft() as draft:
        draft.add_page("1.png", 1, READING, b"1")
        draft.add_failure("2.png", 1, FAILURE)
        draft.add_page("3.png", 1, READING, b"3")
        saved = draft.save(NOW)
    first, _, last = store.find_batch(saved.batch_token, NOW).items
    assert store.find_item(first.token, NOW).next_token == last.token
    assert store.find_item(first.token, NOW).previous_token is None
    assert store.find_item(last.token, NOW).previous_token == first.token
    assert store.find_item(last.token, NOW).batch_token == saved.batch_token


def test_one_failed_file_is_a_batch_since_it_has_no_page_to_show(store):
    with store.draft() as draft:
        draft.add_failure("bad.png", 1, FAILURE)
        assert draft.save(NOW).batch_token is not None


def test_addresses_are_long_and_never_the_same(store):
    tokens = {add(store, "a.png").item_token for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 22


def test_a_draft_that_is_not_saved_leaves_nothing(store):
    with store.draft() as draft:
        draft.add_page("a.png", 1, READING, b"1")
        assert len(blobs(store)) == 1
    assert blobs(store) == []


def test_a_draft_that_ends_in_an_error_leaves_nothing(store):
    def fail_midway():
        with store.draft() as draft:
            draft.add_page("a.png", 1, READING, b"1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert blobs(store) == []


def test_deleting_a_page_removes_row_and_picture_at_once(store):
    saved = add(store, "a.png")
    assert store.delete_item(saved.item_token, NOW) is None
    assert blobs(store) == []
    with pytest.raises(ResultNotFoundError):
        store.find_item(saved.item_token, NOW)


def test_what_was_deleted_is_not_in_the_files_any_more(store, tmp_path):
    saved = add(store, "a-very-secret-name.png")
    store.delete_item(saved.item_token, NOW)
    store.close()
    for path in (tmp_path / "var").rglob("*"):
        assert path.is_dir() or b"a-very-secret-name" not in path.read_bytes()


def test_deleting_pages_of_a_batch_ends_with_the_batch_itself(store):
    saved = add(store, "a.png", "b.png")
    first, second = store.find_batch(saved.batch_token, NOW).items
    assert store.delete_item(first.token, NOW) == saved.batch_token
    assert [item.file_name for item in store.find_batch(saved.batch_token, NOW).items] == ["b.png"]
    assert store.delete_item(second.token, NOW) is None
    with pytest.raises(ResultNotFoundError):
        store.find_batch(saved.batch_token, NOW)
    assert blobs(store) == []


def test_deleting_a_batch_removes_all_its_pages(store):
    saved = add(store, "a.png", "b.png")
    kept = add(store, "c.png")
    tokens = [item.token for item in store.find_batch(saved.batch_token, NOW).items]
    store.delete_batch(saved.batch_token, NOW)
    for token in tokens:
        with pytest.raises(ResultNotFoundError):
            store.find_item(token, NOW)
    assert len(blobs(store)) == 1
    assert store.find_item(kept.item_token, NOW)


def test_deleting_what_is_gone_says_so(store):
    with pytest.raises(ResultNotFoundError):
        store.delete_item("no-such-address", NOW)
    with pytest.raises(ResultNotFoundError):
        store.delete_batch("no-such-address", NOW)


def test_a_result_lives_exactly_as_long_as_the_settings_say(store):
    saved = add(store, "a.png")
    assert store.find_item(saved.item_token, NOW + 24 * HOUR - timedelta(seconds=1))
    with pytest.raises(ResultNotFoundError):
        store.find_item(saved.item_token, NOW + 24 * HOUR)


def test_purging_forgets_what_has_expired_and_nothing_else(store):
    add(store, "old.png")
    young = add(store, "young.png", now=NOW + HOUR)
    assert store.purge(NOW + 24 * HOUR) == 1
    assert store.find_item(young.item_token, NOW + 24 * HOUR)
    assert len(blobs(store)) == 1


def test_writing_purges_too(store):
    add(store, "old.png")
    add(store, "new.png", now=NOW + 48 * HOUR)
    assert len(blobs(store)) == 1


def test_the_oldest_results_go_when_the_folder_is_full(store):
    first, second, third = (
        add(store, f"{n}.png", now=NOW + n * HOUR, picture=bytes(400_000)).item_token for n in range(3)
    )
    with pytest.raises(ResultNotFoundError):
        store.find_item(first, NOW + 3 * HOUR)
    assert store.find_item(second, NOW + 3 * HOUR)
    assert store.find_item(third, NOW + 3 * HOUR)
    assert sum(path.stat().st_size for path in store.blobs.folder.iterdir()) <= 1_000_000


def test_a_result_larger_than_the_folder_may_be_is_refused_and_evicts_nobody(store):
    kept = add(store, "kept.png")
    with pytest.raises(StoreError, match=r"1\.2 MB.*at most 1 MB"):
        add(store, "huge.png", picture=bytes(1_200_000))
    assert store.find_item(kept.item_token, NOW)
    assert len(blobs(store)) == 1


def test_a_sweep_removes_old_pictures_without_a_row_and_spares_young_ones(store):
    saved = add(store, "kept.png")
    store.blobs.write(b"interrupted", ".jpg")
    assert store.sweep(datetime.now(UTC)) == 0
    assert store.sweep(datetime.now(UTC) + 2 * HOUR) == 1
    assert blobs(store) == [store.find_item(saved.item_token, NOW).picture]


def test_results_survive_a_restart(store, tmp_path):
    saved = add(store, "a.png")
    store.close()
    again = ResultStore(tmp_path / "var", lifetime_h=24, max_stored_mb=1)
    assert again.find_item(saved.item_token, NOW).reading == READING
    again.close()


def test_checking_for_writability_leaves_no_trace(store):
    store.check_writable()
    assert blobs(store) == []


def test_many_threads_add_and_delete_without_losing_anything(store):
    kept, errors = [], []

    def work():
        try:
            for _ in range(5):
                gone = add(store, "gone.png").item_token
                kept.append(add(store, "kept.png").item_token)
                store.delete_item(gone, NOW)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(kept) == len(blobs(store)) == 30
    assert all(store.find_item(token, NOW) for token in kept)


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    (tmp_path / "var").write_text("a file is in the way")
    with pytest.raises(StoreError, match="cannot be used"):
        ResultStore(tmp_path / "var", lifetime_h=24, max_stored_mb=1)


def test_a_file_that_is_no_database_is_a_store_error(tmp_path):
    (tmp_path / "digitlens.db").write_bytes(b"this is no database, and it is long enough to be looked at" * 100)
    with pytest.raises(StoreError, match="not a database"):
        ResultStore(tmp_path, lifetime_h=24, max_stored_mb=1)


def test_a_folder_of_a_newer_digitlens_is_left_alone(store, tmp_path):
    store.close()
    with sqlite3.connect(tmp_path / "var" / "digitlens.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer digitlens"):
        ResultStore(tmp_path / "var", lifetime_h=24, max_stored_mb=1)


def test_a_picture_folder_that_vanished_is_a_store_error_and_adds_no_row(store, tmp_path):
    store.blobs.folder.rmdir()
    (tmp_path / "var" / "blobs").write_text("a file is in the way")
    with pytest.raises(StoreError, match="could not be kept"):
        add(store, "a.png")
    with pytest.raises(StoreError):
        store.check_writable()
