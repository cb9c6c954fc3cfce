"""Rows out of JSON, JSON lines and CSV, in batches: the latter two are read piece by piece."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import islice
from typing import Any, Callable, Iterable, Iterator, List, NamedTuple, Optional, Sequence

from packager_model import matrix
from packager_model.errors import BadInput
from packager_model.model import Column, Rows, Schema, counted

DEFAULT_BATCH = 10_000
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:nan|inf)", re.I)
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}


class Batch(NamedTuple):
    """Some rows; ``columns`` is None where they are in the model's own order."""

    rows: Rows
    columns: Optional[List[str]]


def from_document(document: Any, size: Optional[int]) -> Iterator[Batch]:
    """The rows of a JSON document: ODAHU's matrix, a list of rows, or a list of objects."""
    if isinstance(document, list) and document and all(isinstance(row, dict) for row in document):
        columns = list(document[0])
        rows = [_values(entry, columns, f"object {number}") for number, entry in enumerate(document, 1)]
        document = {"columns": columns, "data": rows}
    elif isinstance(document, list):
        document = {"data": document}
    checked, names = matrix.parse(document)
    for start in range(0, len(checked), size or len(checked)):
        yield Batch(checked[start : start + (size or len(checked))], names)


def from_lines(stream: Any, size: Optional[int]) -> Iterator[Batch]:
    """The rows of JSON lines. The first line's keys are the columns; a later line may leave some out (null)."""
    columns: Optional[List[str]] = None
    width = 0

    def row(number: int, line: bytes) -> List[Any]:
        nonlocal columns, width
        try:
            value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except (ValueError, RecursionError) as error:
            raise BadInput(f"line {number} is not JSON: {error}") from None
        if width == 0:
            columns = list(value) if isinstance(value, dict) else None
            width = len(value) if isinstance(value, (dict, list)) else 0
        if columns is not None and isinstance(value, dict):
            return _values(value, columns, f"line {number}")
        if columns is None and isinstance(value, list) and width:
            return _wide(value, width, f"line {number}")
        raise BadInput(f"line {number} is not like the first: every line must be an object, or every line a list")

    lines = (row(number, line) for number, line in enumerate(stream, 1) if line.strip())
    return _batches(lines, size, lambda: columns)


def from_csv(
    stream: Any, size: Optional[int], schema: Schema, delimiter: str, has_header: bool
) -> Iterator[Batch]:
    """The rows of CSV. Values get the types that the model tells of its columns, or else those they look like."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    csv.field_size_limit((1 << 31) - 1)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        columns = next(reader, None) if has_header else None
        if columns is not None:
            matrix.check_names(columns)
        converters = _converters(schema.inputs, columns)
        width = len(columns or [])

        def rows() -> Iterator[List[Any]]:
            nonlocal width
            for cells in reader:
                if not cells:
                    continue
                width = width or len(cells)
                _wide(cells, width, f"line {reader.line_num}")
                yield _converted(cells, columns, converters, reader.line_num)

        yield from _batches(rows(), size, lambda: columns)
    except UnicodeDecodeError as error:
        raise BadInput(f"line {reader.line_num + 1} is not UTF-8: {error}") from None
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num} is not CSV: {error}") from None
    finally:
        text.detach()


def _batches(
    rows: Iterable[List[Any]], size: Optional[int], columns: Callable[[], Optional[List[str]]]
) -> Iterator[Batch]:
    rows = iter(rows)
    found = False
    while batch := list(islice(rows, size or DEFAULT_BATCH)):
        found = True
        yield Batch(batch, columns())
    if not found:
        raise BadInput("Matrix is not provided")


def _values(entry: Any, columns: Sequence[str], where: str) -> List[Any]:
    if not entry.keys() <= set(columns):
        unknown = next(name for name in entry if name not in columns)
        raise BadInput(f"{where} has a column that the first does not have: {unknown}")
    return [entry.get(name) for name in columns]


def _wide(row: List[Any], width: int, where: str) -> List[Any]:
    if len(row) != width:
        raise BadInput(f"{where} has {counted(len(row), 'value')}, the first has {width}")
    return row


def _converters(inputs: Sequence[Column], columns: Optional[List[str]]) -> List[Callable[[str], Any]]:
    """A function for each column from its text to its value; more columns than known ones are guessed."""
    types = {column.name: column.type for column in inputs}
    kinds = [types.get(name, "") for name in columns] if columns is not None else [entry.type for entry in inputs]
    known = {"integer": _number, "number": _number, "boolean": _truth, "string": str}
    return [known.get(kind, _guess) for kind in kinds]


def _converted(
    cells: List[str], columns: Optional[List[str]], converters: List[Callable[[str], Any]], line: int
) -> List[Any]:
    if len(converters) < len(cells):
        converters.extend([_guess] * (len(cells) - len(converters)))
    index = 0
    try:
        row = []
        for index, cell in enumerate(cells):
            row.append(converters[index](cell))
        return row
    except ValueError:
        name = columns[index] if columns else str(index + 1)
        wanted = "number" if converters[index] is _number else "truth value"
        shown = cells[index] if len(cells[index]) <= 40 else cells[index][:37] + "..."
        raise BadInput(f"line {line}, column {name}: {shown!r} is not a {wanted}") from None


def _number(text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _truth(text: str) -> Any:
    text = text.strip().lower()
    if text and text not in _TRUTHS:
        raise ValueError(text)
    return _TRUTHS.get(text)


def _guess(text: str) -> Any:
    """A number if it is written as one (``007`` is not), true and false, nothing, or the text itself."""
    if not text:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return _TRUTHS[text.lower()] if text.lower() in ("true", "false") else text
