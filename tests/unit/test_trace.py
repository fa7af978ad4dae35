"""The trace of a reading: what the reader did, not something like it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from digitlens.imaging.normalise import normalise

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "src/digitlens/web/static/samples"
TROUBLES = ROOT / "tests/data/troubles"


def page_of(reader, path):
    return next(reader.decode(path.read_bytes()))


@pytest.fixture(scope="module")
def star(reader):
    return reader.trace(page_of(reader, SAMPLES / "star-and-smiley.jpg"))


@pytest.mark.parametrize("name", ["touching", "sudoku", "upside-down", "on-its-left-side", "shadow-edge"])
def test_the_trace_holds_the_very_reading(reader, name):
    page = page_of(reader, TROUBLES / f"{name}.jpg")
    assert reader.trace(page).reading == reader.read_page(page)


@pytest.mark.parametrize("name", ["star-and-smiley", "score-sheet", "ruled-paper"])
def test_every_digit_and_every_mark_left_out_has_its_hypothesis(reader, name):
    trace = reader.trace(page_of(reader, SAMPLES / f"{name}.jpg"))
    boxes = [guess.glyph.box for guess in trace.hypotheses]
    assert [boxes[index] for index in trace.digits] == [digit.box for digit in trace.reading.digits]
    assert [boxes[index] for index in trace.rejected] == list(trace.reading.rejected)
    best = trace.opinions.pooled[list(trace.digits), :10].argmax(axis=1)
    assert best.tolist() == [digit.value for digit in trace.reading.digits]


def test_the_confidence_of_a_digit_is_what_both_networks_said_together(star):
    for index, digit in zip(star.digits, star.reading.digits, strict=True):
        assert float(star.opinions.pooled[index, digit.value]) == digit.confidence


def test_the_frames_are_the_normalised_glyphs_in_whole_255ths(star):
    for frame, guess in zip(star.opinions.frames, star.hypotheses, strict=True):
        assert frame.dtype == np.uint8
        assert np.abs(frame / 255 - normalise(guess.glyph.ink)).max() <= 0.5 / 255 + 1e-6


def test_classifying_a_kept_frame_again_gives_the_same_opinion(reader, star):
    assert np.array_equal(reader.classify(star.opinions.frames), star.opinions.classifier)
    as_floats = star.opinions.frames.astype(np.float32) / np.float32(255)
    assert np.array_equal(reader.classify(as_floats), star.opinions.classifier)


def test_a_turned_page_is_traced_as_it_was_read(reader):
    page = page_of(reader, TROUBLES / "on-its-left-side.jpg")
    trace = reader.trace(page)
    assert trace.turns == 3
    assert trace.page.shape[:2] == (page.shape[1], page.shape[0])
    assert (trace.reading.height, trace.reading.width) == page.shape[:2]
    assert np.array_equal(np.rot90(page, trace.turns), trace.page)


def test_where_the_finder_is_sure_of_no_digit_nothing_is_read_and_every_mark_is_left_out(reader, monkeypatch):
    page = page_of(reader, SAMPLES / "star-and-smiley.jpg")
    sure = reader.trace(page)
    best = max(float(sure.opinions.finder[index, :10].max()) for index in sure.digits)
    monkeypatch.setattr("digitlens.trace.SURE", best + 0.01)
    unsure = reader.trace(page)
    assert (unsure.digits, unsure.reading.lines) == ((), ())
    assert len(unsure.reading.rejected) == sum(guess.is_whole for guess in unsure.hypotheses)
    assert np.array_equal(unsure.opinions.pooled, sure.opinions.pooled)
    monkeypatch.setattr("digitlens.trace.SURE", best)
    assert reader.trace(page).reading == sure.reading


@pytest.mark.parametrize(("strokes", "ink", "text"), [(1, 40, "1"), (1, 200, ""), (2, 200, "")])
def test_of_faint_ones_alone_the_finder_has_to_be_surer(reader, monkeypatch, strokes, ink, text):
    monkeypatch.setattr("digitlens.reader.SURE_OF_FAINT", 2.0)
    page = np.full((120, 200), 225, np.uint8)
    for stroke in range(strokes):
        cv2.line(page, (64 + 60 * stroke, 32), (58 + 60 * stroke, 88), ink, 5, cv2.LINE_AA)
    trace = reader.trace(page)
    assert trace.reading.text == text
    assert len(trace.guesses) == (0 if text else strokes)
    assert [digit.value for digit in trace.reading.guesses] == [1] * len(trace.guesses)


def test_a_faint_one_beside_another_digit_is_read(reader, monkeypatch):
    monkeypatch.setattr("digitlens.reader.SURE_OF_FAINT", 2.0)
    page = np.full((120, 200), 225, np.uint8)
    cv2.line(page, (64, 32), (58, 88), 200, 5, cv2.LINE_AA)
    cv2.polylines(page, [np.array([(90, 34), (122, 34), (104, 88)])], False, 200, 5, cv2.LINE_AA)
    assert reader.trace(page).reading.text == "17"


@pytest.mark.parametrize("name", ["broken", "touching", "fraction"])
def test_the_guesses_are_what_would_have_been_read_marks_taken_together_and_parts_among_them(reader, monkeypatch, name):
    page = page_of(reader, TROUBLES / f"{name}.jpg")
    read = reader.trace(page)
    assert read.guesses == ()
    monkeypatch.setattr("digitlens.trace.SURE", 2.0)
    unsure = reader.trace(page)
    assert unsure.digits == ()
    assert set(read.digits) >= set(unsure.guesses)
    assert len(unsure.guesses) >= len(read.digits) - 2  # ink of which nobody is sure is explained less well


def test_a_page_of_words_stays_as_it_lies_although_it_was_turned_to_look(reader):
    page = page_of(reader, TROUBLES / "only-words.jpg")
    trace = reader.trace(page)
    assert reader._turns_worth_reading(trace)
    assert trace.turns == 0
    assert trace.page is page


def test_whole_marks_come_highest_first(reader):
    trace = reader.trace(page_of(reader, TROUBLES / "stamp.jpg"))
    heights = [trace.hypotheses[index].glyph.box.height for index in trace.whole_marks]
    assert len(heights) > 5
    assert heights == sorted(heights, reverse=True)


def test_rivals_want_the_same_ink_and_both_know_it(reader):
    trace = reader.trace(page_of(reader, TROUBLES / "touching.jpg"))
    rivals = trace.rivals()
    pairs = {(index, other) for index, others in enumerate(rivals) for other in others}
    assert pairs
    expected = {
        (i, k)
        for i, one in enumerate(trace.hypotheses)
        for k, other in enumerate(trace.hypotheses)
        if i != k and one.competes_with(other)
    }
    assert pairs == expected


def test_no_two_digits_that_were_read_are_rivals(reader):
    trace = reader.trace(page_of(reader, TROUBLES / "touching.jpg"))
    rivals = trace.rivals()
    assert not any(set(rivals[index]) & set(trace.digits) for index in trace.digits)


def test_the_rulings_of_ruled_paper_are_kept_apart_from_its_ink(reader):
    ink = reader.trace(page_of(reader, SAMPLES / "ruled-paper.jpg")).ink
    assert ink.rulings.sum() > 5000
    assert not (ink.rulings & (ink.strength > 0)).any()


def test_the_edge_of_a_shadow_was_put_aside(reader):
    trace = reader.trace(page_of(reader, SAMPLES / "pencil-shadow.jpg"))
    edges = {guess.glyph.box for guess in trace.edges}
    assert not edges & {guess.glyph.box for guess in trace.hypotheses if guess.is_whole}


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (60, 90)])
def test_a_page_without_ink_has_a_trace_without_hypotheses(reader, shape):
    trace = reader.trace(np.full(shape, 255, np.uint8))
    assert trace.hypotheses == trace.digits == trace.rejected == ()
    assert trace.opinions.frames.shape == (0, 28, 28)
    assert trace.opinions.pooled.shape == (0, 11)
