"""The film of a training run: what `train` leaves in `learning.json`, and the recording that ships."""

import base64
import json

import numpy as np
import pytest

from digitlens.training.architectures import build
from digitlens.training.datasets import Splits
from digitlens.training.recipe import Recipe, find_recipe, load_recipe
from digitlens.training.recorder import first_kernels
from digitlens.training.train import train
from digitlens.web.assets import FOLDER


def moments_add_up(film, marks):
    for moment in film["moments"]:
        confusion = np.array(moment["confusion"])
        assert confusion.shape == (11, 11)
        assert confusion.sum() == film["watched"]["digits"] + marks
        right = np.trace(confusion) / confusion.sum()
        assert moment["validation"]["accuracy"] == pytest.approx(right, abs=1e-4)
        assert np.array(moment["answers"]).sum(axis=1) == pytest.approx(np.ones(len(film["samples"])), abs=0.01)


# Keras 3.15 on TensorFlow 2.21 meets NumPy 2 here; it is theirs to mend and changes no number.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_a_run_is_filmed_from_before_it_learns_to_its_last_epoch(training_digits, test_digits, tmp_path):
    recipe = Recipe(epochs=2, batch=32, negatives=4, architecture="small", widths=(3, 4), seed=5, name="mine")
    train(recipe, Splits(training_digits, test_digits, test_digits), tmp_path, version="2026.1", verbose=0)
    film = json.loads((tmp_path / "learning.json").read_text())
    assert [moment["epoch"] for moment in film["moments"]] == [0, 1 / 16, 1 / 4, 1, 2]  # 15 steps: 1/64 is no step
    assert (film["recipe"], film["architecture"], film["seed"]) == ("mine", "small", 5)
    assert film["watched"] == {"digits": 500, "marks": 100}
    moments_add_up(film, marks=100)
    assert [sample["label"] for sample in film["samples"]] == [digit for digit in range(10) for _ in range(2)]
    first = base64.urlsafe_b64decode(film["samples"][0]["frame"] + "==")
    assert first in {picture.tobytes() for picture in test_digits.pictures[test_digits.labels == 0]}
    kernels = [np.array(moment["kernels"]) for moment in film["moments"]]
    assert {kernel.shape for kernel in kernels} == {(3, 5, 5)}
    assert np.abs(kernels[-1] - kernels[0]).max() > 0.005  # they moved


def test_kernels_lie_as_they_look_at_the_frame():
    network = build("lenet5")
    weights = network.get_layer("c1").get_weights()[0]
    kernels = first_kernels(network)
    assert kernels.shape == (6, 5, 5)
    assert kernels[4, 1, 3] == pytest.approx(weights[1, 3, 0, 4], abs=5e-4)


def test_the_recording_that_ships_is_the_whole_run_of_its_recipe():
    film = json.loads((FOLDER / "lens/learning.json").read_text())
    recipe = load_recipe(find_recipe(film["recipe"]))
    assert (film["seed"], film["architecture"], film["epochs"]) == (recipe.seed, recipe.architecture, recipe.epochs)
    assert film["commit"]
    assert film["seconds"] > 0
    epochs = [moment["epoch"] for moment in film["moments"]]
    assert epochs == sorted(epochs)
    assert set(range(recipe.epochs + 1)) <= set(epochs)
    moments_add_up(film, marks=film["watched"]["marks"])
    first, last = film["moments"][0], film["moments"][-1]
    assert first["validation"]["accuracy"] < 0.2 < 0.95 < last["validation"]["accuracy"]
    assert last["validation"]["loss"] < last["training"]["loss"] + 0.1
