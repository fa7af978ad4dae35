"""The lens's page, and the example digits that it shows."""

import base64
import json

import numpy as np
import pytest

from digitlens.web import create_app
from digitlens.web.assets import FOLDER

EXAMPLES = json.loads((FOLDER / "lens/examples.json").read_text(encoding="utf-8"))
ANSWERS = {
    "seven": 7,
    "three": 3,
    "eight": 8,
    "two": 2,
    "european-one": 1,
    "crossed-seven": 7,
    "sloppy-nine": 9,
    "four": 4,
    "smiley": 10,
    "plus": 10,
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    from digitlens.settings import Settings

    return create_app(Settings(data_dir=tmp_path_factory.mktemp("var"))).test_client()


def test_the_lens_has_a_heading_and_a_sentence_for_each_view(client):
    page = client.get("/lens").text
    for name in ("inside", "evidence", "what-if", "why", "map", "lenet"):
        assert f'id="{name}"' in page
        assert f'data-view="{name}"' in page
        assert f'href="#{name}"' in page
    assert 'data-view="digit"' in page
    assert 'data-view="draw"' in page


def test_the_lens_says_without_javascript_why_it_is_empty_and_where_to_go(client):
    page = client.get("/lens").text
    assert "The lens needs JavaScript." in page


def test_the_lens_is_in_the_navigation_of_every_page(client):
    assert '<a href="/lens">' in client.get("/api/docs").text


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["name"] for one in EXAMPLES])
def test_an_example_is_a_frame_that_is_read_as_what_it_is_called(example):
    from digitlens import Reader

    frame = np.frombuffer(base64.urlsafe_b64decode(example["frame"] + "=="), np.uint8).reshape(28, 28)
    assert frame.max() == 255
    assert int(Reader().classify(frame[None])[0].argmax()) == ANSWERS[example["name"]]
    assert example["label"]
    assert example["alt"]


def test_all_examples_are_there():
    assert [one["name"] for one in EXAMPLES] == list(ANSWERS)
