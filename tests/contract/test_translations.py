"""Every text for people can be translated, and is."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src/digitlens/web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
# openapi-blocks.js draws a part of the page that is marked as English: the contract for programs.
SCRIPTS = sorted(set((WEB / "static/js").rglob("*.js")) - {WEB / "static/js/openapi-blocks.js"})

# Names, and what is the same in every language.
NAMES = {"digitlens", "API", "CSV", "JSON", "PNG", "curl", "Python", "UTC", "x"}
SHOWN_ATTRIBUTES = {"alt", "title", "aria-label", "placeholder", "aria-description"}
NOT_WORDS = {"code", "pre", "script", "style", "svg", "kbd", "figcaption"}

JINJA = re.compile(
    r"{#.*?#}|{% block \w+_attributes %}.*?{% endblock %}|{%-?\s*trans.*?endtrans\s*-?%}|{{.*?}}|{%.*?%}", re.DOTALL
)
WORD = re.compile(r"[^\W\d_]{2,}")

STRING = r"'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"
COMMENT = re.compile(r"/\*.*?\*/|(?<![:'])//[^\n]*", re.DOTALL)
TRANSLATED = re.compile(rf"\btn?\(\s*(?:{STRING})(?:,\s*(?:{STRING}))?")
# What only developers see, and names that CSS, the document or the network know.
INTERNAL = re.compile(rf"(?:message = |Error\(|super\(|import\(|\bfrom\s|console\.\w+\()\s*(?:{STRING})")
# A capital and then another word, or several words with an end: how texts for people look, and selectors do not.
SENTENCE = re.compile(r"^[A-ZÀ-ÖØ-Ý][^\W\d]*[’']?\w* [^\W\d]{2}|^\w+ .*[.…!?]$|^[A-Z][a-z]{2,}[.…!?:]?$")
SCRIPT_NAMES = {"Enter", "Escape", "Control", "Files", "POST", "Home", "End", "Tab", "Shift", "Backspace", "Delete"}


class Words(HTMLParser):
    """The words that a reader of a page sees and no catalogue knows."""

    def __init__(self):
        super().__init__()
        self.inside, self.found = [], []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        if tag in NOT_WORDS or names.get("translate") == "no":
            self.inside.append(tag)
        shown = [value for name, value in attributes if name in SHOWN_ATTRIBUTES and value]
        if tag == "meta" and names.get("name") == "description":
            shown.append(names["content"])
        for value in shown:
            self.handle_words(value)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.handle_words(data)

    def handle_words(self, text):
        self.found += [word for word in WORD.findall(text) if word not in NAMES]


def untranslated_in_template(source):
    words = Words()
    words.feed(JINJA.sub(" ", source))
    return words.found


def untranslated_in_script(source):
    source = INTERNAL.sub("", TRANSLATED.sub("", COMMENT.sub("", source)))
    strings = [" ".join(re.sub(r"\$\{[^}]*\}", " ", found[1:-1]).split()) for found in re.findall(STRING, source)]
    is_key = re.compile(r"^(Arrow|Page|Key)[A-Z]\w*$")
    return [text for text in strings if SENTENCE.search(text) and text not in SCRIPT_NAMES and not is_key.match(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_a_template_holds_no_text_that_cannot_be_translated(path):
    assert untranslated_in_template(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(WEB / "static/js").as_posix())
def test_a_script_holds_no_text_that_cannot_be_translated(path):
    assert untranslated_in_script(path.read_text(encoding="utf-8")) == []


def test_the_search_for_untranslated_text_finds_it():
    assert untranslated_in_template('<p title="Some words">{{ _("fine") }} and {% trans %}fine{% endtrans %}</p>') == [
        "Some",
        "words",
        "and",
    ]
    script = "t('Fine, this.'); throw new Error('Only developers'); place.textContent = 'Not fine.'; a('.b c');"
    assert untranslated_in_script(f"{script} // 'A comment'") == ["Not fine."]
    assert untranslated_in_script("html('p', {}, `Read ${n} digits`)") == ["Read digits"]


def test_every_catalogue_is_complete_and_sound():
    run = subprocess.run(
        [sys.executable, ROOT / "scripts/translate.py", "check"], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr
