"""Keeps the catalogues of translations: `python scripts/translate.py update|check|missing LANG|fill LANG FILE.json`.

    update          extract every message and bring all catalogues up to date; translations that still fit are kept
    check           say what is missing or wrong in any catalogue, and end with status 1 where something is
    missing LANG    print what LANG still lacks as JSON, in the shape that `fill` takes; --where learn for a part of the
                    sources, --part 2/3 for the second third of it
    fill LANG FILE  take translations from JSON: message -> translation, or -> {plural category: translation}

Messages come from templates and views (`_`, `ngettext`, `{% trans %}`), from scripts (`t`, `tn`), from listings in
JSON, and from the sentences of errors, which the core composes in English: an f-string's places become {0}, {1}, ...
"""

from __future__ import annotations

import argparse
import ast
import fcntl
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from digitlens.web.catalogues import ERRORS, FOLDER, PLURALS, path_of
from digitlens.web.languages import ENGLISH, LANGUAGES

PACKAGE = FOLDER.parent.parent
WEB = PACKAGE / "web"
LISTINGS = {"static/samples/samples.json": ("title", "alt")}  # file -> its fields that people see
# Errors that a page can show come from here; those of the command line and of training stay English.
SPEAKING = ["errors.py", "imaging/[!p]*.py", "imaging/pdf.py", "store/*.py", "web/*.py"]  # page.py: arrays, Python only
HEADER = """\
# {name} translations of digitlens.
# This text is all there is: it is compiled when the language is first asked for.
# CONTRIBUTING.md says how to add to it, GLOSSARY.md which word stands for what.
#"""
# The forms in CLDR's order; Babel's own rule for Arabic has the last two the other way round.
ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
# Lines that would change with every run, or say nothing.
CHANGING = tuple(
    f'"{name}'
    for name in (
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid",
        "Project-Id",
        "Generated",
    )
)
PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
TAGS = re.compile(r"</?[a-z][^>]*>")
COUNTS = {"num", "count", "value", "shown"}  # places that a plural form may leave out: "one digit"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update")
    commands.add_parser("check")
    others = [language for language in LANGUAGES if language != ENGLISH]
    missing = commands.add_parser("missing")
    missing.add_argument("language", choices=others)
    missing.add_argument("--where", default="", help="only messages of files whose path contains this")
    missing.add_argument("--part", default="1/1", help="such as 2/3: the second of three parts")
    fill = commands.add_parser("fill")
    fill.add_argument("language", choices=others)
    fill.add_argument("file", type=Path)
    given = parser.parse_args()
    if given.command == "update":
        return update(others)
    if given.command == "check":
        return check(others)
    if given.command == "missing":
        lacking = part_of(missing_of(read(given.language), given.where), given.part)
        print(json.dumps(lacking, ensure_ascii=False, indent=0))
        return 0
    with (path_of(given.language).parent / ".lock").open("w") as lock:  # several may fill one language at a time
        fcntl.flock(lock, fcntl.LOCK_EX)
        return fill_in(given.language, json.loads(given.file.read_text(encoding="utf-8")))


def update(languages: list[str]) -> int:
    template = extracted()
    for language in languages:
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write(language, catalogue)
        print(f"{language}: {len(catalogue)} messages, {len(missing_of(catalogue))} to translate")
    return 0


def check(languages: list[str]) -> int:
    template = extracted()
    wrong = 0
    for language in languages:
        catalogue = read(language)
        told = [f"not in the catalogue: {name!r}" for name in sorted(names(template) - names(catalogue))]
        told += [f"in no source any more: {name!r}" for name in sorted(names(catalogue) - names(template))]
        told += [f"{problem}: {message.id!r}" for message in messages(catalogue) for problem in problems(message)]
        wrong += len(told)
        print("\n".join(f"{language}: {line}" for line in told) or f"{language}: {len(catalogue)} messages, all well")
    return 1 if wrong else 0


def missing_of(catalogue: Catalog, where: str = "") -> dict[str, Any]:
    lacking: dict[str, Any] = {}
    for message in messages(catalogue):
        if all(forms_of(message)) or not any(where in place for place, _ in message.locations):
            continue
        if isinstance(message.id, tuple):
            lacking[message.id[0]] = {"english": message.id[1], **dict.fromkeys(PLURALS[catalogue.num_plurals], "")}
        else:
            lacking[message.id] = ""
    return lacking


