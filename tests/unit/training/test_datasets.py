import gzip
import hashlib
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from digitlens.errors import InputError
from digitlens.training.datasets import SHA256, fetch_mnist, load_splits, load_test_part

CONTENT = {
    "pictures": np.random.default_rng(0).integers(0, 256, 300_000, np.uint8).tobytes(),
    "labels": bytes(range(10)) * 100,
}
CHECKSUMS = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}


class Mirror:
    """A real HTTP server on this machine, which can cut connections, ignore ranges, or send something else."""

    def __init__(self, files, cut_after=None, knows_ranges=True):
        self.files, self.cut_after, self.knows_ranges = files, cut_after, knows_ranges
        self.requests = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.answer(self)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def answer(self, handler):
        wanted = handler.headers.get("Range")
        self.requests.append((handler.path, wanted))
        content = self.files.get(handler.path.strip("/"))
        if content is None:
            return handler.send_error(404)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.knows_ranges else 0
        if start >= len(content):
            return handler.send_error(416)
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(content) - start))
        handler.end_headers()
        end = len(content) if self.cut_after is None else min(len(content), start + self.cut_after)
        handler.wfile.write(content[start:end])
        return None


def packed(level=9):
    return {f"{name}.gz": gzip.compress(content, level, mtime=0) for name, content in CONTENT.items()}


def fetch(target, *mirrors, **options):
    return fetch_mnist(target, mirrors=[mirror.address for mirror in mirrors], checksums=CHECKSUMS, **options)


def contents(paths):
    return [gzip.decompress(path.read_bytes()) for path in paths]


def test_files_are_fetched_with_progress_up_to_their_size(tmp_path):
    seen = []
    with Mirror(packed()) as mirror:
        paths = fetch(tmp_path / "new", mirror, progress=lambda *step: seen.append(step))
    assert contents(paths) == list(CONTENT.values())
    sizes = {name: len(content) for name, content in packed().items()}
    assert {(name, total) for name, _, total in seen} == set(sizes.items())
    assert [done for name, done, _ in seen if name == "pictures.gz"][-1] == sizes["pictures.gz"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["labels.gz", "pictures.gz"]


def test_what_is_there_and_right_is_not_fetched_again(tmp_path):
    with Mirror(packed()) as mirror:
        fetch(tmp_path, mirror)
        mirror.requests.clear()
        fetch(tmp_path, mirror)
        assert mirror.requests == []


def test_a_download_cut_short_goes_on_where_it_stopped(tmp_path):
    with Mirror(packed(), cut_after=70_000) as broken, pytest.raises(InputError, match="ended after"):
        fetch(tmp_path, broken)
    had = (tmp_path / "pictures.gz.part").stat().st_size
    assert 0 < had <= 70_000
    with Mirror(packed()) as mirror:
        assert contents(fetch(tmp_path, mirror)) == list(CONTENT.values())
        assert mirror.requests[0] == ("/pictures.gz", f"bytes={had}-")


def test_a_mirror_without_ranges_starts_from_the_beginning(tmp_path):
    (tmp_path / "pictures.gz.part").write_bytes(packed()["pictures.gz"][:1000])
    with Mirror(packed(), knows_ranges=False) as mirror:
        assert contents(fetch(tmp_path, mirror)) == list(CONTENT.values())


def test_a_part_that_is_already_whole_is_taken_over(tmp_path):
    (tmp_path / "pictures.gz.part").write_bytes(packed()["pictures.gz"])
    with Mirror(packed()) as mirror:
        assert contents(fetch(tmp_path, mirror)) == list(CONTENT.values())
        assert [path for path, _ in mirror.requests] == ["/pictures.gz", "/labels.gz"]


def test_a_part_of_another_packing_is_thrown_away_and_fetched_afresh(tmp_path):
    (tmp_path / "pictures.gz.part").write_bytes(packed(level=0)["pictures.gz"][:5000])
    with Mirror(packed()) as mirror:
        assert contents(fetch(tmp_path, mirror)) == list(CONTENT.values())


def test_a_dead_mirror_and_one_with_other_files_are_passed_over(tmp_path):
    with Mirror({}) as dead:
        pass
    other = {name: gzip.compress(b"another file") for name in packed()}
    with Mirror({}) as empty, Mirror(other) as wrong, Mirror(packed()) as good:
        assert contents(fetch(tmp_path, dead, empty, wrong, good)) == list(CONTENT.values())


def test_where_no_mirror_helps_the_error_says_what_each_one_did_and_leaves_nothing_wrong_behind(tmp_path):
    with Mirror({}) as dead:
        pass
    with (
        Mirror({}) as empty,
        Mirror(dict.fromkeys(packed(), b"not even packed")) as wrong,
        pytest.raises(InputError) as caught,
    ):
        fetch(tmp_path, dead, empty, wrong)
    for part in (dead.address, f"{empty.address}: HTTP Error 404", f"{wrong.address}: wrong checksum"):
        assert part in caught.value.message
    assert "--from DIR" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_files_that_are_there_already_are_taken_from_their_folder(tmp_path, suffix):
    source = tmp_path / "source"
    source.mkdir()
    for name, content in CONTENT.items():
        (source / f"{name}{suffix}").write_bytes(gzip.compress(content) if suffix else content)
    target = tmp_path / "target"
    target.mkdir()
    (target / "labels.gz").write_bytes(b"wrong")
    paths = fetch_mnist(target, source, checksums=CHECKSUMS)
    assert [path.name for path in paths] == [f"{name}{suffix}" for name in CONTENT]
    assert fetch_mnist(target, source, mirrors=(), checksums=CHECKSUMS) == paths
    shutil.rmtree(source)
    assert fetch_mnist(target, mirrors=(), checksums=CHECKSUMS) == paths


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no pictures"):
        fetch_mnist(tmp_path / "target", tmp_path, checksums=CHECKSUMS)


def test_a_folder_with_another_file_under_the_name_is_refused(tmp_path):
    (tmp_path / "pictures").write_bytes(b"something else")
    with pytest.raises(InputError, match=f"not {CHECKSUMS['pictures'][:12]}"):
        fetch_mnist(tmp_path / "target", tmp_path, checksums=CHECKSUMS)


def test_loading_from_an_empty_folder_says_how_to_get_the_files(tmp_path):
    with pytest.raises(InputError) as caught:
        load_test_part(tmp_path)
    assert "digitlens data fetch" in caught.value.hint


def test_mnist_is_split_into_training_validation_and_calibration(shared_data):
    splits = load_splits(shared_data / "mnist")
    assert [len(part.labels) for part in (splits.training, splits.validation, splits.calibration)] == [
        55_000,
        2_500,
        2_500,
    ]
    assert splits.training.pictures.shape == (55_000, 28, 28)
    assert splits.training.pictures.dtype == np.uint8
    assert splits.training.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert len(load_splits(shared_data / "mnist", limit=7).calibration.labels) == 7


def test_mnist_comes_from_a_folder_that_has_it(shared_data, tmp_path):
    assert [path.name for path in fetch_mnist(tmp_path, shared_data / "mnist")] == [f"{name}.gz" for name in SHA256]
