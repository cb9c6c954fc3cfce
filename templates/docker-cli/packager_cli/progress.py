"""How far a prediction is, on a terminal only."""

from __future__ import annotations

import sys
import time


class Progress:
    """One line on standard error that is written over and over, and gone in the end."""

    _INTERVAL = 0.2

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = 0
        self._began = self._shown = time.monotonic()
        self._is_on = sys.stderr.isatty()
        self._width = 0

    def add(self, rows: int) -> None:
        """Counts rows that are done."""
        self._rows += rows
        now = time.monotonic()
        if self._is_on and now - self._shown >= self._INTERVAL:
            self._shown = now
            self._show(f"{self._name}: {self._rows:,} rows, {self._rows / (now - self._began):,.0f} a second")

    def close(self) -> None:
        """Takes the line away."""
        if self._width:
            self._show("")

    def _show(self, line: str) -> None:
        sys.stderr.write(f"\r{line:<{self._width}}\r{line}")
        sys.stderr.flush()
        self._width = len(line)
