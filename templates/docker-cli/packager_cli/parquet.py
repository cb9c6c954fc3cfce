"""Parquet, where the model's environment has pyarrow, or pandas with another engine."""

from __future__ import annotations

import io
from typing import Any, Dict, Iterator, List, Optional

from packager_model.errors import BadInput, PredictionError
from packager_model.jsontext import plain

from .errors import CommandError
from .rows import DEFAULT_BATCH, Batch

_MISSING = "Parquet needs pyarrow (or pandas with fastparquet) in the model's environment: add it to its requirements"
_PLAIN = (bool, int, float, str, type(None), list, dict)


def batches(stream: Any, size: Optional[int]) -> Iterator[Batch]:
    """The rows of a file, its row groups one after the other; dates and the like as JSON shows them."""
    # The index of Parquet is at the end, where a pipe or a compressed file cannot go.
    seekable = stream if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO) \
        and stream.seekable() else io.BytesIO(stream.read())
    size = size or DEFAULT_BATCH
    try:
        import pyarrow.parquet
    except ImportError:
        yield from _with_pandas(seekable, size)
        return
    try:
        file = pyarrow.parquet.ParquetFile(seekable)
        names = [str(name) for name in file.schema_arrow.names]
        if file.metadata.num_rows == 0:
            raise BadInput("Matrix is not provided")
        for batch in file.iter_batches(batch_size=size):
            columns = [_shown(column.to_pylist()) for column in batch.columns]
            yield Batch([list(row) for row in zip(*columns)], names)
    except pyarrow.ArrowException as error:
        raise BadInput(f"not a Parquet file: {error}") from None


def _with_pandas(file: Any, size: int) -> Iterator[Batch]:
    try:
        import pandas

        frame = pandas.read_parquet(file)
    except ImportError:
        raise CommandError(_MISSING) from None
    if frame.empty:
        raise BadInput("Matrix is not provided")
    names = [str(name) for name in frame.columns]
    for start in range(0, len(frame), size):
        part = frame.iloc[start : start + size]
        columns = [_shown(part.iloc[:, index].tolist()) for index in range(len(names))]
        yield Batch([list(row) for row in zip(*columns)], names)


def _shown(values: List[Any]) -> List[Any]:
    if all(isinstance(value, _PLAIN) for value in values):
        return values
    return [value if isinstance(value, _PLAIN) else float(value) if type(value).__name__ == "Decimal" else plain(value)
            for value in values]


class ParquetWriter:
    """A row group a batch; the first one's types hold for all."""

    def __init__(self, stream: Any) -> None:
        try:
            import pyarrow.parquet
        except ImportError:
            raise CommandError(_MISSING) from None
        self._arrow = pyarrow
        self._stream = stream
        self._writer: Any = None

    def write(self, columns: Dict[str, List[Any]]) -> None:
        """Appends columns of one length."""
        pyarrow = self._arrow
        try:
            if self._writer is None:
                table = pyarrow.table(columns)
                self._writer = pyarrow.parquet.ParquetWriter(self._stream, table.schema)
            else:
                table = pyarrow.table(columns, schema=self._writer.schema)
            self._writer.write_table(table)
        except (pyarrow.ArrowException, TypeError, OverflowError) as error:
            raise PredictionError(f"the predictions do not fit Parquet's columns: {error}; "
                                  "use --output-format json, or a larger --batch-size") from None

    def close(self) -> None:
        """Writes the index."""
        if self._writer is not None:
            self._writer.close()
