"""Connected components of a mask: OpenCV's labelling with the types that the rest of `imaging` relies on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def label_components(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Number the 8-connected components of a mask.

    Args:
        mask: (H, W) bool.

    Returns:
        labels: (H, W) int32, 0 is the background.
        stats: (N + 1, 5) int32, a row a label, the background first; columns as `cv2.CC_STAT_*`: left, top, width,
            height in pixels, area in pixels.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)
