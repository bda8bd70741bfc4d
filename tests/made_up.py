"""Services made up for a test: the guarantee's, with another passport. Published without the checks of `rasim check`."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from app.cases.office import Office
from app.cases.publishing import CheckedBundle, publish
from app.cli import OPERATOR
from app.domain.moves import Bundle
from app.store.bundles import PASSPORT, PROCESS, read_bundle

GUARANTEE = Path(__file__).parents[1] / "processes" / "guarantee-obligation-end-user-certificate"
_BUNDLE = read_bundle(GUARANTEE)
_DATA: dict[str, Any] = yaml.safe_load(_BUNDLE.files[PASSPORT])

Change = Callable[[dict[str, Any]], None]


def service(name: str, change: Change = lambda data: None, process: Callable[[str], str] = lambda diagram: diagram) -> Bundle:
    """The guarantee's bundle under another id and in force, with these changes of its passport and its diagram."""
    data = deepcopy(_DATA) | {"id": name}
    data["standing"] = {"status": "in-force", "reason": data["standing"]["reason"]}
    change(data)
    diagram = process(_BUNDLE.files[PROCESS].decode()).encode()
    changed = {PASSPORT: yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode(), PROCESS: diagram}
    return Bundle(name, {**_BUNDLE.files, **changed})


def published(office: Office, bundle: Bundle) -> str:
    """The service's id, ready to be applied for."""
    publish(office, OPERATOR, CheckedBundle(bundle.service, bundle, ()))
    return bundle.service


def text(words: str) -> dict[str, str]:
    return {"kk": words, "ru": words, "en": words}


def document(id: str, **more: Any) -> dict[str, Any]:
    """A document to attach, required by default of everybody."""
    kind: dict[str, Any] = {"kind": "file", "max_bytes": 1_000_000, "media_types": ["application/pdf"]}
    if more.get("kind", "file") != "file":
        kind = {}
    common = {"id": id, "title": text(id), "required": "always", "source": "applicant", "paragraph": "Standard row 8"}
    return {**common, **kind, **more}
