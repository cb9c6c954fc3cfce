"""The errors that a user or an operator sees, each one sentence that says what is wrong."""

from __future__ import annotations


class ModelLoadError(Exception):
    """The model cannot be used at all."""


class BadInput(Exception):
    """The data does not fit the model or its own format; whoever sent it can change that."""


class PredictionError(Exception):
    """The model raised, or returned something that no answer can be made of."""
