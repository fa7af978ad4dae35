"""The API: bytes in, readings out, nothing kept."""

import io
import json
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from digitlens.settings import Settings
from digitlens.web import create_app

DATA = Path(__file__).parents[2] / "data"
PAGE = DATA / "pages" / "plain.jpg"
READINGS = "/api/v1/readings"


@pytest.fixture
def expected(reader):
    """What the library says about the page, as JSON."""
    return json.loads(json.dumps(reader.read(PAGE).to_dict()))


def test_a_form_with_a_file_is_read(client, expected):
    answer = client.post(READINGS, data={"file": (io.BytesIO(PAGE.read_bytes()), "scores.jpg")})
    assert answer.status_code == 200
    assert answer.json == {"readings": [{"file": "scores.jpg", "page": 1, **expected}]}


@pytest.mark.parametrize(
    "content_type",
    [
        "image/jpeg",
        "image/png",
        "application/octet-stream",
        "application/pdf",
        "application/x-www-form-urlencoded",
        None,
    ],
)
def test_a_raw_body_is_read_by_its_content_whatever_its_type_says(client, expected, content_type):
    answer = client.post(READINGS, data=PAGE.read_bytes(), content_type=content_type)
    assert answer.status_code == 200
    assert answer.json == {"readings": [{"file": None, "page": 1, **expected}]}


def test_a_file_of_several_pages_gives_one_reading_a_page(client):
    answer = client.post(
        READINGS, data=(DATA / "decode" / "three-pages.pdf").read_bytes(), content_type="application/pdf"
    )
    assert [reading["page"] for reading in answer.json["readings"]] == [1, 2, 3]


def test_the_api_keeps_nothing(client, settings):
    client.post(READINGS, data=PAGE.read_bytes(), content_type="image/jpeg")
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_a_wrong_field_is_named_together_with_the_right_one(client):
    answer = client.post(READINGS, data={"picture": (io.BytesIO(b"x"), "a.png"), "note": "hello"})
    assert answer.status_code == 400
    assert answer.json["error"]["message"] == ("The form has no file in the field 'file'; received: 'note', 'picture'.")


def test_a_form_without_any_field_is_refused(client):
    answer = client.post(READINGS, content_type="multipart/form-data; boundary=x", data=b"--x--\r\n")
    assert answer.status_code == 400
    assert "field 'file' has no file" in answer.json["error"]["message"]


def test_two_files_in_one_request_are_refused(client):
    files = [(io.BytesIO(PAGE.read_bytes()), f"{name}.jpg") for name in "ab"]
    answer = client.post(READINGS, data={"file": files})
    assert answer.status_code == 400
    assert answer.json["error"]["message"].startswith("2 files came")


def test_an_empty_body_is_refused(client):
    answer = client.post(READINGS, content_type="image/png")
    assert answer.status_code == 400
    assert answer.json["error"]["message"] == "The request has no body."


def test_a_form_that_can_carry_no_file_is_explained(client):
    answer = client.post(READINGS, data={"file": "scores.jpg"})
    assert answer.status_code == 400
    assert answer.json["error"]["message"].endswith("carries no file; received the field 'file'.")


def test_a_content_type_that_is_no_picture_is_refused_by_name(client):
    answer = client.post(READINGS, json={"file": "scores.jpg"})
    assert answer.status_code == 415
    assert "application/json" in answer.json["error"]["message"]


def test_one_byte_too_many_is_too_large_as_a_form_and_as_a_body(tmp_path):
    content = PAGE.read_bytes()
    app = create_app(Settings(data_dir=tmp_path, max_bytes=len(content) - 1))
    client = app.test_client()
    for answer in (
        client.post(READINGS, data=content, content_type="image/jpeg"),
        client.post(READINGS, data={"file": (io.BytesIO(content), "a.jpg")}),
        client.post(READINGS, data=content + bytes(200_000), content_type="image/jpeg"),
    ):
        assert answer.status_code == 413
        assert answer.json["error"]["code"] == "too_large"
    app.extensions["digitlens"].store.close()


def test_exactly_the_limit_is_allowed(tmp_path):
    content = PAGE.read_bytes()
    app = create_app(Settings(data_dir=tmp_path, max_bytes=len(content)))
    assert app.test_client().post(READINGS, data=content, content_type="image/jpeg").status_code == 200
    app.extensions["digitlens"].store.close()


def test_many_requests_at_once_get_the_same_answer(app, expected):
    def ask(_):
        return app.test_client().post(READINGS, data=PAGE.read_bytes(), content_type="image/jpeg").json

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert all(answer == {"readings": [{"file": None, "page": 1, **expected}]} for answer in answers)


def test_health_and_readiness_answer(client, reader):
    assert client.get("/healthz").json["status"] == "ok"
    assert client.get("/readyz").json == {"status": "ready", "model": reader.model_version}


def test_readiness_fails_when_results_cannot_be_kept(client, settings):
    (settings.data_dir / "blobs").rmdir()
    (settings.data_dir / "blobs").write_text("a file is in the way")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "store_unavailable"
    assert answer.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200


def test_the_page_to_try_the_api_loads_nothing_from_other_hosts(client):
    page = client.get("/api/docs").get_data(as_text=True)
    assert "/api/openapi.json" in page
    assert 'src="http' not in page
    assert client.get("/docs").status_code == 404


def test_no_more_files_are_read_at_once_than_the_settings_allow(tmp_path):
    app = create_app(Settings(data_dir=tmp_path, readings_at_once=1))
    turn = app.extensions["digitlens"].turn

    def send():
        return app.test_client().post(READINGS, data=PAGE.read_bytes(), content_type="image/jpeg")

    with ThreadPoolExecutor(2) as pool:
        with turn:
            waiting = [pool.submit(send) for _ in range(2)]
            assert not wait(waiting, timeout=1).done
        assert [answer.result(timeout=30).status_code for answer in waiting] == [200, 200]
    app.extensions["digitlens"].store.close()
