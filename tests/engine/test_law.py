"""The law of a diagram: the guarantee obligation keeps its act, and each way of breaking it is found at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from app.domain.moves import Bundle, Finding, Severity
from app.domain.passport import Passport, PrescribedTerm, Stage, StepLimit
from app.engine.extension import NAMESPACE
from app.engine.law import MAX_PLACES, law
from app.engine.lint import lint
from app.store.bundles import passport_of, read_bundle
from tests.engine.drawing import (
    LABELS,
    activity,
    boundary,
    bundle,
    call,
    definitions,
    end,
    extended,
    flow,
    gateway,
    path,
    process,
    start,
    timer,
)

REAL = read_bundle(Path(__file__).resolve().parents[2] / "processes" / "guarantee-obligation-end-user-certificate")
PASSPORT = passport_of(REAL)
Change = tuple[str, str, str | None]  # element, what of it ("targetRef", "step/limit"), the new value; None takes it out


def redrawn(*changes: Change) -> Bundle:
    """The real bundle with its diagram changed."""
    root = etree.fromstring(REAL.files["process.bpmn"])
    for element, what, value in changes:
        (node,) = root.iterfind(f".//*[@id='{element}']")
        extension, _, name = what.rpartition("/")
        if extension:
            (node,) = node.iterfind(f".//{{{NAMESPACE}}}{extension}")
        if value is None:
            del node.attrib[name]
        else:
            node.set(name, value)
    return with_diagram(root)


def without_ground(ground: str) -> Bundle:
    root = etree.fromstring(REAL.files["process.bpmn"])
    (node,) = root.iterfind(f".//{{{NAMESPACE}}}ground[@ref='{ground}']")
    node.getparent().remove(node)
    return with_diagram(root)


def with_diagram(root: etree._Element) -> Bundle:
    return replace(REAL, files={**REAL.files, "process.bpmn": etree.tostring(root)})


def with_term(term: PrescribedTerm, *variants: str) -> Passport:
    """The real passport with another term for these variants."""
    changed = (replace(each, term=term) if each.id in variants else each for each in PASSPORT.variants)
    return replace(PASSPORT, variants=tuple(changed))


def agreed(drawn: Bundle, passport: Passport) -> tuple[Bundle, Passport]:
    """The same with the limits of the diagrams in the passport, so that nothing is told but what the test is about."""
    files, limits = dict(drawn.files), []
    for name in (name for name in files if name.endswith(".bpmn")):
        root = etree.fromstring(files[name])
        for node in root.iterfind(".//{*}process//*[@id]"):
            step, term = node.find("./{*}extensionElements/{*}step"), node.findtext("./{*}timerEventDefinition/{*}timeDuration")
            limit = term if step is None else step.get("limit")
            if limit is not None:
                paragraph, origin = ("Rules para 9", "opened") if step is None else (step.get("paragraph"), step.get("from"))
                limits.append(StepLimit(node.get("id", ""), limit, paragraph, origin or "opened", inferred="of the test"))
                if name != "process.bpmn":  # a called process leaves them to the passport
                    del step.attrib["limit"]
        files[name] = etree.tostring(root)
    return replace(drawn, files=files), replace(passport, limits=tuple(limits))


def broken(drawn: Bundle, passport: Passport = PASSPORT) -> list[Finding]:
    return law(*agreed(drawn, passport))


def told(drawn: Bundle, passport: Passport = PASSPORT) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in broken(drawn, passport)]


def sentences(drawn: Bundle, passport: Passport = PASSPORT) -> list[str]:
    return [finding.template % finding.values for finding in broken(drawn, passport)]


def test_the_guarantee_obligation_keeps_its_act() -> None:
    assert law(REAL, PASSPORT) == []


# --- terms -----------------------------------------------------------------------------------------------------------

SEVEN_DAYS = replace(PASSPORT.variant("issue").term, says=None)
LATE = [("law-term", "certificate_issued"), ("law-term", "refused")]


def test_one_more_day_for_the_check_of_compliance_breaks_the_term() -> None:
    # 2 days to find the set complete, 5 to check compliance, 1 to draw up: 8 of 7, whether granted or refused
    drawn = redrawn(("check_compliance", "step/limit", "5 working-days"))
    assert not lint(drawn, passport=PASSPORT)
    assert told(drawn) == LATE
    assert sentences(drawn)[0] == (
        "The limits on the way here (check_completeness, check_compliance, draw_up_certificate) add up to 8 working-days;"
        " the term of the service is 7 working-days (Rules para 6; Standard row 3). Variants: issue, reissue"
    )


def test_a_longer_term_of_one_variant_lets_only_that_variant_be_longer() -> None:
    drawn = redrawn(("check_compliance", "step/limit", "5 working-days"))
    findings = broken(drawn, with_term(replace(SEVEN_DAYS, limit="8 working-days"), "reissue"))
    assert [finding.values["variants"] for finding in findings] == ["issue", "issue"]


@pytest.mark.parametrize(
    ("limit", "counted_from", "expected"),
    [
        ("1 working-days", "opened", LATE[:1]),  # 2 + 4 + 1, and 1 more to sign
        ("1 working-days", None, LATE[:1]),  # a limit that says nothing is counted from its opening
        ("1 working-days", "completed:check_compliance", []),  # beside the day for drawing up, not after it
        ("2 working-days", "completed:check_compliance", LATE[:1]),  # 2 + 4 + 2
        ("7 working-days", "registered", []),  # a bound of its own, whatever came before
        ("8 working-days", "registered", LATE[:1]),
        ("3 working-days", "registered", []),  # nothing is undone by a bound that lies before: 7 all the same
    ],
)
def test_a_limit_for_signing_counts_from_where_it_says(limit: str, counted_from: str | None, expected: list[object]) -> None:
    changes: list[Change] = [("sign_certificate", "step/limit", limit)]
    if counted_from:
        changes.append(("sign_certificate", "step/from", counted_from))
    assert told(redrawn(*changes)) == expected


def test_an_early_bound_of_a_late_step_does_not_hide_what_comes_before_it() -> None:
    # 2 + 5 + 1 is 8 even if signing is bound to the 7th day
    signing: list[Change] = [
        ("sign_certificate", "step/limit", "7 working-days"),
        ("sign_certificate", "step/from", "registered"),
    ]
    assert told(redrawn(("check_compliance", "step/limit", "5 working-days"), *signing)) == LATE


def test_a_term_counted_from_a_step_leaves_out_what_comes_before_it() -> None:
    # from the check of completeness on there are 4 + 1 days
    for limit, expected in (("5 working-days", []), ("4 working-days", LATE)):
        term = replace(SEVEN_DAYS, limit=limit, counted_from="completed:check_completeness")
        assert told(REAL, with_term(term, "issue", "reissue")) == expected


def test_a_return_for_rework_counts_no_step_twice() -> None:
    drawn = redrawn(
        ("certificate_returned", "targetRef", "check_compliance"),
        ("check_compliance", "step/from", "opened"),
        ("draw_up_certificate", "step/from", "opened"),
    )
    assert told(drawn) == []


def test_units_are_not_converted_but_told() -> None:
    drawn = redrawn(("check_compliance", "step/limit", "32 working-hours"))
    (finding,) = broken(drawn, PASSPORT)
    assert (finding.code, finding.place, finding.severity) == ("law-term-unit", "check_compliance", Severity.WARNING)
    assert str(finding).endswith(
        "The limit of 32 working-hours (Rules para 9 part 1) cannot be compared with the term of 7 working-days;"
        " it is left out of the sum. Variants: issue, reissue"
    )


def test_what_can_be_compared_is_still_summed_beside_another_unit() -> None:
    drawn = redrawn(
        ("check_compliance", "step/limit", "32 working-hours"), ("check_completeness", "step/limit", "8 working-days")
    )
    assert told(drawn) == [("law-term-unit", "check_compliance"), *LATE, ("law-term", "discontinued")]


def test_a_limit_is_not_counted_from_a_step_the_case_may_have_missed() -> None:
    drawn = redrawn(("check_compliance", "step/from", "completed:draft_discontinuation"))
    assert told(drawn) == [("law-counted-from", "check_compliance")]


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "ground"), [(i, ground.id) for i, ground in enumerate(PASSPORT.grounds)])
def test_a_ground_no_step_names_is_told_with_its_paragraph(number: int, ground: str) -> None:
    drawn = without_ground(ground)
    assert told(drawn) == [("law-ground", f"grounds[{number}]")]
    assert PASSPORT.ground(ground).paragraph in sentences(drawn)[0]


def test_a_star_names_every_ground_that_its_result_fits() -> None:
    assert told(redrawn(("draft_discontinuation", "ground/ref", "*"))) == []


def test_a_star_names_no_ground_of_another_stage() -> None:
    grounds = tuple(replace(each, stage=Stage.COMPLETENESS) if each.id == "court-ban" else each for each in PASSPORT.grounds)
    passport = replace(PASSPORT, grounds=grounds)
    starred = redrawn(("draw_up_refusal", "ground[@ref='court-ban']/ref", "*"))
    assert told(starred, passport) == [("law-ground", "grounds[3]")]


def test_a_ground_of_substance_does_not_lead_to_a_refusal_of_consideration() -> None:
    drawn = redrawn(("draft_discontinuation", "ground/ref", "court-ban"))
    assert told(drawn) == [("law-ground", "grounds[0]"), ("law-ground-result", "draft_discontinuation")]
    assert sentences(drawn)[1] == (
        "The ground “court-ban” (Standard row 9 (3)) is named here, from where the result “discontinuation” can come;"
        " it may lead only to results of the status “refused”. Variants: issue, reissue"
    )


def test_a_ground_is_told_for_the_variants_alone_it_is_in_force_for() -> None:
    grounds = tuple(replace(each, variants=("reissue",)) if each.id == "court-ban" else each for each in PASSPORT.grounds)
    (finding,) = broken(without_ground("court-ban"), replace(PASSPORT, grounds=grounds))
    assert finding.values["variants"] == "reissue"


def test_the_check_of_completeness_has_a_limit() -> None:
    drawn = redrawn(("check_completeness", "step/limit", None))
    assert not lint(drawn, passport=PASSPORT)
    assert told(drawn) == [("law-completeness", "check_completeness")]
    assert "(Rules para 8 part 1)" in sentences(drawn)[0]


def test_a_limit_for_signing_does_not_stand_in_for_that_of_the_check() -> None:
    drawn = redrawn(("check_completeness", "step/limit", None), ("sign_discontinuation", "step/limit", "2 working-days"))
    assert told(drawn) == [("law-completeness", "check_completeness")]


def test_a_ground_of_completeness_needs_a_step_that_checks_it() -> None:
    """With both ways leading on there is neither a check nor a path to its refusal."""
    drawn = redrawn(("set_incomplete", "targetRef", "request_registry_data"))
    assert told(drawn) == [("law-ground", "grounds[0]"), ("law-completeness", "grounds")]


# --- results ---------------------------------------------------------------------------------------------------------


def test_a_result_cannot_be_given_past_its_signing() -> None:
    drawn = redrawn(("certificate_drawn_up", "targetRef", "deliver_certificate"))
    assert told(drawn) == [("law-unsigned", "certificate_issued")]
    assert sentences(drawn) == [
        "The result “certificate” (Rules para 9; Rules annex 3; Standard row 5) can come here without “sign_certificate”,"
        " where it is signed. Variants: issue, reissue"
    ]


def test_a_result_cannot_be_given_after_it_was_returned_for_rework() -> None:
    drawn = redrawn(("certificate_returned", "targetRef", "deliver_certificate"))
    assert not lint(drawn, passport=PASSPORT)
    assert told(drawn) == [("law-unsigned", "certificate_issued")]
    assert "although the outcome of “sign_certificate” is “return_for_rework”" in sentences(drawn)[0]


def test_the_executor_does_not_sign() -> None:
    drawn = redrawn(("sign_certificate", "role/name", "executor"))
    assert not lint(drawn, passport=PASSPORT)
    assert told(drawn) == [("law-signed-by", "sign_certificate")]
    assert sentences(drawn) == [
        "The result “certificate” (Rules para 9; Rules annex 3; Standard row 5) is signed by “head”;"
        " this step is done by “executor”"
    ]


def test_signing_is_the_outcome_sign() -> None:
    assert told(redrawn(("sign_refusal", "outcome[@ref='sign']/ref", "agree"))) == [("law-signed-by", "sign_refusal")]


def test_what_is_signed_was_drawn_up_before() -> None:
    drawn = redrawn(("requirements_met", "targetRef", "sign_certificate"))
    assert told(drawn) == [("law-drawn-up", "sign_certificate")]


@pytest.mark.parametrize(
    ("key", "element"), [("drawn_up_at", "deliver_refusal"), ("signed_at", "is_refusal_signed"), ("end", "deliver_refusal")]
)
def test_a_result_is_drawn_up_and_signed_by_people_and_given_at_an_end(key: str, element: str) -> None:
    results = tuple(replace(each, **{key: element}) if each.id == "refusal" else each for each in PASSPORT.results)
    assert ("law-result-step", element) in told(REAL, replace(PASSPORT, results=results))


def test_a_step_cites_what_can_be_cited() -> None:
    drawn = redrawn(("check_compliance", "step/paragraph", "paragraph nine"))
    assert not lint(drawn, passport=PASSPORT)
    assert told(drawn) == [("law-paragraph", "check_compliance")]


# --- ways through parallel branches, variants, sub-processes and called processes ---------------------------------------

(CERTIFICATE,) = (each for each in PASSPORT.results if each.id == "certificate")
SMALL = replace(
    PASSPORT,
    grounds=(),
    results=(replace(CERTIFICATE, drawn_up_at="draft", signed_at="signing", end="finish"),),
)
"""A service that drafts, signs and issues, in 7 working days."""


def task(name: str, days: int, inside: str = "") -> str:
    """A user task limited to so many working days from its opening; the one called "signing" is the head's."""
    role, outcome = ("head", "sign") if name == "signing" else ("executor", "done")
    extensions = (
        f'{LABELS}<rasim:step paragraph="Rules para 9" limit="{days} working-days" from="opened"/>'
        f'<rasim:role name="{role}"/><rasim:outcome ref="{outcome}" kk="дайын"/>'
    )
    return f'<bpmn:userTask id="{name}" name="қадам">{extended(extensions)}{inside}</bpmn:userTask>'


