import subprocess
import sys

import pytest

HEAVY = {"tensorflow", "keras", "cv2", "ai_edge_litert", "PIL", "pypdfium2", "sqlalchemy", "flask"}


def modules_after(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "digitlens", *arguments], capture_output=True, text=True, check=True
    )
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}


@pytest.mark.parametrize("arguments", ["--help", "--version", "read --help", "serve --help", "train --help"])
def test_asking_for_help_loads_nothing_heavy(arguments):
    loaded = modules_after(*arguments.split())
    assert "digitlens" in loaded
    assert not loaded & HEAVY


def test_reading_a_picture_never_loads_tensorflow(page_with_a_number):
    loaded = modules_after("read", str(page_with_a_number))
    assert "cv2" in loaded
    assert not loaded & {"tensorflow", "keras", "flask", "sqlalchemy"}


def test_the_web_app_never_loads_tensorflow():
    script = "import sys, digitlens.web; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
