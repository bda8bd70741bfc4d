"""Parts that several views share: passports and processes looked up once a page, and single lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.cases.advancing import Running, running
from app.cases.office import Office, ProviderTerms
from app.cases.working import facts_of, responsible_of
from app.domain.case import IncidentStatus, WorkStatus
from app.domain.errors import NotFound
from app.domain.passport import Passport
from app.domain.people import Actor, Role
from app.domain.permissions import Action, may
from app.domain.ports import REVOCATION_NOT_CHECKED, Verdict
from app.domain.text import Text
from app.domain.views import (
    DocumentView,
    IncidentView,
    SignatureView,
    WorkItemRow,
)
from app.store.bundles import passport_of as bundle_passport
from app.store.tables import Case, Document, Incident, Signature, User, WorkItem
from app.store.unit_of_work import UnitOfWork

PAGE_SIZE = 25


class Passports:
    """Passports by version id; bundles are cached, so a page costs one query for each version it has not met."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[str, Passport] = {}

    def of(self, version_id: str) -> Passport:
        if version_id not in self._known:
            version = self._uow.processes.get(version_id)
            if version is None:
                raise NotFound("The process version '%(id)s' is not stored.", id=version_id)
            self._known[version_id] = bundle_passport(self._uow.processes.bundle(version))
        return self._known[version_id]


class Runs:
    """Process and passport of each case on a page, one look-up a version."""

    def __init__(self, office: Office, uow: UnitOfWork) -> None:
        self._office, self._uow = office, uow
        self._known: dict[str, Running] = {}

    def of(self, case: Case) -> Running:
        known = self._known.get(case.version_id)
        if known is None:
            known = self._known[case.version_id] = running(self._office, self._uow, case)
        return Running(case, known.process, known.passport)


def left(terms: ProviderTerms, now: datetime, due: datetime | None) -> Any:
    return terms.left(now, due) if due is not None else None


def item_row(office: Office, this: Running, item: WorkItem, person: User | None, actor: Actor) -> WorkItemRow:
    element = this.element(item.process, item.element)
    terms = office.terms(this.passport)
    substitution = actor.acting_for(Role(item.role), responsible_of(this.case, item), service=this.case.service)
    is_open = item.status in (WorkStatus.READY, WorkStatus.RESERVED)
    return WorkItemRow(
        id=item.id,
        case_id=item.case_id,
        number=this.case.number,
        service=this.passport.title,
        step=element.label,
        paragraph=element.paragraph or "",
        applicant=this.case.applicant_name,
        role=item.role,
        status=item.status,
        owner=person.name if person else "",
        mine=item.owner_id == actor.id,
        on_behalf_of=substitution.absent_name if substitution and is_open else item.on_behalf_of,
        opened_at=item.opened_at,
        due_at=item.due_at,
        left=left(terms, office.clock.now(), item.due_at) if is_open else None,
        escalated=item.escalated_at is not None,
        may_act=is_open and may(actor, Action.WORK_ITEM, facts_of(this.case, item)),
    )


def document_view(d: Document, signatures: Iterable[Signature]) -> DocumentView:
    return DocumentView(
        id=d.id,
        kind=d.kind,
        title=Text(**d.title),
        filename=d.filename,
        media_type=d.media_type,
        size=d.size,
        sha256=d.sha256,
        added_at=d.added_at,
        signatures=tuple(
            SignatureView(
                s.name,
                s.organisation,
                Text(**s.position) if s.position else Text(""),
                s.on_behalf_of,
                s.signed_at,
                Verdict(s.verdict),
                s.reason,
                s.revocation,
                s.algorithm,
                s.serial,
                s.revocation not in ("", REVOCATION_NOT_CHECKED),
            )
            for s in signatures
        ),
        signed_inside=d.signature_place is not None,
    )


def incident_view(incident: Incident, number: str) -> IncidentView:
    return IncidentView(
        incident.id,
        incident.case_id,
        number,
        incident.element,
        incident.sentence,
        incident.opened_at,
        incident.status is IncidentStatus.OPEN,
    )