def sentences_of(drawn: Bundle) -> list[str]:
    assert not lint(drawn, passport=SMALL)
    return sentences(drawn, SMALL)


def summed(steps: str, total: int, variants: str = "issue, reissue") -> list[str]:
    return [
        f"The limits on the way here ({steps}) add up to {total} working-days; the term of the service is 7 working-days"
        f" (Rules para 6; Standard row 3). Variants: {variants}"
    ]


def in_parallel(one: int, other: int) -> Bundle:
    """begin → fork → draft, opinion → join → signing → finish."""
    return bundle(
        *(start(), gateway("parallel", "fork"), task("draft", one), task("opinion", other), gateway("parallel", "join")),
        *(
            task("signing", 1),
            end(),
            path("begin", "fork", "draft", "join", "signing", "finish"),
            path("fork", "opinion", "join"),
        ),
    )


def test_the_slower_of_parallel_branches_counts_and_each_is_done_before_what_follows() -> None:
    assert sentences_of(in_parallel(6, 6)) == []
    assert sentences_of(in_parallel(2, 7)) == summed("opinion, signing", 8)


def by_variant(on_condition: str, otherwise: str) -> Bundle:
    """begin → which → on_condition (reissue only) | otherwise → on → draft → signing → finish."""
    ways = flow("which", on_condition, "variant == 'reissue'") + path("which", otherwise)
    return bundle(
        *(start(), gateway("exclusive", "which", f"which_{otherwise}"), task("extra", 3), gateway("exclusive", "on")),
        *(task("draft", 4), task("signing", 1), end(), ways, path("begin", "which"), path("extra", "on")),
        path("on", "draft", "signing", "finish"),
    )


