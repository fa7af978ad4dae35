from pathlib import Path

import numpy as np
import pytest

from digitlens.training.glyphbank import SIDE, GlyphBank, fit, hand_of, line_fields
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
