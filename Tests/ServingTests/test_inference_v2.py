"""The Open Inference Protocol, version 2."""

import pytest

INFER = "/v2/models/demo/infer"
RETURNING = """
    import numpy, pandas
    init = lambda: "matrix"
    def predict_on_matrix(matrix, provided_columns_names=None):
        return RESULT
"""


def tensor(name="x", shape=(1, 2), datatype="FP64", data=(1, 2), **more):
    return {"name": name, "shape": list(shape), "datatype": datatype, "data": list(data), **more}


@pytest.fixture
def client(client_for):
    return client_for()


def test_health_and_metadata(client):
    assert client("GET", "/v2").json()["name"] == "packager"
    assert client("GET", "/v2/health/live").json() == {"live": True}
    assert client("GET", "/v2/health/ready").json() == {"ready": True}
    for base in ("/v2/models/demo", "/v2/models/demo/versions/1.2"):
        assert client("GET", base + "/ready").json() == {"name": "demo", "ready": True}
        assert client("GET", base).json() == {
            "name": "demo",
            "versions": ["1.2"],
            "platform": "gppi",
            "inputs": [
                {"name": "a", "datatype": "FP64", "shape": [-1]},
                {"name": "b", "datatype": "INT64", "shape": [-1]},
            ],
            "outputs": [{"name": "sum", "datatype": "FP64", "shape": [-1]}],
        }


@pytest.mark.parametrize(
    "inputs",
    [
        [tensor(shape=(2, 2), data=(1, 2, 5, 3))],
        [tensor(shape=(2, 2), data=([1, 2], [5, 3]))],
        [tensor("b", (2,), "INT64", (2, 3)), tensor("a", (2,), "FP32", (1, 5))],
        [tensor("b", (2, 1), "INT64", ([2], [3])), tensor("a", (2, 1), "FP32", (1, 5))],
    ],
    ids=["flat", "nested", "columns", "columns of one"],
)
def test_infer(client, inputs):
    response = client("POST", INFER, {"id": "42", "inputs": inputs, "outputs": [{"name": "sum"}]})
    assert response.json() == {
        "model_name": "demo",
        "model_version": "1.2",
        "id": "42",
        "outputs": [{"name": "sum", "shape": [2], "datatype": "FP64", "data": [-1.0, 2.0]}],
    }
    assert client("POST", "/v2/models/demo/versions/1.2/infer", {"inputs": inputs}).status == 200


@pytest.mark.parametrize(
    "source, outputs",
    [
        ("numpy.array([[1, 2]]), ['x', 'y']", [("predict", [1, 2], "INT64", [1, 2])]),
        ("numpy.array([[0.5]], dtype='float32'), ['x']", [("x", [1, 1], "FP32", [0.5])]),
        ("numpy.array([True]), ['x']", [("x", [1], "BOOL", [True])]),
        ("numpy.array(['é']), ['x']", [("x", [1], "BYTES", ["é"])]),
        ("numpy.array(['é'], dtype=object), ['x']", [("x", [1], "BYTES", ["é"])]),
        ("numpy.array([1], dtype='uint8')", [("predict", [1], "UINT8", [1])]),
        ("[1, 2.5]", [("predict", [2], "FP64", [1.0, 2.5])]),
        ("[numpy.nan]", [("predict", [1], "FP64", [None])]),
        ("numpy.zeros((1, 2, 2))", [("predict", [1, 2, 2], "FP64", [0.0, 0.0, 0.0, 0.0])]),
        ("pandas.DataFrame({'x': [1], 'y': ['a']})", [("x", [1, 1], "INT64", [1]), ("y", [1, 1], "BYTES", ["a"])]),
        ("[[1, 'a']], ['x', 'y']", [("x", [1, 1], "INT64", [1]), ("y", [1, 1], "BYTES", ["a"])]),
    ],
)
def test_outputs(client_for, source, outputs):
    client = client_for(RETURNING.replace("RESULT", source))
    answer = client("POST", INFER, {"inputs": [tensor()]}).json()
    told = [(entry["name"], entry["shape"], entry["datatype"], entry["data"]) for entry in answer["outputs"]]
    assert told == outputs and "id" not in answer


def test_an_output_without_a_type(client_for):
    response = client_for(RETURNING.replace("RESULT", "[1, 'a'], ['x']"))("POST", INFER, {"inputs": [tensor()]})
    assert response.status == 500 and response.json()["error"].startswith("Unknown model's return type: ")


