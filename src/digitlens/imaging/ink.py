"""Page to ink: how strongly each pixel is written on, whatever the light, the paper and the pen.

The background is estimated as the local median of each colour channel (Huang, Yang and Tang, "A fast two-dimensional
median filtering algorithm", 1979): it follows shadows and vignetting, keeps their edges, and does not care whether the
ink is darker or lighter than the paper. What differs from the background more than the camera's noise is ink; weak ink
counts where it hangs together with strong ink (hysteresis, as in Canny, "A computational approach to edge detection",
1986), and every mark is then cut at a share of its own contrast, so that pencil and marker share a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.components import label_components
from digitlens.imaging.normalise import stroke_width
from digitlens.imaging.rulings import find_rulings

# A page is brought to a working size: large photos hold no detail in single pixels, tiny ones need sub-pixel edges.
MOST_WORKING_PIXELS = 4_000_000
LEAST_WORKING_SIDE = 112
# The background is smooth, so it is estimated on a small copy, with a window that outweighs any stroke.
BACKGROUND_SIDE = 320
WIDEST_WINDOW = 0.33
NARROWEST_WINDOW = 0.08
STROKES_IN_WINDOW = 10
WORTH_A_SECOND_LOOK = 0.75
FLAT_SHARE = 0.35
WIDEST_STROKE_SHARE = 0.25  # half the width of a stroke over the shorter side
# Thin structures vanish from a median over this share of the side; they decide the polarity from this energy share on.
POLARITY_SIDE = 800
THIN_SHARE = 0.06
THIN_ENERGY = 0.1
# Contrast below this many grey levels is texture of the paper or of JPEG, whatever the noise estimate says.
LEAST_CONTRAST = 10.0
MOST_NOISE = 10.0
NOISE_FACTOR_WEAK = 4.0
NOISE_FACTOR_STRONG = 7.0
# A mark is ink when it has at least this share of the contrast of the page's darkest ink.
STRONG_SHARE = 0.25
DARKER_THAN_RULING = 1.4
MOSTLY_RULING = 0.6
# A component smaller than that, in working pixels, is grain; a page of nothing else would take seconds.
LEAST_SIDE = 3
# Ink begins at this share of a mark's full contrast: low enough to keep a pencil stroke in one piece.
CUT = 0.35
BRIDGE = 0.2
# The frame of a cell: a line along the picture's edge, that near to it, that long and that thin (shares of the side).
FRAME_DEPTH = 0.12
FRAME_COVER = 0.75
FRAME_THICKNESS = 0.08


@dataclass(frozen=True, slots=True)
class Ink:
    """What is written on a page, at working size.

    Attributes:
        strength: (H, W) float32 in [0, 1]; 1 is full ink of the mark it belongs to, 0 is background.
        mask: (H, W) bool, True is ink.
        light_on_dark: True where the ink is lighter than the background (blackboard, inverted drawing).
        scale: working pixels for one pixel of the page.
    """

    strength: NDArray[np.float32]
    mask: NDArray[np.bool_]
    light_on_dark: bool
    scale: float


def find_ink(page: NDArray[np.uint8]) -> Ink:
    """Separate ink from background.

    Args:
        page: (H, W) or (H, W, 3) uint8, upright.

    Returns:
        The ink at working size; its mask is empty for a blank page.
    """
    working, scale = to_working_size(page)
    paper = background(working, WIDEST_WINDOW)
    light_on_dark, strength, mask = _separate(working, paper)
    window = _window_for(mask)
    if window < WORTH_A_SECOND_LOOK * WIDEST_WINDOW:
        closer = background(working, window)
        if not np.array_equal(closer, paper):  # a drawing's one colour is the same through any window
            light_on_dark, strength, mask = _separate(working, closer)
    return Ink(strength, mask, light_on_dark, scale)


def _separate(
    page: NDArray[np.uint8], paper: NDArray[np.float32]
) -> tuple[bool, NDArray[np.float32], NDArray[np.bool_]]:
    """Polarity, strength and mask of the ink, as in `Ink`, against one estimate of the background."""
    light_on_dark = _is_light_on_dark(page, paper)
    difference = page.astype(np.float32) - _full_size(paper, page)
    contrast = _contrast(difference if light_on_dark else -difference)
    mask = _hysteresis(contrast, _noise(difference))
    return light_on_dark, *_cut_at_own_contrast(contrast, mask)


def _window_for(mask: NDArray[np.bool_]) -> float:
    """The narrowest window, as a share of the longer side, that still outweighs every stroke.

    A narrow window follows the corners of sheets and shadows closely. The thickest mark inside the page decides; one
    that reaches the edge may be such a corner itself, or a digit that fills the picture, so it alone changes nothing.
    """
    height, width = mask.shape
    labels, stats = label_components(mask)
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    inside = (left > 0) & (top > 0) & (right < width) & (bottom < height) & (np.arange(len(stats)) > 0)
    if not inside.any():
        return WIDEST_WINDOW
    distance = cv2.distanceTransform(inside[labels].astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    share = STROKES_IN_WINDOW * 2 * float(distance.max()) / max(height, width)
    return float(np.clip(share, NARROWEST_WINDOW, WIDEST_WINDOW))


def to_working_size(page: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Shrink large pages and enlarge tiny ones.

    Args:
        page: (H, W) or (H, W, 3) uint8.

    Returns:
        (h, w, 3) or (h, w, 1) uint8 and the factor h / H.
    """
    height, width = page.shape[:2]
    scale = min(1.0, (MOST_WORKING_PIXELS / (height * width)) ** 0.5)
    if min(height, width) < LEAST_WORKING_SIDE:
        scale = min(4.0, LEAST_WORKING_SIDE / min(height, width), (MOST_WORKING_PIXELS / (height * width)) ** 0.5)
    if scale != 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        page = cv2.resize(page, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)  # type: ignore[assignment]
    return page.reshape(*page.shape[:2], -1), scale


