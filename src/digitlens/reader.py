"""The whole way of a picture: decode, ink, glyphs, frames, probabilities, reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from digitlens.errors import InputError
from digitlens.imaging.decode import decode_upload, page_from_array, page_from_image
from digitlens.imaging.normalise import FRAME_SIDE, normalise
from digitlens.imaging.segment import Glyph, find_glyphs, holds_mark, order_rows, spaces_after
from digitlens.model.classifier import NOT_A_DIGIT, Classifier
from digitlens.results import Box, Digit, Line, Reading
from digitlens.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    Source = str | Path | bytes | Image | NDArray[Any]

ALTERNATIVES = 3
# A bracket or a fraction stroke looks like a 1, but is so much taller than the other digits of its row.
TALLEST_ONE = 1.3


class Reader:
    """Reads handwritten digits. Make one and keep it: it holds the network. Safe to share between threads."""

    def __init__(self, settings: Settings | None = None, model_dir: Path | None = None) -> None:
        """Load the network.

        Args:
            settings: limits and the review threshold; the defaults when None.
            model_dir: folder with `weights.tflite` and `manifest.json`; the weights that ship with digitlens when None.

        Raises:
            ModelError: the weights are missing, damaged or of another version.
        """
        self.settings = settings or Settings()
        self.classifier = Classifier.load(model_dir)

    @property
    def model_version(self) -> str:
        """Version of the weights, as it stands in every Reading."""
        return self.classifier.version

    def read(self, source: Source) -> Reading:
        """Read one picture; of a file with several pages, the first.

        Args:
            source: path, bytes of a file, PIL image, or array ((H, W), (H, W, 3) or (H, W, 4)).

        Raises:
            InputError: the source cannot be read; the subclass says why.
            TypeError: the source is of no such kind.
        """
        return self.read_page(next(self._pages(source)))

    def read_pages(self, source: Source) -> list[Reading]:
        """Read every page of a PDF or TIFF, one Reading a page. Arguments and errors as in `read`."""
        return [self.read_page(page) for page in self._pages(source)]

    def decode(self, upload: bytes) -> Iterator[NDArray[np.uint8]]:
        """The upright pages of an upload, each (H, W) or (H, W, 3) uint8, one at a time."""
        return decode_upload(upload, self.settings)

    def read_page(self, page: NDArray[np.uint8]) -> Reading:
        """Read one upright page, (H, W) or (H, W, 3) uint8."""
        glyphs = find_glyphs(page)
        frames = np.stack([normalise(glyph.ink) for glyph in glyphs]) if glyphs else _no_frames()
        probabilities = self.classifier.probabilities(frames)  # (N, 11)
        is_digit = probabilities.argmax(axis=1) != NOT_A_DIGIT
        digits = [self._digit(*pair) for pair in zip(glyphs, probabilities, strict=True)]
        others = [glyph.box for glyph, kept in zip(glyphs, is_digit, strict=True) if not kept]
        rows, strokes = _rows([digit for digit, kept in zip(digits, is_digit, strict=True) if kept])
        rejected = (*others, *strokes)
        return Reading(
            lines=tuple(_line(row, rejected) for row in rows),
            rejected=rejected,
            width=page.shape[1],
            height=page.shape[0],
            model=self.model_version,
        )

    def classify(self, glyphs: NDArray[Any]) -> NDArray[np.float32]:
        """Calibrated probabilities of frames that are already cut out and normalised as MNIST's are.

        Args:
            glyphs: (N, 28, 28) uint8 in [0, 255] or float32 in [0, 1], ink bright on 0.

        Returns:
            (N, 11) float32, rows sum to 1; column 10 is "not a digit".
        """
        return self.classifier.probabilities(glyphs)

    def _pages(self, source: Source) -> Iterator[NDArray[np.uint8]]:
        if isinstance(source, str | Path):
            try:
                source = Path(source).read_bytes()
            except OSError as error:
                raise InputError(
                    f"{source!s} cannot be opened: {error.strerror}.", "Check the path and its permissions."
                ) from error
        if isinstance(source, bytes | bytearray | memoryview):
            return self.decode(bytes(source))
        if isinstance(source, np.ndarray):
            return iter([page_from_array(source)])
        if hasattr(source, "getbands"):  # a PIL image; Pillow itself need not be known here
            return iter([page_from_image(source)])
        raise TypeError(f"A picture is a path, bytes, a PIL image or an array, not {type(source).__name__}.")

    def _digit(self, glyph: Glyph, probabilities: NDArray[np.float32]) -> Digit:
        ranked = np.argsort(-probabilities[:NOT_A_DIGIT], kind="stable")
        value, confidence = int(ranked[0]), float(probabilities[ranked[0]])
        return Digit(
            value=value,
            confidence=confidence,
            doubtful=confidence < self.settings.review_threshold,
            box=glyph.box,
            alternatives=tuple((int(v), float(probabilities[v])) for v in ranked[1 : 1 + ALTERNATIVES]),
        )


def _no_frames() -> NDArray[np.float32]:
    return np.zeros((0, FRAME_SIDE, FRAME_SIDE), np.float32)


def _rows(digits: Sequence[Digit]) -> tuple[list[list[Digit]], list[Box]]:
    """Digits in reading order; and the boxes of strokes that only looked like a 1."""
    rows: list[list[Digit]] = []
    strokes: list[Box] = []
    for indices in order_rows([digit.box for digit in digits]):
        row = [digits[index] for index in indices]
        others = [d.box.height for d in row if d.value != 1]
        tallest = TALLEST_ONE * float(np.median(others)) if others else np.inf
        strokes += [d.box for d in row if d.value == 1 and d.box.height > tallest]
        rows.append([d for d in row if d.value != 1 or d.box.height <= tallest])
    return [row for row in rows if row], strokes


def _line(digits: Sequence[Digit], rejected: Sequence[Box]) -> Line:
    """A space where the writer left a gap, or where a mark stands that is no digit: "12 + 7" is not 127."""
    boxes = [digit.box for digit in digits]
    gaps = [
        wide or holds_mark(*pair, rejected) for wide, pair in zip(spaces_after(boxes), pairwise(boxes), strict=True)
    ]
    text = "".join(f"{digit.value} " if gap else str(digit.value) for digit, gap in zip(digits, gaps, strict=False))
    return Line(f"{text}{digits[-1].value}", tuple(digits))
