"""The office at hand."""

from __future__ import annotations

from flask import current_app

from app.cases.office import Office


def office() -> Office:
    found: Office = current_app.extensions["office"]
    return found
