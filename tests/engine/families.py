"""Generated diagrams for the engine's tests: a small BPMN writer and families of processes of one shape each."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from app.domain.moves import Bundle, Wait, WaitKind

_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:rasim="urn:rasim:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


@dataclass
class Drawing:
    """A process being written: nodes in any order, flows named by their ends."""

    id: str
    nodes: list[str] = field(default_factory=list)

    def node(self, tag: str, node_id: str, *, inner: str = "", extension: str = "", **attributes: str) -> str:
        written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        extensions = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
        self.nodes.append(f'<bpmn:{tag} id="{node_id}" name="{node_id}"{written}>{extensions}{inner}</bpmn:{tag}>')
        return node_id

    def start(self, node_id: str = "begin") -> str:
        return self.node("startEvent", node_id)

    def end(self, node_id: str = "done", definition: str = "") -> str:
        return self.node("endEvent", node_id, inner=definition)

    def user(self, node_id: str, *outcomes: str, inner: str = "") -> str:
        written = "".join(f'<rasim:outcome ref="{each}" kk="{each}"/>' for each in outcomes)
        return self.node("userTask", node_id, extension=f'<rasim:role name="executor"/>{written}', inner=inner)

    def service(self, node_id: str, handler: str | None = None, inner: str = "") -> str:
        return self.node("serviceTask", node_id, extension=f'<rasim:handler name="{handler or node_id}"/>', inner=inner)

    def timer(self, node_id: str, on: str, term: str, *, interrupting: bool = True, tag: str = "timeDuration") -> str:
        return self.boundary(node_id, on, timer(term, tag), interrupting=interrupting)

    def boundary(self, node_id: str, on: str, definition: str, *, interrupting: bool = True) -> str:
        cancel = "true" if interrupting else "false"
        return self.node("boundaryEvent", node_id, inner=definition, attachedToRef=on, cancelActivity=cancel)

    def flow(self, source: str, target: str, condition: str | None = None, *, name: str | None = None) -> None:
        name = name or f"f_{source}_{target}"
        written = ""
        if condition is not None:
            kind = 'xsi:type="bpmn:tFormalExpression"'
            written = f"<bpmn:conditionExpression {kind}>{escape(condition)}</bpmn:conditionExpression>"
        self.nodes.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{written}</bpmn:sequenceFlow>'
        )

    def path(self, *nodes: str) -> None:
        for source, target in pairwise(nodes):
            self.flow(source, target)

    def choice(self, node_id: str, *ways: tuple[str, str | None], tag: str = "exclusiveGateway") -> str:
        """A splitting gateway; the way without a condition is its default."""
        default = next(target for target, condition in ways if condition is None)
        self.node(tag, node_id, default=f"f_{node_id}_{default}")
        for target, condition in ways:
            self.flow(node_id, target, condition)
        return node_id

    def embed(self, node_id: str, inside: Drawing, loop: str = "") -> str:
        return self.node("subProcess", node_id, inner=loop + "".join(inside.nodes))

    def call(self, node_id: str, called: str, loop: str = "") -> str:
        return self.node("callActivity", node_id, inner=loop, calledElement=called)

    def xml(self) -> str:
        return f'<bpmn:process id="{self.id}" isExecutable="true">{"".join(self.nodes)}</bpmn:process>'


def timer(term: str, tag: str = "timeDuration") -> str:
    kind = 'xsi:type="bpmn:tFormalExpression"'
    return f"<bpmn:timerEventDefinition><bpmn:{tag} {kind}>{escape(term)}</bpmn:{tag}></bpmn:timerEventDefinition>"


def instances(count: str, *, sequential: bool = False, enough: str | None = None) -> str:
    condition = f"<bpmn:completionCondition>{escape(enough)}</bpmn:completionCondition>" if enough else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopCardinality>{escape(count)}</bpmn:loopCardinality>{condition}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def diagram(*processes: Drawing, declared: str = "") -> bytes:
    inner = declared + "".join(each.xml() for each in processes)
    return f'<bpmn:definitions {_NAMESPACES} id="defs" targetNamespace="t">{inner}</bpmn:definitions>'.encode()


def bundle(main: Drawing, *shared: Drawing, declared: str = "") -> Bundle:
    """The first process is the main one; each other gets a file of its own."""
    files = {"process.bpmn": diagram(main, declared=declared)}
    files |= {f"shared/{each.id}.bpmn": diagram(each) for each in shared}
    return Bundle("sample", files)


Invariant = Callable[[list[Wait]], str | None]  # says what is wrong with these waits, if anything is


@dataclass(frozen=True)
class Family:
    """Random processes of one shape, and what must hold of their waits at every moment."""

    name: str
    build: Callable[[random.Random], Bundle]
    invariant: Invariant


def user_tasks(waits: Iterable[Wait]) -> set[str]:
    return {wait.element for wait in waits if wait.kind is WaitKind.USER_TASK}


def review_waits_alone(waits: list[Wait]) -> str | None:
    """The review comes when the whole block is over, once, and nothing of the block comes back beside it."""
    reviews = [wait for wait in waits if wait.element == "review"]
    open_work = sorted({wait.element for wait in waits if wait.element.startswith("work")})
    if len(reviews) > 1:
        return f"{len(reviews)} reviews at once"
    if reviews and open_work:
        return f"the review waits beside {open_work}"
    return None


def _watch(drawing: Drawing, on: str, after: str, dice: random.Random) -> None:
    """Perhaps a timer on a task: a reminder that ends by itself, once or in a cycle, or an interruption that goes on."""
    kind = dice.choice(("none", "none", "reminder", "cycle", "interruption"))
    if kind == "none":
        return
    late, handled = f"late_{on}", f"handle_{on}"
    if kind == "interruption":
        drawing.timer(late, on, "working_days(2)")
        drawing.user(f"work_{handled}")
        drawing.path(late, f"work_{handled}", after)
        return
    cyclic = kind == "cycle"
    drawing.timer(late, on, "R2/P1D" if cyclic else "P3D", interrupting=False, tag="timeCycle" if cyclic else "timeDuration")
    drawing.service(handled, "remind")
    drawing.end(f"end_{on}")
    drawing.path(late, handled, f"end_{on}")


def _branch(drawing: Drawing, number: int, before: str, after: str, dice: random.Random) -> None:
    """Between a fork and a join: a task, two tasks, a task with a loop of its own, or a call of a handler."""
    work = f"work_{number}"
    kind = dice.choice(("task", "two", "loop", "handler"))
    if kind == "handler":
        drawing.service(work, "look_up")
        drawing.node("boundaryEvent", f"error_{number}", inner="<bpmn:errorEventDefinition/>", attachedToRef=work)
        drawing.user(f"work_repair_{number}")
        drawing.node("exclusiveGateway", f"merge_{number}")
        drawing.path(before, work, f"merge_{number}", after)
        drawing.path(f"error_{number}", f"work_repair_{number}", f"merge_{number}")
        return
    meeting = drawing.node("exclusiveGateway", f"meet_{number}")
    if kind == "loop":
        enter = drawing.node("exclusiveGateway", f"enter_{number}")
        drawing.user(work, "ok", "again")
        drawing.path(before, enter, work, f"more_{number}")
        drawing.choice(f"more_{number}", (enter, f"{work} == 'again'"), (meeting, None))
    elif kind == "two":
        drawing.user(work)
        drawing.user(f"{work}_next")
        drawing.path(before, work, f"{work}_next", meeting)
    else:
        drawing.user(work)
        drawing.path(before, work, meeting)
    drawing.flow(meeting, after)
    _watch(drawing, work, meeting, dice)


def _leaving_branch(drawing: Drawing, number: int, before: str, after: str) -> None:
    """A branch that may end without coming to the join."""
    drawing.user(f"work_{number}", "stay", "leave")
    drawing.end(f"left_{number}")
    drawing.path(before, f"work_{number}", f"leave_{number}")
    drawing.choice(f"leave_{number}", (f"left_{number}", f"work_{number} == 'leave'"), (after, None))


def _round(drawing: Drawing, first: str, last: str) -> None:
    """start → merge → first … last → review → back to merge or on to the end."""
    drawing.start()
    drawing.node("exclusiveGateway", "merge")
    drawing.user("review", "approve", "rework")
    drawing.end()
    drawing.path("begin", "merge", first)
    drawing.path(last, "review", "decide")
    drawing.choice("decide", ("merge", "review == 'rework'"), ("done", None))


def parallel_round(dice: random.Random) -> Bundle:
    drawing = Drawing("main")
    drawing.node("parallelGateway", "fork")
    drawing.node("parallelGateway", "join")
    for number in range(dice.randint(2, 4)):
        _branch(drawing, number, "fork", "join", dice)
    _round(drawing, "fork", "join")
    return bundle(drawing)


def inclusive_round(dice: random.Random) -> Bundle:
    """A task chooses which of three branches run; sometimes the block stands beside a further parallel branch."""
    drawing = Drawing("main")
    drawing.user("work_choice", "one", "two", "both", "all", "none")
    drawing.node("inclusiveGateway", "join")
    conditions = (
        "work_choice in ('one', 'both', 'all')",
        "work_choice in ('two', 'both', 'all')",
        "work_choice == 'all'",
    )
    drawing.node("exclusiveGateway", "skip")
    drawing.flow("skip", "join")
    alone = dice.random() < 0.5  # beside another branch the block must come to its end
    for number in range(len(conditions)):
        drawing.node("exclusiveGateway", f"into_{number}")
        if alone and dice.random() < 0.3:
            _leaving_branch(drawing, number, f"into_{number}", "join")
        else:
            _branch(drawing, number, f"into_{number}", "join", dice)
    ways = [(f"into_{number}", condition) for number, condition in enumerate(conditions)]
    drawing.choice("split", *ways, ("skip", None), tag="inclusiveGateway")
    drawing.flow("work_choice", "split")
    if alone:
        _round(drawing, "work_choice", "join")
        return bundle(drawing)
    drawing.node("parallelGateway", "both")
    drawing.node("parallelGateway", "together")
    _branch(drawing, 9, "both", "together", dice)
    drawing.flow("both", "work_choice")
    drawing.flow("join", "together")
    _round(drawing, "both", "together")
    return bundle(drawing)


def instances_round(dice: random.Random) -> Bundle:
    """A repeated task or a repeated subprocess with a block inside, in a loop, sometimes ended early, sometimes watched."""
    drawing = Drawing("main")
    sequential = dice.random() < 0.4
    count = dice.choice(("size", "3", "1"))
    if dice.random() < 0.5:
        enough = dice.choice((None, "work_opinion == 'against'"))
        drawing.user("work_opinion", "for", "against", inner=instances(count, sequential=sequential, enough=enough))
        repeated = "work_opinion"
    else:
        inside = Drawing("inside")
        inside.start("inside_begin")
        inside.node("parallelGateway", "inside_fork")
        inside.node("parallelGateway", "inside_join")
        for number in range(2):
            _branch(inside, number, "inside_fork", "inside_join", dice)
        inside.end("inside_end")
        inside.path("inside_begin", "inside_fork")
        inside.path("inside_join", "inside_end")
        repeated = drawing.embed("agreeing", inside, loop=instances(count, sequential=sequential))
    drawing.node("exclusiveGateway", "agreed")
    drawing.flow(repeated, "agreed")
    _watch(drawing, repeated, "agreed", dice)
    _round(drawing, repeated, "agreed")
    return bundle(drawing)


def called_round(dice: random.Random) -> Bundle:
    """Calls within calls, in a loop: the inner process may fail, escalate or wait for a message; timers watch the call."""
    inner = Drawing("inner")
    inner.start("inner_begin")
    inner.user("work_inner", "fine", "broken", "alarm")
    inner.end("inner_fine")
    inner.end("inner_broken", '<bpmn:errorEventDefinition errorRef="Broken"/>')
    inner.node("intermediateThrowEvent", "inner_alarm", inner='<bpmn:escalationEventDefinition escalationRef="Alarm"/>')
    inner.node("intermediateCatchEvent", "work_answer", inner='<bpmn:messageEventDefinition messageRef="Answer"/>')
    inner.path("inner_begin", "work_inner", "inner_way")
    ways = (("inner_broken", "work_inner == 'broken'"), ("inner_alarm", "work_inner == 'alarm'"), ("inner_fine", None))
    inner.choice("inner_way", *ways)
    inner.end("inner_answered")
    inner.path("inner_alarm", "work_answer", "inner_answered")

    middle = Drawing("middle")
    middle.start("middle_begin")
    middle.node("parallelGateway", "middle_fork")
    middle.node("parallelGateway", "middle_join")
    middle.call("call_inner", "inner")
    middle.path("middle_begin", "middle_fork", "call_inner", "middle_join")
    _branch(middle, 1, "middle_fork", "middle_join", dice)
    middle.end("middle_end")
    middle.flow("middle_join", "middle_end")

    main = Drawing("main")
    main.call("call_middle", "middle", loop=dice.choice(("", instances("2"))))
    main.node("exclusiveGateway", "back")
    main.boundary("failed", "call_middle", '<bpmn:errorEventDefinition errorRef="Broken"/>')
    main.user("work_mend")
    main.path("failed", "work_mend", "back")
    main.flow("call_middle", "back")
    escalation = '<bpmn:escalationEventDefinition escalationRef="Alarm"/>'
    main.boundary("alarmed", "call_middle", escalation, interrupting=False)
    main.service("tell_head", "remind")
    main.end("told")
    main.path("alarmed", "tell_head", "told")
    _watch(main, "call_middle", "back", dice)
    _round(main, "call_middle", "back")
    declared = (
        '<bpmn:error id="Broken" errorCode="BROKEN"/><bpmn:escalation id="Alarm" escalationCode="ALARM"/>'
        '<bpmn:message id="Answer" name="answer"/>'
    )
    files = {
        "process.bpmn": diagram(main, declared=declared),
        "shared/middle.bpmn": diagram(middle),
        "shared/inner.bpmn": diagram(inner, declared=declared),
    }
    return Bundle("sample", files)


FAMILIES = (
    Family("rounds of a parallel block", parallel_round, review_waits_alone),
    Family("rounds of an inclusive block", inclusive_round, review_waits_alone),
    Family("rounds of a multi-instance activity", instances_round, review_waits_alone),
    Family("rounds of nested calls", called_round, review_waits_alone),
)
