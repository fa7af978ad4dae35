"""The API for programs: a request's bytes in, a `Reading` out. Nothing is kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, jsonify, render_template, url_for

from digitlens import __version__
from digitlens.web import FORMATS
from digitlens.web.api_schemas import (
    READINGS_EXAMPLE,
    ErrorSchema,
    HealthSchema,
    ReadinessSchema,
    ReadingsSchema,
    error_example,
)
from digitlens.web.services import services
from digitlens.web.uploads import upload_of_api

api = APIBlueprint("api", __name__, tag="Readings")
health = APIBlueprint("health", __name__, tag="Health")

API_READINGS = "/api/v1/readings"
RAW_TYPES = ("application/octet-stream", "image/*", "application/pdf")
BINARY = {"schema": {"type": "string", "format": "binary"}}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "description": "One picture: in the form field `file`, or as the raw body. Its content says what it is.",
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary", "description": FORMATS}},
            }
        },
        **dict.fromkeys(RAW_TYPES, BINARY),
    },
}


def _refusal(status: int, code: str, message: str, hint: str) -> dict[str, Any]:
    content = {"schema": ErrorSchema, "example": error_example(code, message, hint)}
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": content}}


REFUSALS: dict[int | str, Any] = {
    400: _refusal(
        400,
        "bad_input",
        "The form has no file in the field 'file'; received: 'picture'.",
        "Send the picture in the form field 'file' (curl -F file=@picture.jpg), or as the raw body.",
    ),
    403: _refusal(
        403,
        "cross_site",
        "The request came from another site, so nothing was done.",
        "Open digitlens in its own tab and try again there.",
    ),
    413: _refusal(
        413,
        "too_large",
        "The file has 31.2 MB; at most 25 MB are allowed.",
        "Send a smaller picture, or fewer pages at once.",
    ),
    415: _refusal(
        415,
        "unsupported_format",
        "The content is not a picture that can be read.",
        "Send one picture as PNG, JPEG, WebP, BMP, GIF, TIFF or PDF.",
    ),
    422: _refusal(
        422,
        "unreadable",
        "The JPEG is cut short.",
        "Open it in a picture viewer; if it looks right there, save it again as PNG and send that.",
    ),
    500: _refusal(
        500,
        "internal",
        "Something went wrong on our side; your picture is not the reason and was not kept.",
        "Please report this with the request id.",
    ),
}
NOT_READY: dict[int | str, Any] = {
    503: _refusal(
        503,
        "store_unavailable",
        "The database of results cannot be used: database or disk is full.",
        "Free some disk space or point DIGITLENS_DATA_DIR at a folder that can be written.",
    )
}


def install(app: APIFlask) -> None:
    """Add the API, its document and the page to try it."""
    app.config.update(
        DESCRIPTION="Reads handwritten digits from pictures. No key is needed; nothing that the API gets is kept.",
        LICENSE={"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        AUTO_SERVERS=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
    )
    app.register_blueprint(api)
    app.register_blueprint(health)
    app.schema_name_resolver = _schema_name
    app.spec_processor(_add_request_body)


def _schema_name(schema: Any) -> str:
    return (schema if isinstance(schema, type) else type(schema)).__name__.removesuffix("Schema")


def _add_request_body(document: Any) -> Any:
    """APIFlask knows one content type a body; ours may be a form or the picture itself."""
    document["paths"][API_READINGS]["post"]["requestBody"] = REQUEST_BODY
    return document


@api.post(API_READINGS)
@api.output(ReadingsSchema, description="What was read, one object a page", example=READINGS_EXAMPLE)
@api.doc(operation_id="createReadings", responses=REFUSALS)
def create_api_readings() -> Response:
    """Read a picture.

    A file with several pages (TIFF, PDF) gives one object a page. A page without digits is no error: its `text` is
    empty. If one page cannot be read, the whole request fails.
    """
    parts = services()
    upload = upload_of_api(parts.settings)
    with parts.turn:
        pages = parts.reader.decode(upload.read(parts.settings.max_bytes))
        readings = [
            {"file": upload.name, "page": number, **parts.reader.read_page(page).to_dict()}
            for number, page in enumerate(pages, start=1)
        ]
    return jsonify({"readings": readings})


@api.get("/api/docs")
@api.doc(hide=True)
def show_api_docs() -> str:
    """A page to try the API."""
    return render_template("api_docs.html", openapi_url=url_for("openapi.spec"))


@health.get("/healthz")
@health.output(HealthSchema, description="The process answers")
@health.doc(operation_id="getHealth")
def show_health() -> dict[str, str]:
    """Tell whether the process lives."""
    return {"status": "ok", "version": __version__}


@health.get("/readyz")
@health.output(ReadinessSchema, description="Weights are loaded and results can be kept")
@health.doc(operation_id="getReadiness", responses=NOT_READY)
def show_readiness() -> dict[str, str]:
    """Tell whether pictures can be read and results can be kept."""
    parts = services()
    parts.store.check_writable()
    return {"status": "ready", "model": parts.reader.model_version}
