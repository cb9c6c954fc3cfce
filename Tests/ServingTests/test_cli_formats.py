"""The formats that the command line reads and writes, each into each."""

import csv
import gzip
import io
import json
import subprocess

import pytest
from conftest import ANSWER, INVOKE, MATRIX, gppi_environment, strict_json, write

TENSORS = [{"name": "a", "shape": [3], "datatype": "FP64", "data": [10, 1.5, 3]},
           {"name": "b", "shape": [3], "datatype": "INT64", "data": [2, 1, 0]}]


def parquet(columns):
    """The bytes of a Parquet file."""
    pyarrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()


INPUTS = {
    "matrix.json": json.dumps(MATRIX),
    "rows.json": "\ufeff[[10, 2], [1.5, 1], [3, 0]]",
    "objects.json": json.dumps([{"b": 2, "a": 10}, {"a": 1.5, "b": 1}, {"a": 3, "b": 0}], indent=1),
    "tensors.json": json.dumps({"inputs": TENSORS}),
    "objects.jsonl": '{"a": 10, "b": 2}\n\n{"b": 1, "a": 1.5}\n{"a": 3, "b": 0}',
    "rows.ndjson": "[10, 2]\n[1.5, 1]\n[3, 0]\n",
    "lines.json": '{"a": 10, "b": 2}\n{"b": 1, "a": 1.5}\n{"a": 3, "b": 0}\n',
    "no ending": '{"a": 10, "b": 2}\n{"b": 1, "a": 1.5}\n{"a": 3, "b": 0}\n',
    "excel.csv": "\ufeffb,a\r\n2,10\r\n1,1.5\r\n\r\n0,3\r\n",
    "quoted": 'a,b\n"10",2\n1.5,"1"\n3,0\n',
    "tabs.tsv": "a\tb\n10\t2\n1.5\t1\n3\t0\n",
    "table.parquet": None,
}


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", INPUTS)
def test_inputs(cli, name, compressed):
    content = INPUTS[name]
    data = parquet({"a": [10, 1.5, 3], "b": [2, 1, 0]}) if content is None else content.encode()
    # The content says that it is compressed, whatever its name.
    write(cli.volume / name, gzip.compress(data) if compressed else data)
    done = cli("predict", name, ".", "--output-format", "jsonl")
    assert (done.code, done.err) == (0, "")
    assert [json.loads(line) for line in (cli.volume / "results.jsonl").read_text().splitlines()] == [
        {"sum": 8}, {"sum": 0.5}, {"sum": 3}]


@pytest.mark.parametrize("name", ["matrix.json", "excel.csv", "objects.jsonl", "table.parquet"])
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_batches_change_nothing(cli, name, size):
    content = INPUTS[name]
    write(cli.volume / name, parquet({"a": [10, 1.5, 3], "b": [2, 1, 0]}) if content is None else content)
    done = cli("predict", name, "-", "--batch-size", size)
    assert strict_json(done.raw) == ANSWER


def test_outputs(cli):
    pyarrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    write(cli.volume / "in.json", MATRIX)
    for name in ("r.json", "r.jsonl", "r.csv", "r.parquet", "r.json.gz", "r.csv.gz"):
        assert cli("predict", "in.json", ".", "--output_file_name", name, "--batch-size", 2).code == 0
    files = {path.name: path.read_bytes() for path in cli.volume.iterdir()}
    assert strict_json(files["r.json"]) == ANSWER
    assert files["r.jsonl"] == b'{"sum": 8}\n{"sum": 0.5}\n{"sum": 3}\n'
    assert files["r.csv"] == b"sum\n8\n0.5\n3\n"
    assert pyarrow.parquet.read_table(io.BytesIO(files["r.parquet"])).to_pydict() == {"sum": [8.0, 0.5, 3.0]}
    assert strict_json(gzip.decompress(files["r.json.gz"])) == ANSWER
    assert gzip.decompress(files["r.csv.gz"]) == files["r.csv"]
    cli("predict", "in.json", ".", "--output_file_name", "r.csv.gz", "--batch-size", 2)
    assert (cli.volume / "r.csv.gz").read_bytes() == files["r.csv.gz"]


