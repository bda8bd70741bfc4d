"""The applicant's cabinet: drafts, cases, notices."""

from __future__ import annotations

from app.cases.naming import names_of_application
from app.cases.office import Office
from app.cases.paying import fee_view
from app.cases.viewing.rows import PAGE_SIZE, Passports, document_view
from app.domain.errors import NotFound
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.views import (
    ApplicationRow,
    ApplicationView,
    NoticeView,
    Page,
)
from app.store.tables import Application, Case


def cabinet(office: Office, actor: Actor, *, page: int = 1) -> Page[ApplicationRow]:
    """The applicant's drafts (on the first page) and filed cases, newest first."""
    require(actor, Action.FILE_APPLICATION)
    with office.reading() as uow:
        cases, total = uow.cases.owned_by(actor, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        passports = Passports(uow)
        drafts = uow.cases.drafts(actor.id) if page == 1 else []
        delivered = uow.documents.cases_with_a_result([case.id for case in cases])
        rows = [_draft_row(draft, passports) for draft in drafts]
        unread = uow.talk.unread([case.id for case in cases], from_applicant=False)
        rows += [_case_line(case, passports, case.id in delivered, unread.get(case.id, 0)) for case in cases]
    return Page(tuple(rows), page, PAGE_SIZE, total)


def _draft_row(draft: Application, passports: Passports) -> ApplicationRow:
    passport = passports.of(draft.version_id)
    title = passport.variant(draft.variant).title
    return ApplicationRow(draft.id, None, draft.service, passport.title, title, "", None, draft.changed_at, None)


def _case_line(case: Case, passports: Passports, has_result: bool, new_messages: int) -> ApplicationRow:
    passport = passports.of(case.version_id)
    return ApplicationRow(
        case.application_id,
        case.id,
        case.service,
        passport.title,
        passport.variant(case.variant).title,
        case.number,
        case.status,
        case.ended_at or case.received_at,
        case.result_due,
        has_result,
        new_messages,
    )


def application(office: Office, actor: Actor, application_id: str) -> ApplicationView:
    with office.reading() as uow:
        row = uow.cases.application(application_id)
        if row is None or row.applicant_id != actor.id:
            raise NotFound("There is no application '%(id)s' of yours.", id=application_id)
        filed = uow.cases.of_application(application_id)
        passport = Passports(uow).of(row.version_id)
        fee = passport.variant(row.variant).fee
        attached = [d for d in uow.documents.of_application(application_id) if not d.printed]
        return ApplicationView(
            id=row.id,
            service=row.service,
            variant=row.variant,
            channel=row.channel,
            passport=passport,
            answers=row.answers,
            names=names_of_application(uow, passport, row),
            fee=fee_view(office, fee, uow.cases.payment(row.id)),
            attachments={d.kind: document_view(d, ()) for d in attached},
            filed_case=filed.id if filed else None,
            changed_at=row.changed_at,
        )


def notices(office: Office, actor: Actor, *, page: int = 1) -> Page[NoticeView]:
    with office.reading() as uow:
        rows, total = uow.notices.of(actor.id, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    views = (NoticeView(n.id, n.at, n.case_id, n.template, n.values, n.read_at is not None, n.document_id) for n in rows)
    return Page(tuple(views), page, PAGE_SIZE, total)


def unread_notices(office: Office, actor: Actor) -> int:
    with office.reading() as uow:
        return uow.notices.unread(actor.id)


def read_notice(office: Office, actor: Actor, notice_id: str) -> None:
    with office.unit_of_work() as uow:
        uow.notices.read(actor.id, notice_id, office.clock.now())
        uow.commit()
