import dataclasses
import re
from pathlib import Path

import click
import pytest

from digitlens import cli
from digitlens.results import CSV_COLUMNS, NUMBER_COLUMNS
from digitlens.settings import Settings

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(group: click.Group, prefix: str = "digitlens") -> list[str]:
    names = []
    for name, command in group.commands.items():
        inner = commands(command, f"{prefix} {name}") if isinstance(command, click.Group) else [f"{prefix} {name}"]
        names += inner
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_local_link_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("command", commands(cli.main))
def test_every_command_stands_in_the_docs(command):
    assert f"`{command}" in (ROOT / "docs/cli.md").read_text("utf-8")


def options(group: click.Group, prefix: str = "digitlens") -> list[tuple[str, str]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += options(command, f"{prefix} {name}")
        else:
            found += [(f"{prefix} {name}", option) for part in command.params for option in part.opts if "--" in option]
    return found


@pytest.mark.parametrize(("command", "option"), options(cli.main))
def test_every_option_stands_in_the_section_of_its_command(command, option):
    sections = (ROOT / "docs/cli.md").read_text("utf-8").split("\n## ")[1:]
    # `digitlens data fetch` stands under `digitlens data`.
    section = next(part for part in sections if command.startswith(part.split("`")[1]))
    assert re.search(rf"`{option}\b", section)


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
def test_every_setting_stands_in_the_docs_with_its_default_unit_and_reason(field):
    unit, reason = field.metadata["unit"], field.metadata["reason"]
    row = f"| `DIGITLENS_{field.name.upper()}` | `{field.default}` | {unit} | {reason} |"
    assert row in (ROOT / "docs/deployment.md").read_text("utf-8")


def test_the_csv_columns_stand_in_the_docs():
    text = (ROOT / "docs/cli.md").read_text("utf-8")
    assert ",".join(CSV_COLUMNS) in text
    assert ",".join(NUMBER_COLUMNS) in text


def test_the_makefile_has_the_two_commands():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("run:", "test:"):
        assert f"\n{target}" in makefile
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")
