"""Tensors of the Open Inference Protocol: JSON to rows and a prediction to JSON."""

from __future__ import annotations

from itertools import chain
from math import prod
from typing import Any, Dict, List, Optional, Sequence, Tuple

from . import jsontext
from .errors import BadInput, PredictionError
from .model import Column, Model, Prediction, Rows, Schema

_INTEGERS = {f"{sign}INT{bits}": (0 if sign else -(1 << bits - 1), (1 << bits - (0 if sign else 1)) - 1)
             for sign in ("", "U") for bits in (8, 16, 32, 64)}
_FLOATS = ("FP16", "FP32", "FP64")
DATATYPES = ("BOOL", *_INTEGERS, *_FLOATS, "BYTES")
# What numpy, pandas and PyTorch call them; whatever is not here is told from its values.
_BY_TYPE_NAME = {**{name.lower(): name for name in _INTEGERS}, "float16": "FP16", "float32": "FP32",
                 "float64": "FP64", "bool": "BOOL", "boolean": "BOOL"}
_BY_COLUMN_TYPE = {"integer": "INT64", "number": "FP64", "boolean": "BOOL"}


def infer(model: Model, inputs: Any) -> List[Dict[str, Any]]:
    """The output tensors that a model answers the input tensors of a request with."""
    rows, columns = rows_from(inputs)
    # A model of one column is content with [rows], whatever the tensor's name.
    if columns is not None and len(columns) == 1 and len(model.schema.inputs) == 1:
        columns = None
    return outputs_from(model.predict(rows, columns))


def rows_from(inputs: Any) -> Tuple[Rows, Optional[List[str]]]:
    """The matrix of a request: one tensor [n, features] of any name, or one tensor [n] or [n, 1] per named column."""
    if not isinstance(inputs, list) or not inputs:
        raise BadInput("inputs must be a list of at least one tensor")
    tensors = [_Tensor(entry, index) for index, entry in enumerate(inputs)]
    first = tensors[0]
    if len(tensors) == 1 and len(first.shape) == 2:
        width = first.shape[1]
        if first.shape[0] == 0 or width == 0:
            raise BadInput(f"input {first.name}: shape {first.shape} holds no values")
        return [first.values[start : start + width] for start in range(0, len(first.values), width)], None
    names = [tensor.name for tensor in tensors]
    if len(set(names)) != len(names):
        raise BadInput("inputs have names more than once")
    for tensor in tensors:
        if len(tensor.shape) > 2 or tensor.shape[1:] not in ([], [1]):
            raise BadInput(f"input {tensor.name}: shape {tensor.shape} is neither one tensor [rows, columns] "
                           "nor one column of shape [rows] or [rows, 1] among others")
        if tensor.shape[0] != first.shape[0]:
            raise BadInput(f"input {tensor.name} has {tensor.shape[0]} rows, input {first.name} has {first.shape[0]}")
    if first.shape[0] == 0:
        raise BadInput("inputs hold no rows")
    return [list(row) for row in zip(*(tensor.values for tensor in tensors))], names


class _Tensor:
    """One input, checked; ``values`` are flat."""

    def __init__(self, entry: Any, index: int) -> None:
        if not isinstance(entry, dict):
            raise BadInput(f"inputs[{index}] must be an object")
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            raise BadInput(f"inputs[{index}] has no name")
        self.name = name
        parameters = entry.get("parameters") or {}
        if isinstance(parameters, dict) and "binary_data_size" in parameters:
            raise BadInput(f"input {name}: the binary tensor extension is not supported, send the data as JSON")
        shape, datatype, data = entry.get("shape"), entry.get("datatype"), entry.get("data")
        if not isinstance(shape, list) or not shape or not all(type(size) is int and size >= 0 for size in shape):
            raise BadInput(f"input {name}: shape must be a list of sizes")
        if datatype not in DATATYPES:
            raise BadInput(f"input {name}: datatype {datatype!r} is not one of {', '.join(DATATYPES)}")
        if not isinstance(data, list):
            raise BadInput(f"input {name}: data must be a list")
        self.shape: List[int] = shape
        nested = _measured(data)
        if nested is None or len(nested) > 1 and nested != shape:
            raise BadInput(f"input {name}: the nesting of data does not follow shape {shape}")
        flat = _flattened(data, len(nested))
        if len(flat) != prod(shape):
            raise BadInput(f"input {name}: shape {shape} asks for {prod(shape)} values, data has {len(flat)}")
        self.values = _checked(name, datatype, flat)


