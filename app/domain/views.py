"""What pages and the command line are shown: frozen values made by `app.cases.viewing`, free of database rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from app.domain.case import CaseStatus, TimerKind, WorkStatus
from app.domain.checklist import FromRegister, Lacking, Line
from app.domain.events import EventKind
from app.domain.moves import Element
from app.domain.passport import Act, Fee, Form, Passport
from app.domain.people import Substitution
from app.domain.ports import Verdict
from app.domain.schedule import Arrival
from app.domain.text import Text

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: tuple[Row, ...]
    number: int  # from 1
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class ServiceCard:
    id: str
    title: Text
    provider: Text
    in_force: bool
    accepts_applications: bool  # a repealed service takes them in demonstration mode only
    act: Act
    variants: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as its page tells of it: the passport, each variant's fee today, and the words of the diagram's steps."""

    card: ServiceCard
    passport: Passport
    fees: Mapping[str, FeeView]  # by variant
    steps: Mapping[str, Text]  # element id → what the step is called


@dataclass(frozen=True, slots=True)
class DocumentToSign:
    """A document whose exact bytes a person sees and then signs. `wanted` says whose signatures are still missing."""

    id: str
    title: Text
    sha256: str
    size: int
    wanted: tuple[WantedSignature, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedSignature:
    who: Text  # "applicant", "end user", "head" in words
    iin: str  # "" where any person of the organisation may sign
    bin: str


@dataclass(frozen=True, slots=True)
class SignatureView:
    name: str
    organisation: str
    position: Text
    on_behalf_of: str  # "" or the absent person's name with the order
    signed_at: datetime
    verdict: Verdict
    reason: str
    revocation: str
    algorithm: str
    serial: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    id: str
    kind: str  # document rule id, form id or letter id
    title: Text
    filename: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    signatures: tuple[SignatureView, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentView:
    amount: Decimal  # in tenge
    fee_mci: Decimal | None  # how many monthly calculation indices; None where the act names no figure
    mci: Decimal | None  # one index on the day of payment
    paid_at: datetime
    reference: str
    simulated: bool  # an embedded simulator confirmed it


@dataclass(frozen=True, slots=True)
class FeeView:
    """A fee by today's rate: `rate` and `amount` in tenge are None where the act names no figure, or the year's rate is not
    known yet."""

    fee: Fee
    rate: Decimal | None
    amount: Decimal | None
    payment: PaymentView | None = None


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """A draft application: what was typed so far and which files are attached, by document rule id."""

    id: str
    service: str
    variant: str
    channel: str
    passport: Passport
    answers: Mapping[str, Mapping[str, Any]]  # form id → field id → value; under `fees.PAYMENT` how the fee is to be paid
    names: Mapping[str, Any]  # what expressions over the application may name
    fee: FeeView
    attachments: Mapping[str, DocumentView]
    filed_case: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of an applicant's cabinet: a draft, or a filed case."""

    id: str
    case_id: str | None
    service: str
    title: Text
    variant: Text
    number: str
    status: CaseStatus | None  # None: still a draft
    changed_at: datetime
    result_due: datetime | None
    has_result: bool = False  # a signed document was delivered


@dataclass(frozen=True, slots=True)
class WorkItemRow:
    """One line of the task list."""

    id: str
    case_id: str
    number: str  # registration number, "" before registration
    service: Text
    step: Text
    paragraph: str
    applicant: str
    role: str
    status: WorkStatus
    owner: str  # name, "" when nobody's
    mine: bool
    on_behalf_of: str  # name of the absent person, "" when one's own
    opened_at: datetime
    due_at: datetime | None
    left: timedelta | None  # working time left, negative when overdue
    escalated: bool
    may_act: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a person should not be given work today: away till the last day, and who stands in by order till when."""

    last_day: date
    substitute: str = ""
    substitute_until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person to choose from (an executor), with the work in hand: what a head needs to see to spread it fairly."""

    id: str
    name: str
    position: Text
    unit: Text
    open_items: int
    overdue: int  # of the open ones
    due_this_week: int  # of the open ones, not overdue yet, up to the end of Sunday
    done_lately: int  # cases of this service that ended in the last `DONE_LATELY` days
    absence: Absence | None = None
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """A "бұрыштама": what a head wrote for whoever does the work."""

    text: str
    author: str
    on_behalf_of: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LookupView:
    register: str
    number: str
    found: bool
    data: Mapping[str, str]
    answered_at: datetime
    simulated: bool


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """What the chancellery sees before it registers: the day the law gives, and why it is that day."""

    received_at: datetime
    registered_on: date
    arrival: Arrival
    after_hours: Text  # the act's own rule, in words
    paragraph: str
    cutoff: time | None


@dataclass(frozen=True, slots=True)
class WorkItemView:
    """The task page: the step, its form with the draft, the dossier, and what each outcome means."""

    row: WorkItemRow
    element: Element
    form: Form | None
    draft: Mapping[str, Any]
    rev: int  # sent back with the form; a stale page is declined
    may_act: bool
    acting_for: Substitution | None  # the order by which this person does the step in another's place
    signs: str | None  # id of the passport's result/letter to be signed at this step, None if nothing is signed
    to_sign: DocumentToSign | None  # prepared for this person, None until prepared
    people: tuple[Person, ...]  # for a form field of type person
    case: CaseView
    checklist: tuple[Line, ...] = ()  # for a form field of type checklist
    registers: tuple[FromRegister, ...] = ()  # beside it: what is not asked of the applicant
    registration: RegistrationView | None = None  # while the case has no number, for the chancellery
    resolutions: tuple[ResolutionView, ...] = ()  # for the provider's own people, the newest first
    lacking: tuple[Lacking, ...] = ()  # where grounds are named: what the newest check found


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    number: int
    at: datetime
    kind: EventKind
    actor: str
    role: str
    on_behalf_of: str
    element: str
    element_label: Text
    paragraph: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the staff's search over all cases."""

    id: str
    number: str
    title: Text
    applicant: str
    status: CaseStatus
    received_at: datetime
    result_due: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line of the journal of registration."""

    case_id: str
    number: str
    received_at: datetime
    registered_on: date
    applicant: str
    applicant_number: str
    service: Text
    variant: Text
    channel: str
    documents: int
    executor: str
    result_due: datetime | None
    status: CaseStatus
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class JournalView:
    rows: Page[JournalRow]
    totals: Mapping[CaseStatus, int]  # of the whole period, not of the page
    bodies: tuple[tuple[str, Text], ...]  # series → whose it is
    services: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class StepMark:
    """Where an element of the diagram stands, to light it up: waiting | overdue | done."""

    element: str
    mark: str


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A finished step: who, when, with which outcome, and what was answered in its form."""

    step: Text
    person: str
    at: datetime
    outcome: Text
    form: Form | None
    answers: Mapping[str, Any]
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """A body asked for its reply. Without a reply it is waited for (`waits`), or none came."""

    item: str  # the work item the body replies in
    body: Text
    about: Text
    paragraph: str
    asked_at: datetime
    due_at: datetime | None
    reply: Text | None
    replied_at: datetime | None
    waits: bool


@dataclass(frozen=True, slots=True)
class StopView:
    """An interval in which the service's term stood still; without `resumed_at` it still does."""

    title: Text
    paragraph: str
    stopped_at: datetime
    due_before: datetime | None
    resumed_at: datetime | None
    due_after: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    id: str
    number: str
    service: str
    title: Text
    variant: Text
    passport: Passport
    status: CaseStatus
    applicant: str
    applicant_number: str  # IIN or BIN
    received_at: datetime
    registered_on: date  # the act's day of registration
    result_due: datetime | None
    left: timedelta | None
    ended_at: datetime | None
    answers: Mapping[str, Mapping[str, Any]]
    documents: tuple[DocumentView, ...]
    lookups: tuple[LookupView, ...]
    items: tuple[WorkItemRow, ...]
    records: tuple[StepRecord, ...]
    marks: tuple[StepMark, ...]
    timeline: tuple[TimelineEntry, ...]
    decision: DecisionView | None
    incidents: tuple[IncidentView, ...] = ()
    simulated: bool = False  # some answer came from an embedded simulator
    consultations: tuple[ConsultationView, ...] = ()
    stops: tuple[StopView, ...] = ()
    own: bool = False  # the reader applied, or acts for the organisation that did
    linked: tuple[CaseRow, ...] = ()  # complaints about this case; of a complaint, the case complained of

    @property
    def stands_still(self) -> bool:
        return any(each.resumed_at is None for each in self.stops)


@dataclass(frozen=True, slots=True)
class DecisionView:
    outcome: str
    grounds: tuple[str, ...]
    rationale: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    case_id: str
    number: str
    element: str
    sentence: str
    opened_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One line of the deadline page: what will fall due."""

    due_at: datetime
    kind: TimerKind
    case_id: str
    number: str
    applicant: str
    what: Text
    owner: str
    left: timedelta


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in somebody's cabinet."""

    id: str
    at: datetime
    case_id: str
    sentence: str
    values: Mapping[str, Any]
    read: bool
    document_id: str | None
