import numpy as np
import pytest

from digitlens.explain.network import Network
from digitlens.model.classifier import Classifier
from digitlens.model.graph import read_graph

AGREE = 1e-4


@pytest.fixture(scope="module")
def network(weights):
    return Network(read_graph(weights["served"]))


def test_every_layer_gives_what_litert_gives_on_real_glyphs(shown, frames, litert):
    network = Network(read_graph(shown))
    found = network.forward(frames)
    for number, frame in enumerate(frames):
        tensor = litert(shown, frame)
        for layer in network.graph.layers:
            after = found[layer.name].after[number]
            assert np.abs(tensor(layer.tensor)[0] - after).max() < AGREE, layer.name
            assert after.any(), layer.name  # zeros would agree with zeros
            if layer.before != layer.tensor:
                assert np.abs(tensor(layer.before)[0] - found[layer.name].before[number]).max() < AGREE, layer.name


def test_the_logits_are_those_that_serve(network, frames):
    assert np.abs(network.logits(frames) - Classifier.load().logits(frames)).max() < AGREE


def test_no_frames_give_no_rows(network):
    assert network.logits(np.zeros((0, 28, 28), np.float32)).shape == (0, 11)


@pytest.mark.parametrize("name", ["served", "lenet", "residual"])
def test_the_gradient_is_that_of_keras(name, keras_networks, weights, frames):
    import tensorflow as tf

    # A little noise, so that no two places of a pool are equally high; a rounding may still decide here and there.
    chance = np.random.default_rng(5)
    pictures = (0.9 * frames + 0.1 * chance.random(frames.shape)).astype(np.float32)
    factors = np.zeros(11, np.float32)
    factors[[3, 8]] = 1, -1
    watched = tf.constant(pictures[..., None])
    with tf.GradientTape() as tape:
        tape.watch(watched)
        score = tf.reduce_sum(keras_networks[name](watched) * factors)
    expected = tape.gradient(score, watched).numpy()[..., 0]
    network = Network(read_graph(weights[name]))
    found = network.gradient(network.forward(pictures), factors)
    assert np.abs(expected).max() > 1e-3
    assert (np.abs(found - expected) < 1e-3 * np.abs(expected).max()).mean() > 0.99


def test_a_silenced_channel_is_zero_and_nothing_before_it_changes(network, frames):
    whole, without = network.forward(frames), network.forward(frames, {"stage2a": [3, 40]})
    assert not without["stage2a"].after[..., [3, 40]].any()
    assert np.array_equal(without["stage1b"].after, whole["stage1b"].after)
    assert not np.array_equal(without["logits"].after, whole["logits"].after)
