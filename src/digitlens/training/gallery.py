"""The worst misses as pictures: of the project's own pages for the docs, of photos for a folder outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.errors import InputError
from digitlens.imaging.decode import decode_upload
from digitlens.settings import Settings
from digitlens.training.figures import new_figure, save_figure
from digitlens.training.own_pages import OwnPage
from digitlens.training.photos import DIGITS, KINDS, Answer, Judged, Photo, worst_misses

MOST_PAGES = 6
MOST_PHOTOS = 24
_COLUMNS = {DIGITS: 8}
_SIDE = 460  # pixels of a thumbnail's longer side
_RED, _ORANGE = (205, 30, 30), (225, 125, 0)


@dataclass(frozen=True, slots=True)
class Miss:
    """One picture with what should have been read and what was; boxes of doubtful digits are orange, others red."""

    picture: NDArray[np.uint8]
    photo: Photo
    answer: Answer

    @property
    def title(self) -> str:
        """Two lines: where from, and both texts with "/" between rows."""
        wanted, got = (text.replace("\n", "/") or "nothing" for text in (self.photo.label, self.answer.text))
        surest = max((digit.confidence for digit in self.answer.digits), default=0.0)
        return (
            f"{_cut(f'{self.photo.source}: {self.photo.path.name}')}\n{_cut(wanted)} read as {_cut(got)} ({surest:.0%})"
        )


def draw_own_pages(pages: Sequence[OwnPage], picture: Path) -> None:
    """The worst miss of each layout, the worst layouts first; where all are right, the first page shows it."""
    by_photo = {page.judged[0]: page.picture for page in pages}
    worst: dict[str, Judged] = {}
    for photo, answer in worst_misses([page.judged for page in pages], len(pages)):
        worst.setdefault(photo.source, (photo, answer))
    shown = list(worst.values())[:MOST_PAGES] or [page.judged for page in pages[:1]]
    _draw([Miss(by_photo[photo], photo, answer) for photo, answer in shown], picture, columns=3, inches=9)


def write_gallery(judged: Sequence[Judged], folder: Path) -> list[Path]:
    """A contact sheet of the worst misses of every source, `<kind>-<source>.png`, and of every kind, `<kind>.png`.

    Args:
        judged: labelled photos with the reader's answers.
        folder: made where missing; keep it outside the repository, for most photos have no licence.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in KINDS:
        of_kind = [pair for pair in judged if pair[0].kind == kind]
        groups = {kind: of_kind}
        for photo, answer in of_kind:
            groups.setdefault(f"{kind}-{photo.source}", []).append((photo, answer))
        for name, part in groups.items():
            misses = [Miss(_picture_of(photo), photo, answer) for photo, answer in worst_misses(part, MOST_PHOTOS)]
            if misses:
                paths.append(folder / f"{name}.png")
                _draw(misses, paths[-1], _COLUMNS.get(kind, 4))
    return paths


def _draw(misses: Sequence[Miss], picture: Path, columns: int, inches: float = 12) -> None:
    """Thumbnails in rows; with fewer than `columns` of them the picture is narrower."""
    side = inches / columns
    columns = min(columns, len(misses))
    rows = -(-len(misses) // columns)
    figure, grid = new_figure(rows, columns, (max(3, side * columns), (0.85 * side + 0.5) * rows))
    for axes in np.ravel(grid):
        axes.set_axis_off()
    for axes, miss in zip(np.ravel(grid), misses, strict=False):
        axes.imshow(_annotated(miss))
        axes.set_title(miss.title, fontsize=6)
    save_figure(figure, picture)


def _annotated(miss: Miss) -> NDArray[np.uint8]:
    """A thumbnail with the boxes of what was read."""
    picture = miss.picture if miss.picture.ndim == 3 else np.repeat(miss.picture[..., None], 3, axis=2)
    factor = _SIDE / max(picture.shape[:2])
    smooth = cv2.INTER_AREA if factor < 1 else cv2.INTER_NEAREST
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=smooth)
    for digit in miss.answer.digits:
        box, colour = digit.box, _ORANGE if digit.doubtful else _RED
        corners = ((x * factor, y * factor) for x, y in ((box.left, box.top), (box.right, box.bottom)))
        first, second = (tuple(round(value) for value in corner) for corner in corners)
        cv2.rectangle(small, first, second, colour, 1)
    return np.asarray(small, np.uint8)


def _picture_of(photo: Photo) -> NDArray[np.uint8]:
    try:
        return next(decode_upload(photo.path.read_bytes(), Settings()))
    except InputError:
        return np.full((_SIDE // 2, _SIDE, 3), 230, np.uint8)


def _cut(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"
