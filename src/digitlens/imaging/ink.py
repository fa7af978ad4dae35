"""Page to ink: how strongly each pixel is written on, whatever the light, the paper and the pen.

The background is estimated as the local median of each colour channel (Huang, Yang and Tang, "A fast two-dimensional
median filtering algorithm", 1979): it follows shadows and vignetting, keeps their edges, and does not care whether the
ink is darker or lighter than the paper. What differs from the background more than the camera's noise is ink; weak ink
counts where it hangs together with strong ink (hysteresis, as in Canny, "A computational approach to edge detection",
1986), and every mark is then cut at a share of its own contrast, so that pencil and marker share a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.components import label_components
from digitlens.imaging.normalise import stroke_width
from digitlens.imaging.rulings import find_rulings
from digitlens.imaging.working_size import reduced, shrunk, to_working_size

# The background is smooth, so it is estimated on a small copy, with a window that outweighs any stroke.
BACKGROUND_SIDE = 240
WIDEST_WINDOW = 0.33
NARROWEST_WINDOW = 0.08
LARGE_WINDOW = 60  # pixels of the small copy
STROKES_IN_WINDOW = 10
WORTH_A_SECOND_LOOK = 0.75
FIRST_LOOK_SIDE = 600  # the thickest stroke, which sets the window, is as thick there
FLAT_SHARE = 0.35
WIDEST_STROKE_SHARE = 0.25  # half the width of a stroke over the shorter side
# Thin structures vanish from a median over this share of the side; they decide the polarity from this energy share on.
THIN_SHARE = 0.06
THIN_SIDE = 80  # the median's window is 5 pixels there, the widest for which OpenCV has a fast way
THIN_ENERGY = 0.1
# Contrast below this many grey levels is texture of the paper or of JPEG, whatever the noise estimate says.
LEAST_CONTRAST = 10.0
MOST_NOISE = 10.0
NOISE_SAMPLES = 400  # along the longer side
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
# So many pixels of a copy are as wide as the widest stroke, where the paper is told by a closing.
CLOSING_SIDE = 6
# The frame of a cell: a line along the picture's edge, that near to it, that long and that thin (shares of the side).
FRAME_DEPTH = 0.12
FRAME_COVER = 0.75
FRAME_THICKNESS = 0.08


@dataclass(frozen=True)
class Ink:
    """What is written on a page, at working size.

    Attributes:
        strength: (H, W) float32 in [0, 1]; 1 is full ink of the mark it belongs to, 0 is background.
        mask: (H, W) bool, True is ink.
        light_on_dark: True where the ink is lighter than the background (blackboard, inverted drawing).
        scale: working pixels for one pixel of the page.
        paper: (h, w, C) float32 in [0, 255], the background that the page was compared with, as a small copy of it.
        rulings: (H, W) bool, True where lines of the paper and frames were taken out of the ink.
    """

    strength: NDArray[np.float32]
    mask: NDArray[np.bool_]
    light_on_dark: bool
    scale: float
    paper: NDArray[np.float32]
    rulings: NDArray[np.bool_]

    @cached_property
    def components(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Labels and stats of the mask's connected components, see `label_components`; counted once."""
        return label_components(self.mask)

    @property
    def parts(self) -> NDArray[np.float64]:
        """(N, 5): left, top, width, height and area of each connected component, in pixels of the page."""
        _, stats = self.components
        return np.asarray(stats[1:] / np.array([*4 * [self.scale], self.scale**2]), np.float64)


def find_ink_evenly(page: NDArray[np.uint8], light_on_dark: bool, erase_lines: bool = True) -> Ink:
    """Separate ink from background where a digit leaves hardly any of it: the paper is of one grey everywhere.

    Around a digit that was cut out without a margin no window holds more paper than ink. So the paper is the median of
    the lighter or darker of the picture's two halves (N. Otsu, "A threshold selection method from gray-level
    histograms", 1979).

    Args:
        page: (H, W) or (H, W, 3) uint8, upright.
        light_on_dark: whether ink is lighter than the background.
        erase_lines: whether rulings and frames are taken out. The bar of a digit that fills its picture looks like one.

    Returns:
        As `find_ink`.
    """
    working, scale = to_working_size(page)
    working = _without_equal_channels(working)
    small = shrunk(working, BACKGROUND_SIDE, cv2.INTER_NEAREST)  # means of pixels would hide the noise
    grey = small[..., 0] if small.shape[2] == 1 else np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    paper = small[grey <= threshold if light_on_dark else grey > threshold].astype(np.float32)  # (K, C)
    if not len(paper):  # all of one grey
        paper = small.reshape(-1, small.shape[2]).astype(np.float32)
    level = np.median(paper, axis=0)
    noise = _sigma(paper - level)
    return _separate(working, np.broadcast_to(level, small.shape), light_on_dark, scale, noise, erase_lines)


