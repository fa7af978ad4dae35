"""Training of the finder: rendered crops in; a folder with the network, its recipe and its log out."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import os
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before Keras: TensorFlow reads it once

import keras
import numpy as np
from numpy.typing import NDArray

from digitlens.errors import SettingsError
from digitlens.model.architecture import FINDER_BLOCKS, FINDER_WIDTHS, build_finder
from digitlens.training.crop_feed import CropFeed, RenderCrop
from digitlens.training.epochs import spare_cores
from digitlens.training.finder_loss import finder_loss, heat_loss, place_loss, size_loss
from digitlens.training.recipe import FINDER, RECIPES, read_recipe
from digitlens.training.synthesis import render_crop

FINDER_RECIPE = RECIPES / "finder.toml"
NETWORK = "finder.keras"
# Share of the new in the running mean of the weights, each time that it is brought up to date.
_RENEWAL = 0.3
_SAVE_EVERY_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderRecipe:
    """Everything that decides what the finder becomes, apart from the crops, the code and the machine's speed.

    Attributes:
        seed: of the first weights, the crops and the order in which they are drawn.
        crops: how many it learns from, counted each time that one is drawn; the learning rate follows their share.
        seconds: where it is set, how long it learns instead; the learning rate then follows the share of the time.
        batch: crops a step.
        steps: between two rows of the log.
        learning_rate: the highest.
        warm_up: share of the run in which the learning rate rises, in (0, 1); then it falls along a cosine to 0.
        weight_decay: of AdamW, for convolutions.
        kept: crops that are kept to be drawn again.
        bfloat16: computes in bfloat16, which a GPU does faster.
        widths: features at strides 2, 4, 8, 16 and 32.
        blocks: residual blocks at strides 8, 16 and 32.
    """

    seed: int = 2026
    crops: int = 4_662_400
    seconds: float | None = None
    batch: int = 128
    steps: int = 25
    learning_rate: float = 0.003
    warm_up: float = 0.05
    weight_decay: float = 0.02
    kept: int = 24_000
    bfloat16: bool = False
    widths: tuple[int, ...] = FINDER_WIDTHS
    blocks: tuple[int, ...] = FINDER_BLOCKS

    def __post_init__(self) -> None:
        positive = self.crops, self.seconds or 1, self.batch, self.steps, self.kept, self.learning_rate
        if min(positive) <= 0 or not 0 < self.warm_up < 1:
            raise SettingsError("The finder's recipe needs positive numbers, and warm_up between 0 and 1.")

    def rate_at(self, share: float) -> float:
        """Learning rate when a share of the run in [0, 1] has passed."""
        if share < self.warm_up:
            return self.learning_rate * max(share / self.warm_up, 0.02)
        passed = min(1.0, (share - self.warm_up) / (1 - self.warm_up))
        return self.learning_rate * max((1 + math.cos(math.pi * passed)) / 2, 0.002)


def load_finder_recipe(path: Path | None = None, **changes: Any) -> FinderRecipe:
    """Read a recipe from TOML.

    Args:
        path: the file; None means the recipe of the finder that is served.
        changes: values that win over the file; None means "as in the file".

    Raises:
        SettingsError: the file cannot be read, or a name or a value in it cannot be used.
    """
    try:
        values = read_recipe(path or FINDER_RECIPE, FINDER)
        values |= {name: value for name, value in changes.items() if value is not None}
        sizes: dict[str, Any] = {name: tuple(values[name]) for name in ("widths", "blocks") if name in values}
        return FinderRecipe(**{**values, **sizes})
    except TypeError as error:
        raise SettingsError(f"The recipe {path or FINDER_RECIPE} cannot be used: {error}.") from error


def train_finder(
    recipe: FinderRecipe,
    bank: Any,
    run: Path,
    *,
    workers: int | None = None,
    start_from: Path | None = None,
    render: RenderCrop = render_crop,
) -> keras.Model:
    """Train the finder until the recipe's crops are learned, or its time has passed.

    Args:
        recipe: what to do.
        bank: what `render` makes crops of.
        run: folder for what the run leaves: `config.json`, `log.csv` (a row each `steps` steps), `latest.keras` (every
            minute) and `finder.keras`, both the running mean of the weights in float32.
        workers: processes that render; None leaves one core to the network.
        start_from: a `.keras` file of an earlier run whose weights it begins with.
        render: makes a crop.

    Returns:
        The network, as `finder.keras` holds it.
    """
    start = time.monotonic()
    run.mkdir(parents=True, exist_ok=True)
    (run / "config.json").write_text(json.dumps(dataclasses.asdict(recipe), indent=2) + "\n", "utf-8")
    keras.utils.set_random_seed(recipe.seed)
    mean = build_finder(recipe.widths, recipe.blocks)
    if start_from is not None:
        mean.set_weights(keras.models.load_model(start_from, compile=False).get_weights())
    learner = _learner(mean, recipe)
    workers = workers or spare_cores()
    with CropFeed(render, bank, seed=recipe.seed, workers=workers, crops=recipe.kept) as feed:
        feed.wait(min(2 * recipe.batch, recipe.kept))
        clock = _Clock(recipe, feed, mean, run, start)
        with _Batches(feed, recipe) as batches:
            learner.fit(
                iter(batches),
                steps_per_epoch=recipe.steps,
                epochs=1_000_000_000,
                callbacks=[clock],
                shuffle=False,
                verbose=0,
            )
    mean.save(run / NETWORK)
    return mean


def _learner(network: keras.Model, recipe: FinderRecipe) -> keras.Model:
    """A compiled copy that computes as the recipe says; the network itself stays in float32."""
    policy = "mixed_bfloat16" if recipe.bfloat16 else "float32"
    learner = keras.models.clone_model(network, clone_function=lambda layer: _with_policy(layer, policy))
    learner.set_weights(network.get_weights())
    optimizer = keras.optimizers.AdamW(recipe.rate_at(0), weight_decay=recipe.weight_decay, global_clipnorm=5.0)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    learner.compile(
        optimizer,
        finder_loss,
        metrics=[heat_loss, size_loss, place_loss],
        jit_compile=keras.backend.backend() == "jax",  # on a CPU, TensorFlow compiles longer than that saves
    )
    return learner


def _with_policy(layer: keras.layers.Layer, policy: str) -> keras.layers.Layer:
    """The layer in another number format, but for those that must stay exact."""
    exact = layer.name in {"centred", "maps"}
    return type(layer).from_config(layer.get_config() if exact else {**layer.get_config(), "dtype": policy})


class _Batches:
    """Batches without end, made by a few threads ahead of the network."""

    def __init__(self, feed: CropFeed, recipe: FinderRecipe, threads: int = 3) -> None:
        self._ready: queue.Queue[Any] = queue.Queue(maxsize=2 * threads)
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._make, args=(feed, recipe, number), daemon=True) for number in range(threads)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def __iter__(self) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float16]]]:
        while True:
            batch = self._ready.get()
            if isinstance(batch, Exception):
                raise batch
            yield batch

    def _make(self, feed: CropFeed, recipe: FinderRecipe, number: int) -> None:
        rng = np.random.default_rng([recipe.seed, 1_000_000 + number])
        while not self._stopped.is_set():
            try:
                batch: object = feed.draw(recipe.batch, rng)
            except RuntimeError as error:
                batch = error
            while not self._stopped.is_set():
                try:
                    self._ready.put(batch, timeout=0.2)
                    break
                except queue.Full:
                    continue


class _Clock(keras.callbacks.Callback):  # type: ignore[misc]
    """Sets the learning rate by what has passed of the run, keeps the mean of the weights, logs, saves and ends.

    The mean smooths what the last steps learned by chance (B. Polyak and A. Juditsky, 1992).
    """

    def __init__(self, recipe: FinderRecipe, feed: CropFeed, mean: keras.Model, run: Path, start: float) -> None:
        super().__init__()
        self.recipe, self.feed, self.mean, self.run = recipe, feed, mean, run
        self.crops = 0
        self.end = start + (recipe.seconds or math.inf)
        self.start = self.begun = self.saved = start

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Set the learning rate."""
        self.begun = time.monotonic()
        if epoch == 1:  # the first round was spent on compiling
            self.start = self.begun
        self.model.optimizer.learning_rate = self.recipe.rate_at(self._share() if epoch else 0.0)

    def _share(self) -> float:
        """What has passed of the run, in [0, 1]."""
        if self.recipe.seconds:
            return (self.begun - self.start) / (self.end - self.start)
        return self.crops / self.recipe.crops

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Take the weights into the mean, write a row, and end when there is nothing left."""
        now = time.monotonic()
        self.crops += self.recipe.batch * self.recipe.steps
        share = max(_RENEWAL, 1 / (epoch + 1))
        pairs = zip(self.mean.get_weights(), self.model.get_weights(), strict=True)
        self.mean.set_weights([old + share * (new - old) for old, new in pairs])
        self._log(epoch, now, logs or {})
        if now - self.saved > _SAVE_EVERY_S:
            self.saved = now
            self.mean.save(self.run / "latest.keras")
        if now + (now - self.begun) > self.end or (not self.recipe.seconds and self.crops >= self.recipe.crops):
            self.model.stop_training = True

    def _log(self, epoch: int, now: float, losses: dict[str, float]) -> None:
        row = {
            "round": epoch + 1,
            "crops": self.crops,
            "crops_per_s": round(self.recipe.batch * self.recipe.steps / (now - self.begun), 1),
            "rendered": self.feed.rendered,
            "uses_a_crop": round(self.crops / self.feed.rendered, 2),
            "learning_rate": float(f"{float(self.model.optimizer.learning_rate):.3g}"),
            **{name: round(float(value), 5) for name, value in losses.items()},
        }
        with (self.run / "log.csv").open("a" if epoch else "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, row, lineterminator="\n")
            if not epoch:
                writer.writeheader()
            writer.writerow(row)
