import json
import shutil

import pytest

from digitlens.model.artifact import served_folder
from digitlens.settings import Settings
from digitlens.web import create_app

MAP_FILES = ("map.json", "map.bin", "map.png")


@pytest.fixture
def folder(tmp_path):
    """A copy of the served network's folder, to spoil."""
    copy = tmp_path / "model"
    copy.mkdir()
    for name in ("weights.tflite", "finder.tflite", "manifest.json", *MAP_FILES):
        shutil.copy(served_folder() / name, copy / name)
    return copy


@pytest.fixture
def ask(folder, tmp_path):
    """Answers of an app that serves the folder as it is when first asked."""
    apps = []

    def get(address, **options):
        if not apps:
            apps.append(create_app(Settings(data_dir=tmp_path / "var"), model_dir=folder))
        return apps[0].test_client().get(address, **options)

    yield get
    for app in apps:
        app.extensions["digitlens"].store.close()


def test_the_map_names_its_numbers_and_pictures_by_version(client):
    about = client.get("/model/map.json").get_json()
    numbers, pictures = client.get(about["numbers"]), client.get(about["pictures"])
    assert (numbers.status_code, pictures.status_code) == (200, 200)
    assert pictures.mimetype == "image/png"
    assert "immutable" in numbers.headers["Cache-Control"]
    assert numbers.data == (served_folder() / "map.bin").read_bytes()


def test_an_address_of_another_version_is_not_kept(client):
    answer = client.get("/model/map.json?v=0123456789ab")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/model/map.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_lens_page_names_map_and_film(client):
    page = client.get("/lens").text
    assert 'name="digitlens-map" content="/model/map.json?v=' in page
    assert 'name="digitlens-learning" content="/static/lens/learning.json?v=' in page


@pytest.mark.parametrize("missing", MAP_FILES)
def test_a_map_in_pieces_is_no_map(folder, ask, missing):
    (folder / missing).unlink()
    answer = ask("/model/map.json", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert 'name="digitlens-map" content=""' in ask("/lens").text


@pytest.mark.parametrize("content", ["", "[]", "{", '{"network": "another"}'])
def test_a_map_of_other_weights_is_no_map(folder, ask, content):
    (folder / "map.json").write_text(content)
    assert ask("/model/map.json").status_code == 404
    assert ask("/model/map.bin").status_code == 404


def test_a_network_with_a_film_of_its_own_shows_that_one(folder, ask):
    (folder / "learning.json").write_text(json.dumps({"moments": []}))
    assert ask("/model/learning.json").get_json() == {"moments": []}
    assert 'name="digitlens-learning" content="/model/learning.json?v=' in ask("/lens").text
