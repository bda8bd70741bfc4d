"""The lint of a bundle: everything that keeps its diagrams from being published, found in one go.

`lint` looks at what is drawn; `app.engine.soundness` plays the drawn flow through. Both before a bundle is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.domain.checklist import checklist_field
from app.domain.moves import Bundle, Finding
from app.domain.passport import Passport
from app.domain.unary_tests import Value
from app.engine.decisions import ReadTables, read_tables
from app.engine.entry import examine
from app.engine.extension import BPMN, attribute, extensions
from app.engine.findings import Rule
from app.engine.graph import FLAG_TASKS, Scope, event_of, scopes, tag
from app.engine.lint_decisions import decisions_asked, lint_decision_tasks, lint_tables
from app.engine.lint_drawing import lint_drawing
from app.engine.lint_flow import Flags, lint_flow, named_in
from app.engine.lint_meaning import lint_meaning
from app.engine.supported import unsupported

MAIN = "process.bpmn"

MAX_ELEMENTS = 10_000  # elements and flows of all diagrams of a service; the largest drawn here has some hundred
MAX_CALLS_DEEP = 30  # processes calling one another in a row; the services here have two

TOO_LARGE = Rule("bundle-too-large", "The diagrams have %(found)s elements and flows; at most %(limit)s are checked")
TOO_DEEP = Rule("bundle-too-deep", "More than %(limit)s processes call one another in a row")
NO_MAIN = Rule("bundle-main-missing", "The bundle has no file “%(expected)s”")
ONE_PROCESS = Rule("bundle-main-process", "“process.bpmn” holds exactly one process, found %(found)s")
SAME_PROCESS = Rule("bundle-duplicate-process", "The id “%(id)s” of the process is already used in %(file)s")
SAME_FLAG = Rule("bundle-duplicate-flag", "A task “%(id)s” stands in %(file)s too, so both would set the same flag")
NOT_CALLED = Rule("bpmn-call", "The call activity names no process to call")
UNKNOWN_CALL = Rule("bpmn-call", "There is no process “%(called)s” to call; known: %(known)s")
CALL_CYCLE = Rule("bpmn-call-cycle", "The process would call itself: %(path)s")
UNCAUGHT = Rule("bpmn-uncaught", "No boundary event around this catches the error it throws")
UNKNOWN_ROLE = Rule("passport-role", "The passport has no role “%(found)s”; known: %(known)s")
UNKNOWN_OUTCOME = Rule(
    "passport-outcome", "The checklist of this step's form speaks of the outcome “%(found)s”; known: %(known)s"
)
UNKNOWN_FORM = Rule("passport-form", "The passport has no form “%(found)s”; known: %(known)s")
UNKNOWN_GROUND = Rule("passport-ground", "The passport has no ground “%(found)s”; known: %(known)s")
RESULT_WITHOUT_STEP = Rule(
    "passport-result", "The result “%(result)s” of the passport names the element “%(found)s”, which is not drawn"
)


@dataclass(frozen=True)
class Diagrams:
    """The readable BPMN files of a bundle: their roots by file name and all their scopes."""

    roots: Mapping[str, etree._Element]
    scopes: tuple[Scope, ...]

    @property
    def processes(self) -> Mapping[str, Scope]:
        return {scope.id: scope for scope in self.scopes if scope.parent is None}


def lint(
    bundle: Bundle,
    *,
    handlers: Collection[str] | None = None,
    passport: Passport | None = None,
    read_before: ReadDiagrams | None = None,
) -> list[Finding]:
    """Every finding about the bundle's diagrams, in the order of files and lines.

    `handlers` are the registered names, `passport` the bundle's own; what is None is not checked against. `read_before` is the
    bundle's diagrams if they are at hand.
    """
    diagrams, unread = read_before or read_diagrams(bundle)
    findings = [*unread]
    read = read_tables(bundle)
    findings += read.findings
    for file, root in diagrams.roots.items():
        findings += [*unsupported(file, root), *lint_drawing(file, root)]
    too_large = _too_large(diagrams)
    if too_large is not None:  # what follows takes more time with every element
        return [*findings, too_large]
    flags = Flags(flags_of(diagrams, read, passport))
    known = {identity for scope in diagrams.scopes for identity in scope.nodes}
    for scope in diagrams.scopes:
        findings += [*lint_flow(scope, flags), *lint_meaning(scope, known, handlers)]
    findings += [*_processes(bundle, diagrams), *_calls(diagrams), *_thrown(diagrams)]
    findings += [*lint_decision_tasks(diagrams.scopes, read, _asked(diagrams, read))]
    findings += [*lint_tables(read, decisions_asked(diagrams.scopes), flags.values)]
    if passport is not None and MAIN in diagrams.roots:  # of a diagram that cannot be read every element would be missing
        findings += _passport(diagrams, passport, known)
    return sorted(findings, key=lambda finding: (finding.file != MAIN, finding.file, finding.line))


def _too_large(diagrams: Diagrams) -> Finding | None:
    elements = sum(len(scope.nodes) + len(scope.flows) for scope in diagrams.scopes)
    if elements > MAX_ELEMENTS:
        return TOO_LARGE.broken(MAIN, 0, "", found=elements, limit=MAX_ELEMENTS)
    depth = call_depth(diagrams)
    return TOO_DEEP.broken(MAIN, 0, "", limit=MAX_CALLS_DEEP) if depth > MAX_CALLS_DEEP else None


def call_depth(diagrams: Diagrams) -> int:
    """How many processes call one another in a row at most, as far as MAX_CALLS_DEEP is passed; a circle of calls counts once."""
    calls = {
        scope.id: {node.get("calledElement", "") for node in scope.node.iter(f"{{{BPMN}}}callActivity")}
        for scope in diagrams.processes.values()
    }
    level, depth, seen = set(calls), 0, set[frozenset[str]]()
    while level and depth <= MAX_CALLS_DEEP and frozenset(level) not in seen:
        seen.add(frozenset(level))
        level = {called for identity in level for called in calls[identity] if called in calls}
        depth += 1
    return depth


ReadDiagrams = tuple[Diagrams, list[Finding]]


def read_diagrams(bundle: Bundle) -> ReadDiagrams:
    """The bundle's diagrams as far as they can be read, and what reading them found."""
    roots: dict[str, etree._Element] = {}
    findings: list[Finding] = []
    for name in sorted(bundle.files):
        if name.endswith(".bpmn"):
            root, found = examine(name, bundle.files[name])
            findings += found
            if root is not None:
                roots[name] = root
    return Diagrams(roots, tuple(scope for name, root in roots.items() for scope in scopes(name, root))), findings


