"""Rehearsals: a bundle is tried on the real engine with recorded choices, and the record is held against what is expected of it.

What was played of a record is remembered for a while as the scratch database's bytes, so that one more step, or one step less,
costs one step. Nothing depends on it: what is not remembered is played again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from threading import Lock

import orjson

from app.cases.design.scratch import Means, open_scratch, reopen_scratch
from app.cases.design.stage import Stage
from app.cases.design.standing import Standing, standing_of
from app.domain.errors import Invalid, Problem, RasimError, problem
from app.domain.moves import Bundle
from app.domain.rehearsal import Doing, Expected, Passing, Rehearsal, Step, as_data
from app.domain.text import Text
from app.store.bundles import passport_of
from app.store.rehearsals import file_of, read_rehearsal, rehearsal_names

KEPT_STAGES = 24  # of some 0.8 MB each


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it was taken: when, in the words of the diagram, until when it had to be."""

    step: Step
    at: datetime
    label: Text | None = None  # None: time passed
    outcome: Text | None = None
    role: Text | None = None
    due: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.at > self.due


@dataclass(frozen=True, slots=True)
class Played:
    """How far a rehearsal came, and where it stands then. `problem` is why the step after that could not be taken; None: all
    were. Without a standing not even the application could be filed."""

    taken: tuple[Taken, ...]
    standing: Standing | None
    problem: Problem | None = None


def play(means: Means, bundle: Bundle, rehearsal: Rehearsal) -> Played:
    """Plays the steps one by one and stops at the first that cannot be taken.

    Raises Invalid with the findings where the bundle cannot be run at all.
    """
    passport_of(bundle)
    means.engine.load(bundle)
    stage, taken = _resumed(means, bundle, rehearsal)
    try:
        if stage is None:
            stage = Stage(open_scratch(means, bundle, rehearsal.starts), bundle, rehearsal)
            found = _tried("application", stage.begin)
            if found is not None:
                return Played((), None, found)
            _keep(stage, 0, ())
        for n, step in enumerate(rehearsal.steps[len(taken) :], start=len(taken)):
            told = _told(stage, step)
            found = _tried(f"steps[{n}]", partial(stage.take, step)) or _incident(stage, f"steps[{n}]")
            if found is not None:
                return Played(taken, _as_it_was(means, stage, n, taken), found)
            taken = (*taken, told)
            _keep(stage, n + 1, taken)
        return Played(taken, standing_of(stage))
    finally:
        if stage is not None:
            stage.scratch.close()


def _tried(place: str, act: Callable[[], None]) -> Problem | None:
    """Why it could not be done; of several problems with a form they are all named."""
    try:
        act()
    except Invalid as wrong:
        if not wrong.problems:
            return Problem(place, wrong.sentence)
        first = wrong.problems[0]
        return problem(place, "%(sentence)s (%(place)s)", sentence=first.sentence, place=first.place)
    except RasimError as wrong:
        return Problem(place, wrong.sentence)
    return None


def _incident(stage: Stage, place: str) -> Problem | None:
    sentences = standing_of(stage).incidents
    return problem(place, "An incident came of it: %(sentence)s", sentence=sentences[-1]) if sentences else None


def _as_it_was(means: Means, stage: Stage, steps: int, taken: tuple[Taken, ...]) -> Standing:
    """Where it stood before a step that failed half-way: time may have passed in it."""
    kept = _kept.get(_key(stage.bundle, stage.rehearsal, steps))
    if kept is None:
        return standing_of(stage)
    before = Stage(reopen_scratch(means, kept.content, kept.now), stage.bundle, stage.rehearsal, kept.case_id)
    try:
        return standing_of(before)
    finally:
        before.scratch.close()


def _told(stage: Stage, step: Step) -> Taken:
    """What is to be said of a step; where it is not open, the words of the record."""
    now = stage.scratch.clock.now()
    if isinstance(step, Passing):
        return Taken(step, now)
    found = next((o for o in standing_of(stage).open if o.is_meant_by(step)), None)
    if found is None:
        return Taken(step, now, Text(step.element), Text(step.outcome), Text(step.role))
    outcome = next((o.label for o in found.element.outcomes if o.id == step.outcome), Text(step.outcome))
    return Taken(step, now, found.label, outcome, found.role, found.due)


# --- What is remembered ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kept:
    content: bytes
    now: datetime
    case_id: str
    taken: tuple[Taken, ...]


class _Memory:
    """The last stages by what was played on them."""

    def __init__(self) -> None:
        self._stages: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> _Kept | None:
        with self._lock:
            if key in self._stages:
                self._stages.move_to_end(key)
            return self._stages.get(key)

    def put(self, key: str, kept: _Kept) -> None:
        with self._lock:
            self._stages[key] = kept
            self._stages.move_to_end(key)
            while len(self._stages) > KEPT_STAGES:
                self._stages.popitem(last=False)


