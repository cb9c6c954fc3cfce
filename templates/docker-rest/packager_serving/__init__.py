"""Serves one packaged model over HTTP: ODAHU's REST interface and the Open Inference Protocol, version 2.

A plain WSGI application made of the standard library alone, so that nothing here can clash with what the model needs.
Whatever concerns the model comes in through the environment (:mod:`packager_serving.settings`).
"""

__version__ = "1.0"
