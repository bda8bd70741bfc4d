"""Limits stand twice, in the diagram and in the passport, and must agree; what the passport says of steps must be drawn so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.case import CaseStatus
from app.domain.moves import Bundle, Severity
from app.domain.passport import (
    Consultation,
    DecisionTable,
    Ending,
    PrescribedTerm,
    StepLimit,
    Suspension,
    TermSwitch,
)
from app.domain.text import Text
from app.engine.law import law
from app.engine.lint import lint
from app.store.bundles import passport_of, read_bundle
from tests.engine.drawing import (
    LABELS,
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
)

REAL = read_bundle(Path(__file__).resolve().parents[2] / "processes" / "guarantee-obligation-end-user-certificate")
GUARANTEE = passport_of(REAL)
TEXT = Text("мәтін", "текст", "text")
(CERTIFICATE,) = (each for each in GUARANTEE.results if each.id == "certificate")
SEVEN_DAYS = PrescribedTerm("registered", "Rules para 6", "7 working-days", inferred="of the test")
SMALL = replace(
    GUARANTEE,
    limits=(),
    grounds=(),
    variants=(
        replace(GUARANTEE.variants[0], term=PrescribedTerm("registered", "Rules para 6", "7 working-days", inferred="small")),
    ),
    results=(replace(CERTIFICATE, drawn_up_at="draft", signed_at="signing", end="finish"),),
)
"""A service that drafts, signs and issues, in 7 working days."""


def task(
    name: str, term: str = "", origin: str = "", paragraph: str = "Rules para 9", outcomes: tuple[str, ...] = ("done",)
) -> str:
    """A user task; the one called "signing" is the head's."""
    role, outcomes = ("head", ("sign",)) if name == "signing" else ("executor", outcomes)
    given = {"paragraph": paragraph, "limit": term, "from": origin}
    step = " ".join(f'{key}="{value}"' for key, value in given.items() if value)
    buttons = "".join(f'<rasim:outcome ref="{each}" kk="дайын"/>' for each in outcomes)
    extensions = extended(f'{LABELS}<rasim:step {step}/><rasim:role name="{role}"/>{buttons}')
    return f'<bpmn:userTask id="{name}" name="қадам">{extensions}</bpmn:userTask>'


def timed(tag: str, name: str, term: str, attributes: str = "") -> str:
    """A timer event that cites its paragraph."""
    definition = f"<bpmn:timerEventDefinition><bpmn:timeDuration>{term}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    step = extended('<rasim:step paragraph="Rules para 9"/>')
    return f'<bpmn:{tag} id="{name}" name="мерзім" {attributes}>{step}{definition}</bpmn:{tag}>'


def on(host: str, name: str, term: str) -> str:
    return timed("boundaryEvent", name, term, f'attachedToRef="{host}" cancelActivity="true"')


def limit(element: str, term: str, origin: str = "opened", paragraph: str = "Rules para 9", says: str | None = None) -> StepLimit:
    return StepLimit(element, term, paragraph, origin, says=says, inferred=None if says else "of the test")


def line(*elements: str, names: tuple[str, ...] = ()) -> Bundle:
    """begin → the elements in this order → finish."""
    return bundle(start(), *elements, end(), path("begin", *names, "finish"))


def drafted(draft: str) -> Bundle:
    return line(draft, task("signing"), names=("draft", "signing"))


def told(drawn: Bundle, **changes: Any) -> list[tuple[str, str, str]]:
    return [(each.code, each.place, each.template % each.values) for each in law(drawn, replace(SMALL, **changes))]


def codes(drawn: Bundle, **changes: Any) -> list[tuple[str, str]]:
    return [(code, place) for code, place, _ in told(drawn, **changes)]


# --- the same limit in diagram and passport ---------------------------------------------------------------------------


def test_a_limit_that_stands_in_both_alike_is_in_order() -> None:
    assert (
        told(drafted(task("draft", "2 working-days", "registered")), limits=(limit("draft", "2 working-days", "registered"),))
        == []
    )


