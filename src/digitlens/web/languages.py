"""The languages of the pages: which one a request gets, and what templates need to know about it.

What people read is translated by the catalogues in `translations/`; what programs read (the API, JSON, CSV, the log)
stays English.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, abort, g, jsonify, request, url_for
from flask_babel import Babel, get_locale

from digitlens.web import formats
from digitlens.web.assets import YEAR_S, keep
from digitlens.web.catalogues import CatalogueDomain, script_words, words_version
from digitlens.web.failures import wants_json

words = Blueprint("words", __name__)

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
ENGLISH = "en"
CHOICE = "lang"  # name of the query parameter and of the cookie
REFUSED = "refused"  # likewise: what a form was refused for


def install(app: Flask, *, public: bool) -> None:
    """Give every page its language, and templates `_`, `ngettext`, `{% trans %}` and the formats.

    Args:
        app: the application.
        public: True behind HTTPS; the cookie then travels over HTTPS only.
    """
    babel = Babel(app, locale_selector=choose)
    babel.domain_instance = CatalogueDomain()
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(
        duration=formats.duration, moment_words=formats.moment, number=formats.number, percent=formats.percent
    )
    app.context_processor(_page_language)
    app.register_blueprint(words)

    @app.after_request
    def _keep_choice(response: Response) -> Response:
        chosen = request.args.get(CHOICE)
        if chosen in LANGUAGES and not wants_json():
            response.set_cookie(CHOICE, chosen, max_age=YEAR_S, secure=public, httponly=True, samesite="Lax")
        if response.mimetype == "text/html":
            response.content_language.add(choose())
            response.vary.update(("Accept-Language", "Cookie"))
        return response


def choose() -> str:
    """The language of the answer: the one asked for, the one chosen before, the browser's, English."""
    if "language" not in g:
        asked = (request.args.get(CHOICE), request.cookies.get(CHOICE))
        known = [language for language in asked if language in LANGUAGES]
        best = request.accept_languages.best_match(LANGUAGES, ENGLISH)
        g.language = ENGLISH if wants_json() else [*known, best][0]
    return str(g.language)


@words.get("/words/<language>.json")
def show_words(language: str) -> Response:
    """What scripts say in a language; see `static/js/words.js`."""
    if language not in LANGUAGES:
        abort(404)
    response = jsonify(script_words(language))
    keep(response, for_good=request.args.get("v") == words_version(language))
    return response


def _page_language() -> dict[str, object]:
    language = choose()
    locale = get_locale()
    return {
        "language": language,
        "direction": locale.text_direction if locale else "ltr",
        "languages": [(code, name, _address_in(code)) for code, name in LANGUAGES.items()],
        "words_url": words_address(language),
    }


def words_address(language: str) -> str | None:
    """Address of what scripts say in a language; None for English, which stands in the scripts themselves."""
    if language == ENGLISH:
        return None
    return url_for("words.show_words", language=language, v=words_version(language))


def _address_in(language: str) -> str:
    """This page in another language; the page of a form that was refused has no address, so the first says it again."""
    if request.method not in ("GET", "HEAD"):
        return f"{url_for('pages.show_home')}?{urlencode({REFUSED: 1, CHOICE: language})}"
    query = [(name, value) for name, value in request.args.items(multi=True) if name != CHOICE]
    return f"?{urlencode([*query, (CHOICE, language)])}"
