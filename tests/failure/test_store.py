"""A full disk and a killed process: results are whole or not there, and the app says so and goes on."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digitlens.store.results import ResultStore

DATA = Path(__file__).parents[1] / "data"
PAGE = DATA / "pages" / "plain.jpg"

# A process whose files may not grow beyond a limit sees what a full disk shows: a write that fails half-way.
UNDER_A_FILE_LIMIT = """
import io, json, resource, sys
from pathlib import Path
from PIL import Image
from digitlens.settings import Settings
from digitlens.web import create_app

folder, limit, picture = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
app = create_app(Settings(data_dir=folder))
client = app.test_client()
def send():
    body = {"files": (io.BytesIO(picture.read_bytes()), "a.jpg")}
    return client.post("/readings", data=body, headers={"Accept": "application/json"})
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
full = send()
left = [path.name for path in (folder / "blobs").iterdir()]
ready = client.get("/readyz").status_code
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
again = send().status_code
answer = {"status": full.status_code, "error": full.json["error"], "left": left, "ready": ready, "again": again}
print(json.dumps(answer))
"""


def under_a_file_limit(tmp_path, limit, picture=PAGE):
    command = [sys.executable, "-c", UNDER_A_FILE_LIMIT, str(tmp_path / "var"), str(limit), str(picture)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(run.stdout)


def test_a_disk_too_full_for_the_picture_is_told_and_leaves_nothing(tmp_path):
    answer = under_a_file_limit(tmp_path, limit=1000)
    assert (answer["status"], answer["error"]["code"]) == (503, "store_unavailable")
    assert "could not be kept" in answer["error"]["message"]
    assert answer["left"] == []
    assert answer["ready"] == 503
    assert answer["again"] == 303


def test_a_disk_too_full_for_the_row_is_told_and_leaves_nothing(tmp_path):
    answer = under_a_file_limit(tmp_path, limit=30_000, picture=DATA / "decode" / "plain.png")
    assert (answer["status"], answer["error"]["code"]) == (503, "store_unavailable")
    assert "database" in answer["error"]["message"]
    assert answer["left"] == []
    assert answer["ready"] == 503
    assert answer["again"] == 303


def test_a_folder_in_whose_place_a_file_stands_is_told_and_the_app_recovers(client, settings):
    blobs = settings.data_dir / "blobs"
    blobs.rmdir()
    blobs.write_text("in the way")
    answer = client.post(
        "/readings", data={"files": (PAGE.open("rb"), "a.jpg")}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "store_unavailable"
    blobs.unlink()
    blobs.mkdir()
    assert client.post("/readings", data={"files": (PAGE.open("rb"), "a.jpg")}).status_code == 303


def test_a_process_killed_before_the_row_leaves_a_picture_that_the_next_start_removes(tmp_path):
    program = """
import os, signal, sys
from pathlib import Path
from digitlens.results import Reading
from digitlens.store.results import ResultStore
with ResultStore(Path(sys.argv[1]), 24, 10).draft() as draft:
    draft.add_page("a.png", 1, Reading((), (), 1, 1), b"picture")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "blobs").iterdir())) == 1
    store = ResultStore(tmp_path, 24, 10)
    assert store.sweep(datetime.now(UTC) + timedelta(hours=2)) == 1
    assert list((tmp_path / "blobs").iterdir()) == []
    store.close()
