"""The wine model as ODAHU's general Python interface (GPPI); train.py puts this file into the archive."""

import os

import joblib
import pandas

_model = None


def init():
    """Loads the weights; says that requests are matrices."""
    global _model
    _model = joblib.load(os.path.join(os.environ.get("MODEL_LOCATION", "."), "model.joblib"))
    return "matrix"


def predict_on_matrix(input_matrix, provided_columns_names=None):
    """The cultivar (0, 1 or 2) of each row, and the name of that column."""
    names = list(_model.feature_names_in_)
    frame = pandas.DataFrame(input_matrix, columns=provided_columns_names or names)
    return _model.predict(frame[names]), ("cultivar",)


def info():
    """The columns that go in and come out."""
    inputs = [
        {"name": name, "type": "number", "example": 1.0, "required": True} for name in _model.feature_names_in_
    ]
    return inputs, [{"name": "cultivar", "type": "integer", "example": 0, "required": True}]
