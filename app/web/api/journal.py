"""The journal of registration, and the control card of a case."""

from __future__ import annotations

from flask import Response, g

from app.cases import viewing
from app.cases.reading import note_reading
from app.domain.permissions import Action
from app.web.api.journal_shapes import Journal, JournalQuery, JournalRow, PeriodQuery
from app.web.api.operations import Operations, page_of
from app.web.documents import as_file
from app.web.journal import paper_language
from app.web.office import office
from app.web.security import allowed

TAG = "Registration"
PDF = "application/pdf"


def tell(api: Operations) -> None:
    @api.add("GET", "/journal", TAG, "The journal of registration", answer=Journal, query=JournalQuery)
    @allowed(Action.VIEW_JOURNAL)
    def list_journal(query: JournalQuery) -> Journal:
        """Cases registered in a period, in the order of their numbers."""
        view = viewing.journal(office(), g.actor, query.wanted(office().today()), page=query.page)
        totals = {status.value: count for status, count in view.totals.items()}
        rows = [JournalRow.model_validate(row) for row in view.rows.rows]
        return Journal(items=rows, totals=totals, **page_of(view.rows))

    @api.add("GET", "/journal/print", TAG, "The journal, printed", query=PeriodQuery, media_types=(PDF,))
    @allowed(Action.VIEW_JOURNAL)
    def print_journal(query: PeriodQuery) -> Response:
        """The whole period as PDF, in Kazakh or, asked for in Russian, in Russian."""
        wanted = query.wanted(office().today())
        content = viewing.printed_journal(office(), g.actor, wanted, paper_language())
        return as_file(content, PDF, "inline", f"journal-{wanted.first}-{wanted.last}.pdf")

    @api.add("GET", "/cases/<case_id>/control-card", TAG, "A case's control card", media_types=(PDF,))
    @allowed(Action.PRINT_CONTROL_CARD)
    def print_control_card(case_id: str) -> Response:
        """What came in, who was to do it, by when, and what came of it, as PDF. That it was opened is kept."""
        number, content = viewing.control_card(office(), g.actor, case_id, paper_language())
        note_reading(office(), g.actor, case_id)
        return as_file(content, PDF, "inline", f"{number.replace('/', '-') or case_id}.pdf")