_kept = _Memory()


def _key(bundle: Bundle, rehearsal: Rehearsal, steps: int) -> str:
    """What a stage follows from: the bundle but for its rehearsals, and everything the record says down to this step."""
    files = {name: sha256(content).hexdigest() for name, content in bundle.files.items() if not name.startswith("rehearsals/")}
    played = replace(rehearsal, title="", expected=None, steps=tuple(map(_without_due, rehearsal.steps[:steps])))
    return sha256(orjson.dumps([bundle.service, files, as_data(played)], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _without_due(step: Step) -> Step:
    return replace(step, due=None) if isinstance(step, Doing) else step


def _keep(stage: Stage, steps: int, taken: tuple[Taken, ...]) -> None:
    content, now = stage.scratch.database.content(), stage.scratch.clock.now()
    _kept.put(_key(stage.bundle, stage.rehearsal, steps), _Kept(content, now, stage.case_id, taken))


def _resumed(means: Means, bundle: Bundle, rehearsal: Rehearsal) -> tuple[Stage | None, tuple[Taken, ...]]:
    """The stage after as many of the steps as are remembered."""
    for steps in range(len(rehearsal.steps), -1, -1):
        kept = _kept.get(_key(bundle, rehearsal, steps))
        if kept is not None:
            stage = Stage(reopen_scratch(means, kept.content, kept.now), bundle, rehearsal, kept.case_id)
            told = zip(rehearsal.steps, kept.taken, strict=False)
            return stage, tuple(replace(each, step=step) for step, each in told)
    return None, ()


# --- What is expected ------------------------------------------------------------------------------------------------


def as_played(rehearsal: Rehearsal, played: Played) -> Rehearsal:
    """The record with everything that was found put down as expected from now on."""
    standing = played.standing
    if standing is None or played.problem is not None:
        raise Invalid("A rehearsal is saved once all its steps can be taken.")
    steps = tuple(replace(t.step, due=t.due) if isinstance(t.step, Doing) else t.step for t in played.taken)
    breaches = tuple(each.of for each in standing.breaches)
    return replace(rehearsal, steps=steps, expected=Expected(standing.status, standing.end, standing.service_due, breaches))


def differences(rehearsal: Rehearsal, played: Played) -> Iterator[Problem]:
    """Where what was found is not what the record expects."""
    for n, taken in enumerate(played.taken):
        step = taken.step
        if isinstance(step, Doing) and step.due is not None and step.due != taken.due:
            yield problem(
                f"steps[{n}]",
                "“%(step)s” was expected to be due %(expected)s; found %(found)s.",
                step=taken.label,
                expected=step.due,
                found=taken.due or "—",
            )
    if played.problem is not None:
        yield played.problem
    elif rehearsal.expected is not None and played.standing is not None:
        yield from _of_the_ending(rehearsal.expected, played.standing)


def _of_the_ending(expected: Expected, found: Standing) -> Iterator[Problem]:
    if (expected.status, expected.end) != (found.status, found.end):
        yield problem(
            "expected.end",
            "Expected to end at '%(expected)s' (%(status)s); found '%(found)s' (%(found_status)s).",
            expected=expected.end or "—",
            status=expected.status.value,
            found=found.end or "—",
            found_status=found.status.value,
        )
    if expected.service_due != found.service_due:
        yield problem(
            "expected.service_due",
            "The term of the service was expected to end %(expected)s; found %(found)s.",
            expected=expected.service_due or "—",
            found=found.service_due or "—",
        )
    breaches = tuple(each.of for each in found.breaches)
    if expected.breaches != breaches:
        yield problem(
            "expected.breaches",
            "Breaches expected: %(expected)s; found: %(found)s.",
            expected=", ".join(expected.breaches) or "—",
            found=", ".join(breaches) or "—",
        )


def failing_rehearsals(means: Means, bundle: Bundle) -> tuple[Problem, ...]:
    """Plays every rehearsal of the bundle. Each problem's place names the file and the step; no problem: all went as expected."""
    return tuple(each for name in rehearsal_names(bundle) for each in problems_of(means, bundle, name))


def problems_of(means: Means, bundle: Bundle, name: str) -> tuple[Problem, ...]:
    """The same of one rehearsal."""
    file = file_of(name)
    try:
        rehearsal = read_rehearsal(bundle.files[file], file)
        found = tuple(differences(rehearsal, play(means, bundle, rehearsal)))
    except Invalid as wrong:
        return tuple(Problem(f"{file}: {p.place}", p.sentence) for p in wrong.problems) or (Problem(file, wrong.sentence),)
    return tuple(Problem(f"{file}: {each.place}", each.sentence) for each in found)
