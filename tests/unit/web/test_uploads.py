"""File names as they come from strangers."""

import pytest

from digitlens.results import safe_cell
from digitlens.web.uploads import LONGEST_NAME, safe_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("scores.jpg", "scores.jpg"),
        ("/home/me/scores.jpg", "scores.jpg"),
        ("C:\\scans\\scores.jpg", "scores.jpg"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("na\u0000me\u202e.png", "name.png"),
        ("  手書き.png ", "手書き.png"),
        ("../..", ".."),
        ("folder/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_keeps_its_last_part_without_invisible_characters(sent, shown):
    assert safe_name(sent) == shown


def test_a_long_name_is_cut_in_its_middle_and_keeps_its_ending():
    name = safe_name("a" * 500 + ".jpeg")
    assert len(name) <= LONGEST_NAME
    assert name.endswith("….jpeg")
    assert len(safe_name("a" * 500)) == LONGEST_NAME


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_never_starts_like_a_formula(start):
    assert safe_cell(f"{start}1") == f"'{start}1"
