"""Third-party front-end files are what npm gave, and their licences stand beside them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_vendored_files_are_unchanged_and_have_their_licence():
    run = subprocess.run([sys.executable, ROOT / "scripts/vendor.py", "--check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    for manifest in ROOT.glob("*/**/vendor/*/vendored.json"):
        assert (manifest.parent / "LICENSE").is_file()