def _asked(diagrams: Diagrams, read: ReadTables) -> set[str]:
    """The flags that some expression of the bundle asks for."""
    names = {name for scope in diagrams.scopes for name in named_in(scope)}
    return names.union(*(each.names for table in read.tables.values() for each in table.inputs))


def flags_of(diagrams: Diagrams, read: ReadTables, passport: Passport | None) -> Mapping[str, frozenset[Value]]:
    """What a case begins with, tasks with their outcomes, and how several instances are counted."""
    variants = () if passport is None else passport.variants
    flags: dict[str, frozenset[Value]] = {"case_id": frozenset(), "variant": frozenset(variant.id for variant in variants)}
    for scope in diagrams.scopes:
        for node in scope.tagged(*FLAG_TASKS):
            flags[node.get("id", "")] = frozenset(each.get("ref", "") for each in extensions(node, "outcome"))
            if (table := read.tables.get(attribute(node, "decision", "ref") or "")) is not None:
                flags[node.get("id", "")] = frozenset(table.outputs)
        if scope.node.find(f".//{{{BPMN}}}multiInstanceLoopCharacteristics") is not None:
            flags["loopCounter"] = frozenset()
    return flags


def _processes(bundle: Bundle, diagrams: Diagrams) -> Iterator[Finding]:
    if MAIN not in bundle.files:
        yield NO_MAIN.broken(MAIN, 0, "", expected=MAIN)
    elif MAIN in diagrams.roots:
        own = [scope for scope in diagrams.scopes if scope.parent is None and scope.file == MAIN]
        if len(own) != 1:  # told at the second process: the first may be the one that is meant
            yield ONE_PROCESS.broken_by(MAIN, own[1].node if own else diagrams.roots[MAIN], found=len(own))
    first_scope: dict[str, Scope] = {}
    first_flag: dict[str, Scope] = {}
    for scope in diagrams.scopes:
        other = first_scope.setdefault(scope.id, scope)
        if other.file != scope.file:
            yield SAME_PROCESS.broken_by(scope.file, scope.node, id=scope.id, file=other.file)
        for node in scope.tagged(*FLAG_TASKS):
            other = first_flag.setdefault(node.get("id", ""), scope)
            if other.file != scope.file:
                yield SAME_FLAG.broken_by(scope.file, node, id=node.get("id"), file=other.file)


def _calls(diagrams: Diagrams) -> Iterator[Finding]:
    processes = diagrams.processes
    calls: dict[str, set[str]] = {identity: set() for identity in processes}
    for scope in diagrams.scopes:
        for node in scope.tagged("callActivity"):
            called = node.get("calledElement")
            if not called:
                yield NOT_CALLED.broken_by(scope.file, node)
            elif called not in processes:
                yield UNKNOWN_CALL.broken_by(scope.file, node, called=called, known=", ".join(sorted(processes)))
            else:
                calls[scope.process.id].add(called)
    for identity, scope in processes.items():
        path = _way_back(identity, calls)
        if path:
            yield CALL_CYCLE.broken_by(scope.file, scope.node, path=" → ".join(path))


