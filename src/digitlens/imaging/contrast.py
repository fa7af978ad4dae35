"""How strongly a mark stands out from the paper around it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.results import Box


def cut_around(page: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """A box with a fifth of its side of paper around it, in grey.

    Args:
        page: (H, W) or (H, W, 3) uint8, upright, RGB.
        box: it lies on the page.

    Returns:
        (h, w) uint8.
    """
    around = max(2, round(0.2 * max(box.width, box.height)))
    cut = page[max(0, box.top - around) : box.bottom + around, max(0, box.left - around) : box.right + around]
    return cut if cut.ndim == 2 else np.asarray(cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY), np.uint8)


def contrast(cut: NDArray[np.uint8]) -> float:
    """Distance between the means of the two classes that Otsu's threshold makes (N. Otsu, 1979).

    Args:
        cut: (h, w) uint8.

    Returns:
        In [0, 1]; 1 is black on white, 0 is one grey.
    """
    threshold, _ = cv2.threshold(cut, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = cut > threshold
    if bright.all() or not bright.any():
        return 0.0
    return float(cut[bright].mean() - cut[~bright].mean()) / 255
