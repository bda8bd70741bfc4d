"""Whether a case can be refused by every ground the act lists, at the stage it lists it for, and by none elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.case import CaseStatus
from app.domain.expressions import compile_expression
from app.domain.moves import Finding
from app.domain.passport import Ground, Passport, Result, Stage, Variant
from app.engine.course import Course, Place
from app.engine.extension import attribute, extensions
from app.engine.findings import Rule
from app.engine.graph import tag

PASSPORT = "service.yaml"

NO_REFUSAL = Rule(
    "law-ground",
    "No user task on a path to a result of the status “%(status)s” names the ground “%(ground)s” (%(paragraph)s)."
    " Variants: %(variants)s",
)
WRONG_REFUSAL = Rule(
    "law-ground-result",
    "The ground “%(ground)s” (%(paragraph)s) is named here, from where the result “%(result)s” can come;"
    " it may lead only to results of the status “%(status)s”. Variants: %(variants)s",
)
NO_COMPLETENESS = Rule(
    "law-completeness",
    "The act refuses sets that are not complete (%(paragraph)s); no step turns a case to a result of the status “%(status)s”."
    " Variants: %(variants)s",
)
NO_LIMIT = Rule(
    "law-completeness", "This step checks whether the set is complete (%(paragraph)s) without a limit. Variants: %(variants)s"
)

_STATUS = {
    Stage.INTAKE: CaseStatus.NOT_ACCEPTED,
    Stage.COMPLETENESS: CaseStatus.DISCONTINUED,
    Stage.SUBSTANCE: CaseStatus.REFUSED,
}


def refusals(course: Course, passport: Passport, variant: Variant) -> Iterator[Finding]:
    """A step that names `*` stands for those grounds that its results fit."""
    for number, ground in enumerate(passport.grounds):
        if variant.id in ground.variants:
            yield from _ground(course, passport, ground, f"grounds[{number}]")
    if incomplete := passport.grounds_for(variant.id, Stage.COMPLETENESS):
        yield from _completeness(course, passport, incomplete[0])


def _ground(course: Course, passport: Passport, ground: Ground, key: str) -> Iterator[Finding]:
    status, has_path = _STATUS[ground.stage], False
    told = {"ground": ground.id, "paragraph": ground.paragraph, "status": status.value}
    for place in course.onward:
        node = course.node(place)
        named = {each.get("ref") for each in extensions(node, "ground")} if tag(node) == "userTask" else set()
        if named & {ground.id, "*"}:
            results = _results(course, passport, place)
            has_path = has_path or any(result.status is status for result in results)
            for result in results if ground.id in named else ():
                if result.status is not status:
                    yield WRONG_REFUSAL.broken_by(*course.at(place), result=result.id, **told)
    if not has_path:
        yield NO_REFUSAL.broken(PASSPORT, 0, key, **told)


def _completeness(course: Course, passport: Passport, ground: Ground) -> Iterator[Finding]:
    """The act gives the provider a limit to find out that the set is not complete, so that step must have one."""
    steps = list(_turning_to(course, passport, CaseStatus.DISCONTINUED))
    if not steps:
        status = CaseStatus.DISCONTINUED.value
        yield NO_COMPLETENESS.broken(PASSPORT, 0, "grounds", paragraph=ground.paragraph, status=status)
    elif not any(attribute(course.node(step), "step", "limit") for step in steps):
        yield NO_LIMIT.broken_by(*course.at(steps[0]), paragraph=ground.paragraph)


def _turning_to(course: Course, passport: Passport, status: CaseStatus) -> Iterator[Place]:
    """The steps whose outcome decides, at a gateway, that a case can only come to a result of the status any more."""
    for place, following in course.onward.items():
        statuses = [{result.status for result in _results(course, passport, each)} for each in following]
        if {status} in statuses and any(others != {status} for others in statuses):
            for flow in course.scope(place).outgoing(place[-1]):
                for name in sorted(compile_expression(flow.condition).names if flow.condition else ()):
                    yield from course.places(name)


def _results(course: Course, passport: Passport, place: Place) -> list[Result]:
    return [result for result in passport.results if result.end in course.ends[place]]
