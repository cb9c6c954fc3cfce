"""The environment variables that describe the model."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Mapping

from .errors import ModelLoadError

KINDS = ("gppi", "mlflow", "pickle", "skops", "onnx")
# Of these kinds the model is one file.
FILE_KINDS = ("pickle", "skops", "onnx")


@dataclass(frozen=True)
class Settings:
    """Which model it is and where; see :meth:`from_environment` for the variables."""

    name: str
    version: str
    kind: str
    root: str
    work_dir: str
    location: str
    entrypoint: str
    file: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads and checks the variables.

        ===========================  =====================================================================
        ODAHU_MODEL_NAME             the model's name (default ``model``)
        ODAHU_MODEL_VERSION          the model's version (default empty)
        PACKAGER_MODEL_KIND          ``gppi`` (default), ``mlflow``, ``pickle``, ``skops`` or ``onnx``
        PACKAGER_MODEL_ROOT          where the artifact lies (default ``/model``)
        PACKAGER_MODEL_WORKDIR       the model's own directory inside it (default empty: the root)
        PACKAGER_MODEL_ENTRYPOINT    GPPI: the module that holds the model (default ``entrypoint``)
        PACKAGER_MODEL_FILE          pickle, skops, ONNX: the model's file inside the artifact
        MODEL_LOCATION               the model's own directory, whole (default root + workdir)
        ===========================  =====================================================================
        """
        kind = environment.get("PACKAGER_MODEL_KIND", "").strip().lower() or "gppi"
        if kind not in KINDS:
            raise ModelLoadError(f"PACKAGER_MODEL_KIND is {kind!r}; it must be one of {', '.join(KINDS)}")
        root = os.path.abspath(environment.get("PACKAGER_MODEL_ROOT") or "/model")
        work_dir = os.path.normpath(environment.get("PACKAGER_MODEL_WORKDIR") or ".")
        if os.path.isabs(work_dir) or work_dir.split(os.sep)[0] == os.pardir:
            raise ModelLoadError(f"PACKAGER_MODEL_WORKDIR is {work_dir!r}; it must lie inside {root}")
        file = environment.get("PACKAGER_MODEL_FILE") or ""
        if kind in FILE_KINDS and not file:
            raise ModelLoadError(f"PACKAGER_MODEL_FILE is not set; it must name the model's file inside {root}")
        location = environment.get("MODEL_LOCATION") or os.path.normpath(os.path.join(root, work_dir))
        entrypoint = environment.get("PACKAGER_MODEL_ENTRYPOINT") or "entrypoint"
        return cls(
            name=environment.get("ODAHU_MODEL_NAME") or "model",
            version=environment.get("ODAHU_MODEL_VERSION") or "",
            kind=kind,
            root=root,
            work_dir=work_dir,
            location=location,
            entrypoint=entrypoint[:-3] if entrypoint.endswith(".py") else entrypoint,
            file=file,
        )
