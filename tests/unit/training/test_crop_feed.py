import time

import numpy as np
import pytest

from digitlens.training.crop_feed import CropFeed, relight
from digitlens.training.finder_targets import IS_CENTRE, TARGET_CHANNELS
from digitlens.training.glyphbank import GlyphBank, hand_of
from digitlens.training.synthesis import render_crop


@pytest.fixture(scope="module")
def bank(few_digits):
    return GlyphBank(digits=(hand_of("few", few_digits.pictures[:60], "".join(map(str, few_digits.labels[:60]))),))


def test_workers_render_without_end_and_batches_come_from_what_they_rendered(bank):
    with CropFeed(render_crop, bank, seed=1, workers=2, crops=40) as feed:
        feed.wait(40)
        pictures, targets = feed.draw(16, np.random.default_rng(3))
        before = feed.rendered
        deadline = time.monotonic() + 20
        while feed.rendered < before + 40 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert feed.rendered >= before + 40  # the slots are full, and go on being overwritten
        feed.draw(16, np.random.default_rng(3))
    assert pictures.shape == (16, 256, 256, 1)
    assert pictures.dtype == np.float32
    assert 0 <= pictures.min() < pictures.max() <= 1
    assert targets.shape == (16, 64, 64, TARGET_CHANNELS)
    assert targets[..., IS_CENTRE].sum() > 0
    assert np.ptp(pictures.reshape(16, -1).mean(axis=1)) > 0.01


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_fails_ends_the_run():
    with CropFeed(render_crop, None, seed=1, workers=1, crops=20) as feed, pytest.raises(RuntimeError, match="ended"):
        feed.wait(1)


def test_light_changes_from_draw_to_draw_and_stays_in_range():
    rng = np.random.default_rng(5)
    picture = np.tile(np.arange(256, dtype=np.uint8), (64, 1))
    noise = rng.normal(0, 1, (1024, 1024)).astype(np.float32)
    lit = np.stack([relight(picture, noise, rng) for _ in range(60)])
    assert lit.dtype == np.float32
    assert lit.min() >= 0
    assert lit.max() <= 1
    brighter_right = lit[:, :, 128:].mean(axis=(1, 2)) > lit[:, :, :128].mean(axis=(1, 2))
    assert 0 < (~brighter_right).sum() < 30  # some are inverted
    assert len(np.unique(lit.mean(axis=(1, 2)).round(4))) > 20
