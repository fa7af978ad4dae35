import numpy as np
import pytest

from digitlens.explain.evidence import contributions, integrated_gradients, occlusion
from digitlens.explain.network import Network
from digitlens.model.graph import read_graph


@pytest.fixture(scope="module")
def network(weights):
    return Network(read_graph(weights["served"]))


def lead(network, frame):
    """Weights of the digit and its runner-up."""
    *_, runner_up, digit = np.argsort(network.logits(frame[None])[0])
    factors = np.zeros(11, np.float32)
    factors[[digit, runner_up]] = 1, -1
    return factors


def test_the_shares_of_the_pixels_add_up_to_the_difference_that_the_frame_makes(network, frames):
    # Completeness, but for the finite steps: the integral of a function with kinks, in 64 steps.
    errors = []
    for frame in frames[:6]:
        factors = lead(network, frame)
        found = integrated_gradients(network, frame, factors)
        logits = network.logits(np.stack([frame, np.zeros_like(frame)])) @ factors
        assert found.difference == pytest.approx(logits[0] - logits[1], abs=1e-4)
        assert found.error == pytest.approx(found.shares.sum() - found.difference, abs=1e-4)
        errors.append(abs(found.error))
    assert max(errors) < 1.0
    assert np.median(errors) < 0.4


def test_the_shares_of_a_smooth_network_add_up_closely(weights, frames):
    network = Network(read_graph(weights["lenet"]))
    found = integrated_gradients(network, frames[0], lead(network, frames[0]))
    assert abs(found.difference) > 0.01
    assert abs(found.error) < 0.01 * abs(found.difference)


def test_paper_has_no_share(network, frames):
    found = integrated_gradients(network, frames[0], lead(network, frames[0]), steps=5)
    assert not found.shares[frames[0] == 0].any()
    assert found.shares[frames[0] > 0].any()


def test_the_contributions_of_all_places_and_the_bias_are_the_logits(network, frames):
    bias = network.graph["logits"].bias.values
    for frame in frames[:3]:
        shares = contributions(network, frame)
        assert shares.shape == (7, 7, 11)
        assert np.abs(shares.sum((0, 1)) + bias - network.logits(frame[None])[0]).max() < 1e-3


def test_networks_with_more_after_their_maps_have_no_contributions(weights, frames):
    for name in ("lenet", "residual"):
        assert contributions(Network(read_graph(weights[name])), frames[0]) is None


def ink_of_two_corners(frames):
    """Logits that are known by hand: class 0 sees the upper left pixel alone, class 1 the lower right one."""
    return np.stack([3 * frames[:, 0, 0], frames[:, 27, 27]], axis=1)


def test_covering_a_place_loses_what_stood_there():
    frame = np.zeros((28, 28), np.float32)
    frame[0, 0] = frame[27, 27] = 1
    found = occlusion(ink_of_two_corners, frame, 0, 1, patch=1)
    assert found.lead[0, 0] == pytest.approx(3)
    assert found.lead[27, 27] == pytest.approx(-1)
    assert np.count_nonzero(found.lead) == 2
    # log softmax of (3, 1) and of (0, 1)
    assert found.digit[0, 0] == pytest.approx(-np.log1p(np.exp(-2)) + np.log1p(np.exp(1)), abs=1e-5)


def test_a_pixel_has_the_mean_of_the_patches_that_cover_it():
    frame = np.zeros((28, 28), np.float32)
    frame[0, 0] = 1
    found = occlusion(ink_of_two_corners, frame, 0, 1, patch=3)
    assert found.lead[0, 0] == pytest.approx(3)  # one patch covers the corner
    assert found.lead[0, 1] == pytest.approx(3 / 2)
    assert found.lead[2, 2] == pytest.approx(3 / 9)
    assert not found.lead[3:].any()


def test_what_the_network_lost_stands_where_the_ink_was(network, frames):
    *_, runner_up, digit = np.argsort(network.logits(frames[:1])[0])
    found = occlusion(network.logits, frames[0], digit, runner_up)
    assert found.digit.shape == found.lead.shape == (28, 28)
    ink = frames[0] > 0.5
    assert np.abs(found.lead[ink]).mean() > 3 * np.abs(found.lead[~ink]).mean()
