"""Whether a running case may go to another version of its service, and why not.

The engine says whether its state can (`app.engine.migrating`). Here is asked what the rows and the law say. What the applicant
has begun is his: an open task of his, and what follows when its time is over, must be there in the new version, and no new timer
may take the task away from him. What was done and decided in the case must be known to the new version, by which it is read
from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.cases.advancing import Running
from app.cases.office import Office
from app.domain.carrying import ENDED
from app.domain.case import WorkStatus
from app.domain.errors import NotFound, Sentence
from app.domain.moves import Element, Move, Wait, WaitKind
from app.domain.passport import Passport
from app.domain.people import Role
from app.engine import Migration, NotMigrated, Process
from app.store.bundles import passport_of
from app.store.tables import Case, CaseMigration, Job, SuspensionRow, Timer, WorkItem
from app.store.unit_of_work import UnitOfWork

Place = tuple[str, str]

OTHER_VERSION = "The case does not run by this version any more."
NO_VARIANT = "The new version does not have the case's variant “%(variant)s”."
STANDS_STILL = "The case's term stands still by a decision; it can be moved when the term runs again."
OTHER_ROLE = "“%(step)s” stands open and is for another role in the new version."
DONE_AND_GONE = "“%(step)s” was done in this case and is not in the new version, so the record of it could not be read."
JOB_AND_GONE = "A call to the outside at “%(step)s” is not answered yet, and the step is not in the new version."
NOT_SUSPENDED = "The case's term stands still while “%(step)s” is open; in the new version it would not run on."
APPLICANT_TIMER = "What follows when the applicant's time for “%(step)s” is over would be dropped."
APPLICANT_TAKEN = "The applicant's open task “%(step)s” would be taken away after a term he was not told of."
USED_AND_GONE = "The case has used “%(id)s” of the service's passport, which the new version does not have."


@dataclass(frozen=True, slots=True)
class Version:
    """A version with what is read of it."""

    id: str
    number: int
    process: Process
    passport: Passport


@dataclass(frozen=True)
class Plan:
    """What every case of a migration is moved by; read once for many cases."""

    id: str
    old: Version
    new: Version
    engine: Migration
    ground: str
    reason: str

    def place(self, process: str, element: str) -> Place:
        """Where the new version has this element; its own place where it has it no more."""
        return self.engine.place((process, element)) or (process, element)

    @cached_property
    def labels_left(self) -> dict[str, dict[str, str]]:
        """What the old version calls elements that the new one does not have under these ids: the history names them still."""
        return _labels_left(self.old, self.new)

    @cached_property
    def labels_left_on_return(self) -> dict[str, dict[str, str]]:
        return _labels_left(self.new, self.old)

    def element_named(self, name: str) -> str:
        """The new version's id of an element known by its id alone, as timers and jobs know it."""
        return self.engine.renamed.get(name, name)


def plan_of(office: Office, uow: UnitOfWork, migration: CaseMigration) -> Plan:
    old, new = (_version(office, uow, each) for each in (migration.from_version_id, migration.to_version_id))
    elements = {_place(name): _place(there) for name, there in migration.elements.items()}
    engine = Migration(old.process, new.process, elements)
    return Plan(migration.id, old, new, engine, migration.ground, migration.reason)


def _version(office: Office, uow: UnitOfWork, version_id: str) -> Version:
    version = uow.processes.get(version_id)
    if version is None:
        raise NotFound("There is no version '%(id)s'.", id=version_id)
    bundle = uow.processes.bundle(version)
    return Version(version.id, version.number, office.engine.load(bundle), passport_of(bundle))


def _place(said: str) -> Place:
    process, _, element = said.partition("/")
    return process, element


@dataclass(frozen=True, slots=True)
class Fitted:
    """A case at hand with what it has in rows, and its state in the new version; without one there are reasons."""

    case: Case
    move: Move | None
    reasons: tuple[Sentence, ...]
    before: tuple[Wait, ...] = ()
    items: Mapping[str, WorkItem] = field(default_factory=dict)  # the open ones by token
    done: tuple[WorkItem, ...] = ()
    timers: tuple[Timer, ...] = ()  # those that run
    jobs: tuple[Job, ...] = ()  # those not answered yet
    ledger: tuple[SuspensionRow, ...] = ()


