"""What is kept of the way of a picture."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitlens.explain.step_pictures import CUT_SIDE, SHEET_COLUMNS, STEP_SIDE, evened, sheet_place
from digitlens.explain.steps import show_steps
from digitlens.explain.steps_file import pack_steps, unpack_steps

ROOT = Path(__file__).parent.parent.parent.parent
SAMPLES = ROOT / "src/digitlens/web/static/samples"
TROUBLES = ROOT / "tests/data/troubles"


def trace_of(reader, path):
    return reader.trace(next(reader.decode(path.read_bytes())))


@pytest.fixture(scope="module")
def ruled(reader):
    return trace_of(reader, SAMPLES / "ruled-paper.jpg")


@pytest.fixture(scope="module")
def steps(ruled):
    return show_steps(ruled)


def picture(steps, name):
    return np.asarray(Image.open(io.BytesIO(steps.pictures[name])).convert("RGB"))


def test_every_picture_of_a_step_has_the_shape_of_the_page(steps):
    assert set(steps.pictures) == {"light.jpg", "rulings.png", "ink.png", "glyphs.png", "frames.png", "cuts.png"}
    for name in ("light.jpg", "rulings.png", "ink.png", "glyphs.png"):
        assert picture(steps, name).shape == (900, 720, 3)


def test_a_large_page_is_shown_small(reader):
    page = np.full((1500, 3000, 3), 230, np.uint8)
    page[600:900, 1400:1440] = 20
    steps = show_steps(reader.trace(page))
    assert picture(steps, "ink.png").shape == (STEP_SIDE // 2, STEP_SIDE, 3)
    assert (steps.facts.width, steps.facts.height) == (3000, 1500)


def test_even_light_takes_a_shadow_away(reader):
    page = np.full((300, 600, 3), 220, np.uint8)
    page[:, 300:] = 120
    page[100:200, 100:106] = 20
    page[100:200, 450:456] = 20
    even = evened(reader.trace(page)).astype(float)
    assert abs(even[20:80, 20:250].mean() - even[20:80, 350:580].mean()) < 5
    assert even[150, 103].mean() < even[20:80, 20:250].mean() - 60


def test_a_grey_page_and_a_coloured_page_are_both_shown(reader):
    page = np.full((120, 200), 230, np.uint8)
    page[30:90, 90:98] = 10
    for given in (page, np.repeat(page[:, :, None], 3, axis=2)):
        assert picture(show_steps(reader.trace(given)), "light.jpg").shape == (120, 200, 3)


def test_rulings_stand_in_orange_beside_black_ink(ruled, steps):
    shown = picture(steps, "rulings.png").astype(int)
    orange = (shown[..., 0] > 180) & (shown[..., 2] < 120)
    assert orange[ruled.ink.rulings].mean() > 0.9
    assert not orange[ruled.ink.strength > 0.5].any()


def test_the_ink_is_dark_where_it_is_strong(ruled, steps):
    shown = picture(steps, "ink.png").mean(axis=2)
    assert shown[ruled.ink.mask & (ruled.ink.strength > 0.9)].max() < 80
    assert shown[ruled.ink.strength == 0].min() > 240


def test_frames_stand_in_their_sheet_exactly_as_they_were_classified(steps):
    sheet = np.asarray(Image.open(io.BytesIO(steps.pictures["frames.png"])))
    for index, frame in enumerate(steps.frames):
        left, top = sheet_place(index)
        assert np.array_equal(sheet[top : top + 28, left : left + 28], frame)


def test_the_sheets_have_room_for_every_mark(steps):
    rows = -(-len(steps.marks) // SHEET_COLUMNS)
    for name, side in (("frames.png", 28), ("cuts.png", CUT_SIDE)):
        assert Image.open(io.BytesIO(steps.pictures[name])).size == (side * SHEET_COLUMNS, side * rows)


def test_digits_are_coloured_and_what_was_left_out_is_grey(reader):
    trace = trace_of(reader, SAMPLES / "star-and-smiley.jpg")
    shown = picture(show_steps(trace), "glyphs.png").astype(int)
    colourful = np.ptp(shown, axis=2)
    for indices, is_coloured in ((trace.digits, True), (trace.rejected, False)):
        for index in indices:
            box = trace.hypotheses[index].glyph.box
            most = colourful[box.top : box.bottom, box.left : box.right].max()
            assert (most > 60) == is_coloured


def test_every_mark_has_the_opinions_of_the_trace(ruled, steps):
    assert steps.digits == ruled.digits
    for index, mark in enumerate(steps.marks):
        assert np.allclose(mark.pooled, ruled.opinions.pooled[index], atol=1e-6)
        assert np.allclose(mark.classifier, ruled.opinions.classifier[index], atol=1e-6)
        assert (mark.finder is None) == (not ruled.opinions.seen[index])


def test_all_that_was_not_read_can_be_found(reader):
    """Ink of every hypothesis belongs to a digit, to something left out, or to a rival of one of them."""
    trace = trace_of(reader, TROUBLES / "score-sheet.jpg")
    steps = show_steps(trace)
    assert steps.left_out[: len(trace.rejected)] == trace.rejected
    shown = {*steps.digits, *steps.left_out}
    assert len(shown) == len(steps.digits) + len(steps.left_out)
    shown.update(rival for index in tuple(shown) for rival in steps.marks[index].rivals)
    assert shown == set(range(len(steps.marks)))


def test_a_turned_page_is_shown_as_it_was_read(reader):
    steps = show_steps(trace_of(reader, TROUBLES / "on-its-left-side.jpg"))
    assert steps.facts.turns == 3
    assert picture(steps, "page.jpg").shape[:2] == (steps.facts.height, steps.facts.width)


def test_a_page_that_was_turned_level_is_shown_as_it_was_read(reader):
    steps = show_steps(trace_of(reader, TROUBLES / "far-askew.jpg"))
    assert steps.facts.turns == 0
    assert steps.facts.skew_deg == pytest.approx(-26, abs=4)
    assert picture(steps, "page.jpg").shape[:2] == (steps.facts.height, steps.facts.width)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (60, 90)])
def test_a_page_without_ink_has_steps_too(reader, shape):
    steps = show_steps(reader.trace(np.full(shape, 255, np.uint8)))
    assert set(steps.pictures) == {"light.jpg", "ink.png"}
    assert steps.marks == ()
    assert unpack_steps(pack_steps(steps)).facts == steps.facts


def test_packed_steps_come_back_as_they_were(steps):
    found = unpack_steps(pack_steps(steps))
    assert (found.facts, found.places, found.marks) == (steps.facts, steps.places, steps.marks)
    assert (found.digits, found.left_out, found.pictures) == (steps.digits, steps.left_out, steps.pictures)
    assert np.array_equal(found.frames, steps.frames)


def test_packed_steps_are_small(steps):
    assert len(pack_steps(steps)) < 200_000


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_a_damaged_file_counts_as_none(content):
    assert unpack_steps(content) is None


def test_a_file_cut_short_or_of_another_format_counts_as_none(steps):
    packed = pack_steps(steps)
    assert unpack_steps(packed[: len(packed) // 2]) is None
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("steps.json", '{"format": 99}')
    assert unpack_steps(other.getvalue()) is None
