"""Large files are kept with gzip and go out as they are kept."""

import gzip

import pytest

RUNTIME = "/static/vendor/litertjs-core/litert_wasm_compat_internal"


@pytest.mark.parametrize(("ending", "kind"), [("wasm", "application/wasm"), ("js", "text/javascript; charset=utf-8")])
def test_a_packed_file_goes_out_packed_with_the_type_of_what_is_in_it(client, ending, kind):
    with client.get(f"{RUNTIME}.{ending}", headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Vary"] == "Accept-Encoding"
        packed = answer.data
    with client.get(f"{RUNTIME}.{ending}") as plain:
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Content-Type"] == kind
        assert plain.data == gzip.decompress(packed)
        assert len(packed) < 0.4 * len(plain.data)


def test_a_browser_that_has_the_packed_file_is_not_sent_it_again(client):
    headers = {"Accept-Encoding": "gzip"}
    with client.get(f"{RUNTIME}.wasm", headers=headers) as first:
        known = headers | {"If-None-Match": first.headers["ETag"]}
    with client.get(f"{RUNTIME}.wasm", headers=known) as again:
        assert again.status_code == 304


def test_the_address_of_a_packed_file_changes_with_its_content(app):
    with app.test_request_context():
        address = app.jinja_env.globals["asset"](f"{RUNTIME.removeprefix('/static/')}.wasm")
    assert ".wasm?v=" in address


@pytest.mark.parametrize("path", ["/static/../pages.py", "/static/..%2f..%2fpages.py", "/static/nothing.wasm"])
def test_nothing_beside_the_static_files_is_reached(client, path):
    with client.get(path) as answer:
        assert answer.status_code == 404
