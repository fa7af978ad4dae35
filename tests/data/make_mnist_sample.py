"""Makes `mnist-sample.npz` again: `python tests/data/make_mnist_sample.py FOLDER_WITH_MNIST`."""

import sys
from pathlib import Path

import numpy as np

from digitlens.training.datasets import Digits, load_splits, load_test_part


def first_of_each(digits: Digits, count: int) -> Digits:
    places = [np.nonzero(digits.labels == digit)[0][:count] for digit in range(10)]
    chosen = np.sort(np.concatenate(places))
    return Digits(digits.pictures[chosen], digits.labels[chosen])


def main(mnist: Path) -> None:
    test = first_of_each(load_test_part(mnist), 50)
    training = first_of_each(load_splits(mnist).training, 40)
    np.savez_compressed(
        Path(__file__).with_name("mnist-sample.npz"),
        test_pictures=test.pictures,
        test_labels=test.labels.astype(np.uint8),
        training_pictures=training.pictures,
        training_labels=training.labels.astype(np.uint8),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
