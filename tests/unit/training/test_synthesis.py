import dataclasses
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from PIL import ImageFont

from digitlens.training.glyphbank import ANY_SCRIPT, SIDE, GlyphBank, fit, hand_of, line_fields
from digitlens.training.layouts import draw_leaning, draw_ring, write_stroke
from digitlens.training.screens import FEWEST_PIXELS, put_on_panels, with_large_pixels
from digitlens.training.scripts import DIGIT_LIKE, draw_letters, known_to
from digitlens.training.sheet import OTHER, UNSURE, Sheet, label_of
from digitlens.training.synthesis import LARGEST, SMALLEST, render_crop

SAMPLE = Path(__file__).parents[2] / "data" / "mnist-sample.npz"


@pytest.fixture(scope="module")
def bank() -> GlyphBank:
    with np.load(SAMPLE) as sample:
        pictures, labels = sample["training_pictures"][:100], sample["training_labels"][:100]
    return GlyphBank(digits=(hand_of("mnist", pictures, "".join(map(str, labels.tolist()))),))


def test_the_same_seed_gives_the_same_crop(bank: GlyphBank) -> None:
    one, other = (render_crop(bank, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one.picture, other.picture)
    assert np.array_equal(one.boxes, other.boxes)
    assert np.array_equal(one.labels, other.labels)


def test_crops_have_pictures_boxes_and_labels_that_go_together(bank: GlyphBank) -> None:
    rng = np.random.default_rng(1)
    crops = [render_crop(bank, rng) for _ in range(60)]
    labels = np.concatenate([crop.labels for crop in crops])
    boxes = np.concatenate([crop.boxes for crop in crops])
    assert all(crop.picture.shape == (256, 256) and crop.picture.dtype == np.uint8 for crop in crops)
    assert len(boxes) == len(labels)
    assert set(labels.tolist()) == {UNSURE, *range(OTHER + 1)}
    sizes = boxes[:, 2:].max(axis=1)[(labels >= 0) & (labels < OTHER)]
    assert sizes.min() >= SMALLEST
    assert sizes.max() <= LARGEST


def test_a_box_lies_around_the_ink_of_its_digit(bank: GlyphBank) -> None:
    sheet = Sheet(bank, np.random.default_rng(3))
    sheet.write("7", 100, 150, sheet.style(40))
    rows, columns = np.nonzero(sheet.ink > 0.35 * sheet.ink.max())
    (outline,) = sheet.outlines
    assert outline.min(axis=0).tolist() == [columns.min(), rows.min()]
    assert outline.max(axis=0).tolist() == [columns.max(), rows.max()]
    assert sheet.labels == [7]


def test_what_nobody_can_read_is_not_taught(bank: GlyphBank) -> None:
    rng = np.random.default_rng(5)
    for crop in (render_crop(bank, rng) for _ in range(60)):
        for (left, top, width, height), label in zip(crop.boxes, crop.labels, strict=True):
            if 0 <= label < OTHER:
                window = crop.picture[max(0, int(top)) : int(top + height), max(0, int(left)) : int(left + width)]
                assert float(window.std()) > 0.5


def test_a_lone_letter_in_the_shape_of_a_digit_is_unsure() -> None:
    assert [label_of(c) for c in "7kO"] == [7, OTHER, UNSURE]


def test_a_glyph_of_any_size_is_fitted_into_its_field() -> None:
    for shape in ((5, 9), (28, 28), (300, 120)):
        fitted = fit(np.full(shape, 255, np.uint8))
        rows, columns = np.nonzero(fitted > 100)
        assert fitted.shape == (SIDE, SIDE)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(40, abs=2)


def test_a_glyph_without_ink_is_far_from_any_line() -> None:
    assert line_fields(np.zeros((1, SIDE, SIDE), np.uint8)).min() == 255


def test_a_character_of_another_script_is_never_a_question_mark(bank: GlyphBank) -> None:
    rng = np.random.default_rng(0)
    ring, bar = (np.zeros((28, 28), np.uint8) for _ in range(2))
    ring[4:24, 4:24], bar[4:24, 12:15] = 255, 255
    script = hand_of("script", ring[None], ANY_SCRIPT)
    font = hand_of("font", bar[None], "?")
    sheet = Sheet(GlyphBank(bank.digits, fonts=(font,), others=(script,)), rng)
    style = sheet.style(40, letters=True)
    widths = [sheet.write(ANY_SCRIPT, 100, 150, style, OTHER) for _ in range(20)]
    assert min(widths) > 20
    assert set(sheet.labels) == {OTHER}


@pytest.fixture
def no_straight_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitlens.training.layouts.STRAIGHT", 0.0)


@pytest.mark.usefixtures("no_straight_slash")
@pytest.mark.parametrize(("leaning", "factor", "label"), [(0.9, 0.9, OTHER), (0.0, 0.9, UNSURE), (0.0, 1.5, OTHER)])
def test_a_slash_is_told_from_a_one_by_its_lean_or_its_height(leaning: float, factor: float, label: int) -> None:
    slash = np.zeros((56, 56), np.uint8)
    cv2.line(slash, (round(28 - 20 * leaning), 48), (round(28 + 20 * leaning), 8), 255, 4)
    sheet = Sheet(GlyphBank((hand_of("pen", slash[None], "/"),)), np.random.default_rng(2))
    style = dataclasses.replace(sheet.style(40 * factor), slant=0.0, jitter=0.0)
    write_stroke(sheet, "/", 100, 150, style, factor)
    assert sheet.labels == [label]


def slanting(leans: list[float]) -> np.ndarray:
    """Straight strokes, (N, 56, 56), that lean so far, width by height."""
    strokes = np.zeros((len(leans), 56, 56), np.uint8)
    for stroke, lean in zip(strokes, leans, strict=True):
        cv2.line(stroke, (round(28 - 20 * lean), 48), (round(28 + 20 * lean), 8), 255, 4)
    return strokes


def test_a_number_is_written_by_one_writer_where_the_glyphs_stand_in_their_order() -> None:
    leans = [0.0, 0.6] * 30  # two sources take turns: the 1s of one stand upright
    sheet = Sheet(GlyphBank((hand_of("two", slanting(leans), "1" * 60, streams=2),)), np.random.default_rng(2))
    style = dataclasses.replace(sheet.style(40), pen=4.0, slant=0.0, jitter=0.0)
    widths = {}
    for index in (20, 21):
        writer = (index + 0.5) / 60
        places = style.hand.by_one_writer("1", writer)
        assert set(places % 2) == {index % 2}
        assert np.abs(places - index).max() <= 4
        widths[index] = [sheet.write("1", 100, 150, dataclasses.replace(style, writer=writer)) for _ in range(10)]
    assert max(widths[20]) < 12 < min(widths[21])


@pytest.mark.parametrize("streams", [0, 2])
def test_every_writer_has_a_few_glyphs_of_each_character(streams: int) -> None:
    hand = hand_of("any", slanting([0.0] * 13), "1112212111121", streams=streams)
    for character in "12":
        for writer in (0.0, 0.3, 0.999):
            places = hand.by_one_writer(character, writer)
            assert 1 <= len(places) <= 4
            assert {hand.characters[index] for index in places} == {character}


@pytest.mark.usefixtures("no_straight_slash")
@pytest.mark.parametrize(("ones", "label"), [(0.0, OTHER), (0.6, UNSURE)])
def test_a_slash_is_told_from_a_one_by_how_the_writers_ones_lean(ones: float, label: int) -> None:
    hand = hand_of("pen", slanting([ones, ones, ones, 0.5]), "111/")
    sheet = Sheet(GlyphBank((hand,)), np.random.default_rng(9))
    style = dataclasses.replace(sheet.style(40), pen=4.0, slant=0.0, jitter=0.0)
    write_stroke(sheet, "/", 100, 150, style, 0.9)
    assert sheet.labels == [label]


def test_a_slash_may_be_one_straight_stroke() -> None:
    sheet = Sheet(GlyphBank((hand_of("ones", slanting([0.0] * 4), "1111"),)), np.random.default_rng(9))
    style = dataclasses.replace(sheet.style(40), slant=0.0)
    while len(sheet.labels) < 20:  # a hand without a slash draws none, but for straight strokes
        write_stroke(sheet, "/", 100, 150, style, 0.9)
    leans = [wide / high for wide, high in (np.ptp(outline, axis=0) for outline in sheet.outlines)]
    assert 0.15 < min(leans) < max(leans) < 1.0
    assert [label == OTHER for label in sheet.labels] == [lean > 0.25 for lean in leans]


@pytest.mark.parametrize(("lean", "label"), [(-60, OTHER), (-20, UNSURE), (50, UNSURE), (80, OTHER)])
def test_a_stroke_that_leans_too_far_is_a_mark(bank: GlyphBank, lean: float, label: int) -> None:
    sheet = Sheet(bank, np.random.default_rng(3))
    draw_leaning(sheet, lean)
    assert sheet.labels == [label]
    rows, columns = np.nonzero(sheet.ink > 0.5 * sheet.ink.max())
    assert np.sign(np.corrcoef(columns, -rows)[0, 1]) == np.sign(lean)


def test_letters_of_other_scripts_are_drawn_but_for_those_in_the_shape_of_digits() -> None:
    font = Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    letters = {letter for letter, _ in known_to(ImageFont.truetype(str(font), 40), "Жз\ue000")}
    assert letters == {"Ж", "з"}
    assert "з" in DIGIT_LIKE
    assert len(draw_letters(font)) > 80


@pytest.fixture
def sheet(bank: GlyphBank) -> Sheet:
    return Sheet(bank, np.random.default_rng(6))


def test_a_ring_goes_around_what_was_written_and_is_no_mark(sheet: Sheet) -> None:
    style = dataclasses.replace(sheet.style(40), jitter=0.2)
    sheet.write("8", 150, 180, style)
    ((top, left), (bottom, right)), ink = extent(sheet.ink), sheet.ink.copy()
    draw_ring(sheet, style, 0)
    (ring_top, ring_left), (ring_bottom, ring_right) = extent(np.where(ink > 0, 0, sheet.ink))
    assert ring_top < top < bottom < ring_bottom
    assert ring_left < left < right < ring_right
    assert sheet.labels == [8]


def test_around_nothing_no_ring_is_drawn(sheet: Sheet) -> None:
    draw_ring(sheet, sheet.style(40), 0)
    assert not sheet.ink.any()


def test_printed_letters_are_marks_of_one_font_and_stand_upright(bank: GlyphBank) -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 10:18] = 255
    sheet = Sheet(
        GlyphBank(bank.digits, prints=(hand_of("print", np.stack([bar, bar]), "ab"),)), np.random.default_rng(1)
    )
    style = sheet.print_style(30)
    assert style is not None
    widths = {sheet.write(letter, 100 + 30 * place, 150, style, OTHER) for place, letter in enumerate("abab")}
    assert len(widths) == 1
    assert sheet.labels == [OTHER] * 4
    assert Sheet(bank, sheet.rng).print_style(30) is None


