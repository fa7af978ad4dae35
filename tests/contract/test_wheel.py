import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HOME_PAGE = """
import sys, pathlib
from digitlens.settings import Settings
from digitlens.web import create_app
client = create_app(Settings(data_dir=pathlib.Path(sys.argv[1]))).test_client()
page = client.get("/")
assert page.status_code == 200, page.status
assert "Schick ein Bild" in client.get("/?lang=de").text
assert client.get("/words/de.json").json
client.delete_cookie("lang")
assert page.text.count('class="sample"') >= 12, page.text
print(client.get("/static/samples/single-digit.jpg").status_code)
"""


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """An environment with the wheel in it, as `make dist` builds it.

    The packages that digitlens needs come from this environment, so that the test needs no network; digitlens itself
    can only come from the wheel, since a folder named in a .pth file brings no editable installs along.
    """
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=folder)
    python = folder / "env/bin/python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_wheel_reads_a_picture(installed, page_with_a_number, reader):
    answer = json.loads(run(installed / "env/bin/digitlens", "read", "--json", page_with_a_number, cwd=installed))
    assert answer["text"] == reader.read(page_with_a_number).text
    where = run(installed / "env/bin/python", "-c", "import digitlens; print(digitlens.__file__)", cwd=installed)
    assert where.startswith(str(installed))


def test_the_wheel_carries_both_networks(installed):
    script = "from digitlens.model.artifact import load_artifact; print(load_artifact().finder is not None)"
    assert run(installed / "env/bin/python", "-c", script, cwd=installed).strip() == "True"


def test_the_wheel_carries_pages_and_samples(installed):
    assert run(installed / "env/bin/python", "-c", HOME_PAGE, installed / "var", cwd=installed).strip() == "200"


def test_reading_needs_no_tensorflow_by_the_wheels_own_word(installed):
    script = "import importlib.metadata as m; print('\\n'.join(m.requires('digitlens')))"
    needed = [
        line for line in run(installed / "env/bin/python", "-c", script, cwd=installed).splitlines() if ";" not in line
    ]
    assert any(line.startswith("ai-edge-litert") for line in needed)
    assert not any(line.startswith(("tensorflow", "keras")) for line in needed)
