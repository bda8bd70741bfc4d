"""From checked BPMN trees to specs. Only what Rasim executes has a parser here; anything else is refused, never passed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, SubprocessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from app.engine import events, gateways, steps
from app.engine.extension import BPMN
from app.engine.loops import Instances, MultiInstance, Repeated, Rounds, StandardLoop

_TIMES = ("timeDuration", "timeDate", "timeCycle")
_ALLOWED_EVENTS = {
    "startEvent": {""},
    "endEvent": {"", "terminateEventDefinition", "errorEventDefinition", "escalationEventDefinition"},
    "intermediateThrowEvent": {"", "escalationEventDefinition"},
    "intermediateCatchEvent": {"timerEventDefinition", "messageEventDefinition"},
    "boundaryEvent": {
        "timerEventDefinition",
        "messageEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
    },
}


class ProcessSpec(BpmnProcessSpec):
    """A process or an embedded subprocess. `process_id` is the process in whose diagram its elements stand."""

    def __init__(self, name: str, process_id: str, filename: str) -> None:
        super().__init__(name=name, filename=filename)
        self.process_id = process_id
        self.inclusive_joins: tuple[gateways.InclusiveGateway, ...] = ()
        self.task_specs.clear()
        # No BPMN id has brackets, so no element can be taken for these two.
        self.start = steps.Entry(self, "(start)")
        self.end = steps.Exit(self, "(end)")


class OurProcessParser(ProcessParser):
    def _index_process_nodes(self) -> None:
        """Index BPMN elements alone: whatever extensions call `id` is not an element of the flow."""
        for node in self.node.iter(f"{{{BPMN}}}*"):
            name = etree.QName(node).localname
            if (node_id := node.get("id")) is not None:
                self.nodes_by_id[node_id] = node
            if name == "sequenceFlow":
                self.outgoing_sequence_flows.setdefault(node.get("sourceRef"), []).append(node)
            elif name == "boundaryEvent":
                self.boundary_events_by_attached.setdefault(node.get("attachedToRef"), []).append(node)

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()
        self.spec.inclusive_joins = tuple(
            spec for spec in self.spec.task_specs.values() if isinstance(spec, gateways.InclusiveGateway)
        )

    def create_spec(self) -> ProcessSpec:
        if not self.process_executable:
            self.raise_validation_exception("The process is marked as not executable")
        process = next(self.node.iterancestors(f"{{{BPMN}}}process"), self.node)
        return ProcessSpec(self.bpmn_id, process.get("id"), self.filename)

    def add_tasks(self) -> None:
        starts = self.xpath("./bpmn:startEvent")
        if len(starts) != 1:
            self.raise_validation_exception(f"Expected one start event, found {len(starts)}")
        if self.xpath("./bpmn:subProcess[@triggeredByEvent='true']"):
            self.raise_validation_exception("Event subprocesses are not executed")
        self.parse_node(starts[0])


class NodeParserMixin:
    node: etree._Element
    process_parser: Any

    @property
    def bpmn_attributes(self) -> dict[str, Any]:
        """The facts of an element are read once for the whole bundle; a spec needs none of them from here."""
        return {"bpmn_name": self.node.get("name")}

    def local_name(self) -> str:
        return etree.QName(self.node).localname


class ActivityParser(NodeParserMixin, TaskParser):
    """A task, with its boundary events and its repetition."""

    task: Any

    def _add_boundary_event(self, children: Iterable[etree._Element]) -> steps.Guard:
        # The library looks this name up when another flow leads to the same activity.
        guard = steps.Guard(self.spec, f"{self.bpmn_id}.BoundaryEventSplit")
        guard.connect(self.task)
        for node in children:
            guard.connect(self.process_parser.parse_node(node))
        return guard

    def _add_loop_task(self, loop_characteristics: etree._Element) -> None:
        maximum = loop_characteristics.get("loopMaximum")
        rounds = Rounds(
            condition=_text(loop_characteristics, "loopCondition"),
            test_before=loop_characteristics.get("testBefore") == "true",
            maximum=None if maximum is None else int(maximum),
        )
        if rounds.condition is None and rounds.maximum is None:
            self.raise_validation_exception("The loop has neither a loopCondition nor a loopMaximum")
        self._repeat(StandardLoop, rounds)

    def _add_multiinstance_task(self, loop_characteristics: etree._Element) -> None:
        cardinality = _text(loop_characteristics, "loopCardinality") or ""
        if not cardinality:
            self.raise_validation_exception("The multi-instance activity has no loopCardinality")
        sequential = loop_characteristics.get("isSequential") == "true"
        enough = _text(loop_characteristics, "completionCondition")
        self._repeat(MultiInstance, Instances(sequential, cardinality, enough))

    def _repeat(self, spec_class: type[Repeated], how: Instances | Rounds) -> None:
        """Put the repeating spec into the place of the repeated one."""
        repeated = self.spec.task_specs.pop(self.task.name)
        self.task = spec_class(self.spec, repeated.name, how)
        self._copy_task_attrs(repeated)


def _text(node: etree._Element, tag: str) -> str | None:
    return (node.findtext(f"{{{BPMN}}}{tag}") or "").strip() or None


class CallActivityParser(ActivityParser):
    def create_task(self) -> Any:
        called = SubprocessParser.get_call_activity_spec(self)
        return self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=called, **self.bpmn_attributes)


class SubProcessParser(ActivityParser):
    def create_task(self) -> Any:
        inside = SubprocessParser.get_subprocess_spec(self)
        return self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=inside, **self.bpmn_attributes)


class ForkingParser(NodeParserMixin, TaskParser):
    def handles_multiple_outgoing(self) -> bool:
        return True


class ChoosingParser(NodeParserMixin, ConditionalGatewayParser):
    pass


class EventParser(NodeParserMixin, TaskParser):
    """Any event. Definitions that the runtime would not honour are refused here, where the library passes over them."""

    def create_task(self) -> Any:
        name = self.local_name()
        attributes = self.bpmn_attributes
        if name == "boundaryEvent":
            attributes["cancel_activity"] = self.node.get("cancelActivity", "true") == "true"
        event = self.spec_class(self.spec, self.bpmn_id, event_definition=self._definition(name), **attributes)
        if name == "startEvent":
            self.spec.start.connect(event)
        elif name == "endEvent":
            event.connect(self.spec.end)
        return event

    def _definition(self, event: str) -> Any:
        found = self.xpath("./*[contains(local-name(), 'ventDefinition')]")
        name = etree.QName(found[0]).localname if found else ""
        if len(found) > 1 or name not in _ALLOWED_EVENTS[event]:
            names = ", ".join(etree.QName(each).localname for each in found) or "no definition"
            self.raise_validation_exception(f"The {event} has {names}, which is not executed")
        if name == "timerEventDefinition":
            return self._timer(found[0])
        if name == "messageEventDefinition":
            return events.Message(self._declared("messages", found[0].get("messageRef")))
        if name == "errorEventDefinition":
            return events.Error(self._code("errors", found[0].get("errorRef"), "error_code"))
        if name == "escalationEventDefinition":
            return events.Escalation(self._code("escalations", found[0].get("escalationRef"), "escalation_code"))
        return events.Terminate() if name else events.Plain()

    def _timer(self, node: etree._Element) -> events.Timer:
        for tag in _TIMES:
            if text := _text(node, tag):
                return events.Timer(text)
        return self.raise_validation_exception("The timer says no time")

    def _code(self, what: str, reference: str | None, key: str) -> str | None:
        return self._declared(what, reference)[key] if reference else None

    def _declared(self, what: str, reference: str | None) -> Any:
        declared = getattr(self.process_parser.parser, what).get(reference)
        if declared is None:
            self.raise_validation_exception(f"“{reference}” is not among the declared {what}")
        return declared


class OurParser(BpmnParser):
    PROCESS_PARSER_CLASS = OurProcessParser
    PARSER_CLASSES = {  # noqa: RUF012 the library looks for a class attribute
        full_tag("startEvent"): (EventParser, events.StartEvent),
        full_tag("endEvent"): (EventParser, events.EndEvent),
        full_tag("intermediateCatchEvent"): (EventParser, events.CatchEvent),
        full_tag("intermediateThrowEvent"): (EventParser, events.ThrowEvent),
        full_tag("boundaryEvent"): (EventParser, events.BoundaryEvent),
        full_tag("userTask"): (ActivityParser, steps.UserTask),
        full_tag("serviceTask"): (ActivityParser, steps.HandlerTask),
        full_tag("businessRuleTask"): (ActivityParser, steps.DecisionTask),
        full_tag("callActivity"): (CallActivityParser, steps.CallActivity),
        full_tag("subProcess"): (SubProcessParser, steps.SubProcess),
        full_tag("exclusiveGateway"): (ChoosingParser, gateways.ExclusiveGateway),
        full_tag("inclusiveGateway"): (ChoosingParser, gateways.InclusiveGateway),
        full_tag("parallelGateway"): (ForkingParser, gateways.ParallelGateway),
        full_tag("eventBasedGateway"): (ForkingParser, steps.EventBasedGateway),
    }
    OVERRIDE_PARSER_CLASSES: dict[str, Any] = {}  # noqa: RUF012 shared by all parsers of the library unless set here


def parse(trees: dict[str, etree._Element], main: str) -> dict[str, ProcessSpec]:
    """The specs of the process `main` and of all it calls or embeds, by id.

    Raises the library's ValidationException for what is not executed.
    """
    parser = OurParser()
    for filename, tree in trees.items():
        parser.add_bpmn_xml(tree, filename)
    specs: dict[str, ProcessSpec] = {main: parser.get_spec(main)}
    return parser.get_subprocess_specs(main, specs)
