"""The first paint of a page does not wait for a script."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent.parent / "src/digitlens/web/templates"


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_script_of_a_page_is_deferred(template):
    """A module is by itself; data is no script."""
    for tag in re.findall(r"<script\b[^>]*>", template.read_text(encoding="utf-8")):
        assert 'type="module"' in tag or "application/json" in tag
