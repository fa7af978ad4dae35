"""The browser's network against NumPy's, number by number; NumPy's is held against LiteRT's in test_network.py."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from digitlens.explain.evidence import contributions, integrated_gradients
from digitlens.explain.network import Network
from digitlens.model.calibration import softmax
from digitlens.model.device import describe, for_device
from digitlens.model.graph import read_graph
from digitlens.web import assets

FACTORS = np.zeros(11, np.float32)
FACTORS[[3, 8]] = 1, -1
TEMPERATURE = 0.7
AGREE = 1e-4


class Numbers:
    """The numbers that the script wrote, taken one part after another."""

    def __init__(self, values):
        self.values = values

    def take(self, count):
        part, self.values = self.values[:count], self.values[count:]
        return part


@pytest.fixture(scope="module")
def computed(shown, frames, tmp_path_factory):
    """The network in NumPy, its frames, and what the script computes with the file for browsers."""
    if shutil.which("node") is None:
        pytest.skip("needs Node.js (apt install nodejs)")
    folder, content = tmp_path_factory.mktemp("network"), for_device(shown)
    frames = frames[:3]
    description = {"layers": describe(read_graph(content)), "labels": [], "temperature": TEMPERATURE}
    (folder / "network.json").write_text(json.dumps(description))
    (folder / "weights.tflite").write_bytes(content)
    (folder / "frames.bin").write_bytes(frames.tobytes())
    command = ["node", Path(__file__).parent / "compute.mjs", assets.FOLDER / "js/lens", folder]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return Network(read_graph(shown)), frames, np.fromfile(folder / "out.bin", np.float32)


def test_the_browser_computes_what_numpy_computes(computed):
    network, frames, values = computed
    numbers, second = Numbers(values), network.graph.layers[2].name
    for frame in frames:
        found = network.forward(frame[None])
        for name, layer in found.items():
            assert np.abs(numbers.take(layer.after.size) - layer.after.ravel()).max() < AGREE, name
            assert np.abs(numbers.take(layer.before.size) - layer.before.ravel()).max() < AGREE, name
        assert agree_nearly_everywhere(numbers.take(784), network.gradient(found, FACTORS))
        attribution = integrated_gradients(network, frame, FACTORS, steps=8)
        assert agree_nearly_everywhere(numbers.take(784), attribution.shares)
        total, difference = numbers.take(2)
        assert difference == pytest.approx(attribution.difference, abs=AGREE)
        assert total - difference == pytest.approx(attribution.error, abs=0.02)
        shares = contributions(network, frame)
        if shares is not None:
            assert np.abs(numbers.take(shares.size) - shares.ravel()).max() < AGREE
        logits = network.logits(frame[None])
        assert np.abs(numbers.take(11) - softmax(logits, TEMPERATURE)[0]).max() < AGREE
        silenced = network.forward(frame[None], {second: [1, 2]})["logits"].after
        assert np.abs(numbers.take(11) - silenced[0]).max() < AGREE
    assert numbers.values.size == 0


def agree_nearly_everywhere(found, expected):
    """Where two places of a pool are highest by a rounding's breadth, the two may choose each its own."""
    return (np.abs(found - expected.ravel()) < 1e-3 * np.abs(expected).max() + 1e-7).mean() > 0.99
