"""The lesson: every chapter is whole, and every number in it is that of the network that is served."""

import json
import re
import shutil

import pytest

from digitlens.model.artifact import load_artifact, served_folder
from digitlens.model.graph import read_graph
from digitlens.web import create_app
from digitlens.web.lesson import CHAPTERS, Facts, load_example, load_learned
from digitlens.web.lesson_words import limits, statements

SLUGS = [chapter.slug for chapter in CHAPTERS]


def words_of(client, address):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())


@pytest.fixture(scope="module")
def facts():
    artifact = load_artifact()
    return Facts(artifact.manifest, read_graph(artifact.weights).layers, load_example(), load_learned(), 0.95)


@pytest.fixture
def unmeasured(tmp_path, settings):
    """The app over a network of which nothing was measured and whose training is not known."""
    folder = tmp_path / "model"
    shutil.copytree(served_folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "lenet5"))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"metrics": {}, "recipe": {}, "temperature": 1.5}))
    app = create_app(settings, model_dir=folder)
    yield app.test_client()
    app.extensions["digitlens"].store.close()


def test_the_overview_leads_to_all_eight_chapters(client):
    links = re.findall(r'href="/learn/([a-z]+)"', client.get("/learn").text)
    assert links == SLUGS
    assert len(SLUGS) == 8


@pytest.mark.parametrize("slug", SLUGS)
def test_every_chapter_has_its_idea_a_live_view_questions_and_its_sources(client, slug):
    page = client.get(f"/learn/{slug}").text
    chapter = CHAPTERS[SLUGS.index(slug)]
    assert f"<h1>{chapter.title}</h1>" in page
    assert str(chapter.idea) in page
    assert re.search(r'data-view="(?!draw)[a-z-]+"', page)
    assert len(re.findall(r'class="question"', page.split('class="questions"')[1])) >= 2
    assert re.search(r"Sources?:", page.split('class="curious"')[1])


@pytest.mark.parametrize("slug", SLUGS)
def test_every_chapter_leads_to_the_one_before_and_the_one_after(client, slug):
    page = client.get(f"/learn/{slug}").text
    index = SLUGS.index(slug)
    before = re.findall(r'rel="prev" href="/learn/([a-z]+)"', page)
    after = re.findall(r'rel="next" href="/learn/([a-z]+)"', page)
    assert before == SLUGS[max(0, index - 1) : index]
    assert after == SLUGS[index + 1 : index + 2]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_is_short(client, slug):
    page = client.get(f"/learn/{slug}").text
    text = re.split(r'<section class="questions"', page.split("</aside>")[1])[0]
    text = re.sub(r"(?s)<(section|table|svg).*?</\1>", " ", text)
    assert 200 <= len(re.sub(r"<[^>]+>", " ", text).split()) <= 470


def test_a_chapter_that_does_not_exist_is_told_calmly(client):
    answer = client.get("/learn/nothing")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text


def test_the_text_says_what_the_manifest_says(client, facts):
    test = facts.measured("test")
    training = words_of(client, "/learn/training")
    assert f"{facts.manifest.parameters:,} weights" in training
    assert f"it reads {100 * test.share:.2f}" in training
    assert f"{facts.manifest.temperature}" in words_of(client, "/learn/answer")
    assert f"{sum(step.layer.parameters for step in facts.steps):,}" in words_of(client, "/learn/layers")


def test_the_receptive_fields_are_those_of_the_served_network(facts):
    assert [step.seen for step in facts.steps] == [3, 5, 6, 10, 14, 16, 24, 28, 28]


def test_the_quiz_knows_what_is_true_from_the_manifest(facts):
    truths = {statement.claim[:20]: statement.is_true for statement in statements(facts)}
    assert len(truths) == 8
    assert 0 < sum(truths.values()) < 8
    worse = {name: {**metric, "value": 0.02} for name, metric in facts.manifest.metrics.items()}
    changed = Facts(
        type(facts.manifest)(
            **{name: getattr(facts.manifest, name) for name in facts.manifest.__slots__} | {"metrics": worse}
        ),
        facts.layers,
        facts.example,
        facts.learned,
        0.95,
    )
    assert truths != {statement.claim[:20]: statement.is_true for statement in statements(changed)}


def test_only_what_was_measured_is_called_a_limit(facts):
    assert any("97.5" in limit for limit in limits(facts))
    assert all("%(" not in limit for limit in limits(facts))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_network_of_which_nothing_was_measured_is_taught_without_numbers(unmeasured, slug):
    answer = unmeasured.get(f"/learn/{slug}")
    assert answer.status_code == 200
    assert not re.search(r"99\.6|96\.25|333 epochs", answer.text)


def test_an_unmeasured_network_has_no_quiz(unmeasured):
    assert 'data-view="toy-calibration"' not in unmeasured.get("/learn/confidence").text


def test_without_javascript_the_first_chapter_shows_the_example_in_numbers(client, facts):
    page = client.get("/learn/pixels").text
    cells = re.findall(r'<td class="g\d+">(\d+)</td>', page)
    assert [int(cell) for cell in cells] == facts.example.frame.ravel().tolist()


def test_the_example_that_moves_by_one_pixel_is_counted(facts):
    frame, moved = facts.example.frame, facts.example.frame.copy()
    moved[:, 1:] = frame[:, :-1]
    moved[:, 0] = 0
    assert facts.example.changed_by_a_step == (frame != moved).sum() > 50
