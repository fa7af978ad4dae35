"""No test reaches npm: a script in its place packs what the test has written."""

import io
import os
import tarfile

import pytest

from digitlens.errors import InputError, SettingsError
from digitlens.training.corpus import fonts_in, scripts_in
from digitlens.training.fonts import Font, fetch_fonts, listed_fonts

CAVEAT, KALAM = Font("caveat", "5.3.0"), Font("kalam", "5.2.8")
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
                for member in ("LICENSE", *(f"files/{name}-{part}-400-normal.woff2" for part in ("latin", "greek"))):
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
    paths = fetch_fonts(tmp_path / "fonts", [CAVEAT, KALAM])
    assert [path.name for path in paths] == ["caveat-latin-400-normal.woff2", "kalam-latin-400-normal.woff2"]
    assert [path.read_bytes() for path in paths] == [b"caveat", b"kalam"]
    assert (tmp_path / "fonts/kalam.txt").read_bytes() == b"kalam"
    paths[0].unlink()
    fetch_fonts(tmp_path / "fonts", [CAVEAT, KALAM])
    asked = (packages / "asked").read_text().splitlines()
    assert asked == ["@fontsource/caveat@5.3.0 @fontsource/kalam@5.2.8", "@fontsource/caveat@5.3.0"]


def test_a_fetch_that_fails_says_so(npm, tmp_path):
    npm(code=1, caveat="5.3.0")
    with pytest.raises(InputError, match="could not fetch"):
        fetch_fonts(tmp_path / "fonts", [CAVEAT])


def test_a_package_without_its_font_is_refused(npm, tmp_path):
    npm(caveat="5.3.0")
    with pytest.raises(InputError, match="holds no font kalam"):
        fetch_fonts(tmp_path / "fonts", [KALAM])


def test_without_npm_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="npm is not installed"):
        fetch_fonts(tmp_path / "fonts")


def test_other_scripts_have_a_folder_of_their_own(npm, tmp_path):
    packages = npm(caveat="5.3.0")
    target = tmp_path / "fonts"
    paths = fetch_fonts(target, [CAVEAT, Font("caveat", "5.3.0", "greek")])
    assert (fonts_in(target), scripts_in(target)) == (paths[:1], paths[1:])
    assert (packages / "asked").read_text() == "@fontsource/caveat@5.3.0\n"
    assert (target / "scripts/caveat.txt").exists()


def test_the_list_names_the_version_of_every_font():
    fonts = listed_fonts()
    assert len([font for font in fonts if font.subset == "latin"]) == 89
    assert len(fonts) == 112
    assert all(font.version.count(".") == 2 for font in fonts)
