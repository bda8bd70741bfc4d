"""A service's passport: what its act says, as typed values. `service.yaml` holds it;
`app.domain.passport_reading.passport_from` reads and checks it.

Texts people are shown are `Text` in three languages. `paragraph` is where the act says a thing ("Rules para 8");
what the act does not say carries `inferred`, the reason it is there all the same. `says` is the act's own Kazakh wording of a
prescribed number, as printed: `app.domain.prescribed` reads the number out of it and compares. `inferred`, `silent` and
`oddities` are an analyst's notes on the act, kept in English. The passport is data: nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Protocol, TypeVar

from app.domain.case import CaseStatus
from app.domain.errors import NotFound
from app.domain.ports import Register
from app.domain.schedule import Schedule
from app.domain.text import Text

SIGN = "sign"
"""The outcome of a signing step that signs; any other outcome of such a step (return for rework) signs nothing."""


class StandingStatus(Enum):
    IN_FORCE = "in-force"
    NOT_YET_IN_FORCE = "not-yet-in-force"
    REPEALED = "repealed"  # such a service is run in demonstration mode only


class FormOfService(Enum):
    ELECTRONIC_FULL = "electronic-full"
    ELECTRONIC_PARTIAL = "electronic-partial"
    MIXED = "mixed"
    PAPER = "paper"


class Channel(Enum):
    PORTAL = "portal"
    PROVIDER_OFFICE = "provider-office"
    E_LICENSING = "e-licensing"


class Opener(Enum):
    """Who begins a case."""

    APPLICANT = "applicant"
    STAFF = "staff"  # a duty of the provider himself, begun by a member of staff; nobody applies


class Source(Enum):
    """Who brings a document."""

    APPLICANT = "applicant"
    STATE_SYSTEM = "state-system"


class DocumentKind(Enum):
    FORM = "form"  # filled in on line
    FILE = "file"  # an electronic copy is attached
    PAPER = "paper"  # a paper original or a thing (a sample), brought to the provider; nothing is attached


class Purpose(Enum):
    APPLICATION = "application"  # the request itself
    SUPPORTING = "supporting"  # another document filled in on line by the applicant
    STEP = "step"  # what staff fill in while doing a step
    RESULT = "result"  # what staff fill in to draw up a result


class FieldType(Enum):
    TEXT = "text"
    MULTILINE = "multiline"
    IIN = "iin"
    BIN = "bin"
    IIN_OR_BIN = "iin-or-bin"
    NUMBER = "number"
    DATE = "date"
    CHECKBOX = "checkbox"  # `fixed` is the sentence agreed to
    CHOICE = "choice"  # one of `options`
    TABLE = "table"  # rows of `columns`
    STATEMENT = "statement"  # `fixed` is printed, nothing is filled in
    GROUNDS = "grounds"  # one or more grounds of `stage` in force for the variant
    PERSON = "person"  # somebody who holds `role`
    RESOLUTION = "resolution"  # "бұрыштама": what a head writes for whoever is to do the work
    CHECKLIST = "checklist"  # the documents this very application has to come with, each found there or not


class DocumentState(Enum):
    """What the check of completeness finds of one document."""

    PRESENT = "present"
    ABSENT = "absent"  # or not complete
    EXPIRED = "expired"  # on the day of registration: it has to be renewed
    NOT_NEEDED = "not-needed"  # by this application's own answers


LACKING = frozenset({DocumentState.ABSENT, DocumentState.EXPIRED})
"""The states of a document by which a set is not complete."""


class Stage(Enum):
    """When a ground of refusal may be used."""

    INTAKE = "intake"  # refusal to accept the application
    COMPLETENESS = "completeness"  # refusal of further consideration: the set is not complete
    SUBSTANCE = "substance"  # refusal to render the service


@dataclass(frozen=True, slots=True)
class Edition:
    """The order that gave the act the wording used here."""

    issuer: Text
    number: str
    signed_on: date
    place: str  # where in that order the wording stands
    registered_number: str | None = None  # in the register of state registration of regulatory acts, for acts entered there
    registered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """The act the service stands on: here the Rules, by the order that approved them."""

    title: Text
    issuer: Text
    number: str
    signed_on: date
    edition: Edition | None = None  # None: the act's own first wording
    registered_number: str | None = None  # in the register of state registration of regulatory acts
    registered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the act is in force. `until` is the first day without force."""

    status: StandingStatus
    reason: Text
    since: date | None = None
    until: date | None = None
    repealed_by: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    name: Text
    short: Text
    city: Text
    paragraph: str


