"""The checklist of a step, filled in for a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.checklist import checklist_field
from app.domain.passport import DocumentState
from app.domain.views import WorkItemView


def checked(item: WorkItemView, outcome: str = "", given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The list as the system offers it, with what the scenario says of a document by its id: "absent", or the day its term ended.

    What only a person can see is there; what the outcome asks for and nobody said holds for the first document.
    """
    asked = checklist_field(item.form)
    if asked is None:
        return {}
    rows = {row["document"]: {**row, "state": row["state"] or "present"} for row in item.draft[asked.id]}
    said = {document: found for document, found in (given or {}).items() if document in rows}
    if not said and outcome in asked.fails:
        said = {item.checklist[0].rule.id: "absent"}
    for document, found in said.items():
        is_day = found not in {state.value for state in DocumentState}
        rows[document] |= {"state": "expired", "expires_on": found} if is_day else {"state": found}
    return {asked.id: list(rows.values())}
