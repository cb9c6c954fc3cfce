"""Loads the one model that the settings describe."""

from __future__ import annotations

import os
import traceback

from .errors import ModelLoadError
from .model import Model
from .settings import Settings


def load(settings: Settings) -> Model:
    """The model, ready to predict; whatever goes wrong is a :class:`ModelLoadError` that says where."""
    os.environ["MODEL_LOCATION"] = settings.location
    if not os.path.isdir(settings.location):
        raise ModelLoadError(f"there is no model directory {settings.location}")
    try:
        if settings.kind == "mlflow":
            from .mlflow_model import MLflowModel

            return MLflowModel(settings)
        if settings.kind == "onnx":
            from .onnx_model import ONNXModel

            return ONNXModel(settings)
        if settings.kind in ("pickle", "skops"):
            from .sklearn_model import SklearnModel

            return SklearnModel(settings)
        from .gppi import GPPIModel

        return GPPIModel(settings)
    except ModelLoadError:
        raise
    except SyntaxError as error:
        raise ModelLoadError(f"{error.filename}, line {error.lineno}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        text = " ".join(str(error).split())
        raise ModelLoadError(f"{type(error).__name__}: {text}{_place(error, settings.root)}") from error


def _place(error: BaseException, root: str) -> str:
    """`` (FILE, line N)`` of the innermost line of the model's own code, if any."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(root + os.sep)]
    return f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
