"""ONNX models, run by onnxruntime on the processor."""

from __future__ import annotations

import os
from itertools import chain
from typing import Any, Dict, List, Optional, Sequence, Tuple

from . import results
from .errors import BadInput, ModelLoadError, PredictionError
from .model import Column, Model, Prediction, Rows, Schema, check_against_schema, counted
from .settings import Settings

# onnxruntime's names of types: numpy's name, and JSON's.
_TYPES = {
    "tensor(float)": ("float32", "number"), "tensor(double)": ("float64", "number"),
    "tensor(float16)": ("float16", "number"), "tensor(bool)": ("bool", "boolean"), "tensor(string)": ("object", "string"),
    **{f"tensor({sign}int{bits})": (f"{sign}int{bits}", "integer") for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
_EXAMPLES = {"number": 0.0, "integer": 0, "boolean": False, "string": ""}


class ONNXModel(Model):
    """A graph whose inputs are one tensor of all columns, or a tensor a column.

    Its outputs become columns side by side.
    """

    platform = "onnxruntime_onnx"

    def __init__(self, settings: Settings) -> None:
        path = os.path.join(settings.root, settings.file)
        if not os.path.isfile(path):
            raise ModelLoadError(f"there is no model file {path}")
        import onnxruntime

        self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self._inputs = self._session.get_inputs()
        self._outputs = self._session.get_outputs()
        for entry in self._inputs:
            if entry.type not in _TYPES:
                raise ModelLoadError(f"{path}: input {entry.name} is a {entry.type}; only tensors can be filled")
        # The one tensor of a matrix has no names for its columns.
        self._is_matrix = len(self._inputs) == 1 and not _is_column(self._inputs[0])
        columns = [] if self._is_matrix else [_column(entry) for entry in self._inputs]
        outputs = [column for entry in self._outputs if entry.type in _TYPES for column in _output_columns(entry)]
        self.schema = Schema(columns, outputs)
        self._batch = _fixed_batch(self._inputs)

    def predict(self, rows: Rows, columns: Optional[List[str]]) -> Prediction:
        check_against_schema(self.schema, rows, columns)
        size = self._batch or len(rows)
        if len(rows) % size:
            raise BadInput(f"The model takes {size} rows at a time, not {len(rows)}")
        parts = [self._run(rows[start : start + size], columns) for start in range(0, len(rows), size)]
        values = list(chain.from_iterable(part.values for part in parts))
        return Prediction(values, parts[0].columns, parts[0].types)

    def _run(self, rows: Rows, columns: Optional[List[str]]) -> Prediction:
        feeds = self._matrix(rows) if self._is_matrix else self._tensors(rows, columns)
        try:
            answers = self._session.run(None, feeds)
        except Exception as error:
            raise PredictionError(f"Exception during prediction: {error}") from error
        names = [entry.name for entry in self._outputs]
        if len(answers) == 1 and getattr(answers[0], "ndim", 2) != 2:
            return results.prediction(answers[0], names if answers[0].ndim == 1 else None)
        return _joined(dict(zip(names, answers)), len(rows))

    def _matrix(self, rows: Rows) -> Dict[str, Any]:
        entry = self._inputs[0]
        array = _array(entry, rows)
        sizes = [size for size in entry.shape[1:] if isinstance(size, int)]
        if array.ndim == 2 and len(entry.shape) > 2 and len(sizes) == len(entry.shape) - 1:
            wanted = 1
            for size in sizes:
                wanted *= size
            if array.shape[1] == wanted:  # images and the like as flat rows
                array = array.reshape([len(rows), *sizes])
        if array.ndim == 2 and len(entry.shape) == 2 and sizes and array.shape[1] != sizes[0]:
            raise BadInput(f"Rows have {counted(array.shape[1], 'value')}, the model takes {sizes[0]}")
        return {entry.name: array}

    def _tensors(self, rows: Rows, columns: Optional[List[str]]) -> Dict[str, Any]:
        names = columns or [entry.name for entry in self._inputs]
        if len(rows[0]) > len(names):
            raise BadInput(f"Rows have {counted(len(rows[0]), 'value')}, the model takes "
                           f"{counted(len(names), 'column')}: {', '.join(names)}")
        by_name = dict(zip(names, zip(*rows)))
        feeds = {}
        for entry in self._inputs:
            array = _array(entry, list(by_name[entry.name]))
            feeds[entry.name] = array.reshape(-1, 1) if array.ndim == 1 and len(entry.shape) == 2 else array
        return feeds


def _array(entry: Any, values: Sequence[Any]) -> Any:
    import numpy

    dtype = _TYPES[entry.type][0]
    try:
        array = numpy.asarray(values, dtype=dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(f"Input {entry.name} takes {entry.type[7:-1]} values: {error}") from None
    if dtype == "object" and not all(isinstance(value, str) for value in array.flat):
        raise BadInput(f"Input {entry.name} takes strings")
    return array


def _is_column(entry: Any) -> bool:
    """Whether a row has one value in this tensor."""
    return len(entry.shape) < 2 or len(entry.shape) == 2 and entry.shape[1] == 1


def _fixed_batch(inputs: Sequence[Any]) -> Optional[int]:
    """The number of rows that every call has to have, where the graph was exported with one."""
    sizes = [entry.shape[0] for entry in inputs if entry.shape and isinstance(entry.shape[0], int)]
    return min(sizes) if sizes and min(sizes) > 0 else None


def _column(entry: Any) -> Column:
    kind = _TYPES[entry.type][1]
    return Column(entry.name, kind, _EXAMPLES[kind])


def _output_columns(entry: Any) -> List[Column]:
    """The columns that :func:`_joined` will make of an output, as far as its shape tells."""
    column = _column(entry)
    width = entry.shape[1] if len(entry.shape) == 2 else 1
    if not isinstance(width, int) or width == 1:
        return [column]
    return [Column(f"{entry.name}_{index}", column.type, column.example) for index in range(width)]


def _joined(answers: Dict[str, Any], count: int) -> Prediction:
    """Outputs side by side: an output of more than one column gives ``name_0`` …, a map ``name_key`` …"""
    columns: List[Tuple[str, Sequence[Any], str]] = []
    for name, answer in answers.items():
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):  # scikit-learn's ZipMap
            columns += [(f"{name}_{key}", [row.get(key) for row in answer], "") for key in answer[0]]
        elif hasattr(answer, "ndim") and answer.ndim == 2 and answer.shape[1] != 1:
            columns += [(f"{name}_{index}", answer[:, index].tolist(), str(answer.dtype))
                        for index in range(answer.shape[1])]
        elif hasattr(answer, "ndim") and answer.ndim == 2:
            columns.append((name, answer[:, 0].tolist(), str(answer.dtype)))
        else:
            columns.append((name, answer.tolist() if hasattr(answer, "tolist") else answer, ""))
    for name, values, _ in columns:
        if not isinstance(values, list) or len(values) != count:
            raise PredictionError(f"Unknown model's return type: output {name} has not one value a row")
    types = [kind for _, _, kind in columns]
    rows = [list(row) for row in zip(*(values for _, values, _ in columns))]
    return Prediction(rows, [name for name, _, _ in columns], types if all(types) else [])
