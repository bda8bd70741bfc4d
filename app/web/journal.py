"""The journal of registration: a page by period, body, service and status; printed, and given out as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from flask import Blueprint, Response, g, render_template, request, send_file
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.cases import viewing
from app.cases.reading import note_reading
from app.domain.case import CaseStatus
from app.domain.errors import Invalid, Sentence
from app.domain.journal import JournalFilter
from app.domain.permissions import Action
from app.domain.views import JournalRow, JournalView
from app.web.cases_pages import STATUSES
from app.web.catalogue import say_channel
from app.web.language import say_text
from app.web.office import office
from app.web.security import allowed
from app.web.sheets import as_xlsx, csv_file

COLUMNS = (
    _l("Number"),
    _l("Received"),
    _l("Day of registration"),
    _l("Applicant"),
    _l("IIN or BIN"),
    _l("Service"),
    _l("Variant"),
    _l("Channel"),
    _l("Documents"),
    _l("Executor"),
    _l("Result due"),
    _l("Status"),
    _l("Ended"),
)

pages = Blueprint("journal", __name__)


@pages.get("/journal")
@allowed(Action.VIEW_JOURNAL)
def page() -> str | tuple[str, int]:
    try:
        wanted = _wanted()
        view = viewing.journal(office(), g.actor, wanted, page=max(1, request.args.get("page", 1, type=int)))
    except Invalid as error:
        return _show(JournalFilter(_first_of_year(), office().today()), None, error.sentence), 422
    return _show(wanted, view, None)


def _show(wanted: JournalFilter, view: JournalView | None, sentence: Sentence | None) -> str:
    asked = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template("journal.html", view=view, wanted=wanted, asked=asked, statuses=STATUSES, sentence=sentence)


@pages.get("/journal.pdf")
@allowed(Action.VIEW_JOURNAL)
def printed() -> Response:
    content = viewing.printed_journal(office(), g.actor, _wanted(), paper_language())
    return _pdf(content, _name("pdf"))


@pages.get("/journal.csv")
@allowed(Action.VIEW_JOURNAL)
def csv() -> Response:
    lines = viewing.journal_lines(office(), g.actor, _wanted())
    return csv_file(_name("csv"), [str(column) for column in COLUMNS], _cells(lines))


@pages.get("/journal.xlsx")
@allowed(Action.VIEW_JOURNAL)
def xlsx() -> AnyResponse:
    lines = viewing.journal_lines(office(), g.actor, _wanted())
    file = as_xlsx(gettext("Journal"), [str(column) for column in COLUMNS], _cells(lines))
    return send_file(
        file,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=_name("xlsx"),
    )


@pages.get("/cases/<case_id>/control-card")
@allowed(Action.PRINT_CONTROL_CARD)
def control_card(case_id: str) -> Response:
    number, content = viewing.control_card(office(), g.actor, case_id, paper_language())
    note_reading(office(), g.actor, case_id)
    return _pdf(content, f"{number.replace('/', '-') or case_id}.pdf")


def paper_language() -> str:
    """Papers are in Kazakh, or in Russian for who reads the pages in Russian."""
    return "ru" if str(get_locale()) == "ru" else "kk"


def _wanted() -> JournalFilter:
    """The filter of the address; without a period the journal of the running year. Raises Invalid for no date."""
    today = office().today()
    status = request.args.get("status", "")
    body = request.args.get("body", "")
    return JournalFilter(
        first=_day("first", today.replace(month=1, day=1)),
        last=_day("last", today),
        series=None if not body else "" if body == "common" else body,
        service=request.args.get("service", ""),
        status=next((each for each in CaseStatus if each.value == status), None),
    )


def _first_of_year() -> date:
    return office().today().replace(month=1, day=1)


def _day(name: str, otherwise: date) -> date:
    text = request.args.get(name, "").strip()
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("A date is expected (year-month-day); found “%(found)s”.", found=text) from error


def _cells(lines: Iterator[JournalRow]) -> Iterator[Sequence[str | int]]:
    for row in lines:
        yield (
            row.number,
            _moment(row.received_at),
            row.registered_on.isoformat(),
            row.applicant,
            row.applicant_number,
            say_text(row.service),
            say_text(row.variant),
            say_channel(row.channel),
            row.documents,
            row.executor,
            _moment(row.result_due),
            str(STATUSES[row.status]),
            _moment(row.ended_at),
        )


def _moment(moment: datetime | None) -> str:
    return office().local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _name(ending: str) -> str:
    wanted = _wanted()
    return f"journal-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{ending}"


def _pdf(content: bytes, filename: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=filename)
    return response
