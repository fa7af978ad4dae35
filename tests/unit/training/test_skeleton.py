import cv2
import numpy as np
import pytest

from digitlens.training.skeleton import FARTHEST, distance_fields, distance_to_segment, thin


def test_a_thick_bar_becomes_a_line_one_pixel_wide():
    mask = np.zeros((1, 20, 40), bool)
    mask[0, 7:12, 3:37] = True
    line = thin(mask)[0]
    assert line[:, 10:30].sum(axis=0).tolist() == [1] * 20
    assert line[9, 10:30].all()
    assert (line <= mask[0]).all()


def test_thinning_keeps_a_ring_a_ring():
    rows, columns = np.mgrid[:28, :28]
    radius = np.hypot(rows - 14, columns - 14)
    ring = thin(((radius > 5) & (radius < 11))[None])[0]
    assert not ring[14, 14]
    assert 30 < ring.sum() < 80
    regions, _ = cv2.connectedComponents((~ring).astype(np.uint8), connectivity=4)
    assert regions - 1 == 2  # inside and outside, so the line has no gap


def test_a_line_and_a_blank_stay_as_they_are():
    masks = np.zeros((2, 9, 9), bool)
    masks[0, 4, 1:8] = True
    assert np.array_equal(thin(masks), masks)


def test_a_mask_at_the_edge_of_the_picture_is_thinned_too():
    assert 1 <= thin(np.ones((1, 12, 12), bool)).sum() < 30


def test_distances_grow_from_the_middle_line_and_end_at_the_farthest():
    picture = np.zeros((2, 28, 28), np.uint8)
    picture[0, 12:15, 2:26] = 255
    fields = distance_fields(picture)
    assert fields[0, 13, 10:18].max() == 0
    assert fields[0, 16, 14] == pytest.approx(3, abs=0.1)
    assert fields[0].max() <= FARTHEST
    assert (fields[1] == FARTHEST).all()


def test_distance_to_a_segment_is_the_plain_one():
    field = distance_to_segment((5, 10), (15, 10))
    assert field[10, 5:16].max() == 0
    assert field[13, 10] == pytest.approx(3)
    assert field[14, 18] == pytest.approx(5)  # 3 beyond the end, 4 below
    assert distance_to_segment((5, 5), (5, 5))[5, 8] == pytest.approx(3)