def test_parquet_needs_an_engine(cli, tmp_path):
    """Where the model's environment has none; pandas is there, and has none either."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for name in ("pyarrow", "fastparquet"):
        (hidden / f"{name}.py").write_text("raise ImportError(__name__)\n")
    write(cli.volume / "table.parquet", parquet({"a": [1.5], "b": [2]}))
    write(cli.volume / "in.json", MATRIX)
    for arguments in (["table.parquet", "."], ["in.json", ".", "--output-format", "parquet"]):
        done = cli("predict", *arguments, PYTHONPATH=str(hidden))
        assert (done.code, done.out) == (1, "")
        assert "Parquet needs pyarrow (or pandas with fastparquet) in the model's environment" in done.err
        assert sorted(path.name for path in cli.volume.iterdir()) == ["in.json", "table.parquet"]


VALUES = """
    init = lambda: "matrix"
    def predict_on_matrix(matrix, provided_columns_names=None):
        return [[1, 2.5, "é, \\"", None, True, [1, {"x": None}], float("inf")] for row in matrix], tuple("abcdefg")
"""


def test_values_of_every_type(cli, tmp_path):
    environment = gppi_environment(tmp_path / "values", VALUES)
    done = cli("predict", "-", "-", "--output-format", "csv", stdin=b"[[1]]", **environment)
    assert list(csv.reader(io.StringIO(done.out))) == [
        list("abcdefg"), ["1", "2.5", 'é, "', "", "true", '[1, {"x": null}]', ""]]
    done = cli("predict", "-", "-", "--output-format", "jsonl", stdin=b"[[1]]", **environment)
    assert strict_json(done.raw) == {"a": 1, "b": 2.5, "c": 'é, "', "d": None, "e": True, "f": [1, {"x": None}],
                                     "g": None}


def test_tensors_are_answered_with_tensors(cli):
    write(cli.volume / "in.json", {"id": "7", "inputs": TENSORS})
    assert cli("predict", "in.json", ".").code == 0
    answer = strict_json((cli.volume / "results.json").read_bytes())
    assert answer == {"id": "7", "outputs": [{"name": "sum", "shape": [3], "datatype": "FP64",
                                              "data": [8.0, 0.5, 3.0]}]}


def test_several_inputs(cli):
    for name in ("matrix.json", "excel.csv"):
        write(cli.volume / name, INPUTS[name])
    write(cli.volume / "objects.jsonl.gz", gzip.compress(INPUTS["objects.jsonl"].encode()))
    results = cli.volume / "out"
    results.mkdir()
    done = cli("predict", "matrix.json", "excel.csv", "objects.jsonl.gz", "out")
    assert done.out.count("Prediction is successful. Result file: out/") == 3
    assert {path.name: strict_json(path.read_bytes()) for path in results.iterdir()} == {
        "matrix_results.json": ANSWER, "excel_results.json": ANSWER, "objects_results.json": ANSWER}
    done = cli("predict", "matrix.json", "excel.csv", "-", "--output-format", "csv")
    assert done.out == "sum\n" + "8\n0.5\n3\n" * 2
    write(cli.volume / "excel.json", INPUTS["matrix.json"])
    done = cli("predict", "excel.json", "excel.csv", "out")
    assert done.code == 1 and "several inputs are called excel" in done.err


def test_csv_values(cli, tmp_path):
    """Types are the schema's where it knows the column, else those that the text looks like."""
    source = """
        init = lambda: "matrix"
        def predict_on_matrix(matrix, provided_columns_names=None):
            return [[repr(value) for value in row] for row in matrix], tuple(provided_columns_names or "abcdef")
        def info():
            kinds = {"n": "number", "s": "string", "t": "boolean"}
            return [{"name": name, "type": kind, "example": 0} for name, kind in kinds.items()], []
    """
    environment = gppi_environment(tmp_path / "types", source)
    text = b"x,s,n,t,y,z\n007,007,7,TRUE,1e3,nan\n-1,,,,true,text\n"
    done = cli("predict", "-", "-", "--output-format", "csv", stdin=text, **environment)
    assert list(csv.reader(io.StringIO(done.out))) == [
        list("xsntyz"), ["'007'", "'007'", "7", "True", "1000.0", "nan"],
        ["-1", "''", "None", "None", "True", "'text'"]]
    done = cli("predict", "-", "-", "--no-header", "--delimiter", ";", "--output-format", "csv",
               stdin=b"1;2;1;x;5;6\n", **environment)
    assert list(csv.reader(io.StringIO(done.out)))[1] == ["1", "'2'", "True", "'x'", "5", "6"]


MALFORMED = {
    "no rows": (b"a,b\n", "standard input: Matrix is not provided"),
    "nothing": (b"", "standard input: Matrix is not provided"),
    "width": (b"a,b\n1,2\n1,2,3\n", "standard input: line 3 has 3 values, the first has 2"),
    "number": (b"a,b\n1,2\nx,2\n", "standard input: line 3, column a: 'x' is not a number"),
    "names": (b"a,a\n1,2\n", "standard input: Columns are given more than once: a"),
    "quote": (b'a,b\n1,"2\n', "standard input: line 2 is not CSV: "),
    "utf-8": (b"a,b\n1,\xff\n", "standard input: line"),
    "JSON line": (b'{"a": 1, "b": 2}\n{"a": 1\n', "standard input: line 2 is not JSON: "),
    "other line": (b'{"a": 1, "b": 2}\n[1, 2]\n', "standard input: line 2 is not like the first"),
    "other key": (b'{"a": 1, "b": 2}\n{"a": 1, "c": 2}\n', "standard input: line 2 has a column that the first does"),
    "Parquet": (b"PAR1 and more", "standard input: not a Parquet file: "),
}


@pytest.mark.parametrize("content, message", MALFORMED.values(), ids=MALFORMED)
def test_malformed_inputs(cli, content, message):
    done = cli("predict", "-", ".", stdin=content)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("invoke: " + message) and done.err.count("\n") == 1
    assert list(cli.volume.iterdir()) == []


def test_memory_does_not_grow_with_the_input(cli):
    """A gigabyte of rows would not fit: the address space is bounded to little more than the interpreter's."""
    import resource

    limit = 400 << 20
    command = [*INVOKE, "predict", "-", ".", "--output-format", "csv", "--batch-size", "1000"]
    process = subprocess.Popen(
        command, cwd=cli.volume, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=cli.environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    chunk = b"1234567.25,1\n" * 100_000
    process.stdin.write(b"a,b\n")
    for _ in range(15):
        process.stdin.write(chunk)
    _, error = process.communicate()
    assert (process.returncode, error) == (0, b"")
    with open(cli.volume / "results.csv", "rb") as file:
        assert sum(1 for _ in file) == 1_500_001
