"""GPPI models: a Python module with ``init``, ``predict_on_matrix`` and ``info`` (ODAHU's general Python interface)."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import logging
import os
import sys
from types import ModuleType
from typing import Any, Callable, List, Optional

from . import results
from .errors import ModelLoadError, PredictionError
from .model import Column, Model, Prediction, Rows, Schema, check_against_schema
from .settings import Settings

_log = logging.getLogger(__name__)


class GPPIModel(Model):
    """A model behind its entrypoint module; loading imports the module and calls its ``init``."""

    platform = "gppi"

    def __init__(self, settings: Settings) -> None:
        module = import_entrypoint(settings.root, settings.work_dir, settings.entrypoint)
        for name in ("init", "predict_on_matrix"):
            if not callable(getattr(module, name, None)):
                raise ModelLoadError(f"{module.__file__} has no function {name}")
        mode = module.init()
        if mode == "objects":
            raise ModelLoadError("init() returned 'objects': Can not handle this types of requests, only 'matrix'")
        if mode not in ("matrix", None):
            raise ModelLoadError(f"Unknown model's return type: {mode!r} from init(); only 'matrix' is known")
        self._predict = _predict_function(module.predict_on_matrix)
        self._serializer = getattr(module, "get_output_json_serializer", None)
        self._read_schema(module)

    def _read_schema(self, module: ModuleType) -> None:
        """The columns that ``info()`` tells. It is optional; a broken one only makes a line in the log."""
        if not callable(getattr(module, "info", None)):
            return
        try:
            inputs, outputs = module.info()
            self.schema = Schema([_column(entry) for entry in inputs], [_column(entry) for entry in outputs])
        except Exception as error:
            self.schema_error = error
            _log.warning("The model's info() failed, its columns stay unknown: %s: %s", type(error).__name__, error)

    def encoder(self) -> Optional[Callable[[Any], Any]]:
        kind = self._serializer() if callable(self._serializer) else None
        return kind().default if kind is not None else None  # a subclass of json.JSONEncoder

    def predict(self, rows: Rows, columns: Optional[List[str]]) -> Prediction:
        check_against_schema(self.schema, rows, columns)
        try:
            result = self._predict(rows, columns)
        except (Exception, SystemExit) as error:
            raise PredictionError(f"Exception during prediction: {error}") from error
        names = [column.name for column in self.schema.outputs] or None
        if isinstance(result, tuple) and len(result) == 2 and _are_names(result[1]):
            result, names = result[0], list(result[1])
        return results.prediction(result, names)


def import_entrypoint(root: str, work_dir: str, entrypoint: str) -> ModuleType:
    """Imports the model's module as ``<workDir>.<entrypoint>``, a namespace package under the artifact's root.

    Both directories are on the path, so modules beside the entrypoint are found as well. Where the dotted name
    cannot be had (a directory that is no identifier, or that an installed package hides), the file is loaded by itself.
    """
    directory = os.path.normpath(os.path.join(root, work_dir))
    base = os.path.join(directory, *entrypoint.split("."))
    file = next((path for path in (base + ".py", os.path.join(base, "__init__.py")) if os.path.isfile(path)), None)
    if file is None:
        raise ModelLoadError(f"the entrypoint file {base}.py is not there")
    # gunicorn adds its own directory first; the model's come before everything installed, as they would for a script.
    for path in (directory, root):
        if path in sys.path:
            sys.path.remove(path)
        sys.path.insert(0, path)
    importlib.invalidate_caches()
    parts = [part for part in work_dir.split(os.sep) if part != os.curdir] + entrypoint.split(".")
    name = ".".join(parts)
    if all(part.isidentifier() for part in parts) and _leads_to(name, file):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(parts[-1], file)
    if spec is None or spec.loader is None:
        raise ModelLoadError(f"{file} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[parts[-1]] = module
    spec.loader.exec_module(module)
    return module


def _leads_to(name: str, file: str) -> bool:
    """Whether importing this name would run this file; imports the packages on the way but not the module."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None and os.path.realpath(spec.origin) == os.path.realpath(file)


def _predict_function(function: Callable[..., Any]) -> Callable[[Rows, Optional[List[str]]], Any]:
    """``predict_on_matrix`` called by ODAHU's keyword where it has it, else by position, else with the matrix alone."""
    try:
        parameters = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # compiled functions may have none to show
        parameters = {}
    kinds = [parameter.kind for parameter in parameters.values()]
    if "provided_columns_names" in parameters or inspect.Parameter.VAR_KEYWORD in kinds or not kinds:
        return lambda rows, columns: function(rows, provided_columns_names=columns)
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if sum(kind in positional for kind in kinds) > 1 or inspect.Parameter.VAR_POSITIONAL in kinds:
        return lambda rows, columns: function(rows, columns)
    return lambda rows, columns: function(rows)


def _column(entry: Any) -> Column:
    required = entry.get("required", False)
    return Column(str(entry["name"]), str(entry.get("type", "number")), entry.get("example"), bool(required))


def _are_names(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value) or (
        not isinstance(value, str) and hasattr(value, "tolist") and _are_names(value.tolist())
    )
