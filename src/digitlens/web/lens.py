"""The lens: what the network sees and does with one digit. The page is a frame; its views live in the browser."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

lens = Blueprint("lens", __name__)


def install(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(lens)


@lens.get("/lens")
def show_lens() -> str:
    """The lens; the frame to show stands behind the `#` of its address, or in the browser, and never comes here."""
    return render_template("lens.html")
