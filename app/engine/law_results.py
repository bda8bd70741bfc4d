"""Whether every result is drawn up, then signed by the one who may, and only then given."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.domain.moves import Finding
from app.domain.passport import SIGN, Passport, Result, Variant
from app.engine.course import Course
from app.engine.extension import attribute, extensions
from app.engine.findings import Rule
from app.engine.graph import Scope, tag
from app.engine.lint import MAIN, Diagrams

WRONG_KIND = Rule("law-result-step", "The result “%(result)s” (%(paragraph)s) needs a %(expected)s here, found a %(found)s")
NOT_AT_THE_END = Rule(
    "law-result-step", "The result “%(result)s” (%(paragraph)s) ends the case, so its end must stand in the main process"
)
WRONG_SIGNER = Rule(
    "law-signed-by", "The result “%(result)s” (%(paragraph)s) is signed by “%(expected)s”; this step is done by “%(found)s”"
)
NO_SIGNING = Rule(
    "law-signed-by", "The result “%(result)s” (%(paragraph)s) is signed by the outcome “sign”; the outcomes here are: %(found)s"
)
NOT_DRAWN_UP = Rule(
    "law-drawn-up",
    "The result “%(result)s” (%(paragraph)s) can come here to be signed without “%(step)s”, where it is drawn up."
    " Variants: %(variants)s",
)
UNSIGNED = Rule(
    "law-unsigned",
    "The result “%(result)s” (%(paragraph)s) can come here without “%(step)s”, where it is signed. Variants: %(variants)s",
)
NOT_SIGNED = Rule(
    "law-unsigned",
    "The result “%(result)s” (%(paragraph)s) can come here although the outcome of “%(step)s” is “%(outcome)s”."
    " Variants: %(variants)s",
)


def result_steps(diagrams: Diagrams, passport: Passport) -> Iterator[Finding]:
    """What stands where the passport's results are drawn up, signed and given."""
    for result in passport.results:
        for scope in diagrams.scopes:
            for element, kind in ((result.drawn_up_at, "userTask"), (result.signed_at, "userTask"), (result.end, "endEvent")):
                node = scope.nodes.get(element)
                if node is not None and tag(node) != kind:
                    yield WRONG_KIND.broken_by(scope.file, node, **_told(result), expected=kind, found=tag(node))
            if result.end in scope.nodes and (scope.file != MAIN or scope.parent is not None):
                yield NOT_AT_THE_END.broken_by(scope.file, scope.nodes[result.end], **_told(result))
            yield from _signer(scope, result)


def _signer(scope: Scope, result: Result) -> Iterator[Finding]:
    node = scope.nodes.get(result.signed_at)
    if node is None or tag(node) != "userTask":
        return
    role, outcomes = attribute(node, "role", "name"), _outcomes(node)
    if role != result.signed_by:
        yield WRONG_SIGNER.broken_by(scope.file, node, **_told(result), expected=result.signed_by, found=role)
    if SIGN not in outcomes:
        yield NO_SIGNING.broken_by(scope.file, node, **_told(result), found=", ".join(outcomes))


def signing(diagrams: Diagrams, course: Course, passport: Passport, variant: Variant) -> Iterator[Finding]:
    """Whether a case of the variant can come to be signed undrawn, or to its end unsigned.

    It can end unsigned when the end can be reached without completing the signing step at all, or with that step completed by
    another outcome than `sign` only: a draft returned for rework must come back to be signed.
    """
    for result in passport.results:
        signed_at = course.places(result.signed_at)
        for place in signed_at:
            if place in course.entered(never=result.drawn_up_at):
                yield NOT_DRAWN_UP.broken_by(*course.at(place), **_told(result), step=result.drawn_up_at)
        outcomes = {outcome for place in signed_at for outcome in _outcomes(course.node(place))}
        for end in course.places(result.end):
            if end in course.entered(never=result.signed_at):
                yield UNSIGNED.broken_by(*course.at(end), **_told(result), step=result.signed_at)
                continue
            for outcome in sorted(outcomes - {SIGN}) if SIGN in outcomes else ():
                otherwise = Course(diagrams, {"variant": variant.id, result.signed_at: outcome})
                if end in otherwise.entered():
                    yield NOT_SIGNED.broken_by(*course.at(end), **_told(result), step=result.signed_at, outcome=outcome)


def _outcomes(node: etree._Element) -> list[str]:
    return [each.get("ref", "") for each in extensions(node, "outcome")]


def _told(result: Result) -> dict[str, str]:
    return {"result": result.id, "paragraph": result.paragraph}