def test_a_way_counts_for_the_variants_that_can_take_it() -> None:
    assert sentences_of(by_variant("extra", otherwise="on")) == summed("extra, draft, signing", 8, "reissue")
    assert sentences_of(by_variant("on", otherwise="extra")) == summed("extra, draft, signing", 8, "issue")


def test_a_timer_does_not_end_what_nobody_signed() -> None:
    drawn = bundle(
        *(start(), task("draft", 1), task("signing", 1), boundary("silence", "signing", timer("P1D")), end()),
        *(path("begin", "draft", "signing", "finish"), path("silence", "finish")),
    )
    assert not lint(drawn, passport=SMALL)
    assert ("law-unsigned", "finish") in told(drawn, SMALL)


INSIDE = start("s_in") + task("signing", 4) + end("s_out") + path("s_in", "signing", "s_out")
PASSED_BY = (
    start("s_in") + gateway("exclusive", "s_urgent", "s_urgent_s_on") + task("signing", 1) + gateway("exclusive", "s_on")
) + (
    end("s_out")
    + path("s_in", "s_urgent", "s_on", "s_out")
    + flow("s_urgent", "signing", "draft == 'done'")
    + path("signing", "s_on")
)


def as_sub_process(inside: str) -> Bundle:
    inner = activity("subProcess", "inner", inside)
    return bundle(start(), task("draft", 4), inner, end(), path("begin", "draft", "inner", "finish"))


