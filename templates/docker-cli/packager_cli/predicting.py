"""``predict``: every input through the model into its result."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from typing import Any, Callable, Iterator, List

from packager_model import jsontext, tensors
from packager_model.errors import BadInput, PredictionError
from packager_model.model import Model

from . import parquet, results, rows
from .errors import CommandError
from .progress import Progress
from .rows import Batch
from .sources import STANDARD, Source, ending, format_of_name, opened
from .writers import WRITERS, Writer


def predict(load: Callable[[], Model], options: argparse.Namespace) -> None:
    """Runs the command; what can be refused is refused before the model is loaded."""
    inputs: List[str] = options.input_file
    if inputs.count(STANDARD) > 1:
        raise CommandError("standard input can be read only once")
    form = options.output_format or format_of_name(options.output_file_name or "") or "json"
    if options.output_dir == STANDARD:
        _to_standard_output(load, options, form)
        return
    results.check_directory(options.output_dir)
    names = results.names(inputs, options.output_file_name or f"results.{form}")
    paths = [os.path.join(options.output_dir, name) for name in names]
    for source, path in zip(inputs, paths):
        _check_input(source, path)
    model = load()
    for source, path in zip(inputs, paths):
        with results.file(path) as stream, opened(source, options.input_format) as opened_source:
            _predict_one(model, opened_source, stream, form, options)
        print(f"Prediction is successful. Result file: {path}")


def _to_standard_output(load: Callable[[], Model], options: argparse.Namespace, form: str) -> None:
    """All inputs as one result, as though they were one file."""
    for source in options.input_file:
        _check_input(source, None)
    with results.take_standard_output() as stream:
        model = load()
        if len(options.input_file) == 1:
            with opened(options.input_file[0], options.input_format) as source:
                _predict_one(model, source, stream, form, options)
        else:
            writer = WRITERS[form](stream, model)
            for path in options.input_file:
                with opened(path, options.input_format) as source:
                    _predict_rows(model, source.name, _batches(source, model, options), writer)
            writer.close()
        if form == "json":
            stream.write(b"\n")


def _check_input(source: str, result: Any) -> None:
    if source == STANDARD:
        return
    if not os.path.exists(source):
        raise CommandError(f"cannot read {source}: there is no such file")
    if result is not None and os.path.exists(result) and os.path.samefile(source, result):
        raise CommandError(f"the result would replace its input {source}: give another --output_file_name")


def _predict_one(model: Model, source: Source, stream: Any, form: str, options: argparse.Namespace) -> None:
    if source.format == "json":
        with _named(source.name):
            document = _json(source)
            if form == "json" and _holds_tensors(document):
                stream.write(_answered_with_tensors(model, document))
                return
            batches = _from_document(document, options)
    else:
        batches = _batches(source, model, options)
    writer = WRITERS[form](stream, model)
    _predict_rows(model, source.name, batches, writer)
    writer.close()


def _predict_rows(model: Model, name: str, batches: Iterator[Batch], writer: Writer) -> None:
    with _named(name), contextlib.closing(Progress(name)) as progress:
        for batch in batches:
            writer.write(model.predict(batch.rows, batch.columns))
            progress.add(len(batch.rows))


def _batches(source: Source, model: Model, options: argparse.Namespace) -> Iterator[Batch]:
    if source.format == "json":
        return _from_document(_json(source), options)
    if source.format == "jsonl":
        return rows.from_lines(source.stream, options.batch_size)
    if source.format == "parquet":
        return parquet.batches(source.stream, options.batch_size)
    delimiter = options.delimiter or ("\t" if ending(source.name) == "tsv" else ",")
    return rows.from_csv(source.stream, options.batch_size, model.schema, delimiter, not options.no_header)


def _from_document(document: Any, options: argparse.Namespace) -> Iterator[Batch]:
    if _holds_tensors(document):
        return iter([Batch(*tensors.rows_from(document["inputs"]))])
    return rows.from_document(document, options.batch_size)


def _json(source: Source) -> Any:
    try:
        return json.loads(source.stream.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"Can not parse input as JSON: {error}") from None


def _holds_tensors(document: Any) -> bool:
    return isinstance(document, dict) and "inputs" in document and "data" not in document


def _answered_with_tensors(model: Model, document: Any) -> bytes:
    """The Open Inference Protocol's form of an answer."""
    answer = {"id": document["id"]} if isinstance(document.get("id"), str) else {}
    try:
        return jsontext.encode({**answer, "outputs": tensors.infer(model, document["inputs"])}, compact=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise PredictionError(f"Unknown model's return type: {error}") from error


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """Says which input an error is about."""
    try:
        yield
    except (BadInput, PredictionError) as error:
        raise type(error)(f"{name}: {error}") from error
