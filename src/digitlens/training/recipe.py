"""What a training run is made from, as a value that can be kept beside it."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitlens.errors import SettingsError

# How the networks that are served are made.
RECIPES = Path(__file__).parent / "recipes"
SERVED = RECIPES / "served.toml"
CLASSIFIER, FINDER = "classifier", "finder"
# The architecture of the classifier that is served.
STAGES = "stages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides what a network becomes, apart from the pictures and the code.

    Attributes:
        seed: of the first weights, the order of the pictures and every distortion.
        epochs: times that every training digit is seen, each time distorted anew.
        batch: frames a step.
        negatives: how many of them are no digits.
        photographed: share of the digits in [0, 1] that are drawn and photographed instead of bent in their frame.
        regional: share of the digits of `regional.REGIONAL_DIGITS` in [0, 1] that get flag, foot, bar, hook or curl.
        others: share of the digits in [0, 1] that come from sets of other writers, where a corpus is at hand.
        real_marks: share of the negatives in [0, 1] that come from the corpus instead of being drawn.
        disturbed: share of the frames in [0, 1] that get noise, blur, haze, bands, spots or lines at the end.
        bending: strength of the distortion of digits that stay in their frame; 1 is full.
        learning_rate: the highest; it rises in the first epoch and then falls along a cosine to 0.
        weight_decay: of AdamW, for convolutions and the last layer.
        label_smoothing: share of the target that is spread over all classes.
        dropout: share of the last features that is hidden in each step.
        architecture: name of what is built, see `architectures.build`, or `module:function` of one's own.
        widths: features of its stages; empty means as the architecture has them.
        weight: how much the weights that this phase ends with count in the mean of all phases.
        notes: what a reader of the manifest should know besides, in whole sentences.
        finish: how the network goes on after that; its learning rate starts anew.
        name: of the file that it came from, without its ending where it comes with digitlens; decides nothing.
    """

    seed: int = 2026
    epochs: int = 246
    batch: int = 512
    negatives: int = 80
    photographed: float = 0.35
    regional: float = 0.08
    others: float = 0.18
    real_marks: float = 0.5
    disturbed: float = 0.15
    bending: float = 0.9
    learning_rate: float = 0.003
    weight_decay: float = 0.02
    label_smoothing: float = 0.03
    dropout: float = 0.4
    architecture: str = STAGES
    widths: tuple[int, ...] = (48, 96, 192)
    weight: float = 1.0
    notes: str = ""
    finish: Recipe | None = None
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise SettingsError(f"epochs is {self.epochs}; it must be 1 or more.")
        if not 0 <= self.negatives < self.batch:
            raise SettingsError(
                f"negatives is {self.negatives}; it must lie between 0 and batch - 1 ({self.batch - 1})."
            )

    def to_dict(self) -> dict[str, Any]:
        """All values that decide, for JSON; the notes have a place of their own in the manifest."""
        finish = self.finish.to_dict() if self.finish else None
        values = dataclasses.asdict(self) | {"widths": list(self.widths), "finish": finish}
        return {key: value for key, value in values.items() if key not in ("notes", "name")}

    @property
    def phases(self) -> tuple[Recipe, ...]:
        """This recipe and those that finish it, in order."""
        return (self, *(self.finish.phases if self.finish else ()))


def load_recipe(path: Path | None = None, **changes: Any) -> Recipe:
    """Read a recipe from TOML.

    Args:
        path: the file; None means the recipe of the weights that are served.
        changes: values that win over the file; None means "as in the file".

    Raises:
        SettingsError: the file cannot be read, or a name or a value in it cannot be used.
    """
    path = path or SERVED
    values = read_recipe(path, CLASSIFIER)
    recipe = _recipe(values, {key: value for key, value in changes.items() if value is not None})
    return dataclasses.replace(recipe, name=path.stem if path.parent == RECIPES else path.name)


def find_recipe(named: str) -> Path:
    """The file of a recipe: a path, or the name of one that comes with digitlens.

    Raises:
        SettingsError: there is neither.
    """
    for path in (Path(named), RECIPES / f"{named}.toml"):
        if path.is_file():
            return path
    known = ", ".join(sorted(recipe.stem for recipe in RECIPES.glob("*.toml") if recipe.stem != "fonts"))
    raise SettingsError(f"There is no recipe {named}; it must be a file, or one of {known}.")


def network_of(path: Path | None) -> str:
    """Which network a recipe makes: `CLASSIFIER`, also where it does not say, or `FINDER`. Errors as `read_recipe`."""
    return str(_read(path or SERVED).get("network", CLASSIFIER))


def read_recipe(path: Path, network: str) -> dict[str, Any]:
    """The values of a recipe for this network.

    Raises:
        SettingsError: the file cannot be read, or makes another network.
    """
    values = _read(path)
    made = values.pop("network", network)
    if made != network:
        raise SettingsError(f"The recipe {path} makes a {made}; one that makes a {network} is needed.")
    return values


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The recipe {path} cannot be read: {error}.") from error


def _recipe(values: dict[str, Any], changes: dict[str, Any]) -> Recipe:
    """A finish takes over what it does not name; changes win everywhere."""
    finish = values.pop("finish", None)
    values = {**values, **changes}
    unknown = values.keys() - {part.name for part in dataclasses.fields(Recipe)}
    if unknown:
        raise SettingsError(f"The recipe knows no {', '.join(sorted(unknown))}.")
    # Only the served architecture's widths are known here; another has its own.
    usual = Recipe().widths if values.get("architecture", STAGES) == STAGES else ()
    return Recipe(
        **{**values, "widths": tuple(values.get("widths", usual))},
        finish=_recipe({**values, **finish}, changes) if finish else None,
    )
