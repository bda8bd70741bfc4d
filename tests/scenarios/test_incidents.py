"""Cases that came to a halt are found and mended, incidents are tried again one or many, or closed with a reason."""

from __future__ import annotations

import pytest

from app.cases import repairing, viewing
from app.cases.halting import HALTED, find_halted
from app.domain.case import IncidentStatus, TimerStatus
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.events import EventKind
from app.domain.views import IncidentCause, IncidentView
from app.store.tables import Assignment, Incident, Timer, WorkItem
from tests.desk import Desk


def lost(desk: Desk) -> str:
    """A case whose open step is gone, as after a crash in a former program."""
    case_id = desk.file()
    with desk.office.unit_of_work() as uow:
        for item in uow.work.open_of(case_id):
            for row in uow._session.query(Assignment).filter_by(work_item_id=item.id):
                uow._session.delete(row)
            uow._session.flush()
            uow._session.delete(item)
        uow.commit()
    return case_id


def shown(desk: Desk, **options: object) -> tuple[IncidentView, ...]:
    return viewing.incidents(desk.office, desk.actor("deputy"), **options).rows  # type: ignore[arg-type]


def test_a_case_in_which_nothing_waits_is_found_once(desk: Desk) -> None:
    desk.file()
    case_id = lost(desk)
    assert (find_halted(desk.office), find_halted(desk.office)) == (1, 0)
    (incident,) = shown(desk)
    assert (incident.case_id, incident.cause, incident.sentence) == (case_id, IncidentCause.STUCK, HALTED)


def test_trying_a_halted_case_again_opens_what_its_state_waits_for(desk: Desk) -> None:
    case_id = lost(desk)
    find_halted(desk.office)
    repairing.retry(desk.office, desk.actor("deputy"), shown(desk)[0].id, "Апаттан кейін")
    desk.register(case_id)  # the step is there again
    with desk.office.reading() as uow:
        (told,) = [each for each in uow.history.of(case_id) if each.kind == EventKind.INCIDENT_RESOLVED.value]
    assert (told.details["reason"], told.details["how"]) == ("Апаттан кейін", "retried")
    assert find_halted(desk.office) == 0


def failed_timer(desk: Desk) -> tuple[str, str]:
    """A case with an incident of a timer that could not be fired."""
    case_id = desk.file()
    with desk.office.unit_of_work() as uow:
        timer = uow._session.query(Timer).filter_by(case_id=case_id).first()
        assert timer is not None
        timer.status = TimerStatus.FAILED
        now = desk.clock.now()
        incident = Incident(case_id=case_id, element=timer.element, sentence="went wrong", opened_at=now, timer_id=timer.id)
        uow.cases.add_incident(incident)
        uow.commit()
        return incident.id, timer.id


def status_of(desk: Desk, timer_id: str) -> TimerStatus:
    with desk.office.reading() as uow:
        timer = uow.timing.timer(timer_id)
        assert timer is not None
        return timer.status


def test_many_are_tried_again_and_what_cannot_be_is_told(desk: Desk) -> None:
    first, first_timer = failed_timer(desk)
    second, second_timer = failed_timer(desk)
    deputy = desk.actor("deputy")
    repairing.close(desk.office, deputy, second, "Қолмен шешілді")
    results = repairing.retry_many(desk.office, deputy, [first, second], "Сервер қосылды")
    assert [each.why_not is None for each in results] == [True, False]
    assert status_of(desk, first_timer) is TimerStatus.WAITING
    assert status_of(desk, second_timer) is TimerStatus.FAILED  # closed: nothing was tried


def test_an_incident_is_closed_with_a_reason_only(desk: Desk) -> None:
    incident, _ = failed_timer(desk)
    deputy = desk.actor("deputy")
    with pytest.raises(Invalid, match="Say why"):
        repairing.close(desk.office, deputy, incident, " ")
    repairing.close(desk.office, deputy, incident, "Қолмен шешілді")
    with pytest.raises(Declined, match="resolved already"):
        repairing.close(desk.office, deputy, incident, "Қайтадан")
    (view,) = shown(desk, status=IncidentStatus.RESOLVED)
    assert (view.resolved_by, view.open) == (deputy.name, False)


def test_incidents_are_found_by_status_cause_and_service(desk: Desk) -> None:
    failed_timer(desk)
    lost(desk)
    find_halted(desk.office)
    assert len(shown(desk)) == 2
    assert [each.cause for each in shown(desk, cause=IncidentCause.TIMER)] == [IncidentCause.TIMER]
    assert [each.cause for each in shown(desk, cause=IncidentCause.STUCK)] == [IncidentCause.STUCK]
    assert shown(desk, cause=IncidentCause.JOB) == ()
    assert shown(desk, service="poisons-licence") == ()
    assert shown(desk, status=IncidentStatus.RESOLVED) == ()


@pytest.mark.parametrize("login", ["executor", "head", "clerk", "compliance", "company"])
def test_only_supervisor_and_administrator_repair(desk: Desk, login: str) -> None:
    incident, _ = failed_timer(desk)
    for act in (repairing.retry, repairing.close):
        with pytest.raises(Forbidden):
            act(desk.office, desk.actor(login), incident, "себеп")
    with pytest.raises(Forbidden):
        viewing.incidents(desk.office, desk.actor(login))


def test_a_case_that_waits_for_a_step_is_at_no_halt(desk: Desk) -> None:
    case_id = desk.file()
    assert find_halted(desk.office) == 0
    with desk.office.reading() as uow:
        assert uow._session.query(WorkItem).filter_by(case_id=case_id).count() == 1
