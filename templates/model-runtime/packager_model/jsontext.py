"""JSON out: UTF-8, numpy's and pandas' values without importing either, NaN and infinities as null."""

from __future__ import annotations

import functools
import json
import math
from typing import Any, Callable, Optional

_COMPACT = (",", ":")


def encode(
    value: Any, *, compact: bool = True, sort_keys: bool = False, custom: Optional[Callable[[Any], Any]] = None
) -> bytes:
    """The UTF-8 text of a value. The plain case runs in C; only a value with NaN, infinities or odd keys is copied.

    ``custom`` is asked first for what JSON does not know; it raises TypeError for what it does not know either.
    """
    known = plain if custom is None else functools.partial(_first_known, custom)
    dumps = functools.partial(
        json.dumps, separators=_COMPACT if compact else None, sort_keys=sort_keys, allow_nan=False, default=known
    )
    try:
        text = dumps(value, ensure_ascii=False)
    except (ValueError, TypeError):
        value = _without_nan(value, known)
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


def _first_known(custom: Callable[[Any], Any], value: Any) -> Any:
    try:
        return custom(value)
    except TypeError:
        return plain(value)


def _without_nan(value: Any, known: Callable[[Any], Any]) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return {_key(key): _without_nan(item, known) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item, known) for item in value]
    return _without_nan(known(value), known)


def _key(key: Any) -> Any:
    return key if isinstance(key, str) else str(key)
