"""Small services for one mechanism at a time: a drawn process beside the first service's passport, with a few keys more.

They are published as the next version of that service, so that its application can be filed as usual.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select

from app.cases import publishing, working
from app.cases.publishing import CheckedBundle
from app.cli import OPERATOR
from app.domain.case import TimerKind, TimerStatus
from app.domain.moves import Bundle
from app.store.base import Base
from app.store.bundles import PlainLoader, read_bundle
from app.store.tables import Case, ConsultationRow, HistoryEvent, SuspensionRow, WorkItem
from tests.conftest import PROCESSES
from tests.desk import SERVICE, Desk
from tests.engine.drawing import definitions, extended, process

ENDINGS = """
endings:
  - {id: done, end: finish, status: issued, paragraph: Rules para 8, message: {kk: дайын, ru: готово, en: done}}
  - {id: turned-down, end: refused, status: refused, paragraph: Rules para 8, message: {kk: жоқ, ru: нет, en: no}}
"""


def task(name: str, *outcomes: str, role: str = "executor", inside: str = "", step: str = 'paragraph="Rules para 8"') -> str:
    """A user task without a form."""
    buttons = "".join(f'<rasim:outcome ref="{each}" kk="{each}"/>' for each in outcomes or ("done",))
    extensions = f'<rasim:step {step}/><rasim:role name="{role}"/>{buttons}'
    return f'<bpmn:userTask id="{name}" name="{name}">{extended(extensions)}{inside}</bpmn:userTask>'


def many(cardinality: str, sequential: str = "false") -> str:
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
        f"<bpmn:loopCardinality>{cardinality}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )


class Drawn:
    """A desk whose only service has this process, and a case of it."""

    def __init__(self, desk: Desk, *elements: str, passport: str = "", shared: bytes | None = None, variant: str = "issue"):
        self.desk, self.office = desk, desk.office
        files = dict(read_bundle(PROCESSES / SERVICE).files)
        files["process.bpmn"] = definitions(process(*elements))
        files["service.yaml"] = with_keys(files["service.yaml"].decode(), ENDINGS + passport).encode()
        if shared is not None:
            files["shared/called.bpmn"] = shared
        publishing.publish(desk.office, OPERATOR, CheckedBundle(SERVICE, Bundle(SERVICE, files), ()))
        self.case_id = desk.file(variant=variant)

    def at(self, moment: datetime) -> Drawn:
        """Lets time pass to this moment, everything due on the way happening."""
        self.desk.wait_until(moment)
        return self

    def do(self, element: str, outcome: str = "done", *, by: str = "executor", number: int = 0) -> None:
        item = self.items(element)[number]
        actor = self.desk.actor(by)
        working.complete(self.office, actor, item.id, rev=item.rev, outcome=outcome, answers={})

    # What is in the tables

    def items(self, element: str, *, closed: bool = False) -> list[WorkItem]:
        """The open items of an element, by instance; with `closed` all of them."""
        with self.office.reading() as uow:
            found = [item for item, _ in uow.work.all_of(self.case_id)] if closed else uow.work.open_of(self.case_id)
        return sorted((item for item in found if item.element == element), key=lambda item: item.instance or 0)

    def open(self) -> list[str]:
        with self.office.reading() as uow:
            return sorted(item.element for item in uow.work.open_of(self.case_id))

    @property
    def case(self) -> Case:
        with self.office.reading() as uow:
            found = uow.cases.get(self.case_id)
        assert found is not None
        return found

    def timers(self, *kinds: TimerKind) -> dict[TimerKind, datetime]:
        """When the waiting timers of the case fall due; of these kinds, or all."""
        with self.office.reading() as uow:
            running = [t for t in uow.timing.running_of(self.case_id) if t.status is TimerStatus.WAITING]
        assert len({t.kind for t in running if t.kind in kinds}) == sum(t.kind in kinds for t in running), (
            "a timer is there twice"
        )
        return {timer.kind: timer.due_at for timer in running if timer.kind in kinds or not kinds}

    def service_timers(self) -> dict[TimerKind, datetime]:
        return self.timers(TimerKind.SERVICE_REMINDER, TimerKind.SERVICE_DEADLINE)

    def ledger(self) -> list[SuspensionRow]:
        with self.office.reading() as uow:
            return uow.work.suspensions(self.case_id)

    def asked(self) -> list[ConsultationRow]:
        with self.office.reading() as uow:
            return uow.work.consultations(self.case_id)

    def events(self, kind: str) -> list[HistoryEvent]:
        with self.office.reading() as uow:
            return [event for event in uow.history.of(self.case_id) if event.kind == kind]

    def rows(self, table: type[Base]) -> list[Any]:
        with self.office.reading() as uow:
            return list(uow._session.scalars(select(table).where(table.case_id == self.case_id)))


def with_keys(passport: str, more: str) -> str:
    """The passport's text with further keys, in place of those it has of these names."""
    data = yaml.load(passport, PlainLoader) | yaml.load(more, PlainLoader)
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return text
