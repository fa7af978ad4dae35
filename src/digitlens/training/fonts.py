"""The handwriting fonts that teach the networks, fetched from npm; for training alone, they ship with nothing."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

from digitlens.errors import InputError, SettingsError
from digitlens.training.recipe import RECIPES

LIST = RECIPES / "fonts.toml"
_FILE, _LICENCE = "package/files/{}-latin-400-normal.woff2", "package/LICENSE"


def listed_fonts() -> dict[str, str]:
    """Name of each font's package to its version."""
    return tomllib.loads(LIST.read_text("utf-8"))


def fetch_fonts(target: Path, fonts: dict[str, str] | None = None) -> list[Path]:
    """Put each font's Latin letters and its licence into `target`, as `NAME-latin-400-normal.woff2` and `NAME.txt`.

    What is there stays.

    Args:
        target: folder, made where it is missing.
        fonts: name to version; None means those that `recipes/fonts.toml` lists.

    Returns:
        The paths of the fonts, in the order of the list.

    Raises:
        SettingsError: npm is not installed.
        InputError: npm cannot fetch a package, or a package holds no such font.
    """
    fonts = fonts or listed_fonts()
    target.mkdir(parents=True, exist_ok=True)
    paths = {name: target / Path(_FILE.format(name)).name for name in fonts}
    missing = [name for name, path in paths.items() if not path.exists()]
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            _pack([f"@fontsource/{name}@{fonts[name]}" for name in missing], Path(folder))
            for name in missing:
                _unpack(Path(folder) / f"fontsource-{name}-{fonts[name]}.tgz", name, target)
    return list(paths.values())


def _pack(packages: list[str], folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise SettingsError("npm is not installed, and the fonts come from there.", "Install it: apt install npm.")
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), *packages]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"it ended with {done.returncode}").splitlines()[0]
        raise InputError(f"npm could not fetch the fonts: {said}.", "Check the network and try again.")


def _unpack(package: Path, name: str, target: Path) -> None:
    try:
        with tarfile.open(package) as tar:
            files = {target / f"{name}.txt": _LICENCE, target / Path(_FILE.format(name)).name: _FILE.format(name)}
            for path, member in files.items():
                content = tar.extractfile(member)
                path.write_bytes(content.read() if content else b"")
    except (OSError, KeyError, tarfile.TarError) as error:
        raise InputError(f"The package {package.name} holds no font {name}: {error}.") from error
