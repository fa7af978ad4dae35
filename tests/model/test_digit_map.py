"""The map: features, projection and files, on few digits; and the map that ships."""

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

from digitlens.model.artifact import load_artifact, served_folder
from digitlens.model.graph import read_graph
from digitlens.training.digit_map import COLUMNS, FAR_PERCENTILE, arrange, read_map, save_map
from digitlens.training.features import Features


@pytest.fixture(scope="module")
def network():
    return Features(load_artifact().weights)


def as_frames(digits):
    return digits.pictures.astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def small(network, training_digits, test_digits):
    test = test_digits[slice(0, 100)]
    held_out = test_digits[slice(100, 200)]
    return arrange(
        network, (as_frames(test), test.labels), (as_frames(training_digits), training_digits.labels), held_out, 30
    )


def test_features_are_the_means_of_the_maps_before_the_last_layer(network, test_digits):
    frames = as_frames(test_digits)[:4]
    found = network.of(frames)
    graph = read_graph(load_artifact().weights)
    assert network.layer == "stage3b"
    assert found.shape == (4, graph[network.layer].shape[-1])
    assert (found >= 0).all()  # after ReLU
    assert np.array_equal(found, np.concatenate([network.of(frame[None]) for frame in frames]))


def test_points_in_the_files_are_the_projected_features(small, network, training_digits, tmp_path):
    frames = as_frames(training_digits)
    save_map(tmp_path, small, frames)
    kept = read_map(tmp_path)
    points = kept.project(network.of(frames))
    rounding = np.abs(points - kept.training_points)
    assert (rounding <= 0.51 * kept.steps + 1e-4).all()
    assert kept.labels[len(kept.places) :].tolist() == training_digits.labels.tolist()
    assert kept.about["far"] == small.about["far"]


def test_distances_are_in_units_of_the_usual_one(small, network, test_digits):
    points = small.project(network.of(as_frames(test_digits[slice(100, 200)])))
    nearest = np.sqrt(((points[:, None] - small.training_points) ** 2).sum(axis=2)).min(axis=1)
    assert np.median(nearest) == pytest.approx(1, abs=0.03)
    assert small.about["far"] > np.percentile(nearest, FAR_PERCENTILE) * 0.5


def test_pictures_lie_in_the_order_of_the_points(small, test_digits, training_digits, tmp_path):
    frames = np.concatenate([as_frames(test_digits[slice(0, 100)]), as_frames(training_digits)])
    save_map(tmp_path, small, frames)
    with Image.open(tmp_path / "map.png") as picture:
        sheet = np.asarray(picture.convert("L"))
    assert sheet.shape == (28 * -(-len(frames) // COLUMNS), 28 * COLUMNS)
    for index in (0, COLUMNS + 3, len(frames) - 1):
        row, column = divmod(index, COLUMNS)
        tile = sheet[28 * row : 28 * row + 28, 28 * column : 28 * column + 28]
        assert np.abs(tile / 255 - frames[index]).max() <= 0.5 / 15 + 1e-6


def test_places_use_the_whole_sheet(small):
    assert small.places.min() == 0
    assert small.places.max() == 65535


def test_the_map_that_ships_is_of_the_network_that_ships(network, test_digits):
    shipped = read_map(served_folder())
    assert shipped.about["network"] == load_artifact().manifest.sha256
    assert shipped.about["layer"] == network.layer
    assert shipped.about["measured"]["accuracy_of_points"] > 0.99
    points = shipped.project(network.of(as_frames(test_digits)))
    distances = ((points[:, None] - shipped.training_points) ** 2).sum(axis=2)
    labels = shipped.labels[len(shipped.places) :]
    assert (labels[distances.argmin(axis=1)] == test_digits.labels).mean() > 0.97
    assert (np.sqrt(distances.min(axis=1)) > shipped.about["far"]).mean() < 0.03


def test_what_no_digit_looks_like_is_far_from_everything(network):
    shipped = read_map(served_folder())
    noise = (np.random.default_rng(3).random((20, 28, 28)) > 0.5).astype(np.float32)
    points = shipped.project(network.of(noise))
    distances = np.sqrt(((points[:, None] - shipped.training_points) ** 2).sum(axis=2)).min(axis=1)
    assert (distances > shipped.about["far"]).all()


def test_map_json_is_json_with_every_array(small, tmp_path):
    save_map(tmp_path, dataclasses.replace(small, about={**small.about, "network": "x"}), np.zeros((500, 28, 28)))
    about = json.loads((tmp_path / "map.json").read_text())
    sizes = {"mean": 4, "directions": 4, "steps": 4, "places": 2, "codes": 1, "labels": 1}
    assert list(about["arrays"]) == list(sizes)
    expected = sum(size * int(np.prod(about["arrays"][name])) for name, size in sizes.items())
    assert (tmp_path / "map.bin").stat().st_size == expected
