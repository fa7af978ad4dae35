import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitlens.errors import InputError
from digitlens.results import Box, Digit
from digitlens.training.lookalikes import DIGITS_IN_SHAPE, WITH_A_DIGIT, Shape
from digitlens.training.photos import (
    ALL,
    DIGITS,
    NOT_DIGITS,
    NUMBERS,
    Answer,
    Photo,
    digit_shares,
    load_photos,
    mean_over_sources,
    read_photos,
    score_by_shape,
    score_photos,
    single_digit_answers,
    worst_misses,
)


def photo(label, kind=NUMBERS, source="mine", name="a.png"):
    return Photo(kind, source, Path(name), label)


def answer(text, confidence=0.9, doubtful=False):
    digits = [Digit(int(value), confidence, doubtful, Box(0, 0, 9, 9)) for value in text if value.isdigit()]
    return Answer(text, tuple(digits))


def figures(*judged):
    return score_photos(judged)[0].figures


def folder_of(root, kind, source, rows, head="file,label,notes"):
    folder = root / kind / source
    folder.mkdir(parents=True)
    (folder / "labels.csv").write_text("\n".join([head, *rows]) + "\n")
    return folder


def test_numbers_are_exact_when_digits_and_order_are_right_and_rows_when_rows_are_too():
    right = (photo("407/92"), answer("4 07\n92"))
    in_one_row = (photo("407/92"), answer("40792"))
    assert figures(right) == {"exact": 1, "rows": 1, "DER": 0, "F1": 1}
    assert figures(in_one_row) == {"exact": 1, "rows": 0, "DER": 0, "F1": 1}


def test_f1_ignores_the_order_and_the_digit_error_rate_does_not():
    scored = figures((photo("12"), answer("21")))
    assert (scored["exact"], scored["F1"], scored["DER"]) == (0, 1, 1)
    scored = figures((photo("1234"), answer("12")))
    assert (scored["F1"], scored["DER"]) == (pytest.approx(2 * 2 / 6), 0.5)


def test_of_one_digit_exactly_one_must_be_read():
    judged = [(photo("4", DIGITS), answer(text)) for text in ("4", "9", "", "44")]
    assert figures(*judged) == {"accuracy": 0.25, "empty": 0.25, "many": 0.25}


def test_anything_read_where_nothing_stands_is_false():
    judged = [(photo("", NOT_DIGITS), answer(text)) for text in ("", "1\n1", "", "")]
    assert figures(*judged) == {"false": 0.25, "digits_a_picture": 0.5}


def test_each_source_has_a_score_and_each_kind_one_as_a_whole():
    judged = [(photo("1", source="b"), answer("1")), (photo("2", source="a"), answer("3"))]
    judged += [(photo("", NOT_DIGITS, "c"), answer(""))]
    scores = score_photos(judged)
    assert [(score.kind, score.source) for score in scores] == [
        (NUMBERS, "a"),
        (NUMBERS, "b"),
        (NUMBERS, ALL),
        (NOT_DIGITS, "c"),
        (NOT_DIGITS, ALL),
    ]
    assert scores[2].pictures == 2
    assert mean_over_sources(scores, NUMBERS, "exact") == 0.5
    assert math.isnan(mean_over_sources(scores, DIGITS, "accuracy"))


def test_confidence_counts_only_where_one_digit_was_read_in_a_picture_of_one():
    judged = [
        (photo("4", DIGITS), answer("4", 0.98765432)),
        (photo("4", DIGITS), answer("9", 0.6, doubtful=True)),
        (photo("4", DIGITS), answer("44")),
        (photo("4", DIGITS), answer("")),
        (photo("4", NUMBERS), answer("4")),
    ]
    given = single_digit_answers(judged)
    assert given.confidence.tolist() == [0.9877, 0.6]
    assert given.right.tolist() == [True, False]
    assert given.doubtful.tolist() == [False, True]
    assert len(single_digit_answers([]).right) == 0


def test_each_digit_has_its_own_share():
    shares = digit_shares([(photo("4", DIGITS), answer("4")), (photo("4", DIGITS), answer("44"))])
    assert [(share.right, share.total) for share in shares] == [(0, 0)] * 4 + [(1, 2)] + [(0, 0)] * 5


def test_the_worst_misses_come_first_and_hits_not_at_all():
    hit = (photo("4"), answer("4"))
    unsure, sure = (photo("4"), answer("9", 0.5)), (photo("4"), answer("9", 0.99))
    far = (photo("4"), answer("1111"))
    assert worst_misses([hit, unsure, sure, far], 5) == [far, sure, unsure]
    assert worst_misses([hit, unsure, sure, far], 1) == [far]


def test_characters_in_the_shape_of_digits_are_counted_apart():
    name = "12_{}__character{:02}__0400_02.png".format
    names = [name(*next((alphabet, numbers[0]) for alphabet, numbers in DIGITS_IN_SHAPE.items()))]
    names += [name(*next((alphabet, numbers[0]) for alphabet, numbers in WITH_A_DIGIT.items())), name("Greek", 10)]
    judged = [(photo("", NOT_DIGITS, "omniglot", name), answer(text)) for name, text in zip(names, "01 ", strict=True)]
    judged += [(photo("", NOT_DIGITS, "stains"), answer("1")), (photo("1"), answer("1"))]
    scores = {score.source: score.figures["false"] for score in score_by_shape(judged)}
    assert scores == {f"omniglot, {shape}": shape != Shape.OTHER for shape in Shape}


def test_labels_of_not_digits_are_not_looked_at(tmp_path):
    folder_of(tmp_path, "not-digits", "ticks", ["a.png,tick,"])
    folder_of(tmp_path, "numbers", "scores", ["b.png, 40/7 ,with a plus"])
    kinds = {photo.kind: photo for photo in load_photos([tmp_path])}
    assert kinds[NOT_DIGITS].label == ""
    assert kinds[NUMBERS].label == "40/7"
    assert kinds[NUMBERS].path == tmp_path / "numbers/scores/b.png"


def test_only_sources_of_not_digits_are_halved(tmp_path):
    folder_of(tmp_path, "not-digits", "ticks", [f"{name}.png,," for name in "cabed"])
    folder_of(tmp_path, "digits", "mine", ["1.png,1,", "2.png,2,"])
    kept = [photo.path.name for photo in load_photos([tmp_path], validation_half=True)]
    assert sorted(kept) == ["1.png", "2.png", "c.png", "d.png", "e.png"]


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"labels\.csv"):
        load_photos([tmp_path])
    folder_of(tmp_path, "digits", "mine", ["1.png,1"], head="picture,label")
    with pytest.raises(InputError, match="file"):
        load_photos([tmp_path])


def test_a_file_that_cannot_be_read_is_an_empty_answer_that_failed(reader, tmp_path):
    blank, text = tmp_path / "blank.png", tmp_path / "text.png"
    Image.fromarray(np.full((60, 60), 255, np.uint8)).save(blank)
    text.write_text("no picture")
    paths = (blank, text, tmp_path / "missing.png")
    judged = read_photos(reader, [Photo(DIGITS, "mine", path, "1") for path in paths])
    assert [answer.failed for _, answer in judged] == [False, True, True]
    assert score_photos(judged)[0].failed == 2
