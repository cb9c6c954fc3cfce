#!/usr/bin/env python3
"""Writes the models of this folder and, beside each, the signature that its own framework reports.

    uv venv V && uv pip install --python V/bin/python onnx skl2onnx scikit-learn skops lz4 xgboost-cpu lightgbm torch
    V/bin/python Tests/Fixtures/models/make.py

`make_savedmodels.py` makes those of TensorFlow. `wine_savedmodel` and `wine_openvino` were made elsewhere: by
tensorflow-cpu 2.21 (Keras 3) and OpenVINO 2026.4.
"""

import json
import pickle
import shutil
import warnings
import zipfile
from pathlib import Path

import joblib
import lightgbm
import numpy
import onnx
import skops.io
import torch
import xgboost
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
random = numpy.random.default_rng(0)
X = random.normal(size=(60, 4)).astype(numpy.float32)
y = X @ numpy.array([1, 2, 3, 4], dtype=numpy.float32)
label = (y > 0).astype(numpy.int64)


def main():
    onnx_models()
    scikit_learn()
    trees()
    pytorch()


def graph(inputs, outputs, nodes, initializer=(), ir=10, opsets=(("", 21),)):
    model = helper.make_model(
        helper.make_graph(nodes, "g", inputs, outputs, list(initializer)),
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in opsets],
    )
    model.ir_version = ir
    # Its checker wants a shape, which the runtime does not.
    if all(value.type.tensor_type.HasField("shape") for value in [*inputs, *outputs]):
        onnx.checker.check_model(model)
    return model


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def onnx_models():
    F, D, I64, I32, S, B = (
        TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.INT32, TensorProto.STRING,
        TensorProto.BOOL,
    )
    node = helper.make_node
    weight = numpy_helper.from_array(numpy.ones((4, 2), numpy.float32), "w")
    models = {
        "dynamic_batch": graph(
            [tensor("x", F, ["batch", 4])], [tensor("y", F, ["batch", 2])], [node("MatMul", ["x", "w"], ["y"])], [weight]
        ),
        "no_batch": graph([tensor("x", F, [3, 4])], [tensor("y", F, [3, 4])], [node("Relu", ["x"], ["y"])]),
        "scalar": graph(
            [tensor("a", D, []), tensor("b", D, [])], [tensor("sum", D, [])], [node("Add", ["a", "b"], ["sum"])]
        ),
        "several_inputs": graph(
            [tensor("ids", I64, ["batch", "length"]), tensor("mask", B, ["batch", "length"]),
             tensor("scale", I32, [None, 1])],
            [tensor("ids_out", I64, ["batch", "length"]), tensor("mask_out", B, None), tensor("s", I32, [None, 1])],
            [node("Identity", ["ids"], ["ids_out"]), node("Not", ["mask"], ["mask_out"]),
             node("Neg", ["scale"], ["s"])],
        ),
        "strings": graph(
            [tensor("text", S, [None, 1])], [tensor("same", S, [None, 1])], [node("Identity", ["text"], ["same"])]
        ),
        "small_types": graph(
            [tensor("a", TensorProto.INT8, [2]), tensor("b", TensorProto.UINT8, [2]),
             tensor("c", TensorProto.UINT16, [2]), tensor("d", TensorProto.INT16, [2]),
             tensor("e", TensorProto.UINT32, [2]), tensor("f", TensorProto.UINT64, [2])],
            [tensor(f"{letter}_out", kind, [2]) for letter, kind in zip(
                "abcdef", [TensorProto.INT8, TensorProto.UINT8, TensorProto.UINT16, TensorProto.INT16,
                           TensorProto.UINT32, TensorProto.UINT64])],
            [node("Identity", [letter], [f"{letter}_out"]) for letter in "abcdef"],
        ),
        "float16": graph(
            [tensor("x", TensorProto.FLOAT16, ["n", 3, 8, 8])], [tensor("y", TensorProto.FLOAT16, ["n", 3, 8, 8])],
            [node("Relu", ["x"], ["y"])],
        ),
        "bfloat16": graph(
            [tensor("x", TensorProto.BFLOAT16, [None])], [tensor("y", TensorProto.BFLOAT16, [None])],
            [node("Relu", ["x"], ["y"])],
        ),
        "ir3_initializers": graph(
            [tensor("w", F, [4, 2]), tensor("x", F, [None, 4])], [tensor("y", F, [None, 2])],
            [node("MatMul", ["x", "w"], ["y"])], [weight], ir=3, opsets=(("", 8),),
        ),
        "unknown_rank": graph([tensor("x", F, None)], [tensor("y", F, None)], [node("Relu", ["x"], ["y"])]),
    }
    regression = make_pipeline(StandardScaler(), ElasticNet(alpha=0.01)).fit(X, y)
    classifier = LogisticRegression().fit(X, label)
    models["skl_regression"] = to_onnx(regression, X[:1])
    models["skl_classifier"] = to_onnx(classifier, X[:1], options={"zipmap": False})
    models["skl_zipmap"] = to_onnx(classifier, X[:1])
    for name, model in models.items():
        onnx.save(model, HERE / f"{name}.onnx")
        report(name, model)
    external = HERE / "external_data"
    shutil.rmtree(external, ignore_errors=True)
    external.mkdir()
    onnx.save(models["dynamic_batch"], external / "model.onnx", save_as_external_data=True, location="weights.bin",
              size_threshold=0)
    report("external_data", onnx.load(external / "model.onnx", load_external_data=False))


