"""The whole server: gunicorn with the image's settings, over HTTP."""

import json
import os
import re
import signal
import sys
import threading
import time

import pytest
from conftest import Server, gppi_environment, post

INVOKE = "/api/model/invoke"


def test_serving(tmp_path):
    """Kept-alive connections, a large body, a chunked one, other languages, in a directory that takes no files."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    with Server(gppi_environment(tmp_path), "-w", "2", "--threads", "4", cwd=closed) as server:
        connection = server.connect()
        assert post(connection, INVOKE, {"data": [[3, 2]]}) == (200, {"prediction": [1], "columns": ["sum"]})
        first = connection.sock
        rows = [[index, 1] for index in range(200_000)]
        status, answer = post(connection, INVOKE, {"data": rows})
        assert status == 200 and answer["prediction"][-1] == 199_998
        answer = post(connection, INVOKE, {"data": [[-1, 1]]})
        assert answer == (500, {"message": "Exception during prediction: négatif"})
        connection.request("GET", "/n%C3%AFchts")
        assert json.loads(connection.getresponse().read()) == {"message": "not found: /nïchts"}
        connection.request("POST", INVOKE, iter([b'{"data":', b"[[1,1]]}"]), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})
        assert json.loads(connection.getresponse().read())["prediction"] == [0]
        connection.request("HEAD", "/v2/health/ready")
        assert connection.getresponse().read() == b""
        assert connection.sock is first
        assert server.stderr.count("Booting worker") == 2 and "Using worker: gthread" in server.stderr
        connection.close()  # gunicorn waits two seconds for kept-alive ones
        server.process.terminate()
        assert server.wait() == 0
        assert f'"POST {INVOKE} HTTP/1.1" 200' in server.stdout
        assert "Traceback" in server.stderr and "négatif" in server.stderr
    assert not list(closed.iterdir()) and not list(tmp_path.rglob("*.pyc"))


def test_a_limit_leaves_the_connection_usable(tmp_path):
    with Server(gppi_environment(tmp_path, PACKAGER_MAX_BODY_BYTES="1000")) as server:
        connection = server.connect()
        assert post(connection, INVOKE, b"x" * 300_000)[0] == 413
        assert post(connection, INVOKE, {"data": [[1, 1]]})[0] == 200


def test_sigterm_lets_requests_finish(tmp_path):
    with Server(gppi_environment(tmp_path)) as server:
        connection = server.connect()
        answers = []
        slow = {"data": [[-2, 1.5]]}
        thread = threading.Thread(target=lambda: answers.append(post(connection, INVOKE, slow, Connection="close")))
        thread.start()
        time.sleep(0.5)
        server.process.terminate()
        thread.join()
        assert answers == [(200, {"prediction": [-3.5], "columns": ["sum"]})]
        assert server.wait() == 0


def test_sigterm_while_loading(tmp_path):
    source = "import sys, time\nprint('loading', file=sys.stderr, flush=True)\ntime.sleep(60)\n"
    with Server(gppi_environment(tmp_path, source)) as server:
        server.wait_for("loading")
        server.process.terminate()
        assert server.wait(5) == 128 + signal.SIGTERM


def test_flags_replaced_by_the_user(tmp_path):
    """`docker run IMAGE --threads 1 odahuflow_handler:app`: the settings hold, ODAHU's name for the application too."""
    arguments = ["--pythonpath", "/app/", "--threads", "1", "odahuflow_handler:app"]
    with Server(gppi_environment(tmp_path), *arguments) as server:
        assert post(server.connect(), INVOKE, {"data": [[1, 1]]})[0] == 200


FAILURES = {
    "import": ("import no_such_module\n", {}, r"ModuleNotFoundError: No module named 'no_such_module' \(.*, line 1\)"),
    "syntax": ("def init(:\n", {}, r"entrypoint\.py, line 1: "),
    "init": ("def init():\n    open('/no/file')\n" "predict_on_matrix = print\n", {}, r"FileNotFoundError: .*, line 2"),
    "exit": ("raise SystemExit('no licence')\n", {}, "SystemExit: no licence"),
    "objects": ("init = lambda: 'objects'\npredict_on_matrix = print\n", {}, "Can not handle this types of requests"),
    "mode": ("init = lambda: 'cube'\npredict_on_matrix = print\n", {}, "Unknown model's return type: 'cube'"),
    "no function": ("init = print\n", {}, "has no function predict_on_matrix"),
    "no file": (None, {}, r"the entrypoint file .*/entrypoint\.py is not there"),
    "no directory": ("", {"MODEL_LOCATION": "/no/model"}, "there is no model directory /no/model"),
    "no MLmodel": ("", {"PACKAGER_MODEL_KIND": "mlflow"}, "there is no MLmodel file in "),
    "kind": ("", {"PACKAGER_MODEL_KIND": "h5"}, "PACKAGER_MODEL_KIND is 'h5'"),
}


