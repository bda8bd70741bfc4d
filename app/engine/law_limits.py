"""Whether the passport and the diagrams agree about limits, and whether the passport's numbers are those of the act's words.

A limit of the main diagram stands twice, beside its step and with the act's words in the passport, so that neither can be
changed alone. A step of a called process, drawn once for many services, has its limit in the passport only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from app.domain.errors import Invalid
from app.domain.expressions import compile_term
from app.domain.moves import Finding
from app.domain.passport import Passport
from app.domain.prescribed import unproved
from app.domain.terms import Term, Unit
from app.engine.extension import BPMN, attribute, extensions
from app.engine.findings import Rule
from app.engine.graph import Scope, event_of, tag
from app.engine.lint import MAIN, Diagrams

PASSPORT = "service.yaml"
DECIDE = "decide"
COMPLETED = "completed:"
_NUMBER = re.compile(r"(?<!\w)\d")

NO_ENTRY = Rule("law-limit", "The passport's limits have no entry for the limit of %(limit)s (%(paragraph)s) here")
TWO_ENTRIES = Rule("law-limit", "The limit of “%(step)s” (%(paragraph)s) stands in the passport twice")
OTHER_LIMIT = Rule("law-limit", "The limit here is %(limit)s; %(entry)s of the passport says %(expected)s (%(paragraph)s)")
OTHER_ORIGIN = Rule(
    "law-limit", "The limit here is counted from %(origin)s; %(entry)s of the passport says from %(expected)s (%(paragraph)s)"
)
OTHER_PARAGRAPH = Rule("law-limit", "The step stands on %(found)s; %(entry)s of the passport on %(paragraph)s")
NUMBER_IN_TERM = Rule(
    "law-limit",
    "The term of the timer (%(paragraph)s) depends on the case, so the number in “%(found)s” cannot be held against the act",
)
NOT_DRAWN = Rule("law-limit", "The passport limits “%(step)s” (%(paragraph)s), which has no limit in the diagram")
LIMIT_OF_SHARED = Rule(
    "law-limit", "A called process is drawn for many services; the limit of %(limit)s (%(paragraph)s) belongs to the passport"
)
NO_SUCH_STEP = Rule("law-passport-step", "There is no %(expected)s “%(step)s” in the diagrams (%(paragraph)s)")
NO_SUCH_OUTCOME = Rule("law-passport-step", "The step “%(step)s” (%(paragraph)s) has no outcome “%(outcome)s”; known: %(known)s")
NO_TABLE = Rule("law-passport-step", "The step decides by a table of the passport (%(paragraph)s), and there is none for it")


def unproved_numbers(passport: Passport) -> Iterator[Finding]:
    """Prescribed numbers of the passport that the act's own words do not prove."""
    for each in unproved(passport):
        yield Finding(PASSPORT, 0, each.place, each.sentence.template, each.sentence.values, code="law-words")


def limits(diagrams: Diagrams, passport: Passport) -> Iterator[Finding]:
    """Every limit in a diagram and in the passport that the other does not have, or has otherwise."""
    entries = {limit.element: f"limits[{i}]" for i, limit in reversed(list(enumerate(passport.limits)))}
    drawn: set[str] = set()
    for scope in diagrams.scopes:
        for identity, node in scope.nodes.items():
            if is_timer(node) and timer_term(node) is None and _NUMBER.search(_timer_text(node)):
                yield NUMBER_IN_TERM.broken_by(scope.file, node, paragraph=_paragraph(node), found=_timer_text(node))
            for limit in drawn_limits(node):
                drawn.add(identity)
                yield from _drawn(scope, node, limit, passport, entries)
    for i, entry in enumerate(passport.limits):
        told = {"step": entry.element, "paragraph": entry.paragraph}
        if entries[entry.element] != f"limits[{i}]":
            yield TWO_ENTRIES.broken(PASSPORT, 0, f"limits[{i}]", **told)
        elif entry.element not in drawn and any(scope.file == MAIN and entry.element in scope.nodes for scope in diagrams.scopes):
            yield NOT_DRAWN.broken(PASSPORT, 0, f"limits[{i}]", **told)