def report(name, model):
    """The signature by onnx's own classes, with NumPy's names."""
    def field(value):
        kind = value.type.WhichOneof("value")
        if kind != "tensor_type":
            return {"name": value.name, "type": kind.removesuffix("_type"), "required": True}
        tensor_type = value.type.tensor_type
        number = tensor_type.elem_type
        result = {
            "name": value.name,
            "type": "bfloat16" if number == TensorProto.BFLOAT16 else str(helper.tensor_dtype_to_np_dtype(number)),
            "required": True,
        }
        if tensor_type.HasField("shape"):
            result["shape"] = [d.dim_value if d.WhichOneof("value") == "dim_value" else -1 for d in tensor_type.shape.dim]
        return result

    given = {initializer.name for initializer in model.graph.initializer}
    opsets = {opset.domain or "ai.onnx": opset.version for opset in model.opset_import}
    traits = {"opset" if domain == "ai.onnx" else f"opset.{domain}": version for domain, version in opsets.items()}
    write(name + ".onnx.json", {
        "traits": {"ir": model.ir_version, **traits},
        "signature": {
            "inputs": [field(value) for value in model.graph.input if value.name not in given],
            "outputs": [field(value) for value in model.graph.output],
        },
    })


def scikit_learn():
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, label)
    joblib.dump(model, HERE / "classifier.joblib")
    for compression in ["zlib", "gzip", "bz2", "xz", "lzma", "lz4"]:
        joblib.dump(model, HERE / f"classifier_{compression}.joblib", compress=(compression, 3))
    (HERE / "classifier.pkl").write_bytes(pickle.dumps(model))
    (HERE / "classifier_protocol2.pkl").write_bytes(pickle.dumps(model, protocol=2))
    skops.io.dump(model, HERE / "classifier.skops")
    import sklearn
    write("classifier.json", {"scikit-learn": sklearn.__version__, "skops": skops.__version__})


def trees():
    booster = xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(X, label).get_booster()
    booster.save_model(HERE / "xgboost.json")
    booster.save_model(HERE / "xgboost.ubj")
    lightgbm.LGBMClassifier(n_estimators=2, num_leaves=3, verbose=-1).fit(X, label).booster_.save_model(
        HERE / "lightgbm.txt"
    )


class TwoTensors(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 2)

    def forward(self, x, scale):
        y = self.linear(x) * scale
        return y, torch.argmax(y, dim=1)


class Mapping(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"twice": x * 2}


def pytorch():
    torch.manual_seed(0)
    model = TwoTensors().eval()
    example = (torch.zeros(3, 4), torch.ones(1, dtype=torch.float64))
    torch.jit.trace(model, example).save(str(HERE / "traced.pt"))
    torch.jit.script(torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.ReLU())).save(str(HERE / "scripted.pt"))
    torch.jit.script(Mapping()).save(str(HERE / "mapping.pt"))
    torch.save(model.state_dict(), HERE / "checkpoint.pt")
    batch = torch.export.Dim("batch", min=1, max=64)
    exported = torch.export.export(model, example, dynamic_shapes=({0: batch}, None))
    for node in exported.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(exported, HERE / "exported.pt2")
    for name in ["traced.pt", "scripted.pt", "mapping.pt"]:
        drop_sources(HERE / name)


def drop_sources(path):
    """Where the code came from on this machine is nobody's business."""
    with zipfile.ZipFile(path) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in members:
            if not info.filename.endswith(".debug_pkl"):
                name = zipfile.ZipInfo(info.filename)
                name.compress_type = info.compress_type
                archive.writestr(name, data)


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1) + "\n")


main()
