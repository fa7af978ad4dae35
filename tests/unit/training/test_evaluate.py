import csv
import re

import numpy as np
import pytest

from digitlens.imaging.normalise import normalise
from digitlens.model.artifact import load_artifact
from digitlens.model.classifier import Classifier
from digitlens.training.datasets import Digits
from digitlens.training.evaluate import Share, measure
from digitlens.training.report import draw_learning_curve, write_model_card


@pytest.fixture(scope="module")
def others(tmp_path_factory, few_digits):
    folder = tmp_path_factory.mktemp("others")
    (folder / "nsysu").mkdir()
    np.savez(folder / "nsysu/all.npz", images=few_digits.pictures[:50], labels=few_digits.labels[:50])
    (folder / "ardis-iv").mkdir()  # half a set is left out
    np.savez(folder / "ardis-iv/train.npz", images=few_digits.pictures[:5], labels=few_digits.labels[:5])
    return folder


@pytest.fixture(scope="module")
def evaluation(few_digits, others):
    # Some labels are turned, so that there are mistakes to show.
    labels = few_digits.labels.copy()
    labels[:3] = (labels[:3] + 1) % 10
    return measure(Classifier.load(), Digits(few_digits.pictures, labels), few_digits, others)


def test_every_test_digit_is_counted_once(evaluation):
    assert evaluation.confusion.sum() == 400
    assert sum(share.total for share in evaluation.per_digit) == 400
    assert sum(share.right for share in evaluation.per_digit) == evaluation.shares[1].right
    assert np.trace(evaluation.confusion) == evaluation.shares[1].right
    assert sum(part.count for part in evaluation.bins) == 400
    assert evaluation.shares[0].right >= evaluation.shares[1].right
    assert len(evaluation.mistakes) == 400 - evaluation.shares[1].right >= 3


def test_only_whole_sets_of_other_writers_are_measured(evaluation):
    assert [share.key for share in evaluation.shares if share.key.startswith("other_")] == ["other_nsysu"]


def test_the_metrics_carry_value_interval_and_count(evaluation):
    test = evaluation.metrics["test"]
    assert test["low"] < test["value"] < test["high"]
    assert test["count"] == 400
    assert set(evaluation.metrics["test_calibration_error"]) == {"value", "count"}


def test_the_table_has_a_row_for_every_share(evaluation):
    text = evaluation.table()
    assert all(share.title in text for share in [*evaluation.shares, *evaluation.per_digit])


def test_a_share_of_nothing_is_zero_with_the_widest_interval():
    assert Share("none", "none", 0, 0).to_dict() == {"value": 0.0, "low": 0.0, "high": 1.0, "count": 0}


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
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(pictures) == 6
    assert all((card.parent / picture).stat().st_size > 1000 for picture in pictures)


def test_pictures_that_are_frames_already_stay_close_under_normalisation(few_digits):
    # What `evaluate` calls "through the reader's normalisation" must be nearly what MNIST holds.
    moved = [np.abs(normalise(p / np.float32(255)) - p / np.float32(255)).mean() for p in few_digits.pictures[:50]]
    assert np.mean(moved) < 0.06
