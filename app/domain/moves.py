"""What the engine tells the rest of Rasim: static facts of a diagram's elements, and what one move left waiting.

Frozen values only; no SpiffWorkflow type leaves `app.engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from hashlib import sha256

from app.domain.text import Text


@dataclass(frozen=True)
class Bundle:
    """One service's files as they are published together: process.bpmn, service.yaml, letters/*.html, shared/*.bpmn."""

    service: str
    files: Mapping[str, bytes]

    @cached_property
    def digest(self) -> str:
        """sha-256 over names and contents in name order; the version's identity."""
        total = sha256()
        for name in sorted(self.files):
            content = self.files[name]
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()


class ElementKind(Enum):
    """BPMN's own element names."""

    USER_TASK = "userTask"
    SERVICE_TASK = "serviceTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    GATEWAY = "gateway"
    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One button of a user task. Finishing the task with it sets the routing flag `<element id> = <outcome id>`."""

    id: str
    label: Text
    tone: str = "neutral"  # positive | negative | neutral: how the button looks, never what it does


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a diagram with what `urn:rasim:bpmn:1` says about it."""

    id: str
    process: str
    kind: ElementKind
    label: Text  # kk is the BPMN name
    lane: str | None = None  # the lane's id
    paragraph: str | None = None  # where the act says it, e.g. "Rules para 8"
    inferred: str | None = None  # why it is there although the act is silent
    limit: str | None = None  # the prescribed term as text, e.g. "2 working-days"
    counted_from: str | None = None  # "registered" | "opened" | "completed:<element id>"
    role: str | None = None  # who may do a user task: a role id of the passport
    form: str | None = None  # which step form a user task shows
    handler: str | None = None  # which handler a service task calls
    decision: str | None = None  # which decision table a business rule task asks
    instances: str | None = None  # how often a repeated (multi-instance) activity is done: its loopCardinality
    outcomes: tuple[Outcome, ...] = ()
    grounds: tuple[str, ...] = ()  # refusal grounds whose path leads through here; ("*",) for all


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a case comes to next by one outcome of a user task: another user task, a catching event, or an end."""

    element: Element
    certain: bool  # False: it depends on more than the outcome
    after_others: bool  # only once what runs beside it is done too


class WaitKind(Enum):
    USER_TASK = "user-task"  # a person is needed
    SERVICE = "service"  # a service task is started and is finished from outside
    TIMER = "timer"  # a catching timer event; `term` says for how long
    MESSAGE = "message"  # a catching message event; `name` says which


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing the case waits for. `token` is stable across saves and loads until the wait ends."""

    token: str
    element: str
    process: str
    kind: WaitKind
    term: str | None = None  # TIMER: the value of its expression: "3 working-days", "PT10M", or an ISO moment
    name: str | None = None  # MESSAGE: the message's name
    attached_to: str | None = None  # TIMER/MESSAGE on a boundary: the token of the activity it watches
    interrupts: bool = False  # TIMER/MESSAGE on a boundary: whether it takes that activity away
    flags: Mapping[str, object] = field(default_factory=dict)

    @property
    def instance(self) -> int | None:
        """Which instance of a repeated activity waits here, from 1 (BPMN 2.0, 13.3.7); None where nothing is repeated."""
        number = self.flags.get("loopCounter")
        return number if isinstance(number, int) else None


class PassedHow(Enum):
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Passed:
    """An element that finished during the move, in order."""

    element: str
    process: str
    how: PassedHow
    token: str


@dataclass(frozen=True, slots=True)
class Move:
    """What one move of a case left behind. `state` is opaque to everyone but the engine."""

    state: bytes
    waits: tuple[Wait, ...]
    passed: tuple[Passed, ...]
    finished: bool

    @property
    def stuck(self) -> bool:
        """Unfinished, yet nothing to wait for: the stuck detector's condition."""
        return not self.finished and not self.waits


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service task asks its handler: which handler, for which element, with the token to finish it by and the flags."""

    handler: str
    element: Element
    token: str
    flags: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Flag:
    """A handler is done; its routing flag `<element id> = value` (None sets no flag)."""

    value: str | bool | int | None = None


class Later:
    """A handler has written a job; the service task stays started until `Engine.finish` or `Engine.fail`."""

    def __repr__(self) -> str:
        return "LATER"


LATER = Later()


@dataclass(frozen=True, slots=True)
class BusinessError:
    """A handler met a BPMN error the diagram may catch by its code."""

    code: str


HandlerResult = Flag | Later | BusinessError
CallHandler = Callable[[ServiceCall], HandlerResult]


class Severity(Enum):
    ERROR = "error"  # refused: never published, never executed
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: file, line (1-based, 0 unknown), element id or key path, and an English gettext template."""

    file: str
    line: int
    place: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    code: str = ""

    def __str__(self) -> str:
        words = self.template % self.values if self.values else self.template
        return f"{self.file}:{self.line}: {self.place}: {words}"