@pytest.mark.parametrize("failure, preload", [*((name, "1") for name in FAILURES), ("init", "0")])
def test_a_model_that_cannot_load_ends_the_server(tmp_path, failure, preload):
    source, more, message = FAILURES[failure]
    with Server(gppi_environment(tmp_path, source, PACKAGER_PRELOAD=preload, **more)) as server:
        assert server.wait() == 3
        lines = [line for line in server.stderr.splitlines() if line.startswith("packager: ")]
        assert len(lines) == 1
        assert re.search(message, lines[0])
        assert "Traceback" not in server.stderr
        assert ("Listening" in server.stderr) == (preload == "0")


def test_two_workers_that_cannot_load_end_the_server(tmp_path):
    with Server(gppi_environment(tmp_path, "import no_such_module\n", PACKAGER_PRELOAD="0"), "-w", "2") as server:
        assert server.wait() != 0
        assert "packager: cannot load model demo 1.2: ModuleNotFoundError" in server.stderr


def test_workers_that_crash_in_loading_end_the_server(tmp_path):
    source = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    with Server(gppi_environment(tmp_path, source, PACKAGER_PRELOAD="0")) as server:
        assert server.wait() == 3
        assert "packager: cannot load the model: a worker crashed while loading it" in server.stderr


def test_workers_that_crash_later_are_replaced(tmp_path):
    source = """
        import os, signal
        init = lambda: "matrix"
        def predict_on_matrix(matrix, provided_columns_names=None):
            return [1] if matrix[0][0] else os.kill(os.getpid(), signal.SIGKILL)
    """
    with Server(gppi_environment(tmp_path, source)) as server:
        with pytest.raises(ConnectionError):
            post(server.connect(), INVOKE, {"data": [[0]]})
        assert post(server.connect(), INVOKE, {"data": [[1]]})[0] == 200


def test_the_traceback_at_debug_level(tmp_path):
    with Server(gppi_environment(tmp_path, "import no_such_module\n"), "--log-level", "debug") as server:
        assert server.wait() == 3
        assert "Traceback" in server.stderr


def test_loading_in_every_worker(tmp_path):
    source = """
        import os
        pid = os.getpid()
        init = lambda: "matrix"
        def predict_on_matrix(matrix, provided_columns_names=None):
            return [[pid, os.getpid(), os.getppid()]], ["loaded", "served", "master"]
    """
    for preload in ("1", "0"):
        with Server(gppi_environment(tmp_path, source, PACKAGER_PRELOAD=preload)) as server:
            loaded, served, master = post(server.connect(), INVOKE, {"data": [[1]]})[1]["prediction"][0]
            assert loaded == (master if preload == "1" else served)


def test_loading_may_take_longer_than_the_timeout(tmp_path):
    source = "import time\ntime.sleep(2.5)\ninit = lambda: 'matrix'\ndef predict_on_matrix(m, n):\n    return [1]\n"
    with Server(gppi_environment(tmp_path, source, PACKAGER_PRELOAD="0"), "--timeout", "1") as server:
        assert post(server.connect(), INVOKE, {"data": [[1]]})[0] == 200
        assert "TIMEOUT" not in server.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux") or not os.path.isdir("/dev/shm"), reason="needs /dev/shm")
def test_files_are_written_to_shared_memory_alone(tmp_path):
    source = """
        import os, tempfile
        init = lambda: "matrix"
        def predict_on_matrix(matrix, provided_columns_names=None):
            files = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                     if os.path.islink(f"/proc/self/fd/{fd}")]
            return [name for name in files if "gunicorn" in name]
    """
    home = tmp_path / "home"
    home.mkdir()
    with Server(gppi_environment(tmp_path, source, HOME=str(home))) as server:
        files = post(server.connect(), INVOKE, {"data": [[1]]})[1]["prediction"]
        assert files and all(name.startswith("/dev/shm/") for name in files)
    assert not list(home.iterdir())
