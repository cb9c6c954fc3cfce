"""The application under ODAHU's own name, for ``docker run IMAGE … odahuflow_handler:app`` of existing scripts."""

from packager_serving.wsgi import app

__all__ = ["app"]
