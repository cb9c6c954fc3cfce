"""The real server: the CPU build of tritonserver 2.51 (24.10) that the wheel of nvidia-pytriton carries.

    python=$(scripts/python-environment triton-server-tests Tests/TritonServerTests/requirements.txt)
    "$python" -m pytest -q Tests/TritonServerTests
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

PACKAGES = Path(sysconfig.get_paths()["purelib"])

# A model that takes any configuration; requests are of no interest here.
MODEL = """
class TritonPythonModel:
    def execute(self, requests):
        return []
"""


def free_ports(count):
    """Ports of the loopback interface that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Server:
    """tritonserver on a repository whose models are loaded one by one, with backends by their Triton names."""

    def __init__(self, directory, control="explicit"):
        self.repository = Path(directory) / "repository"
        self.repository.mkdir(exist_ok=True)
        self._root = Path(directory) / "tritonserver"
        shutil.copytree(PACKAGES / "pytriton" / "tritonserver", self._root)
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        backends = self._root / "backends"
        # The real program that runs models in Python, under the name that Triton gives it.
        program = self._root / "python_backend_stubs" / minor / "triton_python_backend_stub"
        shutil.copy(program, backends / "python")
        # The wheel has the Python backend only; one in Python stands for another, so that its name is known.
        (backends / "onnxruntime").mkdir()
        (backends / "onnxruntime" / "model.py").write_text(MODEL)
        self._control = control

    def __enter__(self):
        self.port, grpc, metrics = free_ports(3)
        binary = self._root / "bin" / "tritonserver"
        binary.chmod(0o755)
        environment = {
            **os.environ,
            "LD_LIBRARY_PATH": f"{PACKAGES / 'nvidia_pytriton.libs'}:{sysconfig.get_config_var('LIBDIR')}",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        self._log = open(self._root / "log", "wb")
        self._process = subprocess.Popen(
            [
                binary, f"--model-repository={self.repository}", f"--backend-directory={self._root / 'backends'}",
                f"--cache-directory={self._root / 'caches'}", f"--model-control-mode={self._control}",
                "--disable-auto-complete-config", "--http-address=127.0.0.1", f"--http-port={self.port}",
                "--grpc-address=127.0.0.1", f"--grpc-port={grpc}", "--metrics-address=127.0.0.1",
                f"--metrics-port={metrics}", "--exit-on-error=false",
            ],
            env=environment, stdout=self._log, stderr=subprocess.STDOUT,
            # Its stubs are in its group: none outlives a server that crashed.
            start_new_session=True,
        )
        for _ in range(600):
            try:
                if self.call("GET", "/v2/health/live")[0] == 200:
                    return self
            except OSError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError(f"the server did not start:\n{self.log}")

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._log.close()

    @property
    def log(self):
        return (self._root / "log").read_text(errors="replace")

    def call(self, method, path, body=None):
        """Status and JSON of a request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body).encode() if body is not None else None)
            response = connection.getresponse()
            data = response.read()
            return response.status, json.loads(data) if data else None
        finally:
            connection.close()

    def write(self, name, config, model=MODEL):
        """A model of the repository."""
        version = self.repository / name / "1"
        version.mkdir(parents=True)
        (self.repository / name / "config.pbtxt").write_text(config)
        (version / "model.py").write_text(model)

    def load(self, name):
        """Why the server does not load a model; None if it does."""
        status, answer = self.call("POST", f"/v2/repository/models/{name}/load", {})
        return None if status == 200 else answer["error"]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("triton")) as running:
        yield running
