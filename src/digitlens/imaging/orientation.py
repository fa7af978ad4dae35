"""Which way up a page lies, by the evidence of all its marks, and a reading of a turned page put back.

A page that was scanned upside down or photographed sideways is read as it lies first. Where many of its marks are no
clear digits, their frames are turned by quarters and judged again, and the finder looks at the page in each turn; where
either sees digits then, the page is turned and read once more. The right way up is the one in which more digits are
read, and more surely (after D. S. Bloomberg, G. E. Kopec and L. Dasari, "Measuring document image skew and
orientation", 1995, who count what only upright text has), or, where numbers stand among words, in which far more of
them are clear to the finder. One mark alone does not decide, nor do digits alone that look alike in another turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from digitlens.results import Box, Reading

DIGITS = 10
# 0, 1 and 8 look the same upside down, and a dash becomes a 1 when it is turned.
TELLING = (2, 3, 4, 5, 6, 7, 9)
# So many marks are needed, and no more are judged: the highest ones.
LEAST_MARKS, MOST_MARKS = 4, 32
# A page is doubted where its marks are digits with less than this probability on average, and where less than this
# share of them are sure to be telling digits.
CLEAR, SURE, SURE_SHARE = 0.9, 0.95, 0.5
# Beside words so many sure telling digits are enough, where they are this share of those read and of all marks.
LEAST_SURE, SURE_AMONG_READ, SURE_AMONG_MARKS = 5, 0.75, 0.2
# Worth reading is a page that was turned so that its marks are digits with this probability on average.
LEAST_DIGITS = 0.4
# What the finder is sure of, and what it sees clearly; and the least share of the former that is clear on a page that
# stands. Letters and print on their side are at most half so clear.
SURELY_SEEN, CLEARLY_SEEN, LEAST_CLEAR_SHARE = 0.4, 0.6, 0.65
# So many more digits that are seen clearly, and so many times as many, tell which way up a page with words stands.
LEAST_MORE, LEAST_TIMES = 3, 2
# So many of them are enough where so many times as many marks of any kind are seen clearly: words that stand are, too.
LEAST_TOLD_BY_MARKS, LEAST_TIMES_MARKS = 3, 1.25
# What a mark that is no digit is worth: none decides by itself.
LEAST_PROBABILITY = 0.05
# A page is turned where that is worth so much more (3 is a sure digit: the natural logarithm of 1 / 0.05), of which so
# much by telling digits, and where so many of its marks are read then, `CLEAR` on average: words lying on their side
# give a digit here and there, too.
LEAST_GAIN, LEAST_TOLD, LEAST_READ = 3.0, 2.5, 1 / 3


def is_doubtful(probabilities: NDArray[np.floating], read: NDArray[np.floating]) -> bool:
    """Whether the page may lie another way up.

    Args:
        probabilities: (N, 11) of its marks as they stand, the highest first; the last column is for "not a digit".
        read: (M, 11) of the digits that were read. Words beside them, and pieces of broken digits, are marks too, so
            a few sure digits among many other marks are enough.
    """
    if len(probabilities) < LEAST_MARKS:
        return False
    telling = np.isin(read.argmax(axis=1), TELLING) if len(read) else np.zeros(0, bool)
    sure_count = int((read[telling].max(axis=1, initial=0) > SURE).sum())
    is_clear = sure_count >= SURE_AMONG_READ * telling.sum() and sure_count >= SURE_AMONG_MARKS * len(probabilities)
    if sure_count >= LEAST_SURE and is_clear:
        return False
    sure_share = float((probabilities[:, TELLING].max(axis=1) > SURE).mean())
    return sure_share < SURE_SHARE and float(probabilities[:, :DIGITS].max(axis=1).mean()) < CLEAR


def quarter_turns(frames: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """The frames as they stand, then turned counter-clockwise by one, two and three quarters.

    A turned frame is what `normalise` gives for the turned ink, up to a pixel of its place.

    Args:
        frames: (N, 28, 28).
    """
    return (np.rot90(frames, turns, axes=(1, 2)) for turns in range(4))


def turns_worth_reading(probabilities: NDArray[np.floating]) -> list[int]:
    """The turns after which the marks are the likeliest digits of those that look different in each turn.

    Args:
        probabilities: (4, N, 11) of the same marks, in the order of `quarter_turns`.

    Returns:
        Quarters by which the page should be turned counter-clockwise and read again, best first: one, or more where
        less than a sure digit tells them apart; none where no turn makes digits of the marks.
    """
    telling = np.log(np.maximum(probabilities[:, :, TELLING].max(axis=2), LEAST_PROBABILITY)).sum(axis=1)
    are_digits = probabilities[:, :, :DIGITS].max(axis=2).mean(axis=1) >= LEAST_DIGITS
    turns = sorted((turns for turns in (1, 2, 3) if are_digits[turns]), key=lambda turns: -telling[turns])
    return [other for other in turns if telling[turns[0]] - telling[other] < LEAST_GAIN]


def clear_digits(scores: NDArray[np.floating]) -> tuple[int, float]:
    """How many telling digits the finder sees clearly, and how many of all digits that it is sure of are clear, 0 to 1.

    Args:
        scores: (N, 11) of what it sees, in [0, 1]; the last column is for "another mark".
    """
    sure = scores[(scores.argmax(axis=1) < DIGITS) & (scores.max(axis=1) >= SURELY_SEEN)]
    clear = sure[sure.max(axis=1) >= CLEARLY_SEEN]
    telling = int(np.isin(clear.argmax(axis=1), TELLING).sum())
    return telling, len(clear) / max(1, len(sure))


def turns_seen_clearly(seen: Sequence[NDArray[np.floating]]) -> list[int]:
    """The turn in which the finder sees more digits clearly than on the page as it lies, and most of them clearly.

    Letters that lie on their side or stand on their head look like digits, too, but few of them clearly.

    Args:
        seen: the (N, 11) scores of what it sees of the page turned counter-clockwise by none, one, two and three
            quarters.

    Returns:
        Quarters by which the page should be turned counter-clockwise and read again, one at most.
    """
    (lying, _), *turned = map(clear_digits, seen)
    found = [(count, turns) for turns, (count, share) in enumerate(turned, start=1) if share >= LEAST_CLEAR_SHARE]
    count, turns = max(found, default=(0, 0))
    return [turns] if count > lying else []


def evidence(read: NDArray[np.floating]) -> tuple[float, float]:
    """How much the digits that were read speak for this way up: a logarithm of their probabilities, 0 without any.

    Args:
        read: (M, 11) of the digits that were read.

    Returns:
        That of all digits, in which those that look alike in another turn count half; and that of the others alone.
    """
    each, telling = (
        float(np.log(np.maximum(read[:, kinds].max(axis=1), LEAST_PROBABILITY) / LEAST_PROBABILITY).sum())
        for kinds in (range(DIGITS), TELLING)
    )
    return (each + telling) / 2, telling


def is_more_upright(turned: NDArray[np.floating], mark_count: int, lying: NDArray[np.floating]) -> bool:
    """Whether a page was clearly read better after it had been turned.

    Args:
        turned: (M, 11) of the digits that were read then.
        mark_count: number of all marks on it.
        lying: (K, 11) of the digits that were read as it lies.
    """
    if len(turned) < max(1, LEAST_READ * mark_count):
        return False
    gain, told = np.subtract(evidence(turned), evidence(lying))
    is_clear = turned[:, :DIGITS].max(axis=1).mean() >= CLEAR
    return bool(gain >= LEAST_GAIN and told >= LEAST_TOLD and is_clear)


def is_seen_more_clearly(turned: NDArray[np.floating], lying: NDArray[np.floating]) -> bool:
    """Whether the finder sees more digits clearly on a turned page: far more, or some more and the other marks, too.

    Args:
        turned: (N, 11) scores of what it sees then.
        lying: (M, 11) of what it sees on the page as it lies.
    """
    (count, share), (before, share_before) = clear_digits(turned), clear_digits(lying)
    if share < LEAST_CLEAR_SHARE:
        return False
    if count >= max(before + LEAST_MORE, LEAST_TIMES * before):
        return True
    marks, marks_before = (int((scores.max(axis=1, initial=0) >= CLEARLY_SEEN).sum()) for scores in (turned, lying))
    are_marks_clearer = marks >= LEAST_TIMES_MARKS * marks_before
    return are_marks_clearer and share_before < LEAST_CLEAR_SHARE and count >= max(LEAST_TOLD_BY_MARKS, before + 1)


def is_as_upright(turned: NDArray[np.floating], lying: NDArray[np.floating]) -> bool:
    """Whether a page on which digits are read was read at least as well after it had been turned.

    Args:
        turned: (M, 11) of the digits that were read then.
        lying: (K, 11) of the digits that were read as it lies.
    """
    return 0 < len(lying) <= len(turned) and evidence(turned)[0] >= evidence(lying)[0]


def turned_back(reading: Reading, turns: int) -> Reading:
    """The reading of a page that was turned for it, with all boxes on the page as it was; rows keep their order.

    Args:
        reading: of the turned page.
        turns: quarters by which the page had been turned counter-clockwise.

    >>> box = Box(10, 2, 5, 7)
    >>> turned_back(Reading((), (box,), width=100, height=60), 1).rejected[0]
    Box(left=51, top=10, width=7, height=5)
    """
    for _ in range(turns % 4):
        reading = _quarter_back(reading)
    return reading


def _quarter_back(reading: Reading) -> Reading:
    """Turn everything clockwise once."""
    height = reading.height

    def turned(box: Box) -> Box:
        return Box(height - box.bottom, box.left, box.height, box.width)

    return reading.moved(turned, width=height, height=reading.width)
