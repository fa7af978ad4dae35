"""Runs the tests of the pure JavaScript modules, so that `pytest` alone runs everything."""

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js (apt install nodejs)")
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.test.js")), ids=lambda path: path.stem)
def test_javascript_module(path):
    run = subprocess.run(["node", "--test", path], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
