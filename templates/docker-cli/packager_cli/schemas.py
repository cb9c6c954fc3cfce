"""``info`` and ``self_check``: what the model says of itself, and whether it is true."""

from __future__ import annotations

import json
import logging
import os
from typing import Any, Dict, List, Optional, Sequence, Tuple

from packager_model.errors import BadInput, ModelLoadError, PredictionError
from packager_model.jsontext import plain
from packager_model.model import Column, Model, Rows

_log = logging.getLogger(__name__)


def text(model: Model) -> str:
    """The columns that go in and come out, in ODAHU's words: it says "number" whatever the columns' types are."""
    _told(model)
    number = {"type": "number"}
    # The keys have ODAHU's order, which is another one in each matrix.
    inputs = {
        "columns": _names(model.schema.inputs),
        "data": {"items": {"items": number, "type": "array"}, "type": "array", "example": _row(model.schema.inputs)},
    }
    outputs = {
        "prediction": {"example": _row(model.schema.outputs), "items": number, "type": "array"},
        "columns": _names(model.schema.outputs),
    }
    shown = [json.dumps(value, indent=4, default=plain) for value in (inputs, outputs)]
    return f"Input schema:\n{shown[0]}\nOutput schema:\n{shown[1]}"


def check(model: Model) -> None:
    """Predicts for the rows that the model brings along, if it brings any."""
    _told(model)
    sample = _sample()
    if sample is not None:
        rows, columns = sample
        model.predict(rows, columns)
        _log.info("the model predicts for the %s rows of its sample", len(rows))
        return
    examples = [column.example for column in model.schema.inputs]
    if not examples:
        _log.warning("the model has no sample of its input: that it predicts is not tested")
        return
    try:
        model.predict([examples], [column.name for column in model.schema.inputs])
    except (BadInput, PredictionError) as error:  # an example is often only a place holder
        _log.warning("the model does not predict for the examples of its schema: %s", error)


def _told(model: Model) -> None:
    if model.schema_error is not None:
        error = model.schema_error
        raise ModelLoadError(f"the model's info() failed: {type(error).__name__}: {error}") from error


def _sample() -> Optional[Tuple[Rows, List[str]]]:
    """The rows of ODAHU's ``head_input.pkl``, a pickled data frame beside the model."""
    path = os.path.join(os.environ["MODEL_LOCATION"], "head_input.pkl")
    if not os.path.isfile(path):
        return None
    import pickle

    try:
        with open(path, "rb") as file:
            frame = pickle.load(file)
        return frame.values.tolist(), [str(name) for name in frame.columns]
    except Exception as error:
        raise ModelLoadError(f"{path} holds no data frame: {type(error).__name__}: {error}") from error


def _names(columns: Sequence[Column]) -> Dict[str, Any]:
    return {"example": [column.name for column in columns], "items": {"type": "string"}, "type": "array"}


def _row(columns: Sequence[Column]) -> List[List[Any]]:
    return [[column.example for column in columns]]
