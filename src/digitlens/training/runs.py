"""What `digitlens train` does: gather what teaches, train the network of the recipe, leave weights that serve."""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitlens.errors import InputError, SettingsError
from digitlens.model.artifact import Artifact, load_artifact, save_artifact
from digitlens.training.corpus import Corpus, load_corpus
from digitlens.training.datasets import load_splits
from digitlens.training.recipe import FINDER, load_recipe, network_of

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps it
_BYTES_A_CROP = 206_000


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Where that lies which teaches.

    Attributes:
        mnist: folder with MNIST.
        others: folder with `glyphs/` and `not-digits/`, see `corpus`; None learns without them.
        fonts: folder with handwriting fonts; None learns without them.
        limit: use only so many digits of each set; for trying things out.
    """

    mnist: Path
    others: Path | None = None
    fonts: Path | None = None
    limit: int | None = None

    def check(self) -> None:
        """Refuse folders that hold nothing to learn from.

        Raises:
            InputError: one does, or it is not there.
        """
        if self.others and not any((self.others / name).is_dir() for name in ("glyphs", "not-digits")):
            raise InputError(
                f"{self.others} has no folder glyphs or not-digits.", "docs/cli.md says what belongs there."
            )
        if self.fonts and not any(self.fonts.rglob("*.woff2")) and not any(self.fonts.rglob("*.[to]tf")):
            raise InputError(f"{self.fonts} holds no fonts.", "`digitlens data fonts` brings them.")


def run_recipe(
    recipe: Path | None, data: TrainingData, run: Path, model: Path | None = None, **changes: Any
) -> Artifact:
    """Train one network.

    Args:
        recipe: the file, which says which network it makes; None is that of the served classifier.
        data: what to learn from.
        run: folder for all that the run leaves, `weights.tflite` and `manifest.json` among it: a folder to read with.
        model: folder of the classifier that a finder is put beside; None is the one that ships with digitlens.
        changes: values that win over the file; None means "as in the file".

    Raises:
        SettingsError: the recipe cannot be used, or there is no memory for it.
        InputError: what shall teach is missing or damaged.
    """
    data.check()
    if network_of(recipe) == FINDER:
        return _run_finder(recipe, data, run, load_artifact(model), changes)
    return _run_classifier(recipe, data, run, changes)


def _run_classifier(path: Path | None, data: TrainingData, run: Path, changes: dict[str, Any]) -> Artifact:
    recipe = load_recipe(path, **changes)
    splits = load_splits(data.mnist, data.limit)
    corpus = load_corpus(data.others, fonts=data.fonts) if data.others else None
    if corpus and data.limit:
        corpus = _first(corpus, data.limit)
    from digitlens.training.train import train  # late, for it loads TensorFlow, and mistakes shall show at once

    return train(recipe, splits, run, corpus)


def _run_finder(
    path: Path | None, data: TrainingData, run: Path, beside: Artifact, changes: dict[str, Any]
) -> Artifact:
    from digitlens.training.export import with_finder
    from digitlens.training.finder import load_finder_recipe, train_finder
    from digitlens.training.glyphbank import load_bank

    recipe = load_finder_recipe(path, **changes)
    recipe = dataclasses.replace(recipe, kept=_kept(recipe.kept, 4 * recipe.batch))
    bank = load_bank(data.mnist, data.others, data.fonts, limit=data.limit)
    network = train_finder(recipe, bank, run)
    config = json.loads((run / "config.json").read_text("utf-8"))
    artifact = with_finder(beside, network, config)
    save_artifact(run, artifact)
    return artifact


def _first(corpus: Corpus, limit: int) -> Corpus:
    digits = {name: part[:limit] for name, part in corpus.digits.items()}
    return dataclasses.replace(corpus, digits=digits, marks={name: part[:limit] for name, part in corpus.marks.items()})


def _kept(wanted: int, least: int) -> int:
    """As many crops as half of the shared memory holds: a file there may be larger than the memory, and then it fails.

    Raises:
        SettingsError: not even the least.
    """
    if not _SHARED_MEMORY.is_dir():
        return wanted
    room = shutil.disk_usage(_SHARED_MEMORY).free // 2 // _BYTES_A_CROP
    if room < min(wanted, least):
        raise SettingsError(
            f"{_SHARED_MEMORY} has room for {room} crops; {least} are needed.",
            "In a container, give it more shared memory.",
        )
    return min(wanted, room)
