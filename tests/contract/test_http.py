"""What programs rely on: one error shape, an OpenAPI document that tells the truth, and docs that name everything."""

import io
from pathlib import Path

import pytest

import digitlens.errors
from digitlens.web.api_schemas import ErrorSchema, HealthSchema, ReadinessSchema, ReadingsSchema
from digitlens.web.failures import HTTP_FAILURES, CrossSiteError

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
READINGS = "/api/v1/readings"
JSON = {"Accept": "application/json"}


def body(name):
    return {"data": (DATA / "decode" / name).read_bytes(), "content_type": "application/octet-stream"}


def failing_requests():
    """(status, code, method, path, arguments) of every kind of failure that a request can cause."""
    wrong_field = {"data": {"picture": (io.BytesIO(b"x"), "a.png")}}
    return [
        (400, "bad_input", "POST", READINGS, wrong_field),
        (400, "bad_input", "POST", READINGS, {}),
        (400, "bad_input", "POST", "/readings", {"headers": JSON}),
        (403, "cross_site", "POST", READINGS, {"headers": {"Origin": "http://evil.example"}}),
        (404, "not_found", "GET", "/api/v1/nothing", {}),
        (404, "not_found", "GET", "/nothing", {"headers": JSON}),
        (404, "not_found", "GET", "/r/nothing.json", {}),
        (404, "not_found", "POST", "/b/nothing/delete", {"headers": JSON}),
        (405, "method_not_allowed", "DELETE", READINGS, {}),
        (405, "method_not_allowed", "POST", "/", {"headers": JSON}),
        (413, "too_large", "POST", READINGS, body("bomb-20000x20000.png")),
        (415, "unsupported_format", "POST", READINGS, body("text.png")),
        (415, "unsupported_format", "POST", READINGS, {"json": {}}),
        (422, "unreadable", "POST", READINGS, body("cut.jpg")),
    ]


@pytest.mark.parametrize(("status", "code", "method", "path", "arguments"), failing_requests())
def test_every_failure_has_the_one_shape(client, status, code, method, path, arguments):
    answer = client.open(path, method=method, **arguments)
    assert answer.status_code == status
    assert list(answer.json) == ["error"]
    assert list(answer.json["error"]) == ["code", "message", "hint", "request_id"]
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"].endswith((".", "…"))
    assert answer.json["error"]["hint"]
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-ID"]
    assert ErrorSchema().load(answer.json)


@pytest.mark.parametrize("path", ["/nothing", "/r/nothing", "/b/nothing"])
def test_a_person_gets_a_page_with_the_message_and_the_request_id(client, path):
    answer = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert answer.headers["X-Request-ID"] in answer.get_data(as_text=True)


def test_a_405_names_what_is_allowed(client):
    assert "POST" in client.delete(READINGS).headers["Allow"]


def test_the_answers_are_those_of_the_openapi_document(client):
    picture = (DATA / "pages" / "plain.jpg").read_bytes()
    answer = client.post(READINGS, data=picture, content_type="image/jpeg").json
    assert answer["readings"][0]["lines"]
    assert ReadingsSchema().load(answer) == answer  # raises on a missing, unknown or wrong field
    HealthSchema().load(client.get("/healthz").json)
    ReadinessSchema().load(client.get("/readyz").json)


def test_the_examples_of_the_openapi_document_are_valid(client):
    operation = client.get("/api/openapi.json").json["paths"][READINGS]["post"]
    for status, response in operation["responses"].items():
        schema = ReadingsSchema if status == "200" else ErrorSchema
        schema().load(response["content"]["application/json"]["example"])


def test_the_openapi_document_is_whole(client):
    document = client.get("/api/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {READINGS, "/healthz", "/readyz"}
    operation = document["paths"][READINGS]["post"]
    assert set(operation["requestBody"]["content"]) >= {"multipart/form-data", "image/*", "application/octet-stream"}
    assert set(operation["responses"]) == {"200", "400", "403", "413", "415", "422", "500"}
    for reference in references(document):
        assert reference.startswith("#/components/schemas/")
        assert reference.rsplit("/", 1)[1] in document["components"]["schemas"]


def references(part):
    """Every $ref in a document."""
    if isinstance(part, dict):
        return [value for key, value in part.items() if key == "$ref"] + references(list(part.values()))
    return [found for item in part for found in references(item)] if isinstance(part, list) else []


def test_every_route_stands_in_the_docs(app):
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert f"`{method} {rule.rule}`" in text


def error_classes(root=digitlens.errors.DigitlensError):
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def test_every_error_code_stands_in_the_docs_with_its_status_and_exit_code():
    assert CrossSiteError in error_classes()
    rows = {}
    for line in (ROOT / "docs" / "errors.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            rows[cells[0].strip("`")] = cells[1:3]
    for error in error_classes():
        status, exit_code = rows[error.code]
        assert status in (str(error.status), "-"), error
        assert exit_code in (str(error.exit_code), "-"), error
    for status, (code, _, _) in HTTP_FAILURES.items():
        assert rows[code][0] == str(status)
    assert set(rows) == {error.code for error in error_classes()} | {code for code, _, _ in HTTP_FAILURES.values()}
