import pytest

from digitlens.errors import SettingsError
from digitlens.training.recipe import Recipe, load_recipe


def test_the_recipe_of_the_served_weights_is_the_default_one():
    assert load_recipe() == Recipe()


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
