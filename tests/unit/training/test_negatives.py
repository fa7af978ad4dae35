import numpy as np
import pytest

from digitlens.imaging.normalise import normalise
from digitlens.training import marks
from digitlens.training.negatives import looks_like_one, not_a_digit


@pytest.fixture(scope="module")
def frames(few_digits):
    rng = np.random.default_rng(11)
    return np.stack([not_a_digit(few_digits.pictures, few_digits.labels, rng) for _ in range(400)])


def test_marks_are_normalised_frames(frames):
    assert frames.shape == (400, 28, 28)
    assert frames.dtype == np.float32
    assert frames.min() >= 0
    assert frames.max(axis=(1, 2)) == pytest.approx(np.ones(400), abs=1e-5)
    for frame in frames:
        rows, columns = np.nonzero(frame)
        assert max(np.ptp(rows), np.ptp(columns)) == 19  # the longest side fills 20 px, as the reader makes it


def test_no_mark_is_an_upright_stroke(frames):
    assert not any(looks_like_one(frame) for frame in frames)


def test_marks_differ(frames):
    assert len(np.unique(frames.reshape(len(frames), -1), axis=0)) == len(frames)


def test_the_same_seed_gives_the_same_marks(few_digits, frames):
    rng = np.random.default_rng(11)
    again = [not_a_digit(few_digits.pictures, few_digits.labels, rng) for _ in range(20)]
    assert np.array_equal(np.stack(again), frames[:20])


@pytest.mark.parametrize(("lean", "like"), [(0, True), (-20, True), (30, True), (45, True), (-40, False), (65, False)])
def test_a_stroke_looks_like_a_one_unless_it_leans_too_far(lean, like):
    """To the right a 1 may lean by half a right angle, to the left hardly."""
    reach = 35 * np.array([np.sin(np.deg2rad(lean)), -np.cos(np.deg2rad(lean))])
    ink = marks.draw([marks.segment(tuple(42 - reach), tuple(42 + reach))], 6)
    assert looks_like_one(normalise(ink)) is like


def test_a_level_stroke_and_a_blot_do_not_look_like_a_one():
    assert not looks_like_one(normalise(marks.draw([marks.segment((10, 42), (74, 44))], 6)))
    assert not looks_like_one(normalise(marks.draw_blot(np.random.default_rng(0))))


def test_most_ones_of_mnist_look_like_a_one_and_most_other_digits_do_not(few_digits):
    seen = np.array([looks_like_one(picture / 255) for picture in few_digits.pictures])
    assert seen[few_digits.labels == 1].mean() > 0.9
    assert seen[(few_digits.labels != 1) & (few_digits.labels != 7)].mean() < 0.3


def test_letters_that_look_like_digits_are_never_drawn():
    assert not set("OoQDlIi|JSsZzBbqgGyYUu0123456789") & set(marks.LETTERS + marks.SCRIPT_LETTERS)


@pytest.mark.parametrize(
    "draw",
    [marks.draw_sign, marks.draw_letters, marks.draw_scribble, marks.draw_blot, marks.draw_grain],
)
def test_every_kind_of_mark_leaves_ink_in_its_field(draw):
    for seed in range(30):
        ink = draw(np.random.default_rng(seed))
        assert ink.shape == (marks.SIDE, marks.SIDE)
        assert ink.dtype == np.float32
        assert 0 <= ink.min() <= ink.max() <= 1.0
        assert ink.sum() > 20
