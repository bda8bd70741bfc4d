"""What pages and the command line show. Reads only; who may see what is decided in the query or by the permission table."""

from app.cases.viewing.cabinet import application, cabinet, notices, read_notice, unread_notices
from app.cases.viewing.cases import case, cases, diagram
from app.cases.viewing.deadlines import deadlines, incidents
from app.cases.viewing.documents import document, signature_of
from app.cases.viewing.inbox import asked_of, chosen_rows, colleagues, inbox, inbox_counts, inbox_lines, pulse
from app.cases.viewing.services import catalogue, complaint_service, diagram_of_service, passport_of, service
from app.cases.viewing.work import work_item

__all__ = [
    "application",
    "asked_of",
    "cabinet",
    "case",
    "cases",
    "catalogue",
    "chosen_rows",
    "colleagues",
    "complaint_service",
    "deadlines",
    "diagram",
    "diagram_of_service",
    "document",
    "inbox",
    "inbox_counts",
    "inbox_lines",
    "incidents",
    "notices",
    "passport_of",
    "pulse",
    "read_notice",
    "service",
    "signature_of",
    "unread_notices",
    "work_item",
]
