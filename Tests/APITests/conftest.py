"""Tests of the API as a whole by tools of others, against `packager serve` as it was built.

    swift build --product packager
    python=$(scripts/python-environment api-tests Tests/APITests/requirements.txt)
    $python -m pytest -q Tests/APITests
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGER = Path(os.environ.get("PACKAGER", ROOT / ".build" / "debug" / "packager"))


class Server:
    """`packager serve`, asked through Python's own client."""

    def __init__(self, url, log):
        self.url = url
        self.log = log

    def send(self, method, path, body=None, headers=None):
        """The status, the fields and the bytes of a reply, whatever its status is."""
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def json(self, method, path, body=None):
        status, _, text = self.send(method, path, body)
        assert status < 300, f"{method} {path}: {status} {text}"
        return json.loads(text)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def serving(directory):
    """A server on a directory of its own. Its jobs are to fail at once: it has no index, and nothing to build on."""
    url = f"http://127.0.0.1:{free_port()}"
    log = directory / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PACKAGER_")}
    environment["PACKAGER_CONFIG"] = "/dev/null"
    command = [PACKAGER, "serve", "--data", directory / "data", "--port", url.rsplit(":", 1)[1], "--grace", "1"]
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment
        )
    server = Server(url, log)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                if server.send("GET", "/health")[0] == 200:
                    break
            assert process.poll() is None, f"the server ended at once:\n{log.read_text()[-4000:]}"
            time.sleep(0.1)
        yield server
        assert process.poll() is None, f"the server crashed:\n{log.read_text()[-4000:]}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("api")) as server:
        yield server


def pytest_configure(config):
    # One of the validators uses what another package would rather not have.
    config.addinivalue_line("filterwarnings", "ignore:jsonschema.RefResolver:DeprecationWarning")
