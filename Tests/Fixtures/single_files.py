#!/usr/bin/env python3
"""Writes models of one file each, 20 rows that they have not seen, and what they themselves say of them.

    python single_files.py DIRECTORY    # in an environment of Tests/ServingTests/requirements.txt
"""

import json
import pickle
import sys
from pathlib import Path

import joblib
import numpy
import onnx
import onnxruntime
import skops.io
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

directory = Path(sys.argv[1])
features, target = load_diabetes(return_X_y=True)
rows, seen = features[:20], features[20:]
model = make_pipeline(StandardScaler(), ElasticNet(alpha=0.1)).fit(seen, target[20:])

joblib.dump(model, directory / "model.joblib", compress=("zlib", 3))
(directory / "model.pkl").write_bytes(pickle.dumps(model))
skops.io.dump(model, directory / "model.skops")

# The same model by hand; single precision makes other numbers of it.
scaler, linear = model[0], model[1]
constants = {"mean": scaler.mean_, "scale": scaler.scale_, "weights": linear.coef_.reshape(-1, 1),
             "bias": numpy.array([linear.intercept_])}
graph = helper.make_graph(
    [helper.make_node("Sub", ["x", "mean"], ["centred"]), helper.make_node("Div", ["centred", "scale"], ["scaled"]),
     helper.make_node("Gemm", ["scaled", "weights", "bias"], ["y"])],
    "regression",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", seen.shape[1]])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 1])],
    [numpy_helper.from_array(value.astype(numpy.float32), name) for name, value in constants.items()],
)
made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(made)
onnx.save(made, directory / "model.onnx")
session = onnxruntime.InferenceSession(directory / "model.onnx", providers=["CPUExecutionProvider"])
(single,) = session.run(None, {"x": rows.astype(numpy.float32)})

double = model.predict(rows).tolist()
expected = {
    "rows": rows.tolist(),
    "predictions": {"model.joblib": double, "model.pkl": double, "model.skops": double,
                    "model.onnx": single.ravel().astype(float).tolist()},
}
(directory / "expected.json").write_text(json.dumps(expected) + "\n")
