"""The journal of registration: on a page, as lines for an export, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.cases.office import Office
from app.cases.viewing.rows import PAGE_SIZE, Passports
from app.domain.errors import Invalid
from app.domain.journal import JournalFilter
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import JournalRow, JournalView, Page
from app.gateways.office_papers import JOURNAL
from app.store.journal import Entry
from app.store.unit_of_work import UnitOfWork

MOST_PRINTED = 3_000
"""Lines of one print: about 250 sheets, as thick as a volume of a journal on paper is."""

_ONLY = Text("Жалпы нөмірлеу", "Общая нумерация", "Common numbering")


def journal(office: Office, actor: Actor, wanted: JournalFilter, *, page: int = 1) -> JournalView:
    _check(actor, wanted)
    with office.reading() as uow:
        totals = uow.journal.totals(actor, wanted)
        entries = uow.journal.rows(actor, wanted, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        rows = tuple(_rows(uow, entries))
        return JournalView(
            rows=Page(rows, page, PAGE_SIZE, sum(totals.values())),
            totals=totals,
            bodies=_bodies(uow, actor),
            services=tuple(_services(uow)),
        )


def journal_lines(office: Office, actor: Actor, wanted: JournalFilter) -> Iterator[JournalRow]:
    """Every line of the period, read as they are asked for. Who may not see the journal is refused at once."""
    _check(actor, wanted)

    def lines() -> Iterator[JournalRow]:
        with office.reading() as uow:
            yield from _rows(uow, uow.journal.rows(actor, wanted))

    return lines()


def printed_journal(office: Office, actor: Actor, wanted: JournalFilter, language: str) -> bytes:
    """The journal of the period as PDF. Raises Invalid for more lines than a volume holds."""
    _check(actor, wanted)
    with office.reading() as uow:
        totals = uow.journal.totals(actor, wanted)
        if sum(totals.values()) > MOST_PRINTED:
            raise Invalid(
                "The period has %(found)s lines; at most %(most)s are printed at once. Choose a shorter one.",
                found=sum(totals.values()),
                most=MOST_PRINTED,
            )
        bodies = dict(_bodies(uow, actor))
        rows = [_local(office, row) for row in _rows(uow, uow.journal.rows(actor, wanted))]
        services = dict(_services(uow))
    values = {
        "rows": rows,
        "totals": {status.value: count for status, count in totals.items()},
        "all": sum(totals.values()),
        "first": wanted.first,
        "last": wanted.last,
        "body": bodies.get(wanted.series) if wanted.series is not None else None,
        "service": services.get(wanted.service),
        "printed_by": actor.name,
        "printed_on": office.today(),
    }
    return office.letters.pdf(JOURNAL, values, language=language, title=JOURNAL_TITLES[language])


JOURNAL_TITLES = {"kk": "Өтініштерді тіркеу журналы", "ru": "Журнал регистрации заявлений"}


def _check(actor: Actor, wanted: JournalFilter) -> None:
    require(actor, Action.VIEW_JOURNAL)
    if wanted.last < wanted.first:
        raise Invalid("The last day of the period lies before the first.")


def _rows(uow: UnitOfWork, entries: Iterator[Entry]) -> Iterator[JournalRow]:
    passports = Passports(uow)
    for case, executor, documents in entries:
        passport = passports.of(case.version_id)
        yield JournalRow(
            case_id=case.id,
            number=case.number,
            received_at=case.received_at,
            registered_on=case.registered_on,
            applicant=case.applicant_name,
            applicant_number=case.applicant_bin or case.applicant_iin,
            service=passport.title,
            variant=passport.variant(case.variant).title,
            channel=case.channel,
            documents=documents,
            executor=executor,
            result_due=case.result_due,
            status=case.status,
            ended_at=case.ended_at,
        )


def _local(office: Office, row: JournalRow) -> JournalRow:
    """Its moments on the country's clock, as paper shows them."""
    return replace(
        row,
        received_at=office.local(row.received_at),
        result_due=office.local(row.result_due) if row.result_due else None,
        ended_at=office.local(row.ended_at) if row.ended_at else None,
    )


def _bodies(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, Text], ...]:
    names = {unit.id: Text(**unit.name) for unit in uow.people.units()}
    return tuple((series, names.get(series, _ONLY)) for series in uow.journal.series(actor))


def _services(uow: UnitOfWork) -> Iterator[tuple[str, Text]]:
    passports = Passports(uow)
    for version in uow.processes.newest_of_each():
        passport = passports.of(version.id)
        yield passport.id, passport.title
