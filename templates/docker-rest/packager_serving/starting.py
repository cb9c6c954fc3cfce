"""The start of the service: the model is loaded, or the process ends."""

from __future__ import annotations

import logging
import sys
from typing import NoReturn

from packager_model.errors import ModelLoadError
from packager_model.loading import load
from packager_model.model import Model
from packager_model.settings import Settings

# The exit code that tells gunicorn's master not to start the worker again.
EXIT_CODE = 3

_log = logging.getLogger("gunicorn.error")


def load_or_exit(settings: Settings) -> Model:
    """The model, or the end of the process with one line on standard error and the traceback at debug level.

    Exit code 3 is gunicorn's own for a worker that cannot boot: its master stops instead of starting another one.
    """
    try:
        return load(settings)
    except ModelLoadError as error:
        fail(f"cannot load model {settings.name} {settings.version}".rstrip() + f": {error}", error)


def fail(message: str, error: Exception) -> NoReturn:
    """Says why the service cannot start, and ends the process."""
    _log.debug("The traceback:", exc_info=error)
    print(f"packager: {message}", file=sys.stderr, flush=True)
    raise SystemExit(EXIT_CODE)
