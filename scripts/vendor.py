"""Fetch the third-party front-end files from npm and write them with version, licence and checksum.

They stay as npm gives them, but for what is said below and recorded in their `vendored.json`: a text replaced, because
our Content-Security-Policy forbids import maps, or a file packed with gzip. `--check` undoes both in memory, and what
comes out must have the checksum of npm's file.

Run it to move to another version: change the number below, run `python scripts/vendor.py`, read the difference, commit.
`python scripts/vendor.py --check` says whether the files are still what npm gave (no network needed); a test runs it.
It calls the `npm` command, so that the registry, proxy and cache are those of the machine.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MANIFEST = "vendored.json"


@dataclass(frozen=True)
class Rewrite:
    """A text that is replaced in a vendored file, where it stands exactly once, and why."""

    file: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Package:
    """One npm package: which version, which of its files, and where they go (relative to the repository).

    A file of the package's own repository that npm does not carry is given by `shared`: name here, and where it stands
    in this repository. Files whose name ends with one of `packed` are kept with gzip.
    """

    name: str
    version: str
    licence: str
    files: tuple[str, ...]
    folder: str
    rewrites: tuple[Rewrite, ...] = ()
    packed: tuple[str, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()


PACKAGES = (
    Package(
        name="signature_pad",
        version="5.1.4",
        licence="MIT",
        files=("dist/signature_pad.js", "LICENSE"),
        folder="src/digitlens/web/static/vendor/signature_pad",
    ),
    Package(
        name="@litertjs/core",
        version="2.5.3",
        licence="Apache-2.0",
        # Of the four builds of the runtime only the one that every browser with WebAssembly SIMD runs (Safari has no
        # relaxed SIMD): on the processor it takes the same time for a digit as the newer one.
        files=("dist/index.js", "wasm/litert_wasm_compat_internal.js", "wasm/litert_wasm_compat_internal.wasm"),
        folder="src/digitlens/web/static/vendor/litertjs-core",
        rewrites=(
            Rewrite(
                file="index.js",
                old='from "@litertjs/wasm-utils"',
                new='from "../litertjs-wasm-utils/index.js"',
                why="a bare name needs an import map, which is an inline script; the policy of our pages forbids those",
            ),
            Rewrite(
                file="index.js",
                old="liteRt.setDefaultEnvironment(\n      await Environment.create()",
                new="liteRt.setDefaultEnvironment(\n      await Environment.create({ webGpuDevice: null })",
                why="it runs on the processor alone: looking for a GPU puts two warnings into the console",
            ),
        ),
        packed=("_internal.js", ".wasm"),
        # npm's package names its licence but carries no text of it; it is the same as ours.
        shared=(("LICENSE", "LICENSE"),),
    ),
    Package(
        name="@litertjs/wasm-utils",
        version="2.5.3",
        licence="Apache-2.0",
        files=("dist/index.js",),
        folder="src/digitlens/web/static/vendor/litertjs-wasm-utils",
        shared=(("LICENSE", "LICENSE"),),
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
        archive = Path(folder) / Path(packed["filename"]).name
        if not archive.exists():  # some versions of npm name a scoped package's archive with its slash
            archive = next(Path(folder).glob("*.tgz"))
        contents = _read_members(archive, package.files)
    target = REPOSITORY / package.folder
    target.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (target / _stored_name(package, name)).write_bytes(_stored(package, name, content))
    for name, source in package.shared:
        (target / name).write_bytes((REPOSITORY / source).read_bytes())
    manifest = {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "source": f"npm: {package.name}@{package.version}",
        "integrity": packed["integrity"],
        "sha256": {name: _sha256(content) for name, content in contents.items()},
    }
    if package.rewrites:
        manifest["rewritten"] = [asdict(rewrite) for rewrite in package.rewrites]
    if package.packed:
        manifest["gzipped"] = [name for name in contents if name.endswith(package.packed)]
    if package.shared:
        manifest["not_from_npm"] = {name: f"this project's {source}" for name, source in package.shared}
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


def _stored_name(package: Package, name: str) -> str:
    return f"{name}.gz" if package.packed and name.endswith(package.packed) else name


def _stored(package: Package, name: str, content: bytes) -> bytes:
    """What is written for a file of npm."""
    for rewrite in package.rewrites:
        if rewrite.file == name:
            content = _replaced_once(content, rewrite.old, rewrite.new)
    return gzip.compress(content, 9, mtime=0) if _stored_name(package, name) != name else content


def _original(package: Package, name: str) -> bytes:
    """The file of npm, from what was written."""
    stored_name = _stored_name(package, name)
    content = (REPOSITORY / package.folder / stored_name).read_bytes()
    if stored_name != name:
        content = gzip.decompress(content)
    for rewrite in reversed(package.rewrites):
        if rewrite.file == name:
            content = _replaced_once(content, rewrite.new, rewrite.old)
    return content


def _is_from_npm(package: Package, name: str, sha256: str) -> bool:
    try:
        return _sha256(_original(package, name)) == sha256
    except (OSError, ValueError, EOFError):  # missing; rewritten otherwise; packed badly
        return False


def _replaced_once(content: bytes, old: str, new: str) -> bytes:
    if content.count(old.encode()) != 1:
        raise ValueError(f"The text {old!r} does not stand there exactly once.")
    return content.replace(old.encode(), new.encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def differences(package: Package) -> list[str]:
    """What is wrong with the files on disk; empty when they are what npm gave but for what their manifest tells."""
    folder = REPOSITORY / package.folder
    if not (folder / MANIFEST).exists():
        return [f"{package.folder}/{MANIFEST} is missing"]
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    found = []
    if manifest["version"] != package.version:
        found.append(f"{package.folder} has version {manifest['version']}, wanted is {package.version}")
    if manifest.get("rewritten", []) != [asdict(rewrite) for rewrite in package.rewrites]:
        found.append(f"{package.folder}/{MANIFEST} does not tell what is rewritten")
    changed = [name for name, sha256 in manifest["sha256"].items() if not _is_from_npm(package, name, sha256)]
    found += [f"{package.folder}/{name} is missing or was changed" for name in changed]
    for name, source in package.shared:
        if not (folder / name).exists() or (folder / name).read_bytes() != (REPOSITORY / source).read_bytes():
            found.append(f"{package.folder}/{name} is not this project's {source}")
    return found


def main() -> int:
    """Fetch, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the files with their checksums, fetch nothing")
    if parser.parse_args().check:
        problems = [problem for package in PACKAGES for problem in differences(package)]
        print("\n".join(problems) or "All vendored files are as npm gave them, but for what their manifests tell.")
        return 1 if problems else 0
    for package in PACKAGES:
        fetch(package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
