import numpy as np
import pytest

from digitlens.model.calibration import (
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    reliability_bins,
    softmax,
    wilson_interval,
)


def test_softmax_rows_sum_to_one_and_keep_the_order():
    probabilities = softmax(np.array([[1.0, 2.0, 3.0], [-5.0, 0.0, 5.0]]))
    assert probabilities.dtype == np.float32
    assert probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert (np.diff(probabilities, axis=1) > 0).all()


def test_softmax_of_huge_logits_stays_finite():
    probabilities = softmax(np.array([[1e4, -1e4, 0.0]]))
    assert probabilities[0].tolist() == [1.0, 0.0, 0.0]


def test_softmax_of_no_rows_has_no_rows():
    assert softmax(np.zeros((0, 11), np.float32)).shape == (0, 11)


def test_a_higher_temperature_makes_every_answer_less_sure():
    logits = np.array([[4.0, 1.0, 0.0]])
    assert softmax(logits, 2.0).max() < softmax(logits, 1.0).max() < softmax(logits, 0.5).max()


def test_negative_log_likelihood_of_an_even_guess_is_the_log_of_the_number_of_classes():
    assert negative_log_likelihood(np.zeros((4, 11)), np.arange(4), 1.0) == pytest.approx(np.log(11))


def test_the_fitted_temperature_undoes_logits_that_were_multiplied():
    # Labels drawn from the softmax itself, so 1 is right by construction, and 3 for logits that are 3 times too sure.
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 2, (20_000, 5))
    edges = softmax(logits).cumsum(axis=1)
    labels = (rng.random((20_000, 1)) > edges[:, :-1]).sum(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(1.0, abs=0.05)
    assert fit_temperature(3 * logits, labels) == pytest.approx(3.0, abs=0.15)


def test_the_fitted_temperature_is_no_worse_than_its_neighbours():
    logits = np.array([[3.0, 0.0], [3.0, 0.0], [3.0, 0.0], [3.0, 0.0]])
    labels = np.array([0, 0, 0, 1])
    best = fit_temperature(logits, labels)
    assert best == pytest.approx(3 / np.log(3), rel=1e-3)  # three of four right: the log odds are log 3
    for other in (best * 0.9, best * 1.1):
        assert negative_log_likelihood(logits, labels, best) < negative_log_likelihood(logits, labels, other)


def test_the_fitted_temperature_stays_in_bounds_where_every_answer_is_right():
    assert 0.05 <= fit_temperature(np.array([[5.0, 0.0]]), np.array([0])) < 0.06


def test_a_temperature_without_pictures_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        fit_temperature(np.zeros((0, 11)), np.zeros(0, int))


def test_reliability_bins_count_every_answer_once():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.45, 0.55], [0.0, 1.0]])
    bins = reliability_bins(probabilities, np.array([0, 1, 1, 1]), bins=10)
    assert [(part.low, part.count, part.accuracy) for part in bins] == [
        (0.5, 2, 0.5),
        (0.8, 1, 1.0),
        (0.9, 1, 1.0),
    ]
    assert bins[0].confidence == pytest.approx(0.575)


def test_calibration_error_is_zero_where_confidence_equals_accuracy_and_large_where_it_does_not():
    sure = np.tile([1.0, 0.0], (10, 1))
    right, wrong = np.zeros(10, int), np.ones(10, int)
    assert expected_calibration_error(reliability_bins(sure, right)) == 0.0
    assert expected_calibration_error(reliability_bins(sure, wrong)) == 1.0
    assert expected_calibration_error([]) == 0.0


@pytest.mark.parametrize(("right", "total"), [(0, 10), (10, 10), (5, 10), (9_973, 10_000)])
def test_the_wilson_interval_holds_the_share_and_stays_between_zero_and_one(right, total):
    low, high = wilson_interval(right, total)
    assert 0 <= low <= right / total <= high <= 1
    assert low < high


def test_the_wilson_interval_of_nothing_is_everything():
    assert wilson_interval(0, 0) == (0.0, 1.0)
