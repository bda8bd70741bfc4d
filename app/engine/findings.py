"""A rule of the checks: its stable code, the sentence it is reported with and how grave a breach is."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.domain.moves import Finding, Severity

MAX_SAID = 1_000  # characters of one value: the longest list of known names has some eight hundred


@dataclass(frozen=True, slots=True)
class Rule:
    """`template` is the English gettext id of the sentence, with %(name)s places."""

    code: str
    template: str
    severity: Severity = Severity.ERROR

    def broken(self, file: str, line: int, place: str, /, **values: object) -> Finding:
        said = {name: shortened(value) for name, value in values.items()}
        return Finding(file, line, str(shortened(place)), self.template, said, self.severity, self.code)

    def broken_by(self, file: str, node: etree._Element, /, **values: object) -> Finding:
        """Reported at an XML element, or at the nearest element around it that has an id."""
        return self.broken(file, line_of(node), place_of(node), **values)


def shortened(value: object) -> object:
    """A text as it may stand in a sentence: what a file says can be megabytes long."""
    return f"{value[:MAX_SAID]}…" if isinstance(value, str) and len(value) > MAX_SAID else value


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
