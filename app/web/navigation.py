"""The links of the bar: which page, under which words, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request
from flask_babel import lazy_gettext as _l

from app.domain.permissions import Action, may


@dataclass(frozen=True, slots=True)
class Link:
    endpoint: str
    words: str
    action: Action | None  # None: for everyone

    @property
    def is_current(self) -> bool:
        return request.endpoint == self.endpoint


LINKS = (
    Link("catalogue.services", _l("Services"), None),
    Link("applications.cabinet", _l("My cabinet"), Action.FILE_APPLICATION),
    Link("tasks.inbox", _l("Tasks"), Action.VIEW_INBOX),
    Link("signing_desk.page", _l("Signing"), Action.VIEW_SIGNING),
    Link("cases.search", _l("Cases"), Action.SEARCH_CASES),
    Link("journal.page", _l("Journal"), Action.VIEW_JOURNAL),
    Link("deadlines.page", _l("Deadlines"), Action.VIEW_DEADLINES),
    Link("supervision.work", _l("Supervision"), Action.SUPERVISE),
    Link("design.services", _l("Processes"), Action.VIEW_DESIGN),
    Link("incidents.page", _l("Incidents"), Action.REPAIR_INCIDENT),
    Link("people.page", _l("People"), Action.MANAGE_PEOPLE),
    Link("people.away", _l("Absences"), Action.ENTER_ABSENCE),
)


def navigation() -> tuple[Link, ...]:
    """The links this person may follow."""
    actor = g.get("actor")
    return tuple(link for link in LINKS if link.action is None or (actor is not None and may(actor, link.action)))