def _drawn(scope: Scope, node: etree._Element, limit: Term, passport: Passport, entries: Mapping[str, str]) -> Iterator[Finding]:
    """What the passport has otherwise about a limit of the diagram."""
    entry, origin = passport.limit_at(node.get("id", "")), attribute(node, "step", "from") or "opened"
    if scope.file != MAIN and not is_timer(node):
        yield LIMIT_OF_SHARED.broken_by(scope.file, node, limit=limit, paragraph=_paragraph(node))
    elif entry is not None:
        told = {"entry": entries[entry.element], "paragraph": entry.paragraph}
        if limit != Term.parse(entry.limit):
            yield OTHER_LIMIT.broken_by(scope.file, node, limit=limit, expected=entry.limit, **told)
        if origin != entry.counted_from:
            yield OTHER_ORIGIN.broken_by(scope.file, node, origin=origin, expected=entry.counted_from, **told)
        cited = attribute(node, "step", "paragraph") is not None or attribute(node, "inferred", "why") is None
        if cited and not _cited(_paragraph(node)) & _cited(entry.paragraph):
            yield OTHER_PARAGRAPH.broken_by(scope.file, node, found=_paragraph(node), **told)
    else:
        yield NO_ENTRY.broken_by(scope.file, node, limit=limit, paragraph=_paragraph(node))


def drawn_limits(node: etree._Element) -> Iterator[Term]:
    """The limit that stands beside a step, and the term of a timer event."""
    limit, term = attribute(node, "step", "limit"), timer_term(node) if is_timer(node) else None
    if limit is not None:
        yield Term.parse(limit)
    if term is not None:
        yield term


def is_timer(node: etree._Element) -> bool:
    return event_of(node) == "timer"


def timer_term(node: etree._Element) -> Term | None:
    """For how long a timer event waits; None for what is no term or depends on the case."""
    try:
        return Term.parse(str(compile_term(_timer_text(node)).evaluate({})))
    except Invalid:
        return None


def timer_runs_in(node: etree._Element, unit: Unit) -> bool:
    """Whether this is a timer event whose term is measured in the unit."""
    term = timer_term(node) if is_timer(node) else None
    return term is not None and term.unit is unit


def _timer_text(node: etree._Element) -> str:
    definition = node.find(f"{{{BPMN}}}timerEventDefinition")
    return "" if definition is None else "".join(str(text) for text in definition.itertext()).strip()


def _paragraph(node: etree._Element) -> str:
    return attribute(node, "step", "paragraph") or "—"


def _cited(paragraph: str) -> set[str]:
    return set(paragraph.split("; "))


# --- what the passport says of single steps ---------------------------------------------------------------------------


def named_steps(diagrams: Diagrams, passport: Passport) -> Iterator[Finding]:
    """Every step the passport names beside the results' must be drawn, and be of the kind it is named for."""
    for place, element, kinds, paragraph in _named(passport):
        if not any(tag(node) in kinds for node in _nodes(diagrams, element)):
            expected = " or ".join(kinds)
            yield NO_SUCH_STEP.broken(PASSPORT, 0, place, expected=expected, step=element, paragraph=paragraph)
    for i, switch in enumerate(passport.switches):
        known = [each.get("ref", "") for node in _nodes(diagrams, switch.at) for each in extensions(node, "outcome")]
        if switch.outcome is not None and switch.outcome not in known:
            told = {"outcome": switch.outcome, "known": ", ".join(known), "paragraph": switch.paragraph}
            yield NO_SUCH_OUTCOME.broken(PASSPORT, 0, f"switches[{i}].outcome", step=switch.at, **told)
    tables = {table.at for table in passport.decisions}
    for scope in diagrams.scopes:
        for identity, node in scope.nodes.items():
            if attribute(node, "handler", "name") == DECIDE and identity not in tables:
                yield NO_TABLE.broken_by(scope.file, node, paragraph=_paragraph(node))


def _named(passport: Passport) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Key path, element, the tags it may have, paragraph."""
    task, limited = ("userTask",), ("userTask", "subProcess", "callActivity", "intermediateCatchEvent", "boundaryEvent")
    for i, limit in enumerate(passport.limits):
        yield f"limits[{i}].element", limit.element, limited, limit.paragraph
        if limit.counted_from.startswith(COMPLETED):
            yield f"limits[{i}].counted_from", limit.counted_from.removeprefix(COMPLETED), task, limit.paragraph
    for i, switch in enumerate(passport.switches):
        yield f"switches[{i}].at", switch.at, task, switch.paragraph
    for i, suspension in enumerate(passport.suspensions):
        yield f"suspensions[{i}].during", suspension.during, task, suspension.paragraph
    for i, consultation in enumerate(passport.consultations):
        yield f"consultations[{i}].at", consultation.at, task, consultation.paragraph
    for i, table in enumerate(passport.decisions):
        yield f"decisions[{i}].at", table.at, ("serviceTask",), table.paragraph or "—"
    for i, ending in enumerate(passport.endings):
        yield f"endings[{i}].end", ending.end, ("endEvent",), ending.paragraph


def _nodes(diagrams: Diagrams, element: str) -> list[etree._Element]:
    return [scope.nodes[element] for scope in diagrams.scopes if element in scope.nodes]
