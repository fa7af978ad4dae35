"""What the service worker is told to keep."""

import json

from digitlens.model.artifact import served_folder
from digitlens.settings import Settings
from digitlens.web import create_app


def kept_by(client, language="en"):
    text = client.get(f"/sw.js?lang={language}").text
    return json.loads(text.removeprefix("self.KEPT = ").split(";\nimportScripts")[0])


def test_another_network_or_language_is_another_version(tmp_path):
    """Both networks call themselves by the same month, so their names do not tell them apart."""
    settings = Settings(data_dir=tmp_path)
    served = create_app(settings).test_client()
    lenet = create_app(settings, model_dir=served_folder() / "lenet5").test_client()
    versions = {kept_by(client, language)["version"] for client in (served, lenet) for language in ("en", "de")}
    assert len(versions) == 4
    assert kept_by(served)["version"] == kept_by(served)["version"]


def test_everything_on_the_list_is_there(tmp_path):
    client = create_app(Settings(data_dir=tmp_path)).test_client()
    kept = kept_by(client)
    for address in [*kept["core"], kept["fallback"]]:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
