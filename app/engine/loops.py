"""Repeated activities: so many instances at once or one by one (multi-instance), or again while a condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.engine.evaluating import EXPRESSIONS
from app.engine.steps import Step
from app.engine.tokens import MAX_LIVE, Token, failure

NOT_A_COUNT = (
    "The multi-instance activity %(element)s of the process %(process)s needs a number of instances from 0 to %(limit)s, "
    "found %(found)s"
)


class Repeated(Step, BpmnSpecMixin):
    """Starts instances of one activity and collects them.

    `loopCounter` tells an instance its number, from 1, as in BPMN 2.0 (13.3.7).
    """

    task_spec = ""  # the name of the repeated spec; the parser fills it in

    def begin_next(self, my_task: Token) -> None:
        number = my_task.internal_data["begun"] = my_task.internal_data.get("begun", 0) + 1
        instance = my_task._add_child(self._wf_spec.task_specs[self.task_spec])
        instance.triggered = True
        instance.internal_data["item"] = {"loopCounter": number}
        instance.task_spec._update(instance)

    def collect(self, my_task: Token, instance: Token) -> None:
        """Called by an instance that is done."""
        my_task.internal_data["done"] = my_task.internal_data.get("done", 0) + 1
        my_task.data.update(instance.data)  # kept back, so that no instance reads what another has set
        self.go_on(my_task, instance)

    def go_on(self, my_task: Token, instance: Token) -> None:
        raise NotImplementedError

    def end(self, my_task: Token) -> None:
        for other in my_task.children:
            other.cancel()
        self._hand_out(my_task)
        my_task._set_state(TaskState.READY)

    def _on_cancel(self, my_task: Token) -> None:
        self._hand_out(my_task)

    def _hand_out(self, my_task: Token) -> None:
        """What the instances decided stays decided, however the activity ends."""
        for name, value in my_task.data.items():
            my_task.set_flag(name, value)


@dataclass(frozen=True, slots=True)
class Instances:
    """What multiInstanceLoopCharacteristics says, in expressions."""

    sequential: bool
    cardinality: str
    enough: str | None  # asked after each instance: when it holds, the others are not needed


class MultiInstance(Repeated):
    def __init__(self, wf_spec: Any, bpmn_id: str, instances: Instances, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.instances = instances

    def _update_hook(self, my_task: Token) -> bool:
        count = EXPRESSIONS.evaluate(my_task, self.instances.cardinality)
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_LIVE:
            raise failure(my_task, NOT_A_COUNT, limit=MAX_LIVE, found=repr(count))
        if count == 0:
            return True
        my_task.internal_data["count"] = count
        my_task._set_state(TaskState.STARTED)
        for _ in range(1 if self.instances.sequential else count):
            self.begin_next(my_task)
        return False

    def go_on(self, my_task: Token, instance: Token) -> None:
        enough = self.instances.enough is not None and EXPRESSIONS.evaluate(instance, self.instances.enough)
        if enough or my_task.internal_data["done"] == my_task.internal_data["count"]:
            self.end(my_task)
        elif self.instances.sequential:
            self.begin_next(my_task)


@dataclass(frozen=True, slots=True)
class Rounds:
    """What standardLoopCharacteristics says."""

    condition: str | None  # an expression: again while it holds
    test_before: bool
    maximum: int | None


class StandardLoop(Repeated):
    def __init__(self, wf_spec: Any, bpmn_id: str, rounds: Rounds, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.rounds = rounds

    def _update_hook(self, my_task: Token) -> bool:
        if self.rounds.test_before and not self._again(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self.begin_next(my_task)
        return False

    def go_on(self, my_task: Token, instance: Token) -> None:
        if self._again(my_task):
            self.begin_next(my_task)
        else:
            self.end(my_task)

    def _again(self, my_task: Token) -> bool:
        rounds = self.rounds
        if rounds.maximum is not None and my_task.internal_data.get("done", 0) >= rounds.maximum:
            return False
        return rounds.condition is None or bool(EXPRESSIONS.evaluate(my_task, rounds.condition))
