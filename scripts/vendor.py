"""Fetch the third-party front-end files from npm and write them, unchanged, with version, licence and checksum.

Run it to move to another version: change the number below, run `python scripts/vendor.py`, read the difference, commit.
`python scripts/vendor.py --check` says whether the files are still what npm gave (no network needed); a test runs it.
It calls the `npm` command, so that the registry, proxy and cache are those of the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MANIFEST = "vendored.json"


@dataclass(frozen=True)
class Package:
    """One npm package: which version, which of its files, and where they go (relative to the repository)."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]
    folder: str


PACKAGES = (
    Package(
        name="signature_pad",
        version="5.1.4",
        licence="MIT",
        files=("dist/signature_pad.js", "LICENSE"),
        folder="src/digitlens/web/static/vendor/signature_pad",
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        files=("axe.min.js", "LICENSE"),
        folder="tests/browser/vendor/axe-core",
    ),
)


def fetch(package: Package) -> None:
    """Download one package and write its files and manifest."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{package.name}@{package.version}", "--json", "--silent"]
        answer = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        packed = json.loads(answer.stdout)[0]
        archive = Path(folder) / packed["filename"]
        contents = _read_members(archive, package.files)
    target = REPOSITORY / package.folder
    target.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (target / name).write_bytes(content)
    manifest = {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "source": f"npm: {package.name}@{package.version}",
        "integrity": packed["integrity"],
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{package.folder}: {package.name} {package.version}, {sum(map(len, contents.values())):,} bytes")


def _read_members(archive: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for name in names:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{archive.name} has no file {name}.")
            contents[Path(name).name] = member.read()
    return contents


def differences(package: Package) -> list[str]:
    """What is wrong with the files on disk; empty when they are what npm gave."""
    folder = REPOSITORY / package.folder
    if not (folder / MANIFEST).exists():
        return [f"{package.folder}/{MANIFEST} is missing"]
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    found = []
    if manifest["version"] != package.version:
        found.append(f"{package.folder} has version {manifest['version']}, wanted is {package.version}")
    for name, sha256 in manifest["sha256"].items():
        path = folder / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            found.append(f"{package.folder}/{name} is missing or was changed")
    return found


def main() -> int:
    """Fetch, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the files with their checksums, fetch nothing")
    if parser.parse_args().check:
        problems = [problem for package in PACKAGES for problem in differences(package)]
        print("\n".join(problems) or "All vendored files are as npm gave them.")
        return 1 if problems else 0
    for package in PACKAGES:
        fetch(package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
