"""The environment variables that describe the model."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Mapping, Optional

from .errors import ModelLoadError

KINDS = ("gppi", "mlflow")


@dataclass(frozen=True)
class Settings:
    """What to serve and how; see :meth:`from_environment` for the variables."""

    name: str
    version: str
    kind: str
    root: str
    work_dir: str
    location: str
    entrypoint: str
    max_body_bytes: Optional[int] = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads and checks the variables.

        ===========================  =====================================================================
        ODAHU_MODEL_NAME             the model's name (default ``model``)
        ODAHU_MODEL_VERSION          the model's version (default empty)
        PACKAGER_MODEL_KIND          ``gppi`` (default) or ``mlflow``
        PACKAGER_MODEL_ROOT          where the artifact lies (default ``/model``)
        PACKAGER_MODEL_WORKDIR       the model's own directory inside it (default empty: the root)
        PACKAGER_MODEL_ENTRYPOINT    GPPI: the module that holds the model (default ``entrypoint``)
        MODEL_LOCATION               the model's own directory, whole (default root + workdir)
        PACKAGER_MAX_BODY_BYTES      larger requests get 413 (default: no limit)
        ===========================  =====================================================================
        """
        kind = environment.get("PACKAGER_MODEL_KIND", "").strip().lower() or "gppi"
        if kind not in KINDS:
            raise ModelLoadError(f"PACKAGER_MODEL_KIND is {kind!r}; it must be one of {', '.join(KINDS)}")
        root = os.path.abspath(environment.get("PACKAGER_MODEL_ROOT") or "/model")
        work_dir = os.path.normpath(environment.get("PACKAGER_MODEL_WORKDIR") or ".")
        if os.path.isabs(work_dir) or work_dir.split(os.sep)[0] == os.pardir:
            raise ModelLoadError(f"PACKAGER_MODEL_WORKDIR is {work_dir!r}; it must lie inside {root}")
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
            max_body_bytes=_optional_size(environment, "PACKAGER_MAX_BODY_BYTES"),
        )


def _optional_size(environment: Mapping[str, str], variable: str) -> Optional[int]:
    text = environment.get(variable, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise ModelLoadError(f"{variable} is {text!r}; it must be a number of bytes")
    return int(text)
