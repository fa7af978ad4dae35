import numpy as np
import pytest

from digitlens.model.fusion import NOT_A_DIGIT, Fusion


def one_hot(index, sure=0.98):
    row = np.full((1, 11), (1 - sure) / 10, np.float32)
    row[0, index] = sure
    return row


def test_where_both_networks_agree_the_answer_is_theirs():
    answer = Fusion().probabilities(Fusion().pool(one_hot(4), one_hot(4), np.array([True])))
    assert answer.argmax() == 4
    assert answer.sum() == pytest.approx(1, abs=1e-5)


def test_a_stroke_that_the_finder_takes_for_a_sign_is_no_one():
    fusion = Fusion()
    assert fusion.pool(one_hot(1), one_hot(NOT_A_DIGIT), np.array([True])).argmax() == NOT_A_DIGIT


def test_what_the_finder_did_not_see_needs_a_sure_classifier():
    fusion, unseen = Fusion(), np.array([False])
    nothing = np.zeros((1, 11), np.float32)
    assert fusion.pool(one_hot(3, 0.7), nothing, unseen).argmax() == NOT_A_DIGIT
    sure = fusion.pool(one_hot(3, 0.7), nothing, unseen)
    surer = fusion.pool(one_hot(3, 0.9999), nothing, unseen)
    assert surer[0, 3] - surer[0, NOT_A_DIGIT] > sure[0, 3] - sure[0, NOT_A_DIGIT]


def test_certain_opinions_stay_finite():
    certain = np.eye(11, dtype=np.float32)
    assert np.isfinite(Fusion().pool(certain, certain, np.ones(11, bool))).all()
    assert Fusion().pool(certain[:0], certain[:0], np.ones(0, bool)).shape == (0, 11)
