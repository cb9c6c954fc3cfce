"""ODAHU's form of input: ``{"columns": […]?, "data": [[…]…]}``."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from .errors import BadInput
from .model import Rows, counted


def parse(document: Any) -> Tuple[Rows, Optional[List[str]]]:
    """The rows and the columns' names, checked against each other."""
    if not isinstance(document, dict):
        raise BadInput('The request must be a JSON object: {"columns": [names], "data": [[values]]}')
    rows = document.get("data")
    if rows is None or rows == []:
        raise BadInput("Matrix is not provided")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadInput('Matrix must be a list of rows, each a list of values: "data": [[values]]')
    width = len(rows[0])
    if width == 0:
        raise BadInput("Matrix is not provided: its first row has no values")
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise BadInput(f"Row {number} has {counted(len(row), 'value')}, row 1 has {width}: all must have as many")
    columns = document.get("columns")
    if columns is not None:
        check_names(columns)
        if len(columns) != width:
            raise BadInput(f"Columns have {counted(len(columns), 'name')}, rows have {counted(width, 'value')}")
    return rows, columns


def check_names(columns: Any) -> None:
    """Refuses anything but a list of distinct strings."""
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise BadInput("Columns must be a list of names")
    if len(set(columns)) != len(columns):
        twice = sorted({name for name in columns if columns.count(name) > 1})
        raise BadInput(f"Columns are given more than once: {', '.join(twice)}")