def background(page: NDArray[np.uint8], window: float) -> NDArray[np.float32]:
    """The page as it would look without ink.

    Args:
        page: (H, W, C) uint8.
        window: side of the median's window as a share of the page's longer side; wide enough for paper to outweigh ink.

    Returns:
        (h, w, C) float32 in [0, 255], the longer side at most `BACKGROUND_SIDE`: a background has no detail.
    """
    flat = _flat_colour(_shrunk(page, BACKGROUND_SIDE, cv2.INTER_NEAREST))
    small = _shrunk(page, BACKGROUND_SIDE, cv2.INTER_AREA)
    if flat is not None:
        return np.broadcast_to(flat, small.shape).copy()
    half = max(1, round(max(small.shape[:2]) * window / 2))
    # Reflected, so that the frame of a table cell does not fill the window at the edge of the picture.
    padded = cv2.copyMakeBorder(small, half, half, half, half, cv2.BORDER_REFLECT)
    planes = [cv2.medianBlur(plane, 2 * half + 1)[half:-half, half:-half] for plane in cv2.split(padded)]
    smooth = cv2.GaussianBlur(np.stack(planes, axis=2).astype(np.float32), (0, 0), 1.5)
    return np.asarray(smooth, np.float32).reshape(small.shape)


def _shrunk(page: NDArray[np.uint8], side: int, method: int) -> NDArray[np.uint8]:
    """(h, w, C) uint8 with at most `side` pixels on the longer side."""
    height, width = page.shape[:2]
    shrink = min(1.0, side / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return np.asarray(cv2.resize(page, size, interpolation=method), np.uint8).reshape(size[1], size[0], -1)


def _full_size(small: NDArray[Any], page: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = page.shape[:2]
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32).reshape(
        page.shape
    )


def _flat_colour(page: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """The background of a drawing or a binarised scan, where one colour fills much of it exactly; else None.

    Without this a marker stroke as wide as the median's window would become background itself. An overexposed photo
    has one exact colour too, but there the rest is a wide shadow and no stroke.
    """
    mode = np.array([np.bincount(plane.ravel(), minlength=256).argmax() for plane in cv2.split(page)], np.int16)
    distance = np.abs(page.astype(np.int16) - mode).max(axis=2)
    other = (distance > LEAST_CONTRAST).astype(np.uint8)
    thickest = float(cv2.distanceTransform(other, cv2.DIST_L2, cv2.DIST_MASK_3).max())
    is_flat = (distance == 0).mean() >= FLAT_SHARE and thickest <= WIDEST_STROKE_SHARE * min(page.shape[:2])
    return mode.astype(np.float32) if is_flat else None


def _contrast(difference: NDArray[np.float32]) -> NDArray[np.float32]:
    """The strongest channel: red ink is dark in blue and green only."""  # (H, W, C) -> (H, W)
    return np.asarray(np.maximum(difference.max(axis=2), 0.0), np.float32)


def _noise(difference: NDArray[np.float32]) -> float:
    """Standard deviation of the camera's noise in grey levels, from the median (ink is the minority)."""
    return 1.4826 * float(np.median(np.abs(difference[::3, ::3])))


def _is_light_on_dark(page: NDArray[np.uint8], paper: NDArray[np.float32]) -> bool:
    """Whether light ink outweighs dark ink, by energy.

    Thin structures decide where there are any: the corners of a sheet on a dark table outweigh all that is written on
    it, but they are no strokes. Thick ones decide on a picture that a digit fills.
    """
    small = _shrunk(page, POLARITY_SIDE, cv2.INTER_AREA)
    window = max(3, round(max(small.shape[:2]) * THIN_SHARE) // 2 * 2 + 1)
    smooth = np.stack([cv2.medianBlur(plane, window) for plane in cv2.split(small)], axis=2)
    thin = small.astype(np.float32) - smooth
    thin_dark, thin_light = _energy(-thin), _energy(thin)
    any_width = small.astype(np.float32) - _full_size(paper, small)
    dark, light = _energy(-any_width), _energy(any_width)
    return thin_light > thin_dark if max(thin_dark, thin_light) >= THIN_ENERGY * max(dark, light) else light > dark


def _energy(difference: NDArray[np.float32]) -> float:
    excess = np.maximum(_contrast(difference) - LEAST_CONTRAST, 0.0)
    return float(np.square(excess).sum())


def _hysteresis(contrast: NDArray[np.float32], noise: float) -> NDArray[np.bool_]:
    """Weak ink that is connected to strong ink."""
    noise = min(noise, MOST_NOISE)
    weak = contrast > max(LEAST_CONTRAST, NOISE_FACTOR_WEAK * noise)
    if not weak.any():
        return weak
    _clear_frame(weak)
    weak = _without_rulings(weak, contrast)
    if not weak.any():
        return weak
    darkest = float(np.percentile(contrast[weak], 95))
    strong = weak & (contrast > max(LEAST_CONTRAST, NOISE_FACTOR_STRONG * noise, STRONG_SHARE * darkest))
    labels, stats = label_components(weak)
    kept = np.zeros(len(stats), bool)
    kept[np.unique(labels[strong])] = True
    kept &= stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= LEAST_SIDE
    kept[0] = False
    return np.asarray(kept[labels], bool)


def _without_rulings(mask: NDArray[np.bool_], contrast: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Erase the lines of the paper, but not the strokes that lie on them.

    Most papers are ruled more faintly than people write, so what is darker than the rulings stays where it belongs to
    a mark that is mostly not ruling.
    """
    rulings = find_rulings(mask)
    if not rulings.any():
        return mask
    dark = rulings & (contrast > DARKER_THAN_RULING * float(np.percentile(contrast[rulings], 80)))
    kept = (mask & ~rulings) | dark
    labels, stats = label_components(kept)
    on_ruling = np.bincount(labels[dark], minlength=len(stats))
    return np.asarray(kept & (on_ruling <= MOSTLY_RULING * stats[:, cv2.CC_STAT_AREA])[labels], bool)


def _clear_frame(mask: NDArray[np.bool_]) -> None:
    """Erase, in place, the lines of a table cell or form field along the four edges of the picture.

    A bar of a digit that fills the picture lies there too, but it is thicker.
    """
    for turned in (mask, mask[::-1], mask.T, mask.T[::-1]):  # views: the edge in question is row 0 in each
        depth = max(1, round(FRAME_DEPTH * len(turned)))
        lines = np.flatnonzero(turned[:depth].mean(axis=1) >= FRAME_COVER)
        if len(lines) == 0:
            continue
        thickness = np.median(turned[: 2 * depth, turned[lines[-1]]].sum(axis=0))
        if thickness <= max(2, FRAME_THICKNESS * len(turned)):
            turned[: lines[-1] + 2] = False


def _cut_at_own_contrast(
    contrast: NDArray[np.float32], mask: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Give each connected component its own scale: 1 at its full contrast, ink from `CUT` on.

    Weaker ink stays where it bridges a gap no wider than a stroke: the grain of a pencil, not the line of squared
    paper that happens to touch a digit.
    """
    labels, stats = label_components(mask)
    strength = np.zeros(contrast.shape, np.float32)
    for label in range(1, len(stats)):
        left, top, width, height = (int(v) for v in stats[label, :4])
        window = (slice(top, top + height), slice(left, left + width))
        inside = labels[window] == label
        full = float(np.percentile(contrast[window][inside], 90))
        part = np.where(inside, np.clip(contrast[window] / full, 0.0, 1.0), 0.0)
        strength[window] = np.maximum(strength[window], part)
    full_ink = strength > CUT
    reach = 2 * int(np.clip(stroke_width(full_ink) * BRIDGE, 0, 5)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return strength, mask & (cv2.dilate(full_ink.astype(np.uint8), kernel) > 0)
