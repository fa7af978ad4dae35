"""What the lesson needs: its chapters in order, and the facts of the network that is served, measured and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flask_babel import lazy_gettext as _
from numpy.typing import NDArray

from digitlens.imaging.frame_text import frame_from_text
from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.model.artifact import Manifest
from digitlens.model.layers import Layer
from digitlens.web.assets import FOLDER

EXAMPLES = FOLDER / "lens" / "examples.json"
LEARNED = FOLDER / "learn" / "ones-and-zeros.json"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter; its words stand in `templates/learn/<slug>.html`.

    Attributes:
        slug: the last part of its address.
        title: a few words.
        idea: its one idea, a sentence; both are translated when they are shown.
        minutes: to read and to play, roughly.
    """

    slug: str
    title: Any
    idea: Any
    minutes: int


CHAPTERS = (
    Chapter(
        "pixels",
        _("A picture is numbers"),
        _("To a computer, a picture is a grid of numbers: one for the brightness of each small square."),
        5,
    ),
    Chapter(
        "frame",
        _("From photo to frame"),
        _("Before the network sees anything, the ink is found, cut out and laid into the middle of a small grid."),
        6,
    ),
    Chapter(
        "kernel",
        _("A kernel looks for a stroke"),
        _("Nine weights slide over the picture and say, place by place, how well it fits their pattern."),
        7,
    ),
    Chapter(
        "layers",
        _("Layers on layers"),
        _("Each layer works on what the one before has found, and sees a larger piece of the digit."),
        7,
    ),
    Chapter(
        "answer",
        _("From features to an answer"),
        _("Every possible answer adds up what speaks for it and against it, and the sums become probabilities."),
        7,
    ),
    Chapter(
        "training",
        _("How it learned"),
        _("Nobody wrote the weights. They were moved in very many small steps, each towards fewer mistakes."),
        8,
    ),
    Chapter(
        "confidence",
        _("How sure is it?"),
        _("Confidence is a promise that can be checked: of the answers given with 0.9, nine in ten should be right."),
        7,
    ),
    Chapter(
        "limits",
        _("Fool it, and what it cannot do"),
        _("It knows what it was shown and nothing else, so somebody has to know where it must not be trusted."),
        7,
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A share that was measured, with its 95 % interval; shares lie in [0, 1].

    Attributes:
        share: right, of all.
        low, high: ends of the interval; equal to `share` where none was computed.
        count: of how many.
    """

    share: float
    low: float
    high: float
    count: int

    @property
    def missed(self) -> int:
        """How many were not right."""
        return round(self.count * (1 - self.share))


@dataclass(frozen=True)
class Example:
    """A bundled digit: `alt` says in English what it shows, `text` is its frame as scripts take it."""

    alt: str
    text: str

    @cached_property
    def frame(self) -> NDArray[np.uint8]:
        """The grey values, (28, 28) uint8, ink bright on 0."""
        return frame_from_text(self.text)

    @property
    def changed_by_a_step(self) -> int:
        """How many of the 784 numbers change when the digit moves one pixel to the right."""
        return int((self.frame != np.roll(self.frame, 1, axis=1)).sum())

    @property
    def ink_runs(self) -> Iterator[tuple[int, int, int]]:
        """`(row, column, grey)` of every pixel that is not 0: enough to draw it."""
        for row, column in zip(*np.nonzero(self.frame), strict=True):
            yield int(row), int(column), int(self.frame[row, column])


@dataclass(frozen=True, slots=True)
class Step:
    """A layer in the table of chapter 4.

    Attributes:
        layer: the layer.
        side: of its kernel or of what it pools, in features of the layer before; 1 where it has neither.
        seen: its receptive field: side of what one of its numbers can depend on, in pixels of the frame.
    """

    layer: Layer
    side: int
    seen: int


@dataclass(frozen=True)
class Facts:
    """What the text says in numbers: of the network that is served, never typed in.

    Attributes:
        manifest: what was measured.
        layers: from the frame to the logits; empty where the network has a layer of an unknown kind.
        example: the digit that the pages show before there is another.
        learned: how the toy of chapter 6 ends, see `scripts/lesson_data.py`.
        review_threshold: below it a digit is doubtful, in [0, 1].
    """

    manifest: Manifest
    layers: tuple[Layer, ...]
    example: Example
    learned: Mapping[str, float]
    review_threshold: float

    def measured(self, name: str) -> Measured | None:
        """A metric of the manifest; None where it was not measured."""
        metric = self.manifest.metrics.get(name)
        if metric is None:
            return None
        value = metric["value"]
        return Measured(value, metric.get("low", value), metric.get("high", value), int(metric["count"]))

    @property
    def epochs(self) -> int:
        """Times it went through its training digits, over all phases of the training; 0 where that is not known."""
        return sum(int(phase.get("epochs") or 0) for phase in _phases(self.manifest.recipe))

    @property
    def bends_digits(self) -> bool:
        """Whether training changed most digits anew in each epoch."""
        return (self.manifest.recipe.get("bending") or 0) > 0.5

    @property
    def first(self) -> Layer | None:
        """The first convolution."""
        return next((layer for layer in self.layers if layer.kind == "convolution"), None)

    @property
    def features(self) -> int | None:
        """How many numbers the last maps hold, where one weighted sum leads from them to the logits; else None."""
        kinds = [layer.kind for layer in self.layers[-2:]]
        return self.layers[-2].shape[0] if kinds == ["flatten", "dense"] else None

    @property
    def multiplications(self) -> int:
        """For one frame."""
        return sum(layer.multiplications for layer in self.layers)

    @property
    def uses_relu(self) -> bool:
        """Whether ReLU follows the sums."""
        return any(layer.activation == "relu" for layer in self.layers)

    @property
    def steps(self) -> list[Step]:
        """One for each layer that computes."""
        return list(_steps(self.layers))


def load_example() -> Example:
    """The first of the bundled example digits."""
    entry = json.loads(EXAMPLES.read_text("utf-8"))[0]
    return Example(entry["alt"], entry["frame"])


def load_learned() -> dict[str, float]:
    """How the toy of chapter 6 ends: loss, right, total."""
    learned: dict[str, float] = json.loads(LEARNED.read_text("utf-8"))["best"]
    return learned


def neighbours(slug: str) -> tuple[int, Chapter | None, Chapter | None] | None:
    """The chapter's number from 1 on, the one before and the one after; None where there is no such chapter.

    >>> number, before, after = neighbours("pixels")
    >>> number, before, after.slug
    (1, None, 'frame')
    """
    slugs = [chapter.slug for chapter in CHAPTERS]
    if slug not in slugs:
        return None
    index = slugs.index(slug)
    before = CHAPTERS[index - 1] if index > 0 else None
    after = CHAPTERS[index + 1] if index + 1 < len(CHAPTERS) else None
    return index + 1, before, after


def _phases(recipe: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    while recipe:
        yield recipe
        recipe = recipe.get("finish")


def _steps(layers: tuple[Layer, ...]) -> Iterator[Step]:
    """What each layer sees: the field grows by (side - 1) times the product of all strides before.

    Method: A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural networks", 2019.
    """
    seen, stride = 1, 1
    for layer in layers:
        if layer.kind in ("input", "flatten", "activation", "scale", "add"):
            continue
        side = _window(layer)
        seen = FRAME_SIDE if layer.kind in ("dense", "mean") else min(FRAME_SIDE, seen + (side - 1) * stride)
        stride *= layer.strides[0]
        yield Step(layer, side, seen)


def _window(layer: Layer) -> int:
    if layer.kind in ("max_pool", "average_pool"):
        return layer.pool[0]
    if layer.kernel and layer.kind in ("convolution", "depthwise"):
        return int(layer.kernel.values.shape[1])
    return 1
