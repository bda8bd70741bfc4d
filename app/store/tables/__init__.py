"""The tables. What people search, sort by or are judged by has a column and an index; the rest is JSON text."""

from app.store.base import Base
from app.store.tables.cases import (
    Application,
    Case,
    Decision,
    Incident,
    Job,
    Payment,
    RegisterReply,
    RegistrationCounter,
    SuspensionRow,
    Timer,
)
from app.store.tables.documents import Content, Document, Signature
from app.store.tables.people import RoleGrant, SubstitutionRow, User
from app.store.tables.processes import ProcessVersion, Setting
from app.store.tables.programs import ApiReceipt, ApiToken
from app.store.tables.proof import HistoryEvent, Notice
from app.store.tables.work import ConsultationRow, WorkItem

__all__ = [
    "ApiReceipt",
    "ApiToken",
    "Application",
    "Base",
    "Case",
    "ConsultationRow",
    "Content",
    "Decision",
    "Document",
    "HistoryEvent",
    "Incident",
    "Job",
    "Notice",
    "Payment",
    "ProcessVersion",
    "RegisterReply",
    "RegistrationCounter",
    "RoleGrant",
    "Setting",
    "Signature",
    "SubstitutionRow",
    "SuspensionRow",
    "Timer",
    "User",
    "WorkItem",
]
