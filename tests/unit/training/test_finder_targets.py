import numpy as np
import pytest

from digitlens.model.candidates import CHANNELS, KINDS, decode
from digitlens.training.finder_targets import HEAT_COUNTS, IS_CENTRE, TARGET_CHANNELS, targets_from_boxes


def targets(boxes, labels, shape=(64, 96)):
    return targets_from_boxes(np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.int64), shape)


def test_a_crop_without_marks_is_all_background_and_all_of_it_counts():
    maps = targets([], [])
    assert maps.shape == (16, 24, TARGET_CHANNELS)
    assert maps[..., HEAT_COUNTS].min() == 1
    assert not np.delete(maps, HEAT_COUNTS, axis=-1).any()


def test_the_boxes_come_back_when_the_target_is_decoded():
    boxes = [[10, 6, 13, 21], [50.5, 20.25, 4, 30], [60, 8, 30, 44]]
    maps = targets(boxes, [3, 1, 10]).astype(np.float32)
    heat = np.clip(maps[..., :KINDS], 1e-3, 1 - 1e-3)
    answer = np.concatenate([np.log(heat / (1 - heat)), maps[..., KINDS:CHANNELS]], axis=-1)
    found, scores = decode(answer, threshold=0.9)
    order = np.argsort(found[:, 0])
    assert found[order] == pytest.approx(np.array(boxes), abs=0.05)
    assert scores[order].argmax(axis=1).tolist() == [3, 1, 10]


def test_heat_falls_with_the_distance_and_further_for_a_large_box():
    small, large = targets([[26, 26, 12, 12]], [4])[..., 4], targets([[4, 4, 56, 56]], [4])[..., 4]
    assert small[8, 8] == large[7 + 1, 8] == 1
    assert np.all(np.diff(large[8, 8:].astype(float)) <= 0)
    assert large.astype(float).sum() > 2 * small.astype(float).sum()


def test_a_region_that_may_be_answered_in_any_way_counts_nowhere_but_at_centres():
    maps = targets([[0, 0, 40, 40], [10, 10, 12, 16]], [-1, 5])
    assert maps[:10, :10, HEAT_COUNTS].sum() == 1
    assert maps[:10, :10, IS_CENTRE].sum() == 1
    assert maps[10:, :, HEAT_COUNTS].min() == 1
    assert maps[..., IS_CENTRE].sum() == 1


def test_marks_whose_centre_lies_outside_have_no_centre():
    maps = targets([[-20, 10, 12, 12], [90, 10, 30, 12], [-4, -4, 20, 20]], [2, 2, 7])
    assert maps[..., IS_CENTRE].sum() == 1
    assert maps[1, 1, 7] == 1


def test_a_region_beyond_the_border_is_cut_there():
    maps = targets([[-10, -10, 14, 500]], [-1])
    assert maps[..., HEAT_COUNTS].sum() == 16 * 23


def test_of_two_centres_in_one_cell_the_smaller_is_asked_for():
    maps = targets([[24, 24, 12, 16], [20, 20, 20, 24]], [6, 10])
    assert maps[..., IS_CENTRE].sum() == 1
    assert maps[8, 7, KINDS] == pytest.approx(np.log(12 / 16), abs=1e-3)
