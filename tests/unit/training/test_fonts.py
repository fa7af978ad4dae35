"""No test reaches npm: a script in its place packs what the test has written."""

import io
import os
import tarfile

import pytest

from digitlens.errors import InputError, SettingsError
from digitlens.training.fonts import fetch_fonts, listed_fonts

NPM = """#!/bin/sh
# npm pack --silent --pack-destination FOLDER PACKAGE...
shift 3
cp {packages}/*.tgz "$1"
shift
echo "$@" >> {packages}/asked
exit {code}
"""


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Makes a folder of packages and puts something called npm before everything else."""

    def install(code=0, **fonts):
        packages = tmp_path / "packages"
        packages.mkdir()
        for name, version in fonts.items():
            with tarfile.open(packages / f"fontsource-{name}-{version}.tgz", "w:gz") as tar:
                for member in ("LICENSE", f"files/{name}-latin-400-normal.woff2"):
                    info = tarfile.TarInfo(f"package/{member}")
                    info.size = len(name)
                    tar.addfile(info, io.BytesIO(name.encode()))
        (tmp_path / "npm").write_text(NPM.format(packages=packages, code=code))
        (tmp_path / "npm").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return packages

    return install


def test_every_font_that_is_missing_comes_with_its_licence(npm, tmp_path):
    packages = npm(caveat="5.3.0", kalam="5.2.8")
    paths = fetch_fonts(tmp_path / "fonts", {"caveat": "5.3.0", "kalam": "5.2.8"})
    assert [path.name for path in paths] == ["caveat-latin-400-normal.woff2", "kalam-latin-400-normal.woff2"]
    assert [path.read_bytes() for path in paths] == [b"caveat", b"kalam"]
    assert (tmp_path / "fonts/kalam.txt").read_bytes() == b"kalam"
    paths[0].unlink()
    fetch_fonts(tmp_path / "fonts", {"caveat": "5.3.0", "kalam": "5.2.8"})
    asked = (packages / "asked").read_text().splitlines()
    assert asked == ["@fontsource/caveat@5.3.0 @fontsource/kalam@5.2.8", "@fontsource/caveat@5.3.0"]


def test_a_fetch_that_fails_says_so(npm, tmp_path):
    npm(code=1, caveat="5.3.0")
    with pytest.raises(InputError, match="could not fetch"):
        fetch_fonts(tmp_path / "fonts", {"caveat": "5.3.0"})


def test_a_package_without_its_font_is_refused(npm, tmp_path):
    npm(caveat="5.3.0")
    with pytest.raises(InputError, match="holds no font kalam"):
        fetch_fonts(tmp_path / "fonts", {"kalam": "5.3.0"})


def test_without_npm_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="npm is not installed"):
        fetch_fonts(tmp_path / "fonts")


def test_the_list_names_the_version_of_every_font():
    fonts = listed_fonts()
    assert len(fonts) == 73
    assert all(version.count(".") == 2 for version in fonts.values())
