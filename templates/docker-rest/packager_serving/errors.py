"""The error that a client causes, one sentence that says what is wrong."""

from __future__ import annotations


class RequestError(Exception):
    """The request cannot be answered; the client can change that. Becomes a 4xx answer."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers
