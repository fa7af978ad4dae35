"""From digits to served weights, small enough for every test run."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from digitlens.model.architecture import build_network
from digitlens.model.artifact import load_artifact
from digitlens.model.classifier import Classifier
from digitlens.training.datasets import Digits, Splits
from digitlens.training.epochs import FrameMaker
from digitlens.training.export import as_served, from_tflite, install
from digitlens.training.recipe import Recipe
from digitlens.training.sequence import FrameSequence
from digitlens.training.train import train


@pytest.fixture(scope="module")
def frames(test_digits):
    return test_digits.pictures.astype(np.float32) / np.float32(255)


def logits_of(network, frames):
    return np.asarray(network(frames[..., None], training=False))


def test_litert_and_keras_agree_on_the_served_weights(frames):
    artifact = load_artifact()
    difference = np.abs(logits_of(from_tflite(artifact.weights), frames) - Classifier(artifact).logits(frames))
    assert difference.max() < 1e-4


def test_litert_and_keras_agree_on_a_network_with_any_weights(frames, artifact_of):
    network = build_network(widths=(4, 6, 8))
    rng = np.random.default_rng(3)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, value.shape) for value in layer.get_weights()])
    artifact = artifact_of(network)
    logits = Classifier(artifact).logits(frames)
    assert np.abs(logits_of(as_served(network), frames) - logits).max() < 1e-4
    assert np.abs(logits_of(from_tflite(artifact.weights), frames) - logits).max() < 1e-4
    # Folding changes nothing; rounding to float16 changes little.
    assert np.abs(logits_of(network, frames) - logits).max() < 0.01 * np.abs(logits).max()


def test_batches_are_cut_from_one_epoch_after_the_other(training_digits):
    maker = FrameMaker(training_digits, None, Recipe(epochs=2, batch=16, negatives=4))
    sequence = FrameSequence(maker.make, batch=50)
    assert len(sequence) == 11  # 400 digits and a third as many marks, 50 a batch
    frames, targets = sequence[0]
    assert frames.shape == (50, 28, 28, 1)
    assert 0 <= frames.min() < frames.max() <= 1
    assert targets.sum(axis=1).tolist() == [1.0] * 50
    seen = sum((sequence[batch][1].sum(axis=0) for batch in range(len(sequence))), np.zeros(11))
    assert seen.tolist() == [40.0] * 10 + [133.0]
    sequence.on_epoch_end()
    assert not np.array_equal(frames, sequence[0][0])


# Keras 3.15 on TensorFlow 2.21 meets NumPy 2 here; it is theirs to mend and changes no number.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_a_small_run_leaves_everything_that_it_should(training_digits, test_digits, tmp_path):
    finish = Recipe(epochs=3, batch=32, negatives=4, widths=(8, 12, 16), learning_rate=0.01)
    recipe = dataclasses.replace(finish, finish=finish)
    half = Digits(training_digits.pictures[:200], training_digits.labels[:200])
    other = Digits(training_digits.pictures[200:260], training_digits.labels[200:260])
    artifact = train(recipe, Splits(half, other, other), tmp_path / "run", version="2026.1", verbose=0)

    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {
        "config.json",
        "learning-curve.png",
        "learning.json",
        "latest.keras",
        "log.csv",
        "log.txt",
        "manifest.json",
        "network.keras",
        "weights.tflite",
    }
    assert json.loads((tmp_path / "run/config.json").read_text())["finish"]["epochs"] == 3
    assert len((tmp_path / "run/log.txt").read_text().splitlines()) == 6
    assert load_artifact(tmp_path / "run") == artifact
    assert artifact.manifest.recipe == recipe.to_dict()
    install(tmp_path / "run", tmp_path / "served")
    answers = Classifier.load(tmp_path / "served").probabilities(test_digits.pictures).argmax(axis=1)
    assert (answers == test_digits.labels).mean() > 0.2  # chance is 0.1: it has begun to learn
