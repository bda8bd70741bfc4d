"""The office of the access matrix: its people with their orders, and each thing in a case of its own with what hangs on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.case import CaseStatus, WorkStatus
from app.domain.numbers import with_check_digit
from app.domain.people import Role
from app.store.base import new_id
from app.store.tables import (
    Case,
    Comment,
    ConsultationRow,
    Disclosure,
    Exclusion,
    Message,
    Signature,
    SubstitutionRow,
    User,
    WorkDraft,
    WorkItem,
)
from app.store.unit_of_work import UnitOfWork
from tests.rows import copy_of
from tests.scenarios.access import OUTSIDE, SERVICE, TODAY, Person, Thing

REMARK = "A remark among colleagues"
LETTER = "A letter to the office"
REASONS = "Words of the reply"
HALF_TYPED = "nobody"  # who has a draft at every step, and may do none


def seat(uow: UnitOfWork, everyone: list[Person]) -> dict[str, str]:
    """Enters the people with their orders; gives their ids by login."""
    ids: dict[str, str] = {}
    for number, person in enumerate(everyone):
        unit = uow.people.unit(person.unit) if person.unit else None
        user = User(
            login=f"m-{person.login}",
            name=person.login,
            password_hash="none",
            iin=with_check_digit(f"9912316{number:04d}"),
            language="en",
            unit_id=unit.id if unit else None,
            cleared_until=person.cleared_until,
        )
        ids[person.login] = uow.people.add(user, [Role(role) for role in person.roles]).id
    for person in everyone:
        if order := person.order:
            row = SubstitutionRow(
                absent_id=ids[order.absent],
                substitute_id=ids[person.login],
                role=order.role,
                order_number="1",
                order_date=order.first,
                first_day=order.first,
                last_day=order.last,
                services=list(order.services),
            )
            uow.people.add_substitution(row)
    uow.flush()
    return ids


def lay_out(
    uow: UnitOfWork, case_id: str, everyone: list[Person], ids: dict[str, str], everything: list[Thing], now: datetime
) -> list[Thing]:
    """Enters each thing in a case of its own, copied from one that was filed; gives them with their ids."""
    case = uow.cases.get(case_id)
    assert case is not None
    application = uow.cases.application(case.application_id)
    assert application is not None
    filed = uow.documents.of_application(application.id)[0]
    applicants = {person.login for person in everyone if "applicant" in person.roles}
    laid = []
    for number, thing in enumerate(everything, start=1):
        copied = uow.cases.add_application(copy_of(application))
        changes = {"application_id": copied.id, "history_length": 0, "history_head": ""}
        changes |= {"number": _number(number), "series": "", "numbered_in": TODAY.year, "serial": number}
        changes["executor_id"] = ids[thing.executor] if thing.executor else None
        if thing.applicant is not None:
            user = uow.people.get(ids[thing.applicant])
            assert user is not None
            changes |= {"applicant_iin": user.iin, "applicant_bin": "", "applicant_name": user.name}
            if thing.applicant in applicants:  # else it was filed from another account of his
                changes["applicant_id"] = user.id
        if thing.ended:
            changes["status"] = CaseStatus.WITHDRAWN
        own = uow.cases.add(copy_of(case, **changes))
        uow.flush()
        item = uow.work.add(_item(uow, own, ids, thing, now))
        uow.flush()
        document = copy_of(filed, application_id=copied.id, case_id=own.id, work_item_id=None)
        printed = copy_of(document, work_item_id=item.id, prepared_for=item.owner_id, kind="reply", printed=True)
        uow.documents.add(document)
        uow.documents.add(printed)
        laid.append(replace(thing, id=item.id, case_id=own.id, number=own.number, filed=document.id, printed=printed.id))
        _hang_on(uow, case.applicant_id, laid[-1], ids, item, now)
    return laid


def _number(serial: int) -> str:
    return f"{TODAY.year}-{serial:05d}"


def _item(uow: UnitOfWork, case: Case, ids: dict[str, str], thing: Thing, now: datetime) -> WorkItem:
    done = thing.status is WorkStatus.COMPLETED
    return WorkItem(
        case_id=case.id,
        token=new_id(),
        process="border_strip_entry_pass",
        element="give_reply" if thing.role in OUTSIDE else "sign_permit",
        role=thing.role,
        service=SERVICE,
        unit_id=_unit(uow, thing.unit),
        status=WorkStatus.RESERVED if thing.owner and thing.status is WorkStatus.READY else thing.status,
        owner_id=ids[thing.owner] if thing.owner else None,
        taken_for=ids[thing.taken_for] if thing.taken_for else None,
        opened_at=now,
        completed_by=ids[thing.owner] if thing.owner and done else None,
        completed_at=now if done else None,
        answers=_answers(thing) if done else None,
        outcome="disagree" if done else "",
        part="signs",
        exclusions=[Exclusion(user_id=ids[login], part=part) for login, part in thing.excluded.items()],
    )


def _answers(thing: Thing) -> dict[str, str]:
    return {"number": "15-3/7", "reasons": REASONS} if thing.role in OUTSIDE else {}


def _hang_on(uow: UnitOfWork, company: str, thing: Thing, ids: dict[str, str], item: WorkItem, now: datetime) -> None:
    """What is said of the case, what is typed at the item, and where a body is asked, what it is shown."""
    session = uow._session
    session.add(Comment(case_id=thing.case_id, work_item_id=item.id, author_id=ids["nobody"], at=now, text=REMARK))
    session.add(Message(case_id=thing.case_id, author_id=company, from_applicant=True, at=now, text=LETTER))
    draft = WorkDraft(work_item_id=item.id, user_id=ids[HALF_TYPED], rev=1, answers={"number": "7"}, at=now)
    uow.work.keep_draft(draft)
    if thing.status is WorkStatus.COMPLETED:
        session.add(_signature(thing.printed, now))
    if thing.role in OUTSIDE:
        asked = ConsultationRow(
            case_id=thing.case_id,
            work_item_id=item.id,
            consultation="authorised-body",
            asked_at=now,
            restricted=thing.restricted,
            reply=item.outcome,
            replied_at=item.completed_at,
        )
        uow.work.ask(asked)
        withdrawn = None if thing.shown else now
        uow.disclosures.add(Disclosure(consultation_id=asked.id, document_id=thing.filed, at=now, withdrawn_at=withdrawn))
    uow.flush()


def _signature(document_id: str, now: datetime) -> Signature:
    return Signature(
        document_id=document_id,
        name="name",
        iin="",
        bin="",
        organisation="",
        position={},
        cms=b"",
        certificate=b"",
        serial="1",
        algorithm="ecdsa",
        verdict="valid",
        reason="",
        revocation="",
        signed_at=now,
    )


def _unit(uow: UnitOfWork, code: str | None) -> str | None:
    unit = uow.people.unit(code) if code else None
    return unit.id if unit else None
