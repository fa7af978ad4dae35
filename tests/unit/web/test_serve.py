"""The server as a process: starts, answers, stops, and says in one line why it does not start."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "data" / "pages" / "plain.jpg"


def command(folder, *options):
    return [sys.executable, "-m", "digitlens", "serve", "--port", "0", "--data-dir", str(folder / "var"), *options]


@contextmanager
def running(folder):
    """A server on a free port; gives the process and its address."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command(folder), cwd=folder, **pipes) as server:
        try:
            line = server.stdout.readline()
            yield server, re.search(r"http://127\.0\.0\.1:\d+", line)[0]
        finally:
            server.terminate()


def ask(address, body):
    request = urllib.request.Request(f"{address}/api/v1/readings", body, {"Content-Type": "image/jpeg"})
    return urllib.request.urlopen(request, timeout=30)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_on_the_address_it_prints_and_stops_when_asked(tmp_path, stop):
    with running(tmp_path) as (server, address):
        with ask(address, PAGE.read_bytes()) as answer:
            assert json.load(answer)["readings"][0]["lines"]
        server.send_signal(stop)
        assert server.wait(30) == 0
        assert "Traceback" not in server.stderr.read()


def test_a_request_under_way_is_finished_before_the_server_stops(tmp_path):
    body = PAGE.read_bytes()
    head = (
        f"POST /api/v1/readings HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with running(tmp_path) as (server, address):
        # The port is open before the process that serves has its networks; until then nobody would take the request.
        urllib.request.urlopen(f"{address}/readyz", timeout=60).close()
        with socket.create_connection(("127.0.0.1", int(address.rsplit(":")[-1])), timeout=30) as connection:
            connection.sendall(head.encode() + body[:1000])
            time.sleep(0.5)  # until a thread waits for the rest
            server.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            connection.sendall(body[1000:])
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert server.wait(30) == 0


def test_a_body_far_over_the_limit_still_gets_its_answer(tmp_path):
    with running(tmp_path) as (_, address):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            ask(address, bytes(40_000_000))
        with refusal.value as answer:
            assert answer.code == 413
            assert json.load(answer)["error"]["message"].startswith("The request has 40.0 MB; at most 25 MB")


def test_a_port_in_use_is_one_clear_line_and_exit_code_5(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(command(tmp_path, "--port", port), capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 5
    assert f"Port {port} on 127.0.0.1 is in use" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_address_of_another_machine_is_one_clear_line(tmp_path):
    run = subprocess.run(
        command(tmp_path, "--host", "192.0.2.1"), capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 5
    assert "192.0.2.1" in run.stderr


def test_missing_weights_are_told_before_the_port_opens(tmp_path):
    run = subprocess.run(
        command(tmp_path, "--model", str(tmp_path)), capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 4
    assert "http://" not in run.stdout
    assert "Traceback" not in run.stderr


def test_a_data_folder_that_cannot_be_used_is_told_before_the_port_opens(tmp_path):
    (tmp_path / "var").write_text("a file is in the way")
    run = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 4
    assert "cannot be used" in run.stderr
    assert "http://" not in run.stdout
