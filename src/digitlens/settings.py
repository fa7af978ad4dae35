"""One frozen Settings. Every field states its unit and why its default is what it is.

`Settings.from_environ` reads `DIGITLENS_<FIELD>`; the core never reads the environment itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitlens.errors import SettingsError

MEGABYTE = 1_000_000


def _setting(default: Any, unit: str, reason: str, low: float = 0, high: float = 10**12) -> Any:
    return dataclasses.field(default=default, metadata={"unit": unit, "reason": reason, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. `digitlens doctor` prints it; `docs/deployment.md` explains it."""

    # What may come in
    max_bytes: int = _setting(25 * MEGABYTE, "bytes a file", "a 48-megapixel phone photo has 10 to 20 MB", low=1)
    max_request_bytes: int = _setting(250 * MEGABYTE, "bytes a request", "thirty photos of 8 MB in one go", low=1)
    max_pixels: int = _setting(64_000_000, "pixels a page", "a 48-megapixel photo passes, a bomb does not", low=1)
    max_pages: int = _setting(20, "pages a file", "a scanned stack passes; a book belongs into a batch", low=1)
    max_files: int = _setting(30, "files a request", "a class set of sheets in one go", low=1)
    pdf_dpi: int = _setting(200, "dots an inch", "an 8 pt digit is then 16 px high", low=36, high=600)
    # What counts as sure
    review_threshold: float = _setting(0.95, "probability", "below it a digit is doubtful", low=0, high=1)
    # Where results live
    data_dir: Path = _setting(Path("var"), "folder", "beside the checkout, so that nothing is hidden")
    result_lifetime_h: float = _setting(168.0, "hours", "a week: long enough to come back, short enough to forget")
    max_stored_mb: int = _setting(2000, "megabytes", "a laptop's disk never fills; the oldest results go first", low=1)
    # How the server runs
    host: str = _setting("127.0.0.1", "address", "open to this machine alone until asked otherwise")
    port: int = _setting(8000, "TCP port", "the port that the README names", low=0, high=65535)
    threads: int = _setting(8, "threads", "uploads overlap; the networks themselves are fast", low=1, high=256)
    readings_at_once: int = _setting(2, "files", "bounds the memory: 0.7 GB for a page of 64 megapixels", low=1)
    public: bool = _setting(False, "true or false", "true behind HTTPS: secure cookies and HSTS")

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and not field.metadata["low"] <= value <= field.metadata["high"]:
                raise SettingsError(
                    f"{field.name} (DIGITLENS_{field.name.upper()}) is {value}; it must lie between "
                    f"{field.metadata['low']:,} and {field.metadata['high']:,} ({field.metadata['unit']}).",
                )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], **overrides: Any) -> Settings:
        """Read `DIGITLENS_<FIELD>` for every field.

        Args:
            environ: for example `os.environ`; an unknown `DIGITLENS_` name is an error, since it is a typing mistake.
            overrides: values that win over the environment; None means "not given".

        Raises:
            SettingsError: a name is unknown or a value cannot be used.
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for name, text in environ.items():
            if not name.startswith("DIGITLENS_"):
                continue
            key = name.removeprefix("DIGITLENS_").lower()
            if key not in fields:
                raise SettingsError(f"{name} is no setting of digitlens; known are: {', '.join(sorted(fields))}.")
            values[key] = _parse(name, text, type(fields[key].default))
        values.update({key: value for key, value in overrides.items() if value is not None})
        return cls(**values)


def _parse(name: str, text: str, kind: type) -> Any:
    if kind is bool or issubclass(kind, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise SettingsError(f"{name} is {text!r}; it must be true or false.")
    try:
        if issubclass(kind, Path):
            return Path(text)
        return int(text) if issubclass(kind, int) else float(text) if issubclass(kind, float) else text
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; it must be a number ({kind.__name__}).") from None
