"""The finder that ships with digitlens, on rendered crops of digits that training never saw."""

import dataclasses

import numpy as np
import pytest

from digitlens.model.architecture import build_finder
from digitlens.model.artifact import load_artifact
from digitlens.model.finder import Finder
from digitlens.training.export import from_tflite
from digitlens.training.finder import load_finder_recipe
from digitlens.training.glyphbank import GlyphBank, hand_of
from digitlens.training.synthesis import render_crop


@pytest.fixture(scope="module")
def crops(test_digits):
    """100 crops written with digits of MNIST's test part."""
    hand = hand_of("test", test_digits.pictures, "".join(map(str, test_digits.labels)))
    bank, rng = GlyphBank(digits=(hand,)), np.random.default_rng(40)
    return [render_crop(bank, rng) for _ in range(100)]


@pytest.fixture(scope="module")
def finder():
    return Finder.load()


def overlap(one, other):
    """Intersection over union of two boxes, left, top, width and height."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    shared = np.prod(np.clip(high - low, 0, None))
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def test_the_manifest_says_what_the_finder_is():
    manifest = load_artifact().manifest.finder
    recipe = {
        name: list(v) if isinstance(v, tuple) else v for name, v in dataclasses.asdict(load_finder_recipe()).items()
    }
    assert manifest.recipe.items() >= recipe.items()
    assert sum(run["crops"] for run in manifest.recipe["runs"]) == recipe["crops"]


def test_litert_and_keras_agree_on_a_page(finder, crops):
    artifact = load_artifact()
    network = from_tflite(artifact.finder, build_finder())
    assert network.count_params() == artifact.manifest.finder.parameters == 1_412_271
    page = crops[0].picture.astype(np.float32) / np.float32(255)
    difference = np.abs(np.asarray(network(page[None, ..., None]))[0] - finder.maps(page))
    assert difference.max() < 1e-3


def test_nearly_every_digit_is_seen_and_hardly_anything_else_is_sure(finder, crops):
    wanted = seen = sure = wrong = right = 0
    for crop in crops:
        found = [(np.array(candidate.box), candidate) for candidate in finder.find(crop.picture)]
        written = [(box, label) for box, label in zip(crop.boxes, crop.labels, strict=True) if label in range(10)]
        unsure = crop.boxes[crop.labels == -1]
        wanted += len(written)
        seen += sum(any(overlap(place, box) > 0.4 for place, _ in found) for box, _ in written)
        for place, candidate in found:
            if candidate.is_sure_digit and not any(overlap(place, box) > 0.3 for box in unsure):
                labels = [label for box, label in written if overlap(place, box) > 0.3]
                sure, wrong, right = sure + 1, wrong + (not labels), right + (candidate.kind in labels)
    assert wanted > 400
    # The finder says where to look, so a weak candidate is enough; what it is, the classifier is asked as well.
    assert seen / wanted >= 0.95
    assert wrong / sure <= 0.04
    assert right / sure >= 0.88
