"""Four eyes: an analyst hands a clean draft over, another person approves it or returns it, and what was approved is published.

An approval holds for the files it was given for: whoever changes one of them sends the draft back to being drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.cases.design.drafts import found
from app.cases.design.rehearsing import failing_rehearsals
from app.cases.design.telling import tell
from app.cases.office import Office
from app.cases.publishing import add_version, check_bundle
from app.domain.design import DesignEventKind, DraftStatus
from app.domain.errors import Declined, Invalid, NotFound, Problem, Sentence, Stale
from app.domain.moves import Bundle, Finding, Severity
from app.domain.people import Actor
from app.domain.permissions import Action, DraftFacts, require
from app.store.processes import unpack
from app.store.tables import ProcessDraft, ProcessVersion
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PublishedSince:
    """A version that was published after the one a draft was begun from, so that the draft does not have what it changed."""

    id: str
    number: int
    by: str
    at: datetime
    reason: str


def published_since(uow: UnitOfWork, draft: ProcessDraft) -> tuple[PublishedSince, ...]:
    """The newest first; none where the draft's own version is the newest."""
    versions = uow.processes.versions(draft.service)
    base = next((each.number for each in versions if each.id == draft.base_version_id), 0)
    later = (each for each in versions if each.number > base)
    return tuple(PublishedSince(v.id, v.number, v.published_by, v.published_at, v.reason) for v in later)


def hand_over(
    office: Office, actor: Actor, draft_id: str, *, digest: str, reason: str, act: str, in_place_of: int | None = None
) -> None:
    """Hands a draft over for another person's approval, with the reason of the change and the act that demands it.

    `digest` is that of the files the person saw. Whoever hands over a draft that lacks what was published since it was begun
    says so by naming the newest version it is to stand `in_place_of`. Raises Invalid with every finding, every failed rehearsal
    and every missing word; Stale when the files were changed meanwhile; Declined when versions were published since.
    """
    require(actor, Action.EDIT_DRAFT)
    _require_words(reason=reason, act=act)
    _require_sound(office, _seen(office, draft_id, digest))
    with office.unit_of_work() as uow:
        draft = _open_draft(uow, draft_id, digest)
        newest = uow.processes.newest(draft.service)
        if newest is not None and newest.digest == draft.digest:
            raise Invalid("The draft says the same as version %(number)s; there is nothing to publish.", number=newest.number)
        since = published_since(uow, draft)
        if since and in_place_of != since[0].number:
            raise _published_since(since)
        draft.status, draft.reason, draft.act = DraftStatus.CHECKED, reason.strip(), act.strip()
        draft.base_version_id = newest.id if newest else None
        draft.approved_by_id, draft.approved_at, draft.note = None, None, ""
        if actor.id not in draft.authors:  # who hands it over answers for it, too
            draft.authors = [*draft.authors, actor.id]
        _tell(office, uow, actor, DesignEventKind.DRAFT_CHECKED, draft, in_place_of=[each.number for each in since])
        uow.commit()


def _require_words(**words: str) -> None:
    problems = [Problem(name, Sentence("Fill this in.")) for name, text in words.items() if not text.strip()]
    if problems:
        raise Invalid("A change of a service names its reason and the act that demands it.", problems=problems)


def _seen(office: Office, draft_id: str, digest: str) -> Bundle:
    """The draft's files, if they are those with this digest."""
    with office.reading() as uow:
        draft = found(uow.design.get(draft_id), draft_id)
        if draft.digest != digest:
            raise _changed(uow, draft)
        return unpack(draft.service, draft.bundle)


def _require_sound(office: Office, bundle: Bundle) -> None:
    """Raises Invalid with whatever keeps these files from being published."""
    problems = [_problem(each) for each in check_bundle(bundle, office.handlers).findings if each.severity is Severity.ERROR]
    if problems:
        raise Invalid("“%(service)s” has findings and is not published.", problems=problems, service=bundle.service)
    failing = failing_rehearsals(office, bundle)
    if failing:
        raise Invalid("Rehearsals of “%(service)s” do not go as expected.", problems=failing, service=bundle.service)


