"""ODAHU's interface: its answers to the letter, its errors with a client's status."""

import json

import pytest

DATA = {"data": [[1.5, 2]]}


@pytest.fixture
def client(client_for):
    return client_for()


def test_healthcheck(client):
    response = client("GET", "/healthcheck")
    assert (response.status, response.body) == (200, b'{"status":true}\n')
    assert response.headers["Content-Type"] == "application/json"


def test_invoke(client):
    response = client("POST", "/api/model/invoke", {"columns": ["b", "a"], "data": [[2, 10], [1, 1.5]]})
    assert response.body == b'{"prediction":[8,0.5],"columns":["sum"]}'
    assert (response.headers["Model-Name"], response.headers["Model-Version"]) == ("demo", "1.2")
    assert client("POST", "//api/model/invoke", DATA, content_type="").status == 200


def test_info(client):
    response = client("GET", "/api/model/info")
    document = response.json()
    assert response.body == json.dumps(document, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert document["info"]["title"] == "demo" and document["info"]["version"] == "1.2"
    assert document["info"]["description"] == "This is a EDI server."
    post = document["paths"]["/api/model/invoke"]["post"]
    parameter = post["parameters"][0]
    assert parameter["name"] == "PredictionParameters"
    assert parameter["schema"]["properties"] == {
        "columns": {"example": ["a", "b"], "items": {"type": "string"}, "type": "array"},
        "data": {"example": [[1.5, 2]], "items": {"items": {"type": "number"}, "type": "array"}, "type": "array"},
    }
    assert post["responses"]["200"]["properties"]["columns"]["example"] == ["sum"]


ERRORS = [
    (b"", 400, "Please provide data with this POST request"),
    (b"\xff", 400, "Can not decode POST data using utf-8 charset: "),
    (b"{", 400, "Can not parse input as JSON: "),
    (b"[" * 100_000, 400, "Can not parse input as JSON: "),
    (b"[]", 400, "The request must be a JSON object"),
    ({}, 400, "Matrix is not provided"),
    ({"data": []}, 400, "Matrix is not provided"),
    ({"data": [[]]}, 400, "Matrix is not provided"),
    ({"data": None}, 400, "Matrix is not provided"),
    ({"data": [1, 2]}, 400, "Matrix must be a list of rows"),
    ({"data": "x"}, 400, "Matrix must be a list of rows"),
    ({"data": [[1, 2], [1]]}, 400, "Row 2 has 1 value, row 1 has 2"),
    ({"data": [[1]]}, 400, "Rows have 1 value, the model takes 2 columns: a, b"),
    ({"data": [[1, 2]], "columns": ["a"]}, 400, "Columns have 1 name, rows have 2 values"),
    ({"data": [[1, 2]], "columns": ["a", "a"]}, 400, "Columns are given more than once: a"),
    ({"data": [[1, 2]], "columns": ["a", "c"]}, 400, "Columns are missing: b"),
    ({"data": [[1, 2]], "columns": [1, 2]}, 400, "Columns must be a list of names"),
    ({"data": [[-1, 2]]}, 500, "Exception during prediction: négatif"),
    ({"data": [["x", 2]]}, 500, "Exception during prediction: unsupported operand"),
]


@pytest.mark.parametrize("body, status, message", ERRORS, ids=[message for _, _, message in ERRORS])
def test_errors(client, body, status, message):
    response = client("POST", "/api/model/invoke", body)
    assert response.status == status
    assert list(response.json()) == ["message"] and response.json()["message"].startswith(message)
    assert response.body.startswith(b'{"message": "') and "Model-Name" not in response.headers


def test_wrong_method_path_and_type(client):
    response = client("GET", "/api/model/invoke")
    assert (response.status, response.headers["Allow"]) == (405, "POST")
    assert client("POST", "/healthcheck", {}).headers["Allow"] == "GET, HEAD"
    assert client("GET", "/nichts/ä").json() == {"message": "not found: /nichts/ä"}
    assert client("HEAD", "/healthcheck").body == b""
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = client("POST", "/api/model/invoke", DATA, content_type)
        assert response.status == 415
        assert response.json()["message"].startswith("Please provide data with this POST request")


def test_limit(client_for):
    client = client_for(PACKAGER_MAX_BODY_BYTES="40")
    assert client("POST", "/api/model/invoke", DATA).status == 200
    response = client("POST", "/api/model/invoke", {"data": [[1.0, 2.0]] * 9})
    assert response.status == 413 and "limit of 40 bytes" in response.json()["message"]


RESULTS = [
    ("numpy.array([[1, 2], [3, 4]]), ['x', 'y']", [[1, 2], [3, 4]], ["x", "y"]),
    ("numpy.array([1.5, numpy.nan, numpy.inf]), ('x',)", [1.5, None, None], ["x"]),
    ("numpy.array([1.5]), numpy.array(['x'])", [1.5], ["x"]),
    ("[numpy.float32(0.5), numpy.int64(3), numpy.bool_(True)], ('x',)", [0.5, 3, True], ["x"]),
    ("[float('nan'), 'é', '\\ud800'], ['ñ']", [None, "é", "\ud800"], ["ñ"]),
    ("[numpy.array([1, 2])], ['x', 'y']", [[1, 2]], ["x", "y"]),
    ("pandas.DataFrame({'x': [1], 'y': ['a']})", [[1, "a"]], ["x", "y"]),
    ("pandas.Series([1, 2], name='x')", [1, 2], ["x"]),
    ("pandas.DataFrame({'t': pandas.to_datetime(['2020-01-02', None])})", [["2020-01-02T00:00:00"], [None]], ["t"]),
    ("{'x': numpy.array([[1], [2]]), 'y': [3, 4]}", [[1, 3], [2, 4]], ["x", "y"]),
    ("[1, 2]", [1, 2], ["predict"]),
    ("numpy.eye(2)", [[1.0, 0.0], [0.0, 1.0]], ["predict_0", "predict_1"]),
    ("[{'a': numpy.float64('nan'), 3: 1}], ['x']", [{"a": None, "3": 1}], ["x"]),
]
RETURNING = """
    import numpy, pandas
    init = lambda: "matrix"
    def predict_on_matrix(matrix, provided_columns_names=None):
        return RESULT
"""


@pytest.mark.parametrize("source, prediction, columns", RESULTS, ids=[source for source, _, _ in RESULTS])
def test_results(client_for, source, prediction, columns):
    response = client_for(RETURNING.replace("RESULT", source))("POST", "/api/model/invoke", DATA)
    assert response.status == 200
    assert response.json() == {"prediction": prediction, "columns": columns}


@pytest.mark.parametrize("source, kind", [("None", "NoneType"), ("object(), ['x']", "object"), ("3", "int"),
                                          ("{'x': [1], 'y': [1, 2]}", "dict"), ("[object()]", "a value of type")])
def test_unknown_results(client_for, source, kind):
    response = client_for(RETURNING.replace("RESULT", source))("POST", "/api/model/invoke", DATA)
    assert response.status == 500
    assert response.json()["message"].startswith(f"Unknown model's return type: {kind}")


@pytest.mark.parametrize("signature", ["m, provided_columns_names=None", "m, names", "m, *, provided_columns_names",
                                       "m", "m, **options"])
def test_signatures_of_predict(client_for, signature):
    client = client_for(f"init = lambda: 'matrix'\ndef predict_on_matrix({signature}):\n    return [1], ['x']\n")
    assert client("POST", "/api/model/invoke", DATA).status == 200


@pytest.mark.parametrize("work_dir, module", [("a/b/c", "main"), ("not-a-name", "entrypoint"), (".", "solo"),
                                              ("json", "entrypoint"), ("nested", "package.inner")])
def test_where_the_entrypoint_lies(client_for, tmp_path, work_dir, module):
    if "." in module:
        (tmp_path / work_dir / module.split(".")[0]).mkdir(parents=True)
    client = client_for(work_dir=work_dir, module=module)
    assert client("POST", "/api/model/invoke", DATA).json()["prediction"] == [-0.5]


def test_a_broken_info_is_no_reason_not_to_predict(client_for):
    client = client_for("init = lambda: 'matrix'\ninfo = lambda: 1 / 0\ndef predict_on_matrix(m, n):\n    return [1]\n")
    assert client("POST", "/api/model/invoke", DATA).status == 200
    assert client("GET", "/api/model/info").status == 200


def test_model_name_beyond_latin(client_for):
    response = client_for(ODAHU_MODEL_NAME="вино")("POST", "/api/model/invoke", DATA)
    assert response.headers["Model-Name"].encode("latin-1").decode() == "вино"
