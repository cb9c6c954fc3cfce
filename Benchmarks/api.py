"""How fast the server answers, idle and while it builds, beside a small service in Python with the same answers."""

import contextlib
import itertools
import json
import math
import os
import shutil
import sys
import time
from pathlib import Path

from load import Client, Followers, median_seconds, posting, slowest, wrk
from measuring import answers, daemon, free_port, say

MANY = 10_000
FOLLOWERS = 1000
_numbers = itertools.count(1)


class Site:
    """A server on a data directory of its own, in which the base image and the environment are at hand."""

    def __init__(self, url, data, process):
        self.url = url
        self.data = data
        self.process = process


@contextlib.contextmanager
def packager(bench, workers, data=None):
    """`packager serve` on the given directory, or on a copy of the benchmark's data."""
    data = data or copied(bench.data, bench.work / f"data-{next(_numbers)}")
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        bench.program, "serve", "--data", data, "--port", url.rsplit(":", 1)[1], "--workers", workers, "--grace", "0",
    ]
    with daemon(command, bench.work / "server.log", lambda: answers(f"{url}/health")) as process:
        client = Client(url)
        client.expect("PUT", "/artifact/none.zip", "no model")
        yield Site(url, data, process)


def copied(source, target):
    """Blobs and wheels as links; what is written in place, as copies."""
    def copy(file, to):
        in_place = Path(file).name.startswith(("packager.db", "secret", "lock")) or "index.json" in file
        (shutil.copy2 if in_place else os.link)(file, to)

    return Path(shutil.copytree(source, target, copy_function=copy))


@contextlib.contextmanager
def peer(bench, processes):
    """The peer on an empty database; gives its URL."""
    path = bench.work / "peer.db"
    for file in path.parent.glob("peer.db*"):
        file.unlink()
    os.environ["PEER_DATABASE"] = str(path)
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        sys.executable, "-m", "uvicorn", "peer:application", "--app-dir", Path(__file__).parent, "--port",
        url.rsplit(":", 1)[1], "--workers", processes, "--no-access-log", "--log-level", "warning",
    ]
    with daemon(command, bench.work / "peer.log", lambda: answers(f"{url}/health")):
        yield url


class Builds:
    """Packagings that keep the server's workers busy: each of the same large weights with a small file of its own."""

    def __init__(self, site, weights, base):
        self._site, self._weights, self._base = site, weights, base

    def packaging(self):
        """A new artifact and the packaging of it."""
        name = f"weights-{next(_numbers)}"
        source, directory = self._weights, self._site.data / "artifacts" / name
        for path in filter(Path.is_file, source.rglob("*")):
            target = directory / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
        (directory / "model" / "number.txt").write_text(name)
        arguments = {"dockerfileBaseImage": self._base, "imageName": f"{name}:1"}
        return {
            "id": name, "spec": {"artifactName": name, "integrationName": "docker-rest", "arguments": arguments},
        }

    @contextlib.contextmanager
    def running(self, count, queue=2):
        """So many builds run during the block, and as many as that `queue` times over wait for their turn at its begin, and
        whenever the function that this gives is called."""
        client = Client(self._site.url)
        ids = []

        def top_up():
            states = [self.state(client, id) for id in ids]
            for _ in range((1 + queue) * count - sum(state in ("scheduling", "running", "unknown") for state in states)):
                packaging = self.packaging()
                client.expect("POST", "/packaging", packaging)
                ids.append(packaging["id"])
            return states

        top_up()
        while sum(self.state(client, id) == "running" for id in ids) < count:
            time.sleep(0.05)
        yield top_up
        states = top_up()
        if "failed" in states:
            log = client.send("GET", f"/packaging/{ids[states.index('failed')]}/log")[1]
            raise SystemExit(f"error: a build failed:\n{log.decode()[-2000:]}")
        if states.count("running") < count:
            raise SystemExit(f"error: at the end only {states.count('running')} of {count} builds were running")
        for id in ids:
            client.send("DELETE", f"/packaging/{id}")

    @staticmethod
    def state(client, id):
        return json.loads(client.expect("GET", f"/packaging/{id}")[0])["status"]["state"]


def create(url, id):
    Client(url).expect(
        "POST", "/packaging", {"id": id, "spec": {"artifactName": "none.zip", "integrationName": "docker-rest"}}
    )


def api_tables(bench, weights, base):
    """All tables of the API, as Markdown.

    Weights: the directory of a large model. Base: the name of the image to build on, in the benchmark's store.
    """
    say("two builds, so that the environment is there and it is known how long one takes")
    with packager(bench, 1, bench.data) as site:
        client, builds = Client(site.url), Builds(site, weights, base)
        for _ in range(2):
            packaging = builds.packaging()
            begin = time.perf_counter()
            client.expect("POST", "/packaging", packaging)
            while (state := builds.state(client, packaging["id"])) != "succeeded":
                if state == "failed":
                    raise SystemExit(client.expect("GET", f"/packaging/{packaging['id']}/log")[0].decode())
                time.sleep(0.02)
            bench.seconds_a_build = time.perf_counter() - begin
    return [
        load_table(bench, weights, base), list_table(bench), followers_table(bench, weights, base),
        within_a_second(bench, weights, base),
    ]


