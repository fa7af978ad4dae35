import numpy as np
import pytest

from digitlens.training.corpus import Corpus
from digitlens.training.datasets import Digits
from digitlens.training.epochs import EpochsAhead, FrameMaker
from digitlens.training.recipe import Recipe

RECIPE = Recipe(epochs=3, batch=16, negatives=4, others=0.2, real_marks=1.0, disturbed=0.2)


@pytest.fixture(scope="module")
def digits(few_digits):
    return few_digits[:80]


@pytest.fixture(scope="module")
def corpus(few_digits):
    cross = np.zeros((5, 28, 28), np.uint8)
    cross[:, 13:15, 4:24] = cross[:, 4:24, 13:15] = 255
    return Corpus(
        {"others": Digits(few_digits.pictures[80:120], np.full(40, 3))}, {"crosses": cross, "none": cross[:0]}
    )


def test_an_epoch_holds_every_digit_once_and_the_shares_of_the_recipe(digits, corpus):
    epoch = FrameMaker(digits, corpus, RECIPE).make(0)
    counts = np.bincount(epoch.labels, minlength=11)
    expected = np.bincount(digits.labels, minlength=11)
    expected[3] += 20  # a fifth of all digits comes from the other set, which has threes alone
    expected[10] = 33  # 4 of 16
    assert counts.tolist() == expected.tolist()
    assert epoch.frames.shape == (133, 28, 28)
    assert epoch.frames.dtype == np.uint8
    assert (epoch.frames.max(axis=(1, 2)) > 50).all()


def test_an_epoch_depends_on_the_seed_and_its_number_alone(digits, corpus):
    maker = FrameMaker(digits, corpus, RECIPE)
    first, again = maker.make(1), FrameMaker(digits, corpus, RECIPE).make(1)
    assert np.array_equal(first.frames, again.frames)
    assert np.array_equal(first.labels, again.labels)
    assert not np.array_equal(first.frames, maker.make(2).frames)


def test_without_a_corpus_all_marks_are_drawn(digits):
    epoch = FrameMaker(digits, None, RECIPE).make(0)
    assert len(epoch.labels) == 107
    assert (epoch.labels == 10).sum() == 27


def test_epochs_made_ahead_by_other_processes_are_the_same(digits, corpus):
    maker = FrameMaker(digits, corpus, RECIPE)
    with EpochsAhead(digits, corpus, RECIPE) as epochs:
        for number in range(RECIPE.epochs):
            epoch = epochs(number)
            assert np.array_equal(epoch.frames, maker.make(number).frames)
        assert epochs(RECIPE.epochs) is epoch
