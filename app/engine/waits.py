"""What a running process waits for, in the words of the domain."""

from __future__ import annotations

from collections.abc import Iterator

from SpiffWorkflow.util.task import TaskState

from app.domain.moves import Wait, WaitKind
from app.engine.events import BoundaryEvent, CatchEvent, Message, Timer
from app.engine.steps import HandlerTask, UserTask
from app.engine.tokens import ProcessInstance, Token


def waits_of(instance: ProcessInstance) -> tuple[Wait, ...]:
    return tuple(_waits(instance))


def _waits(instance: ProcessInstance) -> Iterator[Wait]:
    for scope in instance.scopes():
        for token in scope.live_tokens():
            if (kind := kind_of(token)) is not None:
                yield _wait(instance, token, kind)


def kind_of(token: Token) -> WaitKind | None:
    """What a live token waits for from outside; None for what only waits for other tokens."""
    spec = token.task_spec
    if isinstance(spec, UserTask):
        return WaitKind.USER_TASK
    if isinstance(spec, HandlerTask) and token._state == TaskState.STARTED:
        return WaitKind.SERVICE
    if isinstance(spec, CatchEvent) and isinstance(spec.event_definition, Timer):
        return WaitKind.TIMER
    if isinstance(spec, CatchEvent) and isinstance(spec.event_definition, Message):
        return WaitKind.MESSAGE
    return None


def _wait(instance: ProcessInstance, token: Token, kind: WaitKind) -> Wait:
    spec = token.task_spec
    return Wait(
        token=instance.name_of(token),
        element=spec.element.id,
        process=spec.element.process,
        kind=kind,
        term=token.internal_data["term"] if kind is WaitKind.TIMER else None,
        name=spec.event_definition.name if kind is WaitKind.MESSAGE else None,
        attached_to=instance.name_of(_watched(token)) if isinstance(spec, BoundaryEvent) else None,
        interrupts=isinstance(spec, BoundaryEvent) and spec.cancel_activity,
        flags=token.flags(),
    )


def _watched(token: Token) -> Token:
    """The activity a boundary event is attached to; of a repeated one the whole, which is no wait itself."""
    watched: Token = next(each for each in token.parent.children if not isinstance(each.task_spec, BoundaryEvent))
    return watched