def _way_back(start: str, calls: Mapping[str, set[str]]) -> list[str]:
    """The calls that lead from a process to itself; empty when none do."""
    seen: set[str] = set()
    waiting = [[start]]
    while waiting:
        path = waiting.pop()
        for called in sorted(calls[path[-1]]):
            if called == start:
                return [*path, called]
            if called not in seen:
                seen.add(called)
                waiting.append([*path, called])
    return []


def _thrown(diagrams: Diagrams) -> Iterator[Finding]:
    """An error is caught on a sub-process around it, or on a call of its process, or around that call."""
    catching = _Catching(diagrams)
    for scope in diagrams.scopes:
        for node in scope.tagged("endEvent"):
            if event_of(node) == "error" and not catching.catches(scope, node):
                yield UNCAUGHT.broken_by(scope.file, node)


class _Catching:
    """Where errors that leave a process or sub-process are caught."""

    def __init__(self, diagrams: Diagrams) -> None:
        self._codes = {
            (file, child.get("id")): child.get("errorCode")
            for file, root in diagrams.roots.items()
            for child in root
            if tag(child) == "error"
        }
        self._calls: dict[str, list[tuple[Scope, str]]] = {}
        for scope in diagrams.scopes:
            for node in scope.tagged("callActivity"):
                self._calls.setdefault(node.get("calledElement", ""), []).append((scope, node.get("id", "")))
        self._leaving: dict[tuple[str, str, str | None], bool] = {}

    def catches(self, scope: Scope, thrown: etree._Element) -> bool:
        """Asked once for a process and a code, however many of its ends throw it."""
        asked = (scope.file, scope.id, self._code(scope, thrown))
        if asked not in self._leaving:
            self._leaving[asked] = self._is_caught(scope, asked[2])
        return self._leaving[asked]

    def _is_caught(self, scope: Scope, code: str | None) -> bool:
        passed: set[str] = set()
        waiting = [scope]
        while waiting:
            inner = waiting.pop()
            if inner.id in passed:
                continue
            passed.add(inner.id)
            around = [(inner.parent, inner.id)] if inner.parent is not None else self._calls.get(inner.id, [])
            for outer, host in around:
                boundaries = (outer.nodes[identity] for identity in outer.boundaries(host))
                if any(event_of(each) == "error" and self._code(outer, each) in (None, code) for each in boundaries):
                    return True
                waiting.append(outer)
        return False

    def _code(self, scope: Scope, event: etree._Element) -> str | None:
        """The code of an error event; None when it names none and so catches every error."""
        definition = next(child for child in event if tag(child) == "errorEventDefinition")
        return self._codes.get((scope.file, definition.get("errorRef")))


def _checklist_outcomes(scope: Scope, node: etree._Element, passport: Passport) -> Iterator[Finding]:
    """A misspelt outcome would let an incomplete set pass."""
    form = next((form for form in passport.forms if form.id == attribute(node, "form", "ref")), None)
    asked = checklist_field(form)
    if asked is None:
        return
    known = {each.get("ref", "") for each in extensions(node, "outcome")}
    for name in sorted({*asked.passes, *asked.fails} - known):
        yield UNKNOWN_OUTCOME.broken_by(scope.file, node, found=name, known=", ".join(sorted(known)))


def _passport(diagrams: Diagrams, passport: Passport, known: Collection[str]) -> Iterator[Finding]:
    roles = {role.id for role in passport.roles}
    forms = {form.id for form in passport.forms}
    grounds = {"*", *(ground.id for ground in passport.grounds)}
    for scope in diagrams.scopes:
        for node in scope.nodes.values():
            named = {each.get("ref", "") for each in extensions(node, "ground")}
            for rule, found, defined in (
                (UNKNOWN_ROLE, {attribute(node, "role", "name")} - {None}, roles),
                (UNKNOWN_FORM, {attribute(node, "form", "ref")} - {None}, forms),
                (UNKNOWN_GROUND, named, grounds),
            ):
                for name in sorted(str(each) for each in found - defined):
                    yield rule.broken_by(scope.file, node, found=name, known=", ".join(sorted(defined)))
            yield from _checklist_outcomes(scope, node, passport)
    for result in passport.results:
        for element in sorted({result.drawn_up_at, result.signed_at, result.end} - set(known)):
            yield RESULT_WITHOUT_STEP.broken(MAIN, 0, element, result=result.id, found=element)
