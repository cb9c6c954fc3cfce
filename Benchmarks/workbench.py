"""What the comparisons share: the base image, the tools with their states, an artifact of random weights, and tables."""

import shutil
import statistics
import subprocess
from pathlib import Path

from measuring import Buildah, measured, say

ROOT = Path(__file__).resolve().parents[1]
BASE = "base/python:3.11"
TRITON_BASE = "base/triton:24.10"
MIB = 1 << 20

PROJECT = """\
binaries: {type: python, dependencies: conda, conda_path: model/conda.yaml}
model: {name: weights, version: '1', workDir: model, entrypoint: entrypoint}
odahuflowVersion: '1.0'
"""
CONDA = "name: weights\ndependencies: [python=3.11]\n"
ENTRYPOINT = """\
def init():
    return "matrix"

def predict_on_matrix(matrix, provided_columns_names=None):
    return [0 for row in matrix], ("zero",)
"""


class Bench:
    """What both comparisons share: the base image, and the tools with their states."""

    def __init__(self, work, arguments):
        self.work = work
        self.repeat = arguments.repeat
        self.size = arguments.size
        self.seconds = arguments.seconds
        self.integrations = arguments.integrations.split(",")
        self.program = arguments.packager
        self.data = work / "data"
        self.buildah = Buildah(work / "buildah")
        self.docker = None
        say("making the base image")
        self.packager("base", "create", "--suite", "bookworm", "--name", BASE)

    def packager(self, *arguments, data=None):
        return measured(
            self.program, *arguments, "--data", data or self.data, log=self.work / "packager.log",
            environment={"DOCKER_CONFIG": str(self.work)},
        )

    def make_triton_base(self):
        """A base with the tritonserver of PyPI, as the README makes it."""
        say("making the base image of Triton")
        server = self.work / "tritonserver"
        subprocess.run([ROOT / "scripts" / "triton-server", server], check=True)
        self.packager(
            "base", "create", "--name", TRITON_BASE, "--package", "libpython3.11", "--copy", f"{server}:/opt/tritonserver",
            "--env", "PATH=/opt/tritonserver/bin:/usr/local/bin:/usr/bin:/bin",
            "--env", "LD_LIBRARY_PATH=/opt/tritonserver/lib", "--env", "TRITON_SERVER_VERSION=2.51.0",
        )

    def build(self, artifact, host, tag, data=None, integrations=("docker-rest",), arguments=()):
        given = [text for text in arguments if text.split(":")[0] in integrations]
        return self.packager(
            "build", artifact, "--integration", ",".join(integrations), "--tag", f"{host}/{tag}",
            "--base", f"{host}/{BASE}", *(word for text in given for word in ("--arg", text)), "--plain-http", data=data,
        )

    def publish_base(self, host, base=BASE):
        """The base is in the registry, and at hand for those who build on a copy of their own."""
        self.packager("image", "push", base, f"{host}/{base}")
        self.docker("pull", f"{host}/{base}", log=self.work / "docker.log")
        self.buildah("pull", "--tls-verify=false", f"{host}/{base}")

    def docker_build_and_push(self, context, tag, *options):
        log = self.work / "docker.log"
        built = self.docker("build", "--network", "host", "--tag", tag, *options, context, log=log)
        return built + self.docker("push", tag, log=log)

    def buildah_build_and_push(self, context, tag):
        built = self.buildah("bud", "--tls-verify=false", "--pull-never", "--isolation", "chroot", "--tag", tag, context)
        return built + self.buildah("push", "--tls-verify=false", tag)


def write_weights(directory, mebibytes, seed):
    """A GPPI model of few lines and many numbers; other seeds, other bytes."""
    import numpy

    shutil.rmtree(directory, ignore_errors=True)
    (directory / "model").mkdir(parents=True)
    (directory / "odahuflow.project.yaml").write_text(PROJECT)
    (directory / "model" / "conda.yaml").write_text(CONDA)
    (directory / "model" / "entrypoint.py").write_text(ENTRYPOINT)
    random = numpy.random.default_rng(seed)
    with open(directory / "model" / "weights.bin", "wb") as file:
        for _ in range(mebibytes):
            file.write(random.standard_normal(MIB // 4, dtype=numpy.float32) * numpy.float32(0.02))
    return directory


def table(title, rows):
    """Medians, and how the others compare with Packager."""
    own = median(next(runs for name, runs in rows if name.startswith("**packager")))
    lines = [f"| {title} | seconds | beside packager | peak memory |", "| --- | ---: | ---: | ---: |"]
    for name, runs in rows:
        seconds = median(runs)
        spread = f" ({min(run.seconds for run in runs):.2f}–{max(run.seconds for run in runs):.2f})"
        peak = max(run.peak for run in runs) / MIB
        lines.append(f"| {name} | {seconds:.2f}{spread} | {seconds / own:.2f} × | {peak:.0f} MiB |")
    return "\n".join(lines)


def median(runs):
    return statistics.median(run.seconds for run in runs)
