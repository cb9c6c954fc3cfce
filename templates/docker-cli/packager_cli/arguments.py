"""The arguments: ODAHU's, and those that came after."""

from __future__ import annotations

import argparse

FORMATS = ("json", "jsonl", "csv", "parquet")

_PREDICT = """\
Predicts for every row of the input and writes the predictions, one a row, in the same order.

JSON is {"columns": [names], "data": [[values]]}, where the columns may be missing, or a list of rows or of objects;
the answer is {"prediction": [[values]], "columns": [names]}. Tensors of the Open Inference Protocol,
{"inputs": [tensors]}, are answered with {"outputs": [tensors]}. JSON lines have an object or a list a line. CSV has a
header; an empty cell is a missing value. Parquet needs pyarrow or pandas in the model's environment. All may be
compressed with gzip. Formats are told from the content and the file's name.
"""


def parser() -> argparse.ArgumentParser:
    """The parser; its result has ``command`` (None without one), and ``usage`` to print the help."""
    top = argparse.ArgumentParser(prog="invoke", description="Runs the model in this image on data in files.")
    top.add_argument("-v", help="verbose logs, and the traceback of an error", action="store_true")
    top.add_argument("--entrypoint", metavar="MODULE", help="the module to use as the model's entrypoint")
    top.add_argument("--model", metavar="DIR", help="use the model in this directory (in place of $MODEL_LOCATION)")
    top.set_defaults(command=None)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    predict = commands.add_parser(
        "predict", help="Make predictions using the model", description=_PREDICT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="invoke predict [options] INPUT [INPUT ...] OUTPUT_DIR",
    )
    predict.add_argument("input_file", metavar="INPUT", nargs="+", help="file with input data; - for standard input")
    predict.add_argument("output_dir", metavar="OUTPUT_DIR",
                         help="directory where predictions will be saved; - for standard output")
    predict.add_argument("--output_file_name", "--output-file-name", metavar="NAME",
                         help="name of the file with predictions (default: results.json, or the format's ending; .gz "
                              "at its end compresses). Of several inputs, each has its own: INPUT_NAME")
    predict.add_argument("--input-format", choices=FORMATS, help="do not tell the input's format from its content")
    predict.add_argument("--output-format", choices=FORMATS,
                         help="format of the predictions (default: by the ending of the file's name, else json)")
    predict.add_argument("--batch-size", type=_positive, metavar="ROWS",
                         help="rows the model gets at a time (default: 10000 of CSV, JSON lines and Parquet, which are "
                              "read piece by piece; all of a JSON document)")
    predict.add_argument("--delimiter", type=_character, help="between the values of CSV (default: comma; tab of .tsv)")
    predict.add_argument("--no-header", action="store_true", help="CSV's first line is data, in the model's own order")
    predict.set_defaults(command="predict")

    info = commands.add_parser("info", help="Show model input/output data schema")
    info.set_defaults(command="info")
    check = commands.add_parser("self_check", help="Check that the model loads, and predicts for its own example")
    check.set_defaults(command="self_check")
    return top


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows")
    return int(text)


def _character(text: str) -> str:
    text = {"\\t": "\t", "tab": "\t"}.get(text, text)
    if len(text) != 1 or text in '"\r\n':
        raise argparse.ArgumentTypeError(f"{text!r} is not one character")
    return text
