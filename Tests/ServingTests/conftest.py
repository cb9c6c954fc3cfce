"""Tests of the wrappers in templates/: models written to disk, real gunicorn, real HTTP.

    uv venv .venv --python 3.11 && uv pip install --python .venv/bin/python -r Tests/ServingTests/requirements.txt
    .venv/bin/python -m pytest -q Tests/ServingTests
"""

import atexit
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

sys.dont_write_bytecode = True  # the templates directory is copied into images as it is
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def laid_out(*templates):
    """A directory with the files of several templates beside each other, as they are in an image."""
    directory = tempfile.TemporaryDirectory(prefix="packager-wrapper-")
    atexit.register(directory.cleanup)
    for template in templates:
        for entry in (TEMPLATES / template).iterdir():
            (Path(directory.name) / entry.name).symlink_to(entry)
    return Path(directory.name)


WRAPPER = laid_out("model-runtime", "docker-rest")
sys.path.insert(0, str(WRAPPER))

from packager_model.loading import load  # noqa: E402
from packager_model.settings import Settings  # noqa: E402
from packager_serving.application import Application  # noqa: E402
from packager_serving.limits import max_body_bytes  # noqa: E402

SUM_MODEL = """
    import os, sums
    def init():
        assert os.path.isdir(os.environ["MODEL_LOCATION"])
        return "matrix"
    def predict_on_matrix(matrix, provided_columns_names=None):
        return sums.predict(matrix, provided_columns_names)
    def info():
        column = lambda name, kind, example: {"name": name, "type": kind, "example": example, "required": True}
        return [column("a", "number", 1.5), column("b", "integer", 2)], [column("sum", "number", 3.5)]
"""
SUM_MODULE = """
    import time
    def predict(matrix, columns):
        if matrix[0][0] == -1:
            raise RuntimeError("négatif")
        if matrix[0][0] == -2:
            time.sleep(matrix[0][1])
        if columns:
            order = [columns.index(name) for name in ("a", "b")]
            matrix = [[row[index] for index in order] for row in matrix]
        return [row[0] - row[1] for row in matrix], ("sum",)
"""
_numbers = itertools.count()


def gppi_environment(root, entrypoint=SUM_MODEL, work_dir=None, module="entrypoint", beside=SUM_MODULE, **more):
    """Writes a GPPI model and returns the variables an image would have; every model is a package of its own."""
    work_dir = work_dir or f"model_{next(_numbers)}"
    directory = Path(root) / work_dir
    directory.mkdir(parents=True, exist_ok=True)
    if entrypoint is not None:
        file = directory / (module.replace(".", "/") + ".py")
        file.write_text(textwrap.dedent(entrypoint), encoding="utf-8")
    if beside:
        (directory / "sums.py").write_text(textwrap.dedent(beside), encoding="utf-8")
    return {
        "ODAHU_MODEL_NAME": "demo",
        "ODAHU_MODEL_VERSION": "1.2",
        "PACKAGER_MODEL_KIND": "gppi",
        "PACKAGER_MODEL_ROOT": str(root),
        "PACKAGER_MODEL_WORKDIR": work_dir,
        "PACKAGER_MODEL_ENTRYPOINT": module,
        "MODEL_LOCATION": str(directory),
        **more,
    }


class Client:
    """Calls the application in this process, under the checks of wsgiref's validator."""

    def __init__(self, environment):
        settings = Settings.from_environment(environment)
        self._app = validator(Application(settings, load(settings), max_body_bytes(environment)))

    def __call__(self, method, path, body=None, content_type="application/json", **headers):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1")}
        environ.update({"SCRIPT_NAME": "", "QUERY_STRING": ""})
        setup_testing_defaults(environ)
        environ.update({"wsgi.input": io.BytesIO(body or b""), "CONTENT_LENGTH": str(len(body or b""))})
        environ.update({"HTTP_" + name.upper(): value for name, value in headers.items()})
        if content_type:
            environ["CONTENT_TYPE"] = content_type
        answer = {}
        result = self._app(environ, lambda status, fields: answer.update(status=status, headers=dict(fields)))
        try:
            data = b"".join(result)
        finally:
            result.close()
        status = int(answer["status"].split()[0])
        return SimpleNamespace(status=status, headers=answer["headers"], body=data, json=lambda: strict_json(data))


def strict_json(data):
    """JSON without Python's NaN."""
    def refuse(text):
        raise AssertionError(f"{text} is not JSON")

    return json.loads(data, parse_constant=refuse)


@pytest.fixture
def client_for(tmp_path, monkeypatch):
    """A client of a GPPI model given as source text."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("MODEL_LOCATION", "")

    def make(entrypoint=SUM_MODEL, **options):
        for name in ("sums", "entrypoint"):
            sys.modules.pop(name, None)
        return Client(gppi_environment(tmp_path, entrypoint, **options))

    return make


class Server:
    """gunicorn with the image's settings and start command on a free port of the loopback interface."""

    def __init__(self, environment, *arguments, cwd="/"):
        command = [sys.executable, "-m", "gunicorn", "--config", str(WRAPPER / "gunicorn.conf.py")]
        command += ["-b", "127.0.0.1:0", *arguments]
        base = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(command, env={**base, **environment}, cwd=cwd,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.out, self.err = bytearray(), bytearray()
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                         for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(stream, into):
        for line in stream:
            into.extend(line)

    @property
    def stdout(self):
        return self.out.decode()

    @property
    def stderr(self):
        return self.err.decode()

    def wait_for(self, pattern, seconds=20):
        """The match of a pattern in standard error."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            match = re.search(pattern, self.stderr)
            if match:
                return match
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{pattern} is not in:\n{self.stderr}")

    def connect(self):
        """A connection, kept alive."""
        port = int(self.wait_for(r"Listening at: http://127\.0\.0\.1:(\d+)").group(1))
        return HTTPConnection("127.0.0.1", port, timeout=20)

    def wait(self, seconds=20):
        """The exit code."""
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)  # the workers as well
        self.wait()


def post(connection, path, value, **headers):
    """Status and JSON of a POST."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
    response = connection.getresponse()
    return response.status, strict_json(response.read())


INVOKE = [sys.executable, "-B", str(laid_out("model-runtime", "docker-cli") / "bin" / "invoke")]
MATRIX = {"columns": ["b", "a"], "data": [[2, 10], [1, 1.5], [0, 3]]}
ANSWER = {"prediction": [8, 0.5, 3], "columns": ["sum"]}


@pytest.fixture
def cli(tmp_path):
    """Runs the command line on a GPPI model in a directory for inputs and results."""
    volume = tmp_path / "volume"
    volume.mkdir()
    environment = gppi_environment(tmp_path / "model")

    def run(*arguments, stdin=b"", **variables):
        base = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent", "PYTHONWARNINGS": "ignore"}
        done = subprocess.run([*INVOKE, *map(str, arguments)], input=stdin, cwd=volume, capture_output=True,
                              env={**base, **environment, **variables})
        return SimpleNamespace(code=done.returncode, out=done.stdout.decode(), raw=done.stdout,
                               err=done.stderr.decode())

    run.volume = volume
    run.environment = environment
    return run


def write(path, value):
    """A file of JSON, text or bytes."""
    data = value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else json.dumps(value).encode()
    path.write_bytes(data)
    return path
