"""What pages and the command line show. Reads only; who may see what is decided in the query or by the permission table."""

from app.cases.viewing.cabinet import application, cabinet, notices, read_notice, unread_notices
from app.cases.viewing.cases import case, cases, diagram
from app.cases.viewing.control_card import control_card
from app.cases.viewing.deadlines import deadlines
from app.cases.viewing.design import designed_services
from app.cases.viewing.documents import bytes_to_sign, document, revocation_evidence, signature_of
from app.cases.viewing.inbox import asked_of, chosen_rows, inbox, inbox_counts, inbox_lines, pulse
from app.cases.viewing.incidents import incidents
from app.cases.viewing.journal import journal, journal_lines, printed_journal
from app.cases.viewing.migrations import migration, migration_planning, migration_progress, migrations
from app.cases.viewing.service_versions import approval, service_history, version_page
from app.cases.viewing.services import catalogue, complaint_service, diagram_of_service, passport_of, service
from app.cases.viewing.signing_desk import AT_ONCE, signing_desk
from app.cases.viewing.standing import standing, version_diagram
from app.cases.viewing.supervision import choices, loads, supervised
from app.cases.viewing.task import colleagues, conversation
from app.cases.viewing.term import term
from app.cases.viewing.work import work_item

__all__ = [
    "AT_ONCE",
    "application",
    "approval",
    "asked_of",
    "bytes_to_sign",
    "cabinet",
    "case",
    "cases",
    "catalogue",
    "choices",
    "chosen_rows",
    "colleagues",
    "complaint_service",
    "control_card",
    "conversation",
    "deadlines",
    "designed_services",
    "diagram",
    "diagram_of_service",
    "document",
    "inbox",
    "inbox_counts",
    "inbox_lines",
    "incidents",
    "journal",
    "journal_lines",
    "loads",
    "migration",
    "migration_planning",
    "migration_progress",
    "migrations",
    "notices",
    "passport_of",
    "printed_journal",
    "pulse",
    "read_notice",
    "revocation_evidence",
    "service",
    "service_history",
    "signature_of",
    "signing_desk",
    "standing",
    "supervised",
    "term",
    "unread_notices",
    "version_diagram",
    "version_page",
    "work_item",
]
