"""Opening an input: a file or standard input, compressed or not, in the format that its content shows."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import sys
import zlib
from typing import BinaryIO, Iterator, NamedTuple, Optional

from .errors import CommandError

_PEEKED = 1 << 16
_BY_ENDING = {"csv": "csv", "tsv": "csv", "jsonl": "jsonl", "ndjson": "jsonl", "json": "json", "parquet": "parquet",
              "pq": "parquet"}
STANDARD = "-"


class Source(NamedTuple):
    """An open input; ``name`` is for messages."""

    name: str
    stream: BinaryIO
    format: str


@contextlib.contextmanager
def opened(path: str, wanted: Optional[str]) -> Iterator[Source]:
    """The input, past any compression; ``wanted`` is its format if the user said so."""
    name = "standard input" if path == STANDARD else path
    try:
        raw: BinaryIO = sys.stdin.buffer if path == STANDARD else open(path, "rb")
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from None
    with contextlib.ExitStack() as stack:
        if path != STANDARD:
            stack.enter_context(raw)
        stream = raw
        if _peek(raw).startswith(b"\x1f\x8b"):
            stream = stack.enter_context(io.BufferedReader(gzip.GzipFile(fileobj=raw), _PEEKED))  # type: ignore
        try:
            yield Source(name, stream, wanted or _format(path, _peek(stream)))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise CommandError(f"{name} is damaged: {error}") from None
        except OSError as error:  # a directory opens, and only fails to be read
            if isinstance(error, BrokenPipeError):
                raise
            raise CommandError(f"cannot read {name}: {error.strerror or error}") from None


def ending(path: str) -> str:
    """The format's part of a file's name, below ``.gz``; empty if there is none."""
    base = os.path.basename(path)
    return os.path.splitext(base[:-3] if base.lower().endswith(".gz") else base)[1][1:].lower()


def format_of_name(path: str) -> Optional[str]:
    """The format that a file's name promises, if any."""
    return _BY_ENDING.get(ending(path))


def _peek(stream: BinaryIO) -> bytes:
    return stream.peek(_PEEKED) if isinstance(stream, io.BufferedReader) else b""


def _format(path: str, start: bytes) -> str:
    if start.startswith(b"PAR1"):
        return "parquet"
    named = format_of_name(path)
    if named and named != "json":
        return named
    text = start.lstrip(b"\xef\xbb\xbf").lstrip()
    if not named and text[:1] not in (b"{", b"["):
        return "csv"
    # Documents of one line each: the first line is whole, and another follows.
    first, _, rest = text.partition(b"\n")
    if rest.strip():
        try:
            json.loads(first)
        except ValueError:
            return "json"
        return "jsonl"
    return "json"
