import json
from pathlib import Path

import pytest

import digitlens

STRIP = Path(digitlens.__file__).parent / "web/static/samples"
SAMPLES = json.loads((STRIP / "samples.json").read_text("utf-8"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_a_bundled_sample_is_read_row_by_row(reader, sample):
    text = reader.read(STRIP / f"{sample['name']}.jpg").text
    assert text.replace(" ", "") == sample["text"].replace(" ", "")
