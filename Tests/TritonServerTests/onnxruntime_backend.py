"""A backend of Triton in Python under the name of its native one: it loads what that loads, where that loads it.

In ``backends/onnxruntime/model.py`` it stands in for ``libtriton_onnxruntime.so``, which is in NVIDIA's images only.
"""

import json
import os

import numpy
import onnxruntime
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        config = json.loads(args["model_config"])
        version = os.path.join(args["model_repository"], args["model_version"])
        path = os.path.join(version, config["default_model_filename"] or "model.onnx")
        # As the native one does: a directory of the model and its external data.
        if os.path.isdir(path):
            path = os.path.join(path, "model.onnx")
        self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self._inputs = [entry["name"] for entry in config["input"]]
        self._outputs = [entry["name"] for entry in config["output"]]

    def execute(self, requests):
        return [self._respond(request) for request in requests]

    def _respond(self, request):
        inputs = {name: pb_utils.get_input_tensor_by_name(request, name).as_numpy() for name in self._inputs}
        values = self._session.run(self._outputs, inputs)
        tensors = [pb_utils.Tensor(*pair) for pair in zip(self._outputs, map(numpy.ascontiguousarray, values))]
        return pb_utils.InferenceResponse(output_tensors=tensors)
