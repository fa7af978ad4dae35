"""Which language a page has, and that everything on it follows."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel import Locale

from digitlens.settings import Settings
from digitlens.web import create_app, formats
from digitlens.web.catalogues import PLURALS, script_words, translations
from digitlens.web.languages import LANGUAGES
from digitlens.web.views import CandidateView, view_error

OTHERS = sorted(set(LANGUAGES) - {"en"})
DAMAGED = Path(__file__).parents[2] / "data" / "decode" / "cut.jpg"


def page_in(client, language, path="/"):
    return client.get(path, headers={"Accept-Language": language})


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-AT,de;q=0.9,en;q=0.5", "de"), ("ja,fr;q=0.4", "fr"), ("ja", "en"), ("", "en"), ("*", "en"), (";;q", "en")],
)
def test_without_a_choice_the_browser_decides(client, accepted, language):
    answer = page_in(client, accepted)
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(answer.vary.to_header().split(", "))


def test_a_choice_is_kept_for_a_year_and_is_stronger_than_the_browser(client):
    cookie = client.get("/?lang=es").headers["Set-Cookie"]
    assert all(part in cookie for part in ("lang=es", "Max-Age=31536000", "SameSite=Lax", "HttpOnly"))
    assert "Secure" not in cookie
    assert '<html lang="es" dir="ltr"' in page_in(client, "de").text
    assert '<html lang="ar" dir="rtl"' in client.get("/?lang=ar").text


def test_an_unknown_language_is_no_choice(client):
    answer = client.get("/?lang=xx", headers={"Accept-Language": "fr"})
    assert '<html lang="fr"' in answer.text
    assert "Set-Cookie" not in answer.headers
    client.set_cookie("lang", "../../etc")
    assert '<html lang="en"' in client.get("/").text


def test_behind_https_the_cookie_travels_over_https_only(tmp_path):
    app = create_app(Settings(data_dir=tmp_path, public=True))
    assert "Secure" in app.test_client().get("/?lang=de").headers["Set-Cookie"]
    app.extensions["digitlens"].store.close()


def test_the_menu_keeps_the_page_and_its_query(client):
    page = client.get("/?deleted=1&lang=fr").text
    assert 'href="?deleted=1&amp;lang=ar" hreflang="ar" lang="ar"' in page
    assert 'hreflang="fr" lang="fr" rel="alternate nofollow" aria-current="true"' in page


@pytest.mark.parametrize("path", ["/healthz", "/api/openapi.json", "/r/nothing.json"])
def test_programs_are_answered_in_english_and_get_no_cookie(client, path):
    answer = page_in(client, "ar", f"{path}?lang=ar")
    assert answer.text.isascii()
    assert "Set-Cookie" not in answer.headers
    assert "Content-Language" not in answer.headers


def test_an_error_speaks_the_language_of_its_page_and_keeps_what_it_measured(client):
    letter = {"files": (io.BytesIO(b"Dear bank"), "letter.png")}
    assert "Schick ein Bild (PNG, JPEG" in client.post("/readings?lang=de", data=letter).text
    with client.application.test_request_context("/?lang=de"):
        shown = view_error("too_large", "The file has 31.2 MB; at most 25 MB are allowed.", "Send a picture.")
    assert (shown.message, shown.hint) == ("Die Datei hat 31.2 MB; höchstens 25 MB sind erlaubt.", "Schick ein Bild.")
    assert shown.english == ""


def test_what_was_refused_is_said_again_where_another_language_is_chosen(client):
    refused = client.post("/readings", data={"files": (io.BytesIO(b""), "a.png")})
    assert 'href="/?refused=1&amp;lang=de"' in refused.text
    assert "Die Datei ist leer" in client.get("/?refused=1&lang=de").text
    assert "The file is empty (0 bytes)." in client.get("/?refused=1&lang=en").text
    assert "The file is empty" not in client.get("/").text


@pytest.mark.parametrize("cookie", ["", "=&&&", "message=%ff%00", "a"])
def test_what_was_refused_is_no_trouble_where_the_cookie_is_not_ours(client, cookie):
    client.set_cookie("refused", cookie)
    assert client.get("/?refused=1").status_code == 200


def test_an_error_without_translation_says_its_kind_and_keeps_its_english_words(app):
    with app.test_request_context("/?lang=fr"):
        shown = view_error("too_large", "Nobody ever wrote this.", "Send a picture.")
    assert (shown.message, shown.hint) == ("C’est trop volumineux.", "Envoie une image.")
    assert shown.english == "Nobody ever wrote this."


def test_a_failure_that_was_stored_is_told_in_the_language_of_its_reader(client):
    files = [(io.BytesIO(DAMAGED.read_bytes()), name) for name in ("a.jpg", "b.jpg")]
    address = client.post("/readings", data={"files": files}).location
    assert "beschädigt" in page_in(client, "de", address).text
    assert "dañado" in page_in(client, "es", address).text
    assert client.get(f"{address}.json").json[0]["error"]["message"].startswith("The JPEG is damaged")


def test_other_answers_are_parted_by_the_comma_of_the_language(app):
    others = [CandidateView(1, 0.27, "27.0 %"), CandidateView(9, 0.1, "10.0 %")]
    commas = {}
    for language in LANGUAGES:
        with app.test_request_context(f"/?lang={language}"):
            candidates = app.jinja_env.get_template("_reading.html").module.next_candidates
            commas[language] = [sign for sign in ",،" if sign in candidates({"alternatives": others, "doubtful": True})]
    assert commas.pop("ar") == ["،"]
    assert set(map("".join, commas.values())) == {","}


def test_numbers_are_written_as_the_language_does_but_always_with_0_to_9(app):
    shown = {}
    for language in LANGUAGES:
        with app.test_request_context(f"/?lang={language}"):
            time = formats.moment(datetime(2026, 11, 22, 22, 17, tzinfo=UTC))
            shown[language] = [formats.percent(0.998), formats.number(99.5), formats.duration(168), time]
    assert shown["en"] == ["99.8 %", "99.5", "7 days", "22 November 2026, 22:17 UTC"]
    assert shown["de"] == ["99,8 %", "99,5", "7 Tage", "22. November 2026, 22:17 UTC"]
    assert shown["ar"][:3] == ["\u206699.8 %\u2069", "99.5", "7 أيام"]
    assert not any(
        "\u0660" <= character <= "\u0669" for words in shown.values() for word in words for character in word
    )


@pytest.mark.parametrize("language", OTHERS)
def test_scripts_and_pages_agree_on_the_form_of_every_count(language):
    choose_index = translations(language).plural
    locale = Locale(language)
    names = PLURALS[6 if language == "ar" else 2]
    for count in range(1000):
        assert names[choose_index(count)] == locale.plural_form(count), count


def test_the_words_of_scripts_have_a_lasting_address(client):
    page = client.get("/?lang=ar").text
    address = page.split(' href="/words/')[1].split('"')[0]
    answer = client.get(f"/words/{address}")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.json["Copied"] == "تم النسخ"
    assert list(answer.json["{count} mark is not a digit."]) == list(PLURALS[6])
    assert "immutable" not in client.get("/words/ar.json?v=old").headers["Cache-Control"]
    assert client.get("/words/xx.json").status_code == 404
    assert "/words/" not in client.get("/?lang=en").text
    assert "Skip to the content" not in script_words("ar"), "what only templates say stays out of it"
