"""scikit-learn's estimators in a file of their own: ``.joblib``, ``.pkl`` and ``.skops``."""

from __future__ import annotations

import os
from typing import Any, List, Optional

from . import results
from .errors import BadInput, ModelLoadError, PredictionError
from .model import Column, Model, Prediction, Rows, Schema, check_against_schema, counted
from .settings import Settings


class SklearnModel(Model):
    """Anything with ``predict``; its columns are those that it was fitted with, where it remembers them."""

    platform = "sklearn"

    def __init__(self, settings: Settings) -> None:
        path = os.path.join(settings.root, settings.file)
        if not os.path.isfile(path):
            raise ModelLoadError(f"there is no model file {path}")
        self._estimator = _from_skops(path) if settings.kind == "skops" else _from_pickle(path)
        if not callable(getattr(self._estimator, "predict", None)):
            kind = type(self._estimator)
            raise ModelLoadError(f"{path} holds a {kind.__module__}.{kind.__qualname__}, which has no function predict")
        names = getattr(self._estimator, "feature_names_in_", None)
        self._names = None if names is None else [str(name) for name in names]
        self._width = _width(self._estimator)
        self.schema = Schema([Column(name) for name in self._names or []], [Column("predict")])

    def predict(self, rows: Rows, columns: Optional[List[str]]) -> Prediction:
        check_against_schema(self.schema, rows, columns)
        if self._names is not None and columns is not None:
            positions = [columns.index(name) for name in self._names]
            rows = [[row[position] for position in positions] for row in rows]
        if self._width is not None and len(rows[0]) != self._width:
            raise BadInput(f"Rows have {counted(len(rows[0]), 'value')}, the model takes {self._width}")
        try:
            result = self._estimator.predict(_table(rows, self._names))
        except (Exception, SystemExit) as error:
            raise PredictionError(f"Exception during prediction: {error}") from error
        return results.prediction(result)


def _from_pickle(path: str) -> Any:
    """Whatever was pickled, by joblib or by Python itself."""
    try:
        import joblib
    except ImportError:
        import pickle

        with open(path, "rb") as file:
            return pickle.load(file)
    return joblib.load(path)


def _from_skops(path: str) -> Any:
    """A skops file runs no code unless it holds types that skops does not know; such a file is refused."""
    import skops.io

    unknown = skops.io.get_untrusted_types(file=path)
    if unknown:
        raise ModelLoadError(
            f"{path} holds types that skops does not trust: {', '.join(sorted(unknown))}; "
            "save the model without them, or as .joblib if it is your own"
        )
    return skops.io.load(path)


def _width(estimator: Any) -> Optional[int]:
    try:
        return int(estimator.n_features_in_)
    except (AttributeError, TypeError, ValueError):  # pipelines ask their first step, which may not know
        return None


def _table(rows: Rows, names: Optional[List[str]]) -> Any:
    """A data frame with the names the model was fitted with, or an array for a model that knows no names."""
    if names is not None:
        try:
            import pandas
        except ImportError:
            pass
        else:
            return pandas.DataFrame(rows, columns=names)
    import numpy

    try:
        return numpy.asarray(rows, dtype=float)
    except (TypeError, ValueError):
        table = numpy.empty((len(rows), len(rows[0])), dtype=object)
        table[:] = rows
        return table