@dataclass(frozen=True, slots=True)
class Hours:
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """The provider's hours as the act gives them, on the clock of `zone`; `saturday` only where Saturday is worked. What
    comes from `cutoff` on is registered on the next working day; None: the act names none, and closing time decides.
    `says` are the act's words for the hours (two clock times each); where the act has no hours, `inferred` says why these."""

    zone: str
    opens: time
    closes: time
    paragraph: str
    after_hours: Text
    lunch: Hours | None = None
    saturday: Hours | None = None
    cutoff: time | None = None
    says: str | None = None
    inferred: str | None = None

    def schedule(self) -> Schedule:
        """The same hours as the calendar's arithmetic wants them. Raises Invalid for hours that cannot be."""
        return Schedule(
            opens=self.opens,
            closes=self.closes,
            lunch=(self.lunch.start, self.lunch.end) if self.lunch else None,
            saturday=(self.saturday.start, self.saturday.end) if self.saturday else None,
            works_saturday=self.saturday is not None,
            registration_cutoff=self.cutoff,
            zone=self.zone,
        )


@dataclass(frozen=True, slots=True)
class Role:
    """Who does steps. The id is one of `app.domain.people.Role`'s values; the unit is the act's structural unit."""

    id: str
    title: Text
    unit: Text
    paragraph: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A party that signs the applicant's documents. `number` is the field ("form.field") holding its IIN or BIN."""

    id: str
    title: Text
    number: str | None = None  # None: the applicant, known from the sign-in


@dataclass(frozen=True, slots=True)
class PrescribedTerm:
    """The term of the whole service: "7 working-days", counted from the named event. Without a limit the act sets none."""

    counted_from: str
    paragraph: str
    limit: str | None = None
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The limit the act sets one step of the diagram: for the completion of a user task, or of a timer event. What a diagram
    says must be the same; a step of a called process, drawn once for many services, has its limit only here."""

    element: str
    limit: str
    paragraph: str
    counted_from: str = "opened"  # registered | opened | completed:<element id>
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class TermSwitch:
    """From the completion of `at` on (with this outcome, if one is named) the service's term is another: `limit`, counted from
    that completion or, `from_registration`, as if it had run from the beginning; or, where it `extends`, the term that runs
    and `limit` more. Without a limit no term runs any more."""

    id: str
    at: str  # element id of a user task
    paragraph: str
    outcome: str | None = None
    variants: tuple[str, ...] = ()  # none named: all
    limit: str | None = None
    extends: bool = False
    from_registration: bool = False
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """While this user task waits, the term of the service stands still; what was left of it is preserved."""

    id: str
    title: Text
    during: str  # element id of a user task
    paragraph: str
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class StopGround:
    """A ground on which the term of the service may be made to stand still by a decision with reasons, until another decision
    lets it run on; what was left of it is preserved. `by` are the roles that may decide so."""

    id: str
    title: Text
    by: tuple[str, ...]
    paragraph: str
    variants: tuple[str, ...] = ()  # none named: all
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionGround:
    """A ground on which the term of the service may be made longer by a decision with reasons: by `limit` at most, all decisions
    on this ground together. Within `notice` of the decision the applicant is told."""

    id: str
    title: Text
    limit: str
    notice: str
    by: tuple[str, ...]
    paragraph: str
    variants: tuple[str, ...] = ()  # none named: all
    says: str | None = None
    notice_says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeTimes:
    """How long an applicant may have to wait and be served at the provider's office."""

    wait: str  # a term in working minutes
    serve: str
    paragraph: str
    says: str | None = None  # both
    inferred: str | None = None


