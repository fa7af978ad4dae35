"""Every architecture a recipe can name: built, folded, exported, and served like the one that ships."""

from pathlib import Path

import keras
import numpy as np
import pytest

from digitlens.errors import SettingsError
from digitlens.model.architecture import fold_normalisation
from digitlens.model.artifact import load_artifact, save_artifact
from digitlens.model.classifier import Classifier
from digitlens.settings import Settings
from digitlens.training.architectures import ARCHITECTURES, build
from digitlens.training.datasets import Splits
from digitlens.training.recipe import Recipe, find_recipe, load_recipe
from digitlens.training.train import train
from digitlens.web import create_app

DOCUMENTED = (Path(__file__).parents[2] / "docs/cli.md").read_text("utf-8")
WIDTHS = {"stages": (4, 6, 8), "lenet5": (), "small": (4, 6), "residual": (4, 6)}


def shake(network, seed=3):
    """Weights and statistics as if it had been trained: nothing is 0 or 1."""
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, value.shape) for value in layer.get_weights()])
        elif layer.weights:
            layer.set_weights([value + 0.05 * rng.standard_normal(value.shape) for value in layer.get_weights()])
    return network


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_serves_what_it_learned(artifact_of, name, test_digits, tmp_path):
    frames = test_digits.pictures[:50].astype(np.float32) / np.float32(255)
    network = shake(build(name, WIDTHS[name], dropout=0.2))
    artifact = artifact_of(network)
    expected = np.asarray(network(frames[..., None], training=False))
    found = Classifier(artifact).logits(frames)
    assert np.abs(expected - found).max() < 0.01 * np.abs(expected).max()  # float16 weights

    save_artifact(tmp_path / "model", artifact)
    app = create_app(Settings(data_dir=tmp_path / "var"), model_dir=tmp_path / "model")
    described = app.test_client().get("/model/network.json").get_json()
    app.extensions["digitlens"].store.close()
    assert described["unsupported"] is None
    assert described["layers"][0]["shape"] == [28, 28, 1]
    assert described["layers"][-1]["shape"] == [11]
    assert sum(layer["parameters"] for layer in described["layers"]) == artifact.manifest.parameters


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_no_normalisation_is_left_after_folding(name):
    network = shake(build(name, WIDTHS[name], dropout=0.2))
    folded = fold_normalisation(network)
    left = (keras.layers.BatchNormalization, keras.layers.Dropout)
    assert not [layer.name for layer in folded.layers if isinstance(layer, left)]
    frames = np.random.default_rng(1).random((5, 28, 28, 1), np.float32)
    difference = np.abs(np.asarray(network(frames, training=False)) - np.asarray(folded(frames, training=False)))
    assert difference.max() < 1e-4


def test_a_normalisation_that_follows_no_layer_of_weights_stays():
    frames = keras.Input((28, 28, 1))
    features = keras.layers.BatchNormalization(name="first")(frames)
    features = keras.layers.Conv2D(3, 5, activation="relu")(features)
    features = keras.layers.BatchNormalization(name="after_relu", center=False)(features)
    features = keras.layers.Dense(12, use_bias=True)(keras.layers.GlobalAveragePooling2D()(features))
    features = keras.layers.BatchNormalization(name="after_dense", scale=False)(features)
    network = shake(keras.Model(frames, keras.layers.Dense(11)(features)))
    folded = fold_normalisation(network)
    norms = [layer.name for layer in folded.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert norms == ["first", "after_relu"]
    pictures = np.random.default_rng(1).random((5, 28, 28, 1), np.float32)
    difference = np.abs(np.asarray(network(pictures, training=False)) - np.asarray(folded(pictures, training=False)))
    assert difference.max() < 1e-4


PARAMETERS = {"stages": 747_419, "lenet5": 61_791, "small": 20_483, "residual": 121_003}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_documented_sizes_are_those_that_serve(name):
    assert fold_normalisation(build(name)).count_params() == PARAMETERS[name]
    row = next(line for line in DOCUMENTED.splitlines() if line.startswith(f"| `{name}` |"))
    assert f"| {PARAMETERS[name]:,} |" in row


def test_lenet5_has_the_parameters_that_its_layers_ask_for():
    # Six maps for each of sixteen; 1998's table left connections out, and had ten outputs.
    expected = (25 + 1) * 6 + (6 * 25 + 1) * 16 + (400 + 1) * 120 + (120 + 1) * 84 + (84 + 1) * 11
    assert build("lenet5").count_params() == expected == 61_791


def test_an_architecture_of_ones_own_comes_from_a_module(tmp_path, monkeypatch):
    text = "import keras\n\ndef build():\n    frames = keras.Input((28, 28, 1))\n"
    text += "    return keras.Model(frames, keras.layers.Dense({})(keras.layers.Flatten()(frames)))\n"
    (tmp_path / "my_network.py").write_text(text.format(11))
    (tmp_path / "ten_answers.py").write_text(text.format(10))
    monkeypatch.chdir(tmp_path)
    assert build("my_network:build").count_params() == 785 * 11
    with pytest.raises(SettingsError, match=r"\(None, 10\)"):
        build("ten_answers:build")
    with pytest.raises(SettingsError, match="cannot be found"):
        build("my_network:other")


@pytest.mark.parametrize("name", ["", "lenet", "no.such.module:build"])
def test_an_architecture_that_is_not_there_is_refused(name):
    with pytest.raises(SettingsError, match="architecture"):
        build(name)


@pytest.mark.parametrize("name", ["learning", "lenet5"])
def test_the_recipes_of_other_networks_name_their_architecture(name):
    recipe = load_recipe(find_recipe(name))
    assert recipe.name == name
    assert build(recipe.architecture, recipe.widths, recipe.dropout).output_shape == (None, 11)
    assert recipe.to_dict()["architecture"] != "stages"


def test_a_recipe_that_is_no_file_and_no_name_is_refused():
    with pytest.raises(SettingsError, match="finder, learning, lenet5, served"):
        find_recipe("lenet6")


# Keras 3.15 on TensorFlow 2.21 meets NumPy 2 here; it is theirs to mend and changes no number.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_a_run_with_another_architecture_leaves_a_folder_that_serves(training_digits, tmp_path):
    recipe = Recipe(epochs=1, batch=64, negatives=8, architecture="lenet5", widths=(), notes="Tried.", name="try")
    splits = Splits(training_digits, training_digits[slice(0, 60)], training_digits[slice(60, 120)])
    train(recipe, splits, tmp_path, version="2026.1", verbose=0)
    artifact = load_artifact(tmp_path)
    assert artifact.manifest.notes == "Tried."
    assert artifact.manifest.recipe["architecture"] == "lenet5"
    assert artifact.manifest.parameters == 61_791
