"""What browsers get of the network that serves, and of one that the lens cannot take apart."""

import dataclasses

import pytest

from digitlens.model.artifact import Artifact, load_artifact, save_artifact, served_folder, sha256_of
from digitlens.model.device import for_device
from digitlens.web import create_app


def address_of(app, *names):
    with app.test_request_context():
        return app.jinja_env.globals["model_file"](*names)


def test_the_description_tells_what_serves(client, settings):
    found = client.get("/model/network.json").json
    manifest = load_artifact().manifest
    assert (found["version"], found["temperature"]) == (manifest.version, manifest.temperature)
    assert found["parameters"] == sum(layer["parameters"] for layer in found["layers"])
    assert found["labels"] == [*"0123456789", "not a digit"]
    assert found["review_threshold"] == settings.review_threshold
    assert found["accuracy"] == manifest.metrics["test"]
    assert found["unsupported"] is None


def test_the_weights_are_those_that_serve_for_one_frame(client):
    description = client.get("/model/network.json").json
    content = client.get(description["weights"]).data
    assert content == for_device(load_artifact().weights)
    assert len(content) == description["bytes"]


@pytest.mark.parametrize("file", ["network.json", "weights.tflite"])
def test_an_address_with_the_right_version_is_kept_for_ever(app, client, file):
    answer = client.get(address_of(app, file))
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("version", ["", "?v=000000000000"])
def test_another_address_is_asked_for_again_and_answered_shortly(client, version):
    answer = client.get(f"/model/weights.tflite{version}")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = client.get(f"/model/weights.tflite{version}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_network_for_comparison_has_its_own_files(app, client):
    if not (served_folder() / "lenet5").is_dir():
        assert address_of(app, "network.json", "lenet5") is None
        assert client.get("/model/lenet5/network.json").status_code == 404
        return
    found = client.get(address_of(app, "network.json", "lenet5")).json
    assert found["layers"][1]["activation"] == "tanh"
    assert sha256_of(client.get(found["weights"]).data)[:12] in found["weights"]


@pytest.mark.parametrize(
    "path", ["/model/", "/model/manifest.json", "/model/other/network.json", "/model/finder.tflite"]
)
def test_nothing_else_of_the_folder_is_served(client, path):
    assert client.get(path).status_code == 404


def test_a_network_that_the_lens_cannot_take_apart_still_serves_and_says_why(weights, settings, tmp_path):
    manifest = dataclasses.replace(load_artifact().manifest, sha256=sha256_of(weights["unknown"]), finder=None)
    save_artifact(tmp_path / "own", Artifact(weights["unknown"], manifest))
    app = create_app(settings, model_dir=tmp_path / "own")
    try:
        found = app.test_client().get("/model/network.json").json
        assert found["layers"] == []
        assert found["unsupported"]["operation"] == "CONCATENATION"
        assert "lens cannot show" in found["unsupported"]["message"]
        assert app.test_client().get(found["weights"]).data == for_device(weights["unknown"])
        assert app.test_client().get("/readyz").status_code == 200
    finally:
        app.extensions["digitlens"].store.close()
