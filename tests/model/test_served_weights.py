"""The weights that ship with digitlens, on a fixed sample of real digits."""

import re

import numpy as np
import pytest

from digitlens.imaging.normalise import normalise
from digitlens.model.artifact import FINDER_WEIGHTS, WEIGHTS, load_artifact, served_folder
from digitlens.model.calibration import expected_calibration_error, reliability_bins
from digitlens.model.classifier import NOT_A_DIGIT, Classifier
from digitlens.training.datasets import SHA256
from digitlens.training.frames import negative_frames, photographed_frames
from digitlens.training.recipe import load_recipe


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load()


@pytest.fixture(scope="module")
def manifest():
    return load_artifact().manifest


def accuracy(classifier, frames, labels):
    return (classifier.probabilities(frames).argmax(axis=1) == labels).mean()


def test_all_weights_together_are_at_most_six_megabytes():
    sizes = [(served_folder() / name).stat().st_size for name in (WEIGHTS, FINDER_WEIGHTS)]
    assert sizes[0] <= 2_000_000
    assert sum(sizes) <= 6_000_000


def test_the_manifest_names_the_number_of_parameters_that_the_file_holds(manifest):
    from digitlens.training.export import from_tflite

    assert from_tflite(load_artifact().weights).count_params() == manifest.parameters == 747_419


def test_the_manifest_says_what_the_weights_were_made_from(manifest):
    assert re.fullmatch(r"\d{4}\.\d{2}(\.\d+)?", manifest.version)
    assert manifest.recipe == load_recipe().to_dict()
    assert manifest.seed == manifest.recipe["seed"]
    files = {name: SHA256[name] for name in SHA256 if name.startswith("train")}
    assert manifest.data_sha256.items() > files.items()
    assert {"glyphs/bhmsds", "not-digits/omniglot", "fonts"} < manifest.data_sha256.keys()
    # What only validates is not among what was read, nor is the test.
    assert not [name for name in manifest.data_sha256 if re.search("t10k|ardis|nsysu|photos", name)]
    assert 0.2 < manifest.temperature < 2


def test_the_release_bar_was_measured_and_met(manifest):
    test = manifest.metrics["test"]
    assert test["count"] == 10_000
    assert test["value"] >= 0.9960
    assert test["low"] < test["value"] < test["high"]
    assert manifest.metrics["test_calibration_error"]["value"] < 0.01
    assert manifest.metrics["marks_rejected"]["value"] > 0.85


def test_real_digits_are_read_as_they_are(classifier, test_digits):
    assert accuracy(classifier, test_digits.pictures, test_digits.labels) >= 0.99


def test_real_digits_are_read_after_the_readers_normalisation(classifier, test_digits):
    frames = np.stack([normalise(picture / np.float32(255)) for picture in test_digits.pictures])
    assert accuracy(classifier, frames, test_digits.labels) >= 0.99


def test_real_digits_are_read_after_pen_and_camera(classifier, test_digits):
    assert accuracy(classifier, photographed_frames(test_digits, seed=1), test_digits.labels) >= 0.93


def test_marks_are_rejected_and_digits_are_not(classifier, test_digits):
    marks = negative_frames(test_digits, 300, seed=2)
    assert accuracy(classifier, marks, np.full(300, NOT_A_DIGIT)) >= 0.92
    answers = classifier.probabilities(test_digits.pictures).argmax(axis=1)
    assert (answers == NOT_A_DIGIT).mean() <= 0.004


def test_confidence_is_calibrated(classifier, test_digits):
    frames = np.concatenate([test_digits.pictures / np.float32(255), photographed_frames(test_digits, seed=1)])
    labels = np.tile(test_digits.labels, 2)
    assert expected_calibration_error(reliability_bins(classifier.probabilities(frames), labels, bins=10)) < 0.03


def test_a_blank_frame_gives_a_calm_answer(classifier):
    assert np.isfinite(classifier.probabilities(np.zeros((1, 28, 28), np.uint8))).all()
