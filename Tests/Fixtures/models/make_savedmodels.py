#!/usr/bin/env python3
"""Writes the SavedModels of `savedmodels/` and, beside each, the signatures that TensorFlow reports once it is loaded.

    uv venv V --python 3.11 && uv pip install --python V/bin/python tensorflow-cpu==2.21.0
    V/bin/python Tests/Fixtures/models/make_savedmodels.py

Only `saved_model.pb` stays: the signatures are in it, and what it weighs and where it was made are nobody's business.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

HERE = Path(__file__).parent / "savedmodels"
Spec = tf.TensorSpec
OPTIONS = tf.saved_model.SaveOptions(experimental_debug_stripper=True)


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    for name, make in MODELS.items():
        with tempfile.TemporaryDirectory() as directory:
            tf.keras.utils.set_random_seed(0)
            make(directory)
            (HERE / name).mkdir(parents=True)
            (HERE / f"{name}.json").write_text(json.dumps(reported(directory), indent=1) + "\n")
            shutil.copyfile(Path(directory) / "saved_model.pb", HERE / name / "saved_model.pb")


def reported(directory):
    """What TensorFlow says of the model's signatures, with NumPy's names of types; -1 for what is open."""
    def fields(specs):
        return [field(name, specs[name]) for name in sorted(specs)]

    def field(name, spec):
        result = {"name": name, "type": {"string": "object"}.get(spec.dtype.name, spec.dtype.name), "required": True}
        if spec.shape.rank is not None:
            result["shape"] = [-1 if length is None else length for length in spec.shape]
        return result

    signatures = tf.saved_model.load(directory, tags=["serve"]).signatures
    return {
        name: {
            "inputs": fields(function.structured_input_signature[1]),
            "outputs": fields(function.structured_outputs),
        }
        for name, function in sorted(signatures.items())
    }


def saved(signature, module=None):
    """Makes a module's model of functions with their inputs: {signature: (function, specs)}, or one alone."""
    def make(directory):
        own = module() if module else tf.Module()
        named = signature(own)
        concrete = {name: tf.function(function, input_signature=specs) for name, (function, specs) in named.items()}
        tf.saved_model.save(own, directory, signatures=concrete, options=OPTIONS)

    return make


def keras_dense(directory):
    model = keras.Sequential([keras.Input((13,), name="features"), keras.layers.Dense(3, activation="softmax")])
    model.export(directory, format="tf_saved_model", verbose=False)


def keras_two_by_two(directory):
    left, right = keras.Input((4,), name="left"), keras.Input((2, 3), name="right", dtype="int32")
    flat = keras.layers.Flatten()(keras.ops.cast(right, "float32"))
    both = keras.layers.Concatenate()([left, flat])
    outputs = {"score": keras.layers.Dense(1)(both), "hidden": keras.layers.Dense(5)(both)}
    keras.Model([left, right], outputs).export(directory, format="tf_saved_model", verbose=False)


def keras_image(directory):
    image = keras.Input((None, None, 3), name="image")
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(2, 3)(image))
    keras.Model(image, pooled).export(directory, format="tf_saved_model", verbose=False)


def version_1(directory):
    """A graph of TensorFlow 1 with a meta graph for training before the one for serving."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 2], "x")
        rate = v1.placeholder_with_default(tf.constant(0.5), [], "rate")
        weight = v1.get_variable("w", [2, 1])
        y = tf.matmul(x, weight.read_value()) * rate
        session.run(v1.global_variables_initializer())
        builder = v1.saved_model.builder.SavedModelBuilder(directory + "/made")

        def signature(inputs, outputs):
            info = v1.saved_model.utils.build_tensor_info
            return v1.saved_model.signature_def_utils.build_signature_def(
                {name: info(tensor) for name, tensor in inputs.items()},
                {name: info(tensor) for name, tensor in outputs.items()}, "tensorflow/serving/predict")

        builder.add_meta_graph_and_variables(
            session, ["train"], {"serving_default": signature({"x": x, "rate": rate}, {"loss": y})}, strip_default_attrs=True)
        builder.add_meta_graph(["serve"], {"serving_default": signature({"x": x}, {"y": y})}, strip_default_attrs=True)
        builder.save()
    for entry in Path(directory, "made").iterdir():
        entry.rename(Path(directory, entry.name))


def small_types(directory):
    module = tf.Module()
    module.same = tf.function(lambda **given: {f"{name}_out": tf.identity(value) for name, value in given.items()})
    signature = module.same.get_concrete_function(**{name: Spec([2], name, name) for name in SMALL})
    tf.saved_model.save(module, directory, signatures=signature, options=OPTIONS)


class Embedding(tf.Module):
    """Weights of 8 MB, which the file of the graph does not hold."""

    def __init__(self):
        super().__init__()
        self.table = tf.Variable(tf.random.normal([125_000, 16]))


SMALL = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "uint64", "bool"]

MODELS = {
    "keras_dense": keras_dense,
    "keras_two_by_two": keras_two_by_two,
    "keras_image": keras_image,
    "version_1": version_1,
    "several_signatures": saved(lambda module: {
        "classify": (lambda x: {"label": tf.argmax(x, 1)}, [Spec([None, 3], tf.float32, "x")]),
        "regress": (lambda x: {"value": tf.reduce_sum(x, 1)}, [Spec([None, 3], tf.float64, "x")]),
        "serving_default": (lambda a, b: {"sum": a + b, "difference": a - b},
                            [Spec([None], tf.float32, "a"), Spec([None], tf.float32, "b")]),
    }),
    "no_default_signature": saved(lambda module: {
        "predict": (lambda x: {"y": x * 2}, [Spec([None, 2], tf.float32, "x")]),
        "classify": (lambda x: {"label": tf.argmax(x, 1)}, [Spec([4, 2], tf.float32, "x")]),
    }),
    "no_signature": lambda directory: tf.saved_model.save(tf.Module(), directory, options=OPTIONS),
    "unknown_rank": saved(lambda module: {
        "serving_default": (lambda x: {"same": tf.identity(x)}, [Spec(None, tf.float32, "x")]),
    }),
    "strings": saved(lambda module: {
        "serving_default": (lambda text: {"length": tf.strings.length(text), "upper": tf.strings.upper(text)},
                            [Spec([None, 1], tf.string, "text")]),
    }),
    "scalars": saved(lambda module: {
        "serving_default": (lambda number, flag, count: {"result": tf.where(flag, number, 0), "next": count + 1},
                            [Spec([], tf.float64, "number"), Spec([], tf.bool, "flag"), Spec([], tf.int64, "count")]),
    }),
    "half_and_bfloat16": saved(lambda module: {
        "serving_default": (lambda half, brain: {"half_out": half * 2, "brain_out": tf.transpose(brain)},
                            [Spec([None, 4], tf.half, "half"), Spec([2, None], tf.bfloat16, "brain")]),
    }),
    "small_types": small_types,
    "complex": saved(lambda module: {
        "serving_default": (lambda z: {"real": tf.math.real(z), "twice": z + z}, [Spec([2, 2], tf.complex64, "z")]),
    }),
    "big_variables": saved(lambda module: {
        "serving_default": (lambda ids: {"vectors": tf.gather(module.table, ids)}, [Spec([None, 8], tf.int64, "ids")]),
    }, Embedding),
}


main()
