"""What the operator bounds."""

from __future__ import annotations

from typing import Mapping, Optional

from packager_model.errors import ModelLoadError


def max_body_bytes(environment: Mapping[str, str]) -> Optional[int]:
    """PACKAGER_MAX_BODY_BYTES: larger requests get 413; None for no limit."""
    variable = "PACKAGER_MAX_BODY_BYTES"
    text = environment.get(variable, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise ModelLoadError(f"{variable} is {text!r}; it must be a number of bytes")
    return int(text)
