"""The pages for people: home and batch; those of one result are in `results`. Everything works with plain forms."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import parse_qsl, urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from digitlens import __version__
from digitlens.errors import DigitlensError, InputError
from digitlens.explain.steps import show_steps
from digitlens.explain.steps_file import pack_steps
from digitlens.imaging.encode import encode_jpeg
from digitlens.settings import MEGABYTE
from digitlens.store.results import Draft
from digitlens.web import FORMATS, failures
from digitlens.web.exports import numbers_csv, page_json, pages_csv
from digitlens.web.languages import REFUSED
from digitlens.web.results import SEE_OTHER, csv_of, unlisted
from digitlens.web.services import Services, services
from digitlens.web.uploads import Upload, uploads_of_form
from digitlens.web.views import ErrorView, view_batch, view_error, view_samples

pages = Blueprint("pages", __name__)
UNNAMED = "picture"
PICTURE_SIDE = 1600  # pixels: sharp on a large screen, 0.2 to 0.4 MB
REFUSED_S = 600  # seconds: enough to choose a language


def install(app: Flask) -> None:
    """Add the pages, and what every template may use."""
    settings = app.extensions["digitlens"].settings
    app.jinja_env.globals["version"] = __version__
    app.jinja_env.globals["limits"] = {
        "max_mb": settings.max_bytes / MEGABYTE,
        "max_files": settings.max_files,
        "max_pages": settings.max_pages,
        "formats": FORMATS,
        "lifetime_h": settings.result_lifetime_h,
        "review_threshold": settings.review_threshold,
    }
    app.register_blueprint(pages)


@pages.errorhandler(DigitlensError)
def _show_failure(error: DigitlensError) -> Response:
    """An upload that failed is told on the page where the next one can be sent at once."""
    if request.endpoint != "pages.create_readings" or failures.wants_json():
        return failures.answer(error)
    failure = failures.describe(error)
    failures.report(failure, error)
    response = make_response(_home(failure.to_view()))
    said, public = urlencode(failure.to_json()["error"]), services().settings.public
    response.set_cookie(REFUSED, said, max_age=REFUSED_S, secure=public, httponly=True, samesite="Lax")
    return failures.finish(response, failure, error)


@pages.get("/")
def show_home() -> str:
    """The first page; in another language, too, it says why an upload was refused."""
    said = defaultdict(str, parse_qsl(request.cookies.get(REFUSED, "")))
    if not said or REFUSED not in request.args:
        return _home()
    return _home(view_error(said["code"], said["message"], said["hint"], request_id=said["request_id"]))


@pages.get("/readings")
def go_home() -> BaseResponse:
    """Somebody opened the form's address again, as a link or from the history."""
    return redirect(url_for("pages.show_home"), SEE_OTHER)


@pages.post("/readings")
def create_readings() -> BaseResponse:
    """Read what the form carries, keep it, and go to its own address."""
    parts = services()
    uploads = uploads_of_form(parts.settings)
    with parts.store.draft() as draft:
        for upload in uploads:
            _read_into(draft, upload, parts, alone=len(uploads) == 1)
        saved = draft.save(parts.clock())
    if saved.item_token is not None:
        return redirect(url_for("results.show_result", token=saved.item_token), SEE_OTHER)
    return redirect(url_for("pages.show_batch", token=saved.batch_token), SEE_OTHER)


@pages.get("/b/<token>")
def show_batch(token: str) -> Response:
    """Several pages, in the order given."""
    parts = services()
    batch = parts.store.find_batch(token, parts.clock())
    return unlisted(make_response(render_template("batch.html", batch=view_batch(batch))))


@pages.get("/b/<token>.json")
def show_batch_json(token: str) -> Response:
    """All pages as a list of the command line's JSON objects."""
    parts = services()
    batch = parts.store.find_batch(token, parts.clock())
    return unlisted(jsonify([page_json(item) for item in batch.items]))


@pages.get("/b/<token>.csv")
def show_batch_csv(token: str) -> Response:
    """All pages as one CSV, one row a digit."""
    parts = services()
    return unlisted(csv_of(pages_csv(parts.store.find_batch(token, parts.clock()).items), "digits.csv"))


@pages.get("/b/<token>/numbers.csv")
def show_batch_numbers_csv(token: str) -> Response:
    """All pages as one CSV, one row a number."""
    parts = services()
    return unlisted(csv_of(numbers_csv(parts.store.find_batch(token, parts.clock()).items), "numbers.csv"))


@pages.post("/b/<token>/delete")
def delete_batch(token: str) -> BaseResponse:
    """Forget all pages of a batch at once."""
    parts = services()
    parts.store.delete_batch(token, parts.clock())
    return redirect(url_for("pages.show_home", deleted=1), SEE_OTHER)


def _home(error: ErrorView | None = None) -> str:
    samples = view_samples(services())
    return render_template("home.html", samples=samples, error=error, deleted=request.args.get("deleted") == "1")


def _read_into(draft: Draft, upload: Upload, parts: Services, *, alone: bool) -> None:
    """Read every page of a file; a file that fails among others leaves its reason in its place.

    Raises:
        InputError: the file came alone and gave no page at all.
    """
    name = upload.name or UNNAMED
    number = 0
    try:
        with parts.turn:
            for number, page in enumerate(parts.reader.decode(upload.read(parts.settings.max_bytes)), start=1):
                trace = parts.reader.trace(page)
                steps = pack_steps(show_steps(trace))
                draft.add_page(name, number, trace.reading, encode_jpeg(page, PICTURE_SIDE), steps)
    except InputError as error:
        if alone and number == 0:
            raise
        draft.add_failure(name, number + 1, error)
        failures.report(failures.describe(error), error, item=draft.item_count)
