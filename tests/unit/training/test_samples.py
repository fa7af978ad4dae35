import csv
import importlib.util
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from digitlens.training.pages import text_of
from digitlens.training.samples import SAMPLES, encode_jpeg, load_test_glyphs, render_sample

ROOT = Path(__file__).parents[3]
STRIP = ROOT / "src/digitlens/web/static/samples"
PAGES = ROOT / "tests/data/pages"
MNIST = ROOT.parent / "shared/data/mnist"


def strip_entries():
    return json.loads((STRIP / "samples.json").read_text(encoding="utf-8"))


def page_labels():
    with (PAGES / "labels.csv").open(newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def make_pages_module():
    spec = importlib.util.spec_from_file_location("make_pages", ROOT / "tests/data/make_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_same_picture(page, kept):
    kept = cv2.cvtColor(cv2.imread(str(kept)), cv2.COLOR_BGR2RGB)
    assert page.picture.shape == kept.shape
    # JPEG loses a little, and another OpenCV may round otherwise; other digits or another shadow differ by far more.
    blurred = [cv2.blur(picture, (5, 5)).astype(int) for picture in (page.picture, kept)]
    assert np.abs(blurred[0] - blurred[1]).max() < 25


@pytest.fixture(scope="module")
def clear_glyphs():
    if not MNIST.exists():
        pytest.skip("MNIST is not at ../shared/data/mnist")
    return load_test_glyphs(MNIST)


def test_the_strip_has_at_least_fourteen_samples_each_with_a_title_and_an_alternative_text():
    entries = strip_entries()
    assert len(entries) >= 14
    assert len({entry["name"] for entry in entries}) == len(entries)
    for entry in entries:
        assert entry["title"]
        assert len(entry["alt"]) > 20
        assert entry["text"]


def test_the_strip_lists_exactly_the_pictures_that_are_there_with_their_sizes():
    entries = strip_entries()
    assert {path.stem for path in STRIP.glob("*.jpg")} == {entry["name"] for entry in entries}
    for entry in entries:
        height, width = cv2.imread(str(STRIP / f"{entry['name']}.jpg")).shape[:2]
        assert (entry["width"], entry["height"]) == (width, height)
        assert 640 <= max(width, height) <= 1000


def test_the_strip_says_what_the_code_writes():
    written = {sample.name: (sample.title, sample.alt, text_of(sample.spec.rows)) for sample in SAMPLES}
    assert {entry["name"]: (entry["title"], entry["alt"], entry["text"]) for entry in strip_entries()} == written


def test_the_strip_is_light_enough_for_a_phone():
    sizes = [path.stat().st_size for path in STRIP.glob("*.jpg")]
    assert max(sizes) < 100_000
    assert sum(sizes) < 1_000_000


def test_the_strip_names_where_its_digits_come_from():
    note = (STRIP / "README.md").read_text(encoding="utf-8")
    for word in ("MNIST", "LeCun", "Cortes", "Burges", "CC BY-SA 3.0"):
        assert word in note


@pytest.mark.parametrize("sample", SAMPLES[::5], ids=lambda sample: sample.name)
def test_the_strip_can_be_made_again(sample, clear_glyphs):
    assert_same_picture(render_sample(sample, clear_glyphs), STRIP / f"{sample.name}.jpg")


def test_the_pages_are_small_and_labelled_by_what_was_written_on_them():
    labels = page_labels()
    assert {path.name for path in PAGES.glob("*.jpg")} == {row["file"] for row in labels}
    assert all((PAGES / row["file"]).stat().st_size < 60_000 for row in labels)
    written = {name: text_of(spec.rows) for name, _, spec in make_pages_module().PAGES}
    for row in labels:
        assert row["label"] == written[row["file"].removesuffix(".jpg")].replace(" ", "").replace("\n", "/")


@pytest.mark.parametrize("index", [0, 4, 8])
def test_the_pages_can_be_made_again(index, clear_glyphs):
    module = make_pages_module()
    assert_same_picture(module.render(index, clear_glyphs), PAGES / f"{module.PAGES[index][0]}.jpg")


def test_a_jpeg_keeps_the_order_of_the_colours():
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 200
    blue, _, back = cv2.imdecode(np.frombuffer(encode_jpeg(red), np.uint8), cv2.IMREAD_COLOR)[8, 8]
    assert back > 180
    assert blue < 20
