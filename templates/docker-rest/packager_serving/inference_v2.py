"""The Open Inference Protocol, version 2, over REST, as KServe, Triton and MLServer speak it."""

from __future__ import annotations

from typing import Any, Dict, List
from urllib.parse import quote

from packager_model import jsontext, tensors
from packager_model.errors import BadInput, PredictionError
from packager_model.model import Model
from packager_model.settings import Settings

from . import __version__
from .errors import RequestError
from .messages import Request, Response
from .routing import Route


class InferenceV2:
    """The protocol's routes for one model in one version."""

    def __init__(self, settings: Settings, model: Model) -> None:
        self._name = settings.name
        self._version = settings.version
        self._model = model
        self.routes = [
            Route("GET", "/v2", self.server),
            Route("GET", "/v2/health/live", lambda request: _json({"live": True})),
            Route("GET", "/v2/health/ready", lambda request: _json({"ready": True})),
        ]
        # The server has decoded the path already; a name with a slash in it matches all the same.
        bases = [f"/v2/models/{self._name}"]
        if self._version:
            bases.append(f"{bases[0]}/versions/{self._version}")
        for base in bases:
            self.routes += [
                Route("GET", base, self.metadata),
                Route("GET", base + "/ready", lambda request: _json({"name": self._name, "ready": True})),
                Route("POST", base + "/infer", self.infer),
            ]

    def not_found(self, path: str) -> RequestError:
        """What to answer to a path of this protocol that leads nowhere: mostly another model's name."""
        if path.startswith("/v2/models/"):
            return RequestError(404, f"{path} is not known: the model served is /v2/models/{quote(self._name)}"
                                + (f", its version {self._version}" if self._version else ""))
        return RequestError(404, f"not found: {path}")

    def server(self, request: Request) -> Response:
        """The server's own metadata."""
        return _json({"name": "packager", "version": __version__, "extensions": []})

    def metadata(self, request: Request) -> Response:
        """The model's metadata; inputs are told one column each, and one tensor of all columns is taken as well."""
        schema = self._model.schema
        return _json({
            "name": self._name,
            "versions": [self._version] if self._version else [],
            "platform": self._model.platform,
            "inputs": tensors.metadata(schema.inputs),
            "outputs": tensors.output_metadata(schema),
        })

    def infer(self, request: Request) -> Response:
        """Predicts for tensors."""
        if request.header("Inference-Header-Content-Length") is not None:
            raise BadInput("The binary tensor extension is not supported, send the data as JSON")
        document = request.json()
        if not isinstance(document, dict):
            raise BadInput('The request must be a JSON object: {"inputs": [tensors]}')
        identifier = document.get("id")
        if identifier is not None and not isinstance(identifier, str):
            raise BadInput("id must be a string")
        wanted = _wanted_outputs(document)
        outputs = tensors.infer(self._model, document.get("inputs"))
        answer: Dict[str, Any] = {"model_name": self._name}
        if self._version:
            answer["model_version"] = self._version
        if identifier is not None:
            answer["id"] = identifier
        answer["outputs"] = _selected(outputs, wanted)
        try:
            return _json(answer)
        except (TypeError, ValueError, RecursionError) as error:
            raise PredictionError(f"Unknown model's return type: {error}") from error


def _wanted_outputs(document: Dict[str, Any]) -> List[str]:
    """The names of the outputs asked for; empty for all."""
    outputs = document.get("outputs") or []
    if not isinstance(outputs, list) or not all(isinstance(entry, dict) for entry in outputs):
        raise BadInput("outputs must be a list of objects")
    settings = [document.get("parameters")] + [entry.get("parameters") for entry in outputs]
    for parameters in settings:
        if isinstance(parameters, dict) and (parameters.get("binary_data") or parameters.get("binary_data_output")):
            raise BadInput("The binary tensor extension is not supported, ask for the data as JSON")
    names = [entry.get("name") for entry in outputs]
    if not all(isinstance(name, str) for name in names):
        raise BadInput("outputs must have names")
    return [str(name) for name in names]


def _selected(outputs: List[Dict[str, Any]], wanted: List[str]) -> List[Dict[str, Any]]:
    if not wanted:
        return outputs
    by_name = {output["name"]: output for output in outputs}
    for name in wanted:
        if name not in by_name:
            raise BadInput(f"output {name} is not one of the model's: {', '.join(by_name)}")
    return [by_name[name] for name in wanted]


def _json(value: Any) -> Response:
    return Response(200, jsontext.encode(value))


def error_body(message: str) -> bytes:
    """The protocol's form of an error."""
    return jsontext.encode({"error": message})
