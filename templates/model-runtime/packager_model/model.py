"""What every kind of model looks like to the wrappers around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, List, Optional, Sequence

from .errors import BadInput

Rows = List[List[Any]]


@dataclass(frozen=True)
class Column:
    """An input or output of a model: ``type`` is JSON's (integer, number, string, boolean)."""

    name: str
    type: str = "number"
    example: Any = 0.0
    required: bool = True


@dataclass(frozen=True)
class Schema:
    """The columns a model says it takes and gives; empty lists where it does not say."""

    inputs: Sequence[Column] = ()
    outputs: Sequence[Column] = ()


@dataclass(frozen=True)
class Prediction:
    """A model's answer: ``values`` keep the shape the model gave them, one entry (value or row) per row of input.

    ``types`` holds the model's own types (numpy's names), one for all columns or one per column; it is empty where
    there are only Python values.
    """

    values: Any
    columns: List[str]
    types: List[str] = field(default_factory=list)


class Model:
    """A loaded model. Subclasses fill :attr:`schema` and :meth:`predict`."""

    platform = "unknown"
    schema = Schema()
    # Why the schema is empty although the model has something to say about it.
    schema_error: Optional[Exception] = None

    def predict(self, rows: Rows, columns: Optional[List[str]]) -> Prediction:
        """Predicts for a matrix whose columns are named or, with None, in the model's own order.

        Raises :class:`BadInput` for input that does not fit and :class:`PredictionError` for what the model throws.
        """
        raise NotImplementedError

    def encoder(self) -> Optional[Callable[[Any], Any]]:
        """What the model itself makes of values that JSON does not know, if it has an opinion."""
        return None


def check_against_schema(schema: Schema, rows: Rows, columns: Optional[List[str]]) -> None:
    """Refuses a matrix that lacks a column the model says it requires."""
    required = [column.name for column in schema.inputs if column.required]
    if columns is not None:
        given = set(columns)
        missing = [name for name in required if name not in given]
        if missing:
            raise BadInput(f"Columns are missing: {', '.join(missing)}")
    elif rows and len(rows[0]) < len(required):
        text = f"Rows have {counted(len(rows[0]), 'value')}, the model takes {counted(len(required), 'column')}"
        raise BadInput(f"{text}: {', '.join(required)}")


def counted(number: int, noun: str) -> str:
    """``1 value``, ``2 values``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
