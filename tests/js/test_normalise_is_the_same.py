"""`device/normalise.js` makes the frames of `imaging/normalise.py`: written twice, so compared on many inks."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from digitlens import Reader
from digitlens.imaging.normalise import CENTRE, normalise

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "src/digitlens/web/static"
VECTORS = HERE / "normalise-vectors.json"
NODE = """
import { readFileSync } from 'node:fs';
import { normalise, quantised } from %(module)s;
const inks = JSON.parse(readFileSync(0, 'utf8'));
const text = (array) => Buffer.from(array.buffer).toString('base64');
console.log(JSON.stringify(inks.map(({ width, height, values }) => {
  const bytes = Buffer.from(values, 'base64');
  const ink = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const frame = normalise(ink, width, height);
  return [text(frame), text(quantised(frame))];
})));
"""


def from_node(inks):
    module = json.dumps((STATIC / "js/device/normalise.js").as_uri())
    sent = [
        {"width": ink.shape[1], "height": ink.shape[0], "values": base64.b64encode(ink.tobytes()).decode()}
        for ink in inks
    ]
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", NODE % {"module": module}],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [
        tuple(np.frombuffer(base64.b64decode(text), np.float32).reshape(28, 28) for text in pair)
        for pair in json.loads(run.stdout)
    ]


def strokes(rng, shape, width):
    """A few curved strokes, soft at their edges."""
    ink = np.zeros(shape, np.uint8)
    for _ in range(rng.integers(1, 4)):
        points = (rng.random((4, 2)) * (shape[1], shape[0])).astype(np.int32)
        cv2.polylines(ink, [points], False, 255, width, cv2.LINE_AA)
    return ink.astype(np.float32) / 255


def many_inks():
    rng = np.random.default_rng(4)
    sides = [(1, 1), (1, 400), (600, 1), (2, 3), (20, 20), (28, 28), (160, 160), (161, 90), (320, 320), (600, 400)]
    yield from (np.ones(shape, np.float32) for shape in sides)
    yield from (rng.random(shape, np.float32) for shape in sides)
    yield np.zeros((7, 5), np.float32)
    for width in (1, 2, 3, 5, 9, 16, 30):
        for _ in range(16):
            yield strokes(rng, tuple(rng.integers(12, 420, 2)), width)
    for side in range(2, 60):
        shape = (side, int(rng.integers(1, 200)))
        yield strokes(rng, shape, int(rng.integers(1, 4))) + rng.random(shape, np.float32) * np.float32(0.08)


def sample_inks():
    """The ink of the digits on the bundled pictures."""
    from digitlens.imaging.hypotheses import find_hypotheses
    from digitlens.imaging.ink import find_ink

    reader = Reader()
    for name in ("phone-number", "single-digit", "thick-marker", "tiny-numbers"):
        page = next(reader.decode((STATIC / f"samples/{name}.jpg").read_bytes()))
        for guess in find_hypotheses(find_ink(page), [], page.shape[:2])[:20]:
            yield np.ascontiguousarray(guess.glyph.ink)


def lies_between_pixels(frame):
    """Whether the centre of mass stands half-way between two places, where the last bit of a sum decides."""
    mass = frame.sum(dtype=np.float64)
    means = [frame.sum(axis=axis, dtype=np.float64) @ np.arange(28) / mass for axis in (0, 1)] if mass else [0, 0]
    return any(abs(abs(mean - CENTRE) - 0.5) < 1e-4 for mean in means)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js (apt install nodejs)")
def test_both_languages_make_the_same_frame():
    inks = [np.ascontiguousarray(ink, np.float32) for ink in (*many_inks(), *sample_inks())]
    assert len(inks) > 180
    compared = 0
    for ink, (frame, quantised) in zip(inks, from_node(inks), strict=True):
        wanted = normalise(ink)
        if lies_between_pixels(wanted):
            continue
        compared += 1
        assert np.abs(frame - wanted).max() <= 1e-4, ink.shape
        assert np.abs(quantised - np.round(255 * wanted) / 255).max() <= 1 / 255 + 1e-6
    assert compared > 0.9 * len(inks)


def test_the_vectors_of_the_javascript_test_are_what_python_makes_of_their_ink():
    for vector in json.loads(VECTORS.read_text()):
        ink = np.array(vector["ink"], np.float32).reshape(vector["height"], vector["width"]) / np.float32(255)
        assert np.round(255 * normalise(ink)).astype(int).ravel().tolist() == vector["frame"]


def write_vectors():
    """Make the file anew: `python tests/js/test_normalise_is_the_same.py`."""
    rng = np.random.default_rng(1)
    inks = [strokes(rng, shape, width) for shape, width in [((30, 20), 1), ((24, 40), 3), ((40, 26), 5), ((9, 9), 2)]]
    inks += [np.ones((1, 1), np.float32), np.zeros((4, 4), np.float32), np.ones((5, 40), np.float32)]
    inks.append(strokes(rng, (44, 64), 2))
    vectors = [
        {
            "width": ink.shape[1],
            "height": ink.shape[0],
            "ink": np.round(255 * ink).astype(int).ravel().tolist(),
            "frame": np.round(255 * normalise(ink)).astype(int).ravel().tolist(),
        }
        for ink in inks
    ]
    VECTORS.write_text("[\n" + ",\n".join(json.dumps(vector, separators=(",", ":")) for vector in vectors) + "\n]\n")


if __name__ == "__main__":
    write_vectors()
