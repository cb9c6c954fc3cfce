"""Schemathesis asks the live server what the document allows and what it forbids, and holds the replies to it.

It finds crashes, statuses, media types and bodies that the document does not know. That what is wrong is refused in
ODAHU's words is tested elsewhere: the server accepts more than the document says, as ODAHU does.
"""

import subprocess
import sys

import pytest

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance", "use_after_free", "ensure_resource_availability",
]
SEED = 20260101


# ODAHU's paths have the handlers of the short ones.
SHORT = ["--exclude-path-regex", "^/api/v1/"]


def run(server, directory, *arguments):
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/swagger/openapi.json", "--url", server.url,
        "--checks", ",".join(CHECKS), "--seed", str(SEED), "--workers", "2", "--request-timeout", "20", "--no-shrink",
        "--suppress-health-check", "all", "--no-color", *arguments,
    ]
    # It keeps what it has found where it runs.
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False, cwd=directory
    )
    # What failed is at the end.
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4000:]


@pytest.fixture(scope="module")
def populated(server):
    """One of everything that the document's examples name; the artifact holds no model, so that its job ends at once."""
    assert server.send("PUT", "/artifact/wine.zip", b"no model")[0] == 201
    server.json("POST", "/packaging", {"id": "wine", "spec": {"artifactName": "wine.zip", "integrationName": "docker-rest"}})
    server.json("GET", "/packaging/wine?wait=30")
    return server


def test_the_documents_examples(populated, tmp_path):
    run(populated, tmp_path, "--phases", "examples")


def test_the_edges_of_what_the_document_allows(populated, tmp_path):
    run(populated, tmp_path, "--phases", "coverage", *SHORT)


def test_what_the_document_allows_at_random(populated, tmp_path):
    run(populated, tmp_path, "--phases", "fuzzing", "--max-examples", "10", *SHORT)


def test_sequences_of_requests(populated, tmp_path):
    run(populated, tmp_path, "--phases", "stateful", "--max-examples", "10", *SHORT)