def part_of(lacking: dict[str, Any], part: str) -> dict[str, Any]:
    number, count = map(int, part.split("/"))
    names = list(lacking)
    return {name: lacking[name] for name in names[len(names) * (number - 1) // count : len(names) * number // count]}


def fill_in(language: str, translations: dict[str, Any]) -> int:
    catalogue = read(language)
    wrong = [f"no such message: {name!r}" for name in sorted(set(translations) - {key(m) for m in messages(catalogue)})]
    taken = 0
    for message in messages(catalogue):
        given = translations.get(key(message))
        if not given:
            continue
        before = message.string
        message.string = forms_given(given, catalogue.num_plurals) if isinstance(message.id, tuple) else given
        if found := problems(message):
            wrong += [f"{problem}: {message.id!r} -> {message.string!r}" for problem in found]
            message.string = before
        else:
            taken += 1
    write(language, catalogue)
    print("\n".join([*wrong, f"{language}: {taken} taken, {len(missing_of(catalogue))} to translate"]))
    return 1 if wrong else 0


def forms_given(given: Any, count: int) -> tuple[str, ...]:
    if isinstance(given, dict):
        return tuple(given.get(category, "") for category in PLURALS[count])
    return tuple(given)


def problems(message: Message) -> list[str]:
    """What is wrong with a translation."""
    forms = forms_of(message)
    if not all(isinstance(form, str) and form for form in forms):
        return ["not translated"]
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    is_plural = len(english) > 1
    wrong = ["fuzzy"] if message.fuzzy else []
    if is_plural and len(forms) not in PLURALS:
        wrong.append("not as many plural forms as the language has")
    for form in forms:
        left, added = places(english[-1]) - places(form), places(form) - places(english[-1])
        if added or (left - COUNTS if is_plural else left):
            wrong.append(f"places differ, {sorted(left | added)}")
        if tags(form) != tags(english[-1]):
            wrong.append("markup differs")
        if is_formatted(message) and re.search(r"%(?!%|\(\w+\)s)", form.replace("%%", "")):
            wrong.append("a % that is not doubled")
        if form != form.strip() and english[-1] == english[-1].strip():
            wrong.append("white space at an end")
    return wrong


def is_formatted(message: Message) -> bool:
    """Whether Python fills the places, so that a % has to be doubled."""
    return message.context != ERRORS and any(place.endswith((".py", ".html")) for place, _ in message.locations)


def places(text: str) -> set[str]:
    return {first or second for first, second in PLACES.findall(text)}


def tags(text: str) -> Counter[str]:
    return Counter(TAGS.findall(text))


def forms_of(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, (tuple, list)) else (message.string,)


def key(message: Message) -> str:
    """What `missing` and `fill` call a message: its English, or its English singular."""
    return message.id[0] if isinstance(message.id, tuple) else message.id


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def names(catalogue: Catalog) -> set[str]:
    return {f"{message.context or ''} {message.id}" for message in messages(catalogue)}


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.is_file():
        new = Catalog(language)
        if language == "ar":
            new.mime_headers = [("Plural-Forms", ARABIC)]
        return new
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, catalogue: Catalog) -> None:
    catalogue.header_comment = HEADER.format(name=LANGUAGES[language])
    catalogue.fuzzy = False
    for message in catalogue:
        message.locations.sort()  # messages stand in their order: `update` and `fill` write the same file
    text = BytesIO()
    write_po(text, catalogue, width=118, sort_by_file=True, include_lineno=False)
    lines = text.getvalue().decode().splitlines(keepends=True)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line for line in lines if not line.startswith(CHANGING)), encoding="utf-8")


def extracted() -> Catalog:
    """Every message of the sources; places are files under the package, without lines, so that diffs stay small."""
    template = Catalog()
    python = {**DEFAULT_KEYWORDS}
    jinja = {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}
    for path in sorted(WEB.rglob("templates/**/*.html")):
        add(template, path, babel_extract, DEFAULT_KEYWORDS, jinja)
    for path in sorted(WEB.glob("*.py")):
        add(template, path, extract_python, python, {})
    for path in sorted((WEB / "static/js").rglob("*.js")):
        for text in script_messages(path.read_text(encoding="utf-8")):
            template.add(text, locations=[(place(path), None)])
    add_sentences(template)
    add_listings(template)
    return template


def script_messages(script: str) -> Iterator[str | tuple[str, str]]:
    """The literals of `t('...')` and `tn('...', '...')`; Babel's own lexer loses its place in template literals."""
    spoken = re.sub(r"^\s*(?://|/?\*).*$", "", script, flags=re.MULTILINE)
    literal = r"'((?:[^'\\\n]|\\.)*)'"
    for one, first, many in re.findall(rf"\bt\(\s*{literal}|\btn\(\s*{literal},\s*{literal}", spoken):
        unescaped = [text.replace("\\'", "'") for text in (one, first, many)]
        yield unescaped[0] or (unescaped[1], unescaped[2])


def add(template: Catalog, path: Path, method: Any, keywords: Any, options: dict[str, str]) -> None:
    with path.open("rb") as file:
        for _, text, comments, context in extract(method, file, keywords, ("Translators:",), options, True):
            template.add(text, locations=[(place(path), None)], auto_comments=comments, context=context)


def add_sentences(template: Catalog) -> None:
    for path in sorted(path for pattern in SPEAKING for path in PACKAGE.glob(pattern)):
        for text in sentences(ast.parse(path.read_text(encoding="utf-8"))):
            template.add(text, locations=[(place(path), None)], context=ERRORS)


def add_listings(template: Catalog) -> None:
    for name, fields in LISTINGS.items():
        for entry in json.loads((WEB / name).read_text(encoding="utf-8")):
            for field in fields:
                template.add(entry[field], locations=[(name, None)])


def place(path: Path) -> str:
    return path.relative_to(WEB if path.is_relative_to(WEB) else PACKAGE).as_posix()


def sentences(tree: ast.AST) -> Iterator[str]:
    """The sentences of errors: what `SomeError(...)` and `sentence(...)` are called with, and hints with a name."""
    for node in ast.walk(tree):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            is_error = node.func.id.endswith("Error") and not node.func.id.startswith(("Settings", "Model"))
            found = node.args[:2] if is_error or node.func.id == "sentence" else []
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [node.value for one in targets if isinstance(one, ast.Name) and one.id.lower().endswith("_hint")]
        for value in found:
            text = template_of(value)
            if " " in text and len(re.sub(r"\{\d+\}", "", text)) > 10:  # else it is a name, or could be any sentence
                yield text


def template_of(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    if not isinstance(value, ast.JoinedStr):
        return ""
    count = iter(range(len(value.values)))
    return "".join(str(part.value) if isinstance(part, ast.Constant) else f"{{{next(count)}}}" for part in value.values)


if __name__ == "__main__":
    sys.exit(main())
