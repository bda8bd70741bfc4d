"""The caller's language, and how texts, sentences, moments and terms are said in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Blueprint, Flask, current_app, g, redirect, request, session, url_for
from flask_babel import Babel, force_locale, get_locale, gettext, ngettext
from werkzeug.wrappers import Response

from app.cases import people
from app.domain.errors import Sentence
from app.domain.terms import Term, Unit
from app.domain.text import LANGUAGES, Text
from app.web.api.bearer import is_for_programs
from app.web.office import office
from app.web.security import local_address, public

DEFAULT = "kk"
COOKIE = "language"
A_YEAR = 31_536_000  # seconds
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
SHORT_NAMES = {"kk": "ҚАЗ", "ru": "РУС", "en": "ENG"}
ZONE = ZoneInfo("Asia/Almaty")  # the providers' local time: the whole country since 1 March 2024

_KEPT_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d:\d\d")

pages = Blueprint("language", __name__)


def language() -> str:
    """The page's language: the person's own choice, else the browser's cookie, else Kazakh, the language of the acts. A program
    says in each request which it wants."""
    if is_for_programs():
        wanted = request.args.get("lang")
        return wanted if wanted in LANGUAGES else request.accept_languages.best_match(LANGUAGES, DEFAULT)
    if shown := g.get("shown_in"):
        return str(shown)
    actor = g.get("actor")
    chosen = actor.language if actor else request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else DEFAULT


@contextmanager
def shown_in(wanted: str) -> Iterator[None]:
    """Everything said inside is said in this language, whatever the reader's own."""
    former, g.shown_in = g.get("shown_in"), wanted
    try:
        with force_locale(wanted):
            yield
    finally:
        g.shown_in = former


def _locale() -> Locale:
    return Locale("en", "GB") if language() == "en" else Locale(language())


def speak(app: Flask) -> None:
    """Connects Flask-Babel and the filters that templates say things with."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    Babel(app, default_translation_directories="translations", locale_selector=_locale)
    app.jinja_env.filters.update(
        text=say_text,
        sentence=say_sentence,
        day=say_day,
        moment=say_moment,
        clock=say_clock,
        number=say_number,
        size=say_size,
        tenge=say_tenge,
        term=say_term,
        worktime=say_worktime,
    )
    app.jinja_env.globals.update(language=language, language_names=NAMES, language_short_names=SHORT_NAMES)


@pages.post("/language")
@public
def choose() -> Response:
    wanted = request.form.get("language", "")
    chosen = wanted if wanted in LANGUAGES else DEFAULT
    if g.actor is not None:
        people.set_language(office(), g.actor, chosen)
    else:
        session["language"] = chosen  # a choice made just before signing in becomes the person's own
    response = redirect(local_address(request.form.get("next")) or url_for("catalogue.services"))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def say_text(text: Text | None) -> str:
    return text.in_language(language()) if text else ""


def say_sentence(sentence: Sentence) -> str:
    return say(sentence.template, sentence.values)


def say(template: str, values: Mapping[str, Any]) -> str:
    """A sentence of the domain in the page's language; its values are put as people write them."""
    words = gettext(template)
    return words % {name: _in_words(value) for name, value in values.items()} if values else words


def _in_words(value: Any) -> str | int:
    match value:
        case int():
            return value  # a template may ask for %d
        case Text():
            return say_text(value)
        case Sentence():
            return say_sentence(value)
        case datetime():
            return say_moment(value)
        case date():
            return say_day(value)
        case Term():
            return say_term(str(value))
        case Decimal() | float():
            return say_number(value)
        case str() if _KEPT_MOMENT.fullmatch(value):  # notices are kept as JSON
            return say_moment(value)
        case {"kk": str(), **_languages}:
            return say_text(Text(**value))
        case _:
            return str(value)


def _there(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


def say_day(day: date | None) -> str:
    """A civil date in words; a moment is first put on the providers' calendar."""
    if day is None:
        return "—"
    return format_date(_there(day) if isinstance(day, datetime) else day, "long", locale=get_locale())


def say_moment(moment: datetime | str | None) -> str:
    """Day and time in the providers' local time. History keeps moments as ISO text, which is read too."""
    if not moment:
        return "—"
    there = _there(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
    return f"{format_date(there, 'long', locale=get_locale())}, {say_clock(there)}"


def say_clock(moment: datetime) -> str:
    return format_time(_there(moment), "HH:mm", locale=get_locale())


def say_number(number: Decimal | float | int) -> str:
    return format_decimal(number, locale=get_locale())


def say_tenge(amount: Decimal) -> str:
    """Money, to the tiyn only where there are any."""
    whole = amount == amount.to_integral_value()
    said = format_decimal(amount, "#,##0" if whole else "#,##0.00", locale=get_locale())
    return gettext("%(amount)s tenge", amount=said)


def say_size(size: int) -> str:
    """A file's size in KB or MB."""
    kilobytes = max(1, round(size / 1024))
    if kilobytes < 1024:
        return gettext("%(number)s KB", number=say_number(kilobytes))
    return gettext("%(number)s MB", number=say_number(round(kilobytes / 1024, 1)))


def say_term(limit: str | None) -> str:
    """A prescribed term such as "7 working-days" in words; no term is a dash."""
    if not limit:
        return "—"
    term = Term.parse(limit)
    n = term.value
    match term.unit:
        case Unit.WORKING_DAYS if n == 0:
            return gettext("on the day of receipt")
        case Unit.WORKING_DAYS:
            return ngettext("%(num)s working day", "%(num)s working days", n)
        case Unit.CALENDAR_DAYS:
            return ngettext("%(num)s calendar day", "%(num)s calendar days", n)
        case Unit.CALENDAR_MONTHS:
            return ngettext("%(num)s month", "%(num)s months", n)
        case Unit.WORKING_HOURS:
            return ngettext("%(num)s working hour", "%(num)s working hours", n)
        case Unit.WORKING_MINUTES:
            return ngettext("%(num)s working minute", "%(num)s working minutes", n)
        case Unit.ELAPSED:
            return say_worktime(timedelta(seconds=n))


def say_worktime(time: timedelta | None) -> str:
    """A length of working time in hours and minutes: never in days, whose length differs from schedule to schedule."""
    if time is None:
        return "—"
    minutes = abs(round(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    if hours and minutes:
        return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return gettext("%(hours)s h", hours=hours) if hours else gettext("%(minutes)s min", minutes=minutes)


def local_datetime(moment: datetime) -> str:
    """For an <input type="datetime-local">, in the providers' local time."""
    return _there(moment).strftime("%Y-%m-%dT%H:%M")


def read_local_datetime(text: str) -> datetime:
    """Reads such an input back, in UTC. Raises ValueError on anything else."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
