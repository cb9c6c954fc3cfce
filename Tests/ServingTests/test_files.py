"""Models of one file, made by scikit-learn, skops and onnx, served over REST and on the command line."""

import json
import pickle

import pytest
from conftest import Client, strict_json, write

numpy = pytest.importorskip("numpy")
joblib = pytest.importorskip("joblib")
pandas = pytest.importorskip("pandas")
onnx = pytest.importorskip("onnx")
skops = pytest.importorskip("skops.io")

from onnx import TensorProto, helper  # noqa: E402
from sklearn.linear_model import LinearRegression  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer, StandardScaler  # noqa: E402

ROWS = [[0.1, 2.0], [3.0, 5.5], [1.25, 1.0]]


def variables(path, kind):
    return {"PACKAGER_MODEL_KIND": kind, "PACKAGER_MODEL_ROOT": str(path.parent), "PACKAGER_MODEL_FILE": path.name,
            "ODAHU_MODEL_NAME": "m"}


def invoke(client, rows, columns=None):
    return client("POST", "/api/model/invoke", {"data": rows, **({"columns": columns} if columns else {})})


def fitted(names=("a", "b")):
    table = pandas.DataFrame([[0, 1], [1, 2], [2, 5], [3, 3]], columns=names or None)
    return make_pipeline(StandardScaler(), LinearRegression()).fit(table if names else table.to_numpy(), [1, 2, 4, 3])


def dumped(model, path, compress=3):
    if path.suffix == ".skops":
        skops.dump(model, path)
    elif path.suffix == ".pkl":
        path.write_bytes(pickle.dumps(model))
    else:
        joblib.dump(model, path, compress=compress)
    return path


@pytest.mark.parametrize("name", ["model.joblib", "model.pkl", "model.skops"])
def test_sklearn_predicts_what_it_predicts(tmp_path, cli, name):
    model = fitted()
    expected = model.predict(pandas.DataFrame(ROWS, columns=["a", "b"])).tolist()
    environment = variables(dumped(model, tmp_path / name), "skops" if name.endswith("skops") else "pickle")
    client = Client(environment)
    assert invoke(client, ROWS).json() == {"prediction": expected, "columns": ["predict"]}
    swapped = [[row[1], 9, row[0]] for row in ROWS]
    assert invoke(client, swapped, ["b", "extra", "a"]).json()["prediction"] == expected
    assert client("GET", "/v2/models/m").json()["inputs"] == [
        {"name": name, "datatype": "FP64", "shape": [-1]} for name in "ab"]
    write(cli.volume / "in.csv", "b,a\n" + "".join(f"{row[1]},{row[0]}\n" for row in ROWS))
    done = cli("predict", "in.csv", "-", "--batch-size", 2, **environment)
    assert strict_json(done.raw)["prediction"] == expected


@pytest.mark.parametrize("compression", ["zlib", "gzip", "bz2", "xz", "lzma", "lz4"])
def test_joblib_may_have_compressed_it(tmp_path, compression):
    model = fitted()
    path = dumped(model, tmp_path / "model", (compression, 3))
    expected = model.predict(pandas.DataFrame(ROWS, columns=["a", "b"])).tolist()
    assert invoke(Client(variables(path, "pickle")), ROWS).json()["prediction"] == expected


def test_sklearn_without_names(tmp_path):
    model = fitted(names=None)
    client = Client(variables(dumped(model, tmp_path / "model.joblib"), "pickle"))
    assert invoke(client, ROWS).json()["prediction"] == model.predict(numpy.array(ROWS)).tolist()
    response = invoke(client, [[1, 2, 3]])
    assert (response.status, response.json()["message"]) == (400, "Rows have 3 values, the model takes 2")
    assert invoke(client, [["x", 1]]).status == 500


def test_what_is_refused(tmp_path, cli):
    cases = {
        "pickle": (dumped({"no": "model"}, tmp_path / "dict.joblib"), "builtins.dict, which has no function predict"),
        "skops": (dumped(FunctionTransformer(joblib.hash), tmp_path / "odd.skops"), "types that skops does not trust"),
        "onnx": (write(tmp_path / "bad.onnx", b"no graph"), "cannot load model m 1.2: "),
    }
    for kind, (path, message) in cases.items():
        done = cli("info", **variables(path, kind))
        assert done.code == 1 and message in done.err and done.err.count("\n") == 1, done.err
    done = cli("info", **variables(tmp_path / "gone.onnx", "onnx"))
    assert f"there is no model file {tmp_path}/gone.onnx" in done.err
    done = cli("info", PACKAGER_MODEL_KIND="onnx")
    assert "PACKAGER_MODEL_FILE is not set" in done.err


