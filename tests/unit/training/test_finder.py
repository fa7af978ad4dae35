"""The finder from crops to served weights, small enough for every test run."""

import csv
import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

from digitlens.errors import ModelError, SettingsError
from digitlens.model.architecture import build_finder
from digitlens.model.artifact import FINDER_WEIGHTS, MANIFEST, WEIGHTS, load_artifact, save_artifact, served_folder
from digitlens.model.candidates import CHANNELS, KINDS
from digitlens.model.finder import Finder
from digitlens.training.export import as_served, install, install_finder, to_tflite
from digitlens.training.finder import FinderRecipe, load_finder_recipe, train_finder
from digitlens.training.finder_loss import finder_loss, heat_loss, place_loss, size_loss
from digitlens.training.finder_targets import targets_from_boxes
from digitlens.training.glyphbank import GlyphBank, hand_of

WIDTHS, BLOCKS = (4, 6, 8, 8, 8), (1, 1, 1)
# TensorFlow takes long to trace a step of many layers.
NO_BLOCKS = (0, 0, 0)
# Keras 3.15 on TensorFlow 2.21 meets NumPy 2 here; it is theirs to mend and changes no number.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


def bars(count, side=64):
    """Crops with one dark bar each, upright (a 1) or lying (another mark), and their targets."""
    rng = np.random.default_rng(2)
    pictures, targets = np.ones((count, side, side, 1), np.float32), []
    for picture in pictures:
        label = int(rng.choice([1, 10]))
        width, height = (4, 24) if label == 1 else (24, 4)
        left, top = int(rng.integers(side - width)), int(rng.integers(side - height))
        picture[top : top + height, left : left + width] = 0
        box = np.array([[left, top, width, height]], np.float32)
        targets.append(targets_from_boxes(box, np.array([label]), (side, side)))
    return pictures, np.stack(targets)


def random_finder(blocks=BLOCKS, seed=3):
    keras.utils.set_random_seed(seed)
    network = build_finder(WIDTHS, blocks)
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, value.shape) for value in layer.get_weights()])
    return network


@pytest.fixture(scope="module")
def exported():
    served = as_served(random_finder())
    return served, to_tflite(served)


def test_maps_are_a_quarter_of_the_page_and_begin_with_hardly_any_heat():
    maps = np.asarray(build_finder(WIDTHS, BLOCKS)(np.zeros((2, 64, 96, 1), np.float32)))
    assert maps.shape == (2, 16, 24, CHANNELS)
    assert np.abs(maps[..., :KINDS] + 4.6).max() < 0.5


