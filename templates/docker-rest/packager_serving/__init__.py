"""Serves one packaged model over HTTP: ODAHU's REST interface and the Open Inference Protocol, version 2.

A plain WSGI application made of the standard library alone, so that nothing here can clash with what the model needs.
The model itself is :mod:`packager_model`'s.
"""

__version__ = "1.0"
