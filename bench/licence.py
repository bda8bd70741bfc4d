"""The process that is measured: a licence from registration to delivery, drawn once for both engines.

Twenty activities in seven lanes and a called process; reminding and interrupting timers, consultations with three bodies, a
parallel block, an error caught at its boundary, and a legal check that may send the case back: each such round adds history.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.moves import Bundle, Flag
from tests.engine.families import Drawing, diagram, instances

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
OPERATION = "handlers/"
MAIN, CALLED = "licence", "state_lookups"
DECLARED = '<bpmn:error id="NotPaid" name="not paid" errorCode="NOT-PAID"/>'

ANSWERS = {"look_up_taxes": Flag("match"), "calculate_fee": Flag(39320)}
"""What handlers answer, by handler name; the others set no flag."""

Step = tuple[str, str | None]
"""A user task and the outcome it is completed with."""

FIRST_ROUND: tuple[Step, ...] = (
    ("check_documents", "complete"),
    ("assign", None),
    ("examine", None),
    *(("consult", "agreed"),) * 3,
    ("inspect", None),
)
SENT_BACK: tuple[Step, ...] = (
    ("check_legally", "rework"),
    ("examine", None),
    *(("consult", "agreed"),) * 3,
    ("inspect", None),
)
MEASURED: Step = ("check_legally", "approve")
"""The step both sides are timed at: two service tasks and two gateways follow it, then the head's signature waits."""


class RasimDrawing(Drawing):
    """Rasim's dialect, with lanes."""

    def __init__(self, process: str) -> None:
        super().__init__(process)
        self.lanes: dict[str, list[str]] = {}

    def step(self, node: str, lane: str, *outcomes: str, repeated: str = "") -> None:
        self.lanes.setdefault(lane, []).append(self.user(node, *outcomes, inner=repeated))

    def automatic(self, node: str) -> None:
        self.lanes.setdefault("system", []).append(self.service(node))

    def period(self, duration: str) -> str:
        return duration

    def xml(self) -> str:
        lanes = "".join(
            f'<bpmn:lane id="lane_{self.id}_{lane}" name="{lane}">'
            + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
            + "</bpmn:lane>"
            for lane, nodes in self.lanes.items()
        )
        lane_set = f'<bpmn:laneSet id="lanes_{self.id}">{lanes}</bpmn:laneSet>'
        return f'<bpmn:process id="{self.id}" isExecutable="true">{lane_set}{"".join(self.nodes)}</bpmn:process>'


class StockDrawing(RasimDrawing):
    """The dialect of the library's own extensions: the same elements, told in `spiffworkflow:` properties and operators."""

    def user(self, node_id: str, *outcomes: str, inner: str = "") -> str:
        written = "".join(f'<spiffworkflow:property name="outcome_{each}" value="{each}"/>' for each in outcomes)
        role = '<spiffworkflow:property name="role" value="executor"/>'
        properties = f'<spiffworkflow:properties xmlns:spiffworkflow="{SPIFF}">{role}{written}</spiffworkflow:properties>'
        return self.node("userTask", node_id, extension=properties, inner=inner)

    def service(self, node_id: str, handler: str | None = None, inner: str = "") -> str:
        operation = OPERATION + (handler or node_id)  # the library takes an operator named like an element for that element
        operator = (
            f'<spiffworkflow:serviceTaskOperator xmlns:spiffworkflow="{SPIFF}" id="{operation}" '
            f'resultVariable="{node_id}"><spiffworkflow:parameters/></spiffworkflow:serviceTaskOperator>'
        )
        return self.node("serviceTask", node_id, extension=operator, inner=inner)

    def period(self, duration: str) -> str:
        return f'"{duration}"'  # an expression of Python there, so a text is quoted


def rasim_bundle() -> Bundle:
    main, called = _diagrams(RasimDrawing)
    return Bundle(MAIN, {"process.bpmn": main, f"shared/{CALLED}.bpmn": called})


def stock_diagrams() -> tuple[bytes, bytes]:
    """The main diagram and the one it calls."""
    return _diagrams(StockDrawing)


