"""What a well-shaped passport must still satisfy: references met, expressions over known fields, everything traceable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from typing import Any

from app.domain.citations import cite
from app.domain.errors import Invalid, Problem, problem
from app.domain.expressions import compile_expression
from app.domain.passport import (
    LACKING,
    PREFILLS,
    DocumentKind,
    DocumentRule,
    ExtensionGround,
    Field,
    FieldType,
    Form,
    Passport,
    Purpose,
    StopGround,
    Variant,
)
from app.domain.people import Role as PersonRole
from app.domain.terms import Term

_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_Asked = Mapping[str, frozenset[str]]
_NAMED = ("switches", "suspensions", "stops", "extensions", "consultations")
_NAME = re.compile(r"[a-z][a-z0-9_]*")  # may stand in an expression
_BELONGS_TO = {
    "options": (FieldType.CHOICE,),
    "columns": (FieldType.TABLE,),
    "stage": (FieldType.GROUNDS,),
    "role": (FieldType.PERSON,),
    "fixed": (FieldType.STATEMENT, FieldType.CHECKBOX),
    "passes": (FieldType.CHECKLIST,),
}


def check(passport: Passport) -> tuple[Problem, ...]:
    """Every broken rule of the passport, in the order of the file."""
    return tuple(_problems(passport))


def _problems(passport: Passport) -> Iterator[Problem]:
    yield from _ids(passport)
    yield from _schedule(passport)
    yield from _people(passport)
    applications = sum(form.purpose is Purpose.APPLICATION for form in passport.forms)
    if applications != 1:
        yield problem("forms", "Expected exactly one form of purpose 'application', found %(found)d.", found=applications)
        return
    for i, variant in enumerate(passport.variants):
        yield from _variant(passport, variant, f"variants[{i}]")
    for i, form in enumerate(passport.forms):
        yield from _form(passport, form, f"forms[{i}]")
    yield from _grounds(passport)
    yield from _lookups(passport)
    yield from _results(passport)
    yield from _limits(passport)
    yield from _in_process(passport)
    for place, paragraph in citations(passport):
        yield from _citation(paragraph, place)


def _ids(passport: Passport) -> Iterator[Problem]:
    for group in ("roles", "signers", "variants", "forms", "grounds", "lookups", "results", "notifications", *_NAMED):
        yield from _unique(getattr(passport, group), group, _NAME if group == "forms" else _ID)


def _unique(things: Iterable[Any], path: str, shape: re.Pattern[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, thing in enumerate(things):
        if not shape.fullmatch(thing.id):
            yield problem(f"{path}[{i}].id", "'%(id)s' is no id: small Latin letters, digits, - or _.", id=thing.id)
        if thing.id in seen:
            yield problem(f"{path}[{i}].id", "The id '%(id)s' stands here twice.", id=thing.id)
        seen.add(thing.id)


def _unknown(path: str, what: str, found: str, known: Iterable[str]) -> Iterator[Problem]:
    names = sorted(known)
    if found not in names:
        yield problem(path, "No %(what)s '%(id)s'; known: %(known)s.", what=what, id=found, known=", ".join(names))


def _schedule(passport: Passport) -> Iterator[Problem]:
    try:
        passport.schedule.schedule()
    except Invalid as wrong:
        yield from (Problem(f"schedule.{p.place.removeprefix('registration_')}", p.sentence) for p in wrong.problems)


def _people(passport: Passport) -> Iterator[Problem]:
    for i, role in enumerate(passport.roles):
        yield from _unknown(f"roles[{i}].id", "role", role.id, (r.value for r in PersonRole))
    for i, signer in enumerate(passport.signers):
        if signer.number is not None:
            yield from _field_ref(passport, signer.number, f"signers[{i}].number")


def _field_ref(passport: Passport, ref: str, path: str) -> Iterator[Problem]:
    """A reference of the form "form.field"."""
    known = {f"{form.id}.{field.id}" for form in passport.forms for field in form.fields}
    if ref not in known:
        yield problem(path, "No field '%(ref)s'; expected 'form.field'.", ref=ref)


def _variant(passport: Passport, variant: Variant, path: str) -> Iterator[Problem]:
    yield from _limit(variant.term.limit, f"{path}.term.limit")
    yield from _unique(variant.documents, f"{path}.documents", _NAME)
    asked = _asked_when_filing(passport)
    for i, rule in enumerate(variant.documents):
        here = f"{path}.documents[{i}]"
        if not rule.always:
            yield from _expression(rule.required, asked, f"{here}.required")
        yield from _document(passport, rule, here)


def _document(passport: Passport, rule: DocumentRule, path: str) -> Iterator[Problem]:
    for i, signer in enumerate(rule.signed_by):
        yield from _unknown(f"{path}.signed_by[{i}]", "signer", signer, (s.id for s in passport.signers))
    if rule.kind is DocumentKind.FORM:
        yield from _unknown(f"{path}.form", "form", rule.form or "", (f.id for f in passport.forms))
    elif rule.form is not None:
        yield problem(f"{path}.form", "Only a document of kind 'form' has a form.")
    elif rule.kind is DocumentKind.FILE and (not rule.max_bytes or not rule.media_types):
        yield problem(path, "A document of kind 'file' needs max_bytes and media_types.")


def _form(passport: Passport, form: Form, path: str) -> Iterator[Problem]:
    if form.paragraph is None and form.inferred is None:
        yield problem(path, "Neither 'paragraph' nor 'inferred': say where the act has it, or why it is here.")
    asked = _asked(passport, form.fields)
    if form.purpose in (Purpose.STEP, Purpose.RESULT):
        asked["outcome"] = frozenset()
    if form.purpose is not Purpose.STEP and any(field.type is FieldType.CHECKLIST for field in form.fields):
        yield problem(f"{path}.fields", "A checklist stands in a step's form only: it is staff who check.")
    yield from _fields(passport, form.fields, f"{path}.fields", asked)
    if form.number is not None:
        texts = (field.id for field in form.fields if field.type is FieldType.TEXT)
        yield from _unknown(f"{path}.number", "text field", form.number, texts)


def _asked(passport: Passport, fields: Iterable[Field]) -> dict[str, frozenset[str]]:
    """What an expression may ask for: the fields and `variant`, each with its possible values (none: any value)."""
    variants = frozenset(variant.id for variant in passport.variants)
    return {field.id: frozenset(option.id for option in field.options) for field in fields} | {"variant": variants}


def _asked_when_filing(passport: Passport) -> dict[str, frozenset[str]]:
    """What an expression over the whole application may ask for: its fields, the variant, the channel, how the fee was paid."""
    channels = frozenset(channel.value for channel in passport.channels)
    filing = {"channel": channels, "paid": frozenset({"gateway", "bank"})}
    return _asked(passport, passport.application.fields) | filing


def _fields(passport: Passport, fields: tuple[Field, ...], path: str, asked: _Asked) -> Iterator[Problem]:
    yield from _unique(fields, path, _NAME)
    for i, field in enumerate(fields):
        here = f"{path}[{i}]"
        yield from _parts(field, here)
        yield from _unique(field.options, f"{here}.options", _ID)
        yield from _fields(passport, field.columns, f"{here}.columns", _asked(passport, field.columns))
        if field.visible_when is not None:
            yield from _expression(field.visible_when, asked, f"{here}.visible_when")
        if field.prefill is not None and field.prefill not in PREFILLS:
            yield from _field_ref(passport, field.prefill, f"{here}.prefill")
        if field.role is not None:
            yield from _unknown(f"{here}.role", "role", field.role, (r.id for r in passport.roles))
        if field.pattern is not None:
            yield from _pattern(field.pattern, f"{here}.pattern")


def _parts(field: Field, path: str) -> Iterator[Problem]:
    """A choice has options and nobody else does, and so for every key that belongs to a type."""
    for key, types in _BELONGS_TO.items():
        given = bool(getattr(field, key))
        if given and field.type not in types:
            yield problem(f"{path}.{key}", "A field of type %(type)s has no '%(key)s'.", type=field.type.value, key=key)
        if not given and field.type in types:
            yield problem(path, "A field of type %(type)s needs '%(key)s'.", type=field.type.value, key=key)


def _pattern(pattern: str, path: str) -> Iterator[Problem]:
    try:
        re.compile(pattern)
    except re.error as wrong:
        yield problem(path, "'%(pattern)s' is no regular expression: %(reason)s.", pattern=pattern, reason=str(wrong))


def _expression(text: str, asked: _Asked, path: str) -> Iterator[Problem]:
    """Only known fields, and a choice compared with options it has: a misspelt option would silently never hold."""
    try:
        expression = compile_expression(text)
    except Invalid as wrong:
        yield Problem(path, wrong.sentence)
        return
    for name in sorted(expression.names - asked.keys()):
        yield problem(path, "'%(text)s' asks for '%(name)s', which is no field here.", text=text, name=name)
    for name, value in expression.compared:
        options = asked.get(name, frozenset())
        if options and value not in options | {""}:
            known = ", ".join(sorted(options))
            yield problem(path, "'%(name)s' is never '%(value)s'; known: %(known)s.", name=name, value=value, known=known)


def _grounds(passport: Passport) -> Iterator[Problem]:
    for i, ground in enumerate(passport.grounds):
        if not LACKING.issuperset(ground.lacking):
            yield problem(f"grounds[{i}].lacking", "Only what is absent or expired is a ground of refusal.")
        for j, variant in enumerate(ground.variants):
            yield from _unknown(f"grounds[{i}].variants[{j}]", "variant", variant, (v.id for v in passport.variants))


def _lookups(passport: Passport) -> Iterator[Problem]:
    asked = _asked_when_filing(passport)
    for i, lookup in enumerate(passport.lookups):
        yield from _unknown(f"lookups[{i}].number", "field", lookup.number, (f.id for f in passport.application.fields))
        if lookup.when != "always":
            yield from _expression(lookup.when, asked, f"lookups[{i}].when")


def _results(passport: Passport) -> Iterator[Problem]:
    for i, result in enumerate(passport.results):
        path = f"results[{i}]"
        yield from _unknown(f"{path}.form", "form", result.form, (f.id for f in passport.forms))
        yield from _unknown(f"{path}.signed_by", "role", result.signed_by, (r.id for r in passport.roles))
        if not result.status.is_final:
            yield problem(f"{path}.status", "A result ends the case; '%(status)s' does not.", status=result.status.value)


def _in_process(passport: Passport) -> Iterator[Problem]:
    """What stands beside the diagram's steps. Whether the steps are there is asked of the diagram (`app.engine.law`)."""
    variants = [variant.id for variant in passport.variants]
    for i, limit in enumerate(passport.limits):
        yield from _limit(limit.limit, f"limits[{i}].limit")
    for i, switch in enumerate(passport.switches):
        yield from _limit(switch.limit, f"switches[{i}].limit")
        for variant in switch.variants:
            yield from _unknown(f"switches[{i}].variants", "variant", variant, variants)
    yield from _decisions_on_the_term(passport)
    asked = _asked_when_filing(passport)
    for i, consultation in enumerate(passport.consultations):
        path = f"consultations[{i}]"
        if consultation.when != "always":
            yield from _expression(consultation.when, asked, f"{path}.when")
        if consultation.ground is not None:
            yield from _unknown(f"{path}.ground", "ground", consultation.ground, (g.id for g in passport.grounds))
        for variant in consultation.variants:
            yield from _unknown(f"{path}.variants", "variant", variant, variants)
    for i, table in enumerate(passport.decisions):
        for j, row in enumerate(table.rows):
            yield from _expression(row.when, asked, f"decisions[{i}].rows[{j}].when")
    if passport.hearing is not None:
        yield from _limit(passport.hearing.invitation, "hearing.invitation")
    if passport.office is not None:
        yield from _limit(passport.office.wait, "office.wait")
        yield from _limit(passport.office.serve, "office.serve")


