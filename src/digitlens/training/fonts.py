"""The fonts that teach the networks, fetched from npm; for training alone, they ship with nothing."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digitlens.errors import InputError, SettingsError
from digitlens.training.corpus import PRINTED_FOLDER, SCRIPTS_FOLDER
from digitlens.training.recipe import RECIPES

LIST = RECIPES / "fonts.toml"
_FOLDER, _LICENCE, _LATIN = "package/files/", "package/LICENSE", "latin"


@dataclass(frozen=True, slots=True)
class Font:
    """A part of a font's package.

    Attributes:
        name: of the package, without its scope.
        version: of the package.
        subset: which of its letters.
        printed: whether it is for print.
    """

    name: str
    version: str
    subset: str = _LATIN
    printed: bool = False

    @property
    def file(self) -> str:
        """Name of the file in the package."""
        return f"{self.name}-{self.subset}-400-normal.woff2"

    @property
    def place(self) -> Path:
        """Where it goes in the folder of fonts."""
        if self.printed:
            return Path(PRINTED_FOLDER, self.file)
        return Path(self.file) if self.subset == _LATIN else Path(SCRIPTS_FOLDER, self.file)


def listed_fonts() -> list[Font]:
    """What `recipes/fonts.toml` lists."""
    latin = tomllib.loads(LIST.read_text("utf-8"))
    scripts = {name: entry.split() for name, entry in latin.pop("scripts").items()}
    printed = [Font(name, version, printed=True) for name, version in latin.pop("printed").items()]
    fonts = [Font(name, version) for name, version in latin.items()]
    others = [Font(name, version, part) for name, (version, *parts) in scripts.items() for part in parts]
    return fonts + printed + others


def fetch_fonts(target: Path, fonts: Sequence[Font] | None = None) -> list[Path]:
    """Put fonts and their licences into `target`.

    Those of other scripts than the Latin one go into its folder `scripts`, those for print into `printed`. What is
    there stays.

    Args:
        target: folder, made where it is missing.
        fonts: which; None means those that are listed.

    Returns:
        The paths of the fonts, in the order of the list.

    Raises:
        SettingsError: npm is not installed.
        InputError: npm cannot fetch a package, or a package holds no such font.
    """
    fonts = listed_fonts() if fonts is None else fonts
    missing = [font for font in fonts if not (target / font.place).exists()]
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            _pack(sorted({f"@fontsource/{font.name}@{font.version}" for font in missing}), Path(folder))
            for font in missing:
                _unpack(Path(folder) / f"fontsource-{font.name}-{font.version}.tgz", font, target)
    return [target / font.place for font in fonts]


def _pack(packages: list[str], folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise SettingsError("npm is not installed, and the fonts come from there.", "Install it: apt install npm.")
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), *packages]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"it ended with {done.returncode}").splitlines()[0]
        raise InputError(f"npm could not fetch the fonts: {said}.", "Check the network and try again.")


def _unpack(package: Path, font: Font, target: Path) -> None:
    path = target / font.place
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(package) as tar:
            for place, member in ((path.with_name(f"{font.name}.txt"), _LICENCE), (path, _FOLDER + font.file)):
                content = tar.extractfile(member)
                place.write_bytes(content.read() if content else b"")
    except (OSError, KeyError, tarfile.TarError) as error:
        raise InputError(f"The package {package.name} holds no font {font.file}: {error}.") from error
