import csv
import json
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitlens.imaging.normalise import normalise
from digitlens.model.artifact import FinderManifest, load_artifact
from digitlens.model.calibration import expected_calibration_error
from digitlens.training.datasets import Digits
from digitlens.training.evaluate import measure
from digitlens.training.figures import draw_learning_curve
from digitlens.training.gallery import write_gallery
from digitlens.training.model_card import model_card
from digitlens.training.photos import load_photos, read_photos
from digitlens.training.report import write_model_card


@pytest.fixture(scope="module")
def others(tmp_path_factory, few_digits):
    folder = tmp_path_factory.mktemp("others")
    (folder / "nsysu").mkdir()
    np.savez(folder / "nsysu/all.npz", images=few_digits.pictures[:50], labels=few_digits.labels[:50])
    (folder / "ardis-iv").mkdir()  # half a set is left out
    np.savez(folder / "ardis-iv/train.npz", images=few_digits.pictures[:5], labels=few_digits.labels[:5])
    return folder


@pytest.fixture(scope="module")
def judged(reader, few_digits, tmp_path_factory):
    """Six photos: two wrong on purpose, one that is no picture."""
    root = tmp_path_factory.mktemp("photos")
    for kind, labels in (("digits", ("0", "1")), ("numbers", ("01", "9")), ("not-digits", ("", ""))):
        folder = root / kind / "mine"
        folder.mkdir(parents=True)
        for name, label in zip("ab", labels, strict=True):
            ink = np.hstack([few_digits.pictures[few_digits.labels == int(digit)][3] for digit in label or "8"])
            cv2.imwrite(str(folder / f"{name}.png"), 255 - np.kron(np.pad(ink, 12), np.ones((3, 3), np.uint8)))
        rows = [f"{name}.png,{label}," for name, label in zip("ab", labels, strict=True)]
        (folder / "labels.csv").write_text("\n".join(["file,label,notes", *rows]) + "\n")
    (root / "digits/mine/b.png").write_text("no picture")
    (root / "numbers/mine/labels.csv").write_text("file,label,notes\na.png,01,\nb.png,4,wrong on purpose\n")
    return read_photos(reader, load_photos([root]))


@pytest.fixture(scope="module")
def evaluation(reader, few_digits, others, judged):
    # Some labels are turned, so that there are mistakes to show.
    some = few_digits[slice(None, None, 8)]
    labels = some.labels.copy()
    labels[:3] = (labels[:3] + 1) % 10
    return measure(reader, Digits(some.pictures, labels), few_digits, others, judged, times=1)


def test_every_test_digit_is_counted_once(evaluation):
    assert evaluation.confusion.sum() == 50
    assert sum(share.total for share in evaluation.per_digit) == 50
    assert sum(share.right for share in evaluation.per_digit) == evaluation.shares[1].right
    assert np.trace(evaluation.confusion) == evaluation.shares[1].right
    assert sum(part.count for part in evaluation.bins) == 50
    assert evaluation.shares[0].right >= evaluation.shares[1].right
    assert len(evaluation.mistakes) == 50 - evaluation.shares[1].right >= 3


def test_only_whole_sets_of_other_writers_are_measured(evaluation):
    assert [share.key for share in evaluation.shares if share.key.startswith("other_")] == ["other_nsysu"]


def test_the_metrics_carry_value_interval_and_count(evaluation):
    test = evaluation.metrics["test"]
    assert test["low"] < test["value"] < test["high"]
    assert test["count"] == 50
    assert set(evaluation.metrics["test_calibration_error"]) == {"value", "count"}


def test_the_table_has_a_row_for_every_share_and_source(evaluation):
    text = evaluation.table()
    assert all(share.title in text for share in [*evaluation.shares, *evaluation.per_digit])
    assert text.count("reader, ") == len(evaluation.two_ways)
    assert sum(line.startswith("numbers ") for line in text.splitlines()) == 2  # the source, and all


def test_the_metrics_are_json_with_value_and_count(evaluation):
    for metric in json.loads(json.dumps(evaluation.metrics)).values():
        assert set(metric) in ({"value", "count"}, {"value", "low", "high", "count"})
    assert evaluation.metrics["photos_digits_accuracy"]["count"] == 1
    assert evaluation.metrics["photos_not_digits_false"]["value"] <= 1


def test_confidence_is_judged_on_photos_of_one_digit_where_there_are_some(reader, evaluation, few_digits):
    assert evaluation.answers_on == "photos of one digit"
    assert len(evaluation.answers.right) == 1
    without = measure(reader, few_digits[slice(0, 20)], few_digits, times=0)
    assert "MNIST" in without.answers_on
    assert 20 <= len(without.answers.right) <= 40
    assert 0 <= expected_calibration_error(without.answer_bins) <= 1
    assert not without.photos.scores
    assert without.corruptions == without.letters == without.pages == []


def test_every_corruption_and_every_letter_is_measured_two_ways(evaluation):
    assert len(evaluation.corruptions) == 16
    assert evaluation.corruptions[0].frames.right == evaluation.shares[1].right
    shaped, other = evaluation.letters[-2:]
    assert shaped.frames.total == sum(result.frames.total for result in evaluation.letters[:-2])
    assert "digits in shape" in shaped.title
    assert other.frames.value < shaped.frames.value


def test_the_gallery_shows_the_misses_of_every_source(judged, tmp_path):
    paths = write_gallery(judged, tmp_path / "gallery")
    names = {path.name for path in paths}
    assert {"numbers.png", "numbers-mine.png", "digits-mine.png"} <= names
    assert all(path.stat().st_size > 1000 for path in paths)


def test_the_model_card_names_the_weights_and_shows_only_pictures_that_exist(evaluation, tmp_path):
    log = tmp_path / "log.csv"
    with log.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["epoch", "accuracy", "loss", "val_accuracy", "val_loss"])
        rows.writerows([[0, 0.9, 0.4, 0.95, 0.3], [1, 0.97, 0.2, 0.98, 0.1]])
    draw_learning_curve(log, tmp_path / "learning-curve.png")
    artifact = load_artifact()
    card = write_model_card(artifact, evaluation, tmp_path / "docs", tmp_path / "learning-curve.png")
    text = card.read_text("utf-8")
    assert artifact.manifest.sha256 in text
    assert f"{artifact.manifest.parameters:,}" in text
    assert "| mine | " in text
    assert all(f"| {result.title} | " in text for result in evaluation.two_ways)
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(pictures) == 9
    assert all((card.parent / picture).stat().st_size > 1000 for picture in pictures)


def test_pictures_that_are_frames_already_stay_close_under_normalisation(few_digits):
    # What `evaluate` calls "through the reader's normalisation" must be nearly what MNIST holds.
    moved = [np.abs(normalise(p / np.float32(255)) - p / np.float32(255)).mean() for p in few_digits.pictures[:50]]
    assert np.mean(moved) < 0.06


def test_the_model_card_tells_of_the_finder_where_there_is_one(evaluation):
    served = load_artifact()
    without = replace(served, finder=None, manifest=replace(served.manifest, finder=None))
    described = FinderManifest(sha256="f" * 64, parameters=450_000, recipe={})
    with_finder = replace(served, finder=b"1234", manifest=replace(served.manifest, finder=described))
    assert "| finder |" not in model_card(without, evaluation)
    assert model_card(with_finder, evaluation).count("| finder |") == 2
    assert "450,000" in model_card(with_finder, evaluation)
