"""An analyst tries a draft: begins a rehearsal, goes a step on or back, and saves it with the draft's files as a test of the
service. One rehearsal a person and draft is in hand at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.cases.design.drafts import DraftFiles, draft_files, save_files
from app.cases.design.rehearsing import Played, as_played, differences, play, problems_of
from app.cases.office import Office
from app.domain.errors import Invalid, NotFound, Problem
from app.domain.kept_sentences import as_data, sentence_from
from app.domain.moves import Bundle
from app.domain.passport import Passport
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.rehearsal import MOST_STEPS, Rehearsal, Step
from app.store.bundles import passport_of
from app.store.rehearsals import file_of, read_rehearsal, rehearsal_names, write_rehearsal
from app.store.tables import RehearsalInHand, RehearsalRun
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RehearsalRow:
    """A saved rehearsal. `ran_at` None: never played on this draft; `is_current`: played on the files as they are now."""

    name: str
    title: str
    steps: int
    ran_at: datetime | None
    is_current: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RehearsalsView:
    draft: DraftFiles
    rows: tuple[RehearsalRow, ...]
    in_hand: str | None  # the title of the person's own unsaved rehearsal


@dataclass(frozen=True, slots=True)
class InHand:
    """The rehearsal a person is trying out, with how far it came on the draft's files as they are now, and where that is not
    what the saved one expects. `name` is of the saved one it began as."""

    draft: DraftFiles
    passport: Passport
    name: str
    rehearsal: Rehearsal
    played: Played
    differences: tuple[Problem, ...]


def rehearsals_of(office: Office, actor: Actor, draft_id: str) -> RehearsalsView:
    draft = draft_files(office, actor, draft_id)
    with office.reading() as uow:
        runs, own = uow.rehearsed.runs(draft_id), uow.rehearsed.in_hand(draft_id, actor.id)
    rows = tuple(_row(draft, name, runs.get(name)) for name in rehearsal_names(draft.bundle))
    return RehearsalsView(draft, rows, _read(own).title if own else None)


def _row(draft: DraftFiles, name: str, run: RehearsalRun | None) -> RehearsalRow:
    file = file_of(name)
    try:
        record = read_rehearsal(draft.bundle.files[file], file)
    except Invalid as wrong:
        return RehearsalRow(name, name, 0, None, True, wrong.problems or (Problem(file, wrong.sentence),))
    if run is None:
        return RehearsalRow(name, record.title, len(record.steps), None, False, ())
    problems = tuple(Problem(each["place"], sentence_from(each)) for each in run.problems)
    return RehearsalRow(name, record.title, len(record.steps), run.at, run.digest == draft.bundle.digest, problems)


def _read(row: RehearsalInHand) -> Rehearsal:
    return read_rehearsal(row.record.encode(), row.name or "in hand")


def passport_to_rehearse(office: Office, actor: Actor, draft_id: str) -> Passport:
    """The draft's passport, by which a rehearsal begins. Raises Invalid with what is wrong with it."""
    return passport_of(draft_files(office, actor, draft_id).bundle)


def usual_start(office: Office) -> datetime:
    """Ten in the morning of the next working day."""
    day: date = office.week().next_working(office.today())
    return office.day_ends(day - timedelta(days=1)) + timedelta(hours=time(10).hour)


# --- What is in hand -------------------------------------------------------------------------------------------------


def begin_rehearsal(office: Office, actor: Actor, draft_id: str, rehearsal: Rehearsal) -> None:
    """Takes a new rehearsal in hand, in place of the one there was. Raises Invalid where the application cannot be filed so."""
    require(actor, Action.EDIT_DRAFT)
    draft = draft_files(office, actor, draft_id)
    played = play(office, draft.bundle, rehearsal)
    if played.standing is None and played.problem is not None:
        raise Invalid(played.problem.sentence.template, **played.problem.sentence.values)
    _take(office, actor, draft_id, rehearsal, name="")


def take_rehearsal(office: Office, actor: Actor, draft_id: str, name: str) -> None:
    """Takes a saved rehearsal in hand, to see it and go on from it."""
    require(actor, Action.EDIT_DRAFT)
    bundle = draft_files(office, actor, draft_id).bundle
    _take(office, actor, draft_id, read_rehearsal(_saved(bundle, name), file_of(name)), name=name)


def _saved(bundle: Bundle, name: str) -> bytes:
    content = bundle.files.get(file_of(name))
    if content is None:
        raise NotFound("The draft has no rehearsal '%(name)s'.", name=name)
    return content


