from pathlib import Path

import keras
import numpy as np
import pytest

from digitlens.training.datasets import Digits

SAMPLE = Path(__file__).parents[2] / "data/mnist-sample.npz"


@pytest.fixture(autouse=True)
def same_draws():
    """Networks begin with the same weights in every run, whatever ran before."""
    keras.utils.set_random_seed(1)


@pytest.fixture(scope="session")
def few_digits() -> Digits:
    """400 digits of MNIST's training part, 40 of each."""
    with np.load(SAMPLE) as sample:
        return Digits(sample["training_pictures"], sample["training_labels"].astype(np.int64))
