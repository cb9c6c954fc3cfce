"""Where predictions go: a file that is there whole or not at all, or standard output."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import sys
from typing import BinaryIO, Iterator, List

from .errors import CommandError
from .sources import STANDARD, ending


def check_directory(directory: str) -> None:
    """Refuses a directory that is not there or takes no files, before the model is loaded."""
    if not os.path.isdir(directory):
        raise CommandError(f"there is no output directory {directory}: create it, or mount one there")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise CommandError(_no_access(directory))


def names(inputs: List[str], name: str) -> List[str]:
    """The result's name for each input: ``name`` for a single one, ``INPUT_name`` for each of several."""
    if len(inputs) == 1:
        return [name]
    parent, base = os.path.split(name)
    stems = []
    for path in inputs:
        own = "stdin" if path == STANDARD else os.path.basename(path)
        own = own[:-3] if own.lower().endswith(".gz") else own
        stems.append(own[: -len(ending(own)) - 1] if ending(own) else own)
    for stem in stems:
        if stems.count(stem) > 1:
            raise CommandError(f"several inputs are called {stem} and would have one result: predict them one by one")
    return [os.path.join(parent, f"{stem}_{base}") for stem in stems]


@contextlib.contextmanager
def file(path: str) -> Iterator[BinaryIO]:
    """A file under another name until it is whole; compressed if its name says so."""
    directory, name = os.path.split(path)
    unfinished = os.path.join(directory, f".{name}.{os.getpid()}")
    try:
        with open(unfinished, "xb") as raw, _compressed(raw, name) as stream:
            yield stream
        os.replace(unfinished, path)
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.filename not in (None, unfinished, path):
            raise
        if isinstance(error, PermissionError):
            raise CommandError(_no_access(directory or os.curdir)) from None
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)


def take_standard_output() -> BinaryIO:
    """Standard output for the results alone: what the model prints goes to standard error from here on."""
    sys.stdout.flush()
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return stream


@contextlib.contextmanager
def _compressed(raw: BinaryIO, name: str) -> Iterator[BinaryIO]:
    if not name.lower().endswith(".gz"):
        yield raw
        return
    # Without a name and a time, so that the same predictions give the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
        buffered = io.BufferedWriter(packed, 1 << 18)  # type: ignore[type-var]
        yield buffered
        buffered.flush()
        buffered.detach()


def _no_access(directory: str) -> str:
    return (f"user {os.getuid()} may not write to {directory}: give it the right to, or run the container as its owner "
            '(docker run --user "$(id -u):$(id -g)" …)')
