"""The description of ODAHU's interface as Swagger 2.0, in the exact form that ODAHU's clients read."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from packager_model.model import Column, Schema

_JSON = ["application/json"]


def document(name: str, version: str, schema: Schema) -> Dict[str, Any]:
    """The document of one model. ODAHU's service catalog reads ``info.title`` and ``info.version``."""
    return {
        "swagger": "2.0",
        "info": {
            "title": name,
            "version": version,
            "description": "This is a EDI server.",
            "termsOfService": "http://swagger.io/terms/",
            "contact": {},
            "license": {"name": "Apache 2.0", "url": "http://www.apache.org/licenses/LICENSE-2.0.html"},
        },
        "schemes": ["https"],
        "host": "",
        "basePath": "",
        "paths": {"/api/model/info": {"get": _info()}, "/api/model/invoke": {"post": _invoke(schema)}},
    }


def _info() -> Dict[str, Any]:
    return {
        "description": "Return a swagger info about model",
        "summary": "Info",
        "consumes": [],
        "produces": _JSON,
        "responses": {"200": {"description": "Info", "type": "object"}},
    }


def _invoke(schema: Schema) -> Dict[str, Any]:
    return {
        "description": "Execute prediction",
        "summary": "Prediction",
        "consumes": _JSON,
        "produces": _JSON,
        "parameters": [
            {
                "in": "body",
                "name": "PredictionParameters",
                "required": True,
                "schema": {
                    "properties": {"columns": _names(schema.inputs), "data": _matrix(schema.inputs)},
                    "type": "object",
                },
            }
        ],
        "responses": {
            "200": {
                "description": "Results of prediction",
                "name": "PredictionResponse",
                "properties": {"columns": _names(schema.outputs), "prediction": _matrix(schema.outputs)},
            },
            "type": "object",  # misplaced in ODAHU as well
        },
    }


def _names(columns: Sequence[Column]) -> Dict[str, Any]:
    names: List[str] = [column.name for column in columns]
    return {"example": names, "items": {"type": "string"}, "type": "array"}


def _matrix(columns: Sequence[Column]) -> Dict[str, Any]:
    """ODAHU says "number" whatever the columns' types are."""
    row = [column.example for column in columns]
    return {"example": [row], "items": {"items": {"type": "number"}, "type": "array"}, "type": "array"}
