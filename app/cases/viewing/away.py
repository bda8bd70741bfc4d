"""Who is away on which days, and who stands in: by the absences entered and by the orders of substitution."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.calendar import WorkingCalendar
from app.domain.forecast import Days, back_on
from app.domain.views import Away
from app.store.tables import SubstitutionRow
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AwayDays:
    """Of one person: the days he is away, and the orders by which somebody stands in."""

    away: list[Days] = field(default_factory=list)
    orders: list[tuple[SubstitutionRow, str]] = field(default_factory=list)

    @property
    def until(self) -> date | None:
        """The last of these days."""
        return max((each.last for each in self.away), default=None)

    def covered(self, role: str, service: str, others: dict[str, AwayDays]) -> list[Days]:
        """The days on which somebody stands in for this work who is there himself, as far as is known of him."""
        return [
            days
            for row, _ in self.orders
            if row.role == role and (not row.services or service in row.services)
            for days in _there(Days(row.first_day, row.last_day), others.get(row.substitute_id))
        ]

    def told(self, today: date, week: WorkingCalendar, *, until: date) -> Away | None:
        """The absence that is, or begins before that day."""
        ahead = [each for each in self.away if each.last >= today and each.first <= until]
        if not ahead:
            return None
        first = min(ahead, key=lambda each: each.first)
        names = [name for row, name in self.orders if Days(row.first_day, row.last_day).overlaps(first)]
        day = max(today, first.first)
        return Away(first.first, first.last, back_on(day, self.away, week), ", ".join(dict.fromkeys(names)))


def _there(days: Days, substitute: AwayDays | None) -> Iterable[Days]:
    """These days less those on which the substitute is away."""
    left = [days]
    for gone in substitute.away if substitute else ():
        left = [rest for each in left for rest in _without(each, gone)]
    return left


def _without(days: Days, gone: Days) -> Iterable[Days]:
    if not days.overlaps(gone):
        yield days
        return
    if days.first < gone.first:
        yield Days(days.first, date.fromordinal(gone.first.toordinal() - 1))
    if gone.last < days.last:
        yield Days(date.fromordinal(gone.last.toordinal() + 1), days.last)


def away_days(uow: UnitOfWork, people: Sequence[str], first: date, last: date) -> dict[str, AwayDays]:
    """Of these people and of those who stand in for them. For whom somebody stands in, he is away on the days of the order."""
    found: dict[str, AwayDays] = defaultdict(AwayDays)
    orders = uow.supervision.substitutions(people, first, last)
    for row, name in orders:
        found[row.absent_id].orders.append((row, name))
        found[row.absent_id].away.append(Days(row.first_day, row.last_day))
    for absence in uow.supervision.absences([*people, *(row.substitute_id for row, _ in orders)], first, last):
        found[absence.user_id].away.append(Days(absence.first_day, absence.last_day))
    return found
