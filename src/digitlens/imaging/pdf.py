"""PDF to pages, by PDFium."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitlens.errors import TooLargeError, UnreadableImageError
from digitlens.imaging.guard import decoding
from digitlens.settings import Settings

# PDFium must not be called from two threads at once, not even for two documents. Reentrant, since the garbage
# collector may close something of PDFium's while a call is being prepared.
_PDFIUM = threading.RLock()
_POINTS_PER_INCH = 72
_CM_PER_INCH = 2.54
# PDFium's sizes are 32-bit floats: without this a scan of 64 pixels comes as 64.000003, and is smeared over 65.
_ROUNDING = 1 - 1e-6
LOWEST_DPI = 36  # an 8 pt digit is then 3 px high


def decode_pdf(data: bytes, settings: Settings) -> Iterator[NDArray[np.uint8]]:
    """Check a PDF, then render its pages one by one.

    A page that would have more than `max_pixels` at `pdf_dpi` is rendered at as many dots an inch as fit. Scanning
    apps write one point a pixel, so that a photo becomes a page of a metre; it loses nothing by that.

    Args:
        data: the whole file.
        settings: `max_pages`, `max_pixels` and `pdf_dpi` bound the work.

    Returns:
        Pages, (H, W, 3) uint8 RGB, upright. Between two of them nothing of PDFium's is held open.

    Raises:
        TooLargeError: too many pages, or a page too large to be rendered at 36 dots an inch.
        UnreadableImageError: damaged, cut short, locked by a password, or without pages.
    """
    if b"%%EOF" not in data:  # PDFium would show what is left of the pages, with holes in it
        raise UnreadableImageError("The PDF is cut short: its end is missing.", "Download or export it again.")
    with _open(data) as document:
        if len(document) > settings.max_pages:
            raise TooLargeError(
                f"The PDF has {len(document)} pages; up to {settings.max_pages} are allowed.",
                "Send its pages in smaller parts.",
            )
        sizes = [document.get_page_size(index) for index in range(len(document))]
    scales = [_scale(number, size, settings) for number, size in enumerate(sizes, start=1)]
    return (_render(data, index, scale) for index, scale in enumerate(scales))


def _scale(number: int, size: tuple[float, float], settings: Settings) -> float:
    """Pixels a point for page `number` of the given size in points."""
    width, height = size
    total, area = width + height, width * height
    # The scale s at which (s width + 1)(s height + 1) = max_pixels: each side is rounded up to a whole pixel.
    fitting = (math.sqrt(total**2 + 4 * area * (settings.max_pixels - 1)) - total) / (2 * area) if area else 0.0
    scale = min(settings.pdf_dpi / _POINTS_PER_INCH, fitting)
    if not scale * _POINTS_PER_INCH >= LOWEST_DPI:  # also true for NaN
        width_cm, height_cm = (side / _POINTS_PER_INCH * _CM_PER_INCH for side in size)
        raise TooLargeError(
            f"Page {number} of the PDF measures {width_cm:,.0f} x {height_cm:,.0f} cm; at {LOWEST_DPI} dots an inch "
            f"it would have more than the {settings.max_pixels:,} pixels that are allowed.",
            "Print or export it to a smaller paper size.",
        )
    return scale * _ROUNDING


def _render(data: bytes, index: int, scale: float) -> NDArray[np.uint8]:
    # The bitmap is closed here, since its finaliser would not wait for the lock. The reversed order is RGB.
    with _open(data) as document, closing(document[index].render(scale=scale, rev_byteorder=True)) as bitmap:
        return np.asarray(bitmap.to_numpy(), np.uint8)  # memory of its own, which outlives the bitmap


@contextmanager
def _open(data: bytes) -> Iterator[Any]:
    """Open a document of at least one page, with PDFium to ourselves until it is closed again."""
    with _PDFIUM, decoding("PDF"):
        from pypdfium2 import PdfDocument, raw

        handle = raw.FPDF_LoadMemDocument64(data, len(data), None)
        if not handle:
            raise _refusal(raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY))
        with PdfDocument(handle) as document:
            # PdfDocument(data) would take no pages for an error, and its cause from the document before this one.
            if len(document) < 1:
                raise UnreadableImageError("The PDF has no pages.", "Send one with at least one page.")
            yield document


def _refusal(is_locked: bool) -> UnreadableImageError:
    if is_locked:
        return UnreadableImageError(
            "The PDF is locked by a password.",
            "Open it with its password, print it to a new PDF without one, and send that.",
        )
    return UnreadableImageError("The PDF is damaged or cut short: it could not be opened.", "Export or scan it again.")
