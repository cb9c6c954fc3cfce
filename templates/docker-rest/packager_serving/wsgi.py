"""``packager_serving.wsgi:app``, what gunicorn runs. Importing this module loads the model."""

from __future__ import annotations

import logging
import os

from packager_model.errors import ModelLoadError
from packager_model.settings import Settings

from .application import Application
from .limits import max_body_bytes
from .starting import fail, load_or_exit

# What the model's own code has to say is a line of the server's log.
logging.getLogger("packager_model").parent = logging.getLogger("gunicorn.error")

try:
    _settings = Settings.from_environment(os.environ)
    _limit = max_body_bytes(os.environ)
except ModelLoadError as _error:
    fail(str(_error), _error)

app = Application(_settings, load_or_exit(_settings), _limit)
