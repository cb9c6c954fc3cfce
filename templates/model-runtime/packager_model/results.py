"""What models return, brought into one form: numpy, pandas, SciPy and plain Python, known by their methods alone."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from .errors import PredictionError
from .model import Prediction


def prediction(result: Any, columns: Optional[Sequence[Any]] = None) -> Prediction:
    """A prediction out of a model's result; ``columns`` are the names the model gave along with it, if it did."""
    names = [str(name) for name in columns] if columns is not None else None
    if hasattr(result, "toarray"):  # SciPy's sparse matrices
        result = result.toarray()
    if hasattr(result, "iloc") and hasattr(result, "dtypes") and hasattr(result, "columns"):
        series = [result.iloc[:, index] for index in range(len(result.columns))]
        values = [list(row) for row in zip(*(one.tolist() for one in series))]
        own = [str(name) for name in result.columns]
        return Prediction(values, names or own, [_type_name(one) for one in series])
    if hasattr(result, "tolist"):
        if names is None and isinstance(getattr(result, "name", None), str):  # a named Series
            names = [result.name]
        values = result.tolist()
        if isinstance(values, list):
            return Prediction(values, _named(names, values), [_type_name(result)])
    elif isinstance(result, (list, tuple)):
        values = [_as_list(item) for item in result]
        return Prediction(values, _named(names, values))
    elif isinstance(result, dict):
        return _from_columns(result)
    raise PredictionError(f"Unknown model's return type: {type(result).__name__}")


def _from_columns(result: dict) -> Prediction:
    """A dictionary of equally long columns, as TensorFlow's signatures return."""
    series = {str(name): _flat(_as_list(values)) for name, values in result.items()}
    if not series or not all(isinstance(values, list) for values in series.values()):
        raise PredictionError("Unknown model's return type: dict whose values are not columns")
    lengths = {len(values) for values in series.values()}
    if len(lengths) != 1:
        raise PredictionError("Unknown model's return type: dict of columns of different lengths")
    types = [_type_name(values) for values in result.values()]
    return Prediction([list(row) for row in zip(*series.values())], list(series), types if all(types) else [])


def _flat(values: Any) -> Any:
    """A column of shape [n, 1] as [n]."""
    if isinstance(values, list) and values and all(isinstance(row, list) and len(row) == 1 for row in values):
        return [row[0] for row in values]
    return values


def _as_list(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_as_list(item) for item in value]
    return value


def _named(names: Optional[List[str]], values: List[Any]) -> List[str]:
    """The model's names, else ``predict`` for one column and ``predict_0`` … for several."""
    if names:
        return names
    width = len(values[0]) if values and isinstance(values[0], list) else 1
    return ["predict"] if width == 1 else [f"predict_{index}" for index in range(width)]


def _type_name(values: Any) -> str:
    """``float64`` for numpy's and PyTorch's arrays alike; empty where there is no type."""
    return str(getattr(values, "dtype", "")).rsplit(".", 1)[-1].lower()
