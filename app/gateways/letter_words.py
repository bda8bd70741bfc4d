"""Dates, amounts and terms in the words of a letter, in Kazakh and in Russian."""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup, escape

from app.domain.citations import cite
from app.domain.terms import Term, Unit

_MONTHS = {
    "kk": ("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"),
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"),
}  # fmt: skip
_UNITS = {  # in Kazakh; in Russian of one, of several
    Unit.WORKING_DAYS: ("жұмыс күні", "рабочего дня", "рабочих дней"),
    Unit.CALENDAR_DAYS: ("күнтізбелік күн", "календарного дня", "календарных дней"),
    Unit.CALENDAR_MONTHS: ("ай", "месяца", "месяцев"),
    Unit.WORKING_HOURS: ("жұмыс сағаты", "рабочего часа", "рабочих часов"),
    Unit.WORKING_MINUTES: ("жұмыс минуты", "рабочей минуты", "рабочих минут"),
}

_NUMBERED = re.compile(r"\d[\d-]*-[\w]+")


def day(value: date | str, language: str) -> str:
    """A civil date as the acts write it: «2026 жылғы 22 қараша», «22 ноября 2026 года». Raises ValueError for no date."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    month = _MONTHS[language][on.month - 1]
    return f"{on.year} жылғы {on.day} {month}" if language == "kk" else f"{on.day} {month} {on.year} года"


def amount(value: str) -> str:
    """A number kept as text, as it is written in the country: 12345.6 becomes 12 345,6 (with no-break spaces)."""
    whole, _, rest = value.partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u00a0")
    return f"{grouped},{rest}" if rest else grouped


def within(term: str, language: str) -> str:
    """A term as a letter promises it: «5 жұмыс күні ішінде», «в течение 5 рабочих дней». Raises ValueError for clock time."""
    limit = Term.parse(term)
    if limit.unit not in _UNITS:
        raise ValueError(f"{term} is no term a letter can name")
    kk, of_one, of_several = _UNITS[limit.unit]
    if language == "kk":
        return f"{limit.value}\u00a0{kk} ішінде"
    is_one = limit.value % 10 == 1 and limit.value % 100 != 11
    return f"в течение {limit.value}\u00a0{of_one if is_one else of_several}"


def cited(citation: str, language: str) -> Markup:
    """Where the act says a thing; no line breaks within «9-тармағы»."""
    return Markup(_NUMBERED.sub(r'<span class="whole">\g<0></span>', str(escape(cite(citation).in_language(language)))))
