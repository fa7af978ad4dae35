from pathlib import Path

import numpy as np
import pytest

from digitlens.model.artifact import Artifact, Manifest, sha256_of
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


@pytest.fixture(scope="session")
def artifact_of():
    """`artifact_of(network)` is a Keras network as it would serve, with a manifest of which little is true."""
    from digitlens.training.export import as_served, to_tflite  # late: TensorFlow takes seconds

    def artifact_of(network) -> Artifact:
        served = as_served(network)
        weights = to_tflite(served)
        manifest = Manifest(
            version="2026.1",
            sha256=sha256_of(weights),
            temperature=1.0,
            parameters=served.count_params(),
            seed=3,
            recipe={},
            data_sha256={},
        )
        return Artifact(weights, manifest)

    return artifact_of
