"""From the command line to an exit code: 0, 1 for a failure, 2 for wrong usage."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import traceback
from typing import Dict, List, Optional

from packager_model import surroundings
from packager_model.errors import BadInput, ModelLoadError, PredictionError
from packager_model.loading import load
from packager_model.model import Model
from packager_model.settings import Settings

from . import schemas
from .arguments import parser
from .errors import CommandError
from .predicting import predict

FAILURE = 1


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs one command."""
    surroundings.prepare()
    # Process 1 has no default handlers: without one, SIGTERM is ignored. An exception lets unfinished files be removed.
    signal.signal(signal.SIGTERM, _terminate)
    # Names and columns are UTF-8 whatever the locale is.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    options = parser()
    parsed = options.parse_args(arguments)
    if parsed.command is None:
        options.print_help()
        return 0
    logging.basicConfig(level=logging.DEBUG if parsed.v else logging.WARNING)
    try:
        _run(parsed)
        sys.stdout.flush()
        return 0
    except BrokenPipeError:  # as in `invoke … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except _Terminated:
        return 128 + signal.SIGTERM
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except (CommandError, BadInput, ModelLoadError, PredictionError) as error:
        return _failed(str(error), parsed.v)
    except MemoryError:
        return _failed("there is not enough memory: give a smaller --batch-size, or the container more", parsed.v)
    except Exception as error:
        return _failed(f"{type(error).__name__}: {error}", parsed.v)


class _Terminated(BaseException):
    """SIGTERM; nothing that takes a model's errors takes this one."""


def _terminate(number: int, frame: object) -> None:
    raise _Terminated


def _run(parsed: argparse.Namespace) -> None:
    if parsed.command == "predict":
        predict(lambda: _loaded(parsed), parsed)
    elif parsed.command == "info":
        print(schemas.text(_loaded(parsed)))
    else:
        schemas.check(_loaded(parsed))
        print("Self-check is successful")


def _loaded(parsed: argparse.Namespace) -> Model:
    settings = Settings.from_environment(_environment(parsed))
    try:
        return load(settings)
    except ModelLoadError as error:
        name = f"{settings.name} {settings.version}".rstrip()
        raise ModelLoadError(f"cannot load model {name}: {error}") from error


def _environment(parsed: argparse.Namespace) -> Dict[str, str]:
    """The image's variables, with the options in their place."""
    variables = dict(os.environ)
    if parsed.entrypoint:
        variables["PACKAGER_MODEL_ENTRYPOINT"] = parsed.entrypoint
    if parsed.model:
        directory = os.path.abspath(parsed.model)
        variables.update(PACKAGER_MODEL_ROOT=directory, PACKAGER_MODEL_WORKDIR="", MODEL_LOCATION=directory)
    return variables


def _failed(message: str, verbose: bool) -> int:
    if verbose:
        traceback.print_exc()
    print(f"invoke: {' '.join(message.split())}", file=sys.stderr)
    return FAILURE
