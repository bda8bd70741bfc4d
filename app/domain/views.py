"""What pages and the command line are shown: frozen values made by `app.cases.viewing`, free of database rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

from app.domain.case import CaseStatus, TimerKind, WorkStatus
from app.domain.checklist import FromRegister, Lacking, Line
from app.domain.errors import Sentence
from app.domain.events import EventKind
from app.domain.forecast import Breach
from app.domain.moves import Element
from app.domain.passport import Act, ExtensionGround, Fee, Form, Passport, StopGround
from app.domain.people import Substitution
from app.domain.permissions import Sight
from app.domain.ports import Verdict
from app.domain.schedule import Arrival
from app.domain.task_views import Conversation, DraftView, HeldSince, NextStep, StepRule
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
    sha256: str  # of the bytes that are signed
    size: int
    wanted: tuple[WantedSignature, ...] = ()
    inside: bool = False  # the signature gets a place inside the PDF, and all its other bytes are signed


@dataclass(frozen=True, slots=True)
class WantedSignature:
    who: Text  # "applicant", "end user", "head" in words
    iin: str  # "" where any person of the organisation may sign
    bin: str


@dataclass(frozen=True, slots=True)
class Acting:
    """The order under which somebody signed in another's place, and whether it covered the day of signing and the service."""

    order_number: str
    order_date: date
    first_day: date
    last_day: date
    covers_day: bool
    covers_service: bool


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
    answered: bool = False  # an authority answered on revocation, and its answer is kept
    acting: tuple[Acting, ...] = ()  # the orders that number names, where it was given in another's place


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
    signed_inside: bool = False  # the PDF holds its signature, which covers all its other bytes
    case_id: str | None = None  # None: of a draft application


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
    new_messages: int = 0  # of the office, not read yet


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
    priority: int = 0  # -1 low, 0 usual, 1 high, 2 urgent
    follow_up_on: date | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxPage(Page[WorkItemRow]):
    """A page of the task list, which goes no further than `app.domain.inbox.LIST_END`."""

    more: bool = False  # there is more than the list holds
    partly: bool = False  # the words are too common: they were looked for among the most urgent only
    begun: bool = False  # sorted by what no index holds: only the most urgent were put in this order


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
    rule: StepRule
    ahead: Mapping[str, tuple[NextStep, ...]]  # outcome → what the case then comes to
    held: HeldSince | None  # None: nobody has it
    own_draft: DraftView | None
    drafts: tuple[DraftView, ...]  # of colleagues, for whoever may do the step
    conversation: Conversation
    earlier: Page[CaseRow] | None  # the applicant's other cases; None for the applicant himself
    priority: int  # as in the work item
    follow_up_on: date | None
    snoozed_until: datetime | None
    checklist: tuple[Line, ...] = ()  # for a form field of type checklist
    registers: tuple[FromRegister, ...] = ()  # beside it: what is not asked of the applicant
    registration: RegistrationView | None = None  # while the case has no number, for the chancellery
    resolutions: tuple[ResolutionView, ...] = ()  # for the provider's own people, the newest first
    lacking: tuple[Lacking, ...] = ()  # where grounds are named: what the newest check found
    excluded: Sentence | None = None  # why separation of duties keeps this person from it
    withheld: bool = False  # a reply for the cleared only, whose words the reader is not shown


@dataclass(frozen=True, slots=True)
class SigningRow:
    """A document that waits for a person's signature."""

    item: WorkItemRow
    rev: int
    due_at: datetime | None  # of the step, or where the act sets it no term, of the whole service
    left: timedelta | None
    result: Text  # what is signed: the licence, the refusal
    document: DocumentToSign | None  # printed for this person today, None until prepared
    opened_at: datetime | None  # when this person was shown exactly these bytes


@dataclass(frozen=True, slots=True)
class SigningDesk:
    """What waits for a person's signature, the earliest due first."""

    rows: tuple[SigningRow, ...]
    counts: Mapping[str, int]  # by service
    titles: Mapping[str, Text]  # of these services
    service: str  # the one shown, "" for all

    @property
    def total(self) -> int:
        return self.counts.get(self.service, 0) if self.service else sum(self.counts.values())


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
    """One line of the staff's search over all cases. Another body is told of a case what it was asked in it, and neither how it
    stands nor how it ends."""

    id: str
    number: str
    title: Text
    applicant: str
    status: CaseStatus | None  # None: not told
    received_at: datetime
    result_due: datetime | None
    overdue: bool
    request: WorkItemRow | None = None  # for another body: what it was asked last


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
    withheld: bool = False  # a reply for the cleared only, whose words the reader is not shown


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document of the case and a body asked: whether it is shown to the body, by whose decision, and whether it was opened."""

    id: str
    title: Text
    shown: bool
    by: str = ""  # name; empty: by rule, or never shown
    at: datetime | None = None  # when it was last shown or withdrawn; None: never shown
    reason: str = ""
    seen_at: datetime | None = None  # when somebody of the body first opened it


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
    unit: Text | None = None  # whose reply it is; None: whoever of the role takes it
    limit: str | None = None  # the act's own term of the reply
    silence: SilenceView | None = None  # what happens if none comes; None: it is waited for
    left: timedelta | None = None
    tone: str = ""  # of the reply: positive | negative | neutral
    number: str = ""  # the body's own number of its reply
    restricted: bool = False  # its words are for the cleared only
    documents: tuple[ShownDocument, ...] = ()
    may_disclose: bool = False
    asked_again_at: datetime | None = None  # the last time
    may_ask_again: bool = False


@dataclass(frozen=True, slots=True)
class SilenceView:
    """The way the process takes when a body keeps silent: its timer, in the diagram's words."""

    label: Text
    paragraph: str


