"""The tables. What people search, sort by or are judged by has a column and an index; the rest is JSON text."""

from app.store.base import Base
from app.store.tables.cases import (
    Application,
    Case,
    CaseWord,
    Decision,
    Extension,
    Incident,
    Job,
    Payment,
    RegisterReply,
    RegistrationCounter,
    SuspensionRow,
    Timer,
)
from app.store.tables.design import CaseMigration, DesignEvent, MigratedCase, ProcessDraft, RehearsalInHand, RehearsalRun, Replay
from app.store.tables.documents import Content, Document, RevocationAnswer, Signature
from app.store.tables.people import Absence, Jurisdiction, RoleGrant, SavedFilter, SpentChallenge, SubstitutionRow, Unit, User
from app.store.tables.processes import ProcessVersion, Setting
from app.store.tables.programs import ApiReceipt, ApiToken
from app.store.tables.proof import HistoryEvent, Notice, Reading
from app.store.tables.work import Assignment, Comment, ConsultationRow, Disclosure, Exclusion, Message, WorkDraft, WorkItem

__all__ = [
    "Absence",
    "ApiReceipt",
    "ApiToken",
    "Application",
    "Assignment",
    "Base",
    "Case",
    "CaseMigration",
    "CaseWord",
    "Comment",
    "ConsultationRow",
    "Content",
    "Decision",
    "DesignEvent",
    "Disclosure",
    "Document",
    "Exclusion",
    "Extension",
    "HistoryEvent",
    "Incident",
    "Job",
    "Jurisdiction",
    "Message",
    "MigratedCase",
    "Notice",
    "Payment",
    "ProcessDraft",
    "ProcessVersion",
    "Reading",
    "RegisterReply",
    "RegistrationCounter",
    "RehearsalInHand",
    "RehearsalRun",
    "Replay",
    "RevocationAnswer",
    "RoleGrant",
    "SavedFilter",
    "Setting",
    "Signature",
    "SpentChallenge",
    "SubstitutionRow",
    "SuspensionRow",
    "Timer",
    "Unit",
    "User",
    "WorkDraft",
    "WorkItem",
]
