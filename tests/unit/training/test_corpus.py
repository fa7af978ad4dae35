import hashlib

import cv2
import numpy as np
import pytest

from digitlens.training.corpus import Corpus, checksums, load_corpus, open_corpus, save_corpus

MARKS = ("bhmsds-operators", "crosses", "strokes", "omniglot")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, few_digits):
    """A set of 100 digits, operators, four pictures of crosses, and one of an upright stroke."""
    root = tmp_path_factory.mktemp("sets")
    (root / "glyphs/bhmsds").mkdir(parents=True)
    np.savez(root / "glyphs/bhmsds/digits.npz", images=few_digits.pictures[:100], labels=few_digits.labels[:100])
    (root / "not-digits/bhmsds-operators").mkdir(parents=True)
    names = np.array(["plus", "plus", "slash", "slash", "z", "z"])
    np.savez(root / "not-digits/bhmsds-operators/operators.npz", images=few_digits.pictures[:6], labels=names)
    for name in ("crosses", "strokes", "omniglot"):
        (root / "not-digits" / name).mkdir()
    page = np.full((90, 90), 255, np.uint8)
    cv2.line(page, (45, 15), (45, 75), 0, 6)
    cv2.imwrite(str(root / "not-digits/strokes/a.png"), page)
    cv2.imwrite(str(root / "not-digits/strokes/b.png"), page)
    cv2.line(page, (15, 45), (75, 45), 0, 6)
    for name in "abcd":
        cv2.imwrite(str(root / f"not-digits/crosses/{name}.png"), page)
    for name in (
        "Greek__character15__039f_02",
        "Greek__character16__03a0_02",
        "Latin__character12__x",
        "Latin__character13__x",
    ):
        cv2.imwrite(str(root / f"not-digits/omniglot/{name}.png"), page)
    return root


def test_the_two_halves_share_nothing_and_miss_nothing(folder):
    teaching, held_out = load_corpus(folder), load_corpus(folder, held_out=True)
    together = len(teaching.digits["bhmsds"].labels) + len(held_out.digits["bhmsds"].labels)
    assert together == 100
    assert 0.15 < len(held_out.digits["bhmsds"].labels) / together < 0.25
    assert len(teaching.marks["crosses"]) == len(held_out.marks["crosses"]) == 2


def test_what_is_a_digit_in_shape_is_no_mark(folder):
    marks = load_corpus(folder).marks
    assert len(marks["strokes"]) == 0
    assert len(marks["bhmsds-operators"]) == 1
    assert len(marks["omniglot"]) == 1
    assert load_corpus(folder, held_out=True).marks["omniglot"].shape == (1, 28, 28)


def test_a_set_that_is_not_there_is_left_out(tmp_path):
    assert load_corpus(tmp_path) == Corpus({}, {})


def test_a_corpus_comes_back_from_its_file(folder, tmp_path):
    corpus = load_corpus(folder)
    save_corpus(tmp_path / "corpus.npz", corpus)
    again = open_corpus(tmp_path / "corpus.npz")
    assert again.marks.keys() == corpus.marks.keys()
    assert again.sha256 == corpus.sha256 == checksums(folder)
    assert np.array_equal(again.marks["crosses"], corpus.marks["crosses"])
    assert np.array_equal(again.digits["bhmsds"].pictures, corpus.digits["bhmsds"].pictures)
    assert np.array_equal(again.digits["bhmsds"].labels, corpus.digits["bhmsds"].labels)


def test_a_checksum_names_what_teaches_and_nothing_else(folder):
    before = checksums(folder)
    assert set(before) == {"glyphs/bhmsds", *(f"not-digits/{name}" for name in MARKS)}
    lines = [
        f"{hashlib.sha256((folder / f'not-digits/crosses/{name}.png').read_bytes()).hexdigest()}  {name}.png\n"
        for name in "ab"
    ]
    assert before["not-digits/crosses"] == hashlib.sha256("".join(lines).encode()).hexdigest()
