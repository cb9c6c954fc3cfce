"""What the API's benchmark asks a server with: wrk, single requests, and many who follow one log."""

import contextlib
import http.client
import json
import re
import selectors
import socket
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

# A new id for each request of each thread.
POST = """\
local counter, thread = 0, 0
local threads = 0
function setup(thread) threads = threads + 1; thread:set("number", threads) end
function request()
  counter = counter + 1
  local body = string.format('{"id":"%s-%d-%d","spec":{"artifactName":"none.zip","integrationName":"docker-rest"}}',
    "PREFIX", number, counter)
  return wrk.format("POST", "/packaging", {["Content-Type"] = "application/json"}, body)
end
"""


@dataclass
class Load:
    """Requests a second, and seconds within which half and 99 % of them were answered."""

    rate: float
    p50: float
    p99: float


def wrk(url, seconds, connections, script=None):
    command = ["wrk", "--threads", "2", "--connections", connections, "--duration", f"{seconds}s", "--latency"]
    command += ["--script", script] if script else []
    said = subprocess.run(
        [str(word) for word in [*command, url]], capture_output=True, text=True, check=True
    ).stdout
    if re.search(r"Non-2xx|Socket errors: .*(connect|read|write) [1-9]", said):
        raise SystemExit(f"error: not everything was answered:\n{said}")
    return Load(
        float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), duration(said, "50%"), duration(said, "99%")
    )


def duration(said, percentile):
    number, unit = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)\b", said).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]


def posting(path, prefix):
    """A script of wrk's that creates packagings."""
    path.write_text(POST.replace("PREFIX", prefix))
    return path


class Client:
    """One connection, one request after the other."""

    def __init__(self, url):
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)

    def send(self, method, path, body=None):
        """The status and the bytes of the reply, and the seconds that it took."""
        text = json.dumps(body) if isinstance(body, dict) else body
        begin = time.perf_counter()
        self._connection.request(method, path, text, {"Content-Type": "application/json"} if text else {})
        reply = self._connection.getresponse()
        content = reply.read()
        return reply.status, content, time.perf_counter() - begin

    def expect(self, method, path, body=None):
        status, content, seconds = self.send(method, path, body)
        if status >= 300:
            raise SystemExit(f"error: {method} {path}: {status} {content[:500]!r}")
        return content, seconds


def median_seconds(url, path, repeat=11):
    """Of a request that was made once before."""
    client = Client(url)
    client.expect("GET", path)
    return statistics.median(client.expect("GET", path)[1] for _ in range(repeat))


class Followers:
    """Many connections that read one log as it grows, in a thread of their own."""

    def __init__(self, url, path, count):
        address = urlsplit(url)
        self.count = count
        self.first = self.ended = None
        self._selector = selectors.DefaultSelector()
        self._received = {}
        for _ in range(count):
            follower = socket.create_connection((address.hostname, address.port), timeout=60)
            follower.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            follower.setblocking(False)
            self._selector.register(follower, selectors.EVENT_READ)
            self._received[follower] = b""
        self.begin = time.perf_counter()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        waiting = set(self._received)
        while self._selector.get_map():
            for key, _ in self._selector.select():
                part = key.fileobj.recv(1 << 16)
                self._received[key.fileobj] += part
                if b"INFO" in self._received[key.fileobj]:
                    waiting.discard(key.fileobj)
                if not part:
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()
            if not waiting and self.first is None:
                self.first = time.perf_counter() - self.begin
        self.ended = time.perf_counter()

    def wait(self):
        """The bodies of all replies, once the last of them has ended; blank lines of silence are left out."""
        self._thread.join(300)
        if self._thread.is_alive():
            raise SystemExit("error: a followed log did not end")
        return [chunks(reply) for reply in self._received.values()]


def chunks(reply):
    """The text of a chunked reply."""
    head, _, rest = reply.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise SystemExit(f"error: {head.decode()}")
    text = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        text += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]
    return b"\n".join(line for line in text.split(b"\n") if line)


@contextlib.contextmanager
def slowest(url, requests):
    """Makes requests in turn while the block runs; gives a list that holds the slowest of each at the end."""
    results, stop, failures = {}, threading.Event(), []

    def ask():
        client = Client(url)
        while not stop.is_set():
            for name, method, path, body in requests:
                try:
                    status, content, seconds = client.send(method, path, body() if callable(body) else body)
                except OSError as error:
                    failures.append(f"{name}: {error}")
                    return
                if status >= 400:
                    failures.append(f"{name}: {status} {content[:200]!r}")
                results[name] = max(results.get(name, 0), seconds)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield results
    finally:
        stop.set()
        thread.join()
    if failures:
        raise SystemExit("error: " + "; ".join(failures[:3]))
