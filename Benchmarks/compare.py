"""Measures Packager beside docker, buildah and curl in one run and prints Markdown tables; README.md says how."""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from api import api_tables
from measuring import docker, pushed_digest, registry, say, settle, upload
from together import together_table
from workbench import BASE, ROOT, Bench, table, write_weights

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
    parser.add_argument("--only", choices=("weights", "environment", "together", "api"))
    parser.add_argument("--seconds", type=int, default=10, help="of each load on the API")
    parser.add_argument(
        "--integrations", default="docker-rest,docker-cli,docker-triton", metavar="ID,…",
        help="images that are built together; the first of them is the one that they are compared with",
    )
    parser.add_argument("--work", type=Path, default=Path("/var/tmp"), help="where there is room for six times the size")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pb", dir=arguments.work) as directory:
        bench = Bench(Path(directory), arguments)
        tables = []
        if arguments.only in (None, "api"):
            tables += api_tables(bench, write_weights(bench.work / "weights", bench.size, 0), BASE)
        if arguments.only != "api":
            with docker(bench.work / "docker") as bench.docker:
                tables += [
                    table(bench)
                    for name, table in (
                        ("weights", weights_table), ("environment", environment_table), ("together", together_table),
                    )
                    if arguments.only in (None, name)
                ]
        subprocess.run(["chmod", "-R", "u+rwX", directory], check=False)
    print("\n\n".join(tables))


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


if __name__ == "__main__":
    main()
