"""Migrations: running cases are moved from one version of a service to another by a plan.

The plan names the legal ground. Its dry run says of each case whether it can go, by doing it and taking it back. Then the cases
are moved, each in its own transaction, by the sweep of any worker: nothing is kept between two cases, so a restart loses
nothing, several workers share the work, and a pause holds after the case at hand. A migration can be reverted: cases that have
not gone on since go back, the others stay, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from logging import getLogger

from app.cases.design import moving
from app.cases.design.fitting import Plan, plan_of
from app.cases.design.telling import tell
from app.cases.office import Office
from app.domain.design import DesignEventKind, MigrationStatus, MovedStatus
from app.domain.element_map import Place, problems_of
from app.domain.errors import Declined, Invalid, NotFound, RasimError, Sentence
from app.domain.people import SYSTEM, Actor
from app.domain.permissions import Action, require
from app.store.tables import CaseMigration, MigratedCase, ProcessVersion
from app.store.unit_of_work import UnitOfWork

log = getLogger(__name__)

BATCH = 100  # case ids read at once

FAILED = "Moving the case failed: %(error)s"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an analyst asks for. `elements` names only what is not found under its own id."""

    service: str
    from_version: str
    to_version: str
    elements: Mapping[Place, Place]
    ground: str
    reason: str


def plan(office: Office, actor: Actor, wanted: Wanted) -> str:
    """Keeps the plan; the dry run begins with the next sweep. Gives its id. Raises Invalid with everything wrong about it."""
    require(actor, Action.MIGRATE_CASES)
    ground, reason = _required(wanted)
    with office.unit_of_work() as uow:
        old, new = (_version(uow, wanted.service, each) for each in (wanted.from_version, wanted.to_version))
        if old.id == new.id:
            raise Invalid("Choose two different versions.")
        migration = CaseMigration(
            service=wanted.service,
            from_version_id=old.id,
            to_version_id=new.id,
            elements={"/".join(here): "/".join(there) for here, there in wanted.elements.items()},
            ground=ground,
            reason=reason,
            planned_by_id=actor.id,
            planned_at=office.clock.now(),
            status_at=office.clock.now(),
            status_by_id=actor.id,
        )
        _require_fitting_map(office, uow, wanted, old, new)
        uow.moving.add(migration)
        tell(
            office,
            uow,
            actor,
            DesignEventKind.MIGRATION_PLANNED,
            wanted.service,
            version_id=new.id,
            migration=migration.id,
            version_before=old.number,
            version_after=new.number,
            ground=ground,
            reason=reason,
        )
        uow.commit()
        return migration.id


def _required(wanted: Wanted) -> tuple[str, str]:
    ground, reason = wanted.ground.strip(), wanted.reason.strip()
    if not any(each.isdigit() for each in ground):
        raise Invalid("Name the legal ground: the act and its paragraph, for example “Rules para 8”.")
    if not reason:
        raise Invalid("Say why running cases are moved: it stands in the history of each.")
    return ground, reason


def _version(uow: UnitOfWork, service: str, version_id: str) -> ProcessVersion:
    version = uow.processes.get(version_id)
    if version is None or version.service != service:
        raise NotFound("There is no version '%(id)s'.", id=version_id)
    return version


def _require_fitting_map(office: Office, uow: UnitOfWork, wanted: Wanted, old: ProcessVersion, new: ProcessVersion) -> None:
    here, there = (office.engine.load(uow.processes.bundle(each)).elements for each in (old, new))
    if problems := list(problems_of(wanted.elements, here, there)):
        raise Invalid("The map of elements does not fit the two versions.", problems)


# --- What an analyst does with a plan ----------------------------------------------------------------------------------


def check_again(office: Office, actor: Actor, migration_id: str) -> None:
    """The dry run begins anew, as before a start after some days. Raises Declined when cases have been moved already."""
    with office.unit_of_work() as uow:
        migration = _taken(uow, actor, migration_id)
        _require_status(migration, MigrationStatus.PLANNED)
        uow.moving.forget_checks(migration_id)
        uow.commit()


def start(office: Office, actor: Actor, migration_id: str) -> None:
    """The cases the dry run found ready are moved from now on; also after a pause.

    Raises Declined while the dry run is not over, where there is nothing to move, or the new version is not in force.
    """
    with office.unit_of_work() as uow:
        migration = _taken(uow, actor, migration_id)
        _require_status(migration, MigrationStatus.PLANNED, MigrationStatus.PAUSED)
        _require_in_force(office, uow, migration)
        if migration.status is MigrationStatus.PLANNED:
            _require_dry_run(uow, migration)
        _set(office, uow, actor, migration, MigrationStatus.RUNNING, DesignEventKind.MIGRATION_STARTED)
        uow.commit()


