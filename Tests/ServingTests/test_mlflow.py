"""MLflow models, written by MLflow and served from their directory."""

import os

import pytest
from conftest import Client

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
pyfunc = pytest.importorskip("mlflow.pyfunc")
pandas = pytest.importorskip("pandas")
numpy = pytest.importorskip("numpy")

from mlflow.models import ModelSignature  # noqa: E402
from mlflow.types import ColSpec, Schema, TensorSpec  # noqa: E402

COLUMNS = [("long", "l"), ("integer", "i"), ("float", "f"), ("double", "d"), ("boolean", "b"), ("string", "s"),
           ("datetime", "t")]
ROW = [1, 2, 0.5, 3, True, "é", "2020-01-02"]


class Types(pyfunc.PythonModel):
    """Answers with the types its columns arrive in."""

    def predict(self, context, model_input, params=None):
        if model_input["l"][0] == -1:
            raise RuntimeError("negative")
        return [",".join(f"{name}:{kind}" for name, kind in model_input.dtypes.items())] * len(model_input)


class Total(pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return numpy.asarray(model_input).sum(axis=1)


class Frame(pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return pandas.DataFrame({"n": range(len(model_input)), "cells": [model_input.shape[1]] * len(model_input)})


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A client of a model, which is saved once."""
    def make(python_model, inputs, outputs=None, example=None):
        path = tmp_path_factory.mktemp("mlflow") / "m"
        signature = ModelSignature(inputs=inputs, outputs=outputs) if inputs else None
        pyfunc.save_model(str(path), python_model=python_model, signature=signature, pip_requirements=["pandas"],
                          input_example=example)
        return Client({"PACKAGER_MODEL_KIND": "mlflow", "PACKAGER_MODEL_ROOT": str(path), "ODAHU_MODEL_NAME": "m"})

    return make


@pytest.fixture(scope="module")
def typed(model):
    inputs = Schema([ColSpec(kind, name) for kind, name in COLUMNS] + [ColSpec("double", "o", required=False)])
    return model(Types(), inputs, Schema([ColSpec("string", "types")]))


def invoke(client, data, columns=None):
    return client("POST", "/api/model/invoke", {"data": data, **({"columns": columns} if columns else {})})


def test_columns_are_ordered_and_cast(typed):
    names = [name for _, name in COLUMNS]
    response = invoke(typed, [ROW[::-1]], names[::-1])
    assert response.json()["columns"] == ["types"]
    told = dict(entry.split(":") for entry in response.json()["prediction"][0].split(","))
    assert told.pop("t").startswith("datetime64") and told.pop("s") in ("object", "str")
    assert told == {"l": "int64", "i": "int32", "f": "float32", "d": "float64", "b": "bool"}
    assert invoke(typed, [ROW]).json() == invoke(typed, [ROW + [1]], names + ["extra"]).json()
    assert "o:float64" in invoke(typed, [ROW + [None]]).json()["prediction"][0]
    assert invoke(typed, [[1.0] + ROW[1:]]).status == 200


@pytest.mark.parametrize(
    "index, value, message",
    [
        (0, 1.5, "Column l takes long values, not 1.5"),
        (0, "1", "Column l takes long values, not '1'"),
        (0, None, "Column l takes long values, not null"),
        (0, 2**70, "Column l takes long values"),
        (1, 2**31, "Column i takes integer values"),
        (2, "x", "Column f takes float values, not 'x'"),
        (4, 1, "Column b takes boolean values, not 1"),
        (5, 1, "Column s takes string values, not 1"),
        (6, "soon", "Column t takes datetime values"),
    ],
)
def test_values_that_do_not_fit(typed, index, value, message):
    response = invoke(typed, [ROW[:index] + [value] + ROW[index + 1 :]])
    assert response.status == 400 and response.json()["message"].startswith(message)


def test_columns_that_do_not_fit(typed):
    response = invoke(typed, [ROW[1:]], [name for _, name in COLUMNS][1:])
    assert (response.status, response.json()["message"]) == (400, "Columns are missing: l")
    assert invoke(typed, [ROW[1:]]).json()["message"].startswith("Rows have 6 values, the model takes 7 columns")
    assert invoke(typed, [ROW + [1, 2]]).json()["message"].startswith("Rows have 9 values, the model takes 8 columns")
    response = invoke(typed, [[-1] + ROW[1:]])
    assert response.status == 500 and response.json()["message"].startswith("Exception during prediction: negative")


def test_info(typed):
    operation = typed("GET", "/api/model/info").json()["paths"]["/api/model/invoke"]["post"]
    properties = operation["parameters"][0]["schema"]["properties"]
    assert properties["columns"]["example"] == [name for _, name in COLUMNS] + ["o"]
    assert properties["data"]["example"] == [[0, 0, 0.0, 0.0, False, "", "1970-01-01T00:00:00", 0.0]]
    metadata = typed("GET", "/v2/models/m").json()
    assert metadata["platform"] == "mlflow" and metadata["versions"] == []
    assert [entry["datatype"] for entry in metadata["inputs"]][:6] == ["INT64", "INT64", "FP64", "FP64", "BOOL",
                                                                       "BYTES"]


def test_the_saved_example_is_shown(model):
    example = pandas.DataFrame({"a": [1.5], "b": [2.5]})
    client = model(Total(), Schema([ColSpec("double", "a"), ColSpec("double", "b")]), example=example)
    operation = client("GET", "/api/model/info").json()["paths"]["/api/model/invoke"]["post"]
    assert operation["parameters"][0]["schema"]["properties"]["data"]["example"] == [[1.5, 2.5]]
    tensor = {"name": "any", "shape": [2, 2], "datatype": "FP64", "data": [1, 2, 3, 4]}
    assert client("POST", "/v2/models/m/infer", {"inputs": [tensor]}).json() == {
        "model_name": "m",
        "outputs": [{"name": "predict", "shape": [2], "datatype": "FP64", "data": [3.0, 7.0]}],
    }


def test_a_tensor_signature(model):
    client = model(Total(), Schema([TensorSpec(numpy.dtype("float32"), (-1, 2))]))
    assert invoke(client, [[1, 2], [3, 4]]).json() == {"prediction": [3.0, 7.0], "columns": ["predict"]}
    assert invoke(client, [["a", "b"]]).status == 400


def test_no_signature_and_a_frame(model):
    client = model(Frame(), None)
    assert invoke(client, [[1, 2], [3, 4]]).json() == {"prediction": [[0, 2], [1, 2]], "columns": ["n", "cells"]}
    assert invoke(client, [[1, 2]], ["x", "y"]).status == 200
