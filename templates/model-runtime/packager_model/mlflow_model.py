"""MLflow models, any flavour that ``pyfunc`` loads, served from their own directory without conversion."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, Sequence

from . import results
from .errors import BadInput, ModelLoadError, PredictionError
from .model import Column, Model, Prediction, Rows, Schema, check_against_schema, counted
from .settings import Settings

# MLflow's column types: JSON's type, an example, the pandas type, the Python types of JSON values that fit.
_NUMBER = (int, float)
_TYPES: Dict[str, Any] = {
    "boolean": ("boolean", False, "bool", (bool,)),
    "integer": ("integer", 0, "int32", (int,)),
    "long": ("integer", 0, "int64", (int,)),
    "float": ("number", 0.0, "float32", _NUMBER),
    "double": ("number", 0.0, "float64", _NUMBER),
    "string": ("string", "", "object", (str,)),
    "datetime": ("string", "1970-01-01T00:00:00", "datetime64[ns]", (str,)),
}


class MLflowModel(Model):
    """A model directory with an ``MLmodel`` file, loaded by ``mlflow.pyfunc``."""

    platform = "mlflow"

    def __init__(self, settings: Settings) -> None:
        if not os.path.isfile(os.path.join(settings.location, "MLmodel")):
            raise ModelLoadError(f"there is no MLmodel file in {settings.location}")
        # An image that serves a model tells nobody.
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        import mlflow.pyfunc

        self._model = mlflow.pyfunc.load_model(settings.location)
        inputs = self._model.metadata.get_input_schema()
        outputs = self._model.metadata.get_output_schema()
        self._is_tensor = inputs is not None and inputs.is_tensor_spec()
        # Without a signature, or with tensors or unnamed columns, columns pass as they come.
        self._types: Dict[str, str] = {}
        if inputs is not None and not self._is_tensor and inputs.has_input_names():
            self._types = {spec.name: _type_name(spec) for spec in inputs.inputs}
        self.schema = Schema(_columns(inputs, self._example(settings.location)), _columns(outputs, {}))

    def predict(self, rows: Rows, columns: Optional[List[str]]) -> Prediction:
        check_against_schema(self.schema, rows, columns)
        data = self._array(rows) if self._is_tensor and columns is None else self._frame(rows, columns)
        try:
            result = self._model.predict(data)
        except (Exception, SystemExit) as error:
            raise PredictionError(f"Exception during prediction: {error}") from error
        named = [column.name for column in self.schema.outputs]
        return results.prediction(result, named or None)

    def _array(self, rows: Rows) -> Any:
        import numpy

        try:
            return numpy.asarray(rows, dtype=self._model.metadata.get_input_schema().inputs[0].type)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadInput(f"The matrix does not fit the model's tensor: {error}") from None

    def _frame(self, rows: Rows, columns: Optional[List[str]]) -> Any:
        """The rows as MLflow takes them: the signature's columns, in its order and of its types."""
        import pandas

        if not self._types:
            return pandas.DataFrame(rows, columns=columns)
        expected = list(self._types)
        if columns is None:
            if len(rows[0]) > len(expected):
                text = f"Rows have {counted(len(rows[0]), 'value')}, the model takes {counted(len(expected), 'column')}"
                raise BadInput(f"{text}: {', '.join(expected)}")
            columns = expected[: len(rows[0])]
        by_name = dict(zip(columns, zip(*rows)))
        known = [name for name in expected if name in by_name]
        return pandas.DataFrame({name: self._series(name, by_name[name]) for name in known})

    def _series(self, name: str, values: Sequence[Any]) -> Any:
        import pandas

        type_name = self._types[name]
        if type_name not in _TYPES:  # arrays, objects and maps: MLflow checks and converts them itself
            return pandas.Series(list(values), dtype="object")
        _, _, dtype, fitting = _TYPES[type_name]
        kinds = set(map(type, values))
        if int in fitting and float not in fitting and float in kinds and _are_whole(values):
            values = [int(value) if isinstance(value, float) else value for value in values]
            kinds = set(map(type, values))
        # A missing value has a place in floats, strings and dates, not in integers and truth values.
        allowed = set(fitting) | (set() if dtype in ("bool", "int32", "int64") else {type(None)})
        if not kinds <= allowed:
            wrong = next(value for value in values if type(value) not in allowed)
            raise BadInput(f"Column {name} takes {type_name} values, not {_shown(wrong)}")
        try:
            if dtype == "datetime64[ns]":
                return pandas.Series(pandas.to_datetime(list(values), utc=True).tz_localize(None)).astype(dtype)
            return pandas.Series(list(values), dtype=dtype)
        except (ValueError, OverflowError) as error:
            raise BadInput(f"Column {name} takes {type_name} values: {error}") from None

    def _example(self, location: str) -> Dict[str, Any]:
        """The first row of the example saved along with the model, by column; empty if there is none to be had."""
        try:
            example = self._model.metadata.load_input_example(location)
            return {str(name): example[name].tolist()[0] for name in example.columns}
        except Exception:  # an example is a nicety, and its file may be of any form
            return {}


def _columns(schema: Any, example: Dict[str, Any]) -> List[Column]:
    """A signature's columns; unnamed ones and tensors have no columns to tell."""
    if schema is None or not schema.has_input_names() or schema.is_tensor_spec():
        return []
    columns = []
    for spec in schema.inputs:
        kind, default, _, _ = _TYPES.get(_type_name(spec), ("string", "", "", ()))
        value = example.get(spec.name, default)
        columns.append(Column(spec.name, kind, default if value != value else value, getattr(spec, "required", True)))
    return columns


def _type_name(spec: Any) -> str:
    return getattr(spec.type, "name", str(spec.type))


def _are_whole(values: Sequence[Any]) -> bool:
    return all(value.is_integer() for value in values if isinstance(value, float))


def _shown(value: Any) -> str:
    text = repr(value) if value is not None else "null"
    return text if len(text) <= 40 else text[:37] + "..."
