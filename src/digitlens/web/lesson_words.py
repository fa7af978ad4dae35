"""Sentences of the lesson that carry measured numbers: what a layer does, the statements of the quiz, the limits.

Whether a statement of the quiz is true is decided by the manifest of the network that is served, never here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from digitlens.web.formats import decimal, per_cent
from digitlens.web.lesson import Facts, Measured, Step

FEWEST_STATEMENTS = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the quiz, with what was measured."""

    claim: str
    truth: str
    is_true: bool


@dataclass(frozen=True, slots=True)
class _Claim:
    """Says that a metric is above, or below, a threshold; all shares in [0, 1]."""

    metric: str
    threshold: float
    is_above: bool
    claim: Any
    truth: Any


_CLAIMS = (
    _Claim(
        "test",
        0.99,
        True,
        _("Of 100 digits of MNIST’s test part it reads more than 99 right."),
        _("Measured: %(share)s of %(count)s are read right."),
    ),
    _Claim(
        "letters_O",
        0.5,
        False,
        _("A letter O that stands alone is seldom read as a digit: in fewer than half of the cases."),
        _("Measured: %(share)s of %(count)s were read as a digit. Alone, an O and a 0 look the same."),
    ),
    _Claim(
        "corrupted_glass_blur",
        0.85,
        True,
        _("Seen through rough glass, so that the strokes run, more than 85 of 100 digits are still read right."),
        _("Measured: %(share)s of %(count)s are read right."),
    ),
    _Claim(
        "marks_rejected",
        0.99,
        True,
        _("Of 100 marks that are no digits it recognises more than 99 as such."),
        _("Measured: %(share)s of %(count)s are recognised."),
    ),
    _Claim(
        "other_ardis-iv",
        0.95,
        True,
        _("Of 100 digits from Swedish church records, whose like it never trained on, it reads more than 95 right."),
        _("Measured: %(share)s of %(count)s are read right."),
    ),
    _Claim(
        "test_photographed",
        0.99,
        True,
        _("Drawn anew as if photographed badly, more than 99 of 100 digits are still read right."),
        _("Measured: %(share)s of %(count)s are read right."),
    ),
    _Claim(
        "letters_all_other_letters",
        0.05,
        False,
        _("Letters that do not look like digits are read as digits in fewer than 5 of 100 cases."),
        _("Measured: %(share)s of %(count)s were read as a digit."),
    ),
    _Claim(
        "corrupted_impulse_noise_read",
        0.5,
        True,
        _("Strewn with black and white dots, a tiny picture of a digit is still found and read right in most cases."),
        _("Measured: %(share)s of %(count)s are found and read right. The dots are taken for ink."),
    ),
)
_LIMITS: tuple[tuple[str, Callable[[Measured], bool], Any], ...] = (
    (
        "letters_O",
        lambda found: found.share > 0.5,
        _("Of %(count)s letters O, each alone, it took %(share)s for a digit. It cannot know that they are letters."),
    ),
    (
        "marks_rejected",
        lambda found: found.share < 1,
        _("Of %(count)s marks that are no digits, %(rest)s were still read as one."),
    ),
    (
        "test_photographed",
        lambda found: found.share < 1,
        _("Of %(count)s digits drawn anew as if photographed badly, it got %(rest)s wrong."),
    ),
    (
        "corrupted_glass_blur",
        lambda found: found.share < 0.99,
        _("Of %(count)s digits seen through rough glass, it got %(rest)s wrong."),
    ),
    (
        "corrupted_zigzag_read",
        lambda found: found.share < 0.9,
        _("Of %(count)s tiny pictures with a zigzag line across, the whole reader got %(rest)s wrong."),
    ),
)


def statements(facts: Facts) -> list[Statement]:
    """The quiz of chapter 7; empty where too little was measured for one."""
    found = [(claim, facts.measured(claim.metric)) for claim in _CLAIMS]
    made = [
        Statement(
            str(claim.claim),
            str(claim.truth) % _numbers(measured),
            (measured.share > claim.threshold) == claim.is_above,
        )
        for claim, measured in found
        if measured
    ]
    return made if len(made) >= FEWEST_STATEMENTS else []


def limits(facts: Facts) -> list[str]:
    """What chapter 8 says it cannot do, in numbers; only what was measured, and only where it is a limit."""
    found = [(facts.measured(metric), is_limit, words) for metric, is_limit, words in _LIMITS]
    return [str(words) % _numbers(measured) for measured, is_limit, words in found if measured and is_limit(measured)]


def layer_words(step: Step) -> str:
    """What a layer does, in a few words, as "48 kernels of 3 × 3"."""
    layer = step.layer
    words = {
        "convolution": _("%(count)s kernels of %(side)s × %(side)s", count=layer.shape[-1], side=step.side),
        "depthwise": _("one kernel of %(side)s × %(side)s for each map", side=step.side),
        "max_pool": _("keeps the largest of %(side)s × %(side)s", side=step.side),
        "average_pool": _("takes the mean of %(side)s × %(side)s", side=step.side),
        "mean": _("takes the mean of each map"),
        "dense": _("%(count)s weighted sums of everything", count=layer.shape[-1]),
    }
    return str(words[layer.kind])


def _numbers(measured: Measured) -> dict[str, str]:
    return {
        "share": per_cent(measured.share),
        "rest": per_cent(1 - measured.share),
        "count": decimal(measured.count),
    }
