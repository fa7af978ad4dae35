"""What a file is, by its first bytes. Its name and its MIME type are never asked, since both are often wrong."""

from __future__ import annotations

from digitlens.errors import UnsupportedFormatError

_READ = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),  # BigTIFF
    (b"MM\0+", "TIFF"),
)
_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
# A PDF may carry junk before its header (ISO 32000-1, annex H, note 13).
_PDF_HEADER_WITHIN = 1024

_NOT_READ = (
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript drawing"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\1\0", "an icon"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
# Which entry of a ZIP gives it away.
_ZIPPED = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"opendocument", "an OpenDocument file"),
)


def recognise(data: bytes) -> str:
    """Name the kind of a file.

    Args:
        data: the whole file.

    Returns:
        One of AVIF, BMP, GIF, HEIC, JPEG, PDF, PNG, TIFF, WebP.

    Raises:
        UnsupportedFormatError: it is none of these; the message names what it seems to be.

    >>> recognise(b"GIF89a...")
    'GIF'
    """
    for signature, kind in _READ:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    # Two letters alone would take the text "BMW" for a picture.
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if _brands(data) & _AVIF_BRANDS:
        return "AVIF"
    if _brands(data) & _HEIC_BRANDS:
        return "HEIC"
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "PDF"
    raise UnsupportedFormatError(
        f"This looks like {_guess(data)}, which digitlens does not read.",
        "Send a picture (PNG, JPEG, WebP, BMP, GIF, TIFF) or a PDF; a screenshot or a photo of it will do.",
    )


def _brands(data: bytes) -> set[bytes]:
    """What an ISO base media file says it is compatible with (ISO/IEC 14496-12, section 4.3)."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 256)
    return {data[8:12]} | {data[start : start + 4] for start in range(16, end, 4)}


def _guess(data: bytes) -> str:
    """What an unread file seems to be, with its article."""
    for signature, name in _NOT_READ:
        if data.startswith(signature):
            return name
    if data.startswith(b"PK\3\4"):
        return next((name for mark, name in _ZIPPED if mark in data), "a ZIP archive")
    if data[4:8] == b"ftyp":
        return "a video"
    return _guess_text(data[:4096])


def _guess_text(head: bytes) -> str:
    lower = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in lower:
        return "an SVG drawing"
    if lower.startswith(b"<!doctype html") or b"<html" in lower:
        return "a web page"
    if lower.startswith(b"data:image/"):
        return "a picture written as text (a data URL)"
    text = head.decode("utf-8", errors="ignore")
    is_text = len(text.encode()) > len(head) - 4 and all(char.isprintable() or char.isspace() for char in text)
    return "plain text" if is_text else "no picture that is known here"
