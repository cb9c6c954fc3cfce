"""The errors that a client or an operator sees, each one sentence that says what is wrong."""

from __future__ import annotations


class ModelLoadError(Exception):
    """The model cannot be served at all; the container ends."""


class RequestError(Exception):
    """The request cannot be answered; the client can change that. Becomes a 4xx answer."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


class BadInput(RequestError):
    """The data does not fit the model or the protocol (400)."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


class PredictionError(Exception):
    """The model raised, or returned something that no answer can be made of (500)."""
