"""What can be measured where a digit stands on its page: contrast, size, sharpness, distance to the page's edge."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.contrast import contrast, cut_around
from digitlens.imaging.normalise import GLYPH_SIDE
from digitlens.results import Box


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """Measures of one digit on its page.

    Attributes:
        contrast: difference of brightness between ink and paper, in [0, 1]; 1 is black on white.
        longest_side: of the digit's box, in pixels of the page.
        edge_width: how far ink takes to become paper, in pixels of the frame (the digit is 20 of them).
        edge_distance: smallest distance of the box to the page's edge in pixels; 0 where it touches.
    """

    contrast: float
    longest_side: float
    edge_width: float
    edge_distance: float

    def to_dict(self) -> dict[str, float]:
        """Name to value."""
        return asdict(self)


def measure_on_page(page: NDArray[np.uint8], box: Box) -> PageMeasures:
    """Measure one digit.

    Args:
        page: (H, W) or (H, W, 3) uint8, upright, RGB.
        box: where the digit stands; it lies on the page.
    """
    height, width = page.shape[:2]
    whole = cut_around(page, box)
    difference = contrast(whole)
    cut = np.asarray(whole / 255, np.float32)
    slope = np.hypot(cv2.Sobel(cut, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(cut, cv2.CV_32F, 0, 1, scale=1 / 8))
    steepest = float(np.quantile(slope, 0.98))
    side = max(box.width, box.height)
    return PageMeasures(
        contrast=difference,
        longest_side=float(side),
        edge_width=difference / max(steepest, 1e-3) * GLYPH_SIDE / side,
        edge_distance=float(min(box.left, box.top, width - box.right, height - box.bottom)),
    )