class PaymentTime(Enum):
    """When a fee is paid."""

    BEFORE_FILING = "before-filing"  # its proof is part of the set
    IN_PROCESS = "in-process"  # a step of the diagram


@dataclass(frozen=True, slots=True)
class Fee:
    """Free when `mci` is None; else so many monthly calculation indices. A fee of unknown amount (`unknown`) is paid by what
    the applicant states: the act prescribes payment and no figure."""

    mci: Decimal | None = None
    unknown: bool = False
    due: PaymentTime = PaymentTime.BEFORE_FILING
    channels: tuple[Channel, ...] = ()  # in which it is due then; none named: in all. In the others a step of the diagram asks
    paragraph: str | None = None
    says: str | None = None

    @property
    def is_free(self) -> bool:
        return self.mci is None and not self.unknown


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """One document of the set. `required` is "always" or an expression over the application form's fields, `variant`, `channel`
    and `paid` ("gateway", "bank", or "" while unpaid and for what is free)."""

    id: str
    title: Text
    required: str
    source: Source
    kind: DocumentKind
    paragraph: str
    form: str | None = None  # kind FORM: which form
    signed_by: tuple[str, ...] = ()  # signer ids, in order
    max_bytes: int | None = None  # kind FILE
    media_types: tuple[str, ...] = ()  # kind FILE
    hint: Text | None = None
    channels: tuple[Channel, ...] = ()  # none named: all of the service
    inferred: str | None = None

    @property
    def always(self) -> bool:
        return self.required == "always"


