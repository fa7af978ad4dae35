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
    # OpenCV's default algorithm gives the same numbers, in four times the time.
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        mask.view(np.uint8) if mask.flags.c_contiguous else mask.astype(np.uint8), 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)
