"""What can be measured on a frame without knowing what it shows: strokes, marks, place, ink.

`static/js/lens/doubts.js` measures the same in the same way; a test compares both on the same frames.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import CENTRE

# Share of the brightest ink from which a pixel belongs to a mark; faint rims and paper grain stay below it.
MARK_LEVEL = 0.25
# A piece with less than this share of the ink is a speck, no mark.
SPECK_SHARE = 0.04
# A frame whose brightest pixel is no brighter than this has no ink.
BLANK_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class FrameMeasures:
    """Measures of one frame with ink.

    Attributes:
        paper: median brightness in [0, 1]; 0 on clean paper.
        peak: brightest pixel, in [0, 1].
        stroke_width: mean width of the strokes in pixels of the frame.
        second_mark: share of the ink in the second largest connected component, in [0, 0.5].
        specks: share of the ink in components too small to be a mark, in [0, 1).
        aspect: width of the ink's box divided by its height.
        size: longest side of the ink's box in pixels.
        off_centre: distance of the centre of mass from where the normalisation puts it, in pixels.
        edge: share of the ink that lies on the outermost pixels of the frame, in [0, 1].
        rim: width of the grey rim around the strokes in pixels: grey pixels for each pixel of outline; wide where the
            picture is blurred.
    """

    paper: float
    peak: float
    stroke_width: float
    second_mark: float
    specks: float
    aspect: float
    size: float
    off_centre: float
    edge: float
    rim: float

    def to_dict(self) -> dict[str, float]:
        """Name to value."""
        return asdict(self)


def measure_frame(frame: NDArray[np.floating]) -> FrameMeasures | None:
    """Measure one frame.

    Args:
        frame: (28, 28) float in [0, 1], ink bright on 0.

    Returns:
        None where there is no ink.

    >>> bar = np.zeros((28, 28)); bar[4:24, 13:16] = 1
    >>> measured = measure_frame(bar)
    >>> round(measured.stroke_width, 1), measured.size
    (2.6, 20.0)
    """
    peak = float(frame.max())
    if peak <= BLANK_LEVEL:
        return None
    ink = np.asarray(frame / peak, np.float64)
    pieces = _pieces(ink)  # shares of the ink, largest first
    marks = pieces[pieces >= SPECK_SHARE]
    left, top, right, bottom = _box(ink >= MARK_LEVEL)
    rows, columns = np.indices(ink.shape)
    mass = ink.sum()
    row, column = float((rows * ink).sum() / mass), float((columns * ink).sum() / mass)
    return FrameMeasures(
        paper=float(np.median(frame)),
        peak=peak,
        stroke_width=grey_stroke_width(ink),
        second_mark=float(marks[1]) if len(marks) > 1 else 0.0,
        specks=float(pieces[pieces < SPECK_SHARE].sum()),
        aspect=(right - left) / (bottom - top),
        size=float(max(right - left, bottom - top)),
        off_centre=float(np.hypot(row - CENTRE, column - CENTRE)),
        edge=float((mass - ink[1:-1, 1:-1].sum()) / mass),
        rim=_rim_width(ink),
    )


def grey_stroke_width(ink: NDArray[np.float64]) -> float:
    """Mean width of the strokes in pixels: twice their area divided by the length of their outline.

    The outline's length is the total variation of the ink (coarea formula), so grey rims count by their share and the
    width changes gradually where counting pixels would jump.

    Args:
        ink: (H, W) in [0, 1], ink bright, brightest pixel 1.
    """
    area, outline = _area_and_outline(ink)
    return 2 * area / outline


def _area_and_outline(ink: NDArray[np.float64]) -> tuple[float, float]:
    core = np.clip(2 * (ink - 0.25), 0, 1)  # grain and soft rims do not count as outline
    padded = np.pad(core, 1)
    down = np.diff(padded, axis=0)[:, :-1]
    right = np.diff(padded, axis=1)[:-1, :]
    return float(core.sum()), float(np.hypot(down, right).sum())


def _pieces(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the ink in each 8-connected component, largest first."""
    count, labels = cv2.connectedComponents((ink >= MARK_LEVEL).astype(np.uint8), connectivity=8)
    sums = np.bincount(labels.ravel(), weights=ink.ravel(), minlength=count)[1:]
    return np.sort(sums / sums.sum())[::-1]


def _box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _rim_width(ink: NDArray[np.float64]) -> float:
    return float(((ink >= MARK_LEVEL) & (ink < 0.75)).sum()) / _area_and_outline(ink)[1]