def extent(ink: np.ndarray) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last row and column of ink."""
    rows, columns = np.nonzero(ink > 0.2)
    return (rows.min(), columns.min()), (rows.max(), columns.max())


BOXES = np.array([[20, 20, 20, 30], [100, 20, 18, 32], [120, 30, 10, 10]], np.float32)


def test_a_panel_turns_the_greys_around_a_digit_and_cuts_no_other_mark() -> None:
    picture = np.full((80, 160), 200, np.uint8)
    for seed in range(20):
        turned = put_on_panels(picture, BOXES, np.array([3, 5, OTHER]), np.random.default_rng(seed))
        assert (turned[20:50, 20:40] == 55).all() or (turned == 200).all()
        assert (turned[30:40, 120:130] == 200).all() or (turned[30:40, 120:130] == 55).all()
    assert (picture == 200).all()


def test_large_pixels_are_squares_small_enough_to_tell_a_digit() -> None:
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 255, (160, 160), np.uint8)
    large = [with_large_pixels(picture, BOXES, np.array([3, 5, OTHER]), rng) for _ in range(20)]
    columns = [1 + int((np.diff(shown.astype(int), axis=1) != 0).any(axis=0).sum()) for shown in large]
    assert min(columns) >= 160 / (30 / FEWEST_PIXELS) - 1
    assert min(columns) < 80


def test_where_no_digit_stands_there_is_no_panel() -> None:
    picture = np.full((40, 40), 90, np.uint8)
    none = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    assert (put_on_panels(picture, *none, np.random.default_rng(0)) == 90).all()
    assert (with_large_pixels(picture, *none, np.random.default_rng(0)) == 90).all()
