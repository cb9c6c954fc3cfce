"""JSON in and out: strict UTF-8, numpy's and pandas' values without importing either, NaN and infinities as null."""

from __future__ import annotations

import functools
import json
import math
from typing import Any

from .errors import BadInput

_COMPACT = (",", ":")


def decode(body: bytes) -> Any:
    """The value of a request body; :class:`BadInput` with ODAHU's texts otherwise."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"Can not decode POST data using utf-8 charset: {error}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"Can not parse input as JSON: {error}") from None


def encode(value: Any, *, compact: bool = True, sort_keys: bool = False) -> bytes:
    """The UTF-8 text of a value. The plain case runs in C; only a value with NaN, infinities or odd keys is copied."""
    dumps = functools.partial(
        json.dumps, separators=_COMPACT if compact else None, sort_keys=sort_keys, allow_nan=False, default=plain
    )
    try:
        text = dumps(value, ensure_ascii=False)
    except (ValueError, TypeError):
        value = _without_nan(value)
        text = dumps(value, ensure_ascii=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can carry
        return dumps(value).encode("ascii")


def plain(value: Any) -> Any:
    """What JSON shows of a value it does not know: an array as lists, numpy's number as a number, a date as text."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    for method in ("tolist", "item", "isoformat"):
        convert = getattr(value, method, None)
        if callable(convert):
            converted = convert()
            if type(converted) is not type(value):
                return converted
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8")
    raise TypeError(f"a value of type {type(value).__name__} has no form in JSON")


def _without_nan(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return {_key(key): _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item) for item in value]
    return _without_nan(plain(value))


def _key(key: Any) -> Any:
    return key if isinstance(key, str) else str(key)
