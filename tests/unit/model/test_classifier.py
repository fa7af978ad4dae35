import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from digitlens.model.classifier import BLOCK, CLASSES, Classifier


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load()


@pytest.fixture(scope="module")
def frames():
    return np.random.default_rng(3).random((3 * BLOCK + 5, 28, 28), np.float32)


def test_no_frames_give_no_rows(classifier):
    assert classifier.probabilities(np.zeros((0, 28, 28), np.float32)).shape == (0, CLASSES)


def test_rows_are_probabilities(classifier, frames):
    probabilities = classifier.probabilities(frames)
    assert probabilities.shape == (len(frames), CLASSES)
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(frames)), abs=1e-5)


def test_a_frame_gives_the_same_answer_alone_and_among_others(classifier, frames):
    together = classifier.logits(frames)
    alone = np.concatenate([classifier.logits(frame[None]) for frame in frames[::10]])
    assert np.abs(together[::10] - alone).max() < 1e-4


def test_bytes_and_floats_give_the_same_answer(classifier):
    frames = np.random.default_rng(4).integers(0, 256, (5, 28, 28), np.uint8)
    floats = frames.astype(np.float32) / np.float32(255)
    assert np.array_equal(classifier.logits(frames), classifier.logits(floats))
    assert np.abs(classifier.logits(frames) - classifier.logits(floats.astype(np.float64))).max() < 1e-4


def test_frames_that_are_no_contiguous_memory_are_read_right(classifier, frames):
    turned = frames.transpose(0, 2, 1)
    assert np.array_equal(classifier.logits(turned), classifier.logits(turned.copy()))


def test_the_temperature_divides_the_logits(classifier, frames):
    ratio = np.log(classifier.probabilities(frames[:4]).astype(float))
    scaled = classifier.logits(frames[:4]).astype(float) / classifier.manifest.temperature
    assert np.ptp(ratio - scaled, axis=1).max() < 1e-3


@pytest.mark.parametrize("shape", [(28, 28), (2, 28, 27), (2, 28, 28, 1), (0,), (784,)])
def test_another_shape_is_refused(classifier, shape):
    with pytest.raises(ValueError, match=r"\(N, 28, 28\)"):
        classifier.probabilities(np.zeros(shape, np.float32))


@pytest.mark.parametrize("dtype", [bool, np.int64, np.complex64, object])
def test_another_type_is_refused(classifier, dtype):
    with pytest.raises(ValueError, match="uint8"):
        classifier.probabilities(np.zeros((1, 28, 28), dtype))


def test_many_threads_get_the_answers_that_one_gets(classifier, frames):
    expected = classifier.logits(frames)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: classifier.logits(frames), range(24)))
    assert all(np.array_equal(answer, expected) for answer in answers)


def test_a_refused_call_does_not_spoil_the_next(classifier, frames):
    with pytest.raises(ValueError, match="shape"):
        classifier.logits(frames[:, :5])
    assert classifier.logits(frames[:1]).shape == (1, CLASSES)


def test_classifying_loads_neither_tensorflow_nor_keras():
    script = """
import sys, numpy
from digitlens.model.classifier import Classifier
Classifier.load().probabilities(numpy.zeros((1, 28, 28), numpy.uint8))
print(*sorted({"tensorflow", "keras", "cv2", "flask"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