@dataclass(frozen=True, slots=True)
class Variant:
    id: str
    title: Text
    term: PrescribedTerm
    fee: Fee
    paragraph: str
    documents: tuple[DocumentRule, ...]
    hint: Text | None = None  # who may ask for this variant, shown where it is chosen

    def fee_by(self, channel: str) -> Fee:
        """The fee of an application that comes this way: as `fee`, but due when this channel has it."""
        elsewhere = self.fee.channels and channel not in {each.value for each in self.fee.channels}
        return replace(self.fee, due=PaymentTime.IN_PROCESS) if elsewhere else self.fee


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. Without its own paragraph a field stands on its form's.

    `visible_when` is an expression over the fields of the same form, `variant` and, in staff's forms, `outcome` (the
    button pressed); a hidden field is never required and leaves no value.
    `prefill` says what to offer before anyone types: "form.field", or one of `PREFILLS`.
    Of a checklist `passes` are the outcomes possible only where nothing is lacking, `fails` those that need something lacking.
    """

    id: str
    label: Text
    type: FieldType
    required: bool = False
    visible_when: str | None = None
    options: tuple[Option, ...] = ()
    columns: tuple[Field, ...] = ()
    hint: Text | None = None
    fixed: Text | None = None
    prefill: str | None = None
    pattern: str | None = None  # regular expression the whole text must match
    stage: Stage | None = None  # type GROUNDS
    role: str | None = None  # type PERSON
    passes: tuple[str, ...] = ()  # type CHECKLIST
    fails: tuple[str, ...] = ()  # type CHECKLIST
    paragraph: str | None = None
    inferred: str | None = None


PREFILLS = frozenset(
    {
        "applicant.name",
        "applicant.iin",
        "applicant.bin",
        "applicant.organisation",
        "case.number",
        "complained.number",  # of the case a complaint is about
        "complained.service",
        "today",
    }
)


@dataclass(frozen=True, slots=True)
class Form:
    """`letter` is the bundle's file that prints the filled-in form, for forms that are signed as a document. `number` is the
    field of a reply that holds the replying body's own number: no secret where the reply's words are."""

    id: str
    title: Text
    purpose: Purpose
    fields: tuple[Field, ...]
    letter: str | None = None
    number: str | None = None
    paragraph: str | None = None
    inferred: str | None = None

    def field(self, field_id: str) -> Field:
        return _by_id(self.fields, field_id, "field")


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of refusal: `label` for lists, `wording` as the letter says it. `lacking` are the states of a document in the
    checklist that make it: it is named exactly when one of them was found."""

    id: str
    label: Text
    wording: Text
    paragraph: str
    stage: Stage
    variants: tuple[str, ...]
    lacking: tuple[DocumentState, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the provider asks of a state register. `number` is the application's field with the IIN or BIN; `when` is
    "always" or an expression over the application's fields."""

    id: str
    title: Text
    register: Register
    number: str
    when: str
    paragraph: str
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """A body whose reply is asked for at the user task `at`. Where the task is repeated (multi-instance), each instance is one
    body, in this order; a body with `when` is asked only when the expression over the application holds. The words of a
    `restricted` body's reply are for the cleared only, unless the body marks the reply otherwise."""

    id: str
    body: Text
    about: Text
    at: str  # element id of the user task in which the body replies
    paragraph: str
    when: str = "always"
    variants: tuple[str, ...] = ()  # none named: all
    ground: str | None = None  # the ground of refusal a negative reply is
    restricted: bool = False
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    when: str  # expression over the application's fields, `variant`, `channel` and `paid`
    gives: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Decides at the service task `at` (handler `decide`): the first row that holds sets the step's flag, else `otherwise`."""

    at: str
    rows: tuple[DecisionRow, ...]
    otherwise: str
    paragraph: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing before an adverse decision, which the Administrative Procedure Code adds to what the act says."""

    invitation: str  # the shortest time between the invitation and the hearing
    paragraph: str  # of the Code
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One way the service ends: which letter is signed at which step, and the end event the case then reaches."""

    id: str
    title: Text
    status: CaseStatus
    letter: str  # file of the bundle, e.g. letters/certificate.html
    form: str  # the form it is drawn up in
    drawn_up_at: str  # element id
    signed_at: str  # element id
    signed_by: str  # role id
    end: str  # element id of the end event
    paragraph: str
    validity: Text | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A way the service ends with nothing but a message of the system: no document is drawn up, nobody signs."""

    id: str
    message: Text  # what the applicant is told
    status: CaseStatus
    end: str  # element id of the end event
    paragraph: str
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintAddressee:
    title: Text
    paragraph: str
    limit: str | None = None  # None: the act sets no term
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Complaints:
    """To whom a complaint goes and for how long it may be examined. Where the act is silent the law fills in, and `inferred`
    says so."""

    addressees: tuple[ComplaintAddressee, ...]
    court: Text
    paragraph: str
    extension: str | None = None  # by how much the examination may be prolonged
    extension_says: str | None = None
    extension_grounds: tuple[Text, ...] = ()
    extension_notice: str | None = None  # within which the complainant is told
    extension_notice_says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """Whom the system tells what. `limit` None: the act sets no term of its own for it."""

    id: str
    text: Text
    to: Text
    paragraph: str
    limit: str | None = None
    says: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Monitoring:
    duty: Text
    paragraph: str


@dataclass(frozen=True, slots=True)
class Contact:
    title: Text
    address: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Silence:
    """What the act does not say, and what Rasim does there."""

    about: str
    decided: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """Where the act's print is broken or contradicts itself: the place, the print, and how it is read here."""

    place: str
    printed: str
    reading: str


@dataclass(frozen=True, slots=True)
class Passport:
    id: str
    title: Text
    act: Act
    standing: Standing
    provider: Provider
    channels: tuple[Channel, ...]
    form_of_service: FormOfService
    schedule: ScheduleRule
    roles: tuple[Role, ...]
    signers: tuple[Signer, ...]
    variants: tuple[Variant, ...]
    forms: tuple[Form, ...]
    grounds: tuple[Ground, ...]
    lookups: tuple[Lookup, ...]
    results: tuple[Result, ...]
    complaints: Complaints
    notifications: tuple[Notification, ...]
    contacts: tuple[Contact, ...]
    silent: tuple[Silence, ...]
    oddities: tuple[Oddity, ...]
    limits: tuple[StepLimit, ...] = ()
    switches: tuple[TermSwitch, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    stops: tuple[StopGround, ...] = ()
    extensions: tuple[ExtensionGround, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    decisions: tuple[DecisionTable, ...] = ()
    endings: tuple[Ending, ...] = ()
    hearing: Hearing | None = None
    office: OfficeTimes | None = None
    monitoring: Monitoring | None = None
    opened_by: Opener = Opener.APPLICANT

    def variant(self, variant_id: str) -> Variant:
        return _by_id(self.variants, variant_id, "variant")

    def form(self, form_id: str) -> Form:
        return _by_id(self.forms, form_id, "form")

    def ground(self, ground_id: str) -> Ground:
        return _by_id(self.grounds, ground_id, "ground")

    def consultation(self, consultation_id: str) -> Consultation:
        return _by_id(self.consultations, consultation_id, "consultation")

    def role(self, role_id: str) -> Role:
        return _by_id(self.roles, role_id, "role")

    def signer(self, signer_id: str) -> Signer:
        return _by_id(self.signers, signer_id, "signer")

    def result(self, result_id: str) -> Result:
        return _by_id(self.results, result_id, "result")

    @property
    def application(self) -> Form:
        """The form of the request itself; every passport has exactly one."""
        return next(form for form in self.forms if form.purpose is Purpose.APPLICATION)

    def grounds_for(self, variant_id: str, stage: Stage) -> tuple[Ground, ...]:
        """The grounds in force for this variant at this stage, in the act's order."""
        return tuple(g for g in self.grounds if g.stage is stage and variant_id in g.variants)

    def result_signed_at(self, element: str) -> Result | None:
        """The result whose letter is signed at this step, or None."""
        return next((r for r in self.results if r.signed_at == element), None)

    def result_drawn_up_at(self, element: str) -> Result | None:
        return next((r for r in self.results if r.drawn_up_at == element), None)

    def stops_for(self, variant_id: str) -> tuple[StopGround, ...]:
        """The grounds on which the term may be stopped by decision in this variant."""
        return tuple(each for each in self.stops if not each.variants or variant_id in each.variants)

    def extensions_for(self, variant_id: str) -> tuple[ExtensionGround, ...]:
        """The grounds on which the term may be made longer by decision in this variant."""
        return tuple(each for each in self.extensions if not each.variants or variant_id in each.variants)

    def why_stopped(self, ground_id: str) -> Suspension | StopGround:
        """Why a term stood still: the task that waited, or the ground of the decision."""
        known: tuple[Suspension | StopGround, ...] = (*self.suspensions, *self.stops)
        return _by_id(known, ground_id, "suspension")

    def limit_at(self, element: str) -> StepLimit | None:
        """The limit the act sets this step, or None."""
        return next((each for each in self.limits if each.element == element), None)

    def ending_at(self, element: str) -> Ending | None:
        """The ending by message at this end event, or None."""
        return next((each for each in self.endings if each.end == element), None)

    def result_ending_at(self, element: str) -> Result | None:
        """The result that ends the case at this end event, or None."""
        return next((r for r in self.results if r.end == element), None)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


def _by_id(things: Iterable[T], wanted: str, what: str) -> T:
    found = next((thing for thing in things if thing.id == wanted), None)
    if found is None:
        raise NotFound("The passport has no %(what)s '%(id)s'.", what=what, id=wanted)
    return found
