"""A request and a response, as thin as WSGI allows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Dict, Iterator, Optional

from packager_model.errors import BadInput

from .errors import RequestError

JSON = "application/json"
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_CHUNK = 1 << 20
_DISCARDED = 64 << 20


@dataclass
class Response:
    """A complete answer; ``body`` is sent with its length."""

    status: int
    body: bytes
    headers: Dict[str, str] = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        """``404 Not Found``."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"


class Request:
    """One request, read from a WSGI environment."""

    def __init__(self, environ: Dict[str, Any], max_body_bytes: Optional[int] = None) -> None:
        self._environ = environ
        self._limit = max_body_bytes
        self.method: str = environ["REQUEST_METHOD"]
        # WSGI hands bytes over as Latin-1; paths are UTF-8.
        self.path: str = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")

    def header(self, name: str) -> Optional[str]:
        """A header's value, if it was sent."""
        return self._environ.get("HTTP_" + name.upper().replace("-", "_"))

    def json(self) -> Any:
        """The body as JSON; every other body is a :class:`RequestError`."""
        body = self._body()
        content_type = self._environ.get("CONTENT_TYPE", "").split(";")[0].strip().lower()
        if content_type in _FORM_TYPES:
            raise RequestError(
                415,
                "Please provide data with this POST request as JSON: its Content-Type says "
                f"{content_type}, set it to {JSON}",
            )
        if not body:
            raise RequestError(400, "Please provide data with this POST request")
        return _decoded(body)

    def _body(self) -> bytes:
        environ = self._environ
        announced = environ.get("CONTENT_LENGTH") or "0"
        length = int(announced) if announced.isdigit() else 0
        # A server that ends the stream itself also hands over bodies of no announced length (chunked).
        chunks = _chunks(environ["wsgi.input"], None if environ.get("wsgi.input_terminated") else length)
        parts = []
        received = 0
        for part in chunks:
            parts.append(part)
            received += len(part)
            if self._limit is not None and max(received, length) > self._limit:
                # A client in the middle of sending sees an answer only if somebody goes on reading.
                for part in chunks:
                    received += len(part)
                    if received > self._limit + _DISCARDED:
                        break
                raise RequestError(413, f"The request is larger than the limit of {self._limit} bytes")
        return b"".join(parts)


def _chunks(stream: Any, length: Optional[int]) -> Iterator[bytes]:
    """The stream in pieces, up to its end or to a length."""
    while length is None or length > 0:
        part = stream.read(_CHUNK if length is None else min(_CHUNK, length))
        if not part:
            return
        if length is not None:
            length -= len(part)
        yield part


def _decoded(body: bytes) -> Any:
    """The value of a body; :class:`BadInput` with ODAHU's texts otherwise."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"Can not decode POST data using utf-8 charset: {error}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"Can not parse input as JSON: {error}") from None


def header_value(text: str) -> str:
    """Any text as a header's value: UTF-8 in WSGI's Latin-1 clothes, without control characters."""
    return "".join(char for char in text if char.isprintable()).strip().encode("utf-8").decode("latin-1")
