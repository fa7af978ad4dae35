"""Pages to bytes, for the edges that show pictures and know no imaging library."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def encode_jpeg(page: NDArray[np.uint8], max_side: int = 1600, quality: int = 85) -> bytes:
    """Make a JPEG of a page, shrunk where it is larger than asked for.

    Args:
        page: (H, W) grey or (H, W, 3) RGB uint8.
        max_side: the longer side's limit in pixels; a smaller page keeps its size. 1600 fill a screen.
        quality: 1 to 95, as libjpeg counts it.

    Returns:
        A whole JPEG file, without metadata.
    """
    longest = max(page.shape[:2])
    image = Image.fromarray(page)
    if longest > max_side:
        width, height = (max(1, round(side * max_side / longest)) for side in image.size)
        # BOX is the mean over the area of each new pixel: thin strokes fade evenly and never drop out.
        image = image.resize((width, height), Image.Resampling.BOX)
    return _encode(image, "JPEG", quality=quality)


def encode_png(array: NDArray[np.uint8]) -> bytes:
    """Make a PNG of a small picture, pixel for pixel.

    Args:
        array: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA uint8.

    Returns:
        A whole PNG file.
    """
    return _encode(Image.fromarray(array), "PNG")


def encode_indexed_png(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Make a PNG of few colours: a third of the size of one in full colour.

    Args:
        indices: (H, W) uint8, rows of the palette.
        palette: (N, 3) RGB uint8, N at most 256.

    Returns:
        A whole PNG file.
    """
    image = Image.fromarray(indices, "P")
    image.putpalette(palette.tobytes())
    return _encode(image, "PNG")


def _encode(image: Image.Image, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