def find_ink_closely(page: NDArray[np.uint8], light_on_dark: bool, widest: float) -> Ink:
    """Separate ink from background where the paper changes too often for a window: on highlighted numbers, in shadows.

    The paper is what a closing leaves of the page (of light ink, an opening): it takes out what is darker and narrow,
    and keeps every edge between two colours of paper (P. Soille, "Morphological Image Analysis", 2003).

    Args:
        page: (H, W) or (H, W, 3) uint8, upright.
        light_on_dark: whether ink is lighter than the background.
        widest: width in pixels of the page that no stroke has.

    Returns:
        As `find_ink`; marks with wider strokes are paper.
    """
    working, scale = to_working_size(page)
    working = _without_equal_channels(working)
    side = widest * scale
    coarse = reduced(working, min(max(1, int(side / CLOSING_SIDE)), *working.shape[:2]))  # means hide the noise
    side = max(1, round(side * coarse.shape[0] / working.shape[0] / 2)) * 2 + 1  # odd, or it would move the page
    methods = (cv2.MORPH_OPEN, cv2.MORPH_DILATE) if light_on_dark else (cv2.MORPH_CLOSE, cv2.MORPH_ERODE)
    # Moved by a pixel, so that the edges themselves, which are blurred, are on the side of the darker paper.
    for method, across in zip(methods, (side, 3), strict=True):
        coarse = cv2.morphologyEx(coarse, method, np.ones((across, across), np.uint8))  # type: ignore[assignment]
    paper = coarse.astype(np.float32).reshape(*coarse.shape[:2], -1)
    return _separate(working, paper, light_on_dark, scale)


