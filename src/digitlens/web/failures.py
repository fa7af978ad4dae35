"""Whatever goes wrong becomes one shape: JSON for programs, a page for people, one line in the log."""

from __future__ import annotations

import logging
import re
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from apiflask import HTTPError
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from digitlens.errors import DigitlensError
from digitlens.web.catalogues import sentence
from digitlens.web.views import ErrorView, view_error

log = logging.getLogger("digitlens.web")

# An id that came with the request goes back and into the log, so it must not break the line.
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

# Of an upload that is refused, at most this much is still taken in; whoever sends more sees the connection close.
DISCARDED_BYTES = 500_000_000

# The address of a result, which is its only key.
RESULT_TOKEN = re.compile(r"(?<=^/[rb]/)[^/.]+")

# What HTTP itself refuses, in our words: status -> (code, message, hint).
HTTP_FAILURES = {
    400: ("bad_input", sentence("The request is not complete or not valid."), sentence("Send it again.")),
    404: (
        "not_found",
        sentence("There is nothing at this address."),
        sentence("Check the address, or start from the first page."),
    ),
    405: (
        "method_not_allowed",
        sentence("This address does not take this kind of request."),
        sentence("See the API documentation."),
    ),
    413: ("too_large", sentence("The request is too large."), sentence("Send fewer or smaller pictures at once.")),
    415: ("unsupported_format", sentence("This kind of content cannot be read."), sentence("Send a picture.")),
}


class CrossSiteError(DigitlensError):
    """A browser sent this on behalf of another site."""

    code = "cross_site"
    status = 403
    default_hint = "Open digitlens in its own tab and try again there."


@dataclass(frozen=True, slots=True)
class Failure:
    """What may be known of an error, in English; `status` is the HTTP status, `code` the stable name."""

    status: int
    code: str
    message: str
    hint: str
    request_id: str

    def to_json(self) -> dict[str, Any]:
        """The one error shape."""
        inside = asdict(self)
        del inside["status"]
        return {"error": inside}

    def to_view(self) -> ErrorView:
        """The same for people, in the language of the page."""
        return view_error(self.code, self.message, self.hint, self.status, self.request_id)


def install(app: Flask) -> None:
    """Answer every error in the one shape, and give every answer its request id."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _add_request_id(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        return response

    app.register_error_handler(HTTPError, answer)  # APIFlask's own, before its own handler
    app.register_error_handler(Exception, answer)


def request_id() -> str:
    """The id of this request: the one it came with if that is safe, or a new one."""
    if "request_id" not in g:
        sent = request.headers.get("X-Request-ID", "")
        g.request_id = sent if SAFE_REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)
    return str(g.request_id)


def answer(error: Exception, back_url: str | None = None) -> Response:
    """The answer to a request that failed; logs it.

    Args:
        error: what happened.
        back_url: where the page for people leads back to; the first page when None.
    """
    failure = describe(error)
    report(failure, error)
    if wants_json():
        response = jsonify(failure.to_json())
    else:
        response = make_response(render_template("error.html", error=failure.to_view(), back_url=back_url))
    return finish(response, failure, error)


def finish(response: Response, failure: Failure, error: Exception) -> Response:
    """Set the status, and the headers that HTTP asks for with it (Allow, Retry-After)."""
    response.status_code = failure.status
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() != "content-type":
                response.headers[name] = value
    if failure.status == 503:
        response.headers["Retry-After"] = "30"
    _discard_body()
    return response


def _discard_body() -> None:
    """Read the rest of a refused upload; a browser that is still sending would show a broken connection instead."""
    source, left = request.environ["wsgi.input"], DISCARDED_BYTES
    with suppress(OSError):  # the sender is gone
        while left > 0 and (chunk := source.read(min(left, 1_000_000))):
            left -= len(chunk)


def describe(error: Exception) -> Failure:
    """What may be told about an error; of an unknown one, nothing but that it happened."""
    if isinstance(error, DigitlensError):
        return Failure(error.status, error.code, error.message, error.hint, request_id())
    if isinstance(error, HTTPError):
        status, known = error.status_code, HTTP_FAILURES.get(error.status_code)
    elif isinstance(error, HTTPException) and error.code is not None:
        status, known = error.code, HTTP_FAILURES.get(error.code)
    else:
        internal = sentence("Something went wrong on our side; your picture is not the reason and was not kept.")
        return Failure(500, DigitlensError.code, internal, DigitlensError.default_hint, request_id())
    code, message, hint = known or HTTP_FAILURES[400]
    return Failure(status, code, message, hint, request_id())


def report(failure: Failure, error: Exception, **details: int) -> None:
    """Log one line; never what was sent, nor the address of a result."""
    line = {
        "request_id": failure.request_id,
        "method": request.method,
        "path": request.url_rule.rule if request.url_rule else repr(RESULT_TOKEN.sub("…", request.path[:80])),
        "status": failure.status,
        "code": failure.code,
        "duration_ms": round(1000 * (time.perf_counter() - g.get("started", time.perf_counter()))),
        **details,
    }
    unknown = failure.code == DigitlensError.code
    level = logging.ERROR if failure.status >= 500 else logging.WARNING
    log.log(level, " ".join(f"{name}={value}" for name, value in line.items()), exc_info=error if unknown else None)


def wants_json() -> bool:
    """True for the API and for whoever asks for JSON rather than for a page."""
    if request.path.startswith("/api/") and request.path != "/api/docs":
        return True
    if request.path in ("/healthz", "/readyz") or request.path.endswith(".json"):
        return True
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]
