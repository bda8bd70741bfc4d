"""Events. A timer only says for how long; when it is due is decided outside, and then it is fired from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.engine.evaluating import term_of
from app.engine.steps import Step, activity_of, cancel_rivals, deliver_error, watcher
from app.engine.tokens import Token, failure

NOT_A_TERM = "The timer %(element)s of the process %(process)s gave %(found)s; expected text such as 3 working-days or PT10M"
UNCAUGHT_END = "The process %(process)s ended at %(element)s with the error %(code)s, which no boundary event around it catches"

_CYCLE = re.compile(r"R(\d*)/(.+)", re.DOTALL)  # R3/P1D: three times, each a day after the one before; R/P1D: without end


@dataclass(frozen=True, slots=True)
class Timer:
    expression: str

    def begin(self, token: Token) -> None:
        """Fix the term when the wait begins: a later change of a flag must not move a running term."""
        if cycle := _CYCLE.fullmatch(self.expression):
            token.internal_data = {"term": cycle[2], "left": int(cycle[1]) - 1 if cycle[1] else None}
            return
        term = term_of(token, self.expression)
        if not isinstance(term, str):
            raise failure(token, NOT_A_TERM, found=repr(term))
        token.internal_data = {"term": term}

    def begin_again(self, fired: Token, token: Token) -> bool:
        """The next turn of a cycle; false when there is none."""
        left: int | None = fired.internal_data.get("left", 0)
        token.internal_data = {"term": fired.internal_data["term"], "left": None if left is None else left - 1}
        return left != 0


@dataclass(frozen=True, slots=True)
class Message:
    name: str

    def begin(self, token: Token) -> None:
        """A message comes from outside."""

    def begin_again(self, fired: Token, token: Token) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Error:
    code: str | None  # None on a boundary event: it catches every error
    kind = "error"

    def begin(self, token: Token) -> None:
        """An error comes from the activity itself."""


@dataclass(frozen=True, slots=True)
class Escalation:
    code: str | None
    kind = "escalation"

    def begin(self, token: Token) -> None:
        """An escalation comes from inside the activity."""

    def begin_again(self, fired: Token, token: Token) -> bool:
        return True


class Plain:
    """No definition: a milestone."""


class Terminate:
    """The end of the whole scope."""


class Event(Step, BpmnSpecMixin):
    def __init__(self, wf_spec: Any, bpmn_id: str, event_definition: Any, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.event_definition = event_definition

    def catches(self, kind: str, code: str | None) -> bool:
        definition = self.event_definition
        return getattr(definition, "kind", None) == kind and definition.code in (None, code)


class StartEvent(Event):
    pass


class CatchEvent(Event):
    """Waits until it is fired."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(TaskState.WAITING)
        self.event_definition.begin(my_task)
        return False


class BoundaryEvent(CatchEvent):
    def __init__(self, wf_spec: Any, bpmn_id: str, event_definition: Any, cancel_activity: bool, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, event_definition, **kwargs)
        self.cancel_activity = cancel_activity or isinstance(event_definition, Error)

    def _leave(self, my_task: Token) -> None:
        if self.cancel_activity:
            cancel_rivals(my_task)
        else:
            self._wait_again(my_task)

    def _wait_again(self, fired: Token) -> None:
        """A further turn is a wait of its own, so whoever keeps the timers sees the old one end and a new one begin."""
        again = fired.parent._add_child(self)
        more = self.event_definition.begin_again(fired, again)
        again._set_state(TaskState.WAITING if more else TaskState.CANCELLED)


class ThrowEvent(Event):
    """A milestone, an escalation, or the end of a path."""

    def _run_hook(self, my_task: Token) -> bool:
        definition = self.event_definition
        if isinstance(definition, Terminate):
            my_task.workflow.cancel_all(spared=my_task)
        elif isinstance(definition, Escalation):
            _escalate(my_task, definition.code)
        elif isinstance(definition, Error):
            _end_by_error(my_task, definition.code)
        return True


class EndEvent(ThrowEvent):
    pass


def _around(token: Token) -> list[Token]:
    """The activities this token stands in, the innermost first."""
    found: list[Token] = []
    scope = token.workflow
    while (outside := getattr(scope, "outside", None)) is not None:
        found.append(outside)
        scope = outside.workflow
    return found


def _end_by_error(token: Token, code: str | None) -> None:
    """The innermost activity around that catches the error takes it; nothing beside that one ever sees it."""
    token._set_state(TaskState.COMPLETED)
    if not any(deliver_error(outside, code) for outside in _around(token)):
        raise failure(token, UNCAUGHT_END, code=code)


def _escalate(token: Token, code: str | None) -> None:
    """Like an error, yet the event may leave the activity running, and an escalation nobody catches does nothing."""
    for outside in _around(token):
        if (event := watcher(outside, "escalation", code)) is not None:
            event._ready()
            if event.task_spec.cancel_activity:
                token._set_state(TaskState.COMPLETED)
                activity_of(outside).cancel()
            return
