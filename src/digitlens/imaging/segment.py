"""Ink to marks: a mark is a connected component of ink, joined with the pieces that broke off it.

What is too small to be a digit, and what runs along the edge of the picture, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.ink import Ink, find_ink
from digitlens.imaging.normalise import stroke_width
from digitlens.imaging.steps import is_step
from digitlens.results import Box

# A mark lower than this many pixels of the page holds no legible digit.
LEAST_HEIGHT = 6
# Dots, commas and specks: smaller than this share of a mark near by, or of the page's typical mark.
NEIGHBOUR_SHARE = 0.22
NEIGHBOUR_DISTANCE = 0.5
SPECK_SHARE = 0.2
LARGEST_SHARE = 0.15
SPECK_OF_PAGE = 0.012
# A piece belongs to a broken digit when it is that near (in stroke widths) and that much lower than it.
JOIN_DISTANCE = 1.5
PIECE_SHARE = 0.6
# What lies inside a mark's box and is that much smaller than its shorter side belongs to it, however far from its ink.
INSIDE_SHARE = 0.35
# But not to a frame: ink that covers so much of the outline of its own box.
FRAME_OUTLINE = 0.6
# More components than that are no writing; the highest are kept, so that no page takes minutes.
MOST_GLYPHS = 2000
# Boxes of marks cover less than this many times the page, but for a page of long slanting stripes: the largest go.
MOST_PAGES = 8
# A line along the edge of the picture, thinner than this share of its side, is the frame of a form or a table.
EDGE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Glyph:
    """One written mark, cut out.

    Attributes:
        box: where it stands on the upright page.
        ink: (h, w) float32 in [0, 1], ink bright on 0, at working size; other marks in the box are blanked.
    """

    box: Box
    ink: NDArray[np.float32]


def find_glyphs(page: NDArray[np.uint8]) -> list[Glyph]:
    """Find every mark on the page that may be a digit.

    Args:
        page: (H, W) or (H, W, 3) uint8, upright.

    Returns:
        Candidates in no particular order; empty for a blank page.
    """
    ink = find_ink(page)
    glyphs = cut_glyphs(ink, page.shape[0], page.shape[1])
    return [glyph for glyph in glyphs if not is_step(page, glyph.box, glyph.ink)]


def cut_glyphs(ink: Ink, page_height: int, page_width: int) -> list[Glyph]:
    """Cut each mark of the ink out, with the pieces that broke off it."""
    labels, stats = ink.components
    return [
        glyph_of(mark, ink, labels, stats, (page_height, page_width))
        for mark in group_components(labels, stats, ink.scale)
    ]


def writing_height(ink: Ink) -> float:
    """Height of the smallest writing on the page, in pixels of the page; 0 where there is nothing to judge by.

    It is the longer side that a tenth of the marks do not reach, specks left aside, so that it errs on the small side.
    What reaches the edge of the picture may be the edge of a sheet or a shadow and does not count.
    """
    _, stats = ink.components
    height, width = ink.mask.shape
    left, top, across, down = stats[1:, :4].T
    inside = (left > 0) & (top > 0) & (left + across < width) & (top + down < height)
    sides = np.maximum(across, down)
    sides = sides[inside & (sides > max(LEAST_HEIGHT * ink.scale, SPECK_OF_PAGE * max(height, width)))]
    return float(np.percentile(sides, 10)) / ink.scale if len(sides) else 0.0


def group_components(labels: NDArray[np.int32], stats: NDArray[np.int32], scale: float) -> list[list[int]]:
    """Components that are one mark, without specks and without the frame of the page.

    Args:
        labels: (H, W), from `label_components`.
        stats: one row a component.
        scale: working pixels for one pixel of the page.

    Returns:
        The labels of each mark's components.
    """
    if len(stats) <= 1:
        return []
    groups = _without_frame_pieces(_join_pieces(labels, stats), stats)
    return _without_specks(groups, stats, least_height=LEAST_HEIGHT * scale)


def glyph_of(
    members: list[int], ink: Ink, labels: NDArray[np.int32], stats: NDArray[np.int32], page_shape: tuple[int, int]
) -> Glyph:
    """Cut one mark out.

    Args:
        members: labels of its components.
        ink: of the page.
        labels: (H, W), from `label_components`.
        stats: one row a component.
        page_shape: rows and columns of the page.
    """
    left, top, right, bottom = bounds = _bounds(stats[members])
    window = (slice(top, bottom), slice(left, right))
    mine = labels[window] == members[0] if len(members) == 1 else np.isin(labels[window], members)
    patch = np.where(mine, ink.strength[window], 0.0).astype(np.float32)
    return Glyph(page_box(bounds, ink.scale, page_shape), patch)


def _join_pieces(labels: NDArray[np.int32], stats: NDArray[np.int32]) -> list[list[int]]:
    """Group components: each small piece with the largest component within a stroke's reach."""
    order = np.argsort(-stats[1:, cv2.CC_STAT_HEIGHT]) + 1  # highest first; label 0 is the background
    order = _affordable(order, stats, labels.size)[:MOST_GLYPHS]
    owner = {int(label): int(label) for label in order}
    width = _typical_stroke(labels, stats, order)
    for label in order[1:]:
        host = _host_of(int(label), labels, stats, reach=JOIN_DISTANCE * width) or _ring_around(
            int(label), labels, stats, order
        )
        if host in owner:
            owner[int(label)] = owner[host]
    groups: dict[int, list[int]] = {}
    for label, root in owner.items():
        groups.setdefault(root, []).append(label)
    return list(groups.values())