def as_called_process(inside: str) -> Bundle:
    shared = definitions(process(inside, id_="shared"))
    return bundle(
        start(), task("draft", 4), call("inner", "shared"), end(), path("begin", "draft", "inner", "finish"), shared=shared
    )


@pytest.mark.parametrize("held", [as_sub_process, as_called_process])
def test_what_is_inside_an_activity_counts_as_if_it_stood_there(held: Callable[[str], Bundle]) -> None:
    assert sentences_of(held(INSIDE)) == summed("draft, signing", 8)
    assert not lint(held(PASSED_BY), passport=SMALL)
    assert told(held(PASSED_BY), SMALL) == [("law-unsigned", "finish")]


def test_the_limit_of_an_activity_is_counted_beside_what_is_inside_it() -> None:
    """4 days to draft and 4 for the whole of what follows, in which signing has 2: 8, not 10."""
    drawn = as_sub_process(INSIDE.replace("4 working-days", "2 working-days"))
    content = drawn.files["process.bpmn"].decode()
    limited = content.replace('paragraph="Rules para 8"', 'paragraph="Rules para 8" limit="4 working-days"')
    assert sentences_of(replace(drawn, files={"process.bpmn": limited.encode()})) == summed("draft, inner", 8)


@pytest.mark.parametrize("left_by", ['<bpmn:errorEventDefinition errorRef="late"/>', timer("P1D")])
def test_an_activity_left_by_a_boundary_event_took_its_days_all_the_same(left_by: str) -> None:
    inside = INSIDE.replace(end("s_out"), end("s_out", left_by)) if "error" in left_by else INSIDE
    drawn = bundle(
        *(start(), activity("subProcess", "inner", inside), boundary("left", "inner", left_by), task("draft", 4), end()),
        *(end("otherwise"), path("begin", "inner", "otherwise"), path("left", "draft", "finish")),
        roots='<bpmn:error id="late" name="late" errorCode="LATE"/>',
    )
    assert not lint(drawn, passport=SMALL)
    assert summed("signing, draft", 8)[0] in sentences(drawn, SMALL)


