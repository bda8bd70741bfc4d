"""The two sides that are measured: the stock engine as its manual shows it, and Rasim's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from app.domain.moves import Flag, Move, ServiceCall, WaitKind
from app.engine import Engine
from bench.licence import ANSWERS, MAIN, OPERATION, Step, rasim_bundle, stock_diagrams


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits for somebody."""

    token: str
    element: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A case between two steps. Its open tasks are looked up only when somebody asks for them."""

    state: bytes
    open_tasks: Callable[[], list[OpenTask]]

    def token_at(self, element: str) -> str:
        return next(task.token for task in self.open_tasks() if task.element == element)


class Side(Protocol):
    name: str

    def play(self, steps: Iterable[Step]) -> Saved:
        """A new case after these steps."""

    def complete(self, state: bytes, token: str, step: Step) -> Saved:
        """Load the case, complete the user task at this token, run on until only waits are left, save."""


class Rasim:
    name = "Rasim"

    def __init__(self) -> None:
        self._engine = Engine()
        self._process = self._engine.load(rasim_bundle())

    def play(self, steps: Iterable[Step]) -> Saved:
        saved = self._saved(self._engine.start(self._process, {}, call_handler=_answer))
        for step in steps:
            saved = self.complete(saved.state, saved.token_at(step[0]), step)
        return saved

    def complete(self, state: bytes, token: str, step: Step) -> Saved:
        return self._saved(self._engine.complete(self._process, state, token, step[1], call_handler=_answer))

    def _saved(self, move: Move) -> Saved:
        return Saved(move.state, lambda: _user_tasks(move))


def _answer(call: ServiceCall) -> Flag:
    return ANSWERS.get(call.handler, Flag())


def _user_tasks(move: Move) -> list[OpenTask]:
    return [OpenTask(wait.token, wait.element) for wait in move.waits if wait.kind is WaitKind.USER_TASK]


class StockEnvironment(TaskDataEnvironment):
    """Answers service tasks with the values of Rasim's handlers."""

    def call_service(self, context: Any, *, operation_name: str, **_: Any) -> str:
        return json.dumps(ANSWERS.get(operation_name.removeprefix(OPERATION), Flag()).value)


class Stock:
    """The library unchanged: its parser, its script engine, and its serializer, which keeps the specs in every state."""

    name = "stock"

    def __init__(self) -> None:
        parser = SpiffBpmnParser()
        for number, xml in enumerate(stock_diagrams()):
            parser.add_bpmn_xml(etree.fromstring(xml), filename=f"{number}.bpmn")
        self._spec = parser.get_spec(MAIN)
        self._called = parser.get_subprocess_specs(MAIN)
        self._script_engine = PythonScriptEngine(StockEnvironment())
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))

    def play(self, steps: Iterable[Step]) -> Saved:
        """In memory from end to end: a long history would take minutes if it were saved and loaded at every step."""
        workflow = BpmnWorkflow(self._spec, self._called, script_engine=self._script_engine)
        workflow.do_engine_steps()
        for step in steps:
            token = next(task.token for task in _ready(workflow) if task.element == step[0])
            _complete(workflow, token, step)
        return self._saved(workflow)

    def complete(self, state: bytes, token: str, step: Step) -> Saved:
        workflow = self._load(state)
        _complete(workflow, token, step)
        return self._saved(workflow)

    def tasks_of(self, state: bytes) -> int:
        """The length of a case's history: how many tasks its tree holds."""
        workflow = self._load(state)
        return len(workflow.tasks) + sum(len(inner.tasks) for inner in workflow.subprocesses.values())

    def _load(self, state: bytes) -> BpmnWorkflow:
        workflow = self._serializer.deserialize_json(state)
        workflow.script_engine = self._script_engine
        return workflow

    def _saved(self, workflow: BpmnWorkflow) -> Saved:
        return Saved(self._serializer.serialize_json(workflow).encode(), lambda: _ready(workflow))


def _ready(workflow: BpmnWorkflow) -> list[OpenTask]:
    tasks = workflow.get_tasks(state=TaskState.READY, manual=True)
    return [OpenTask(str(task.id), task.task_spec.bpmn_id) for task in tasks]


def _complete(workflow: BpmnWorkflow, token: str, step: Step) -> None:
    element, outcome = step
    task = workflow.get_task_from_id(UUID(token))
    if outcome is not None:
        task.data[element] = outcome
    task.run()
    workflow.do_engine_steps()