def fit(office: Office, uow: UnitOfWork, plan: Plan, case: Case) -> Fitted:
    if case.status.is_final:
        return Fitted(case, None, (Sentence(ENDED),))
    if case.version_id != plan.old.id:
        return Fitted(case, None, (Sentence(OTHER_VERSION),))
    if all(each.id != case.variant for each in plan.new.passport.variants):
        return Fitted(case, None, (Sentence(NO_VARIANT, {"variant": case.variant}),))
    carried = plan.engine.carry(case.state)
    if isinstance(carried, NotMigrated):
        return Fitted(case, None, carried.reasons)
    before = office.engine.waits(plan.old.process, case.state)
    rows = [item for item, _ in uow.work.all_of(case.id)]
    items = {item.token: item for item in rows if item.status in (WorkStatus.READY, WorkStatus.RESERVED)}
    fitted = Fitted(
        case,
        carried,
        (),
        before,
        items,
        tuple(item for item in rows if item.token not in items),
        tuple(uow.timing.running_of(case.id)),
        tuple(uow.timing.open_jobs_of(case.id)),
        tuple(uow.work.suspensions(case.id)),
    )
    reasons = (*_of_steps(plan, fitted), *_of_the_applicant(plan, fitted), *_of_the_past(uow, plan, fitted))
    return replace(fitted, move=None, reasons=reasons) if reasons else fitted


def _of_steps(plan: Plan, fitted: Fitted) -> Iterator[Sentence]:
    suspends = {each.during for each in plan.old.passport.suspensions}
    kept = {each.during for each in plan.new.passport.suspensions}
    for item in fitted.items.values():
        old = plan.old.process.elements[item.process, item.element]
        new = plan.new.process.elements[plan.place(item.process, item.element)]
        if (new.role or "") != item.role:
            yield about(OTHER_ROLE, old)
        if old.id in suspends and new.id not in kept:
            yield about(NOT_SUSPENDED, old)


def _of_the_applicant(plan: Plan, fitted: Fitted) -> Iterator[Sentence]:
    own = {token: item for token, item in fitted.items.items() if item.role == Role.APPLICANT.value}
    if not own or fitted.move is None:
        return
    before, after = _watching(fitted.before), _watching(fitted.move.waits)
    for token, item in own.items():
        element = plan.old.process.elements[item.process, item.element]
        had, has = before.get(token, {}), after.get(token, {})
        if any(name not in has or has[name].interrupts != wait.interrupts for name, wait in had.items()):
            yield about(APPLICANT_TIMER, element)
        if any(name not in had and wait.interrupts for name, wait in has.items()):
            yield about(APPLICANT_TAKEN, element)


def _watching(waits: tuple[Wait, ...]) -> dict[str, dict[str, Wait]]:
    """The timers on each activity, both by token."""
    found: dict[str, dict[str, Wait]] = {}
    for wait in waits:
        if wait.kind is WaitKind.TIMER and wait.attached_to is not None:
            found.setdefault(wait.attached_to, {})[wait.token] = wait
    return found


def _of_the_past(uow: UnitOfWork, plan: Plan, fitted: Fitted) -> Iterator[Sentence]:
    case, elements = fitted.case, plan.new.process.elements
    if any(row.work_item_id is None and row.resumed_at is None for row in fitted.ledger):
        yield Sentence(STANDS_STILL)
    for place in dict.fromkeys((item.process, item.element) for item in fitted.done):
        if plan.place(*place) not in elements:
            yield about(DONE_AND_GONE, plan.old.process.elements[place])
    known = {name for _, name in elements}
    for job in fitted.jobs:
        if plan.element_named(job.element) not in known:
            yield Sentence(JOB_AND_GONE, {"step": job.element})
    for used in sorted(_used(uow, plan, case, fitted.ledger)):
        yield Sentence(USED_AND_GONE, {"id": used})


def _used(uow: UnitOfWork, plan: Plan, case: Case, ledger: tuple[SuspensionRow, ...]) -> set[str]:
    """What the case has of the old passport that the new one dropped; asked of the rows only where it dropped anything."""
    found: set[str] = set()
    old, new = plan.old.passport, plan.new.passport
    if gone := {each.id for each in old.consultations} - {each.id for each in new.consultations}:
        found |= gone & uow.moving.consultations_of(case.id)
    if gone := _reasons_to_stop(old) - _reasons_to_stop(new):
        found |= gone & {row.suspension for row in ledger}
    if gone := {each.id for each in old.grounds} - {each.id for each in new.grounds}:
        found |= gone & uow.moving.grounds_of(case.id)
    return found


def _reasons_to_stop(passport: Passport) -> set[str]:
    return {each.id for each in passport.suspensions} | {each.id for each in passport.stops}


def _labels_left(here: Version, there: Version) -> dict[str, dict[str, str]]:
    known = {name for _, name in there.process.elements}
    return {name: _label(each) for (_, name), each in here.process.elements.items() if name not in known}


def about(template: str, element: Element) -> Sentence:
    return Sentence(template, {"step": _label(element)})


def _label(element: Element) -> dict[str, str]:
    return {"kk": element.label.kk, "ru": element.label.ru, "en": element.label.en}


def running_by(version: Version, case: Case) -> Running:
    return Running(case, version.process, version.passport)