def test_a_result_ends_in_the_main_process() -> None:
    passport = replace(SMALL, results=(replace(SMALL.results[0], end="s_out"),))
    assert ("law-result-step", "s_out") in told(as_sub_process(INSIDE), passport)


def test_what_is_wrong_in_a_process_called_twice_is_told_once() -> None:
    shared = definitions(process(INSIDE, id_="shared"))
    drawn = bundle(
        start(), call("one", "shared"), call("two", "shared"), end(), path("begin", "one", "two", "finish"), shared=shared
    )
    (finding,) = (each for each in broken(drawn, SMALL) if each.code == "law-drawn-up")
    assert (finding.file, finding.place, finding.values["variants"]) == ("shared/shared.bpmn", "signing", "issue, reissue")


def test_calls_that_multiply_are_told_and_not_spelled_out() -> None:
    levels = 12  # 2 ** 12 calls of the last one, each with a start and an end
    shared = {f"level_{n}": definitions(process(*calling_twice(n), id_=f"level_{n}")) for n in range(1, levels)}
    shared[f"level_{levels}"] = definitions(process(start("z_in"), end("z_out"), path("z_in", "z_out"), id_=f"level_{levels}"))
    assert told(bundle(*calling_twice(0), **shared), SMALL) == [("law-size", "main")]
    assert 2**levels > MAX_PLACES


def calling_twice(level: int) -> Iterator[str]:
    begin, one, two, finish = (f"{name}_{level}" for name in ("begin", "one", "two", "finish"))
    yield from (start(begin), call(one, f"level_{level + 1}"), call(two, f"level_{level + 1}"), end(finish))
    yield path(begin, one, two, finish)
