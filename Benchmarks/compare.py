"""Measures Packager beside docker, buildah and curl in one run and prints Markdown tables; README.md says how."""

import argparse
import hashlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Buildah, docker, measured, pushed_digest, received, registry, say, settle, upload

ROOT = Path(__file__).resolve().parents[1]
BASE = "base/python:3.11"
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

COPY = "FROM {host}/{base}\nCOPY . /model\n"
# As a careful author writes it: the environment before the model, wheels mounted and not copied. The base has no pip;
# pip's own wheel can be run.
INSTALL = """\
FROM {host}/{base}
RUN --mount=type=bind,source=wheels,target=/wheels python3 -m venv --without-pip /opt/venv \
 && /opt/venv/bin/python /wheels/{pip}/pip install --no-index --find-links /wheels -r /wheels/requirements.txt
COPY model /model
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packager", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--size", type=int, default=1024, metavar="MIB", help="of the weights")
    parser.add_argument("--only", choices=("weights", "environment", "together"))
    parser.add_argument(
        "--integrations", default="docker-rest,docker-cli,docker-triton", metavar="ID,…",
        help="images that are built together; the first of them is the one that they are compared with",
    )
    parser.add_argument(
        "--arg", action="append", default=[], metavar="ID:NAME=VALUE",
        help="an argument of one of these integrations, such as the base image that docker-triton builds on",
    )
    parser.add_argument("--work", type=Path, default=Path("/var/tmp"), help="where there is room for six times the size")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pb", dir=arguments.work) as directory:
        bench = Bench(Path(directory), arguments)
        with docker(bench.work / "docker") as bench.docker:
            tables = [
                table(bench)
                for name, table in (
                    ("weights", weights_table), ("environment", environment_table), ("together", together_table),
                )
                if arguments.only in (None, name)
            ]
        subprocess.run(["chmod", "-R", "u+rwX", directory], check=False)
    print("\n\n".join(tables))


class Bench:
    """What both comparisons share: the base image, and the tools with their states."""

    def __init__(self, work, arguments):
        self.work = work
        self.repeat = arguments.repeat
        self.size = arguments.size
        self.integrations = arguments.integrations.split(",")
        self.arguments = arguments.arg
        self._packager = arguments.packager
        self.data = work / "data"
        self.buildah = Buildah(work / "buildah")
        self.docker = None
        say("making the base image")
        self.packager("base", "create", "--suite", "bookworm", "--name", BASE)

    def packager(self, *arguments, data=None):
        return measured(
            self._packager, *arguments, "--data", data or self.data, log=self.work / "packager.log",
            environment={"DOCKER_CONFIG": str(self.work)},
        )

    def build(self, artifact, host, tag, data=None, integrations=("docker-rest",)):
        given = [text for text in self.arguments if text.split(":")[0] in integrations]
        return self.packager(
            "build", artifact, "--integration", ",".join(integrations), "--tag", f"{host}/{tag}",
            "--base", f"{host}/{BASE}", *(word for text in given for word in ("--arg", text)), "--plain-http", data=data,
        )

    def publish_base(self, host):
        """The base is in the registry, and at hand for those who build on a copy of their own."""
        self.packager("image", "push", BASE, f"{host}/{BASE}")
        self.docker("pull", f"{host}/{BASE}", log=self.work / "docker.log")
        self.buildah("pull", "--tls-verify=false", f"{host}/{BASE}")

    def docker_build_and_push(self, context, tag, *options):
        log = self.work / "docker.log"
        built = self.docker("build", "--network", "host", "--tag", tag, *options, context, log=log)
        return built + self.docker("push", tag, log=log)

    def buildah_build_and_push(self, context, tag):
        built = self.buildah("bud", "--tls-verify=false", "--pull-never", "--isolation", "chroot", "--tag", tag, context)
        return built + self.buildah("push", "--tls-verify=false", tag)


def weights_table(bench):
    """A directory of random float32 weights to an image in a registry."""
    runs = {"curl": [], "packager": [], "docker": [], "buildah": []}
    with registry(bench.work / "registry") as host:
        bench.publish_base(host)
        # What does not belong to the weights (here: gunicorn) is there from an earlier model.
        bench.build(write_weights(bench.work / "small", 1, 0), host, "warm:1")
        for number in range(1, bench.repeat + 1):
            say(f"weights, round {number} of {bench.repeat}")
            model = write_weights(bench.work / "weights", bench.size, number)
            file = model / "model" / "weights.bin"
            digest = "sha256:" + hashlib.file_digest(open(file, "rb"), "sha256").hexdigest()
            context = bench.work / "context"
            shutil.copytree(model, context, dirs_exist_ok=True)
            (context / "Dockerfile").write_text(COPY.format(host=host, base=BASE))
            settle(model)
            runs["curl"].append(upload(host, "curl", file, digest))
            settle(model)
            runs["packager"].append(bench.build(model, host, f"packager:{number}"))
            settle(context)
            runs["docker"].append(bench.docker_build_and_push(context, f"{host}/docker:{number}"))
            settle(context)
            runs["buildah"].append(bench.buildah_build_and_push(context, f"{host}/buildah:{number}"))
    return table(
        f"{bench.size} MiB of weights, directory to pushed image",
        [
            ("bare upload of the file (curl)", runs["curl"]),
            ("**packager build**", runs["packager"]),
            ("docker build + docker push", runs["docker"]),
            ("buildah bud + buildah push", runs["buildah"]),
        ],
    )


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


def environment_table(bench):
    """The wine model with its Python environment: the first time, and with only the model changed."""
    first = {"packager": [], "docker": []}
    again = {"packager": [], "docker": []}
    models = [train(bench.work / f"wine-{seed}.zip", seed) for seed in (1, 2)]
    # The wheels are downloaded here, once, for both.
    wheels, pip = download_wheels(bench.work / "context-wine" / "wheels")
    with registry(bench.work / "registry") as host:
        bench.packager("image", "push", BASE, f"{host}/{BASE}")
        bench.build(models[0], host, "wine:0")
    for number in range(1, bench.repeat + 1):
        say(f"environment, round {number} of {bench.repeat}")
        data = bench.work / f"data-{number}"
        (data / "cache").mkdir(parents=True)
        shutil.copytree(bench.data / "cache" / "wheels", data / "cache" / "wheels")
        with registry(bench.work / "registry") as host:
            bench.publish_base(host)
            context = wheels.parent
            (context / "Dockerfile").write_text(INSTALL.format(host=host, base=BASE, pip=pip))
            for results, model, fresh in ((first, models[0], True), (again, models[1], False)):
                shutil.rmtree(context / "model", ignore_errors=True)
                shutil.unpack_archive(model, context / "model")
                settle(data, context)
                tag = "first" if fresh else "again"
                results["packager"].append(bench.build(model, host, f"packager:{tag}", data=data))
                settle(context)
                options = ["--no-cache"] if fresh else []
                results["docker"].append(bench.docker_build_and_push(context, f"{host}/docker:{tag}", *options))
            for name in ("packager", "docker"):
                if pushed_digest(host, name, "first") == pushed_digest(host, name, "again"):
                    raise SystemExit(f"error: {name} pushed the old model again")
        # Nothing is deleted before the end: ext4 makes new files slowly for minutes after many were removed.
    return "\n\n".join(
        table(title, [
            ("**packager build**", results["packager"]),
            ("docker build (pip install) + docker push", results["docker"]),
        ])
        for title, results in (
            ("The wine model with its environment, wheels downloaded, no layer made", first),
            ("The wine model retrained, nothing else changed", again),
        )
    )


def together_table(bench):
    """One image of an artifact beside several: the same weights, each time new to the registry and to Packager."""
    ids = bench.integrations
    runs = {"one": [], "several": []}
    uploads = {"one": [], "several": []}
    # Environments and wrappers are there from an earlier model, as they are in the comparison of weights.
    small = write_weights(bench.work / "small", 1, 0)
    with registry(bench.work / "registry", logs_requests=True) as host:
        bench.packager("image", "push", BASE, f"{host}/{BASE}")
        bench.build(small, host, "warm-{{ Integration }}:1", integrations=ids)
        for number in range(1, bench.repeat + 1):
            say(f"together, round {number} of {bench.repeat}")
            # Neither is the first of all rounds.
            order = [("one", ids[:1]), ("several", ids)]
            for name, integrations in order if number % 2 else reversed(order):
                seed = 2000 + 2 * number + (name == "one")
                model = write_weights(bench.work / "weights", bench.size, seed)
                settle(model)
                before = received(bench.work / "registry")
                tag = f"{name}-{number}-{{{{ Integration }}}}:1"
                runs[name].append(bench.build(model, host, tag, integrations=integrations))
                uploads[name].append(received(bench.work / "registry") - before)
    label = "several images" if len(ids) > 1 else "the same image again"
    rows = [(f"**packager build**, {ids[0]}", "one"), (f"{label}: {', '.join(ids)}", "several")]
    lines = [
        f"| {bench.size} MiB of weights to images in a registry | seconds | beside one | MiB uploaded | beside one |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for title, name in rows:
        seconds = median(runs[name])
        spread = f" ({min(run.seconds for run in runs[name]):.2f}–{max(run.seconds for run in runs[name]):.2f})"
        size = statistics.median(uploads[name])
        lines.append(
            f"| {title} | {seconds:.2f}{spread} | {seconds / median(runs['one']):.2f} × | {size / MIB:.2f} | "
            f"{size / statistics.median(uploads['one']):.4f} × |"
        )
    return "\n".join(lines)


def train(output, seed):
    train_py = ROOT / "examples" / "wine" / "train.py"
    subprocess.run([sys.executable, "-B", train_py, "--output", output, "--seed", str(seed)], check=True)
    return output


def download_wheels(directory):
    """The requirements and their wheels, pip's own among them; returns the folder and the name of pip's."""
    directory.mkdir(parents=True)
    requirements = (ROOT / "examples" / "wine" / "requirements.txt").read_text() + "gunicorn\n"
    (directory / "requirements.txt").write_text(requirements)
    subprocess.run(
        [ROOT / ".tools" / "uv" / "bin" / "python3", "-m", "pip", "download", "--quiet", "--only-binary", ":all:",
         "--python-version", "3.11", "--dest", directory, "-r", directory / "requirements.txt", "pip"],
        check=True,
    )
    return directory, next(directory.glob("pip-*.whl")).name


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


if __name__ == "__main__":
    main()
