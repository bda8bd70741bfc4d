"""Gateways. Joins count the tokens that stand at them, flow by flow, as BPMN 2.0 (13.4) defines: so they are right in
every round of a loop, and what happened in earlier rounds is not looked at."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from app.engine.steps import Step
from app.engine.tokens import ScopeMixin, Token, failure

NO_WAY = "The process %(process)s cannot go on at %(element)s: no condition holds and there is no default flow"


class ExclusiveGateway(Step, defaults.ExclusiveGateway):
    chooses = True

    def _run_hook(self, my_task: Token) -> bool:
        """The first condition that holds, in the order of the flows; otherwise the default flow."""
        chosen = self.default_task_spec
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):
                chosen = name
                break
        if chosen is None:
            raise failure(my_task, NO_WAY)
        my_task._add_child(self._wf_spec.task_specs[chosen])
        return True


class Join(Step):
    """Takes in one token from each incoming flow that must bring one."""

    _inputs: list[str]

    def _run_hook(self, my_task: Token) -> bool:
        return True  # the library merges data here; flags need no merging

    def _update_hook(self, my_task: Token) -> bool:
        arrived = [token for token in self.arrived(my_task.workflow) if token is not my_task] + [my_task]
        if not self.may_fire(my_task.workflow, arrived):
            my_task._set_state(TaskState.WAITING)
            return False
        self._take_in(arrived, my_task)
        return True

    def arrived(self, scope: ScopeMixin) -> list[Token]:
        """The tokens that stand at this join, oldest first."""
        return [token for token in scope.tasks.values() if token.task_spec is self and token._state == TaskState.WAITING]

    def may_fire(self, scope: ScopeMixin, arrived: list[Token]) -> bool:
        raise NotImplementedError

    def _take_in(self, arrived: list[Token], going_on: Token) -> None:
        """One token of each flow becomes the one that goes on; a second one on the same flow waits for its own turn."""
        wanted = Counter(self._inputs)
        wanted[flow_of(going_on)] -= 1
        for token in arrived:
            if token is not going_on and wanted[flow_of(token)] > 0:
                wanted[flow_of(token)] -= 1
                token._set_state(TaskState.CANCELLED)


def flow_of(token: Token) -> str:
    """The flow a token came by, named by the element before."""
    name: str = token.parent.task_spec.name
    return name


class ParallelGateway(Join, defaults.ParallelGateway):
    def may_fire(self, scope: ScopeMixin, arrived: list[Token]) -> bool:
        return Counter(self._inputs) <= Counter(map(flow_of, arrived))


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Waits while some token elsewhere can still reach a flow that has none, unless it can reach one that has."""

    chooses = True

    def _run_hook(self, my_task: Token) -> bool:
        matching, otherwise = self._get_matching_outputs(my_task)
        if not matching and not otherwise:
            raise failure(my_task, NO_WAY)
        for spec in matching or otherwise:
            my_task._add_child(spec)
        return True

    def may_fire(self, scope: ScopeMixin, arrived: list[Token]) -> bool:
        filled = set(map(flow_of, arrived))
        empty = set(self._inputs) - filled
        if not empty:
            return True
        towards_filled = set().union(*(self._upstream[flow] for flow in filled))
        towards_empty = set().union(*(self._upstream[flow] for flow in empty))
        awaited = towards_empty - towards_filled
        return not any(token.task_spec.name in awaited for token in scope.live_tokens())

    def ask_again(self, scope: ScopeMixin) -> None:
        """Called when a token elsewhere has moved."""
        if waiting := self.arrived(scope):
            self._update(waiting[-1])

    @cached_property
    def _upstream(self) -> dict[str, set[str]]:
        """For each incoming flow the names of all elements from which a token can come by it without passing here."""
        return {flow: self._reaching(flow) for flow in self._inputs}

    def _reaching(self, flow: str) -> set[str]:
        specs: dict[str, Any] = self._wf_spec.task_specs
        found, todo = {flow}, [flow]
        while todo:
            fresh = {name for name in specs[todo.pop()]._inputs if name != self.name} - found
            found |= fresh
            todo.extend(fresh)
        return found
