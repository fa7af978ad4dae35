import json

import numpy as np

from digitlens.model.device import describe, for_device
from digitlens.model.graph import read_graph


def test_the_file_for_browsers_takes_one_frame_and_says_so(shown):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=for_device(shown), num_threads=1)
    parts = [*interpreter.get_input_details(), *interpreter.get_output_details()]
    assert [part["shape_signature"].tolist() for part in parts] == [[1, 28, 28, 1], [1, 11]]


def test_the_file_for_browsers_gives_the_same_logits_bit_for_bit(shown, frames, litert):
    output = read_graph(shown).layers[-1].tensor
    for frame in frames[:4]:
        assert np.array_equal(litert(shown, frame)(output), litert(for_device(shown), frame)(output))


def test_only_open_sizes_change_in_the_file_for_browsers(shown):
    before, after = np.frombuffer(shown, np.uint8), np.frombuffer(for_device(shown), np.uint8)
    changed = before != after
    assert len(before) == len(after)
    assert 0 < changed.sum() < 500
    assert set(before[changed]) == {255}  # -1 as int32
    assert set(after[changed]) == {0, 1}


def test_the_description_is_json_with_every_layer(shown):
    layers = json.loads(json.dumps(describe(read_graph(for_device(shown)))))
    assert [layer["name"] for layer in layers] == [layer.name for layer in read_graph(shown).layers]
    for layer in layers:
        window = layer["kind"] in ("convolution", "depthwise", "max_pool", "average_pool")
        assert (layer["strides"] is not None) == (layer["padding"] is not None) == window
        assert (layer["pool"] is not None) == layer["kind"].endswith("_pool")
        assert set(layer["inputs"]) <= {other["name"] for other in layers}
