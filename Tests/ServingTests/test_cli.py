"""The command line in templates/docker-cli: real processes on real files, ODAHU's texts and exit codes."""

import gzip
import io
import json
import os
import pty
import signal
import subprocess
import time

import pytest
from conftest import ANSWER, INVOKE, MATRIX, gppi_environment, strict_json, write


def test_the_walk_through(cli):
    write(cli.volume / "predicts.json", MATRIX)
    done = cli("predict", cli.volume / "predicts.json", cli.volume)
    result = cli.volume / "results.json"
    assert (done.code, done.err) == (0, "")
    assert done.out == f"Prediction is successful. Result file: {result}\n"
    assert result.read_text() == json.dumps(ANSWER)
    assert sorted(path.name for path in cli.volume.iterdir()) == ["predicts.json", "results.json"]


def test_the_name_of_the_result(cli):
    write(cli.volume / "in.json", MATRIX)
    done = cli("predict", "in.json", ".", "--output_file_name", "mine.json")
    assert done.out == "Prediction is successful. Result file: ./mine.json\n"
    assert strict_json((cli.volume / "mine.json").read_bytes()) == ANSWER


def test_info(cli):
    done = cli("info")
    matrix = '"items": {{\n                "type": "number"\n            }}'
    assert done.code == 0 and matrix.format() in done.out
    inputs, outputs = done.out.removeprefix("Input schema:\n").split("Output schema:\n")
    assert json.dumps(json.loads(inputs), indent=4) + "\n" == inputs
    strings = {"type": "string"}
    assert json.loads(inputs) == {
        "columns": {"example": ["a", "b"], "items": strings, "type": "array"},
        "data": {"items": {"items": {"type": "number"}, "type": "array"}, "type": "array", "example": [[1.5, 2]]},
    }
    assert list(json.loads(inputs)["data"]) == ["items", "type", "example"]
    assert json.loads(outputs) == {
        "prediction": {"example": [[3.5]], "items": {"type": "number"}, "type": "array"},
        "columns": {"example": ["sum"], "items": strings, "type": "array"},
    }
    assert list(json.loads(outputs)) == ["prediction", "columns"]


def test_help(cli):
    for arguments in ([], ["--help"], ["-h"]):
        done = cli(*arguments, PACKAGER_MODEL_ROOT="/nowhere")
        assert (done.code, done.err) == (0, "")
        assert all(word in done.out for word in ("predict", "info", "self_check", "--entrypoint", "--model", "-v"))
    assert "--output_file_name" in cli("predict", "--help").out


@pytest.mark.parametrize("arguments", [["predict"], ["predict", "a.json"], ["fly"], ["--fly"],
                                       ["predict", "a", "b", "--batch-size", "0"],
                                       ["predict", "a", "b", "--output-format", "xls"]])
def test_bad_usage(cli, arguments):
    done = cli(*arguments)
    assert done.code == 2 and done.out == "" and "usage: invoke" in done.err


FAILURES = {
    "no file": (None, "cannot read in.json: there is no such file"),
    "no matrix": ({}, "in.json: Matrix is not provided"),
    "not JSON": ("{", "in.json: Can not parse input as JSON: "),
    "ragged": ({"data": [[1, 2], [1]]}, "in.json: Row 2 has 1 value, row 1 has 2"),
    "columns": ({"data": [[1, 2]], "columns": ["a", "c"]}, "in.json: Columns are missing: b"),
    "the model": ({"data": [[-1, 2]]}, "in.json: Exception during prediction: négatif"),
}


@pytest.mark.parametrize("content, message", FAILURES.values(), ids=FAILURES)
def test_failures(cli, content, message):
    if content is not None:
        write(cli.volume / "in.json", content)
    done = cli("predict", "in.json", ".")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("invoke: " + message) and done.err.count("\n") == 1
    assert not (cli.volume / "results.json").exists()
    assert {path.name for path in cli.volume.iterdir()} <= {"in.json"}
    verbose = cli("-v", "predict", "in.json", ".")
    assert verbose.code == 1 and "Traceback" in verbose.err and verbose.err.splitlines()[-1] == done.err.strip()


def test_failures_outside_of_the_data(cli):
    write(cli.volume / "in.json", MATRIX)
    done = cli("predict", "in.json", "nowhere")
    assert done.code == 1 and done.err.startswith("invoke: there is no output directory nowhere")
    done = cli("predict", "in.json", ".", "--output_file_name", "in.json")
    assert done.code == 1 and "would replace its input" in done.err
    assert strict_json((cli.volume / "in.json").read_bytes()) == MATRIX
    done = cli("predict", "-", "-", "-")
    assert done.code == 1 and "only once" in done.err
    done = cli("info", PACKAGER_MODEL_ENTRYPOINT="other")
    assert done.code == 1 and done.err.startswith("invoke: cannot load model demo 1.2: the entrypoint file")
    done = cli("predict", ".", "-")
    assert done.code == 1 and done.err.startswith("invoke: cannot read .: Is a directory")
    whole = gzip.compress(json.dumps(MATRIX).encode())
    write(cli.volume / "cut.json.gz", whole[:-12])
    done = cli("predict", "cut.json.gz", ".")
    assert done.code == 1 and "cut.json.gz is damaged" in done.err


