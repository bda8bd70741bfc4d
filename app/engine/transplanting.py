"""Puts the tokens of a running process into another version's specs, each in its place and under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.domain.carrying import ELSEWHERE, FLOW_GONE, GONE, OTHER_HANDLER, OTHER_KIND, REPEATED
from app.domain.errors import Sentence
from app.engine.events import BoundaryEvent, Timer
from app.engine.gateways import Join
from app.engine.loops import MultiInstance, Repeated, StandardLoop
from app.engine.steps import EventBasedGateway, HandlerTask, Race
from app.engine.tokens import ProcessInstance, Scope, ScopeMixin, Token

if TYPE_CHECKING:
    from app.engine.migrating import Migration


class Transplant:
    """One state carried over. `reasons` says what could not be."""

    def __init__(self, migration: Migration, source: ProcessInstance, target: ProcessInstance) -> None:
        self._migration, self._source, self._target = migration, source, target
        self.reasons: list[Sentence] = []
        self._tokens: dict[int, Token] = {}  # those carried over, by id
        self._races: dict[int, tuple[Token, Token]] = {}  # what starts rivals: the old token and the new one, by the old id

    def run(self) -> None:
        """Raises ProcessFailed when a timer the new version adds gives no term."""
        for scope in self._source.scopes():
            if (target := self._scope(scope)) is not None:
                self._fill(scope, target)
        for old, new in self._races.values():
            self._add_rivals(old, new)

    def _scope(self, scope: ScopeMixin) -> ScopeMixin | None:
        target: ScopeMixin | None = self._target
        if isinstance(scope, Scope):
            outside = self._tokens.get(scope.outside.id)
            target = None if outside is None else self._target.open(outside, outside.task_spec.spec)
        if target is not None:
            target.task_tree = Token(target, target.spec.start, id=-1)
            target.flags = self._renamed(scope.flags)
        return target

    def _renamed(self, flags: dict[str, object]) -> dict[str, object]:
        return {self._migration.renamed.get(name, name): value for name, value in flags.items()}

    def _fill(self, scope: ScopeMixin, target: ScopeMixin) -> None:
        for token in scope.live_tokens():
            if isinstance(token.task_spec, BoundaryEvent):
                self._carry_watching(token, target)
                continue
            spec = self._spec_for(token, target)
            parent = None if spec is None else self._parent_for(token, target, spec)
            if parent is not None:
                self._put(token, target, spec, parent)

    def _put(self, token: Token, target: ScopeMixin, spec: Any, parent: Token) -> None:
        carried = self._tokens[token.id] = Token(target, spec, parent, token._state, token.id)
        carried.internal_data = dict(token.internal_data)
        carried.data = self._renamed(token.data)
        carried.triggered = token.triggered
        before, after = getattr(token.task_spec, "event_definition", None), getattr(spec, "event_definition", None)
        if isinstance(after, Timer) and after != before:
            after.begin(carried)

    # Which element of the new version

    def _spec_for(self, token: Token, target: ScopeMixin) -> Any:
        old = token.task_spec
        process: str = token.workflow.spec.process_id
        place = self._migration.place((process, old.bpmn_id))
        if place is None:
            return self._refuse(GONE, token)
        spec = target.spec.task_specs.get(place[1]) if place[0] == target.spec.process_id else None
        if spec is not None and token.triggered:
            repeated = self._tokens.get(token.parent.id)
            if repeated is None or repeated.task_spec is not spec:
                return None  # told of the repeated activity already
            spec = target.spec.task_specs[spec.task_spec]
        return self._refuse(ELSEWHERE, token) if spec is None else self._fitting(token, spec)

    def _fitting(self, token: Token, spec: Any) -> Any:
        old = token.task_spec
        if isinstance(old, Repeated) or isinstance(spec, Repeated):
            return spec if _how_repeated(old) == _how_repeated(spec) else self._refuse(REPEATED, token)
        if type(old) is not type(spec):
            return self._refuse(OTHER_KIND, token)
        if isinstance(old, HandlerTask) and old.element.handler != spec.element.handler:
            return self._refuse(OTHER_HANDLER, token)
        event = getattr(old, "event_definition", None)
        if type(event) is not type(getattr(spec, "event_definition", None)):
            return self._refuse(OTHER_KIND, token)
        return spec

    # What stands before it

    def _parent_for(self, token: Token, target: ScopeMixin, spec: Any) -> Token | None:
        if token.triggered:
            return self._tokens[token.parent.id]
        if isinstance(spec, Join):
            return self._flow_before(token, target, spec)
        race = next((each for each in spec.inputs if isinstance(each, Race)), None)
        if isinstance(token.parent.task_spec, EventBasedGateway) is not isinstance(race, EventBasedGateway):
            return self._refuse(OTHER_KIND, token)
        root: Token = target.task_tree
        return root if race is None else self._start_of_race(token, target, race)

    def _start_of_race(self, token: Token, target: ScopeMixin, race: Any) -> Token | None:
        old, was_race = token.parent, isinstance(token.parent.task_spec, Race)
        if was_race and old.id in self._races:
            started = self._races[old.id][1]
            return started if started.task_spec is race else self._refuse(ELSEWHERE, token)
        started = Token(target, race, target.task_tree, TaskState.COMPLETED, old.id if was_race else 0)
        self._races[started.id] = old, started
        return started

    def _flow_before(self, token: Token, target: ScopeMixin, spec: Any) -> Token | None:
        """A join asks by which flow a token came: the element before stays known."""
        before = token.parent
        place = self._migration.place((token.workflow.spec.process_id, before.task_spec.bpmn_id))
        if place is None or place[1] not in spec._inputs:
            return self._refuse(FLOW_GONE, token)
        known: Token | None = target.tasks.get(before.id)
        return known or Token(target, target.spec.task_specs[place[1]], target.task_tree, TaskState.COMPLETED, before.id)

    # What watches it

    def _carry_watching(self, token: Token, target: ScopeMixin) -> None:
        """An event on an activity goes with it where the new version has it there; otherwise it watches no more."""
        race = self._races.get(token.parent.id)
        spec = None if race is None else self._same_event(token.task_spec, race[1], token.workflow.spec.process_id)
        if race is not None and spec is not None:
            self._put(token, target, spec, race[1])

    def _same_event(self, old: Any, race: Token, process: str) -> Any:
        place = self._migration.place((process, old.bpmn_id))
        found = next((each for each in race.task_spec.outputs if place is not None and each.name == place[1]), None)
        same = found is not None and type(found.event_definition) is type(old.event_definition)
        return found if same else None

    def _add_rivals(self, old: Token, new: Token) -> None:
        """What the new version adds beside an open element begins to wait now; what has gone off already does not again."""
        known = {child.task_spec.name for child in new.children}
        if isinstance(old.task_spec, Race):
            process = old.workflow.spec.process_id
            events = [spec for spec in old.task_spec.outputs if hasattr(spec, "event_definition")]
            known |= {found.name for each in events if (found := self._same_event(each, new, process)) is not None}
        for spec in new.task_spec.outputs:
            if spec.name not in known:
                spec._update(new._add_child(spec))

    def _refuse(self, template: str, token: Token) -> Any:
        """Keeps the reason; gives nothing, which is what is carried over instead."""
        place = token.workflow.spec.process_id, token.task_spec.bpmn_id
        text = self._migration.old.elements[place].label
        sentence = Sentence(template, {"step": {"kk": text.kk, "ru": text.ru, "en": text.en}})
        if sentence not in self.reasons:
            self.reasons.append(sentence)
        return None


def _how_repeated(spec: Any) -> object:
    """None for what is done once."""
    if isinstance(spec, MultiInstance):
        return spec.instances
    return spec.rounds if isinstance(spec, StandardLoop) else None
