"""ODAHU's interface: ``/healthcheck``, ``/api/model/info`` and ``/api/model/invoke``.

What it differs in on purpose: a client's mistake is answered with 4xx, where ODAHU's own server says 500.
"""

from __future__ import annotations

from packager_model import jsontext, matrix
from packager_model.errors import PredictionError
from packager_model.model import Model
from packager_model.settings import Settings

from . import swagger
from .messages import Request, Response, header_value
from .routing import Route


class ODAHUInterface:
    """The three routes for one model."""

    def __init__(self, settings: Settings, model: Model) -> None:
        self._model = model
        document = swagger.document(settings.name, settings.version, model.schema)
        self._info = jsontext.encode(document, sort_keys=True) + b"\n"
        self._headers = {"Model-Name": header_value(settings.name), "Model-Version": header_value(settings.version)}
        self.routes = [
            Route("GET", "/healthcheck", self.healthcheck),
            Route("GET", "/api/model/info", self.info),
            Route("POST", "/api/model/invoke", self.invoke),
        ]

    def healthcheck(self, request: Request) -> Response:
        """The process serves, hence the model is loaded."""
        return Response(200, b'{"status":true}\n')

    def info(self, request: Request) -> Response:
        """The Swagger document."""
        return Response(200, self._info)

    def invoke(self, request: Request) -> Response:
        """Predicts for ``{"columns": […]?, "data": [[…]…]}``."""
        rows, columns = matrix.parse(request.json())
        prediction = self._model.predict(rows, columns)
        try:
            body = jsontext.encode({"prediction": prediction.values, "columns": prediction.columns})
        except (TypeError, ValueError, RecursionError) as error:
            raise PredictionError(f"Unknown model's return type: {error}") from error
        return Response(200, body, dict(self._headers))


def error_body(message: str) -> bytes:
    """ODAHU's form of an error."""
    return jsontext.encode({"message": message}, compact=False)