def _affordable(order: NDArray[np.int64], stats: NDArray[np.int32], page_area: int) -> NDArray[np.int64]:
    """The same labels without the largest components of a page full of such, whose pictures would fill the memory."""
    areas = stats[:, cv2.CC_STAT_WIDTH].astype(np.int64) * stats[:, cv2.CC_STAT_HEIGHT]
    smallest_first = order[np.argsort(areas[order], kind="stable")]
    fitting = smallest_first[np.cumsum(areas[smallest_first]) <= MOST_PAGES * page_area]
    return order[np.isin(order, fitting)]


def _typical_stroke(labels: NDArray[np.int32], stats: NDArray[np.int32], order: NDArray[np.int64]) -> float:
    """Median stroke width of the highest components."""
    widths = []
    for label in order[:25]:
        left, top, width, height = (int(v) for v in stats[label, :4])
        widths.append(stroke_width(labels[top : top + height, left : left + width] == label))
    return float(np.median(widths))


def _host_of(label: int, labels: NDArray[np.int32], stats: NDArray[np.int32], reach: float) -> int:
    """The component that this piece broke off, or 0."""
    left, top, width, height, area = (int(v) for v in stats[label, :5])
    margin = max(1, round(reach))
    window = (
        slice(max(0, top - margin), top + height + margin),
        slice(max(0, left - margin), left + width + margin),
    )
    around = labels[window]
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    near = around[cv2.dilate((around == label).astype(np.uint8), kernel) > 0]
    hosts = [int(host) for host in np.unique(near) if host not in (0, label)]
    hosts = [
        host
        for host in hosts
        if height < PIECE_SHARE * stats[host, cv2.CC_STAT_HEIGHT] and area < stats[host, cv2.CC_STAT_AREA]
    ]
    hosts = [host for host in hosts if not (_holds(stats[host], stats[label]) and _is_frame(host, labels, stats))]
    return max(hosts, key=lambda host: int(stats[host, cv2.CC_STAT_AREA]), default=0)


def _ring_around(label: int, labels: NDArray[np.int32], stats: NDArray[np.int32], order: NDArray[np.int64]) -> int:
    """The smallest of the marks that has this small piece in its box, as a face has its eyes, or 0."""
    boxes = stats[order]
    side = int(stats[label, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max())
    small_in = side < INSIDE_SHARE * boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1)
    rings = order[_holds(boxes, stats[label]) & small_in].tolist()
    rings.sort(key=lambda ring: int(stats[ring, cv2.CC_STAT_HEIGHT]))
    return next((ring for ring in rings if not _is_frame(ring, labels, stats)), 0)


