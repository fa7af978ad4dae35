"""What the finder shall answer: maps made from the boxes of a crop, after "Objects as Points" (X. Zhou et al., 2019).

No Keras here: the processes that render crops make the targets too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitlens.model.candidates import CHANNELS, KINDS, SIZE_UNIT, STRIDE

DONT_CARE = -1
# The target's channels: as the finder's maps, with heat in [0, 1] for logits; then two that say which cells count.
HEAT_COUNTS = CHANNELS
IS_CENTRE = CHANNELS + 1
TARGET_CHANNELS = CHANNELS + 2
# Share of half a box that its peak spreads over, each way (Z. Liu et al., "TTFNet", 2020).
_SPREAD = 0.54


def targets_from_boxes(
    boxes: NDArray[np.float32], labels: NDArray[np.integer], shape: tuple[int, int]
) -> NDArray[np.float16]:
    """Draw the maps that the finder shall give for a crop.

    Args:
        boxes: (N, 4) left, top, width, height in pixels of the crop, which may reach beyond it.
        labels: (N,) 0 to 9, 10 for another mark, -1 for a region that may be answered in any way.
        shape: height and width of the crop in pixels, multiples of 4.

    Returns:
        (H/4, W/4, 17) float16. Channels 0 to 10: heat in [0, 1], 1 at a centre. 11, 12: log(width / 16) and
        log(height / 16). 13, 14: place of the centre in its cell, [0, 1). 15: 1 where heat counts, 0 in a region
        that may be answered in any way. 16: 1 at centres, where size and place count.
    """
    maps = np.zeros((shape[0] // STRIDE, shape[1] // STRIDE, TARGET_CHANNELS), np.float32)
    maps[..., HEAT_COUNTS] = 1
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    for left, top, width, height in boxes[np.asarray(labels) == DONT_CARE] / STRIDE:
        rows = slice(max(0, int(top)), max(0, int(np.ceil(top + height))))
        columns = slice(max(0, int(left)), max(0, int(np.ceil(left + width))))
        maps[rows, columns, HEAT_COUNTS] = 0
    # Large boxes first: where two centres share a cell, the smaller is the harder to find elsewhere.
    for index in np.argsort(-boxes[:, 2] * boxes[:, 3], kind="stable"):
        if labels[index] != DONT_CARE:
            _draw_centre(maps, boxes[index], int(labels[index]))
    return maps.astype(np.float16)


def _draw_centre(maps: NDArray[np.float32], box: NDArray[np.float32], label: int) -> None:
    left, top, width, height = box.tolist()
    width, height = max(width, 1.0), max(height, 1.0)
    x, y = (left + width / 2) / STRIDE, (top + height / 2) / STRIDE
    column, row = int(np.floor(x)), int(np.floor(y))
    if not (0 <= row < maps.shape[0] and 0 <= column < maps.shape[1]):
        return
    heat = np.outer(_bell(row, maps.shape[0], height), _bell(column, maps.shape[1], width))
    np.maximum(maps[..., label], heat, out=maps[..., label])
    maps[row, column, KINDS:] = (np.log(width / SIZE_UNIT), np.log(height / SIZE_UNIT), x - column, y - row, 1, 1)


def _bell(centre: int, length: int, extent_px: float) -> NDArray[np.float32]:
    """A Gaussian along one axis, 1 at the centre's cell and 0 beyond three standard deviations."""
    deviation = (_SPREAD * extent_px / STRIDE + 1) / 6
    distance = (np.arange(length, dtype=np.float32) - centre) / deviation
    return np.where(np.abs(distance) <= 3, np.exp(-(distance**2) / 2), 0).astype(np.float32)
