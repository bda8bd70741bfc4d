"""The term of a case's service with the ledger of its time: when it ran, when it stood still and why, when it got longer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.cases.advancing import Running, running
from app.cases.changing_term import is_his_own, may_decide
from app.cases.office import Office, ProviderTerms
from app.cases.viewing.cases import told, visible_case
from app.cases.viewing.in_process import extensions, stops
from app.domain.people import Actor
from app.domain.permissions import Action, may
from app.domain.views import Interval, StopView, TermView
from app.store.unit_of_work import UnitOfWork


def term(office: Office, actor: Actor, case_id: str) -> TermView:
    with office.reading() as uow:
        this = running(office, uow, visible_case(uow, actor, case_id))
        return _view(office, uow, this, actor)


def _view(office: Office, uow: UnitOfWork, this: Running, actor: Actor) -> TermView:
    case, passport, now = this.case, this.passport, office.clock.now()
    terms = office.terms(passport)
    decides = may(actor, Action.CHANGE_TERM) and not case.status.is_final and not is_his_own(actor, case)
    by_hand = uow.work.stopped_by_decision(case.id)
    ground = next((each for each in passport.stops if by_hand and each.id == by_hand.suspension), None)
    stopped = [told(stop, actor.is_staff) for stop in stops(uow, this)]
    return TermView(
        case_id=case.id,
        number=case.number,
        title=passport.title,
        term=case.term,
        term_from=case.term_from,
        result_due=case.result_due,
        left=terms.left(now, case.result_due) if case.result_due and not case.status.is_final else None,
        ended_at=case.ended_at,
        ledger=tuple(_ledger(case.registered_at, stopped, case.ended_at or now, terms, over=case.ended_at is not None)),
        extensions=tuple(told(longer, actor.is_staff) for longer in extensions(uow, this)),
        stops_allowed=tuple(each for each in passport.stops_for(case.variant) if decides and may_decide(actor, each.by, case)),
        extensions_allowed=tuple(
            each for each in passport.extensions_for(case.variant) if decides and may_decide(actor, each.by, case)
        ),
        may_decide=decides,
        runs_on=decides and ground is not None and may_decide(actor, ground.by, case) is not None,
    )


def _ledger(
    begun: datetime, stopped: Sequence[StopView], until: datetime, terms: ProviderTerms, *, over: bool
) -> Iterator[Interval]:
    """Running and standing still by turns from registration on, to the end of the case or to now, which ends nothing.

    Where two reasons overlap, each interval of standing still is told with its reason, and the term runs in none of them.
    """
    since = begun
    for stop in stopped:
        if stop.stopped_at > since:
            yield Interval(since, stop.stopped_at, True, terms.left(since, stop.stopped_at))
        end = stop.resumed_at or until
        yield Interval(stop.stopped_at, stop.resumed_at, False, terms.left(stop.stopped_at, end), stop)
        since = max(since, end)
    if since <= until and not any(stop.resumed_at is None for stop in stopped):
        yield Interval(since, until if over else None, True, terms.left(since, until))
