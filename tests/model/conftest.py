from pathlib import Path

import numpy as np
import pytest

from digitlens.training.datasets import Digits

SAMPLE = Path(__file__).parent.parent / "data/mnist-sample.npz"


@pytest.fixture(scope="session")
def test_digits() -> Digits:
    """500 digits of MNIST's test part, 50 of each."""
    with np.load(SAMPLE) as sample:
        return Digits(sample["test_pictures"], sample["test_labels"].astype(np.int64))


@pytest.fixture(scope="session")
def training_digits() -> Digits:
    """400 digits of MNIST's training part, 40 of each."""
    with np.load(SAMPLE) as sample:
        return Digits(sample["training_pictures"], sample["training_labels"].astype(np.int64))
