"""The languages of the pages: which one a request gets, and what templates need to know about it."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}


def install(app: Flask) -> None:
    """Give templates `_`, `ngettext` and `{% trans %}`."""
    Babel(app)