def rehearsal_in_hand(office: Office, actor: Actor, draft_id: str) -> InHand | None:
    """Raises Invalid with the findings where the draft cannot be run as it is now."""
    require(actor, Action.EDIT_DRAFT)
    draft = draft_files(office, actor, draft_id)
    with office.reading() as uow:
        row = uow.rehearsed.in_hand(draft_id, actor.id)
    if row is None:
        return None
    rehearsal = _read(row)
    played = play(office, draft.bundle, rehearsal)
    return InHand(draft, passport_of(draft.bundle), row.name, rehearsal, played, tuple(differences(rehearsal, played)))


def go_on(office: Office, actor: Actor, draft_id: str, step: Step) -> None:
    """Takes one step more. Raises Invalid with the reason where it cannot be taken; the rehearsal then stays as it was."""
    require(actor, Action.EDIT_DRAFT)
    found = _in_hand(office, actor, draft_id)
    if len(found.rehearsal.steps) >= MOST_STEPS:
        raise Invalid("At most %(most)d steps are rehearsed; found %(found)d.", most=MOST_STEPS, found=MOST_STEPS + 1)
    longer = replace(found.rehearsal, steps=(*found.rehearsal.steps, step), expected=None)
    problem = play(office, found.draft.bundle, longer).problem
    if problem is not None:
        raise Invalid(problem.sentence.template, **problem.sentence.values)
    _take(office, actor, draft_id, longer, name=found.name)


def go_back(office: Office, actor: Actor, draft_id: str) -> None:
    """Takes the last step back; where a step could not be taken any more, that one and all after it."""
    require(actor, Action.EDIT_DRAFT)
    found = _in_hand(office, actor, draft_id)
    steps = found.rehearsal.steps
    kept = steps[: len(found.played.taken)] if found.played.problem is not None else steps[:-1]
    _take(office, actor, draft_id, replace(found.rehearsal, steps=kept, expected=None), name=found.name)


def _in_hand(office: Office, actor: Actor, draft_id: str) -> InHand:
    found = rehearsal_in_hand(office, actor, draft_id)
    if found is None:
        raise NotFound("You have no rehearsal of this draft in hand.")
    return found


def _take(office: Office, actor: Actor, draft_id: str, rehearsal: Rehearsal, *, name: str) -> None:
    with office.unit_of_work() as uow:
        uow.rehearsed.take(
            RehearsalInHand(
                draft_id=draft_id,
                user_id=actor.id,
                name=name,
                record=write_rehearsal(rehearsal).decode(),
                changed_at=office.clock.now(),
            )
        )
        uow.commit()


def lay_down(office: Office, actor: Actor, draft_id: str) -> None:
    """Gives up the rehearsal in hand; what was saved stays."""
    require(actor, Action.EDIT_DRAFT)
    with office.unit_of_work() as uow:
        uow.rehearsed.drop(draft_id, actor.id)
        uow.commit()


# --- What is saved ---------------------------------------------------------------------------------------------------


def keep_rehearsal(office: Office, actor: Actor, draft_id: str, name: str, *, title: str, rev: int) -> None:
    """Saves the rehearsal in hand with the draft's files; from then on what was found is what is expected.

    Raises Invalid for a name that is none and where not every step could be taken, Stale where somebody has saved since.
    """
    found = _in_hand(office, actor, draft_id)
    kept = as_played(replace(found.rehearsal, title=title.strip() or found.rehearsal.title), found.played)
    save_files(office, actor, draft_id, {file_of(name): write_rehearsal(kept)}, rev=rev)
    bundle = draft_files(office, actor, draft_id).bundle
    with office.unit_of_work() as uow:
        _note(office, uow, draft_id, bundle, name, ())
        uow.rehearsed.drop(draft_id, actor.id)
        uow.commit()


def remove_rehearsal(office: Office, actor: Actor, draft_id: str, name: str, *, rev: int) -> None:
    """Takes a saved rehearsal out of the draft's files."""
    _saved(draft_files(office, actor, draft_id).bundle, name)
    save_files(office, actor, draft_id, {file_of(name): None}, rev=rev)


def run_rehearsals(office: Office, actor: Actor, draft_id: str) -> int:
    """Plays all saved rehearsals on the files as they are now and keeps how they went; gives how many did not go as expected."""
    require(actor, Action.EDIT_DRAFT)
    bundle = draft_files(office, actor, draft_id).bundle
    found = {name: problems_of(office, bundle, name) for name in rehearsal_names(bundle)}
    with office.unit_of_work() as uow:
        for name, problems in found.items():
            _note(office, uow, draft_id, bundle, name, problems)
        uow.commit()
    return sum(bool(problems) for problems in found.values())


def _note(office: Office, uow: UnitOfWork, draft_id: str, bundle: Bundle, name: str, problems: Iterable[Problem]) -> None:
    plain = [{"place": each.place, **as_data(each.sentence)} for each in problems]
    uow.rehearsed.went(RehearsalRun(draft_id=draft_id, name=name, digest=bundle.digest, at=office.clock.now(), problems=plain))
