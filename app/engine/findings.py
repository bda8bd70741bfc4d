"""A rule of the checks: its stable code, the sentence it is reported with and how grave a breach is."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.domain.moves import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """`template` is the English gettext id of the sentence, with %(name)s places."""

    code: str
    template: str
    severity: Severity = Severity.ERROR

    def broken(self, file: str, line: int, place: str, /, **values: object) -> Finding:
        return Finding(file, line, place, self.template, values, self.severity, self.code)

    def broken_by(self, file: str, node: etree._Element, /, **values: object) -> Finding:
        """Reported at an XML element, or at the nearest element around it that has an id."""
        return self.broken(file, line_of(node), place_of(node), **values)


def line_of(node: etree._Element) -> int:
    """The line of the file the element began on; 0 for one that was not read from a file."""
    line = node.sourceline
    return line if isinstance(line, int) else 0


def place_of(node: etree._Element) -> str:
    """The element's id, or that of the nearest one around it; of a shape or line the id of what it draws."""
    around: etree._Element | None = node
    while around is not None:
        if found := around.get("bpmnElement") or around.get("id"):
            return found
        around = around.getparent()
    return ""


def has_errors(findings: list[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