def test_a_directory_that_takes_no_files(cli):
    write(cli.volume / "in.json", MATRIX)
    done = cli("predict", cli.volume / "in.json", "/proc/self")
    assert done.code == 1 and done.err.startswith("invoke: ") and done.err.count("\n") == 1
    assert "/proc/self" in done.err


def test_self_check(cli, tmp_path):
    assert (cli("self_check").code, cli("self_check").out) == (0, "Self-check is successful\n")
    broken = gppi_environment(tmp_path / "other", "init = lambda: 'matrix'\ninfo = lambda: 1 / 0\n"
                              "def predict_on_matrix(m, n):\n    return [1]\n")
    done = cli("self_check", **broken)
    assert done.code == 1 and "info() failed: ZeroDivisionError" in done.err
    assert cli("info", **broken).code == 1


def test_the_sample_is_predicted(cli, tmp_path):
    pandas = pytest.importorskip("pandas")
    sample = os.path.join(cli.environment["MODEL_LOCATION"], "head_input.pkl")
    pandas.DataFrame({"a": [1.0], "b": [2.0]}).to_pickle(sample)
    assert cli("self_check").code == 0
    pandas.DataFrame({"a": [-1.0], "b": [2.0]}).to_pickle(sample)
    done = cli("self_check")
    assert done.code == 1 and "négatif" in done.err


def test_another_model_and_entrypoint(cli, tmp_path):
    directory = tmp_path / "elsewhere" / "m"
    gppi_environment(directory.parent, "init = lambda: 'matrix'\ndef predict_on_matrix(m, n):\n    return [42], ['x']\n",
                     work_dir="m", module="second")
    write(cli.volume / "in.json", {"data": [[1, 2]]})
    done = cli("--model", directory, "--entrypoint", "second", "predict", "in.json", "-")
    assert strict_json(done.raw) == {"prediction": [42], "columns": ["x"]}


def test_what_the_model_prints_is_not_in_the_result(cli, tmp_path):
    loud = gppi_environment(tmp_path / "loud", "import os\ninit = lambda: os.system('echo child') and None or 'matrix'\n"
                            "def predict_on_matrix(m, n):\n    print('loud')\n    return [1], ['x']\n")
    done = cli("predict", "-", "-", stdin=b'{"data": [[1]]}', **loud)
    assert strict_json(done.raw) == {"prediction": [1], "columns": ["x"]}
    assert "loud" in done.err and "child" in done.err


def test_names_and_columns_beyond_ascii(cli, tmp_path):
    source = ("init = lambda: 'matrix'\ndef predict_on_matrix(m, n):\n    return [[n[0]] for row in m], ['вино']\n"
              "info = lambda: ([{'name': 'größe', 'example': 'é'}], [{'name': 'вино', 'example': 0}])\n")
    environment = gppi_environment(tmp_path / "modèle", source)
    write(cli.volume / "données.csv", "größe\n1\n")
    done = cli("predict", "données.csv", ".", "--output_file_name", "результат.csv", **environment)
    assert done.out == "Prediction is successful. Result file: ./результат.csv\n"
    assert (cli.volume / "результат.csv").read_text() == "вино\ngröße\n"
    assert json.loads(cli("info", **environment).out.split("schema:\n")[2])["columns"]["example"] == ["вино"]


def test_the_model_s_own_form_of_values(cli, tmp_path):
    source = """
        import json
        class Odd:
            def __init__(self, value): self.value = value
        class Encoder(json.JSONEncoder):
            def default(self, value):
                return value.value if isinstance(value, Odd) else super().default(value)
        get_output_json_serializer = lambda: Encoder
        init = lambda: "matrix"
        def predict_on_matrix(matrix, provided_columns_names=None):
            return [[Odd(row[0]), float("nan")] for row in matrix], ("x", "y")
    """
    environment = gppi_environment(tmp_path / "odd", source)
    done = cli("predict", "-", "-", stdin=b"[[1], [2]]", **environment)
    assert strict_json(done.raw) == {"prediction": [[1, None], [2, None]], "columns": ["x", "y"]}


def test_a_progress_line_on_a_terminal_only(cli):
    rows = io.StringIO()
    rows.write("a,b\n")
    for index in range(300_000):
        rows.write(f"{index},1\n")
    write(cli.volume / "in.csv", rows.getvalue())
    assert cli("predict", "in.csv", ".").err == ""
    leader, follower = pty.openpty()
    with subprocess.Popen([*INVOKE, "predict", "in.csv", "."], cwd=cli.volume, stdout=subprocess.DEVNULL,
                          stderr=follower, env={**os.environ, **cli.environment}) as process:
        os.close(follower)
        shown = b""
        try:
            while part := os.read(leader, 4096):
                shown += part
        except OSError:  # the other side is closed
            pass
        assert process.wait() == 0
    os.close(leader)
    assert b"rows, " in shown and b"\n" not in shown


def test_sigterm_leaves_nothing_unfinished(cli):
    write(cli.volume / "in.json", {"data": [[-2, 60]]})
    process = subprocess.Popen([*INVOKE, "predict", "in.json", "."], cwd=cli.volume, stderr=subprocess.PIPE,
                               env={**os.environ, **cli.environment})
    end = time.monotonic() + 20
    while len(list(cli.volume.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert len(list(cli.volume.iterdir())) == 2
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    process.stderr.close()
    assert [path.name for path in cli.volume.iterdir()] == ["in.json"]
