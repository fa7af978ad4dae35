"""Pages that the project renders itself, with digits that training never saw, read by the whole reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitlens.reader import Reader
from digitlens.training.datasets import Digits
from digitlens.training.pages import GlyphsByDigit, Page, render_page
from digitlens.training.photos import NUMBERS, Answer, Judged, Photo
from digitlens.training.samples import SAMPLES, Sample, clear_glyphs, encode_jpeg

_TRIES = 20


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One page as it was read.

    Attributes:
        picture: (H, W, 3) uint8, sRGB.
        judged: its label and the answer; the source is the sample whose paper, pen and light it has.
    """

    picture: NDArray[np.uint8]
    judged: Judged


def read_own_pages(reader: Reader, held_out: Digits, seed: int, times: int) -> list[OwnPage]:
    """Render the layout of every bundled sample with other digits, and read it.

    Args:
        reader: as it serves.
        held_out: digits that training never saw, at least one of each that a pen can follow.
        seed: of the rendering.
        times: pages a layout.
    """
    glyphs = clear_glyphs(held_out)
    return [
        _read(reader, f"{sample.name}-{turn + 1}", sample.name, _render(sample, glyphs, (seed, place, turn)))
        for place, sample in enumerate(SAMPLES)
        for turn in range(times)
    ]


def _render(sample: Sample, glyphs: GlyphsByDigit, seed: tuple[int, ...]) -> Page:
    """With the first of some seeds whose wide digits do not leave the page."""
    for attempt in range(_TRIES):
        try:
            return render_page(sample.spec, glyphs, np.random.default_rng([*seed, attempt]))
        except ValueError:
            continue
    raise RuntimeError(f"No page of {sample.name} fits after {_TRIES} tries.")


def _read(reader: Reader, name: str, layout: str, page: Page) -> OwnPage:
    reading = reader.read(encode_jpeg(page.picture))
    photo = Photo(NUMBERS, layout, Path(name), page.text.replace("\n", "/"))
    return OwnPage(page.picture, (photo, Answer(reading.text, reading.digits)))
