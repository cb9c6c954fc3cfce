"""Loads the one model that the settings describe."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import NoReturn

from .errors import ModelLoadError
from .model import Model
from .settings import Settings

# The exit code that tells gunicorn's master not to start the worker again.
EXIT_CODE = 3

_log = logging.getLogger("gunicorn.error")


def load(settings: Settings) -> Model:
    """The model, ready to predict; whatever goes wrong is a :class:`ModelLoadError` that says where."""
    os.environ["MODEL_LOCATION"] = settings.location
    if not os.path.isdir(settings.location):
        raise ModelLoadError(f"there is no model directory {settings.location}")
    try:
        if settings.kind == "mlflow":
            from .mlflow_model import MLflowModel

            return MLflowModel(settings)
        from .gppi import GPPIModel

        return GPPIModel(settings)
    except ModelLoadError:
        raise
    except SyntaxError as error:
        raise ModelLoadError(f"{error.filename}, line {error.lineno}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        text = " ".join(str(error).split())
        raise ModelLoadError(f"{type(error).__name__}: {text}{_place(error, settings.root)}") from error


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


def _place(error: BaseException, root: str) -> str:
    """`` (FILE, line N)`` of the innermost line of the model's own code, if any."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(root + os.sep)]
    return f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
