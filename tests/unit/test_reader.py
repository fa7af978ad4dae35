import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from digitlens import Box, InputError, ModelError, Reader
from digitlens.imaging.hypotheses import Hypothesis
from digitlens.imaging.segment import Glyph
from digitlens.reader import _are_sure_together, _clear_shapes, _is_one_sure, _rows
from digitlens.results import Digit
from digitlens.settings import Settings
from digitlens.trace import Opinions

DOODLES = Path(__file__).parents[1] / "data" / "troubles" / "doodles.jpg"


@pytest.fixture(scope="module")
def page(page_with_a_number):
    return np.asarray(Image.open(page_with_a_number).convert("RGB"))


def png(array):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def test_path_bytes_image_and_array_give_the_same_reading(reader, page, page_with_a_number):
    readings = [
        reader.read(page_with_a_number),
        reader.read(str(page_with_a_number)),
        reader.read(page_with_a_number.read_bytes()),
        reader.read(Image.fromarray(page)),
        reader.read(page),
    ]
    assert readings[0].digits
    assert all(reading == readings[0] for reading in readings)


def opinions_of(count, sure=(), leans=()):
    """Of upright strokes, but for some that lean by so many pixels in 20, and of a finder that is sure of some."""
    frames = np.zeros((count, 28, 28), np.uint8)
    for index, frame in enumerate(frames):
        lean = dict(leans).get(index, 0)
        cv2.line(frame, (14 - lean // 2, 24), (14 + lean // 2, 4), 255, 2)
    scores = np.zeros((count, 11), np.float32)
    scores[list(sure), 1] = 0.9
    nothing = np.zeros((count, 11), np.float32)
    seen, rest = np.ones(count, bool), np.zeros(count, bool)
    return Opinions(frames, nothing, nothing, scores, seen, np.zeros(count, np.float32), rest, nothing)


@pytest.mark.parametrize(
    ("leans", "is_read"),
    [([(7, 18)], False), ([(7, 8)], True), ([(3, 14), (7, 18), (8, 14)], True)],
)
def test_a_1_that_leans_further_than_its_neighbours_is_a_slash(leans, is_read):
    digits = {key: Digit(value, 0.9, False, Box(10 * key, 40, 8, 60)) for key, value in ((3, 4), (7, 1), (8, 2))}
    opinions = opinions_of(9, sure=[7], leans=leans)
    assert _rows(digits, opinions) == (([[3, 7, 8]], []) if is_read else ([[3, 8]], [7]))


@pytest.mark.parametrize(("height", "is_sure", "is_read"), [(72, False, True), (75, False, False), (100, True, True)])
def test_a_1_taller_than_its_row_is_a_stroke_unless_the_finder_is_sure_of_it(height, is_sure, is_read):
    digits = {
        3: Digit(4, 0.9, False, Box(0, 40, 40, 60)),
        7: Digit(1, 0.9, False, Box(50, 100 - height, 12, height)),
        8: Digit(2, 0.9, False, Box(70, 40, 40, 60)),
    }
    opinions = opinions_of(9, sure=[7] if is_sure else [])
    assert _rows(digits, opinions) == (([[3, 7, 8]], []) if is_read else ([[3, 8]], [7]))


@pytest.mark.parametrize(
    ("score", "others", "is_sure"),
    [
        (0.45, [], True),
        (0.35, [], False),
        (0.45, [60], True),  # fewer than the digits
        (0.45, [60, 60], False),
        (0.45, [60, 20], True),  # a speck counts for nothing
        (0.6, [60, 60], True),
    ],
)
def test_among_other_marks_the_finder_has_to_be_surer_of_a_digit(score, others, is_sure):
    digits = {key: Digit(4, 0.9, False, Box(50 * key, 0, 40, 60)) for key in range(2)}
    opinions = opinions_of(2)
    opinions.finder[:, 4] = score, 0.2
    boxes = [Box(0, 100, 10, height) for height in others]
    assert _is_one_sure(np.full((200, 200), 255, np.uint8), digits, boxes, opinions) is is_sure


@pytest.mark.parametrize(
    ("scores", "marks", "is_cut", "are_sure"),
    [
        ([0.3, 0.3], [1, 1], True, True),
        ([0.25, 0.25], [1, 1], True, False),
        ([0.3, 0.3], [1, 2], True, False),  # each mark by itself: a page holds many
        ([0.3, 0.3], [1, 1], False, False),
    ],
)
def test_the_pieces_of_one_mark_that_was_cut_can_be_sure_together(scores, marks, is_cut, are_sure):
    glyph = Glyph(Box(0, 0, 40, 60), np.ones((60, 40), np.float32))
    hypotheses = [Hypothesis(glyph, None, frozenset({mark}), 0.5, is_cut) for mark in marks]
    digits = {key: Digit(1, 0.9, False, glyph.box) for key in range(2)}
    opinions = opinions_of(2)
    opinions.finder[:, 1] = scores
    assert _are_sure_together(hypotheses, digits, opinions) is are_sure


@pytest.mark.parametrize(("most", "looks"), [(0, 1), (15, 2), (2000, 5)])
def test_the_ink_is_told_again_until_enough_marks_were_judged(reader, monkeypatch, most, looks):
    judged = []
    judge = Reader._judge
    monkeypatch.setattr(
        Reader, "_judge", lambda self, found, boxes: judged.append(len(found)) or judge(self, found, boxes)
    )
    monkeypatch.setattr("digitlens.reader.MOST_JUDGED", most)
    reader._look(next(reader.decode(DOODLES.read_bytes())))
    assert judged == [10, 10, 15, 10, 10][:looks]


@pytest.mark.parametrize("shape", [(2, 3000), (5, 3000), (3000, 8)])
def test_a_sliver_of_noise_is_read_without_fuss(reader, shape):
    chance = np.random.default_rng(3)
    for _ in range(4):
        reader.read(chance.integers(0, 256, shape).astype(np.uint8))


def test_a_blank_page_is_an_empty_reading(reader):
    reading = reader.read(np.full((60, 90), 255, np.uint8))
    assert reading.text == ""
    assert reading.lines == reading.rejected == reading.doubtful == ()
    assert (reading.width, reading.height) == (90, 60)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_the_smallest_pages_are_read_without_fuss(reader, shape):
    assert reader.read(np.zeros(shape, np.uint8)).text == ""


def test_boxes_lie_on_the_page_and_hold_ink(reader, page):
    for digit in reader.read(page).digits:
        box = digit.box
        assert 0 <= box.left < box.right <= page.shape[1]
        assert 0 <= box.top < box.bottom <= page.shape[0]
        assert np.ptp(page[box.top : box.bottom, box.left : box.right]) > 60


def test_confidence_and_alternatives_are_probabilities_in_order(reader, page):
    for digit in reader.read(page).digits:
        probabilities = [digit.confidence, *(p for _, p in digit.alternatives)]
        assert probabilities == sorted(probabilities, reverse=True)
        assert 0 <= min(probabilities) <= sum(probabilities) <= 1.0001
        assert digit.value not in dict(digit.alternatives)


def test_the_review_threshold_decides_what_is_doubtful(page):
    strict = Reader(Settings(review_threshold=1.0)).read(page)
    assert len(strict.doubtful) == len(strict.digits)
    assert not Reader(Settings(review_threshold=0.0)).read(page).doubtful


def test_every_page_of_a_file_is_read(reader, page):
    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, "TIFF", save_all=True, append_images=[Image.new("RGB", (40, 30), "white")])
    first, second = reader.read_pages(buffer.getvalue())
    assert first == reader.read(page)
    assert (second.text, second.width, second.height) == ("", 40, 30)


def test_a_missing_file_says_what_to_check(reader, tmp_path):
    with pytest.raises(InputError, match=r"nothing-here\.png cannot be opened") as caught:
        reader.read(tmp_path / "nothing-here.png")
    assert "path" in caught.value.hint


def test_missing_weights_are_a_model_error(tmp_path):
    with pytest.raises(ModelError):
        Reader(model_dir=tmp_path)


def test_classify_gives_eleven_probabilities_for_frames_of_both_types(reader):
    frames = (np.random.default_rng(3).random((4, 28, 28)) * 255).astype(np.uint8)
    probabilities = reader.classify(frames)
    assert probabilities.shape == (4, 11)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert reader.classify(frames.astype(np.float32) / 255) == pytest.approx(probabilities, abs=1e-5)
    assert reader.classify(np.zeros((0, 28, 28), np.uint8)).shape == (0, 11)


def test_one_reader_serves_many_threads(reader, page):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(reader.read, [page] * 16))
    assert all(reading == readings[0] for reading in readings)


def test_the_dictionary_is_the_contract(reader, page):
    answer = reader.read(page).to_dict()
    assert list(answer) == ["text", "lines", "rejected", "guesses", "width", "height", "model"]
    digit = answer["lines"][0]["digits"][0]
    assert list(digit) == ["value", "confidence", "doubtful", "box", "alternatives"]
    assert len(digit["box"]) == 4
    assert Box(*digit["box"]).to_list() == digit["box"]


def test_a_clear_shape_is_one_that_the_finder_does_not_rule_out_and_no_stroke():
    classifier, scores = np.zeros((4, 11), np.float32), np.full((4, 11), 0.2, np.float32)
    for row, (value, probability) in zip(classifier, ((7, 0.99), (1, 0.99), (7, 0.9), (3, 0.99)), strict=True):
        row[value] = probability
    scores[3, 3] = 0.01
    assert _clear_shapes(classifier, scores).tolist() == [True, False, False, False]
    assert _clear_shapes(classifier[:0], scores[:0]).shape == (0,)