def _require_dry_run(uow: UnitOfWork, migration: CaseMigration) -> None:
    if uow.moving.unchecked_count(migration):
        raise Declined("The dry run is not over yet.")
    if not uow.moving.counts(migration.id).get(MovedStatus.READY):
        raise Declined("There is no case that could be moved.")


def _require_in_force(office: Office, uow: UnitOfWork, migration: CaseMigration) -> None:
    new, now = _version(uow, migration.service, migration.to_version_id), office.clock.now()
    if new.in_force_from > now:
        raise Declined("The new version is in force only from %(moment)s.", moment=new.in_force_from)
    if new.retired_at is not None and new.retired_at <= now:
        raise Declined("The new version is retired.")


def pause(office: Office, actor: Actor, migration_id: str) -> None:
    """No further case is moved; those already moved stay moved."""
    with office.unit_of_work() as uow:
        migration = _taken(uow, actor, migration_id)
        _require_status(migration, MigrationStatus.RUNNING)
        _set(office, uow, actor, migration, MigrationStatus.PAUSED, DesignEventKind.MIGRATION_PAUSED)
        uow.commit()


def revert(office: Office, actor: Actor, migration_id: str) -> None:
    """Cases that have not gone on since they were moved go back, from now on."""
    with office.unit_of_work() as uow:
        migration = _taken(uow, actor, migration_id)
        _require_status(migration, MigrationStatus.RUNNING, MigrationStatus.PAUSED, MigrationStatus.DONE)
        if not uow.moving.counts(migration_id).get(MovedStatus.MOVED):
            raise Declined("There is no moved case that could go back.")
        _set(office, uow, actor, migration, MigrationStatus.REVERTING, DesignEventKind.MIGRATION_REVERTED)
        uow.commit()


def _taken(uow: UnitOfWork, actor: Actor, migration_id: str) -> CaseMigration:
    require(actor, Action.MIGRATE_CASES)
    migration = uow.moving.lock(migration_id)
    if migration is None:
        raise NotFound("There is no migration '%(id)s'.", id=migration_id)
    return migration


def _require_status(migration: CaseMigration, *allowed: MigrationStatus) -> None:
    if migration.status not in allowed:
        raise Declined("The migration has gone on meanwhile; look at it again.")


def _set(
    office: Office, uow: UnitOfWork, actor: Actor, migration: CaseMigration, status: MigrationStatus, kind: DesignEventKind
) -> None:
    migration.status, migration.status_at, migration.status_by_id = status, office.clock.now(), actor.id
    _tell(office, uow, actor, migration, kind)


def _tell(office: Office, uow: UnitOfWork, actor: Actor, migration: CaseMigration, kind: DesignEventKind) -> None:
    counts = {each.value: count for each, count in uow.moving.counts(migration.id).items()}
    service, version = migration.service, migration.to_version_id
    tell(office, uow, actor, kind, service, version_id=version, migration=migration.id, counts=counts)


# --- What the sweep does -----------------------------------------------------------------------------------------------


def carry_on(office: Office) -> int:
    """Everything there is to do for all migrations, case by case; gives how many cases were looked at or moved.

    Any number of workers may do so at once.
    """
    with office.reading() as uow:
        at_work = uow.moving.at_work()
    return sum(_WORK[status](office, migration_id) for migration_id, status in at_work)


def _check(office: Office, migration_id: str) -> int:
    def ids(uow: UnitOfWork, migration: CaseMigration) -> list[str]:
        return uow.moving.unchecked(migration, limit=BATCH)

    return _each(office, migration_id, MigrationStatus.PLANNED, ids, _check_one)


def _move(office: Office, migration_id: str) -> int:
    def ids(uow: UnitOfWork, migration: CaseMigration) -> list[str]:
        return uow.moving.ids(migration.id, MovedStatus.READY, limit=BATCH)

    done = _each(office, migration_id, MigrationStatus.RUNNING, ids, _move_one)
    _finish(office, migration_id, MigrationStatus.RUNNING, MovedStatus.READY, MigrationStatus.DONE)
    return done


def _revert(office: Office, migration_id: str) -> int:
    def ids(uow: UnitOfWork, migration: CaseMigration) -> list[str]:
        return uow.moving.ids(migration.id, MovedStatus.MOVED, limit=BATCH)

    done = _each(office, migration_id, MigrationStatus.REVERTING, ids, _revert_one)
    _finish(office, migration_id, MigrationStatus.REVERTING, MovedStatus.MOVED, MigrationStatus.REVERTED)
    return done


_WORK: Mapping[MigrationStatus, Callable[[Office, str], int]] = {
    MigrationStatus.PLANNED: _check,
    MigrationStatus.RUNNING: _move,
    MigrationStatus.REVERTING: _revert,
}