ERRORS = [
    (b"", "Please provide data"),
    (b"{", "Can not parse input as JSON"),
    (b"[]", "The request must be a JSON object"),
    ({}, "inputs must be a list"),
    ({"inputs": []}, "inputs must be a list"),
    ({"inputs": [1]}, "inputs[0] must be an object"),
    ({"inputs": [{}]}, "inputs[0] has no name"),
    ({"inputs": [tensor(shape=[])]}, "input x: shape must be"),
    ({"inputs": [tensor(shape=[1, -2])]}, "input x: shape must be"),
    ({"inputs": [tensor(shape=[True, 2])]}, "input x: shape must be"),
    ({"inputs": [tensor(datatype="FLOAT")]}, "input x: datatype 'FLOAT' is not one of BOOL, "),
    ({"inputs": [tensor(datatype=None)]}, "input x: datatype None"),
    ({"inputs": [{**tensor(), "data": "x"}]}, "input x: data must be a list"),
    ({"inputs": [tensor(shape=(2, 2))]}, "input x: shape [2, 2] asks for 4 values, data has 2"),
    ({"inputs": [tensor(shape=(2, 1), data=([1, 2],))]}, "input x: the nesting of data"),
    ({"inputs": [tensor(data=(1, [2]))]}, "input x: the nesting of data"),
    ({"inputs": [tensor(shape=(0, 2), data=())]}, "input x: shape [0, 2] holds no values"),
    ({"inputs": [tensor(shape=(1, 1, 2))]}, "input x: shape [1, 1, 2] is neither"),
    ({"inputs": [tensor(data=("a", 1))]}, "input x: data has values that are not FP64"),
    ({"inputs": [tensor(datatype="INT8", data=(1, 128))]}, "input x: data has a number outside the range of INT8"),
    ({"inputs": [tensor(datatype="UINT8", data=(1, -1))]}, "input x: data has a number outside"),
    ({"inputs": [tensor(datatype="INT64", data=(1, 1.5))]}, "input x: data has values that are not INT64"),
    ({"inputs": [tensor(datatype="BOOL", data=(True, 2))]}, "input x: data has values that are not BOOL"),
    ({"inputs": [tensor(datatype="BYTES", data=("a", 2))]}, "input x: data has values that are not BYTES"),
    ({"inputs": [tensor("a", (1,), data=(1,)), tensor("a", (1,), data=(1,))]}, "inputs have names more than once"),
    ({"inputs": [tensor("a", (1,), data=(1,)), tensor("b", (2,))]}, "input b has 2 rows, input a has 1"),
    ({"inputs": [tensor("a", (1,), data=(1,)), tensor("c", (1,), data=(1,))]}, "Columns are missing: b"),
    ({"inputs": [tensor(shape=(2, 1))]}, "Rows have 1 value"),
    ({"inputs": [tensor()], "outputs": [{"name": "no"}]}, "output no is not one of the model's: sum"),
    ({"inputs": [tensor()], "outputs": [{}]}, "outputs must have names"),
    ({"inputs": [tensor()], "id": 1}, "id must be a string"),
    ({"inputs": [tensor(parameters={"binary_data_size": 8})]}, "input x: the binary tensor extension"),
    ({"inputs": [tensor()], "parameters": {"binary_data_output": True}}, "The binary tensor extension"),
]


@pytest.mark.parametrize("body, message", ERRORS, ids=[message for _, message in ERRORS])
def test_errors(client, body, message):
    response = client("POST", INFER, body)
    assert response.status == 400
    assert list(response.json()) == ["error"] and response.json()["error"].startswith(message)


def test_other_errors(client):
    assert client("POST", INFER, b"{}", inference_header_content_length="2").status == 400
    response = client("GET", "/v2/models/other")
    assert response.status == 404 and "/v2/models/demo" in response.json()["error"]
    assert client("GET", "/v2/models/demo/versions/2").status == 404
    assert client("GET", "/v2/nothing").json() == {"error": "not found: /v2/nothing"}
    response = client("GET", INFER)
    assert (response.status, response.headers["Allow"]) == (405, "POST")
    response = client("POST", INFER, {"inputs": [tensor(data=(-1, 2))]})
    assert (response.status, response.json()) == (500, {"error": "Exception during prediction: négatif"})
