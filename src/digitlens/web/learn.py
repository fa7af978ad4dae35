"""The lesson: eight chapters from pixels to an answer. Its words stand in the templates, its numbers in `Facts`."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, render_template

from digitlens.errors import UnshownNetworkError
from digitlens.model.artifact import Artifact, load_artifact
from digitlens.model.graph import read_graph
from digitlens.settings import Settings
from digitlens.web.formats import decimal, per_cent
from digitlens.web.lesson import CHAPTERS, Facts, load_example, load_learned, neighbours
from digitlens.web.lesson_words import layer_words, limits, statements

learn = Blueprint("learn", __name__)


def install(app: Flask, model_dir: Path | None = None) -> None:
    """Add the lesson's pages; the facts are collected once.

    Args:
        app: the application.
        model_dir: folder of the network that is served; the one that ships with digitlens when None.
    """
    app.extensions["digitlens_lesson"] = _collect(load_artifact(model_dir), app.extensions["digitlens"].settings)
    app.register_blueprint(learn)


@learn.get("/learn")
def show_overview() -> str:
    """All chapters, and the reader's own digit."""
    return render_template("learn/overview.html", chapters=CHAPTERS, facts=_facts())


@learn.get("/learn/<slug>")
def show_chapter(slug: str) -> str:
    """One chapter."""
    place = neighbours(slug)
    if place is None:
        abort(404)
    number, before, after = place
    facts = _facts()
    return render_template(
        f"learn/{slug}.html",
        chapter=CHAPTERS[number - 1],
        number=number,
        before=before,
        after=after,
        chapters=CHAPTERS,
        facts=facts,
        statements=statements(facts),
        limits=limits(facts),
    )


learn.add_app_template_filter(decimal)
learn.add_app_template_filter(per_cent, "share")
learn.add_app_template_filter(layer_words, "layer_words")


def _facts() -> Facts:
    facts: Facts = current_app.extensions["digitlens_lesson"]
    return facts


def _collect(artifact: Artifact, settings: Settings) -> Facts:
    try:
        layers = read_graph(artifact.weights).layers
    except UnshownNetworkError:
        layers = ()
    return Facts(artifact.manifest, layers, load_example(), load_learned(), settings.review_threshold)