def _decisions_on_the_term(passport: Passport) -> Iterator[Problem]:
    """Grounds to stop or extend a term name known variants and roles, and a stop shares no id with a task that stops the term."""
    for i, extension in enumerate(passport.extensions):
        yield from _limit(extension.limit, f"extensions[{i}].limit")
        yield from _limit(extension.notice, f"extensions[{i}].notice")
    taken = {each.id for each in passport.suspensions}
    for i, stop in enumerate(passport.stops):
        if stop.id in taken:
            yield problem(f"stops[{i}].id", "The id '%(id)s' stands here twice.", id=stop.id)
    grounds: list[tuple[str, StopGround | ExtensionGround]] = [(f"stops[{i}]", each) for i, each in enumerate(passport.stops)]
    grounds += [(f"extensions[{i}]", each) for i, each in enumerate(passport.extensions)]
    for path, ground in grounds:
        if not ground.by:
            yield problem(f"{path}.by", "A decision on the term needs at least one role that may take it.")
        for role in ground.by:
            yield from _unknown(f"{path}.by", "role", role, (each.value for each in PersonRole))
        for variant in ground.variants:
            yield from _unknown(f"{path}.variants", "variant", variant, (each.id for each in passport.variants))


def _limits(passport: Passport) -> Iterator[Problem]:
    complaints = passport.complaints
    yield from _limit(complaints.extension, "complaints.extension")
    yield from _limit(complaints.extension_notice, "complaints.extension_notice")
    for i, addressee in enumerate(complaints.addressees):
        yield from _limit(addressee.limit, f"complaints.addressees[{i}].limit")
    for i, notification in enumerate(passport.notifications):
        yield from _limit(notification.limit, f"notifications[{i}].limit")


def _limit(limit: str | None, path: str) -> Iterator[Problem]:
    if limit is None:
        return
    try:
        Term.parse(limit)
    except Invalid as wrong:
        yield Problem(path, wrong.sentence)


def citations(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every `paragraph` anywhere, with its key path."""
    if isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from citations(item, f"{path}[{i}]")
    elif is_dataclass(value):
        for field in dataclass_fields(value):
            inner, here = getattr(value, field.name), f"{path}.{field.name}" if path else field.name
            if field.name == "paragraph" and inner is not None:
                yield here, inner
            else:
                yield from citations(inner, here)


def _citation(text: str, path: str) -> Iterator[Problem]:
    """It must be one that can be said in three languages."""
    try:
        cite(text)
    except Invalid as wrong:
        yield Problem(path, wrong.sentence)
