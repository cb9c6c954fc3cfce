"""A GPPI model behind the Python backend, through the links that an image has."""

import os
import shutil
import textwrap
from pathlib import Path

import pytest
from conftest import Server

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

ENTRYPOINT = """
    import os
    def init():
        assert os.path.isdir(os.environ["MODEL_LOCATION"])
        return "matrix"
    def predict_on_matrix(matrix, provided_columns_names=None):
        if matrix[0][0] == -1:
            raise RuntimeError("négatif")
        if provided_columns_names:
            a, b = (provided_columns_names.index(name) for name in ("a", "b"))
            matrix = [[row[a], row[b]] for row in matrix]
        return [[row[0] - row[1], str(row[0])] for row in matrix], ("difference", "text")
"""
MATRIX = """
backend: "python"
input { name: "input" data_type: TYPE_FP64 dims: [ -1, -1 ] }
output { name: "difference" data_type: TYPE_FP64 dims: [ -1 ] }
output { name: "text" data_type: TYPE_STRING dims: [ -1, 1 ] }
"""
COLUMNS = """
backend: "python"
max_batch_size: 128
input { name: "b" data_type: TYPE_INT64 dims: [ 1 ] }
input { name: "a" data_type: TYPE_INT64 dims: [ 1 ] }
output { name: "difference" data_type: TYPE_INT64 dims: [ 1 ] }
"""


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory):
    """A server of one GPPI model under two configurations."""
    root = tmp_path_factory.mktemp("gppi")
    (root / "model").mkdir()
    # As in the image: the wrapper beside the package that loads models.
    (root / "packager").mkdir()
    shutil.copy(TEMPLATES / "docker-triton" / "packager_triton.py", root / "packager")
    shutil.copytree(TEMPLATES / "model-runtime" / "packager_model", root / "packager" / "packager_model")
    (root / "model" / "entrypoint.py").write_text(textwrap.dedent(ENTRYPOINT), encoding="utf-8")
    variables = {
        "PACKAGER_MODEL_KIND": "gppi", "PACKAGER_MODEL_ROOT": str(root), "PACKAGER_MODEL_WORKDIR": "model",
        "PACKAGER_MODEL_ENTRYPOINT": "entrypoint", "MODEL_LOCATION": str(root / "model"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        server = Server(tmp_path_factory.mktemp("wrapped"), control="none")
        for name, config in [("matrix", MATRIX), ("columns", COLUMNS)]:
            version = server.repository / name / "1"
            version.mkdir(parents=True)
            (server.repository / name / "config.pbtxt").write_text(config)
            (version / "model.py").symlink_to(root / "packager" / "packager_triton.py")
        with server:
            yield server
    finally:
        os.environ.clear()
        os.environ.update(before)


def infer(server, model, *inputs):
    tensors = [
        {"name": name, "datatype": datatype, "shape": shape, "data": data} for name, datatype, shape, data in inputs
    ]
    return server.call("POST", f"/v2/models/{model}/infer", {"inputs": tensors})


def test_a_matrix(wrapped):
    status, answer = infer(wrapped, "matrix", ("input", "FP64", [2, 2], [3.5, 1, 7, 2.25]))
    assert status == 200, answer
    outputs = {output["name"]: output for output in answer["outputs"]}
    assert outputs["difference"]["shape"] == [2] and outputs["difference"]["data"] == [2.5, 4.75]
    assert outputs["text"]["shape"] == [2, 1] and outputs["text"]["data"] == ["3.5", "7.0"]


def test_named_columns_in_a_batch(wrapped):
    columns = ("a", "INT64", [20, 1], list(range(20))), ("b", "INT64", [20, 1], [1] * 20)
    status, answer = infer(wrapped, "columns", *columns)
    assert status == 200, answer
    assert answer["outputs"][0]["shape"] == [20, 1] and answer["outputs"][0]["data"] == list(range(-1, 19))


def test_what_the_model_throws_is_the_answer(wrapped):
    status, answer = infer(wrapped, "matrix", ("input", "FP64", [1, 2], [-1, 1]))
    assert status == 500 and "négatif" in answer["error"]
    assert infer(wrapped, "matrix", ("input", "FP64", [1, 2], [2, 1]))[0] == 200


def test_links_to_a_version_and_a_file_are_followed(tmp_path):
    artifact = tmp_path / "artifact"
    artifact.mkdir()
    (artifact / "other.py").write_text("class TritonPythonModel:\n    def execute(self, requests):\n        return []\n")
    server = Server(tmp_path)
    directory = server.repository / "linked"
    directory.mkdir()
    (directory / "config.pbtxt").write_text(MATRIX + 'default_model_filename: "other.py"\n')
    (directory / "1").symlink_to(artifact)
    with server:
        assert server.load("linked") is None
