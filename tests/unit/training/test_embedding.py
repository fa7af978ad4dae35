import numpy as np
import pytest

from digitlens.training.embedding import embed, squared_distances


def groups(seed=0, each=40):
    rng = np.random.default_rng(seed)
    middles = 10 * rng.standard_normal((3, 8))
    return np.concatenate([middle + rng.standard_normal((each, 8)) for middle in middles]).astype(np.float32)


def test_neighbours_stay_neighbours_on_the_sheet():
    sheet = embed(groups(), perplexity=15, steps=400)
    assert sheet.shape == (120, 2)
    distances = squared_distances(sheet, sheet)
    np.fill_diagonal(distances, np.inf)
    assert (distances.argmin(axis=1) // 40 == np.arange(120) // 40).all()


def test_the_same_points_give_the_same_sheet():
    points = groups(seed=1, each=12)
    assert np.array_equal(embed(points, perplexity=8, steps=50), embed(points, perplexity=8, steps=50))
    assert embed(points, perplexity=8, steps=50).mean(axis=0) == pytest.approx([0, 0], abs=1e-3)


def test_distances_are_those_of_the_formula():
    points = np.array([[0, 0], [3, 4], [0, 1]], np.float32)
    assert squared_distances(points, points).tolist() == [[0, 25, 1], [25, 0, 18], [1, 18, 0]]