Ids = Callable[[UnitOfWork, CaseMigration], list[str]]
One = Callable[[Office, UnitOfWork, Actor, Plan, str], bool]


def _each(office: Office, migration_id: str, status: MigrationStatus, ids: Ids, one: One) -> int:
    """Case by case while the migration stays in this status, until nothing more is found that this worker could take."""
    done = 0
    while True:
        with office.reading() as uow:
            migration = uow.moving.get(migration_id)
            found = ids(uow, migration) if migration is not None and migration.status is status else []
            if migration is None or not found:
                return done
            plan, actor = plan_of(office, uow, migration), _ordered_by(office, uow, migration)
        taken = sum(_one(office, migration_id, status, one, actor, plan, case_id) for case_id in found)
        if not taken:
            return done
        done += taken


def _ordered_by(office: Office, uow: UnitOfWork, migration: CaseMigration) -> Actor:
    user = uow.people.get(migration.status_by_id)
    return uow.people.actor(user, office.today()) if user else SYSTEM


def _one(office: Office, migration_id: str, status: MigrationStatus, one: One, actor: Actor, plan: Plan, case_id: str) -> bool:
    try:
        with office.unit_of_work() as uow:
            migration = uow.moving.get(migration_id)
            if migration is None or migration.status is not status or not one(office, uow, actor, plan, case_id):
                return False
            uow.commit()
            return True
    except Declined:  # another worker was first
        return False
    except Exception as error:  # whatever is wrong with this case, the next one is not held up
        log.error("case not moved", extra={"action": "migrate", "case_id": case_id}, exc_info=error)
        return _set_aside(office, migration_id, case_id, status, error)


def _check_one(office: Office, uow: UnitOfWork, actor: Actor, plan: Plan, case_id: str) -> bool:
    case = uow.cases.lock(case_id)
    if case is None or uow.moving.case_of(plan.id, case_id) is not None:
        return False
    reasons = moving.attempt(office, uow, actor, plan, case)
    row = MigratedCase(migration_id=plan.id, case_id=case_id, status=MovedStatus.READY)
    _refuse(row, reasons)
    uow.moving.add_case(row)
    return True


def _move_one(office: Office, uow: UnitOfWork, actor: Actor, plan: Plan, case_id: str) -> bool:
    row = uow.moving.take(plan.id, case_id, MovedStatus.READY)
    case = uow.cases.lock(case_id) if row is not None else None
    if row is None or case is None:
        return False
    reasons = moving.move(office, uow, actor, plan, case, row)
    row.status = MovedStatus.MOVED
    _refuse(row, reasons)
    return True


def _revert_one(office: Office, uow: UnitOfWork, actor: Actor, plan: Plan, case_id: str) -> bool:
    row = uow.moving.take(plan.id, case_id, MovedStatus.MOVED)
    case = uow.cases.lock(case_id) if row is not None else None
    if row is None or case is None:
        return False
    reason = moving.take_back(office, uow, actor, plan, case, row)
    row.status = MovedStatus.REVERTED
    if reason is not None:
        row.status, row.template, row.values = MovedStatus.KEPT, reason.template, reason.values
    return True


def _refuse(row: MigratedCase, reasons: tuple[Sentence, ...]) -> None:
    if reasons:
        row.status, row.template, row.values = MovedStatus.REFUSED, reasons[0].template, dict(reasons[0].values)


def _set_aside(office: Office, migration_id: str, case_id: str, status: MigrationStatus, error: Exception) -> bool:
    """The case stays where it is, with what went wrong."""
    sentence = error.sentence if isinstance(error, RasimError) else Sentence(FAILED, {"error": str(error) or repr(error)})
    refused = MovedStatus.KEPT if status is MigrationStatus.REVERTING else MovedStatus.REFUSED
    with office.unit_of_work() as uow:
        row = uow.moving.case_of(migration_id, case_id)
        if row is None:
            row = MigratedCase(migration_id=migration_id, case_id=case_id, status=refused)
            uow.moving.add_case(row)
        row.status, row.template, row.values = refused, sentence.template, {k: str(v) for k, v in sentence.values.items()}
        uow.commit()
        return True


def _finish(office: Office, migration_id: str, status: MigrationStatus, left: MovedStatus, after: MigrationStatus) -> None:
    """The migration is over when no case is left; of several workers the last one says so."""
    with office.unit_of_work() as uow:
        migration = uow.moving.lock(migration_id)
        if migration is None or migration.status is not status or uow.moving.counts(migration_id).get(left):
            return
        migration.status, migration.status_at = after, office.clock.now()
        if after is MigrationStatus.DONE:
            _tell(office, uow, SYSTEM, migration, DesignEventKind.MIGRATION_DONE)
        uow.commit()