@pytest.mark.parametrize(
    ("drawn", "limits", "place", "words"),
    [
        (task("draft", "2 working-days"), (), "draft", "no entry for the limit of 2 working-days (Rules para 9)"),
        (
            task("draft", "2 working-days"),
            (limit("draft", "3 working-days"),),
            "draft",
            "The limit here is 2 working-days; limits[0] of the passport says 3 working-days (Rules para 9)",
        ),
        (task("draft", "2 working-days"), (limit("draft", "2 calendar-days"),), "draft", "says 2 calendar-days"),
        (
            task("draft", "2 working-days"),
            (limit("draft", "2 working-days", "registered"),),
            "draft",
            "counted from opened; limits[0] of the passport says from registered (Rules para 9)",
        ),
        (
            task("draft", "2 working-days"),
            (limit("draft", "2 working-days", paragraph="Rules para 8; Standard row 3"),),
            "draft",
            "The step stands on Rules para 9; limits[0] of the passport on Rules para 8; Standard row 3",
        ),
        (task("draft"), (limit("draft", "2 working-days"),), "limits[0]", "has no limit in the diagram"),
        (
            task("draft", "2 working-days"),
            (limit("draft", "2 working-days"), limit("draft", "2 working-days")),
            "limits[1]",
            "stands in the passport twice",
        ),
        (task("draft"), (limit("drafting", "2 working-days"),), "limits[0].element", "“drafting”"),
        (
            task("draft", "2 working-days"),
            (limit("draft", "2 working-days", "completed:check"),),
            "limits[0].counted_from",
            "no userTask “check”",
        ),
    ],
)
def test_a_limit_that_differs_is_told(drawn: str, limits: tuple[StepLimit, ...], place: str, words: str) -> None:
    found = {where: sentence for code, where, sentence in told(drafted(drawn), limits=limits) if code.startswith("law-")}
    assert words in found[place]


def test_one_common_citation_is_enough() -> None:
    drawn = drafted(task("draft", "2 working-days", paragraph="Rules para 9; Rules annex 2"))
    assert told(drawn, limits=(limit("draft", "2 working-days"),)) == []


def test_a_timers_term_is_a_limit() -> None:
    drawn = bundle(
        *(start(), task("draft"), on("draft", "silence", "working_days(2)"), task("signing"), end()),
        *(path("begin", "draft", "signing", "finish"), path("silence", "signing")),
    )
    assert codes(drawn) == [("law-limit", "silence"), ("law-drawn-up", "signing")]
    assert codes(drawn, limits=(limit("silence", "3 working-days"),)) == [("law-limit", "silence"), ("law-drawn-up", "signing")]
    assert codes(drawn, limits=(limit("silence", "2 working-days"),)) == [("law-drawn-up", "signing")]


def test_a_term_that_depends_on_the_case_holds_no_number_of_its_own() -> None:
    waits = "begin", "wait", "draft", "signing", "finish"
    for term, expected in (
        ("working_days(count)", []),
        ("working_days(count + 2)", [("law-limit", "wait")]),
        ("working_days(2) if variant == 'issue' else working_days(3)", [("law-limit", "wait")]),
    ):
        drawn = bundle(
            start(), timed("intermediateCatchEvent", "wait", term), task("draft"), task("signing"), end(), path(*waits)
        )
        assert codes(drawn) == expected


def test_the_limit_of_a_called_process_stands_in_the_passport_alone() -> None:
    def called(inside: str) -> Bundle:
        shared = definitions(process(start("s_in"), inside, end("s_out"), path("s_in", "asked", "s_out"), id_="shared"))
        elements = (start(), call("ask", "shared"), task("draft"), task("signing"), end())
        return bundle(*elements, path("begin", "ask", "draft", "signing", "finish"), shared=shared)

    assert codes(called(task("asked")), limits=(limit("asked", "2 working-days"),)) == []
    assert codes(called(task("asked", "2 working-days")), limits=(limit("asked", "2 working-days"),)) == [("law-limit", "asked")]
    assert codes(called(task("asked")), limits=(limit("asked", "8 working-days"),)) == [("law-term", "finish")]


def test_a_limit_the_acts_words_do_not_say_is_told_with_its_paragraph() -> None:
    says = "3 (үш) жұмыс күні ішінде"
    drawn = drafted(task("draft", "2 working-days"))
    (found,) = told(drawn, limits=(limit("draft", "2 working-days", says=says),))
    assert found == (
        "law-words",
        "limits[0].limit",
        "The act's words (Rules para 9) do not say 2 working-days; they say: 3 жұмыс күні.",
    )


# --- terms: called limits, time that stands still, terms that change ----------------------------------------------------


