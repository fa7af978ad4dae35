r"""digitlens reads handwritten digits: a picture goes in, the digits come out, each with a box and a confidence.

>>> from digitlens import Reader
>>> Reader().read("scores.jpg").text            # doctest: +SKIP
'407\n92'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digitlens.errors import (
    DigitlensError,
    InputError,
    ModelError,
    SettingsError,
    TooLargeError,
    UnreadableImageError,
    UnsupportedFormatError,
)
from digitlens.results import Box, Digit, Line, Reading

if TYPE_CHECKING:
    from digitlens.reader import Reader

__version__ = "0.1.0"

__all__ = [
    "Box",
    "Digit",
    "DigitlensError",
    "InputError",
    "Line",
    "ModelError",
    "Reader",
    "Reading",
    "SettingsError",
    "TooLargeError",
    "UnreadableImageError",
    "UnsupportedFormatError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Import `Reader` on first use, so that `digitlens --help` loads neither OpenCV nor the runtime."""
    if name == "Reader":
        from digitlens.reader import Reader

        return Reader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
