"""A small service with the same answers as Packager's, as it is written in Python: FastAPI on uvicorn, SQLite behind it.

It keeps packagings and does nothing with them: no jobs, no checks beyond the form. The database's settings are Packager's.
"""

import json
import os
import sqlite3
import threading
from datetime import datetime, timezone

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

application = FastAPI()
connections = threading.local()


class Spec(BaseModel):
    artifactName: str
    integrationName: str
    arguments: dict | None = None


class Packaging(BaseModel):
    id: str
    spec: Spec


def database():
    """One connection a thread, as sqlite3 wants it."""
    if not hasattr(connections, "database"):
        database = sqlite3.connect(os.environ["PEER_DATABASE"], timeout=10, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS packaging (id TEXT PRIMARY KEY, created TEXT, spec TEXT, status TEXT)"
        )
        connections.database = database
    return connections.database


def document(row):
    return {
        "id": row[0], "createdAt": row[1], "updatedAt": row[1], "spec": json.loads(row[2]), "status": json.loads(row[3]),
    }


def reply(value, status=200):
    return Response(json.dumps(value, separators=(",", ":")), status, media_type="application/json")


@application.get("/health")
def health():
    return reply({})


@application.get("/packaging")
def packagings(size: int = 500, page: int = 0):
    rows = database().execute("SELECT * FROM packaging ORDER BY id LIMIT ? OFFSET ?", (size, size * page))
    return reply([document(row) for row in rows])


@application.get("/packaging/{id}")
def packaging(id: str):
    row = database().execute("SELECT * FROM packaging WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return reply(document(row))


@application.post("/packaging")
def create(packaging: Packaging):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    row = (packaging.id, now, packaging.spec.model_dump_json(), '{"state":"scheduling"}')
    try:
        database().execute("INSERT INTO packaging VALUES (?, ?, ?, ?)", row)
    except sqlite3.IntegrityError:
        raise HTTPException(409) from None
    return reply(document(row), 201)
