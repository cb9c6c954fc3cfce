"""Triton's Python backend for models that are code: GPPI and MLflow, behind the package that loads models in every image.

The repository has this file as ``model.py``; which model it serves is in the image's variables, as for the REST image.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import numpy
import triton_python_backend_utils as pb_utils
from packager_model.errors import BadInput, PredictionError
from packager_model.loading import load
from packager_model.settings import Settings


class TritonPythonModel:
    """Loads the model once an instance; requests are answered one by one, each with all of its rows."""

    def initialize(self, args):
        config = json.loads(args["model_config"])
        self._inputs = [entry["name"] for entry in config["input"]]
        self._outputs = [
            (entry["name"], pb_utils.triton_string_to_numpy(entry["data_type"]), len(entry["dims"]))
            for entry in config["output"]
        ]
        # A batch has a dimension that the configuration does not list.
        self._batched = 1 if config["max_batch_size"] > 0 else 0
        self._model = load(Settings.from_environment(os.environ))

    def execute(self, requests):
        return [self._respond(request) for request in requests]

    def _respond(self, request):
        try:
            given = [(name, pb_utils.get_input_tensor_by_name(request, name)) for name in self._inputs]
            rows, columns = _rows([(name, tensor.as_numpy()) for name, tensor in given if tensor is not None])
            return pb_utils.InferenceResponse(output_tensors=self._tensors(self._model.predict(rows, columns)))
        except (BadInput, PredictionError) as error:
            return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(error)))

    def _tensors(self, prediction):
        """One output takes the whole prediction unless it is named after a column; several take columns, by name or else
        in order."""
        if len(self._outputs) == 1 and (len(prediction.columns) == 1 or self._outputs[0][0] not in prediction.columns):
            return [self._tensor(*self._outputs[0], prediction.values)]
        rows = [row if isinstance(row, list) else [row] for row in prediction.values]
        columns = prediction.columns
        tensors = []
        for index, (name, dtype, rank) in enumerate(self._outputs):
            place = columns.index(name) if name in columns else index
            if rows and place >= len(rows[0]):
                raise PredictionError(f"the model has no column for the output {name}")
            tensors.append(self._tensor(name, dtype, rank, [row[place] for row in rows]))
        return tensors

    def _tensor(self, name, dtype, rank, values):
        if dtype == numpy.object_:
            array = numpy.array(values, dtype=str).astype(object)
        else:
            array = numpy.asarray(values, dtype=dtype)
        wanted = rank + self._batched
        while array.ndim < wanted:
            array = array[..., numpy.newaxis]
        if array.ndim > wanted and array.shape[-1] == 1:
            array = array[..., 0]
        return pb_utils.Tensor(name, numpy.ascontiguousarray(array))


def _rows(tensors):
    """The matrix of a request: one tensor [n, features], or one tensor [n] or [n, 1] per named column."""
    plain = [(name, _text(array) if array.dtype == numpy.object_ else array) for name, array in tensors]
    if not plain:
        raise BadInput("the request has no inputs")
    name, first = plain[0]
    if len(plain) == 1 and first.ndim == 2 and (first.shape[1] > 1 or name == "input"):
        return first.tolist(), None
    for name, array in plain:
        if array.ndim > 2 or array.shape[1:] not in ((), (1,)):
            raise BadInput(f"input {name}: shape {list(array.shape)} is no column of shape [rows] or [rows, 1]")
        if array.shape[0] != first.shape[0]:
            raise BadInput(f"input {name} has {array.shape[0]} rows, not {first.shape[0]}")
    return [list(row) for row in zip(*(array.reshape(-1).tolist() for _, array in plain))], [name for name, _ in plain]


def _text(array):
    flat = [value.decode("utf-8") if isinstance(value, bytes) else str(value) for value in array.reshape(-1)]
    return numpy.array(flat, dtype=object).reshape(array.shape)
