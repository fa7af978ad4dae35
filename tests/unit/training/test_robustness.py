import cv2
import numpy as np
import pytest

from digitlens.training.measures import Share
from digitlens.training.robustness import (
    DIGIT_SHAPED_LETTERS,
    OTHER_LETTERS,
    TwoWays,
    draw_letter,
    mean_of,
    measure_corruptions,
)


def test_no_letter_is_both_a_digit_in_shape_and_none():
    assert not set(DIGIT_SHAPED_LETTERS) & set(OTHER_LETTERS)
    assert set("OlSZB") <= set(DIGIT_SHAPED_LETTERS)


@pytest.mark.parametrize("letter", DIGIT_SHAPED_LETTERS)
def test_a_letter_is_drawn_inside_its_field(letter):
    ink = draw_letter(letter, cv2.FONT_HERSHEY_SIMPLEX, np.random.default_rng(3))
    assert ink.shape == (84, 84)
    assert ink.dtype == np.float32
    assert ink.min() >= 0
    assert 0.5 < ink.max() <= 1
    assert ink.sum() > 50


def test_the_mean_leaves_out_the_digits_that_are_not_corrupted():
    ways = [TwoWays("", Share("", "", right, 10), Share("", "", right - 1, 10)) for right in (10, 8, 6)]
    assert mean_of(ways) == pytest.approx((0.7, 0.6))


def test_a_corruption_that_hides_the_digit_costs_digits(reader, few_digits):
    results = {result.title: result for result in measure_corruptions(reader, few_digits[slice(0, 40)], seed=1)}
    assert results["none"].frames.value > 0.9
    assert results["glass blur"].frames.right < results["none"].frames.right
    assert results["stripe"].pictures.total == 40
