"""The container around the model: its root file system may be read-only, and the process the container's first."""

from __future__ import annotations

import os
import sys
import tempfile


def prepare() -> None:
    """Lets nothing write but to a directory for temporary files, which is /dev/shm where there is no other."""
    sys.dont_write_bytecode = True
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        os.environ["TMPDIR"] = "/dev/shm"
        tempfile.tempdir = None
