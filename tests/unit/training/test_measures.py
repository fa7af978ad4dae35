import numpy as np
import pytest

from digitlens.training.measures import GivenAnswers, Share, edit_distance, risk_coverage


def answers(*given):
    confidence, right, doubtful = zip(*given, strict=True)
    return GivenAnswers(np.array(confidence), np.array(right, bool), np.array(doubtful, bool))


def test_a_share_of_nothing_is_zero_with_the_widest_interval():
    assert Share("none", "none", 0, 0).to_dict() == {"value": 0.0, "low": 0.0, "high": 1.0, "count": 0}


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("", "", 0), ("", "407", 3), ("407", "407", 0), ("407", "4017", 1), ("12", "21", 2)],
)
def test_edit_distance_counts_insertions_deletions_and_replacements(first, second, distance):
    assert edit_distance(first, second) == edit_distance(second, first) == distance


def test_risk_grows_with_coverage_where_confidence_is_honest():
    coverage, risk = risk_coverage(
        answers((0.6, False, True), (0.9, True, False), (0.8, True, False), (0.7, True, True))
    )
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == [0, 0, 0, 0.25]


def test_answers_of_the_same_confidence_are_kept_together():
    coverage, risk = risk_coverage(answers((0.9, True, False), (0.9, False, False)))
    assert coverage.tolist() == [1.0]
    assert risk.tolist() == [0.5]


def test_no_answers_have_no_curve():
    coverage, risk = risk_coverage(GivenAnswers(np.zeros(0), np.zeros(0, bool), np.zeros(0, bool)))
    assert coverage.size == risk.size == 0


def test_flagged_answers_and_errors_among_the_others_are_counted():
    given = answers((0.6, False, True), (0.99, True, False), (0.98, False, False), (0.97, True, False))
    assert (given.flagged.right, given.flagged.total) == (1, 4)
    assert (given.unflagged_errors.right, given.unflagged_errors.total) == (1, 3)
