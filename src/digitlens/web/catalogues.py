"""The catalogues of translations: one `.po` file a language, compiled in memory when a language is first asked for.

So the text files are the only source: there is nothing beside them that could be out of date or would have to be built.
Each serves three readers: templates and views through Flask-Babel, scripts through `script_words`, and the sentences of
errors through `translate_sentence`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

FOLDER = Path(__file__).parent / "translations"
ERRORS = "error"  # context of the sentences that errors are made of

# What the forms of a plural are for, in the order of gettext; `Intl.PluralRules` gives scripts these names.
PLURALS = {2: ("one", "other"), 6: ("zero", "one", "two", "few", "many", "other")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """An error's sentence: what finds it among those of the core, and how it is said in another language."""

    pattern: re.Pattern[str]
    translation: str


class CatalogueDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Gives Flask-Babel the translations of the request's language."""

    def get_translations(self) -> NullTranslations:
        """The translations; those that change nothing for English and outside a request."""
        locale = get_locale()
        return NullTranslations() if locale is None else translations(locale.language)


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def translations(language: str) -> NullTranslations:
    """What `gettext` needs of a language; nothing for one without a catalogue, as English is."""
    if not path_of(language).is_file():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache
def script_words(language: str) -> dict[str, Any]:
    """What scripts say: the English message -> the translation, or plural category -> translation.

    A message with a plural stands under its English singular.
    """
    words: dict[str, Any] = {}
    for message in _catalogue(language):
        english, said = _parts(message)
        if not all(said) or not any(place.endswith(".js") for place, _ in message.locations):
            continue
        words[english[0]] = dict(zip(PLURALS[len(said)], said, strict=True)) if len(english) > 1 else said[0]
    return words


@lru_cache
def words_version(language: str) -> str:
    """Changes with what scripts say in this language."""
    return hashlib.sha256(repr(script_words(language)).encode()).hexdigest()[:12]


def sentence(english: str) -> str:
    """The same; marks an error's sentence for translation where it stands outside the error's own call."""
    return english


def translate_sentence(sentence: str) -> str | None:
    """An error's English sentence in the page's language; None where the catalogue does not have it.

    Errors are composed in the core, which knows no languages, and some come out of the store, where they were kept in
    English. A sentence is therefore found again by its fixed words, and what it names ("25 MB") is carried over.
    """
    locale = get_locale()
    for known in _sentences(locale.language if locale else "en"):
        if found := known.pattern.fullmatch(sentence):
            return known.translation.format(*found.groups())
    return None


@lru_cache
def _sentences(language: str) -> tuple[Sentence, ...]:
    parts = [_parts(message) for message in _catalogue(language) if message.context == ERRORS]
    known = [(english[0], said[0]) for english, said in parts if said[0]]
    # The more fixed words a sentence has, the surer it is the one that was meant.
    known.sort(key=lambda pair: -len(re.sub(r"\{\d+\}", "", pair[0])))
    return tuple(Sentence(_pattern(english), said) for english, said in known)


def _parts(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The English forms of a message and the translated ones: one each, or those of a plural."""
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    said = message.string or ""
    return english, (said,) if isinstance(said, str) else tuple(said)


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\d+\}", template)
    return re.compile("(.+?)".join(map(re.escape, pieces)), re.DOTALL)


@lru_cache
def _catalogue(language: str) -> Catalog:
    path = path_of(language)
    if not path.is_file():
        return Catalog(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)
