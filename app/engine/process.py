"""A bundle's diagrams, parsed: what the engine runs and the static facts that others ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from app.domain.decisions import DecisionTable
from app.domain.errors import Invalid, Problem, Sentence, problem
from app.domain.moves import Ahead, Bundle, Element, ElementKind, Finding, Passed, Severity, Wait
from app.domain.text import Text
from app.engine.ahead import ahead
from app.engine.decisions import read_tables
from app.engine.entry import read_definitions
from app.engine.extension import BPMN, element_kind, element_of, label_of
from app.engine.graph import scopes
from app.engine.lint import Diagrams
from app.engine.lint_decisions import UNKNOWN_DECISION
from app.engine.loops import Repeated
from app.engine.parsing import ProcessSpec, parse
from app.engine.supported import unsupported

MAIN_FILE = "process.bpmn"
REFUSED = "The diagrams of the service %(service)s are refused: %(count)s findings"
_SETS_A_FLAG = (ElementKind.USER_TASK, ElementKind.SERVICE_TASK, ElementKind.BUSINESS_RULE_TASK)


@dataclass(frozen=True, slots=True)
class Lane:
    """A structural unit of the act, as a lane of the main diagram."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """One version of a service's process. `digest` is its bundle's; `diagram` the main diagram as it was published."""

    service: str
    digest: str
    main: str
    elements: Mapping[tuple[str, str], Element]
    follows: Mapping[tuple[str, str], tuple[str, ...]]  # what each element comes straight after; a boundary event, its activity
    lanes: tuple[Lane, ...]
    diagram: bytes
    specs: Mapping[str, ProcessSpec] = field(repr=False)
    flag_names: frozenset[str] = field(repr=False)
    diagrams: Diagrams = field(repr=False)
    decisions: Mapping[str, DecisionTable] = field(repr=False)
    _ahead: dict[tuple[tuple[str, str], str, str], tuple[Ahead, ...]] = field(default_factory=dict, repr=False)

    def element(self, where: Wait | Passed | tuple[str, str]) -> Element:
        """The element of a wait, of a passed element, or of the ids of a process and of an element in it."""
        ids = where if isinstance(where, tuple) else (where.process, where.element)
        return self.elements[ids]

    def ahead(self, where: tuple[str, str], outcome: str, variant: str) -> tuple[Ahead, ...]:
        """What a case of this variant comes to next when the user task is finished with this outcome. Worked out once."""
        asked = (where, outcome, variant)
        if asked not in self._ahead:
            self._ahead[asked] = ahead(self.diagrams, self.elements, where, {"variant": variant, where[1]: outcome})
        return self._ahead[asked]


def parse_process(bundle: Bundle) -> Process:
    """Read, check and parse the diagrams of a bundle. Raises Invalid with everything found wrong."""
    trees = _trees(bundle)
    main_tree = trees[MAIN_FILE]
    main = _main_process(main_tree).get("id", "")
    elements = {(each.process, each.id): each for tree in trees.values() for each in _elements(tree)}
    try:
        specs = parse(trees, main)
    except ValidationException as error:
        findings = [each for name, tree in trees.items() for each in unsupported(name, tree)]
        place = f"{error.file_name}: {error.id}"
        raise _refusal(bundle, _as_problems(findings) or [problem(place, "%(reason)s", reason=error)]) from error
    _give_elements(specs, elements)
    return Process(
        service=bundle.service,
        digest=bundle.digest,
        main=main,
        elements=elements,
        follows=_follows(trees.values()),
        lanes=tuple(_lanes(_main_process(main_tree))),
        diagram=bundle.files[MAIN_FILE],
        specs=specs,
        flag_names=frozenset(each.id for each in elements.values() if each.kind in _SETS_A_FLAG),
        diagrams=Diagrams(trees, tuple(scope for name, tree in trees.items() for scope in scopes(name, tree))),
        decisions=_decisions(bundle, elements.values()),
    )


def _trees(bundle: Bundle) -> dict[str, etree._Element]:
    if MAIN_FILE not in bundle.files:
        raise Invalid("The bundle of the service %(service)s has no %(file)s", service=bundle.service, file=MAIN_FILE)
    trees: dict[str, etree._Element] = {}
    findings: list[Finding] = []
    for name in sorted(bundle.files):
        if name.endswith(".bpmn"):
            tree, found = read_definitions(name, bundle.files[name])
            findings += found
            if tree is not None:
                trees[name] = tree
    if problems := _as_problems(findings):
        raise _refusal(bundle, problems)
    return trees


def _decisions(bundle: Bundle, elements: Iterable[Element]) -> Mapping[str, DecisionTable]:
    """The decision tables of the bundle. Raises Invalid when a task asks one that cannot be asked."""
    read = read_tables(bundle)
    missing = [
        problem(each.id, UNKNOWN_DECISION.template, found=each.decision, known=", ".join(sorted(read.tables)))
        for each in elements
        if each.kind is ElementKind.BUSINESS_RULE_TASK and each.decision not in read.tables
    ]
    if problems := _as_problems(read.findings) + missing:
        raise _refusal(bundle, problems)
    return read.tables


def _as_problems(findings: list[Finding]) -> list[Problem]:
    return [
        Problem(f"{each.file}:{each.line}: {each.place}", Sentence(each.template, dict(each.values)))
        for each in findings
        if each.severity is Severity.ERROR
    ]


def _refusal(bundle: Bundle, problems: list[Problem]) -> Invalid:
    return Invalid(REFUSED, problems, service=bundle.service, count=len(problems))


def _main_process(tree: etree._Element) -> etree._Element:
    return next(tree.iterchildren(f"{{{BPMN}}}process"))


def _elements(tree: etree._Element) -> Iterator[Element]:
    for process in tree.iterchildren(f"{{{BPMN}}}process"):
        lanes = _lane_of_each(process)
        for node in process.iterdescendants(f"{{{BPMN}}}*"):
            if element_kind(node) is not None:
                yield element_of(node, process.get("id", ""), _lane(node, lanes))


def _follows(trees: Iterable[etree._Element]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tree in trees:
        for process in tree.iterchildren(f"{{{BPMN}}}process"):
            name = process.get("id", "")
            for flow in process.iterdescendants(f"{{{BPMN}}}sequenceFlow"):
                found[name, flow.get("targetRef", "")].append(flow.get("sourceRef", ""))
            for event in process.iterdescendants(f"{{{BPMN}}}boundaryEvent"):
                found[name, event.get("id", "")].append(event.get("attachedToRef", ""))
    return {place: tuple(sources) for place, sources in found.items()}


def _lane_of_each(process: etree._Element) -> dict[str, str]:
    """Element id → lane id; of nested lanes the innermost."""
    found: dict[str, str] = {}
    for lane in process.iterdescendants(f"{{{BPMN}}}lane"):
        for reference in lane.iterchildren(f"{{{BPMN}}}flowNodeRef"):
            found[(reference.text or "").strip()] = lane.get("id", "")
    return found


def _lane(node: etree._Element, lanes: Mapping[str, str]) -> str | None:
    """What stands inside an embedded subprocess stands in its lane; a boundary event in that of its activity."""
    for each in (node.get("id", ""), node.get("attachedToRef", "")):
        if each in lanes:
            return lanes[each]
    parent = node.getparent()
    return None if parent is None else _lane(parent, lanes)


def _lanes(process: etree._Element) -> Iterator[Lane]:
    for lane in process.iterdescendants(f"{{{BPMN}}}lane"):
        yield Lane(lane.get("id", ""), label_of(lane))


def _give_elements(specs: Mapping[str, ProcessSpec], elements: Mapping[tuple[str, str], Element]) -> None:
    """Let each spec know its element. A repeated activity is known by its instances alone, so it counts once."""
    for process in specs.values():
        for spec in process.task_specs.values():
            if spec.bpmn_id and not isinstance(spec, Repeated):
                spec.element = elements[process.process_id, spec.bpmn_id]