def _holds(boxes: NDArray[np.int32], box: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each of the boxes, (..., 5) rows of stats, has this one, (5,), inside."""
    ends, end = boxes[..., :2] + boxes[..., 2:4], box[:2] + box[2:4]
    return np.asarray(((boxes[..., :2] < box[:2]) & (ends > end)).all(axis=-1))


def _is_frame(label: int, labels: NDArray[np.int32], stats: NDArray[np.int32]) -> bool:
    """Whether its ink runs along its box, as that of a drawn box or of the page around a dark panel does."""
    left, top, width, height = (int(side) for side in stats[label, :4])
    window = labels[top : top + height, left : left + width]
    outline = np.concatenate([window[0], window[-1], window[:, 0], window[:, -1]])
    return bool((outline == label).mean() >= FRAME_OUTLINE)


def _without_frame_pieces(groups: list[list[int]], stats: NDArray[np.int32]) -> list[list[int]]:
    """Drop thin lines that lie along the edge of the picture, as long as something else is left."""
    _, _, page_right, page_bottom = _bounds(stats[:1])
    kept = []
    for members in groups:
        left, top, right, bottom = _bounds(stats[members])
        width, height = right - left, bottom - top
        upright = height > 2 * width and (left <= 1 or right >= page_right - 1)
        level = width > 2 * height and (top <= 1 or bottom >= page_bottom - 1)
        thin = (upright and width <= EDGE_SHARE * page_right) or (level and height <= EDGE_SHARE * page_bottom)
        if not thin:
            kept.append(members)
    return kept or groups


def _without_specks(groups: list[list[int]], stats: NDArray[np.int32], least_height: float) -> list[list[int]]:
    """Drop what is too small to be a digit: by itself, beside a much larger neighbour, or on this page."""
    bounds = np.array([_bounds(stats[members]) for members in groups])
    widths, heights = bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]
    sizes = np.maximum(widths, heights)
    page = _bounds(stats[:1])
    # The edges of a sheet, a shadow or a table say nothing of the digits' size: they reach the picture's edge, are
    # long and thin, or span much of the page.
    inside = (bounds[:, :2] > 0).all(axis=1) & (bounds[:, 2] < page[2]) & (bounds[:, 3] < page[3])
    compact = sizes <= 8 * np.minimum(widths, heights)
    modest = widths * heights <= LARGEST_SHARE * page[2] * page[3]
    judged = next(sizes[k] for k in (inside & compact & modest, inside & compact, inside, sizes > 0) if k.any())
    typical = float(np.median(judged[judged >= 0.25 * judged.max()]))
    gaps = np.maximum(bounds[:, None, :2] - bounds[None, :, 2:], bounds[None, :, :2] - bounds[:, None, 2:]).max(axis=2)
    hosts = modest & (sizes <= 3 * np.minimum(widths, heights))
    beside_digit = (gaps < NEIGHBOUR_DISTANCE * sizes[None, :]) & hosts[None, :]
    dwarfed = (beside_digit & (sizes[:, None] < NEIGHBOUR_SHARE * sizes[None, :])).any(axis=1)
    kept = ~dwarfed & (sizes >= max(least_height, SPECK_SHARE * typical))
    return [members for members, keep in zip(groups, kept, strict=True) if keep]


def _bounds(stats: NDArray[np.int32]) -> tuple[int, int, int, int]:
    left, top = int(stats[:, 0].min()), int(stats[:, 1].min())
    right, bottom = int((stats[:, 0] + stats[:, 2]).max()), int((stats[:, 1] + stats[:, 3]).max())
    return left, top, right, bottom


def page_box(bounds: tuple[int, int, int, int], scale: float, page_shape: tuple[int, int]) -> Box:
    """Left, top, right and bottom in working pixels to a box in whole pixels of the page, inside it."""
    left, top, right, bottom = bounds
    height, width = page_shape
    x0, y0 = min(width - 1, int(left / scale)), min(height - 1, int(top / scale))
    x1 = min(width, max(x0 + 1, round(right / scale)))
    y1 = min(height, max(y0 + 1, round(bottom / scale)))
    return Box(x0, y0, x1 - x0, y1 - y0)