def history(rounds: int) -> Iterator[Step]:
    """The steps from the start to the measured one, with so many rounds of rework on the way."""
    yield from FIRST_ROUND
    for _ in range(rounds):
        yield from SENT_BACK


def _diagrams(dialect: type[RasimDrawing]) -> tuple[bytes, bytes]:
    main, called = dialect(MAIN), dialect(CALLED)
    _draw_intake(main)
    _draw_examination(main)
    _draw_decision(main)
    _draw_look_ups(called)
    return diagram(main, declared=DECLARED), diagram(called)


def _draw_intake(drawing: RasimDrawing) -> None:
    drawing.start()
    drawing.automatic("register")
    drawing.step("check_documents", "clerk", "complete", "incomplete")
    drawing.step("refuse_intake", "clerk")
    drawing.end("not_taken")
    drawing.step("assign", "head")
    drawing.call("look_ups", CALLED)
    drawing.path("begin", "register", "check_documents", "is_complete")
    drawing.choice("is_complete", ("assign", "check_documents == 'complete'"), ("refuse_intake", None))
    drawing.path("refuse_intake", "not_taken")
    drawing.path("assign", "look_ups", "examine")


def _draw_examination(drawing: RasimDrawing) -> None:
    drawing.step("examine", "executor")
    drawing.timer("examine_reminder", "examine", drawing.period("P3D"), interrupting=False)
    drawing.automatic("remind_executor")
    drawing.end("executor_reminded")
    drawing.timer("examine_late", "examine", drawing.period("P10D"))
    drawing.step("examine_instead", "head")
    drawing.node("exclusiveGateway", "examined")
    drawing.node("parallelGateway", "fork")
    drawing.step("consult", "agreeing", "agreed", "objected", repeated=instances("3"))
    drawing.timer("consult_reminder", "consult", drawing.period("P5D"), interrupting=False)
    drawing.automatic("remind_bodies")
    drawing.end("bodies_reminded")
    drawing.step("inspect", "executor")
    drawing.node("parallelGateway", "join")
    drawing.path("examine_reminder", "remind_executor", "executor_reminded")
    drawing.path("examine_late", "examine_instead", "examined")
    drawing.path("examine", "examined", "fork")
    drawing.path("fork", "consult", "join")
    drawing.path("fork", "inspect", "join", "check_legally")
    drawing.path("consult_reminder", "remind_bodies", "bodies_reminded")


def _draw_decision(drawing: RasimDrawing) -> None:
    drawing.step("check_legally", "lawyer", "approve", "refuse", "rework")
    drawing.automatic("calculate_fee")
    drawing.node("exclusiveGateway", "to_pay")
    drawing.automatic("charge")
    drawing.boundary("not_paid", "charge", '<bpmn:errorEventDefinition errorRef="NotPaid"/>')
    drawing.step("mend_payment", "applicant")
    drawing.step("sign", "head")
    drawing.automatic("issue")
    drawing.step("deliver", "clerk")
    drawing.automatic("notify")
    drawing.end("issued")
    drawing.step("refuse", "head")
    drawing.end("refused")
    drawing.flow("check_legally", "decided")
    ways = (("calculate_fee", "check_legally == 'approve'"), ("refuse", "check_legally == 'refuse'"), ("examine", None))
    drawing.choice("decided", *ways)
    drawing.path("refuse", "refused")
    drawing.path("calculate_fee", "to_pay", "charge", "sign", "issue", "deliver", "notify", "issued")
    drawing.path("not_paid", "mend_payment", "to_pay")


def _draw_look_ups(drawing: RasimDrawing) -> None:
    drawing.start("asked")
    drawing.automatic("look_up_registers")
    drawing.automatic("look_up_taxes")
    drawing.step("compare_by_hand", "executor")
    drawing.end("answered")
    drawing.path("asked", "look_up_registers", "look_up_taxes", "is_matching")
    drawing.choice("is_matching", ("compare_by_hand", "look_up_taxes == 'mismatch'"), ("answered", None))
    drawing.path("compare_by_hand", "answered")
