import dataclasses

import pytest

from digitlens.errors import SettingsError
from digitlens.training.recipe import CLASSIFIER, FINDER, RECIPES, Recipe, load_recipe, network_of


def test_the_recipe_of_the_served_weights_is_the_default_one():
    first, *later = load_recipe().phases
    assert dataclasses.replace(first, finish=None, weight=1.0) == Recipe()
    assert all(phase.widths == first.widths for phase in later)


def test_a_finish_takes_over_what_it_does_not_name_and_changes_win_in_both(tmp_path):
    path = tmp_path / "two.toml"
    path.write_text("epochs = 5\nwidths = [4]\nbatch = 9\nnegatives = 2\n[finish]\nbatch = 7\n", "utf-8")
    first, then = load_recipe(path, epochs=1).phases
    assert (first.epochs, first.batch, then.epochs, then.batch, then.widths) == (1, 9, 1, 7, (4,))
    assert first.to_dict()["finish"] == then.to_dict()
    assert then.finish is None


def test_the_file_says_which_network_it_makes(tmp_path):
    path = tmp_path / "silent.toml"
    path.write_text("epochs = 1\n", "utf-8")
    assert [network_of(file) for file in (path, None, RECIPES / "finder.toml")] == [CLASSIFIER, CLASSIFIER, FINDER]
    with pytest.raises(SettingsError, match="makes a finder"):
        load_recipe(RECIPES / "finder.toml")


def test_changes_win_over_the_file_and_none_means_as_in_the_file():
    recipe = load_recipe(epochs=3, seed=None)
    assert (recipe.epochs, recipe.seed) == (3, Recipe().seed)


def test_a_recipe_comes_from_a_file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text("epochs = 1\nwidths = [4, 8]\n", "utf-8")
    assert load_recipe(path) == Recipe(epochs=1, widths=(4, 8))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epoch = 3", "knows no epoch"),
        ("epochs = ", "cannot be read"),
        ("epochs = 0", "must be 1 or more"),
        ("batch = 8\nnegatives = 8", "batch - 1"),
    ],
)
def test_a_recipe_with_a_mistake_is_refused(tmp_path, text, message):
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=message):
        load_recipe(path)


def test_a_recipe_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load_recipe(tmp_path / "none.toml")