def find_ink(page: NDArray[np.uint8], light_on_dark: bool | None = None) -> Ink:
    """Separate ink from background.

    Args:
        page: (H, W) or (H, W, 3) uint8, upright.
        light_on_dark: whether ink is lighter than the background, where that is known.

    Returns:
        The ink at working size; its mask is empty for a blank page.
    """
    working, scale = to_working_size(page)
    working = _without_equal_channels(working)
    coarse = reduced(working, min(-(-max(working.shape) // FIRST_LOOK_SIDE), *working.shape[:2]))
    small, colour = shrunk(working, BACKGROUND_SIDE), _flat_colour(working)
    paper = background(small, WIDEST_WINDOW) if colour is None else np.broadcast_to(colour, small.shape)
    light_on_dark = _is_light_on_dark(small, paper) if light_on_dark is None else light_on_dark
    ink = _separate(coarse, paper, light_on_dark, scale * coarse.shape[0] / working.shape[0])
    window = _window_for(ink) if colour is None else WIDEST_WINDOW  # one colour is the same through any window
    is_closer = window < WORTH_A_SECOND_LOOK * WIDEST_WINDOW
    if is_closer or coarse.shape != working.shape:
        paper = background(small, window) if is_closer else paper
        ink = _separate(working, paper, light_on_dark, scale)
    return ink


def _separate(
    page: NDArray[np.uint8],
    paper: NDArray[np.float32],
    light_on_dark: bool,
    scale: float,
    noise: float | None = None,
    erase_lines: bool = True,
) -> Ink:
    """The ink against one estimate of the background; without a noise it is estimated, too."""
    contrast, usual_noise = _contrast(page, paper, light_on_dark)
    noise = usual_noise if noise is None else noise
    weak = contrast > max(LEAST_CONTRAST, NOISE_FACTOR_WEAK * min(noise, MOST_NOISE))
    kept = weak.copy()
    if erase_lines:
        _clear_frame(kept)
        kept = _without_rulings(kept, contrast)
    strength, mask = _cut_at_own_contrast(*_hysteresis(kept, contrast, noise), contrast)
    return Ink(strength, mask, light_on_dark, scale, paper, weak & ~kept)


def _window_for(ink: Ink) -> float:
    """The narrowest window, as a share of the longer side, that still outweighs every stroke.

    A narrow window follows the corners of sheets and shadows closely. The thickest mark inside the page decides; one
    that reaches the edge may be such a corner itself, or a digit that fills the picture, so it alone changes nothing.
    """
    height, width = ink.mask.shape
    labels, stats = ink.components
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    inside = (left > 0) & (top > 0) & (right < width) & (bottom < height) & (np.arange(len(stats)) > 0)
    if not inside.any():
        return WIDEST_WINDOW
    # With one pixel of background around them; they do not reach the edge.
    rows = slice(int(top[inside].min()) - 1, int(bottom[inside].max()) + 1)
    columns = slice(int(left[inside].min()) - 1, int(right[inside].max()) + 1)
    distance = cv2.distanceTransform(inside[labels[rows, columns]].view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    share = STROKES_IN_WINDOW * 2 * float(distance.max()) / max(height, width)
    return float(np.clip(share, NARROWEST_WINDOW, WIDEST_WINDOW))


def _without_equal_channels(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 1) if the page is grey, as scans are, so that nothing is worked out three times."""
    first, *others = cv2.split(page)
    is_grey = all(np.array_equal(first, other) for other in others)
    return np.asarray(first, np.uint8)[:, :, None] if is_grey else page


def background(small: NDArray[np.uint8], window: float) -> NDArray[np.float32]:
    """The page as it would look without ink.

    Args:
        small: (h, w, C) uint8, a small copy of the page: a background has no detail.
        window: side of the median's window as a share of the page's longer side; wide enough for paper to outweigh ink.

    Returns:
        (h, w, C) float32 in [0, 255].
    """
    # Of a window of thousands of pixels a quarter is enough; but pixels, not means of pixels, which may be half ink.
    step = 2 if window * max(small.shape[:2]) >= LARGE_WINDOW else 1
    sample = np.ascontiguousarray(small[::step, ::step])
    half = max(1, round(max(sample.shape[:2]) * window / 2))
    # Reflected, so that the frame of a table cell does not fill the window at the edge of the picture.
    padded = cv2.copyMakeBorder(sample, half, half, half, half, cv2.BORDER_REFLECT)
    planes = [cv2.medianBlur(plane, 2 * half + 1)[half:-half, half:-half] for plane in cv2.split(padded)]
    # Not `resize`, which would take each pixel for the middle of the four that it stands for.
    grid = np.array([[1 / step, 0, 0], [0, 1 / step, 0]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sampled = np.stack(planes, axis=2).astype(np.float32)
    whole = cv2.warpAffine(sampled, grid, small.shape[1::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(whole, (0, 0), 1.5)
    return np.asarray(smooth, np.float32).reshape(small.shape)


def _flat_colour(page: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """The background of a drawing or a binarised scan, where one colour fills much of it exactly; else None.

    Without this a marker stroke as wide as the median's window would become background itself. An overexposed photo
    has one exact colour too, but there the rest is a wide shadow and no stroke.
    """
    planes = cv2.split(shrunk(page, BACKGROUND_SIDE, cv2.INTER_NEAREST))
    mode = [int(cv2.calcHist([plane], [0], None, [256], [0, 256]).argmax()) for plane in planes]
    distance = np.zeros(planes[0].shape, np.uint8)
    for plane, level in zip(planes, mode, strict=True):
        cv2.max(distance, cv2.absdiff(plane, np.full_like(plane, level)), dst=distance)
    if (distance == 0).mean() < FLAT_SHARE:
        return None
    other = (distance > LEAST_CONTRAST).astype(np.uint8)
    thickest = float(cv2.distanceTransform(other, cv2.DIST_L2, cv2.DIST_MASK_3).max())
    return np.array(mode, np.float32) if thickest <= WIDEST_STROKE_SHARE * min(distance.shape) else None


def _contrast(
    page: NDArray[np.uint8], paper: NDArray[np.float32], light_on_dark: bool
) -> tuple[NDArray[np.float32], float]:
    """How much each pixel differs from the paper, and the noise in that.

    Returns:
        (H, W) float32 in [0, 255], from the strongest channel: red ink is dark in blue and green only.
        The standard deviation of the camera's noise in grey levels, from the median (ink is the minority).
    """
    contrast = np.zeros(page.shape[:2], np.float32)
    step = max(3, max(contrast.shape) // NOISE_SAMPLES)
    samples = []
    for darker in _darker_by(page, paper):
        samples.append(darker[::step, ::step].copy())
        cv2.max(contrast, np.negative(darker, out=darker) if light_on_dark else darker, dst=contrast)
    return contrast, _sigma(np.array(samples))


def _sigma(deviations: NDArray[np.float32]) -> float:
    """Standard deviation of normal noise around 0, from the median: what is no noise is the minority."""
    return 1.4826 * float(np.median(np.abs(deviations)))


def _darker_by(page: NDArray[np.uint8], paper: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """For each channel, (H, W) float32: how many grey levels the page is darker than its paper.

    It is one array, overwritten each time: fresh memory takes longer than the subtraction.
    """
    darker = np.empty(page.shape[:2], np.float32)
    for plane, smooth in zip(cv2.split(page), cv2.split(paper), strict=True):
        cv2.resize(smooth, (page.shape[1], page.shape[0]), dst=darker, interpolation=cv2.INTER_LINEAR)
        cv2.subtract(darker, plane, dst=darker, dtype=cv2.CV_32F)
        yield darker


def _is_light_on_dark(small: NDArray[np.uint8], paper: NDArray[np.float32]) -> bool:
    """Whether light ink outweighs dark ink, by energy.

    Thin structures decide where there are any: the corners of a sheet on a dark table outweigh all that is written on
    it, but they are no strokes. Thick ones decide on a picture that a digit fills.
    """
    tiny = shrunk(small, THIN_SIDE)
    window = max(3, round(max(tiny.shape[:2]) * THIN_SHARE) // 2 * 2 + 1)
    smooth = np.stack([cv2.medianBlur(plane, window) for plane in cv2.split(tiny)], axis=2).astype(np.float32)
    (thin_dark, thin_light), (dark, light) = _energies(small, smooth), _energies(small, paper)
    return thin_light > thin_dark if max(thin_dark, thin_light) >= THIN_ENERGY * max(dark, light) else light > dark


def _energies(page: NDArray[np.uint8], paper: NDArray[np.float32]) -> tuple[float, float]:
    """Of what is darker than the paper, and of what is lighter."""
    dark = light = np.full(page.shape[:2], LEAST_CONTRAST, np.float32)
    for darker in _darker_by(page, paper):
        dark, light = cv2.max(dark, darker), cv2.max(light, -darker)  # type: ignore[assignment]
    return cv2.norm(dark - LEAST_CONTRAST, cv2.NORM_L2SQR), cv2.norm(light - LEAST_CONTRAST, cv2.NORM_L2SQR)


def _hysteresis(
    weak: NDArray[np.bool_], contrast: NDArray[np.float32], noise: float
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Weak ink that is connected to strong ink.

    Returns:
        Where it is, (K,) flat indices: the few pixels of ink are quicker to work on than the whole page.
        Which connected component it belongs to, (K,) numbers from 1 on.
    """
    labels, stats = label_components(weak)
    where = np.flatnonzero(weak)
    owner, values = labels.ravel()[where], contrast.ravel()[where]
    if len(where) == 0:
        return where, owner
    darkest = float(np.percentile(values, 95))
    strong = values > max(LEAST_CONTRAST, NOISE_FACTOR_STRONG * min(noise, MOST_NOISE), STRONG_SHARE * darkest)
    kept = np.bincount(owner[strong], minlength=len(stats)) > 0
    kept &= stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= LEAST_SIDE
    return where[kept[owner]], owner[kept[owner]]


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
    where: NDArray[np.int64], owner: NDArray[np.int32], contrast: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Give each connected component its own scale: 1 at its full contrast, ink from `CUT` on.

    Weaker ink stays where it bridges a gap no wider than a stroke: the grain of a pencil, not the line of squared
    paper that happens to touch a digit.
    """
    strength = np.zeros(contrast.shape, np.float32)
    if len(where) == 0:
        return strength, strength > 0
    values = contrast.ravel()[where]
    strength.ravel()[where] = np.minimum(values / _full_contrast(values, owner)[owner], 1.0)
    full_ink = strength > CUT
    reach = 2 * int(np.clip(stroke_width(full_ink) * BRIDGE, 0, 5)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return strength, (strength > 0) & (cv2.dilate(full_ink.astype(np.uint8), kernel) > 0)


def _full_contrast(values: NDArray[np.float32], owner: NDArray[np.int32]) -> NDArray[np.float32]:
    """The 90th percentile of each component's contrast, by the component's number; all of them by one sort."""
    ordered = np.sort(owner * 1024.0 + values)  # contrast is below 1024, so that a component's pixels stay together
    counts = np.bincount(owner)
    first = np.cumsum(counts) - counts
    rank = 0.9 * np.maximum(counts - 1, 0)
    below = np.minimum(first + rank.astype(np.int64), len(ordered) - 1)
    above = np.minimum(below + 1, len(ordered) - 1)
    full = ordered[below] + (rank % 1) * (ordered[above] - ordered[below])
    return np.asarray(full - 1024.0 * np.arange(len(counts)), np.float32)
