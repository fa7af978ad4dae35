"""A page in, candidates out: where digits and other marks stand, found by a network in several sizes of the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.errors import ModelError
from digitlens.model.artifact import Artifact, load_artifact
from digitlens.model.candidates import (
    CHANNELS,
    FAMILIAR,
    KINDS,
    Candidate,
    View,
    merge,
    seen_again,
    with_plain_border,
    without_parts,
    without_seams,
)
from digitlens.model.fusion import Fusion
from digitlens.model.interpreters import Interpreters
from digitlens.results import Box

# Height and width that the network needs a multiple of.
GRID = 32
# Paper that is added around a picture, so that digits at its border are seen whole.
MARGIN = 16
# The pyramid ends where the longer side is about this many pixels; smaller pages than `TINY` are enlarged first.
LEAST_SIDE = 32
TINY = 200
# Of a large page no picture is searched that is larger than this, and none in which all writing is higher than that.
MOST_SIDE, LEGIBLE_HEIGHT, LEAST_SEARCHED = 1280, 24.0, 96
# Lowest score of a candidate. It is low: a candidate only says where to look, the classifier looks too.
THRESHOLD = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What the finder saw of a page.

    Attributes:
        candidates: the marks, with boxes in pixels of the page, best first.
        views: the page in all sizes in which it was searched.
    """

    candidates: list[Candidate]
    views: list[View]

    @property
    def boxes(self) -> list[tuple[float, float, float, float]]:
        """Left, top, width and height of each candidate."""
        return [candidate.box for candidate in self.candidates]

    @property
    def sure_boxes(self) -> list[tuple[float, float, float, float]]:
        """Those of the candidates that are digits for sure."""
        return [candidate.box for candidate in self.candidates if candidate.is_sure_digit]

    def scores_at(self, box: Box) -> NDArray[np.float32]:
        """Its opinion of a place where it may have seen nothing by itself.

        Args:
            box: in pixels of the page.

        Returns:
            (11,) float32 in [0, 1], as of a candidate there; 0 where that is too small or too large for the finder.
        """
        nothing = np.zeros(KINDS, np.float32)
        asked = Candidate(box.left, box.top, box.width, box.height, nothing)
        return seen_again(asked, self.views).scores


class Finder:
    """The finder as served. Make one and keep it; any number of threads may use it at once."""

    def __init__(self, weights: bytes, fusion: Fusion | None = None) -> None:
        """Take the bytes of a `.tflite` file that were checked; `load` is the usual way.

        Args:
            weights: the file.
            fusion: how its opinion and the classifier's become one.

        Raises:
            ModelError: they are no finder.
        """
        self.fusion = fusion or Fusion()
        self._interpreters = Interpreters(weights, (-1, -1, -1, 1), (-1, -1, -1, CHANNELS))

    @classmethod
    def load(cls, directory: Path | None = None) -> Finder:
        """Load a finder.

        Args:
            directory: folder with `finder.tflite` and `manifest.json`; None means the one that ships with digitlens.

        Raises:
            ModelError: the weights are missing, damaged or of another version.
        """
        return cls.of(load_artifact(directory))

    @classmethod
    def of(cls, artifact: Artifact) -> Finder:
        """Take a checked artifact.

        Raises:
            ModelError: it has no finder.
        """
        if artifact.finder is None or artifact.manifest.finder is None:
            raise ModelError("The network's folder holds no finder.")
        return cls(artifact.finder, artifact.manifest.finder.fusion)

    def maps(self, grey: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network's answer, see `candidates`.

        Args:
            grey: (H, W) float32 in [0, 1]; H and W are multiples of 32.

        Returns:
            (H/4, W/4, 15) float32.

        Raises:
            ValueError: another shape.
        """
        if grey.ndim != 2 or any(side == 0 or side % GRID for side in grey.shape):
            raise ValueError(f"The picture has the shape {grey.shape}; (H, W), multiples of {GRID}, is needed.")
        answer = self._interpreters.run(np.ascontiguousarray(grey[None, ..., None], np.float32))
        return np.asarray(answer[0], np.float32)

    def look(self, page: NDArray[np.uint8], writing_height: float = 0.0) -> Sight:
        """Find the marks of a page of any size and colour.

        Args:
            page: (H, W) or (H, W, 3) uint8.
            writing_height: of the smallest writing in pixels, where it is known: nothing is searched at sizes at which
                all writing is larger than `LEGIBLE_HEIGHT`, as far as the page is not small. 0 searches all sizes.
        """
        height, width = page.shape[:2]
        longer = max(height, width)
        scale = min(1.0, MOST_SIDE / longer)
        if writing_height:
            scale = min(scale, max(LEGIBLE_HEIGHT / writing_height, LEAST_SEARCHED / longer))
        grey = page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)
        if scale < 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        views = self._views(grey, writing_height * scale, (width, height))
        return Sight(_candidates(views, THRESHOLD), views)

    def find(self, grey: NDArray[Any], threshold: float = THRESHOLD, writing_height: float = 0.0) -> list[Candidate]:
        """Find the marks of a grey picture.

        Args:
            grey: (H, W) uint8 in [0, 255] or float in [0, 1].
            threshold: lowest score of a candidate, in (0, 1).
            writing_height: of the smallest writing in pixels, at most the longer side; 0 where it is unknown. Nothing
                is searched at sizes at which all writing is larger than the network knows: it finds but parts of marks.

        Returns:
            Candidates with boxes in pixels of the picture, best first.
        """
        return _candidates(self._views(grey, writing_height, (grey.shape[1], grey.shape[0])), threshold)

    def _views(self, grey: NDArray[Any], writing_height: float, size: tuple[int, int]) -> list[View]:
        """A grey picture as the network sees it in several sizes, for a page of the given width and height."""
        page = grey.astype(np.float32) / np.float32(255) if grey.dtype == np.uint8 else grey.astype(np.float32)
        views = []
        # By size: neighbours are often padded to one shape, for which the network is made ready only once.
        for picture in sorted(pyramid(page), key=lambda picture: picture.size):
            smaller = (
                page.shape[1] / picture.shape[1],
                page.shape[0] / picture.shape[0],
            )  # sides are rounded, each alone
            if writing_height <= FAMILIAR[1] * max(smaller):
                ratio = size[0] / picture.shape[1], size[1] / picture.shape[0]
                views.append(View(self.maps(padded(picture)), ratio, MARGIN))
        return views


def _candidates(views: Sequence[View], threshold: float) -> list[Candidate]:
    candidates = without_seams(without_parts(merge([view.peaks(threshold) for view in views])))
    return sorted((seen_again(candidate, views) for candidate in candidates), key=lambda found: -found.score)


def pyramid(page: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The page and three quarters of it, and halves of both until the longer side is about 32 px.

    A tiny page begins at twice its size. Every mark is so seen at three or four sizes that the finder knows.
    """
    if max(page.shape) < TINY:
        page = np.asarray(cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.float32)
    pictures = []
    for picture in (page, _resized(page, 0.75)):
        pictures.append(picture)
        while max(pictures[-1].shape) >= 2 * LEAST_SIDE:
            pictures.append(_resized(pictures[-1], 0.5))
    return pictures


def _resized(picture: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    height, width = (max(1, round(side * factor)) for side in picture.shape)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def padded(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add a plain margin, and more at right and bottom, so that both sides are multiples of 32."""
    below, right = (GRID * math.ceil((side + 2 * MARGIN) / GRID) - side - MARGIN for side in picture.shape)
    return with_plain_border(picture, MARGIN, below, MARGIN, right)
