"""How a command is measured, and the servers that the measured commands talk to."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Measurement:
    """Wall-clock seconds, and the most memory that one process of the command had resident, in bytes."""

    seconds: float
    peak: int = 0

    def __add__(self, other):
        return Measurement(self.seconds + other.seconds, max(self.peak, other.peak))


def measured(*command, environment=None, log=None):
    """Runs a command to its end; it fails loudly, with what the command said."""
    with tempfile.NamedTemporaryFile("r") as peak, open(log or os.devnull, "ab+") as output:
        # GNU time starts the command from a process of its own: from this one it would inherit our peak.
        timed = ["/usr/bin/time", "--format", "%M", "--output", peak.name, *map(str, command)]
        begin = time.perf_counter()
        code = subprocess.run(
            timed, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **(environment or {})},
            check=False,
        ).returncode
        seconds = time.perf_counter() - begin
        if code != 0:
            output.seek(max(0, output.tell() - 4000))
            said = output.read().decode(errors="replace")
            raise SystemExit(f"error: {' '.join(map(str, command))} failed ({code}):\n{said}")
        return Measurement(seconds, int(peak.read().split()[-1]) * 1024)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def daemon(command, log, ready):
    """A server for the time of the block."""
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        for _ in range(300):
            if ready():
                break
            if process.poll() is not None:
                raise SystemExit(f"error: {command[0]} ended at once:\n{Path(log).read_text()[-2000:]}")
            time.sleep(0.1)
        else:
            raise SystemExit(f"error: {command[0]} did not come up; see {log}")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def registry(directory, logs_requests=False):
    """Debian's registry with nothing in it; gives its `host:port`."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    host = f"127.0.0.1:{free_port()}"
    configuration = directory / "registry.yml"
    configuration.write_text(
        "version: 0.1\n"
        f"log: {{level: error, accesslog: {{disabled: {str(not logs_requests).lower()}}}}}\n"
        f'storage: {{filesystem: {{rootdirectory: "{directory}/registry"}}}}\n'
        f'http: {{addr: "{host}", secret: "0123456789"}}\n'
    )
    command = ["docker-registry", "serve", configuration]
    with daemon(command, directory / "registry.log", lambda: answers(f"http://{host}/v2/")):
        yield host
    shutil.rmtree(directory, ignore_errors=True)


def received(directory):
    """Bytes of all blobs that were uploaded to a registry that logs requests; of one that came twice, twice."""
    uploads = re.findall(
        r'"PUT /v2/\S+/blobs/uploads/\S*[?&]digest=sha256(?:%3A|:)([0-9a-f]{64})\S* HTTP/1.1" 201 ',
        (directory / "registry.log").read_text(errors="replace"), re.IGNORECASE,
    )
    blobs = directory / "registry" / "docker" / "registry" / "v2" / "blobs" / "sha256"
    return sum((blobs / digest[:2] / digest / "data").stat().st_size for digest in uploads)


def pushed_digest(host, repository, tag):
    """What the registry really holds: the digest of an image's manifest."""
    kinds = ", ".join(
        ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"]
    )
    request = urllib.request.Request(
        f"http://{host}/v2/{repository}/manifests/{tag}", method="HEAD", headers={"Accept": kinds}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers["Docker-Content-Digest"]


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


class Docker:
    """A Docker engine of its own, without networks, and its client with BuildKit."""

    def __init__(self, directory, process):
        self._directory = directory
        self._process = process

    def __call__(self, *arguments, log=None):
        """One run of the client; the memory is the engine's, where the work is done."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")
        run = measured(
            client(), "--host", f"unix://{self._directory}/d.sock", *arguments,
            environment={"DOCKER_BUILDKIT": "1"}, log=log,
        )
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return Measurement(run.seconds, int(peak.split()[1]) * 1024)


def client():
    """Debian's own client before another one: some of those leave BuildKit to a plug-in."""
    return "/usr/bin/docker" if os.access("/usr/bin/docker", os.X_OK) else "docker"


@contextlib.contextmanager
def docker(directory):
    directory.mkdir(parents=True)
    socket_path = directory / "d.sock"
    command = [
        "dockerd", "--iptables=false", "--bridge=none", f"--storage-driver={storage_driver(directory, 'overlay2')}",
        f"--host=unix://{socket_path}", f"--data-root={directory}/root", f"--exec-root={directory}/exec",
        f"--pidfile={directory}/pid",
    ]

    def ready():
        probe = [client(), "--host", f"unix://{socket_path}", "version"]
        return subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    with daemon(command, directory / "log", ready) as process:
        yield Docker(directory, process)


class Buildah:
    """Buildah with a store of its own."""

    def __init__(self, directory):
        directory.mkdir(parents=True)
        self._options = [
            "--root", directory / "root", "--runroot", directory / "run",
            "--storage-driver", storage_driver(directory, "overlay"),
        ]
        self._log = directory / "log"

    def __call__(self, *arguments):
        return measured("buildah", *self._options, *arguments, log=self._log)


def storage_driver(directory, overlay):
    """The kernel lays no overlay over another one, as the root of a container is."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", str(directory)], capture_output=True, text=True, check=True).stdout
    return "vfs" if kind.startswith("overlay") else overlay


def upload(host, repository, file, digest):
    """The bare upload of a file as a blob by curl: what no packaging can be faster than."""
    request = urllib.request.Request(f"http://{host}/v2/{repository}/blobs/uploads/", method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        location = answer.headers["Location"]
    return measured(
        "curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--request", "PUT",
        "--header", "Content-Type: application/octet-stream", "--upload-file", file,
        f"{location}{'&' if '?' in location else '?'}digest={digest}", log=file.with_name("curl.log"),
    )


def settle(*paths):
    """Everyone's writes are on the disk and the inputs in memory before a measurement begins."""
    os.sync()
    for path in paths:
        for file in [path] if path.is_file() else filter(Path.is_file, path.rglob("*")):
            with open(file, "rb") as content:
                while content.read(8 << 20):
                    pass


def say(text):
    print(text, file=sys.stderr, flush=True)