def graph(path, nodes, inputs, outputs, constants=()):
    """Writes an ONNX model; inputs and outputs are (name, type, shape)."""
    def value(entry):
        return helper.make_tensor_value_info(*entry)

    made = helper.make_graph(nodes, "g", [value(entry) for entry in inputs], [value(entry) for entry in outputs],
                             [onnx.numpy_helper.from_array(array, name) for name, array in constants])
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return variables(path, "onnx")


FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING


def test_onnx_of_one_matrix(tmp_path, cli):
    weights = numpy.array([[2.0], [-1.0]], dtype="float32")
    environment = graph(tmp_path / "m.onnx", [helper.make_node("MatMul", ["x", "w"], ["y"])],
                        [("x", FLOAT, ["n", 2])], [("y", FLOAT, ["n", 1])], [("w", weights)])
    expected = (numpy.array(ROWS, dtype="float32") @ weights).tolist()
    client = Client(environment)
    assert invoke(client, ROWS).json() == {"prediction": expected, "columns": ["y"]}
    assert invoke(client, [[1, 2, 3]]).json()["message"] == "Rows have 3 values, the model takes 2"
    assert invoke(client, [["x", 2]]).status == 400
    write(cli.volume / "in.json", {"data": ROWS})
    assert strict_json(cli("predict", "in.json", "-", **environment).raw)["prediction"] == expected
    info = cli("info", **environment)
    assert json.loads(info.out.split("schema:\n")[2])["columns"]["example"] == ["y"]


def test_onnx_of_a_column_each(tmp_path, cli):
    """As skl2onnx makes it of a data frame: a tensor a column, several outputs."""
    nodes = [helper.make_node("Concat", ["a", "b"], ["both"], axis=1),
             helper.make_node("ArgMax", ["both"], ["label"], axis=1, keepdims=0),
             helper.make_node("Identity", ["both"], ["scores"]), helper.make_node("Identity", ["s"], ["text"])]
    environment = graph(tmp_path / "m.onnx", nodes,
                        [("a", FLOAT, ["n", 1]), ("b", FLOAT, ["n", 1]), ("s", STRING, ["n", 1])],
                        [("label", INT64, ["n"]), ("scores", FLOAT, ["n", 2]), ("text", STRING, ["n", 1])])
    client = Client(environment)
    answer = invoke(client, [["é", 0.5, 2], ["x", 4, 3]], ["s", "a", "b"]).json()
    assert answer == {"prediction": [[1, 0.5, 2, "é"], [0, 4, 3, "x"]],
                      "columns": ["label", "scores_0", "scores_1", "text"]}
    assert invoke(client, [[1, 2]], ["a", "b"]).json()["message"] == "Columns are missing: s"
    assert invoke(client, [[1, 2, 3]]).status == 400
    assert [entry["datatype"] for entry in client("GET", "/v2/models/m").json()["inputs"]] == ["FP64", "FP64", "BYTES"]
    write(cli.volume / "in.csv", "s,a,b\né,0.5,2\n007,4,3\n")
    done = cli("predict", "in.csv", "-", "--output-format", "csv", **environment)
    assert done.out == "label,scores_0,scores_1,text\n1,0.5,2.0,é\n0,4.0,3.0,007\n"


def test_onnx_of_more_dimensions(tmp_path):
    environment = graph(tmp_path / "m.onnx", [helper.make_node("ReduceSum", ["x", "axes"], ["y"], keepdims=0)],
                        [("x", FLOAT, ["n", 2, 3])], [("y", FLOAT, ["n", 2])], [("axes", numpy.array([2]))])
    client = Client(environment)
    image = [[1, 2, 3], [4, 5, 6]]
    assert invoke(client, [image, image]).json()["prediction"] == [[6, 15], [6, 15]]
    assert invoke(client, [[1, 2, 3, 4, 5, 6]]).json() == {"prediction": [[6, 15]], "columns": ["y_0", "y_1"]}


def test_onnx_exported_with_one_batch_size(tmp_path):
    environment = graph(tmp_path / "m.onnx", [helper.make_node("Neg", ["x"], ["y"])],
                        [("x", FLOAT, [1, 2])], [("y", FLOAT, [1, 2])])
    assert invoke(Client(environment), ROWS[:2]).json()["prediction"] == [
        [numpy.float32(-value).item() for value in row] for row in ROWS[:2]]
