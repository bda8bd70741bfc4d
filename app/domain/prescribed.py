"""The numbers an act prescribes, each proved by the act's own words.

Every term, fee and clock time of a passport stands beside `says`, the act's Kazakh wording as printed; here the amounts are
read out of that wording, and the passport's number must be among them. What the act does not say carries `inferred` instead.

How the acts write amounts: in digits, in words, or in digits with the words in brackets, which must agree ("15 (он бес) жұмыс
күні", "екі жұмыс күні ішінде"); the calendar named before the number or after it ("күнтізбелік 30 күн", "30 күнтізбелік күн");
clock times with a hyphen, a point or a colon ("9-00-ден 18-00-ге дейін", "13.00", "13:00"); fees in АЕК, in "айлық есептік
көрсеткіш", or as a percentage of a rate named in the same quote; and 0 working days as "on the day" ("түскен күні", "сол күні").
A quote is given only as long as needed: whatever amount stands in it is taken for prescribed. Words that the print has put
between a number and its unit are left out with "…".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import NamedTuple

from app.domain.errors import Problem, problem
from app.domain.passport import Complaints, Fee, Passport, ScheduleRule
from app.domain.terms import Term, Unit

WORKING_DAY, DAY, MONTH = "жұмыс күні", "күнтізбелік күн", "ай"
WORKING_HOUR, HOUR, MINUTE = "жұмыс сағаты", "сағат", "минут"
MCI, PERCENT, OF_THE_DAY = "АЕК", "пайыз", "тәулік минуты"


class Amount(NamedTuple):
    """So much of a unit; a clock time is so many minutes of the day."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        if self.unit == OF_THE_DAY:
            return "{:02}:{:02}".format(*divmod(int(self.value), 60))
        return f"{self.value:f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A number of the passport: its key path, what stands there, and any of the amounts in the act's words that prove it."""

    place: str
    value: str
    proofs: frozenset[Amount]
    paragraph: str
    says: str | None
    inferred: str | None


class Reading(NamedTuple):
    """What an act's words say: the amounts, and the numbers whose digits and bracketed words disagree."""

    amounts: frozenset[Amount]
    disagreeing: tuple[str, ...]


def prescribed(passport: Passport) -> Iterator[Prescribed]:
    """Every prescribed number of the passport, in the order of `app.domain.passport`."""
    yield from _schedule(passport.schedule)
    for i, variant in enumerate(passport.variants):
        term = variant.term
        yield from _term(f"variants[{i}].term.limit", term.limit, term.paragraph, term.says, term.inferred)
        yield from _fee(f"variants[{i}].fee.mci", variant.fee, variant.paragraph)
    complaints = passport.complaints
    for i, addressee in enumerate(complaints.addressees):
        place = f"complaints.addressees[{i}].limit"
        yield from _term(place, addressee.limit, addressee.paragraph, addressee.says, addressee.inferred)
    yield from _extension(complaints)
    for i, told in enumerate(passport.notifications):
        yield from _term(f"notifications[{i}].limit", told.limit, told.paragraph, told.says, told.inferred)
    for i, step in enumerate(passport.limits):
        yield from _term(f"limits[{i}].limit", step.limit, step.paragraph, step.says, step.inferred)
    for i, switch in enumerate(passport.switches):
        yield from _term(f"switches[{i}].limit", switch.limit, switch.paragraph, switch.says, switch.inferred)
    for i, longer in enumerate(passport.extensions):
        yield from _term(f"extensions[{i}].limit", longer.limit, longer.paragraph, longer.says, longer.inferred)
        yield from _term(f"extensions[{i}].notice", longer.notice, longer.paragraph, longer.notice_says, longer.inferred)
    if (hearing := passport.hearing) is not None:
        yield from _term("hearing.invitation", hearing.invitation, hearing.paragraph, hearing.says, hearing.inferred)
    if (office := passport.office) is not None:
        yield from _term("office.wait", office.wait, office.paragraph, office.says, office.inferred)
        yield from _term("office.serve", office.serve, office.paragraph, office.says, office.inferred)


def unproved(passport: Passport) -> Iterator[Problem]:
    """Every prescribed number that its quote does not say, and every one with neither a quote nor a reason."""
    for number in prescribed(passport):
        told = {"value": number.value, "paragraph": number.paragraph}
        if number.says is None:
            if number.inferred is None:
                yield problem(
                    number.place,
                    "%(value)s (%(paragraph)s) has neither the act's words under 'says' nor a reason under 'inferred'.",
                    **told,
                )
            continue
        reading = read(number.says)
        for pair in reading.disagreeing:
            yield problem(number.place, "In the act's words (%(paragraph)s) “%(pair)s” disagrees with itself.", pair=pair, **told)
        if not number.proofs & reading.amounts:
            found = ", ".join(sorted(str(amount) for amount in reading.amounts)) or "—"
            yield problem(
                number.place,
                "The act's words (%(paragraph)s) do not say %(value)s; they say: %(found)s.",
                found=found,
                **told,
            )


def _schedule(rule: ScheduleRule) -> Iterator[Prescribed]:
    hours: dict[str, time | None] = {"opens": rule.opens, "closes": rule.closes, "cutoff": rule.cutoff}
    for name, stretch in (("lunch", rule.lunch), ("saturday", rule.saturday)):
        if stretch is not None:
            hours |= {f"{name}.start": stretch.start, f"{name}.end": stretch.end}
    for name, at in hours.items():
        if at is not None:
            proofs = frozenset({_of_the_day(at.hour, at.minute)})
            yield Prescribed(f"schedule.{name}", f"{at:%H:%M}", proofs, rule.paragraph, rule.says, rule.inferred)


