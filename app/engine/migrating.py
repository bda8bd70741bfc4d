"""From one version of a process to another: a running case's state is carried over, token by token.

Every token keeps its name, so work items, timers, jobs, drafts and assignments go on belonging to what they belonged to. Nothing
runs meanwhile: what stood open stands open, what was done stays done. Where a state cannot be carried over, the reasons are
given and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain.carrying import CANNOT_BEGIN, ENDED, HALTS, OUTCOME, PASSES
from app.domain.errors import ProcessFailed, Sentence
from app.domain.moves import Element, ElementKind, Move
from app.engine import state as states
from app.engine.events import BoundaryEvent
from app.engine.gateways import Join, flow_of
from app.engine.playing import Marking
from app.engine.process import Process
from app.engine.soundness import Exploration
from app.engine.steps import EventBasedGateway, Guard
from app.engine.tokens import ProcessInstance, ScopeMixin, Token
from app.engine.transplanting import Transplant
from app.engine.waits import waits_of

Place = tuple[str, str]  # the ids of a process and of an element in it

MAX_MARKINGS = 5_000  # of one situation played on; a drawn diagram stays below a hundred


@dataclass(frozen=True, slots=True)
class NotMigrated:
    """Why a state cannot go to the other version."""

    reasons: tuple[Sentence, ...]


class Migration:
    """Carries states from one version to another; keeps what it worked out of the new version's situations.

    `elements` says where elements of the old version are found in the new one; those it does not name are looked for under their
    own ids. The main process counts as the same whatever its id.
    """

    def __init__(self, old: Process, new: Process, elements: Mapping[Place, Place]) -> None:
        self.old, self.new = old, new
        self._elements = elements
        self._halts: dict[tuple[str, Marking], str | None] = {}

    def place(self, place: Place) -> Place | None:
        """Where the new version has this element; None where it has it no more."""
        process, element = place
        wanted = self._elements.get(place) or (self.new.main if process == self.old.main else process, element)
        return wanted if wanted in self.new.elements else None

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Flags are named by their elements: the old name → the new one, where they differ."""
        places = ((old, self.place(old)) for old in self.old.elements)
        return {old[1]: new[1] for old, new in places if new is not None and new[1] != old[1]}

    def carry(self, state: bytes) -> Move | NotMigrated:
        """The state in the new version with what it waits for then. Raises ProcessFailed for one that cannot be read."""
        source = states.decode(self.old, state, states.nothing_runs)
        if source.completed:
            return NotMigrated((Sentence(ENDED),))
        target = ProcessInstance(self.new, states.nothing_runs, nonce=source.nonce, last_id=source.last_id)
        transplant = Transplant(self, source, target)
        try:
            transplant.run()
        except ProcessFailed as error:
            return NotMigrated((Sentence(CANNOT_BEGIN, {"reason": str(error)}),))
        reasons = [*transplant.reasons, *self._unknown_outcomes(source)]
        if not reasons:
            reasons = [*self._standing_wrong(target)]
        if reasons:
            return NotMigrated(tuple(reasons))
        return Move(states.encode(target), waits_of(target), (), False)

    def _unknown_outcomes(self, source: ProcessInstance) -> Iterator[Sentence]:
        """What a later condition reads must be an outcome the new version's element has."""
        flags = [*(scope.flags for scope in source.scopes()), *(t.data for s in source.scopes() for t in s.live_tokens())]
        for place, element in self.old.elements.items():
            there = self.new.elements[new] if (new := self.place(place)) else None
            if there is None or element.kind is not ElementKind.USER_TASK or not there.outcomes:
                continue
            for value in {each[element.id] for each in flags if element.id in each}:
                if value not in {outcome.id for outcome in there.outcomes}:
                    said = next((each.label for each in element.outcomes if each.id == value), None)
                    outcome = {"kk": said.kk, "ru": said.ru, "en": said.en} if said else str(value)
                    yield Sentence(OUTCOME, {"step": label(element), "outcome": outcome})

    def _standing_wrong(self, target: ProcessInstance) -> Iterator[Sentence]:
        """From where the tokens stand, played on by the new version's drawing, the end must stay within reach."""
        for scope in target.scopes():
            for join in scope.spec.inclusive_joins:
                if (arrived := join.arrived(scope)) and join.may_fire(scope, arrived):
                    yield Sentence(PASSES, {"step": label(join.element)})
            halt = self._halting(scope)
            if halt is not None:
                yield Sentence(HALTS, {"step": label(self.new.elements[scope.spec.process_id, halt])})

    def _halting(self, scope: ScopeMixin) -> str | None:
        name: str = scope.spec.name
        drawn = next(each for each in self.new.diagrams.scopes if each.id == name)
        asked = name, tuple(sorted(_places(scope)))
        if asked not in self._halts:
            self._halts[asked] = Exploration(drawn, MAX_MARKINGS, asked[1]).halts()
        return self._halts[asked]


def _places(scope: ScopeMixin) -> Iterator[tuple[str, ...]]:
    """Where a scope's tokens stand, as the token game says it: an activity with what watches it is one place."""
    races: set[int] = set()
    for token in scope.live_tokens():
        spec, parent = token.task_spec, token.parent
        if token.triggered or isinstance(spec, BoundaryEvent):
            continue
        if isinstance(parent.task_spec, EventBasedGateway):
            if parent.id not in races:
                races.add(parent.id)
                yield (parent.task_spec.name,)
        elif isinstance(spec, Join):
            yield spec.name, _flow_into(scope, spec, flow_of(token))
        else:
            yield spec.name, *sorted(_gone_off(token))


def _flow_into(scope: Any, join: Join, before: str) -> str:
    process: Process = scope.top_workflow.process
    drawn = next(each for each in process.diagrams.scopes if each.id == scope.spec.name)
    return next(flow.id for flow in drawn.incoming(join.name) if flow.source == before)


def _gone_off(token: Token) -> Iterator[str]:
    """The events on an activity that have gone off and leave it running: they will not again."""
    guard = token.parent
    if isinstance(guard.task_spec, Guard):
        armed = {each.task_spec.name for each in guard.children if each.active}
        for spec in guard.task_spec.outputs:
            if isinstance(spec, BoundaryEvent) and not spec.cancel_activity and spec.name not in armed:
                yield spec.name


def label(element: Element) -> dict[str, str]:
    """An element's label for a sentence that is kept as JSON."""
    text = element.label
    return {"kk": text.kk, "ru": text.ru, "en": text.en}
