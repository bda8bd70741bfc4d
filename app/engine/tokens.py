"""A running process: its tokens, the scopes they stand in, and the loop that moves them until only waits are left.

SpiffWorkflow calls a token a task and keeps it in a tree of all that was and all that may come. Here a token is made when
the flow reaches its element, keeps no data of its own, writes no log and looks at no clock; finished tokens matter only as
the direct parents of live ones. Flags live in the scope (a process, a called process, an embedded subprocess): one place
for each, so nothing is merged at a join and nothing is shared between branches by accident.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import Invalid, ProcessFailed
from app.domain.moves import CallHandler, ElementKind, Passed, PassedHow
from app.engine.evaluating import EXPRESSIONS

if TYPE_CHECKING:
    from app.engine.process import Process

ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
MAX_STEPS = 1000  # automatic steps of one move: far above any drawn process, far below a second
MAX_LIVE = 500  # tokens that stand somewhere at once

TOO_MANY_STEPS = (
    "The process %(process)s took more than %(limit)s automatic steps in one move, the last at %(element)s: a loop without a wait"
)
TOO_MANY_TOKENS = "The process %(process)s has more than %(limit)s tokens at once, the last at %(element)s"
CANNOT_GO_ON = "The process %(process)s cannot go on at %(element)s: %(reason)s"


class Token(Task):
    """One token at one element."""

    thread_id = 0
    last_state_change = 0.0

    def __init__(
        self, workflow: Any, task_spec: Any, parent: Token | None = None, state: int = TaskState.FUTURE, id: int = 0
    ) -> None:
        self.id = id or workflow.top_workflow.next_id()
        self.workflow = workflow
        self.task_spec = task_spec
        self.triggered = False  # true for the instances of a multi-instance activity only
        self.data: dict[str, object] = {}  # flags written by such an instance, until the activity collects them
        self.internal_data: dict[str, Any] = {}
        self._state = state
        self._children: list[int] = []
        self._parent = None
        workflow.tasks[self.id] = self
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    @property
    def active(self) -> bool:
        return bool(self._state & ACTIVE)

    @property
    def place(self) -> tuple[str, str]:
        """The ids of the process and of the element, for messages."""
        return self.workflow.spec.process_id, self.task_spec.bpmn_id or self.task_spec.name

    def flags(self) -> dict[str, object]:
        """Every flag visible here; inner scopes hide outer ones."""
        return {**self.workflow.visible_flags(), **self.internal_data.get("item", {}), **self.data}

    def set_flag(self, name: str, value: object) -> None:
        """An instance of a multi-instance activity keeps what it sets until it is done, so that instances cannot mix."""
        target = self.data if self.triggered else self.workflow.flags
        target[name] = value

    def run(self) -> bool | None:
        done: bool | None = self.task_spec._run(self)
        if not self.has_state(TaskState.FINISHED_MASK):  # an error event may have ended this very token meanwhile
            if done is None:
                self._set_state(TaskState.STARTED)
            else:
                self.complete()
        return done

    def cancel(self) -> None:
        if self.active:
            self._set_state(TaskState.CANCELLED)
            for child in self.children:
                child.cancel()
            self.task_spec._on_cancel(self)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        before, self._state = self._state, value
        instance = self.workflow.top_workflow
        if value == TaskState.READY:
            instance.agenda.append(self)
        elif value == TaskState.COMPLETED:
            instance.record(self, PassedHow.COMPLETED)
        elif value == TaskState.CANCELLED and before & ACTIVE:
            instance.record(self, PassedHow.CANCELLED)


class ScopeMixin:
    """What the top process and the scopes inside it have in common."""

    spec: Any
    tasks: dict[int, Token]
    flags: dict[str, object]
    completed: bool

    def begin(self) -> None:
        """Put the first token on the start."""
        self.task_tree = Token(self, self.spec.start)
        self.task_tree._ready()

    def live_tokens(self) -> list[Token]:
        return [token for token in self.tasks.values() if token._state & ACTIVE]

    def cancel_all(self, spared: Token | None = None) -> None:
        for token in self.live_tokens():
            if token is not spared:
                token.cancel()

    def visible_flags(self) -> dict[str, object]:
        raise NotImplementedError

    def update_waiting_tasks(self) -> None:
        """Ask the inclusive joins again: only they can change their mind because of a token elsewhere."""
        for join in self.spec.inclusive_joins:
            join.ask_again(self)

    def _task_completed_notify(self, token: Token) -> None:
        if token.task_spec is self.spec.end:
            self.completed = True
            self._on_end()
        else:
            self.update_waiting_tasks()

    def _on_end(self) -> None:
        """The last token has left."""


class Scope(ScopeMixin, BpmnSubWorkflow):
    """A called process or an embedded subprocess at work for one token outside."""

    def __init__(self, spec: Any, outside: Token) -> None:
        self.outside = outside
        self.flags = {}
        super().__init__(spec, outside.id, outside.workflow.top_workflow, deserializing=True)

    def _calculate_depth(self) -> int:
        return 0  # the library orders its own loop by it; ours has none

    def visible_flags(self) -> dict[str, object]:
        return {**self.outside.flags(), **self.flags}

    def _on_end(self) -> None:
        self.top_workflow.close(self.outside)
        self.outside._set_state(TaskState.READY)


class ProcessInstance(ScopeMixin, BpmnWorkflow):
    """One running process with all its scopes.

    `nonce` makes the names of its tokens unlike those of any other instance.
    """

    def __init__(self, process: Process, call_handler: CallHandler, *, nonce: str, last_id: int = 0) -> None:
        self.process = process
        self.call_handler = call_handler
        self.nonce = nonce
        self.last_id = last_id
        self.flags = {}
        self.agenda: deque[Token] = deque()
        self.passed: list[Passed] = []
        super().__init__(process.specs[process.main], process.specs, script_engine=EXPRESSIONS, deserializing=True)

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def name_of(self, token: Token) -> str:
        return f"{self.nonce}-{token.id}"

    def find(self, name: str) -> Token | None:
        """The token of that name, if it still stands somewhere."""
        nonce, _, number = name.rpartition("-")
        if nonce != self.nonce or not number.isdecimal():
            return None
        for scope in self.scopes():
            if (token := scope.tasks.get(int(number))) is not None:
                return token if token.active else None
        return None

    def scopes(self) -> Iterator[ScopeMixin]:
        yield self
        yield from self.subprocesses.values()

    def open(self, outside: Token, spec_name: str) -> Scope:
        scope = Scope(self.subprocess_specs[spec_name], outside)
        self.subprocesses[outside.id] = scope
        return scope

    def close(self, outside: Token) -> None:
        """End the scope of this token. What was decided inside stays decided, however the scope ends."""
        if (scope := self.subprocesses.pop(outside.id, None)) is not None:
            scope.cancel_all()
            for name, value in scope.flags.items():
                outside.set_flag(name, value)

    def visible_flags(self) -> dict[str, object]:
        return dict(self.flags)

    def record(self, token: Token, how: PassedHow) -> None:
        element = token.task_spec.element
        if element is None or (how is PassedHow.CANCELLED and element.kind is ElementKind.GATEWAY):
            return  # a token that a join takes in is no event of the case
        self.passed.append(Passed(element.id, element.process, how, self.name_of(token)))

    def run(self) -> None:
        """Run everything that needs nobody from outside.

        Raises ProcessFailed for a loop without a wait, a flood of tokens, or a choice that cannot be made; HandlerFailed.
        """
        steps = 0
        while self.agenda:
            token = self.agenda.popleft()
            if token._state != TaskState.READY or token.task_spec.manual:
                continue
            steps += 1
            if steps > MAX_STEPS:
                raise failure(token, TOO_MANY_STEPS, limit=MAX_STEPS)
            try:
                token.run()
            except WorkflowException as error:
                raise failure(token, CANNOT_GO_ON, reason=error) from error
        self._refuse_a_flood()

    def _refuse_a_flood(self) -> None:
        live = [token for scope in self.scopes() for token in scope.live_tokens()]
        if len(live) > MAX_LIVE:
            raise failure(live[-1], TOO_MANY_TOKENS, limit=MAX_LIVE)


def failure(token: Token, template: str, **values: object) -> ProcessFailed:
    """The error for a process that cannot go on at this token."""
    process, element = token.place
    return ProcessFailed(template, process=process, element=element, **values)


def plain_flags(flags: Mapping[str, object]) -> dict[str, object]:
    """The flags as the state keeps them. Raises Invalid for anything but text, a whole number, true, false or nothing."""
    return {name: plain_flag(name, value) for name, value in flags.items()}


def plain_flag(name: str, value: object) -> object:
    if value is None or isinstance(value, str | bool) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    raise Invalid(
        "The flag %(name)s may be text, a whole number, true or false; found %(found)s",
        name=name,
        found=repr(value)[:100],
    )