def test_the_seed_decides_all_first_weights():
    one, same, other = (random_finder(seed=seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(one, other, strict=True) if np.ptp(a) > 0 and a.ndim > 1)


def test_the_served_finder_has_the_size_that_was_planned():
    assert build_finder().count_params() < 1_600_000


def test_perfect_maps_have_hardly_any_loss_and_worse_ones_more():
    _, wanted = bars(4)
    heat = np.clip(wanted[..., :KINDS].astype(np.float32), 1e-4, 1 - 1e-4)
    perfect = np.concatenate([np.log(heat / (1 - heat)), wanted[..., KINDS:CHANNELS]], axis=-1)
    assert float(finder_loss(wanted, perfect)) < 0.2
    assert float(size_loss(wanted, perfect)) == pytest.approx(0, abs=1e-6)
    assert float(place_loss(wanted, perfect)) == pytest.approx(0, abs=1e-6)
    assert float(size_loss(wanted, perfect + np.float32(0.1))) == pytest.approx(0.2, abs=1e-3)
    assert float(heat_loss(wanted, -perfect)) > 100 * float(heat_loss(wanted, perfect))


def test_heat_in_a_region_that_may_be_answered_in_any_way_costs_nothing():
    wanted = targets_from_boxes(np.array([[0, 0, 64, 64]], np.float32), np.array([-1]), (64, 64))[None]
    assert float(finder_loss(wanted, np.full((1, 16, 16, CHANNELS), 5, np.float32))) == 0


def test_a_small_network_learns_to_find_bars():
    keras.utils.set_random_seed(1)
    network = build_finder(WIDTHS, NO_BLOCKS)
    pictures, targets = bars(64)
    network.compile(keras.optimizers.Adam(0.01), finder_loss, jit_compile=False)
    losses = network.fit(pictures, targets, batch_size=16, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < 0.35 * losses[0]


def test_litert_and_keras_agree_on_pages_of_any_size(exported):
    served, weights = exported
    finder = Finder(weights)
    for shape in ((64, 96), (32, 32), (128, 64), (64, 96)):
        page = np.random.default_rng(5).random(shape, np.float32)
        difference = np.abs(np.asarray(served(page[None, ..., None]))[0] - finder.maps(page))
        assert difference.max() < 1e-3


def test_folding_and_rounding_change_little(exported):
    page = np.random.default_rng(6).random((1, 64, 64, 1), np.float32)
    before, after = np.asarray(random_finder()(page)), np.asarray(exported[0](page))
    assert np.abs(before - after).max() < 0.01 * np.abs(before).max()


@pytest.fixture(scope="module")
def first_finder():
    return random_finder(NO_BLOCKS)


@pytest.fixture(scope="module")
def run(few_digits, first_finder, tmp_path_factory):
    """The folder of a run of hardly any steps that began with another's weights."""
    bank = GlyphBank(digits=(hand_of("few", few_digits.pictures[:60], "".join(map(str, few_digits.labels[:60]))),))
    folder = tmp_path_factory.mktemp("finder")
    first_finder.save(folder / "first.keras")
    recipe = FinderRecipe(
        seconds=0.5, batch=2, steps=1, kept=8, learning_rate=1e-9, weight_decay=0, widths=WIDTHS, blocks=NO_BLOCKS
    )
    train_finder(recipe, bank, folder / "run", start_from=folder / "first.keras")
    return folder / "run"


def test_a_run_leaves_network_log_and_recipe(run):
    assert {path.name for path in run.iterdir()} == {"config.json", "finder.keras", "log.csv"}
    assert json.loads((run / "config.json").read_text())["widths"] == list(WIDTHS)
    with (run / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {"crops", "crops_per_s", "uses_a_crop", "learning_rate", "heat_loss", "size_loss"} <= rows[0].keys()


def test_a_run_can_begin_with_the_weights_of_another(run, first_finder):
    trained = keras.models.load_model(run / "finder.keras", compile=False)
    kernels = [network.get_layer("stride2_conv").get_weights()[0] for network in (first_finder, trained)]
    assert np.abs(kernels[0] - kernels[1]).max() < 1e-6


def test_the_finder_of_a_run_is_served_beside_the_classifier(run, tmp_path):
    for name in (WEIGHTS, FINDER_WEIGHTS, MANIFEST):
        shutil.copyfile(served_folder() / name, tmp_path / name)
    install_finder(run, tmp_path)
    artifact = load_artifact(tmp_path)
    assert artifact.manifest.finder.recipe == json.loads((run / "config.json").read_text())
    # A new classifier does not take the finder away.
    served = load_artifact()
    alone = dataclasses.replace(served, manifest=dataclasses.replace(served.manifest, finder=None), finder=None)
    save_artifact(tmp_path / "alone", alone)
    install(tmp_path / "alone", tmp_path)
    assert load_artifact(tmp_path) == artifact
    assert Finder.load(tmp_path).find(np.zeros((40, 70), np.uint8)) == []
    (tmp_path / FINDER_WEIGHTS).write_bytes(b"cut short")
    with pytest.raises(ModelError, match=r"finder\.tflite.*checksum"):
        Finder.load(tmp_path)


def test_the_learning_rate_rises_and_then_falls_to_nearly_nothing():
    recipe = FinderRecipe(learning_rate=0.004, warm_up=0.1)
    rates = [recipe.rate_at(share) for share in np.linspace(0, 1.2, 25)]
    assert max(rates) == rates[2] == pytest.approx(0.004)
    assert rates == sorted(rates[:3]) + sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 1e-4


def test_a_run_that_counts_crops_ends_when_they_are_learned(few_digits, tmp_path):
    bank = GlyphBank(digits=(hand_of("few", few_digits.pictures[:60], "".join(map(str, few_digits.labels[:60]))),))
    recipe = FinderRecipe(crops=12, batch=2, steps=2, kept=8, widths=WIDTHS, blocks=NO_BLOCKS)
    train_finder(recipe, bank, tmp_path)
    with (tmp_path / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["crops"]) for row in rows] == [4, 8, 12]
    assert float(rows[1]["learning_rate"]) > float(rows[2]["learning_rate"])


@pytest.mark.parametrize(
    "text", ["network = 'classifier'", "crops = 0", "sides = 3", "batch = 0", "warm_up = 1.5", "batch = "]
)
def test_a_finder_recipe_with_a_mistake_is_refused(tmp_path, text):
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError):
        load_finder_recipe(path)


def test_the_served_recipe_can_be_read_and_changed():
    assert load_finder_recipe(seconds=3.0, batch=None) == dataclasses.replace(load_finder_recipe(), seconds=3.0)
