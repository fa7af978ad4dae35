"""What a training run is made from, as a value that can be kept beside it."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitlens.errors import SettingsError

# How the weights that are served are made.
SERVED = Path(__file__).parent / "recipes" / "served.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides what a network becomes, apart from the pictures and the code.

    Attributes:
        seed: of the first weights, the order of the pictures and every distortion.
        epochs: times that every training digit is seen, each time distorted anew.
        batch: frames a step.
        negatives: how many of them are no digits.
        photographed: share of the digits in [0, 1] that are drawn and photographed instead of bent in their frame.
        regional: share of the ones and sevens in [0, 1] that get flag, foot or bar, as written outside America.
        bending: strength of the distortion of digits that stay in their frame; 1 is full.
        learning_rate: the highest; it rises in the first epoch and then falls along a cosine to 0.
        weight_decay: of AdamW, for convolutions and the last layer.
        label_smoothing: share of the target that is spread over all classes.
        dropout: share of the last features that is hidden in each step.
        widths: features of the three stages.
        finish: how the network goes on after that; its learning rate starts anew.
    """

    seed: int = 2026
    epochs: int = 32
    batch: int = 128
    negatives: int = 22
    photographed: float = 0.45
    regional: float = 0.08
    bending: float = 1.0
    learning_rate: float = 0.002
    weight_decay: float = 0.02
    label_smoothing: float = 0.03
    dropout: float = 0.4
    widths: tuple[int, ...] = (32, 64, 128)
    finish: Recipe | None = None

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise SettingsError(f"epochs is {self.epochs}; it must be 1 or more.")
        if not 0 <= self.negatives < self.batch:
            raise SettingsError(
                f"negatives is {self.negatives}; it must lie between 0 and batch - 1 ({self.batch - 1})."
            )

    def to_dict(self) -> dict[str, Any]:
        """All values, for JSON."""
        finish = self.finish.to_dict() if self.finish else None
        return dataclasses.asdict(self) | {"widths": list(self.widths), "finish": finish}

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
    try:
        values = tomllib.loads((path or SERVED).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The recipe {path} cannot be read: {error}.") from error
    return _recipe(values, {key: value for key, value in changes.items() if value is not None})


def _recipe(values: dict[str, Any], changes: dict[str, Any]) -> Recipe:
    """A finish takes over what it does not name; changes win everywhere."""
    finish = values.pop("finish", None)
    values = {**values, **changes}
    unknown = values.keys() - {field.name for field in dataclasses.fields(Recipe)}
    if unknown:
        raise SettingsError(f"The recipe knows no {', '.join(sorted(unknown))}.")
    return Recipe(
        **{**values, "widths": tuple(values.get("widths", Recipe().widths))},
        finish=_recipe({**values, **finish}, changes) if finish else None,
    )