def load_table(bench, weights, base):
    """One packaging read and new ones made, idle and beside two builds, by the same clients of both servers."""
    loads = {}
    for count in (0, 2):
        with packager(bench, count) as site, peer(bench, 2) as other:
            say(f"reading and creating packagings, {count} builds")
            # What the clients create waits behind the builds: there are enough of them for all loads.
            queue = 4 + math.ceil(6 * bench.seconds / bench.seconds_a_build)
            builds = Builds(site, weights, base).running(count, queue) if count else contextlib.nullcontext()
            with builds:
                for name, url in (("packager", site.url), ("peer", other)):
                    create(url, "read")
                    loads[name, "GET", count] = wrk(f"{url}/packaging/read", bench.seconds, 32)
                    script = posting(bench.work / "post.lua", f"b{count}")
                    loads[name, "POST", count] = wrk(url, bench.seconds, 32, script)
    lines = [
        "| request | builds | server | a second | p50 | p99 | beside packager |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for method, path in (("GET", "/packaging/{id}"), ("POST", "/packaging")):
        for count in (0, 2):
            own = loads["packager", method, count]
            for name, label in (("packager", "**packager serve**"), ("peer", "FastAPI, two processes")):
                load = loads[name, method, count]
                lines.append(
                    f"| {method} {path} | {count} | {label} | {load.rate:.0f} | {milliseconds(load.p50)} | "
                    f"{milliseconds(load.p99)} | {f'{load.rate / own.rate:.2f} ×' if own.rate else '—'} |"
                )
    return "\n".join(lines)


def list_table(bench):
    """Everything at once, of a server that has many."""
    say(f"listing {MANY} packagings")
    results = {}
    with packager(bench, 0) as site, peer(bench, 2) as other:
        for name, url in (("packager", site.url), ("peer", other)):
            client = Client(url)
            for number in range(MANY):
                body = {
                    "id": f"many-{number}",
                    "spec": {"artifactName": "none.zip", "integrationName": "docker-rest"},
                }
                client.expect("POST", "/packaging", body)
            listed = len(json.loads(client.expect("GET", f"/packaging?size={MANY}")[0]))
            if listed < MANY:
                raise SystemExit(f"error: {name} lists {listed} packagings")
            results[name] = median_seconds(url, f"/packaging?size={MANY}")
    lines = [f"| list of {MANY} packagings | median | beside packager |", "| --- | ---: | ---: |"]
    for name, label in (("packager", "**packager serve**"), ("peer", "FastAPI, two processes")):
        lines.append(f"| {label} | {milliseconds(results[name])} | {results[name] / results['packager']:.2f} × |")
    return "\n".join(lines)


def followers_table(bench, weights, base):
    """Many who follow the log of one job, and how another request is answered meanwhile."""
    say(f"{FOLLOWERS} followers of one log")
    with packager(bench, 1) as site:
        client, builds = Client(site.url), Builds(site, weights, base)
        packaging = builds.packaging()
        client.expect("POST", "/packaging", packaging)
        path = f"/packaging/{packaging['id']}"
        while builds.state(client, packaging["id"]) not in ("running", "succeeded"):
            time.sleep(0.02)
        before = resident(site.process)
        followers = Followers(site.url, f"{path}/log?follow=true", FOLLOWERS)
        with slowest(site.url, [("GET", "GET", path, None)]) as meanwhile:
            while builds.state(client, packaging["id"]) == "running":
                time.sleep(0.02)
            done = time.perf_counter()
            bodies = followers.wait()
        memory = resident(site.process) - before
    if len(set(bodies)) != 1 or b"INFO" not in bodies[0]:
        raise SystemExit(f"error: the followers read {len(set(bodies))} different logs")
    return "\n".join([
        f"| {FOLLOWERS} followers of one log | |", "| --- | ---: |",
        f"| all of them have its first line after | {milliseconds(followers.first)} |",
        f"| the last of them ends, after the job has | {milliseconds(max(0, followers.ended - done))} |",
        f"| slowest GET {{id}} meanwhile | {milliseconds(meanwhile['GET'])} |",
        f"| memory for a follower | {memory / FOLLOWERS / 1024:.0f} KiB |",
    ])


def within_a_second(bench, weights, base):
    """The slowest of all kinds of requests, one after the other, while ten builds run."""
    say("requests beside ten builds")
    numbers = itertools.count()
    spec = {"artifactName": "none.zip", "integrationName": "docker-rest"}
    with packager(bench, 10) as site:
        for id in ("slow", "edited"):
            create(site.url, id)
        requests = [
            ("GET /health", "GET", "/health", None),
            ("GET /packaging/{id}", "GET", "/packaging/slow", None),
            ("GET /packaging", "GET", "/packaging", None),
            ("POST /packaging", "POST", "/packaging", lambda: {"id": f"new-{next(numbers)}", "spec": spec}),
            ("PUT /packaging/{id}", "PUT", "/packaging/edited", lambda: {"id": "edited", "spec": spec}),
            ("GET /packaging/{id}/attempts", "GET", "/packaging/slow/attempts", None),
            ("GET /packaging/integration", "GET", "/packaging/integration", None),
            ("GET /connection", "GET", "/connection", None),
            ("GET /artifact", "GET", "/artifact", None),
            ("PUT /artifact/{name}", "PUT", "/artifact/other.zip", "bytes"),
            ("GET /v2/_catalog", "GET", "/v2/_catalog", None),
            ("GET /swagger/openapi.json", "GET", "/swagger/openapi.json", None),
        ]
        builds = Builds(site, weights, base)
        with builds.running(10) as top_up, slowest(site.url, requests) as results:
            end = time.perf_counter() + max(10, bench.seconds)
            while time.perf_counter() < end:
                top_up()
                time.sleep(0.5)
    lines = ["| the slowest while ten builds run | |", "| --- | ---: |"]
    return "\n".join(lines + [f"| {name} | {milliseconds(seconds)} |" for name, seconds in results.items()])


def resident(process):
    """Bytes."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
