"""From a request to the files it carries, within the limits, one in memory at a time."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from digitlens.errors import InputError, TooLargeError, UnsupportedFormatError
from digitlens.imaging.decode import check_bytes, megabytes
from digitlens.settings import MEGABYTE, Settings

# Boundaries and headers of a multipart body around the file itself.
FORM_OVERHEAD_BYTES = 100_000
LONGEST_NAME = 120
URL_ENCODED = "application/x-www-form-urlencoded"
URL_ENCODED_START = re.compile(rb"([\w.%+-]{1,64})=")
API_FORM_HINT = "Send the picture in the form field 'file' (curl -F file=@picture.jpg), or as the raw body."
PAGE_FORM_HINT = "Send pictures in the form field 'files'."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as sent.

    Attributes:
        name: its name without folders, safe to show; None where none was sent.
        stream: its bytes, on disk as long as nobody reads them.
    """

    name: str | None
    stream: IO[bytes]

    def read(self, max_bytes: int) -> bytes:
        """All bytes.

        Raises:
            TooLargeError: there are more than `max_bytes`.
        """
        check_bytes(self.stream.seek(0, os.SEEK_END), max_bytes)
        self.stream.seek(0)
        return self.stream.read()


def uploads_of_form(settings: Settings) -> list[Upload]:
    """The pictures of the page's form, in the order given.

    Raises:
        InputError: none was chosen, or they stand in another field.
        TooLargeError: there are too many, or the whole request is too large.
    """
    uploads = _uploads_of_field("files", PAGE_FORM_HINT)
    if not uploads:
        raise InputError("No file was chosen.", "Choose one or more pictures, then send again.")
    if len(uploads) > settings.max_files:
        raise TooLargeError(
            f"{len(uploads)} files came at once; at most {settings.max_files} are allowed.",
            "Send them in several goes.",
        )
    return uploads


def upload_of_api(settings: Settings) -> Upload:
    """The one picture of an API request: form field `file`, or the raw body.

    Raises:
        InputError: there is none, there are several, or it stands in another field.
        TooLargeError: the request is too large.
        UnsupportedFormatError: the content type says that it is no picture.
    """
    request.max_content_length = settings.max_bytes + FORM_OVERHEAD_BYTES
    if request.mimetype == "multipart/form-data":
        return _only_one(_uploads_of_field("file", API_FORM_HINT))
    if not _may_be_picture(request.mimetype):
        raise UnsupportedFormatError(f"The content type {request.mimetype!r:.80} is no picture.", API_FORM_HINT)
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise _too_large_request() from error
    if not body:
        raise InputError("The request has no body.", API_FORM_HINT)
    if request.mimetype == URL_ENCODED and (field := URL_ENCODED_START.match(body)):
        received = _quoted([field[1].decode()])
        raise InputError(
            f"A form of the type {URL_ENCODED} carries no file; received the field {received}.", API_FORM_HINT
        )
    return Upload(None, BytesIO(body))


def _may_be_picture(mimetype: str) -> bool:
    """Whether a raw body of this type is worth a look; curl's --data-binary says form-urlencoded of anything."""
    known = ("", "application/octet-stream", "application/pdf", URL_ENCODED)
    return mimetype in known or mimetype.startswith("image/")


def _uploads_of_field(field: str, hint: str) -> list[Upload]:
    try:
        files, form = request.files, request.form
    except RequestEntityTooLarge as error:
        raise _too_large_request() from error
    # A browser sends one part without name and content where nobody chose a file.
    chosen = [file for file in files.getlist(field) if file.filename]
    others = sorted({*files, *form} - {field})
    if not chosen and others and field not in files:
        raise InputError(f"The form has no file in the field '{field}'; received: {_quoted(others)}.", hint)
    return [Upload(safe_name(file.filename), file.stream) for file in chosen]


def _only_one(uploads: list[Upload]) -> Upload:
    if not uploads:
        raise InputError("The form field 'file' has no file.", API_FORM_HINT)
    if len(uploads) > 1:
        raise InputError(f"{len(uploads)} files came in the field 'file'; one is allowed.", "Send one request a file.")
    return uploads[0]


def _too_large_request() -> TooLargeError:
    allowed = f"at most {(request.max_content_length or 0) / MEGABYTE:.0f} MB are allowed at once"
    if request.content_length is not None and request.content_length > (request.max_content_length or 0):
        return TooLargeError(f"The request has {megabytes(request.content_length)} MB; {allowed}.")
    return TooLargeError(f"The request, or one of its form fields, is too large; {allowed}.")


def safe_name(name: str | None) -> str | None:
    r"""The last part of a path, without control and invisible characters; None if nothing is left.

    >>> safe_name("C:\\scans\\page 1.png"), safe_name("../../etc/passwd"), safe_name("\u202egnp.exe")
    ('page 1.png', 'passwd', 'gnp.exe')
    """
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if not unicodedata.category(char).startswith("C")).strip()
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[: LONGEST_NAME - 12]}…{dot}{ending[:10]}" if dot else shown[:LONGEST_NAME]
    return shown or None


def _quoted(names: Iterable[str]) -> str:
    """A few names as sent, cut short and with everything odd escaped."""
    listed = [repr(name[:40]) for name in names]
    return ", ".join(listed[:5]) + (" …" if len(listed) > 5 else "")
