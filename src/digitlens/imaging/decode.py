"""The first step of a picture's way: bytes to upright pages, or an error that says what to send instead.

Two rules hold here. What a header tells is checked before anything is decoded, so that a few kilobytes cannot ask for
gigabytes. And a picture is read as a whole or not at all: half of a damaged one could show other digits than it had.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import jpeg_factory
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from digitlens.errors import InputError, TooLargeError, UnreadableImageError, UnsupportedFormatError
from digitlens.imaging.formats import recognise
from digitlens.imaging.guard import decoding
from digitlens.imaging.page import page_from_array, page_from_image
from digitlens.settings import MEGABYTE, Settings

__all__ = ["decode_upload", "page_from_array", "page_from_image"]

_OPENERS = {
    "AVIF": AvifImageFile,
    "BMP": BmpImageFile,
    "GIF": GifImageFile,
    "JPEG": jpeg_factory,
    "PNG": PngImageFile,
    "TIFF": TiffImageFile,
    "WebP": WebPImageFile,
}


def decode_upload(data: bytes, settings: Settings) -> Iterator[NDArray[np.uint8]]:
    """Check an upload, then decode its pages one by one.

    All pages of a TIFF or PDF; the first frame of an animation. Each page is decoded when it is asked for, so that
    a long document never lies in memory as a whole; damage of the pixels themselves shows only then.

    Args:
        data: the file as sent; its kind is told by its content.
        settings: `max_bytes`, `max_pixels` and `max_pages` bound it, `pdf_dpi` is the resolution of PDF pages.

    Returns:
        At least one page: (H, W) grey or (H, W, 3) RGB uint8, upright, transparency laid on paper; may be read-only.

    Raises:
        InputError: it is empty.
        TooLargeError: too many bytes, pixels or pages, judged on the header.
        UnsupportedFormatError: it is no picture and no PDF, or HEIC without the extra.
        UnreadableImageError: damaged, cut short or locked; raised here or while the page concerned is decoded.
    """
    if not data:
        raise InputError("The file is empty (0 bytes).", "Choose another file, or save the picture again.")
    check_bytes(len(data), settings.max_bytes)
    kind = recognise(data)
    if kind == "PDF":
        from digitlens.imaging.pdf import decode_pdf

        return decode_pdf(data, settings)
    page_count = _check_header(kind, data, settings)
    return (_decode_page(kind, data, index) for index in range(page_count))


def read_file(path: Path, max_bytes: int) -> bytes:
    """All bytes of a file, which is never read as a whole where it is too large.

    Raises:
        OSError: it cannot be opened.
        TooLargeError: it has more than `max_bytes`.
    """
    with path.open("rb") as file:
        check_bytes(os.fstat(file.fileno()).st_size, max_bytes)
        return file.read(max_bytes + 1)  # a pipe does not say its size


def check_bytes(size: int, max_bytes: int) -> None:
    """Refuse a file of so many bytes if they are too many.

    Raises:
        TooLargeError: there are more than `max_bytes`.
    """
    if size > max_bytes:
        raise TooLargeError(f"The file has {megabytes(size)} MB; at most {max_bytes / MEGABYTE:g} MB are allowed.")


def megabytes(size: int) -> float:
    """Bytes in megabytes, rounded up to a tenth, so that one byte too many does not read as allowed.

    >>> megabytes(25_000_000), megabytes(25_000_001)
    (25.0, 25.1)
    """
    return math.ceil(10 * size / MEGABYTE) / 10


def _check_header(kind: str, data: bytes, settings: Settings) -> int:
    """Number of pages, each of an allowed size."""
    with decoding(kind), _open(kind, data) as image:
        _check_size(kind, image, settings)
        if kind != "TIFF":
            return 1
        for index in range(1, settings.max_pages + 1):
            try:
                image.seek(index)
            except EOFError:
                return index
            _check_size(kind, image, settings)
    raise TooLargeError(
        f"The TIFF has more than {settings.max_pages} pages; up to {settings.max_pages} are allowed.",
        "Send its pages in smaller parts.",
    )


def _check_size(kind: str, image: ImageFile, settings: Settings) -> None:
    width, height = image.size
    if width * height == 0:
        raise UnreadableImageError(f"The {kind} has no pixels: it is {width} x {height}.")
    if width * height > settings.max_pixels:
        raise TooLargeError(
            f"The picture has {width:,} x {height:,} = {width * height:,} pixels; "
            f"up to {settings.max_pixels:,} are allowed.",
            "Scale it down, or cut out the part with the digits.",
        )


def _decode_page(kind: str, data: bytes, index: int) -> NDArray[np.uint8]:
    with decoding(kind), _open(kind, data) as image:
        if index:
            image.seek(index)
        return page_from_image(image)


def _open(kind: str, data: bytes) -> ImageFile:
    """Read the header.

    By the class that knows the kind and not by `Image.open`, which judges sizes by a limit of its own; that limit is
    global and belongs to whoever else uses Pillow in this process.
    """
    opener = _heif_opener() if kind == "HEIC" else _OPENERS[kind]
    return opener(io.BytesIO(data))


def _heif_opener() -> type[ImageFile]:
    try:
        from pillow_heif import HeifImageFile
    except ImportError as error:
        raise UnsupportedFormatError(
            "This is a HEIC picture, which this installation of digitlens does not read.",
            "Send it as JPEG; or install the extra `heic`: pip install '.[heic]' in the checkout.",
        ) from error
    return HeifImageFile
