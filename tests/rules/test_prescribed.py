"""No prescribed number can be changed unnoticed: each one in each diagram and passport is changed, and the check must tell.

A number that stands under `inferred` alone, and in no diagram, is none of the act's; such are counted apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import click
import pytest
from lxml import etree

from app.domain.moves import Bundle, Finding, Severity
from app.domain.passport import Passport
from app.domain.passport_reading import values_from
from app.domain.prescribed import Prescribed, prescribed
from app.engine.law import law
from app.engine.law_limits import drawn_limits, limits, unproved_numbers
from app.engine.lint import read_diagrams
from app.store.bundles import PASSPORT, parsed, passport_of, read_bundle, services_in
from tests.rules.project import ROOT

PROCESSES = ROOT / "processes"
ACTS = ROOT.parent / "shared" / "regulations" / "acts"
RASIM = "{urn:rasim:bpmn:1}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

each_service = pytest.mark.parametrize("service", services_in(PROCESSES), ids=lambda folder: folder.name)


@cache
def bundle_of(service: Path) -> Bundle:
    return read_bundle(service, PROCESSES / "shared")


def told(findings: list[Finding], place: str) -> bool:
    """Whether an error stands at the place and its sentence names a paragraph."""
    errors = [each for each in findings if each.severity is Severity.ERROR and each.place == place]
    return any(re.search(r"\b(?:para|row|item|annex|art|section)s? \d", str(error)) for error in errors)


# --- diagrams ---------------------------------------------------------------------------------------------------------


def changed_numbers(text: str) -> Iterator[str]:
    """Every number of the text one larger, and one smaller unless that is below nothing."""
    for found in re.finditer(r"(?<![\w.])\d+", text):
        for change in (1, -1):
            if (value := int(found[0]) + change) >= 0:
                yield text[: found.start()] + str(value) + text[found.end() :]


def drawn_mutants(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The element and what was changed, with the tree in the changed state until the next is asked for."""
    for step in root.iter(f"{RASIM}step"):
        element = str(step.getparent().getparent().get("id"))
        if limit := step.get("limit"):
            for value in changed_numbers(limit):
                step.set("limit", value)
                yield element, f"limit={value}"
            step.set("limit", limit)
            origin = step.get("from")
            step.set("from", "opened" if origin not in (None, "opened") else "registered")
            yield element, f"from={step.get('from')}"
            step.set("from", origin) if origin else step.attrib.pop("from")
    for term in root.iter(f"{BPMN}timeDuration"):
        element, text = str(term.getparent().getparent().get("id")), term.text
        for value in changed_numbers(text):
            term.text = value
            yield element, value
        term.text = text


@each_service
def test_every_number_of_the_diagrams_is_held_against_the_passport(service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle, count = bundle_of(service), 0
    passport = passport_of(bundle)
    for name in (name for name in bundle.files if name.endswith(".bpmn")):
        root = etree.fromstring(bundle.files[name])
        for element, change in drawn_mutants(root):
            changed = replace(bundle, files={**bundle.files, name: etree.tostring(root)})
            diagrams, _ = read_diagrams(changed)
            assert told(list(limits(diagrams, passport)), element), f"{name}: {element} with {change} is not noticed"
            count += 1
    with capsys.disabled():
        click.echo(f"\n{service.name}: {count} mutants of diagrams, all noticed")


# --- passports --------------------------------------------------------------------------------------------------------


def parts(place: str) -> list[Any]:
    return [int(index) if index else key for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place)]


def changed_values(number: Prescribed) -> Iterator[str]:
    if clock := re.fullmatch(r"(\d\d):(\d\d)", number.value):
        yield from (f"{int(clock[1]) + change:02}:{clock[2]}" for change in (1, -1))
    else:
        yield from changed_numbers(number.value.removesuffix(" MCI"))


def set_at(data: Any, place: str, value: str) -> None:
    *way, last = parts(place)
    for step in way:
        data = data[step]
    data[last] = value


