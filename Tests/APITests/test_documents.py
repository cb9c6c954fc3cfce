"""Both documents hold to their specifications, and their examples to their schemas."""

import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator
from swagger_spec_validator.validator20 import validate_spec

METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def openapi(server):
    return server.json("GET", "/swagger/openapi.json")


@pytest.fixture(scope="module")
def swagger(server):
    return server.json("GET", "/swagger/data.json")


def test_the_document_is_openapi(openapi):
    assert [error.message for error in OpenAPIV31SpecValidator(openapi).iter_errors()] == []


def test_the_other_one_is_swagger(swagger):
    assert [error.message for error in OpenAPIV2SpecValidator(swagger).iter_errors()] == []
    validate_spec(swagger)


def resolved(document, value):
    while "$ref" in value:
        target = document
        for name in value["$ref"].split("/")[1:]:
            target = target[name.replace("~1", "/")]
        value = target
    return value


def examples(document):
    """Where each example is, its schema and itself."""
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            operation, name = item[method], f"{method.upper()} {path}"
            for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]:
                parameter = resolved(document, parameter)
                yield f"{name} {parameter['name']}", parameter["schema"], parameter["example"]
            bodies = {**operation["responses"], "request": operation.get("requestBody", {})}
            for status, body in bodies.items():
                for kind, content in resolved(document, body).get("content", {}).items():
                    if "example" in content and "schema" in content:
                        yield f"{name} {status} {kind}", content["schema"], content["example"]


def test_every_example_fits_its_schema(openapi):
    places = list(examples(openapi))
    assert len(places) > 200
    for place, schema, example in places:
        validator = Draft202012Validator(
            {**schema, "components": openapi["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        assert [error.message for error in validator.iter_errors(example)] == [], place


def test_every_request_example_is_understood(server, openapi):
    """What is sent as it is in the document may be refused for what is missing on this server, never for its form."""
    for path, item in openapi["paths"].items():
        for method in METHODS & item.keys():
            content = item[method].get("requestBody", {}).get("content", {}).get("application/json")
            if content is None or path.startswith("/api/"):
                continue
            url = path.replace("{id}", content["example"].get("id", "wine") if isinstance(content["example"], dict) else "wine")
            status, _, text = server.send(method.upper(), url.replace("{name}", "absent.zip"), content["example"])
            if status == 400:
                assert "is not found" in json.loads(text)["message"], (method, path, text)
            else:
                assert status in (200, 201, 404, 409), (method, path, status, text)
