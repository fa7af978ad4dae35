"""The pages of one reading: the result, its files, its steps, and a page for every digit and every mark left out.

They are the same for an upload that was kept (`/r/<token>`) and for a bundled sample (`/samples/<name>`).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from digitlens.errors import ResultNotFoundError
from digitlens.explain.steps_file import unpack_steps
from digitlens.web import failures
from digitlens.web.exports import numbers_csv, page_json, pages_csv
from digitlens.web.services import services
from digitlens.web.shown import STORED, Result
from digitlens.web.views import view_result
from digitlens.web.way import view_mark, view_way

SEE_OTHER = 303


class MarkNotFoundError(ResultNotFoundError):
    """The result is there, but it has no digit or mark of this number."""

    def __init__(self, message: str, result_url: str) -> None:
        super().__init__(message, "Go back to the result and choose one there.")
        self.result_url = result_url


def install(app: Flask) -> None:
    """Add the pages of what was kept; `web.samples` adds those of the samples."""
    stored = blueprint_of(STORED, "/r/<token>", find_stored)
    stored.add_url_rule("/r/<token>/delete", view_func=delete_result, methods=["POST"])
    app.register_blueprint(stored)


def blueprint_of(kind: str, prefix: str, find: Callable[[str], Result]) -> Blueprint:
    """The pages of all results of one kind.

    Args:
        kind: `STORED` or `SAMPLES`.
        prefix: begin of their addresses, with the key in it.
        find: from key to result; raises `ResultNotFoundError`.
    """
    blueprint = Blueprint(kind, __name__)
    for rule, show in VIEWS.items():
        blueprint.add_url_rule(prefix + rule, show.__name__, _of_result(show, find))
    blueprint.register_error_handler(MarkNotFoundError, _lead_back)
    return blueprint


def _of_result(show: Callable[..., Response], find: Callable[[str], Result]) -> Callable[..., Response]:
    def view(**values: str) -> Response:
        key = values.pop("token", "") or values.pop("name", "")
        return unlisted(show(find(key), **values))

    return view


def find_stored(token: str) -> Result:
    """What was kept at this address.

    Raises:
        ResultNotFoundError: nothing, or it has expired.
    """
    parts = services()
    item = parts.store.find_item(token, parts.clock())
    if item.reading is None:
        raise ResultNotFoundError("There is no result at this address.")
    packed = parts.store.blobs.read(item.steps) if item.steps else None
    return Result(
        kind=STORED,
        key=token,
        file_name=item.file_name,
        page=item.page,
        pages=item.pages,
        reading=item.reading,
        load_picture=lambda: parts.store.blobs.read(item.picture or ""),
        steps=unpack_steps(packed) if packed else None,
        expires_at=item.expires_at,
        batch_token=item.batch_token,
        previous_token=item.previous_token,
        next_token=item.next_token,
    )


def show_result(result: Result) -> Response:
    """The page with the answer."""
    return make_response(render_template("result.html", result=view_result(result), way=view_way(result)))


def show_json(result: Result) -> Response:
    """The reading as the command line's JSON object."""
    return jsonify(page_json(result))


def show_csv(result: Result) -> Response:
    """The reading as CSV, one row a digit."""
    return csv_of(pages_csv([result]), "digits.csv")


def show_numbers_csv(result: Result) -> Response:
    """The reading as CSV, one row a number."""
    return csv_of(numbers_csv([result]), "numbers.csv")


def show_picture(result: Result) -> Response:
    """The picture of the page, upright, at most 1600 px long."""
    picture = result.load_picture()
    if picture is None:
        raise ResultNotFoundError("The picture of this result is gone.")
    return current_app.response_class(picture, mimetype="image/jpeg")


def show_step(result: Result, file: str) -> Response:
    """The picture of one step, such as "ink.png"."""
    picture = result.steps.pictures.get(file) if result.steps else None
    if picture is None:
        raise ResultNotFoundError("This result has no such picture.")
    return current_app.response_class(picture, mimetype=mimetypes.guess_type(file)[0])


def show_digit(result: Result, number: str) -> Response:
    """How one digit was read; digits count from 1 in reading order."""
    return _show_mark(result, number, is_digit=True)


def show_mark(result: Result, number: str) -> Response:
    """Why one mark was not read; marks left out count from 1."""
    return _show_mark(result, number, is_digit=False)


def _show_mark(result: Result, number: str, *, is_digit: bool) -> Response:
    if result.steps is None:
        raise MarkNotFoundError("How this picture was read is not known any more.", result.url())
    places = result.steps.digits if is_digit else result.steps.left_out
    if not (number.isdecimal() and number.isascii() and 1 <= int(number) <= len(places)):
        kind = "digit" if is_digit else "mark"
        raise MarkNotFoundError(f"This page has no {kind} of this number.", result.url())
    return make_response(
        render_template("digit.html", mark=view_mark(result, result.steps, int(number), is_digit=is_digit))
    )


VIEWS: dict[str, Callable[..., Response]] = {
    "": show_result,
    ".json": show_json,
    ".csv": show_csv,
    "/numbers.csv": show_numbers_csv,
    "/page.jpg": show_picture,
    "/steps/<file>": show_step,
    "/digits/<number>": show_digit,
    "/marks/<number>": show_mark,
}


def delete_result(token: str) -> BaseResponse:
    """Forget one page at once."""
    parts = services()
    batch_token = parts.store.delete_item(token, parts.clock())
    if batch_token is not None:
        return redirect(url_for("pages.show_batch", token=batch_token), SEE_OTHER)
    return redirect(url_for("pages.show_home", deleted=1), SEE_OTHER)


def csv_of(table: str, name: str) -> Response:
    """One CSV file to keep."""
    response = current_app.response_class(table, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def unlisted(response: Response) -> Response:
    """A result belongs to whoever has its address, not to search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _lead_back(error: MarkNotFoundError) -> Response:
    return failures.answer(error, back_url=error.result_url)
