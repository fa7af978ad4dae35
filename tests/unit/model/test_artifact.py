import dataclasses
import json
import shutil

import pytest

from digitlens.errors import ModelError
from digitlens.model.artifact import FINDER_WEIGHTS, MANIFEST, WEIGHTS, load_artifact, save_artifact, served_folder
from digitlens.model.classifier import Classifier


@pytest.fixture
def folder(tmp_path):
    """A copy of the weights that ship with digitlens, to be damaged."""
    for name in (WEIGHTS, FINDER_WEIGHTS, MANIFEST):
        shutil.copyfile(served_folder() / name, tmp_path / name)
    return tmp_path


def change_manifest(folder, **changes):
    values = json.loads((folder / MANIFEST).read_text("utf-8"))
    values.update(changes)
    (folder / MANIFEST).write_text(json.dumps({k: v for k, v in values.items() if v is not ...}), "utf-8")


def test_an_artifact_comes_back_as_it_was_saved(folder, tmp_path):
    artifact = load_artifact(folder)
    save_artifact(tmp_path / "copy", artifact)
    assert load_artifact(tmp_path / "copy") == artifact


def test_one_changed_byte_in_the_weights_is_refused(folder):
    weights = bytearray((folder / WEIGHTS).read_bytes())
    weights[len(weights) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(weights)
    with pytest.raises(ModelError, match="checksum"):
        load_artifact(folder)


def test_weights_cut_short_are_refused(folder):
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"1000 bytes.*checksum"):
        Classifier.load(folder)


@pytest.mark.parametrize("name", [WEIGHTS, FINDER_WEIGHTS, MANIFEST])
def test_a_missing_file_is_refused_by_its_name(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name):
        load_artifact(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '"text"', "{}", '{"format": 2}'])
def test_a_manifest_that_is_none_is_refused(folder, text):
    (folder / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(ModelError, match="manifest"):
        load_artifact(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 3}, "format 3"),
        ({"format": ...}, "format None"),
        ({"version": "newest"}, "version"),
        ({"version": ...}, "version"),
        ({"version": 2026.11}, "version"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": "1"}, "temperature"),
        ({"sha256": None}, "checksum"),
        ({"sha256": "0" * 64}, "checksum"),
        ({"something": "new"}, "something"),
    ],
)
def test_a_manifest_of_another_version_or_with_bad_values_is_refused(folder, changes, message):
    change_manifest(folder, **changes)
    with pytest.raises(ModelError, match=message):
        load_artifact(folder)


def test_weights_that_are_no_network_are_refused_although_their_checksum_is_right(folder):
    artifact = load_artifact(folder)
    with pytest.raises(ModelError, match="LiteRT"):
        Classifier(dataclasses.replace(artifact, weights=b"no network at all"))
