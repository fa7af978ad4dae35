"""Pillow pictures and arrays to pages: upright, on paper, 8 bits a channel.

Colour profiles are not applied: which pixels are darker than the paper around them does not depend on them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops

from digitlens.errors import InputError
from digitlens.imaging.guard import decoding

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LARGEST_NUMBER = 1e30
_NEARLY_WHITE = 224
_WHITE = (255, 255, 255)
_BLACK = (0, 0, 0)
_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0


def page_from_array(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Turn an array into a page.

    Args:
        array: (H, W) or (H, W, 1) grey, (H, W, 3) RGB or (H, W, 4) RGBA; row 0 on top. uint8 is taken as it is and
            bool as black and white. All other numbers are scaled so that black is 0 (or the lowest number, if below 0)
            and white is 1, 255 or the largest number: 1 for floats up to 2 (a resized picture overshoots 1) and
            integers up to 1, 255 for anything up to 255, the largest number itself above that.

    Returns:
        (H, W) or (H, W, 3) uint8; shares memory with `array` where nothing had to change, and may be read-only.

    Raises:
        InputError: another shape or dtype, no pixels, NaN or infinite values.

    >>> page_from_array(np.array([[0.0, 0.5, 1.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    array = np.asarray(array)
    is_page = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (1, 3, 4))
    if not is_page or array.size == 0:
        raise InputError(
            f"The array has the shape {array.shape}; a page is (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), "
            "with at least one pixel.",
            "Pass one page at a time, with its channels last.",
        )
    levels = array if array.dtype == np.uint8 else _to_8_bit(array)
    if levels.ndim == 3 and levels.shape[2] == 4:
        return np.asarray(_on_paper(Image.fromarray(np.ascontiguousarray(levels), "RGBA")))
    return np.ascontiguousarray(levels[:, :, 0] if levels.shape[2:] == (1,) else levels)


def page_from_image(image: Image.Image) -> NDArray[np.uint8]:
    """Turn a Pillow image (its current frame) into a page; the image itself stays as it is.

    Args:
        image: of any mode. Its EXIF orientation is applied and transparency laid on paper; 16 bits and more are
            scaled as in `page_from_array`; of the LAB mode only the lightness is kept.

    Returns:
        (H, W) or (H, W, 3) uint8, upright; may be read-only.

    Raises:
        InputError: no pixels, or values that are NaN or infinite.
        UnreadableImageError: its file turns out to be damaged or cut short.
    """
    kind = image.format or "picture"
    with decoding(kind):
        image.load()
    if 0 in image.size:
        raise InputError(f"The {kind} has no pixels: it is {image.width} x {image.height}.")
    with decoding(kind):
        flat = _flatten(image)
        method = _UPRIGHT.get(_orientation(image))
        return np.asarray(flat if method is None else flat.transpose(method))


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 for anything that is not clearly one of these."""
    with suppress(Exception):  # a damaged EXIF block says nothing about the pixels
        value = image.getexif().get(ExifTags.Base.Orientation)
        return value if isinstance(value, int) else 1
    return 1


def _flatten(image: Image.Image) -> Image.Image:
    """Any mode to L or RGB."""
    if image.mode.startswith(("I", "F")):
        return _from_numbers(image)
    if image.has_transparency_data:
        return _on_paper(image)
    if image.mode in ("L", "RGB"):
        return image
    if image.mode == "LAB":
        return image.getchannel("L")
    if image.mode == "CMYK" and image.format in ("JPEG", "MPO") and "adobe" not in image.info:
        # Adobe writes its CMYK inverted, which Pillow undoes for every JPEG, also for those that Adobe did not write.
        return ImageChops.invert(image).convert("RGB")
    return image.convert("L" if image.mode == "1" else "RGB")


def _from_numbers(image: Image.Image) -> Image.Image:
    """One channel of 16 or 32 bits to L."""
    levels = _to_8_bit(np.asarray(image))
    tags = getattr(image, "tag_v2", {})  # of a TIFF; Pillow heeds its polarity up to 8 bits only
    return Image.fromarray(~levels if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else levels)


def _to_8_bit(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale as `page_from_array` says."""
    if numbers.dtype.kind not in "buif":
        raise InputError(f"The array holds {numbers.dtype}; a page is made of numbers.", "Pass uint8 or float32.")
    with np.errstate(over="ignore"):
        levels = numbers.astype(np.float32)
    if not (np.abs(levels) < _LARGEST_NUMBER).all():  # false for NaN too
        raise InputError("The picture holds values that are NaN or infinite.", "Replace them by numbers and try again.")
    black = min(float(levels.min()), 0.0)
    white = _white(float(levels.max()), is_float=numbers.dtype.kind == "f")
    levels -= black
    levels *= 255 / (white - black)
    return np.rint(np.minimum(levels, 255)).astype(np.uint8)


def _white(largest: float, *, is_float: bool) -> float:
    """The number that stands for white in data whose largest number is this.

    Cameras and scanners put 10, 12 or 14 bits into files of 16, and no header says so.
    """
    return 1.0 if largest <= (2 if is_float else 1) else max(largest, 255.0)


def _on_paper(image: Image.Image) -> Image.Image:
    """Lay a picture with transparency on white paper, or on black if it would vanish on white.

    What is fully transparent shows none of its colour, which is often garbage.
    """
    rgba = image.convert("LA" if image.mode == "La" else "RGBA").convert("RGBA")
    page = Image.new("RGB", rgba.size, _BLACK if _is_white_on_nothing(rgba) else _WHITE)
    page.paste(rgba, mask=rgba.getchannel("A"))
    return page


def _is_white_on_nothing(rgba: Image.Image) -> bool:
    """True where at least a fifth is transparent, and 99 % of the rest is nearly white.

    A fifth: white strokes leave more than that open, while the rounded corners of a white sheet are less.
    """
    alpha = rgba.getchannel("A")
    seen = alpha.point([0] * 128 + [255] * 128)
    seen_count = seen.histogram()[255]
    if not 0 < seen_count < 0.8 * rgba.width * rgba.height:
        return False
    levels = np.reshape(rgba.histogram(seen), (4, 256))[:3]
    return bool((levels[:, :_NEARLY_WHITE].sum(axis=1) < 0.01 * seen_count).all())