def with_sample(draft: str) -> Bundle:
    """begin → check → sample → draft → signing → finish; the sample's time may lapse."""
    sample = (task("sample", "5 working-days"), on("sample", "lapsed", "working_days(5)"), gateway("exclusive", "on"))
    steps = (task("check", "3 working-days"), *sample, task("draft", draft), task("signing"))
    ways = path("begin", "check", "sample", "on", "draft", "signing", "finish") + path("lapsed", "on")
    return bundle(start(), *steps, end(), ways)


def limits_of_sample(draft: str) -> tuple[StepLimit, ...]:
    terms = {"check": "3 working-days", "sample": "5 working-days", "lapsed": "5 working-days", "draft": draft}
    return tuple(limit(element, term) for element, term in terms.items())


AT_THE_SAMPLE = Suspension("sample", TEXT, "sample", "Rules para 9")


def test_time_that_stands_still_is_no_part_of_the_sum() -> None:
    # 3 days to check and 4 to draw up are 7; the 5 for the sample would make 12
    drawn, limits = with_sample("4 working-days"), limits_of_sample("4 working-days")
    (found,) = told(drawn, limits=limits)
    assert " add up to 12 working-days" in found[2]
    assert told(drawn, limits=limits, suspensions=(AT_THE_SAMPLE,)) == []
    longer, limits = with_sample("5 working-days"), limits_of_sample("5 working-days")
    (found,) = told(longer, limits=limits, suspensions=(AT_THE_SAMPLE,))
    assert "(check, draft) add up to 8 working-days" in found[2]


def test_a_limit_in_time_that_stands_still_may_be_of_any_unit() -> None:
    drawn = line(task("sample", "5 calendar-days"), task("draft"), task("signing"), names=("sample", "draft", "signing"))
    limits = (limit("sample", "5 calendar-days"),)
    assert codes(drawn, limits=limits) == [("law-term-unit", "sample")]
    assert codes(drawn, limits=limits, suspensions=(AT_THE_SAMPLE,)) == []


def switch(term: str | None, outcome: str | None = None) -> TermSwitch:
    return TermSwitch("to-longer", "sample", "Rules para 10", outcome, limit=term, inferred="of the test")


def test_a_switch_begins_the_sum_anew_against_its_own_term() -> None:
    # the days to draw up are measured against the 30 from the sample on, whatever came before it
    for draft, expected in (("30 calendar-days", []), ("31 calendar-days", [("law-term", "finish")])):
        drawn = line(
            *(task("check", "7 working-days"), task("sample"), task("draft", draft), task("signing")),
            names=("check", "sample", "draft", "signing"),
        )
        limits = (limit("check", "7 working-days"), limit("draft", draft))
        assert codes(drawn, limits=limits, switches=(switch("30 calendar-days"),)) == expected


def test_a_switch_to_no_term_leaves_nothing_to_measure_after_it() -> None:
    drawn = line(task("sample"), task("draft", "99 working-days"), task("signing"), names=("sample", "draft", "signing"))
    limits = (limit("draft", "99 working-days"),)
    assert codes(drawn, limits=limits) == [("law-term", "finish")]
    assert codes(drawn, limits=limits, switches=(switch(None),)) == []


def by_outcome() -> Bundle:
    """The sample is asked for, which switches the term, or it is not."""
    return bundle(
        *(start(), task("sample", outcomes=("asked", "not_needed")), gateway("exclusive", "which", "which_draft")),
        *(task("wait", "20 calendar-days"), gateway("exclusive", "on"), task("draft", "6 working-days"), task("signing"), end()),
        *(path("begin", "sample", "which"), flow("which", "wait", "sample == 'asked'"), path("wait", "on")),
        path("which", "draft").replace('targetRef="draft"', 'targetRef="on"') + path("on", "draft", "signing", "finish"),
    )


def test_a_switch_by_outcome_measures_each_way_by_its_own_term() -> None:
    limits = (limit("wait", "20 calendar-days"), limit("draft", "6 working-days"))
    drawn = by_outcome()
    assert not lint(drawn, passport=SMALL)
    # not asked: 6 of 7 working days; asked: 20 of 30 calendar days, and the 6 working days cannot be compared
    assert codes(drawn, limits=limits, switches=(switch("30 calendar-days", "asked"),)) == [("law-term-unit", "draft")]
    # against 19 calendar days the wait is too long
    assert ("law-term", "finish") in codes(drawn, limits=limits, switches=(switch("19 calendar-days", "asked"),))


