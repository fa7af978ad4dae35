"""The pages for people: home, result, batch. Everything works with plain forms."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from digitlens import __version__
from digitlens.errors import DigitlensError, InputError, ResultNotFoundError
from digitlens.imaging.encode import encode_jpeg
from digitlens.results import Reading
from digitlens.settings import MEGABYTE
from digitlens.store.results import Draft, StoredItem
from digitlens.web import FORMATS, failures
from digitlens.web.exports import page_json, pages_csv
from digitlens.web.services import Services, services
from digitlens.web.uploads import Upload, upload_of_sample, uploads_of_form
from digitlens.web.views import view_batch, view_result, view_samples

pages = Blueprint("pages", __name__)
SEE_OTHER = 303
UNNAMED = "picture"
PICTURE_SIDE = 1600  # pixels: sharp on a large screen, 0.2 to 0.4 MB


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
    return failures.finish(make_response(_home(failure)), failure, error)


@pages.get("/")
def show_home() -> str:
    """The first page."""
    return _home()


@pages.get("/readings")
def go_home() -> BaseResponse:
    """Somebody opened the form's address again, as a link or from the history."""
    return redirect(url_for("pages.show_home"), SEE_OTHER)


@pages.post("/readings")
def create_readings() -> BaseResponse:
    """Read what the form carries, keep it, and go to its own address."""
    parts = services()
    uploads = _uploads(parts)
    with parts.store.draft() as draft:
        for upload in uploads:
            _read_into(draft, upload, parts, alone=len(uploads) == 1)
        saved = draft.save(parts.clock())
    if saved.item_token is not None:
        return redirect(url_for("pages.show_result", token=saved.item_token), SEE_OTHER)
    return redirect(url_for("pages.show_batch", token=saved.batch_token), SEE_OTHER)


@pages.get("/r/<token>")
def show_result(token: str) -> Response:
    """One page that was read."""
    item, reading = _found(token)
    return _unlisted(make_response(render_template("result.html", result=view_result(item, reading))))


@pages.get("/r/<token>.json")
def show_result_json(token: str) -> Response:
    """One page as the command line's JSON object."""
    return _unlisted(jsonify(page_json(_found(token)[0])))


@pages.get("/r/<token>.csv")
def show_result_csv(token: str) -> Response:
    """One page as CSV, one row a digit."""
    return _csv([_found(token)[0]], "digits.csv")


@pages.get("/r/<token>/page.jpg")
def show_picture(token: str) -> Response:
    """The picture of one page, upright, at most 1600 px long."""
    item, _ = _found(token)
    picture = services().store.blobs.read(item.picture or "")
    if picture is None:
        raise ResultNotFoundError("The picture of this result is gone.")
    return _unlisted(current_app.response_class(picture, mimetype="image/jpeg"))


@pages.post("/r/<token>/delete")
def delete_result(token: str) -> BaseResponse:
    """Forget one page at once."""
    parts = services()
    batch_token = parts.store.delete_item(token, parts.clock())
    if batch_token is not None:
        return redirect(url_for("pages.show_batch", token=batch_token), SEE_OTHER)
    return redirect(url_for("pages.show_home", deleted=1), SEE_OTHER)


@pages.get("/b/<token>")
def show_batch(token: str) -> Response:
    """Several pages, in the order given."""
    parts = services()
    batch = parts.store.find_batch(token, parts.clock())
    return _unlisted(make_response(render_template("batch.html", batch=view_batch(batch))))


@pages.get("/b/<token>.json")
def show_batch_json(token: str) -> Response:
    """All pages as a list of the command line's JSON objects."""
    parts = services()
    batch = parts.store.find_batch(token, parts.clock())
    return _unlisted(jsonify([page_json(item) for item in batch.items]))


@pages.get("/b/<token>.csv")
def show_batch_csv(token: str) -> Response:
    """All pages as one CSV."""
    parts = services()
    return _csv(parts.store.find_batch(token, parts.clock()).items, "batch.csv")


@pages.post("/b/<token>/delete")
def delete_batch(token: str) -> BaseResponse:
    """Forget all pages of a batch at once."""
    parts = services()
    parts.store.delete_batch(token, parts.clock())
    return redirect(url_for("pages.show_home", deleted=1), SEE_OTHER)


def _home(failure: failures.Failure | None = None) -> str:
    samples = view_samples(services())
    return render_template("home.html", samples=samples, error=failure, deleted=request.args.get("deleted") == "1")


def _uploads(parts: Services) -> list[Upload]:
    sample = request.form.get("sample") if request.mimetype == "application/x-www-form-urlencoded" else None
    return [upload_of_sample(sample, parts.samples)] if sample else uploads_of_form(parts.settings)


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
                draft.add_page(name, number, parts.reader.read_page(page), encode_jpeg(page, PICTURE_SIDE))
    except InputError as error:
        if alone and number == 0:
            raise
        draft.add_failure(name, number + 1, error)
        failures.report(failures.describe(error), error, item=draft.item_count)


def _found(token: str) -> tuple[StoredItem, Reading]:
    parts = services()
    item = parts.store.find_item(token, parts.clock())
    if item.reading is None:
        raise ResultNotFoundError("There is no result at this address.")
    return item, item.reading


def _csv(items: list[StoredItem] | tuple[StoredItem, ...], name: str) -> Response:
    response = current_app.response_class(pages_csv(items), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return _unlisted(response)


def _unlisted(response: Response) -> Response:
    """A result belongs to whoever has its address, not to search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
