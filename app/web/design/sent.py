"""What the scripts of the analysts' pages send: JSON, with files as Base64."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

from flask import request

from app.domain.errors import Invalid


def sent_object() -> dict[str, Any]:
    """The body of the request; empty for anything but a JSON object."""
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def sent_files(sent: dict[str, Any]) -> dict[str, bytes | None]:
    """`{"files": {"process.bpmn": "base64…" | null}}`. Raises Invalid for any other shape."""
    files = sent.get("files") or {}
    if not isinstance(files, dict):
        raise Invalid("The files are sent as an object of names and contents.")
    return {str(name): _content(str(name), content) for name, content in files.items()}


def _content(name: str, content: object) -> bytes | None:
    if content is None:
        return None
    try:
        return b64decode(str(content), validate=True)
    except (NotBase64, ValueError) as error:
        raise Invalid("The content of '%(name)s' is no Base64.", name=name) from error