@dataclass(frozen=True, slots=True)
class StopView:
    """An interval in which the service's term stood still; without `resumed_at` it still does."""

    title: Text
    paragraph: str
    stopped_at: datetime
    due_before: datetime | None
    resumed_at: datetime | None
    due_after: datetime | None
    by: str = ""  # who decided so; empty: a task of the process waited
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """The service's term made longer by a decision."""

    title: Text
    paragraph: str
    term: str  # by how much, in the words of the law
    at: datetime
    due_before: datetime | None
    due_after: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a case's time: the service's term ran, or stood still for a reason. Without `until` it still does."""

    since: datetime
    until: datetime | None
    runs: bool
    working_time: timedelta  # within it, up to now at most
    stop: StopView | None = None


@dataclass(frozen=True, slots=True)
class TermView:
    """The term of a case's service: the law's words, the ledger of its time, and what the reader may decide about it."""

    case_id: str
    number: str
    title: Text
    term: str | None
    term_from: datetime | None
    result_due: datetime | None
    left: timedelta | None
    ended_at: datetime | None
    ledger: tuple[Interval, ...]
    extensions: tuple[ExtensionView, ...]
    stops_allowed: tuple[StopGround, ...]
    extensions_allowed: tuple[ExtensionGround, ...]
    may_decide: bool  # the reader's role decides on terms, whatever this service lists
    runs_on: bool  # it stands still by a decision, which the reader may end


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as this reader may see it: where `sight` is another body's, what was not disclosed to it is not there at all."""

    id: str
    number: str
    service: str
    title: Text
    variant: Text
    passport: Passport
    status: CaseStatus | None  # None: not told
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
    to_disclose: tuple[ShownDocument, ...] = ()  # what bodies still to be asked are shown by rule, for those who decide it
    stops: tuple[StopView, ...] = ()
    extensions: tuple[ExtensionView, ...] = ()
    own: bool = False  # the reader applied, or acts for the organisation that did
    sight: Sight = Sight.WHOLE
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


class IncidentCause(Enum):
    JOB = "job"  # a call to the outside was not answered
    TIMER = "timer"  # what a term does when it ends went wrong
    STUCK = "stuck"  # the case came to a halt


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    case_id: str
    number: str
    element: str
    sentence: str
    opened_at: datetime
    open: bool
    cause: IncidentCause
    step: Text = field(default_factory=Text.empty)
    service: Text = field(default_factory=Text.empty)
    tries: int = 0  # of the outside call
    resolved_at: datetime | None = None
    resolved_by: str = ""


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


NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the supervised work is asked for; an empty text: whatever."""

    unit: str = ""  # id
    person: str = ""  # id, or NOBODY
    service: str = ""
    view: str = "all"  # all | overdue | soon


@dataclass(frozen=True, slots=True)
class Away:
    """A person is away today or from a later day on. `back` is the first working day he is there again; `by` who stands in."""

    first: date
    last: date
    back: date | None
    by: str = ""  # names, empty: nobody


@dataclass(frozen=True, slots=True)
class SupervisedRow:
    """An open step as its supervisor sees it: whose it is, when what is breached if nobody acts, and who could act."""

    id: str
    case_id: str
    number: str
    service: Text
    step: Text
    paragraph: str
    applicant: str
    role: str
    owner_id: str | None
    owner: str
    unit: Text
    opened_at: datetime
    due_at: datetime | None
    left: timedelta | None  # working time to what is breached first
    result_due: datetime | None
    breach: Breach | None
    last_day: date | None  # the last working day on which the holder, or who stands in, can act in time
    away: Away | None  # of the holder, before the breach
    missed_by: int | None  # working days by which the service's term is missed even if every step keeps its limit
    escalated: bool


@dataclass(frozen=True, slots=True)
class Load:
    """The open work of a person or of a unit."""

    id: str  # of the person or the unit; empty: nobody's, or of no unit
    name: str
    position: Text
    unit: Text
    open: int
    overdue: int
    today: int
    this_week: int
    oldest: datetime | None
    average: timedelta | None  # working time from a step's opening to its end, over the last thirty days
    away: Away | None = None


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