def _checked(name: str, datatype: str, values: List[Any]) -> List[Any]:
    """The values, all of the datatype; whole numbers become floats where floats are due, null means missing there."""
    kinds = set(map(type, values))
    if datatype in _FLOATS:
        if kinds <= {float, int, type(None)}:
            try:
                return values if kinds == {float} else [float(v) if type(v) is int else v for v in values]
            except OverflowError:
                raise BadInput(f"input {name}: data has a number too large for {datatype}") from None
    elif datatype == "BOOL":
        # Clients that send numpy's uint8 form of truth values are many.
        if kinds <= {bool} or kinds <= {int} and set(values) <= {0, 1}:
            return [bool(value) for value in values]
    elif datatype == "BYTES":
        if kinds <= {str}:
            return values
    elif kinds <= {int}:
        low, high = _INTEGERS[datatype]
        if not values or low <= min(values) and max(values) <= high:
            return values
        raise BadInput(f"input {name}: data has a number outside the range of {datatype}")
    raise BadInput(f"input {name}: data has values that are not {datatype}")


def outputs_from(prediction: Prediction) -> List[Dict[str, Any]]:
    """The output tensors: one that keeps the prediction's shape, or one per column where the columns' types differ."""
    values, columns = prediction.values, prediction.columns
    shape = _measured(values)
    if shape is None:
        raise PredictionError("Unknown model's return type: a ragged list has no shape")
    types = [_BY_TYPE_NAME.get(name, "") for name in prediction.types]
    if len(types) == 1 or len(set(types)) == 1:
        datatype: Optional[str] = types[0] or _datatype(_flattened(values, len(shape)))
    else:
        datatype = None if types else _datatype(_flattened(values, len(shape)))
    if datatype:
        tensor = _tensor(columns[0] if len(columns) == 1 else "predict", shape, datatype, values)
        return [tensor if len(columns) == 1 else {**tensor, "parameters": {"columns": columns}}]
    if len(shape) != 2 or len(columns) != shape[1]:
        raise PredictionError("Unknown model's return type: values of mixed types that are not named columns")
    tensors = []
    for index, name in enumerate(columns):
        column = [row[index] for row in values]
        datatype = (types[index] if types else "") or _datatype(column)
        if not datatype:
            raise PredictionError(f"Unknown model's return type: column {name} has values of mixed types")
        tensors.append(_tensor(name, [shape[0], 1], datatype, column))
    return tensors


def _tensor(name: str, shape: List[int], datatype: str, values: List[Any]) -> Dict[str, Any]:
    flat = _flattened(values, len(_measured(values) or [0]))
    if datatype in _FLOATS:
        flat = [float(value) if type(value) is int else value for value in flat]
    elif datatype == "BYTES":
        flat = [value if isinstance(value, str) else jsontext.plain(value) for value in flat]
    return {"name": name, "shape": shape, "datatype": datatype, "data": flat}


def _datatype(values: Sequence[Any]) -> Optional[str]:
    """The datatype of plain values; None where no single one holds them all."""
    kinds = set(map(type, values))
    if kinds <= {bool}:
        return "BOOL" if values else "FP64"
    if kinds <= {int}:
        return "INT64"
    if kinds <= {int, float, type(None)}:
        return "FP64"
    if all(isinstance(value, str) or hasattr(value, "isoformat") for value in values):
        return "BYTES"
    return None


def metadata(columns: Sequence[Column]) -> List[Dict[str, Any]]:
    """A model's inputs or outputs, one column each."""
    return [{"name": column.name, "datatype": _BY_COLUMN_TYPE.get(column.type, "BYTES"), "shape": [-1]}
            for column in columns]


def output_metadata(schema: Schema) -> List[Dict[str, Any]]:
    """The outputs as :func:`outputs_from` will name them."""
    entries = metadata(schema.outputs)
    if len(entries) > 1 and len({entry["datatype"] for entry in entries}) == 1:
        names = [entry["name"] for entry in entries]
        return [{**entries[0], "name": "predict", "shape": [-1, len(names)], "parameters": {"columns": names}}]
    return [{**entry, "shape": [-1, 1]} for entry in entries] if len(entries) > 1 else entries


def _measured(data: List[Any]) -> Optional[List[int]]:
    """The shape of nested lists; None if they are ragged."""
    shape: List[int] = []
    level: List[Any] = data
    while True:
        shape.append(len(level) // prod(shape) if prod(shape) else 0)
        kinds = set(map(type, level))
        if list not in kinds:
            return shape
        if len(kinds) > 1 or len(set(map(len, level))) > 1:
            return None
        level = list(chain.from_iterable(level))


def _flattened(data: List[Any], depth: int) -> List[Any]:
    for _ in range(depth - 1):
        data = list(chain.from_iterable(data))
    return data
