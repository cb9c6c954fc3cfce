"""Predictions into JSON, JSON lines, CSV and Parquet, a batch after the other."""

from __future__ import annotations

import csv
import io
import math
from typing import Any, BinaryIO, Dict, List, Optional, Type

from packager_model import jsontext
from packager_model.errors import PredictionError
from packager_model.model import Model, Prediction, counted

from .parquet import ParquetWriter


class Writer:
    """Writes the predictions for one input; subclasses say how. The columns are the first batch's."""

    def __init__(self, stream: BinaryIO, model: Model) -> None:
        self.stream = stream
        self.columns: Optional[List[str]] = None
        self._encoded = model.encoder()

    def write(self, prediction: Prediction) -> None:
        """Appends a batch."""
        if self.columns is None:
            self.columns = prediction.columns
            self.begin()
        elif self.columns != prediction.columns:
            raise PredictionError(f"the model gave the columns {', '.join(prediction.columns)} after "
                                  f"{', '.join(self.columns)}; use a larger --batch-size")
        self.append(prediction.values)

    def begin(self) -> None:
        """Writes what comes before the first row."""

    def append(self, values: List[Any]) -> None:
        """Writes rows, which are lists, or single values of the one column."""
        raise NotImplementedError

    def close(self) -> None:
        """Writes what comes after the last row."""

    def text(self, value: Any) -> bytes:
        """A value as JSON with the model's own form of what JSON does not know."""
        try:
            return jsontext.encode(value, compact=False, custom=self._encoded)
        except (TypeError, ValueError, RecursionError) as error:
            raise PredictionError(f"Unknown model's return type: {error}") from error

    def cells(self, row: Any) -> List[Any]:
        """A row as one value a column."""
        columns = self.columns or []
        if isinstance(row, list) and len(row) == len(columns):
            return row
        if len(columns) == 1:
            return [row]
        width = counted(len(row) if isinstance(row, list) else 1, "value")
        raise PredictionError(f"rows of {width} have no place in {counted(len(columns), 'column')}; "
                              "use --output-format json")


class JSONWriter(Writer):
    """ODAHU's ``{"prediction": […], "columns": […]}``; the rows have the model's shape."""

    _is_first = True

    def begin(self) -> None:
        self.stream.write(b'{"prediction": [')

    def append(self, values: List[Any]) -> None:
        if values:
            self.stream.write((b"" if self._is_first else b", ") + self.text(values)[1:-1])
            self._is_first = False

    def close(self) -> None:
        self.stream.write(b'], "columns": ' + self.text(self.columns) + b"}")


class JSONLinesWriter(Writer):
    """An object a row."""

    def append(self, values: List[Any]) -> None:
        columns = self.columns or []
        for row in values:
            self.stream.write(self.text(dict(zip(columns, self.cells(row)))) + b"\n")


class CSVWriter(Writer):
    """A header and a line a row; a missing value is an empty cell, a nested one is JSON."""

    def begin(self) -> None:
        self._write([self.columns])

    def append(self, values: List[Any]) -> None:
        self._write([self._cell(value) for value in self.cells(row)] for row in values)

    def _write(self, rows: Any) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.stream.write(text.getvalue().encode("utf-8", "surrogatepass"))

    def _cell(self, value: Any) -> Any:
        if value is None or isinstance(value, float) and not math.isfinite(value):
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, (int, float, str)) else self.text(value).decode().strip('"')


class ParquetFileWriter(Writer):
    """A column a column."""

    def begin(self) -> None:
        self._file = ParquetWriter(self.stream)

    def append(self, values: List[Any]) -> None:
        columns = self.columns or []
        if len(set(columns)) != len(columns):
            raise PredictionError("columns of one name have no place in Parquet; use --output-format json")
        self._file.write(dict(zip(columns, map(list, zip(*map(self.cells, values))))))

    def close(self) -> None:
        self._file.close()


WRITERS: Dict[str, Type[Writer]] = {
    "json": JSONWriter, "jsonl": JSONLinesWriter, "csv": CSVWriter, "parquet": ParquetFileWriter,
}
