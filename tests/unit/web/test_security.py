"""Headers of every answer, and what another site cannot do."""

import io
from pathlib import Path

import pytest

from digitlens.settings import Settings
from digitlens.web import create_app

PAGE = Path(__file__).parents[2] / "data" / "pages" / "plain.jpg"
PATHS = ("/", "/nothing-here", "/api/v1/nothing", "/healthz", "/static/icons/favicon.svg")


def send(client, **headers):
    return client.post("/readings", data={"files": (io.BytesIO(PAGE.read_bytes()), "a.jpg")}, headers=headers)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_safe_headers(client, path):
    with client.get(path) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=(self)")
    assert headers["X-Request-ID"]
    assert "Strict-Transport-Security" not in headers


def test_results_are_kept_by_no_cache_and_listed_by_no_search_engine(client):
    address = send(client).location
    for path in (address, f"{address}.json", f"{address}.csv", f"{address}/numbers.csv", f"{address}/page.jpg"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_static_files_with_a_version_are_kept_for_a_year_and_others_are_asked_for_again(client, app):
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("icons/favicon.svg")
    assert "v=" in address
    with client.get(address) as versioned, client.get("/static/icons/favicon.svg") as plain:
        assert versioned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert plain.headers["Cache-Control"] == "public, no-cache"
        known = {"If-None-Match": plain.headers["ETag"]}
    with client.get("/static/icons/favicon.svg", headers=known) as again:
        assert again.status_code == 304


def test_a_missing_static_file_is_not_kept(client):
    assert "immutable" not in client.get("/static/nothing.css?v=1").headers["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},  # a browser over plain HTTP sends no Sec-Fetch-Site
        {},  # a program
    ],
)
def test_our_own_forms_and_programs_may_post(client, headers):
    assert send(client, **headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_another_site_may_not_post(client, settings, headers):
    answer = send(client, **headers)
    assert answer.status_code == 403
    assert "another site" in answer.get_data(as_text=True)
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_another_site_may_not_delete(client):
    address = send(client).location
    assert client.post(f"{address}/delete", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get(address).status_code == 200


def test_behind_https_browsers_are_told_to_stay_there_and_the_proxy_is_believed(tmp_path):
    app = create_app(Settings(data_dir=tmp_path, public=True))
    client = app.test_client()
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "digits.example"}
    assert client.get("/").headers["Strict-Transport-Security"].startswith("max-age=")
    assert send(client, Origin="https://digits.example", **proxied).status_code == 303
    assert send(client, Origin="https://evil.example", **proxied).status_code == 403
    app.extensions["digitlens"].store.close()


def test_without_a_proxy_its_headers_are_not_believed(client):
    assert send(client, **{"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"}).status_code == 403


def test_a_request_id_comes_back_when_it_is_safe_and_is_replaced_when_not(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-123"}).headers["X-Request-ID"] == "abc-123"
    for bad in ("two words", "x" * 65, "é", ""):
        assert client.get("/healthz", headers={"X-Request-ID": bad}).headers["X-Request-ID"] not in ("", bad)


def test_the_log_never_names_the_address_of_a_result(client, caplog):
    address = send(client).location
    token = address.split("/")[2]
    client.delete(address)
    client.post(f"{address}/delete")
    client.get(address)
    client.get(f"{address}.json")
    assert len(caplog.records) == 3
    assert token not in caplog.text