def _extension(complaints: Complaints) -> Iterator[Prescribed]:
    for name, limit, says in (
        ("extension", complaints.extension, complaints.extension_says),
        ("extension_notice", complaints.extension_notice, complaints.extension_notice_says),
    ):
        yield from _term(f"complaints.{name}", limit, complaints.paragraph, says, complaints.inferred)


def _term(place: str, limit: str | None, paragraph: str, says: str | None, inferred: str | None) -> Iterator[Prescribed]:
    if limit is not None:
        yield Prescribed(place, limit, frozenset(_said_as(Term.parse(limit))), paragraph, says, inferred)


def _fee(place: str, fee: Fee, paragraph: str) -> Iterator[Prescribed]:
    if fee.mci is not None:
        proofs = frozenset({Amount(fee.mci, MCI)})
        yield Prescribed(place, f"{fee.mci} MCI", proofs, fee.paragraph or paragraph, fee.says, None)


def _said_as(term: Term) -> Iterator[Amount]:
    """The amounts an act may say for a term; it says hours and minutes of working time without calling them so."""
    match term.unit:
        case Unit.WORKING_DAYS:
            yield Amount(Decimal(term.value), WORKING_DAY)
        case Unit.CALENDAR_DAYS:
            yield Amount(Decimal(term.value), DAY)
        case Unit.CALENDAR_MONTHS:
            yield Amount(Decimal(term.value), MONTH)
        case Unit.WORKING_HOURS:
            yield from (Amount(Decimal(term.value), unit) for unit in (WORKING_HOUR, HOUR))
        case Unit.WORKING_MINUTES:
            yield Amount(Decimal(term.value), MINUTE)
        case Unit.ELAPSED:
            yield from (Amount(Decimal(term.value) / seconds, unit) for seconds, unit in ((3_600, HOUR), (60, MINUTE)))


# --- reading the act's words ------------------------------------------------------------------------------------------

_ONES = ("бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
_TENS = ("он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
_WORDS = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 1)}
_HUNDRED = "жүз"
_WORD = "|".join([*_WORDS, _HUNDRED])
_IN_WORDS = rf"(?:{_WORD})(?: (?:{_WORD}))*\b"
_NUMBER = rf"(?P<digits>\d+(?:[.,]\d+)?) ?(?:\( ?(?P<aside>{_IN_WORDS}) ?\) ?)?|(?P<words>{_IN_WORDS})(?: ?\))? "
_ABBREVIATED = r"(?:\( ?бұдан әрі ?[-–—]? ?)?"  # "20 (бұдан әрі - АЕК)": the print has the unit's name behind its abbreviation
_UNITS = {
    "жұмыс күн(?!тізбе)": WORKING_DAY,
    "(?:күнтізбелік )?күн(?!тізбе)": DAY,
    "(?:күнтізбелік )?(?:ай(?:ы|ға|да|дан|ды|дың)?\\b)": MONTH,
    "(?:күнтізбелік )?жыл(?!ғ)": "жыл",
    "жұмыс сағат": WORKING_HOUR,
    "сағат": HOUR,
    "минут": MINUTE,
    "айлық есептік көрсеткіш": MCI,
    "аек": MCI,
    "пайыз": PERCENT,
    "%": PERCENT,
}
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:{_NUMBER})(?:{_ABBREVIATED})(?:" + "|".join(f"({unit})" for unit in _UNITS) + ")", re.IGNORECASE
)
_ON_THE_DAY = re.compile(r"\b(?:сол|\w+(?:ған|ген|қан|кен)) күні\b", re.IGNORECASE)
_SPACED_OUT = re.compile(r"(?<!\S)(?:\S ){3,}\S(?!\S)")  # "ж ұ м ы с  к ү н і": words two spaces apart
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[-.:] ?([0-5]\d)(?!\d)")


def read(says: str) -> Reading:
    """The amounts in an act's words."""
    text = _SPACED_OUT.sub(lambda found: found[0].replace(" ", ""), says.replace("…", " "))
    text = " ".join(text.lower().replace("i", "і").split())  # the print has Latin i in Kazakh words
    amounts = {_of_the_day(int(hour), int(minute)) for hour, minute in _CLOCK.findall(text)}
    disagreeing: list[str] = []
    if _ON_THE_DAY.search(text):
        amounts.add(Amount(Decimal(0), WORKING_DAY))
    for found in _AMOUNT.finditer(text):
        digits, aside, words, *units = found.groups()
        value = Decimal(digits.replace(",", ".")) if digits else Decimal(_value(words))
        if aside and value != _value(aside):
            disagreeing.append(f"{digits} ({aside})")
        unit = next(name for name, printed in zip(_UNITS.values(), units, strict=True) if printed)
        amounts.add(Amount(12 * value, MONTH) if unit == "жыл" else Amount(value, unit))
    return Reading(frozenset(amounts | set(_shares(amounts))), tuple(disagreeing))


def _shares(amounts: set[Amount]) -> Iterator[Amount]:
    """Percentages of the rates that stand in the same words."""
    for share in (amount.value for amount in amounts if amount.unit == PERCENT):
        yield from (Amount(amount.value * share / 100, MCI) for amount in amounts if amount.unit == MCI)


def _value(words: str) -> int:
    value = 0
    for word in words.split():
        value = max(value, 1) * 100 if word == _HUNDRED else value + _WORDS[word]
    return value


def _of_the_day(hour: int, minute: int) -> Amount:
    return Amount(Decimal(60 * hour + minute), OF_THE_DAY)
