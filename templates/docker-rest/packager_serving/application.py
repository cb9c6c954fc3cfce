"""The WSGI application: finds the handler and turns every error into an answer in the form of its interface."""

from __future__ import annotations

import logging
from typing import Any, Callable, Dict, List, Optional

from packager_model.errors import BadInput, PredictionError
from packager_model.model import Model
from packager_model.settings import Settings

from . import inference_v2, odahu
from .errors import RequestError
from .messages import JSON, Request, Response
from .routing import Router

_log = logging.getLogger("gunicorn.error")


class Application:
    """Both interfaces over one loaded model. Holds no state of its own, so that any number of threads may call it."""

    def __init__(self, settings: Settings, model: Model, max_body_bytes: Optional[int] = None) -> None:
        self._limit = max_body_bytes
        self._v2 = inference_v2.InferenceV2(settings, model)
        self._router = Router(odahu.ODAHUInterface(settings, model).routes + self._v2.routes)

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> List[bytes]:
        response = self._respond(Request(environ, self._limit))
        headers = {"Content-Type": JSON, "Content-Length": str(len(response.body)), **response.headers}
        start_response(response.status_line, list(headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _respond(self, request: Request) -> Response:
        is_v2 = request.path.lstrip("/").split("/")[0] == "v2"
        form = inference_v2.error_body if is_v2 else odahu.error_body
        try:
            return self._router.handler(request.method, request.path)(request)
        except RequestError as error:
            if error.status == 404 and is_v2:
                error = self._v2.not_found(request.path)
            return Response(error.status, form(error.message), error.headers)
        except BadInput as error:
            return Response(400, form(str(error)))
        except PredictionError as error:
            _log.error("%s", error, exc_info=error.__cause__)
            return Response(500, form(str(error)))
