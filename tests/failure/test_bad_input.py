"""Bad input through the web app: its own status and words, one line in the log, nothing left, and the app goes on."""

import html
import io
import re
import sqlite3
import tempfile
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from digitlens.settings import Settings
from digitlens.web import create_app

DATA = Path(__file__).parents[1] / "data"
PAGE = DATA / "pages" / "plain.jpg"
READINGS = "/api/v1/readings"


@pytest.fixture
def refuse(client, settings, caplog, tmp_path, monkeypatch):
    """Send form data to the page and to the API, and check all that is the same for every refusal."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def check(content, name, status, code, words):
        for path, field in (("/readings", "files"), (READINGS, "file")):
            caplog.clear()
            # Encoded here, since the test client leaves the temporary file of a large form behind.
            boundary, body = encode_multipart({field: FileStorage(io.BytesIO(content), name)})
            answer = client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
            assert answer.status_code == status
            told = answer.json["error"]["message"] if path == READINGS else text_of(answer)
            assert words in told
            assert_logged_once(caplog, answer, code)
            assert name not in caplog.text
            assert_nothing_is_left(settings, temporary)
        assert client.post("/readings", data={"files": (io.BytesIO(PAGE.read_bytes()), "good.jpg")}).status_code == 303

    return check


def text_of(page):
    """What a person reads: no markup, no line breaks, entities resolved."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))))


def assert_logged_once(caplog, answer, code):
    (record,) = caplog.records
    assert f"request_id={answer.headers['X-Request-ID']} " in record.message
    assert f"status={answer.status_code} code={code} " in record.message
    assert "\n" not in record.message
    assert record.exc_info is None


def assert_nothing_is_left(settings, temporary):
    with sqlite3.connect(settings.data_dir / "digitlens.db") as connection:
        assert connection.execute("SELECT count(*) FROM batches").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (0,)
    connection.close()
    assert list((settings.data_dir / "blobs").iterdir()) == []
    assert list(temporary.iterdir()) == []


def content(name):
    return (DATA / "decode" / name).read_bytes()


def test_an_empty_file(refuse):
    refuse(b"", "empty.png", 400, "bad_input", "The file is empty (0 bytes).")


def test_text_renamed_to_png(refuse):
    refuse(content("text.png"), "text.png", 415, "unsupported_format", "plain text")


def test_a_cut_jpeg(refuse):
    refuse(content("cut.jpg"), "cut.jpg", 422, "unreadable", "The JPEG is damaged, cut short")


def test_a_small_png_of_20000_x_20000_pixels(refuse):
    refuse(content("bomb-20000x20000.png"), "bomb.png", 413, "too_large", "20,000 x 20,000 = 400,000,000 pixels")


def test_a_pdf_of_100_pages(refuse):
    refuse(content("hundred-pages.pdf"), "book.pdf", 413, "too_large", "The PDF has 100 pages; up to 20 are allowed.")


def test_an_encrypted_pdf(refuse):
    refuse(content("locked.pdf"), "locked.pdf", 422, "unreadable", "The PDF is locked by a password.")


def test_an_animated_gif_is_read_by_its_first_frame(client):
    answer = client.post("/readings", data={"files": (io.BytesIO(content("animated.gif")), "animated.gif")})
    assert answer.location.startswith("/r/")
    answer = client.post(READINGS, data=content("animated.gif"), content_type="image/gif")
    first = client.post(READINGS, data=content("plain.gif"), content_type="image/gif")
    assert len(answer.json["readings"]) == 1
    assert [answer.json["readings"][0][side] for side in ("width", "height")] == [
        first.json["readings"][0][side] for side in ("width", "height")
    ]


def test_a_file_over_the_limit(refuse, settings):
    size = settings.max_bytes + 1
    refuse(PAGE.read_bytes().ljust(size, b"\0"), "large.jpg", 413, "too_large", "has 25.1 MB; at most 25")


def test_a_request_over_the_limit(tmp_path, caplog):
    settings = Settings(data_dir=tmp_path / "var", max_bytes=30_000, max_request_bytes=50_000)
    app = create_app(settings)
    files = [(io.BytesIO(PAGE.read_bytes()), f"{number}.jpg") for number in range(8)]
    caplog.clear()
    answer = app.test_client().post("/readings", data={"files": files})
    assert answer.status_code == 413
    assert "The request has 0.2 MB; at most" in text_of(answer)
    assert_logged_once(caplog, answer, "too_large")
    app.extensions["digitlens"].store.close()


def test_a_form_without_a_file(client, settings, caplog, tmp_path):
    caplog.clear()
    answer = client.post("/readings", data={"files": (io.BytesIO(b""), "")})
    assert answer.status_code == 400
    assert "No file was chosen." in text_of(answer)
    assert_logged_once(caplog, answer, "bad_input")
    (tmp_path / "none").mkdir()
    assert_nothing_is_left(settings, tmp_path / "none")


def test_a_wrong_field(client, settings, caplog, tmp_path):
    (tmp_path / "none").mkdir()
    for path, expected in (("/readings", "files"), (READINGS, "file")):
        caplog.clear()
        answer = client.post(path, data={"picture": (io.BytesIO(PAGE.read_bytes()), "a.jpg")})
        assert answer.status_code == 400
        words = answer.json["error"]["message"] if path == READINGS else text_of(answer)
        assert f"The form has no file in the field '{expected}'; received: 'picture'." in words
        assert_logged_once(caplog, answer, "bad_input")
        assert_nothing_is_left(settings, tmp_path / "none")


def test_each_bad_file_of_a_batch_is_logged_once(client, caplog):
    files = [("cut.jpg", 422), ("text.png", 415)]
    caplog.clear()
    answer = client.post("/readings", data={"files": [(io.BytesIO(content(name)), name) for name, _ in files]})
    assert answer.location.startswith("/b/")
    assert all(f"status={status} " in record.message for record, (_, status) in zip(caplog.records, files, strict=True))
    assert "item=1" in caplog.records[0].message
    assert "item=2" in caplog.records[1].message


def test_an_unexpected_error_shows_no_traceback_and_logs_one(app, caplog):
    @app.get("/broken")
    def broken():
        raise ZeroDivisionError("a secret detail")

    for headers in ({}, {"Accept": "application/json"}):
        caplog.clear()
        answer = app.test_client().get("/broken", headers=headers)
        assert answer.status_code == 500
        assert "secret" not in answer.get_data(as_text=True)
        assert "Traceback" not in answer.get_data(as_text=True)
        (record,) = caplog.records
        assert record.exc_info
        assert f"request_id={answer.headers['X-Request-ID']} " in record.message