def _problem(finding: Finding) -> Problem:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return Problem(f"{place} {finding.place}".strip(), Sentence(finding.template, dict(finding.values)))


def _open_draft(uow: UnitOfWork, draft_id: str, digest: str) -> ProcessDraft:
    """The draft, locked, with the files its digest was seen of. Raises Declined where somebody was first."""
    draft = found(uow.design.lock(draft_id), draft_id)
    if draft.status is DraftStatus.PUBLISHED:
        version = uow.processes.get(draft.version_id or "")
        if version is not None:
            raise Declined("%(name)s has published this as version %(number)s.", name=version.published_by, number=version.number)
    if not draft.status.is_open:
        raise Declined("This draft was published or discarded; open a new one from the version.")
    if draft.digest != digest:
        raise _changed(uow, draft)
    return draft


def _changed(uow: UnitOfWork, draft: ProcessDraft) -> Stale:
    user = uow.people.get(draft.changed_by_id)
    return Stale("%(name)s has saved this draft since you opened it.", name=user.name if user else draft.changed_by_id)


def _published_since(since: Sequence[PublishedSince]) -> Declined:
    return Declined(
        "%(name)s has published version %(number)s since this draft was begun: compare, and hand it over again.",
        name=since[0].by,
        number=since[0].number,
    )


def return_draft(office: Office, actor: Actor, draft_id: str, *, digest: str, note: str) -> None:
    """Gives a draft back to those who draw, with what is to be mended."""
    with office.unit_of_work() as uow:
        draft = _to_approve(uow, actor, draft_id, digest, DraftStatus.CHECKED, DraftStatus.APPROVED)
        if not note.strip():
            raise Invalid("Say what is to be mended.", problems=[Problem("note", Sentence("Fill this in."))])
        draft.status, draft.note = DraftStatus.DRAFT, note.strip()
        draft.approved_by_id, draft.approved_at = None, None
        _tell(office, uow, actor, DesignEventKind.DRAFT_RETURNED, draft, note=draft.note)
        uow.commit()


def approve(office: Office, actor: Actor, draft_id: str, *, digest: str, note: str = "") -> None:
    """Approves these files and no others. Raises Forbidden for everybody who had a hand in them."""
    with office.unit_of_work() as uow:
        draft = _to_approve(uow, actor, draft_id, digest, DraftStatus.CHECKED)
        since = published_since(uow, draft)
        if since:
            raise _published_since(since)
        draft.status, draft.note = DraftStatus.APPROVED, note.strip()
        draft.approved_by_id, draft.approved_at = actor.id, office.clock.now()
        _tell(office, uow, actor, DesignEventKind.DRAFT_APPROVED, draft, note=draft.note)
        uow.commit()


def _to_approve(uow: UnitOfWork, actor: Actor, draft_id: str, digest: str, *statuses: DraftStatus) -> ProcessDraft:
    draft = _open_draft(uow, draft_id, digest)
    require(actor, Action.APPROVE_DRAFT, DraftFacts(frozenset(draft.authors)))
    if draft.status not in statuses:
        raise Declined("This draft does not wait for approval now.")
    return draft


