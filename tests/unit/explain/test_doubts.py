"""Doubts are facts about a frame: each is found where it was made, and none where nothing is unusual."""

import base64
import json
import shutil
import subprocess

import numpy as np
import pytest
from jinja2 import Environment, FileSystemLoader

from digitlens.explain.doubts import FRAME_CODES, PAGE_CODES, USUAL_FILE, Doubt, find_doubts
from digitlens.explain.frame_measures import measure_frame
from digitlens.explain.page_measures import measure_on_page
from digitlens.model.artifact import load_artifact
from digitlens.results import Box

STATIC = USUAL_FILE.parent.parent
ANSWER_CODES = ["runner_up", "may_be_no_digit", "no_digit", "unfamiliar"]
EVERY_CODE = ["blank", "grey_paper", *ANSWER_CODES] + [
    code for codes in (FRAME_CODES, PAGE_CODES) for pair in codes.values() for code in pair if code
]


def frame_of(text):
    return np.frombuffer(base64.urlsafe_b64decode(text + "=="), np.uint8).reshape(28, 28).astype(np.float32) / 255


@pytest.fixture(scope="module")
def examples():
    entries = json.loads((STATIC / "lens/examples.json").read_text(encoding="utf-8"))
    return {entry["name"]: frame_of(entry["frame"]) for entry in entries}


def sure_of(value, share=0.99):
    probabilities = np.full(11, (1 - share) / 10)
    probabilities[value] = share
    return probabilities


def codes(*arguments, **options):
    return [doubt.code for doubt in find_doubts(*arguments, **options)]


def test_nothing_speaks_against_a_clean_digit(examples):
    assert codes(examples["seven"], sure_of(7)) == []


def test_a_thin_and_a_thick_stroke_are_told_with_their_width():
    frame = np.zeros((28, 28), np.float32)
    frame[4:24, 14] = 1
    (thin,) = find_doubts(frame, sure_of(1))
    assert thin.code == "thin_stroke"
    assert thin.measured == pytest.approx(1, abs=0.05)
    assert thin.low < 2 < thin.high
    frame[4:24, 10:18] = 1
    assert codes(frame, sure_of(1)) == ["thick_stroke"]


def test_two_marks_an_edge_and_grey_paper_are_told(examples):
    seven = examples["seven"]
    two = seven.copy()
    two[20:24, 2:6] = 1
    assert "several_marks" in codes(two, sure_of(7))
    assert "frame_edge" in codes(np.roll(seven, 7, axis=0), sure_of(7))
    assert codes(np.maximum(seven, 0.4), sure_of(7)) == ["grey_paper"]


def test_the_answer_itself_is_doubted_first(examples):
    close = sure_of(7, 0.6)
    close[1] = 0.38
    thin = np.where(np.arange(28)[None, :] == 14, 1.0, 0.0) * (np.arange(28)[:, None] > 3)
    found = find_doubts(thin, close, logits=np.full(11, -1.0))
    assert [doubt.code for doubt in found[:2]] == ["runner_up", "unfamiliar"]
    assert found[0].value == 1
    assert codes(examples["seven"], sure_of(10)) == ["no_digit"]


@pytest.fixture
def page():
    page = np.full((200, 300), 235, np.uint8)
    page[60:140, 100:112] = 30
    return page


def test_a_clear_digit_on_a_page_gives_no_doubt(examples, page):
    assert codes(examples["seven"], sure_of(7), page=page, box=Box(100, 60, 12, 80)) == []


def test_pale_small_and_cut_off_digits_on_a_page_are_told(examples, page):
    def told(page, box):
        return codes(examples["seven"], sure_of(7), page=page, box=box)

    assert told(np.where(page < 128, 215, page).astype(np.uint8), Box(100, 60, 12, 80)) == ["low_contrast"]
    assert told(page[60:140], Box(100, 0, 12, 80)) == ["page_edge"]
    small = np.full((60, 60), 235, np.uint8)
    small[20:34, 30:32] = 30
    assert told(small, Box(30, 20, 2, 14)) == ["few_pixels"]


def test_colour_and_grey_pages_measure_the_same(page):
    box = Box(100, 60, 12, 80)
    grey, colour = (measure_on_page(each, box).to_dict() for each in (page, np.dstack([page] * 3)))
    assert grey == pytest.approx(colour, abs=0.01)


def test_every_code_has_words_for_pages(templates):
    for code in EVERY_CODE:
        doubt = Doubt(code, 0.5, 0.25, 0.75, 3)
        text = templates.from_string(
            '{% from "_doubts.html" import doubt_list with context %}{{ doubt_list([doubt]) }}'
        ).render(doubt=doubt)
        assert text.count("<p") == 3, code


def test_no_doubts_are_said_without_a_promise(templates):
    text = templates.from_string(
        '{% from "_doubts.html" import doubt_list with context %}{{ doubt_list([]) }}'
    ).render()
    assert "may be wrong all the same" in text


@pytest.fixture
def templates():
    environment = Environment(loader=FileSystemLoader(STATIC.parent / "templates"), autoescape=True)

    def translate(message, **values):
        return message % values if values else message

    environment.globals.update(_=translate, number=lambda value: f"{value:g}")
    return environment


def test_what_is_usual_was_measured_with_the_network_that_ships():
    usual = json.loads(USUAL_FILE.read_text(encoding="utf-8"))
    assert usual["model_sha256"] == load_artifact().manifest.sha256, "run scripts/usual_frames.py again"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js (apt install nodejs)")
def test_the_browser_measures_the_same(examples, tmp_path):
    frames = {name: frame for name, frame in examples.items() if frame.max() > 0.1}
    generator = np.random.default_rng(4)
    for name in list(frames):
        noisy = frames[name] + generator.normal(0, 0.2, (28, 28))
        frames[f"{name}, noisy"] = np.round(255 * np.clip(noisy, 0, 1)) / 255
    given = {name: np.asarray(frame, np.float64).ravel().tolist() for name, frame in frames.items()}
    module = (STATIC / "js/lens/doubts.js").as_uri()
    script = tmp_path / "measure.mjs"
    script.write_text(f"""
        import {{ readFileSync }} from 'node:fs';
        import {{ measureFrame }} from '{module}';
        const frames = JSON.parse(readFileSync(0, 'utf-8'));
        const measured = Object.entries(frames)
          .map(([name, values]) => [name, measureFrame(Float32Array.from(values))]);
        console.log(JSON.stringify(Object.fromEntries(measured)));
    """)
    run = subprocess.run(
        ["node", script], input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60
    )
    for name, measures in json.loads(run.stdout).items():
        assert measures == pytest.approx(measure_frame(frames[name]).to_dict(), abs=1e-4), name