def test_a_time_that_lapses_at_the_switching_step_does_not_switch() -> None:
    # no sample, no new term: 3 days to check, 5 in vain and 4 to draw up are 12 of the old 7
    drawn, limits = with_sample("4 working-days"), limits_of_sample("4 working-days")
    (found,) = told(drawn, limits=limits, switches=(switch("30 working-days"),))
    assert "(check, lapsed, draft) add up to 12 working-days; the term of the service is 7 working-days" in found[2]


def test_what_follows_a_lapse_at_the_switching_step_is_not_measured_by_the_new_term() -> None:
    """Given, the sample leaves 5 days for a draft of 4; lapsed, the old term of 40 goes on, with 25 for a guess."""
    sample = (task("sample"), on("sample", "lapsed", "working_days(5)"), gateway("exclusive", "on"))
    steps = (*sample, task("guess", "25 working-days"), task("draft", "4 working-days"), gateway("exclusive", "drawn"))
    ways = path("begin", "sample", "draft", "drawn", "on", "signing", "finish") + path("lapsed", "guess", "drawn")
    drawn = bundle(start(), *steps, task("signing"), end(), ways)
    limits = (limit("lapsed", "5 working-days"), limit("guess", "25 working-days"), limit("draft", "4 working-days"))
    variants = (replace(SMALL.variants[0], term=replace(SEVEN_DAYS, limit="40 working-days")),)
    found = codes(drawn, limits=limits, variants=variants, switches=(switch("5 working-days"),))
    assert found == [("law-drawn-up", "signing")]  # a guess is no draft; but the terms are kept


def test_a_way_of_another_outcome_is_not_measured_by_the_new_term() -> None:
    """Asked for, 4 days of 5; not asked for, 6 of the old 7."""
    steps = (task("draft"), task("sample", outcomes=("asked", "not_needed")), gateway("exclusive", "which", "which_look"))
    ways = (task("wait", "4 working-days"), task("look", "6 working-days"), gateway("exclusive", "on"), task("signing"), end())
    flows = (path("begin", "draft", "sample", "which", "look", "on", "signing", "finish"), path("wait", "on"))
    drawn = bundle(start(), *steps, *ways, *flows, flow("which", "wait", "sample == 'asked'"))
    limits = (limit("wait", "4 working-days"), limit("look", "6 working-days"))
    assert codes(drawn, limits=limits, switches=(switch("5 working-days", "asked"),)) == []


def test_a_limit_of_the_code_is_left_out_of_the_acts_sum() -> None:
    drawn = drafted(task("draft", "8 working-days", paragraph="Code art 73"))
    (found,) = law(drawn, replace(SMALL, limits=(limit("draft", "8 working-days", paragraph="Code art 73"),)))
    assert (found.code, found.place, found.severity) == ("law-term-code", "draft", Severity.WARNING)
    assert "8 working-days comes from Code art 73 and not from the act" in str(found)


# --- steps the passport names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"switches": (TermSwitch("s", "begin", "Rules para 9"),)}, "switches[0].at"),
        ({"switches": (TermSwitch("s", "draft", "Rules para 9", outcome="given"),)}, "switches[0].outcome"),
        ({"suspensions": (Suspension("s", TEXT, "nowhere", "Rules para 9"),)}, "suspensions[0].during"),
        ({"consultations": (Consultation("c", TEXT, TEXT, "finish", "Rules para 9"),)}, "consultations[0].at"),
        ({"decisions": (DecisionTable("draft", (), "no", "Rules para 9"),)}, "decisions[0].at"),
        ({"endings": (Ending("e", TEXT, CaseStatus.NOT_ACCEPTED, "draft", "Rules para 9"),)}, "endings[0].end"),
    ],
)
def test_a_step_the_passport_names_is_drawn_and_of_its_kind(changes: dict[str, Any], place: str) -> None:
    found = told(drafted(task("draft")), **changes)
    assert [(code, where) for code, where, _ in found] == [("law-passport-step", place)]
    assert "Rules para 9" in found[0][2]


def test_a_step_that_decides_has_a_table() -> None:
    which = '<bpmn:serviceTask id="which" name="қадам">' + extended(
        f'{LABELS}<rasim:step paragraph="Rules para 9"/><rasim:handler name="decide"/>'
    )
    drawn = line(f"{which}</bpmn:serviceTask>", task("draft"), task("signing"), names=("which", "draft", "signing"))
    assert codes(drawn) == [("law-passport-step", "which")]
    assert codes(drawn, decisions=(DecisionTable("which", (), "no", "Rules para 9"),)) == []
