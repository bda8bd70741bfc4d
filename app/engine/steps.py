"""Task specs of our own: how a token enters and leaves an element. Gateways and loops have modules of their own."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import HandlerFailed
from app.domain.moves import BusinessError, Element, Flag, HandlerResult, Later, ServiceCall
from app.engine.evaluating import answer_of
from app.engine.tokens import Token, plain_flag

UNCAUGHT = "The step %(element)s of the process %(process)s met the error %(code)s, which no boundary event there catches"


class Step:
    """Stands first among the bases of every spec.

    The library predicts the whole way ahead and prunes it again at each choice; here the tokens that follow are made when
    a token leaves, so a step costs the same in every round.
    """

    element: Element | None = None
    chooses = False  # whether running it has already made the tokens that follow
    name: str
    outputs: list[Any]

    def test(self) -> None:
        """Diagrams are checked once, when they are loaded."""

    def _predict(self, my_task: Token, *args: object, **kwargs: object) -> None:
        """Nothing is predicted."""

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        pass

    def _on_cancel(self, my_task: Token) -> None:
        pass

    def _on_complete(self, my_task: Token) -> None:
        self._leave(my_task)
        if not self.chooses:
            for spec in self.outputs:
                my_task._add_child(spec)
        for child in my_task.children:
            if not child.has_state(TaskState.FINISHED_MASK):
                child.task_spec._update(child)
        my_task.workflow._task_completed_notify(my_task)

    def catches(self, kind: str, code: str | None) -> bool:
        return False

    def _leave(self, my_task: Token) -> None:
        """Tell those who stood beside this token that it is gone."""
        if my_task.triggered:
            my_task.parent.task_spec.collect(my_task.parent, my_task)
        elif isinstance(my_task.parent.task_spec, Race):
            cancel_rivals(my_task)


def cancel_rivals(token: Token) -> None:
    for rival in token.parent.children:
        if rival is not token:
            rival.cancel()


class Entry(Step, BpmnTaskSpec):
    """Before the start event."""

    def _leave(self, my_task: Token) -> None:
        pass  # no token stands before it


class Exit(Step, BpmnTaskSpec):
    """Behind all end events. The last token to come ends the scope; the others are taken in."""

    def _update_hook(self, my_task: Token) -> bool:
        if any(token is not my_task for token in my_task.workflow.live_tokens()):
            my_task._set_state(TaskState.CANCELLED)
            return False
        return True


class Race(Step):
    """Starts several tokens of which the first to finish ends the others."""


class Guard(Race, BpmnTaskSpec):
    """Before an activity with boundary events: starts the activity and whatever watches it."""


class EventBasedGateway(Race, BpmnSpecMixin):
    """Waits for several events and follows the first. Each event waits in its own right, so each has its own term."""


class UserTask(Step, defaults.UserTask):
    """Waits for a person."""


class HandlerTask(Step, defaults.ServiceTask):
    """Calls a handler. One that answers later leaves the task started, over saves and loads."""

    element: Element

    def _execute(self, task: Token) -> bool | None:
        instance = task.workflow.top_workflow
        handler = self.element.handler or ""
        try:
            call = ServiceCall(handler, self.element, instance.name_of(task), task.flags())
            result = self._checked(instance.call_handler(call))
        except Exception as error:
            raise HandlerFailed(
                "The handler %(handler)s of the step %(element)s failed: %(kind)s: %(error)s",
                handler=handler,
                element=self.element.id,
                kind=type(error).__name__,
                error=error,
            ) from error
        return self.settle(task, result)

    def _checked(self, result: HandlerResult) -> HandlerResult:
        if isinstance(result, Flag):
            plain_flag(self.element.id, result.value)
        elif not isinstance(result, Later | BusinessError):
            raise TypeError(f"it must answer Flag, LATER or BusinessError; it answered {result!r:.100}")
        return result

    def settle(self, task: Token, result: HandlerResult) -> bool | None:
        """Act on an answer: true when the task is done, None when there is nothing to do for now.

        Raises Invalid for a flag that is no plain value, HandlerFailed for an error that nothing on the task catches.
        """
        if isinstance(result, Later):
            return None
        if isinstance(result, BusinessError):
            self.catch(task, result)
            return None
        if result.value is not None:
            task.set_flag(self.element.id, plain_flag(self.element.id, result.value))
        return True

    def catch(self, task: Token, error: BusinessError) -> None:
        """Give a business error to the boundary event of this very task. Raises HandlerFailed when it has none."""
        if not deliver_error(task, error.code):
            process, element = task.place
            raise HandlerFailed(UNCAUGHT, element=element, process=process, code=error.code)


class DecisionTask(Step, BpmnSpecMixin):
    """Asks a decision table; the answer is the flag named by the task."""

    element: Element

    def _run_hook(self, my_task: Token) -> bool:
        table = my_task.workflow.top_workflow.process.decisions[self.element.decision]
        my_task.set_flag(self.element.id, answer_of(my_task, table))
        return True


def deliver_error(token: Token, code: str | None) -> bool:
    """End the activity of this token by an error that one of its own boundary events catches; false if none does."""
    event = watcher(token, "error", code)
    if event is None:
        return False
    event._ready()
    activity_of(token).cancel()
    return True


def activity_of(token: Token) -> Token:
    """What boundary events are attached to: of a repeated activity the whole, not an instance."""
    repeated: Token = token.parent
    return repeated if token.triggered else token


def watcher(token: Token, kind: str, code: str | None) -> Token | None:
    """The boundary event on this token's activity that catches it; one that names the code comes before a catch-all."""
    guard = activity_of(token).parent
    if not isinstance(guard.task_spec, Guard):
        return None
    catching = [event for event in guard.children if event.active and event.task_spec.catches(kind, code)]
    catching.sort(key=lambda event: event.task_spec.event_definition.code is None)
    return catching[0] if catching else None


class OpensScope:
    """An activity that is done when the process inside it is done."""

    spec: str  # the id of that process

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.open(my_task, self.spec).begin()
        return False

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.close(my_task)


class CallActivity(OpensScope, Step, defaults.CallActivity):
    """Calls another process of the bundle."""


class SubProcess(OpensScope, Step, defaults.SubWorkflowTask):
    """An embedded subprocess."""
