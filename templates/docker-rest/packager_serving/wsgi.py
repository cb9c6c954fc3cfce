"""``packager_serving.wsgi:app``, what gunicorn runs. Importing this module loads the model."""

from __future__ import annotations

import os

from .application import Application
from .errors import ModelLoadError
from .loading import fail, load_or_exit
from .settings import Settings

try:
    _settings = Settings.from_environment(os.environ)
except ModelLoadError as _error:
    fail(str(_error), _error)

app = Application(_settings, load_or_exit(_settings))