def passport_mutants(data: Any, passport: Passport) -> Iterator[tuple[Prescribed, str]]:
    for number in prescribed(passport):
        for value in changed_values(number):
            set_at(data, number.place, value)
            yield number, value
        set_at(data, number.place, number.value.removesuffix(" MCI"))


@each_service
def test_every_number_of_the_passport_is_proved_by_the_act(service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = bundle_of(service)
    passport, (_, data) = passport_of(bundle), parsed(bundle.files[PASSPORT])
    diagrams, _ = read_diagrams(bundle)
    drawn = {identity for scope in diagrams.scopes for identity, node in scope.nodes.items() if any(drawn_limits(node))}
    entries = {f"limits[{i}].limit": limit.element for i, limit in enumerate(passport.limits) if limit.element in drawn}
    count = inferred = 0
    for number, value in passport_mutants(data, passport):
        if number.says is None and number.place not in entries:
            inferred += 1
            continue
        changed = with_section(passport, data, parts(number.place)[0])
        findings = [*unproved_numbers(changed), *limits(diagrams, changed)]
        places = {number.place, entries.get(number.place, "")}
        assert any(told(findings, place) for place in places), f"{number.place} with {value} is not noticed"
        count += 1
    with capsys.disabled():
        click.echo(f"\n{service.name}: {count} mutants of the passport, all noticed; {inferred} of numbers no act gives")


def with_section(passport: Passport, data: Any, section: str) -> Passport:
    """The passport with one of its sections read anew, which is far faster than all of it."""
    return replace(passport, **{section: values_from(get_type_hints(Passport)[section], data[section], PASSPORT)})


# --- the check asks these questions, and the quotes are the acts' ------------------------------------------------------


def test_the_check_of_a_service_asks_for_limits_and_for_the_acts_words() -> None:
    bundle = bundle_of(PROCESSES / "guarantee-obligation-end-user-certificate")
    drawn = bundle.files["process.bpmn"].replace(b'limit="4 working-days"', b'limit="3 working-days"')
    found = law(replace(bundle, files={**bundle.files, "process.bpmn": drawn}), passport_of(bundle))
    assert [str(each) for each in found] == [
        "process.bpmn:210: check_compliance: The limit here is 3 working-days;"
        " limits[3] of the passport says 4 working-days (Rules para 9 part 1)"
    ]
    term = replace(passport_of(bundle).variants[0].term, limit="8 working-days")
    variants = tuple(replace(each, term=term) for each in passport_of(bundle).variants)
    found = law(bundle, replace(passport_of(bundle), variants=variants))
    assert [(each.file, each.place) for each in found] == [(PASSPORT, f"variants[{i}].term.limit") for i in (0, 1)]


@each_service
def test_every_quote_stands_in_the_act(service: Path) -> None:
    """Letter for letter, but for spaces, the breaks of the print's lines, and the kinds of quotation marks and dashes. What a
    quote leaves out by "…" are a few words on the same spot."""
    if not ACTS.is_dir():
        pytest.skip("the acts' texts are not beside the project")
    acts = [as_printed(act.read_text(encoding="utf-8")) for act in sorted(ACTS.glob("*.txt"))]
    patterns = {says: pattern_of(says) for says in quotes(passport_of(bundle_of(service)))}
    assert [says for says, pattern in patterns.items() if not any(pattern.search(act) for act in acts)] == []


def pattern_of(says: str) -> re.Pattern[str]:
    return re.compile(".{1,60}".join(re.escape(as_printed(piece)) for piece in says.split("…")))


def quotes(value: object) -> Iterator[str]:
    """Every text under `says`, `extension_says` and the like."""
    if isinstance(value, tuple):
        for item in value:
            yield from quotes(item)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name.endswith("says") and inner is not None:
                yield inner
            else:
                yield from quotes(inner)


def as_printed(text: str) -> str:
    text = re.sub(r"[«»“”„\"]", '"', re.sub(r"[–—−]", "-", text))
    return "".join(text.split())
