"""What screens do to a crop: light digits on dark panels of a light page, and pixels so large that they are seen.

Programs show the digits of a data set like that, and so do the screenshots that people read again.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# A digit is still told by so many large pixels.
FEWEST_PIXELS = 7.0


def put_on_panels(
    picture: NDArray[np.uint8], boxes: NDArray[np.float32], labels: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Turn the greys around within a rectangle about digits, around one or around each.

    Args:
        picture: (H, W), grey.
        boxes: (N, 4), left, top, width and height of all marks in pixels.
        labels: (N,), those from 0 to 9 may get a panel.
        rng: decides.

    Returns:
        (H, W), a copy. A panel that would cut another mark is left out.
    """
    turned = picture.copy()
    digits = np.flatnonzero((labels >= 0) & (labels < 10))
    if len(digits) and rng.random() < 0.5:
        digits = rng.permutation(digits)[:1]
    gap = rng.uniform(0.08, 0.6)
    ends = boxes[:, :2] + boxes[:, 2:]
    for index in digits:
        around = gap * boxes[index, 2:].max()
        low, high = np.round(boxes[index, :2] - around), np.round(ends[index] + around)
        is_touched = ((boxes[:, :2] < high) & (ends > low)).all(axis=1)
        if is_touched.sum() == 1:
            left, top = np.maximum(low, 0).astype(int)
            right, bottom = np.maximum(high, 0).astype(int)
            turned[top:bottom, left:right] = 255 - turned[top:bottom, left:right]
    return turned


def with_large_pixels(
    picture: NDArray[np.uint8], boxes: NDArray[np.float32], labels: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Show fewer pixels, each as a square, but no fewer than `FEWEST_PIXELS` for the smallest digit.

    Arguments and result as in `put_on_panels`.
    """
    sizes = boxes[(labels >= 0) & (labels < 10), 2:].max(axis=1)
    most = float(sizes.min()) / FEWEST_PIXELS if len(sizes) else 8.0
    height, width = picture.shape
    square = float(np.exp(rng.uniform(0, np.log(max(1.0, most)))))
    few = cv2.resize(picture, (round(width / square), round(height / square)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
