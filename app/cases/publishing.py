"""Checking and publishing bundles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from app.cases.design.telling import tell
from app.cases.office import Office
from app.domain.design import DesignEventKind
from app.domain.errors import Invalid, Problem
from app.domain.moves import Bundle, Finding, Severity
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.engine.findings import Rule, has_errors
from app.engine.law import law
from app.engine.lint import lint, read_diagrams
from app.engine.soundness import played_through
from app.store.bundles import PASSPORT, passport_of, read_bundle, services_in
from app.store.processes import pack
from app.store.tables import ProcessDraft, ProcessVersion
from app.store.unit_of_work import UnitOfWork

MAX_FINDINGS = 500
MORE = Rule("too-many-findings", "There are %(found)s findings; the first %(shown)s are told")

_AT_LINE = re.compile(r"(.*) \(line (\d+)\)")


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A service's folder as read and checked. `situations` says of each process, by its id, how many were played through."""

    service: str
    bundle: Bundle | None
    findings: tuple[Finding, ...]
    situations: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_publishable(self) -> bool:
        return self.bundle is not None and not any(f.severity is Severity.ERROR for f in self.findings)


def check_folder(folder: Path, shared: Path | None, handlers: Collection[str]) -> CheckedBundle:
    """Everything a service's folder can be told to be wrong, with file, line and place."""
    try:
        bundle = read_bundle(folder, shared)
    except Invalid as error:
        missing = (Finding(p.place, 0, folder.name, p.sentence.template, p.sentence.values, code="file") for p in error.problems)
        return CheckedBundle(folder.name, None, tuple(missing))
    return check_bundle(bundle, handlers)


def check_bundle(bundle: Bundle, handlers: Collection[str]) -> CheckedBundle:
    """The same of files that are at hand, a draft's. Of very many findings the first MAX_FINDINGS are told."""
    checked = _check(bundle, handlers)
    told, left = checked.findings[:MAX_FINDINGS], checked.findings[MAX_FINDINGS:]
    if not left:
        return checked
    gravest = Severity.ERROR if has_errors([*left]) else Severity.WARNING
    more = replace(MORE, severity=gravest).broken(told[-1].file, 0, "", found=len(checked.findings), shown=MAX_FINDINGS)
    return replace(checked, findings=(*told, more))


def _check(bundle: Bundle, handlers: Collection[str]) -> CheckedBundle:
    try:
        passport = passport_of(bundle)
    except Invalid as error:
        return CheckedBundle(bundle.service, None, tuple(_passport_findings(error)))
    read = read_diagrams(bundle)
    findings = lint(bundle, handlers=handlers, passport=passport, read_before=read)
    if has_errors(findings):  # the token game and the law are asked of diagrams that can be read
        return CheckedBundle(bundle.service, bundle, tuple(findings))
    played = played_through(bundle, read_before=read)
    owed = law(bundle, passport, read_before=read)
    return CheckedBundle(bundle.service, bundle, (*findings, *played.findings, *owed), played.situations)


def _passport_findings(error: Invalid) -> Iterator[Finding]:
    for each in error.problems or [Problem(PASSPORT, error.sentence)]:
        found = _AT_LINE.fullmatch(each.place)
        place, line = (found[1], int(found[2])) if found else (each.place, 0)
        yield Rule("passport", each.sentence.template).broken(PASSPORT, line, place, **each.sentence.values)


def check_all(processes: Path, handlers: Collection[str]) -> Iterator[CheckedBundle]:
    """Every service of the folder, in name order, each checked when it is asked for."""
    shared = processes / "shared"
    return (check_folder(folder, shared if shared.is_dir() else None, handlers) for folder in services_in(processes))


def publish(office: Office, actor: Actor, checked: CheckedBundle) -> ProcessVersion:
    """An operator's way, without drafts and approval: stores the bundle as the service's next version, in force from now on.

    The same content again gives the version there is; one that was to come into force later is in force from now on.
    """
    require(actor, Action.PUBLISH)
    bundle = checked.bundle
    if bundle is None or not checked.is_publishable:
        raise Invalid("“%(service)s” has findings and is not published.", service=checked.service)
    with office.unit_of_work() as uow:
        known = uow.processes.by_digest(bundle.service, bundle.digest)
        now = office.clock.now()
        if known is not None and known.in_force_from <= now:
            return known
        if known is not None:
            known.in_force_from = now
            _tell_published(office, uow, actor, known)
        newest = uow.processes.newest(bundle.service)
        version = known or add_version(office, uow, actor, bundle, number=newest.number + 1 if newest else 1, in_force_from=now)
        uow.commit()
        return version


def add_version(
    office: Office,
    uow: UnitOfWork,
    actor: Actor,
    bundle: Bundle,
    *,
    number: int,
    in_force_from: datetime,
    draft: ProcessDraft | None = None,
    approved_by: str = "",
) -> ProcessVersion:
    """The service's next version, in the caller's transaction. Declined at its end if somebody took the number meanwhile."""
    version = uow.processes.add(
        ProcessVersion(
            service=bundle.service,
            number=number,
            digest=bundle.digest,
            bundle=pack(bundle),
            published_at=office.clock.now(),
            published_by=actor.name,
            in_force_from=in_force_from,
            reason=draft.reason if draft else "",
            act=draft.act if draft else "",
            approved_by=approved_by,
        )
    )
    _tell_published(office, uow, actor, version, draft_id=draft.id if draft else None)
    return version


def _tell_published(office: Office, uow: UnitOfWork, actor: Actor, version: ProcessVersion, draft_id: str | None = None) -> None:
    tell(
        office,
        uow,
        actor,
        DesignEventKind.VERSION_PUBLISHED,
        version.service,
        draft_id=draft_id,
        version_id=version.id,
        number=version.number,
        in_force_from=version.in_force_from.isoformat(),
    )