def publish_draft(office: Office, actor: Actor, draft_id: str, *, digest: str, day: date | None = None) -> str:
    """Makes an approved draft the service's next version, in force from now (no day or today) or from the beginning of a day to
    come; gives the version's id. Its checks and rehearsals are run once more: the program may have changed since.

    Raises Invalid with what they find and for a day that has passed; Declined when it is not approved, when somebody has
    published meanwhile, and when a version that comes into force later would never do so.
    """
    require(actor, Action.PUBLISH)
    begins = _begins(office, day)
    bundle = _seen(office, draft_id, digest)
    _require_sound(office, bundle)
    with office.unit_of_work() as uow:
        draft = _open_draft(uow, draft_id, digest)
        if draft.status is not DraftStatus.APPROVED:
            raise Declined("Another person has to approve this draft before it is published.")
        since = published_since(uow, draft)
        if since:
            raise _published_since(since)
        _require_last(office, uow, draft.service, begins)
        base = uow.processes.get(
            draft.base_version_id or ""
        )  # the newest, as was just seen: who publishes beside takes its number
        approver = uow.people.get(draft.approved_by_id or "")
        version = add_version(
            office,
            uow,
            actor,
            bundle,
            number=base.number + 1 if base else 1,
            in_force_from=begins,
            draft=draft,
            approved_by=approver.name if approver else "",
        )
        draft.status, draft.version_id = DraftStatus.PUBLISHED, version.id
        uow.commit()
        return version.id


def _begins(office: Office, day: date | None) -> datetime:
    """Now for today, else midnight at the day's beginning."""
    today = office.today()
    if day is None or day == today:
        return office.clock.now()
    if day < today:
        raise Invalid("A version comes into force today or on a day to come; %(day)s has passed.", day=day)
    return office.day_ends(day - timedelta(days=1))


def _require_last(office: Office, uow: UnitOfWork, service: str, begins: datetime) -> None:
    """A version in force before one with a lower number would keep that from ever coming into force, unnoticed."""
    for version in uow.processes.versions(service):
        if version.in_force_from > begins and version.retired_at is None:
            raise Declined(
                "Version %(number)s comes into force on %(day)s: choose that day or a later one, or retire that version first.",
                number=version.number,
                day=office.civil_day(version.in_force_from),
            )


def _tell(office: Office, uow: UnitOfWork, actor: Actor, kind: DesignEventKind, draft: ProcessDraft, **details: Any) -> None:
    words = {"digest": draft.digest, "reason": draft.reason, "act": draft.act, **details}
    tell(office, uow, actor, kind, draft.service, draft_id=draft.id, **words)


def retire(
    office: Office, actor: Actor, version_id: str, *, reason: str, day: date | None = None, with_earlier: bool = False
) -> None:
    """No application is filed by a version any more, from now (no day or today) or from the beginning of a day to come. Running
    cases stay on it. An earlier version is in force again then, unless it is retired, too: `with_earlier` retires them all.

    Raises Invalid without a reason and for a day that has passed, Declined when it is retired already.
    """
    require(actor, Action.PUBLISH)
    if not reason.strip():
        raise Invalid("Say why the version is retired.", problems=[Problem("reason", Sentence("Fill this in."))])
    ends = _begins(office, day)
    with office.unit_of_work() as uow:
        version = uow.processes.lock(version_id)
        if version is None:
            raise NotFound("There is no version '%(id)s'.", id=version_id)
        if version.retired_at is not None:
            raise Declined("%(name)s has retired version %(number)s.", name=version.retired_by, number=version.number)
        for each in [version, *(_earlier(uow, version, ends) if with_earlier else ())]:
            _retire(office, uow, actor, each, ends, reason.strip())
        uow.commit()


def _earlier(uow: UnitOfWork, version: ProcessVersion, ends: datetime) -> list[ProcessVersion]:
    versions = uow.processes.versions(version.service)
    return [v for v in versions if v.number < version.number and (v.retired_at is None or v.retired_at > ends)]


def _retire(office: Office, uow: UnitOfWork, actor: Actor, version: ProcessVersion, ends: datetime, reason: str) -> None:
    version.retired_at, version.retired_by, version.retired_why = ends, actor.name, reason
    tell(
        office,
        uow,
        actor,
        DesignEventKind.VERSION_RETIRED,
        version.service,
        version_id=version.id,
        number=version.number,
        reason=reason,
        retired_at=ends.isoformat(),
    )
