import numpy as np
import pytest

from digitlens.training.regional import REGIONAL_DIGITS, add_regional_strokes
from digitlens.training.skeleton import distance_fields, distance_to_segment

SEVEN = np.minimum(distance_to_segment((8, 5), (19, 5)), distance_to_segment((19, 5), (12, 23)))


def test_a_seven_gets_a_bar_across_its_stem_or_a_hook_under_the_left_end_of_its_top():
    rng = np.random.default_rng(1)
    rows, columns = [], []
    for changed in (add_regional_strokes(SEVEN, 7, rng) for _ in range(150)):
        if (changed > SEVEN).any():  # written anew
            continue
        added = np.argwhere((changed < 0.5) & (SEVEN >= 0.5))
        rows.append(added[:, 0].min())
        columns.append(added[:, 1].min())
    hooks = np.array(rows) < 9
    assert 0.3 < hooks.mean() < 0.8
    assert (np.array(columns)[hooks] <= 9).all()


def test_some_sevens_are_written_anew_with_a_top_that_dips_and_a_low_bar():
    rng = np.random.default_rng(6)
    sevens = [add_regional_strokes(SEVEN, 7, rng) for _ in range(150)]
    anew = [seven < 0.7 for seven in sevens if (seven > SEVEN).any()]
    assert 0.2 < len(anew) / len(sevens) < 0.4
    for line in anew:
        widths = line.any(axis=0).sum(), line.any(axis=1).sum()
        assert 15 <= widths[1] <= 22  # as high as it was
        assert widths[0] < widths[1]
        top, bar = (np.ptp(np.nonzero(part)[1]) for part in (line[:12], line[12:20]))
        assert min(top, bar) >= 3


@pytest.mark.parametrize("label", [2, 3, 5])
def test_a_line_goes_on_at_its_ends(few_digits, label):
    lines = distance_fields(few_digits.pictures[few_digits.labels == label]).astype(np.float32)
    rng = np.random.default_rng(label)
    longer = [(add_regional_strokes(line, label, rng) < 0.5) & (line >= 0.5) for line in lines]
    assert np.mean([more.any() for more in longer]) > 0.8
    assert np.mean([more.sum() for more in longer]) < 0.5 * np.mean([(line < 0.5).sum() for line in lines])


def test_a_blank_and_a_digit_without_such_strokes_stay_as_they_are():
    blank = np.full((28, 28), 12.0, np.float32)
    rng = np.random.default_rng(4)
    assert all(add_regional_strokes(blank, label, rng) is blank for label in REGIONAL_DIGITS)
    line = distance_to_segment((8, 5), (18, 23))
    assert all(add_regional_strokes(line, label, rng) is line for label in set(range(10)) - set(REGIONAL_DIGITS))
