"""The task list: fast with a million open items, because it reads only the beginnings of a few ranges of an index.

What is within a person's reach is a union of ranges (`app.store.reach`), each of which one partial index holds in the order of
what falls due. The first `LIST_END` of each, merged, hold the first `LIST_END` of the whole, and a list goes no further.

Served by an index whatever the size: the parts, role, owner, service, term, least priority, exact number, words that few cases
have; the orders by term (both ways) and by priority, highest first. Any other order puts the first `LIST_END` of its candidates
in order, and words that very many cases have are looked for among the `LOOKED_THROUGH` most urgent: in both cases
`Found` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Session, defer, joinedload, load_only

from app.domain.inbox import LIST_END, Due, Moments, Part, Sort, SortKey, Wish
from app.domain.people import Actor, Role
from app.domain.words import typed_words
from app.store.cases import having
from app.store.reach import Range, Whose, ranges, within_reach_of
from app.store.tables import Case, CaseWord, User, WorkItem

COMMON = 3000
"""Words that more cases have than this are common."""

LOOKED_THROUGH = 3000
"""How many of the most urgent are looked through for common words."""

IS_OPEN = text("work_item.status IN ('ready', 'reserved')")  # letter for letter as in the indexes, so that they are taken

OWNED = frozenset({Whose.OWN, Whose.ABSENT, Whose.OWN_FOR_ABSENT})
NOBODYS = frozenset({Whose.NOBODYS, Whose.NOBODYS_FOR_ABSENT})
FOR_ABSENT = frozenset({Whose.ABSENT, Whose.OWN_FOR_ABSENT, Whose.NOBODYS_FOR_ABSENT})


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of one page in order, and how many there are, LIST_END + 1 standing for more."""

    ids: tuple[str, ...]
    counted: int
    partly: bool = False  # the words are common: looked for among the most urgent only


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range with the filters laid over it. All of what is nobody's is of one unit."""

    condition: ColumnElement[bool]
    of_one_unit: bool = False
    for_absent: bool = False


class Inbox:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._applied: bool | None = None  # whether the person ever filed an application; asked once

    def find(self, actor: Actor, wish: Wish, moments: Moments, *, offset: int = 0, limit: int = LIST_END) -> Found:
        narrowed, offset = list(self._narrowed(actor, wish, moments)), min(offset, LIST_END)
        last = min(offset + limit, LIST_END)
        if not narrowed:
            return Found((), 0)
        hits, partly = self._hits(wish, narrowed)
        if hits is not None:
            within = or_(*(each.condition for each in narrowed))
            narrowed = [Stretch(and_(WorkItem.case_id.in_(hits), within, _each_word(wish.words, WorkItem.case_id)))]
        if hits is None and _is_walked(wish) and not wish.words:
            ids = self._session.scalars(_ordered(narrowed, wish, last))
            return Found(tuple(ids)[offset:], self._session.scalar(select(_count(narrowed))) or 0)
        ids = self._session.scalars(_ordered(narrowed, wish, LIST_END + 1, looking_for_words=hits is None))
        found = tuple(ids)
        return Found(found[offset:last], len(found), partly)

    def rows(self, actor: Actor, ids: Sequence[str]) -> list[tuple[WorkItem, Case, User | None]]:
        """These items with their cases and owners, in this order; what is no longer open or within reach is left out."""
        query = (
            select(WorkItem, Case, User)
            .options(defer(Case.state), defer(WorkItem.answers), joinedload(WorkItem.exclusions), load_only(User.name))
            .join(Case, Case.id == WorkItem.case_id)
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(WorkItem.id.in_(ids), IS_OPEN, within_reach_of(actor))
        )
        found = {item.id: (item, case, owner) for item, case, owner in self._session.execute(query).unique()}
        return [found[each] for each in ids if each in found]

    def counts(self, actor: Actor, moments: Moments) -> dict[str, int]:
        """How many there are of each part and term, LIST_END + 1 standing for more.

        What is overdue stands at the beginning of each range, so one look at the beginnings counts it with the parts.
        """
        most = LIST_END + 1
        columns = (WorkItem.owner_id, WorkItem.unit_id, WorkItem.role, WorkItem.taken_for, WorkItem.due_at)
        stretches = list(self._narrowed(actor, Wish(), moments))
        if not stretches:
            return dict.fromkeys((*(part.value for part in Part if part is not Part.ASKED), "overdue", "today"), 0)
        parts = [
            _beginning(each, most, columns=(*columns, literal_column(str(int(each.for_absent))).label("behalf")))
            for each in stretches
        ]
        seen = union_all(*parts).subquery("seen")
        nobodys, of_staff = seen.c.owner_id.is_(None), seen.c.role != Role.APPLICANT.value
        counted = {
            Part.ALL.value: true(),
            Part.MINE.value: seen.c.owner_id == actor.id,
            Part.ROLE.value: nobodys,
            Part.UNIT.value: nobodys & of_staff & (seen.c.unit_id == actor.unit_id) if actor.unit_id else false(),
            Part.BEHALF.value: (seen.c.behalf == 1) | (seen.c.taken_for.is_not(None) & of_staff),
            Due.OVERDUE.value: seen.c.due_at < moments.now,
        }
        others = {Part.SNOOZED.value: Wish(part=Part.SNOOZED), Due.TODAY.value: Wish(due=Due.TODAY)}
        row = self._session.execute(
            select(
                *(func.count().filter(condition) for condition in counted.values()),
                *(_count(list(self._narrowed(actor, wish, moments))) for wish in others.values()),
            ).select_from(seen)
        ).one()
        return {name: min(number, most) for name, number in zip((*counted, *others), row, strict=True)}

    def _narrowed(self, actor: Actor, wish: Wish, moments: Moments) -> Iterator[Stretch]:
        if self._applied is None:
            filed = exists().where(Case.applicant_iin == actor.iin)
            self._applied = bool(actor.iin) and bool(self._session.scalar(select(filed)))
        return _narrowed(actor, wish, moments, self._applied)

    def _hits(self, wish: Wish, narrowed: Sequence[Stretch]) -> tuple[Select[Any] | None, bool]:
        """The cases to look among, where number or words leave few; and whether they are looked for in a part only."""
        if wish.number:
            return select(Case.id).where(Case.number == wish.number).limit(COMMON), False
        if not wish.words:
            return None, False
        beginnings = typed_words(wish.words)
        if not beginnings:
            return select(CaseWord.case_id).where(false()), False
        each_counted = [_count_of(select(CaseWord.case_id).where(having(each)), COMMON + 1) for each in beginnings]
        how_common = self._session.execute(select(*each_counted)).one()
        least = min(range(len(beginnings)), key=lambda place: how_common[place])
        if how_common[least] <= COMMON:
            return select(CaseWord.case_id).where(having(beginnings[least])).limit(COMMON + 1), False
        return None, (self._session.scalar(select(_count(narrowed, LOOKED_THROUGH + 1))) or 0) > LOOKED_THROUGH


def _each_word(typed: str, case_id: Any) -> ColumnElement[bool]:
    return and_(true(), *(exists().where(CaseWord.case_id == case_id, having(each)) for each in typed_words(typed)))


# --- Which ranges, how narrowed --------------------------------------------------------------------------------------


def _narrowed(actor: Actor, wish: Wish, moments: Moments, applied: bool) -> Iterator[Stretch]:
    """The ranges that may hold what is wished for, each with the filters laid over it."""
    shared = list(_filters(wish, moments))
    for each in ranges(actor, applied=applied):
        own = _part_of(each, actor, wish)
        if own is None or (wish.role and each.role != wish.role):
            continue
        yield Stretch(and_(each.condition, own, *shared), of_one_unit=each.whose in NOBODYS, for_absent=each.whose in FOR_ABSENT)


def _part_of(each: Range, actor: Actor, wish: Wish) -> ColumnElement[bool] | None:
    """What the wished part takes of a range; None where it takes nothing."""
    nobodys = each.whose in NOBODYS
    if nobodys and (wish.owner or wish.follow_up or wish.part in (Part.MINE, Part.SNOOZED)):
        return None
    if wish.owner and each.owner_id not in (None, wish.owner):
        return None
    owner: ColumnElement[bool] = WorkItem.owner_id == wish.owner if wish.owner and each.owner_id is None else true()
    match wish.part:
        case Part.MINE:
            takes, own = each.owner_id in (None, actor.id), WorkItem.owner_id == actor.id
        case Part.ROLE:
            takes, own = each.whose not in OWNED, WorkItem.owner_id.is_(None)
        case Part.UNIT:
            takes, own = nobodys and each.unit_id is not None and each.unit_id == actor.unit_id, true()
        case Part.BEHALF:
            takes, own = each.whose in FOR_ABSENT | {Whose.OWN}, _for_absent(each)
        case Part.ASKED:
            takes, own = each.whose is Whose.ASKED, true()
        case _:
            takes, own = True, true()
    return and_(own, owner) if takes else None


def _for_absent(each: Range) -> ColumnElement[bool]:
    return WorkItem.taken_for.is_not(None) if each.whose is Whose.OWN else true()


def _filters(wish: Wish, moments: Moments) -> Iterator[ColumnElement[bool]]:
    yield _asleep(moments) if wish.part is Part.SNOOZED else _awake(moments)
    if wish.service:
        yield WorkItem.service == wish.service
    if wish.least_priority:
        yield WorkItem.priority.in_([literal_column(str(level)) for level in range(wish.least_priority, 3)])
    if wish.follow_up:
        yield WorkItem.follow_up_on <= moments.today
    match wish.due:
        case Due.OVERDUE:
            yield WorkItem.due_at < moments.now
        case Due.TODAY:
            yield and_(WorkItem.due_at >= moments.now, WorkItem.due_at < moments.day_ends)
        case Due.WITHIN:
            yield WorkItem.due_at < moments.within_ends


def _awake(moments: Moments) -> ColumnElement[bool]:
    """Not snoozed, or woken: its moment has come, or it falls due by the end of this day."""
    return or_(WorkItem.snoozed_until.is_(None), WorkItem.snoozed_until <= moments.now, WorkItem.due_at < moments.day_ends)


def _asleep(moments: Moments) -> ColumnElement[bool]:
    return and_(WorkItem.snoozed_until > moments.now, or_(WorkItem.due_at.is_(None), WorkItem.due_at >= moments.day_ends))


# --- The beginnings of the ranges, merged ----------------------------------------------------------------------------

_LEVELS = (2, 1, 0, -1)  # of priority, the highest first
_READ = (
    WorkItem.id,
    WorkItem.case_id,
    WorkItem.due_at,
    WorkItem.opened_at,
    WorkItem.priority,
    WorkItem.follow_up_on,
    WorkItem.service,
)


def _is_walked(wish: Wish) -> bool:
    """Whether the order is that of an index, so that only what is shown need be read."""
    keys = [sort.key for sort in wish.sorts]
    return not keys or keys == [SortKey.DUE] or wish.sorts == (Sort(SortKey.PRIORITY, descending=True),)


def _ordered(narrowed: Sequence[Stretch], wish: Wish, limit: int, *, looking_for_words: bool = False) -> Select[Any]:
    """The ids of the first of all ranges in order, without doubles; common words are looked for on the way."""
    first = wish.sorts[0] if wish.sorts else Sort(SortKey.DUE)
    latest_first = first == Sort(SortKey.DUE, descending=True)
    levels: tuple[ColumnElement[bool] | None, ...] = (
        _levels(wish) if first == Sort(SortKey.PRIORITY, descending=True) else (None,)
    )
    read = LOOKED_THROUGH if looking_for_words else limit if _is_walked(wish) else LIST_END + 1
    parts = [_beginning(each, read, level=level, latest_first=latest_first) for each in narrowed for level in levels]
    merged = union_all(*parts).subquery("merged")
    if looking_for_words:
        looked = select(merged).order_by(*_urgency(merged.c, latest_first)).limit(read).subquery("looked")
        merged = select(looked).where(_each_word(wish.words, looked.c.case_id)).subquery("merged")
    query = select(merged.c.id)
    if {SortKey.NUMBER, SortKey.APPLICANT} & {sort.key for sort in wish.sorts}:
        query = query.join(Case, Case.id == merged.c.case_id)
    by = [_sorted_by(sort, merged.c) for sort in wish.sorts if sort.key is not SortKey.DUE or sort != first]
    return query.order_by(*by, *_urgency(merged.c, latest_first)).limit(limit)


def _levels(wish: Wish) -> tuple[ColumnElement[bool], ...]:
    wanted = [level for level in _LEVELS if not wish.least_priority or level >= wish.least_priority]
    return tuple(WorkItem.priority == literal_column(str(level)) for level in wanted)


def _beginning(
    stretch: Stretch, read: int, *, level: ColumnElement[bool] | None = None, latest_first: bool = False, columns: Any = _READ
) -> Select[Any]:
    order = _urgency(WorkItem, latest_first)
    if stretch.of_one_unit:
        # PostgreSQL does not see that "unit_id IS NULL" leaves one value, and would sort what the index has in order.
        order = (WorkItem.unit_id.desc() if latest_first else WorkItem.unit_id.asc(), *order)
    condition = stretch.condition if level is None else and_(stretch.condition, level)
    return select(select(*columns).where(condition, IS_OPEN).order_by(*order).limit(read).subquery())


def _urgency(of: Any, latest_first: bool) -> tuple[ColumnElement[Any], ...]:
    if latest_first:
        return of.due_at.desc().nulls_first(), of.opened_at.desc(), of.id.desc()
    return of.due_at.asc().nulls_last(), of.opened_at.asc(), of.id.asc()


def _sorted_by(sort: Sort, merged: Any) -> ColumnElement[Any]:
    column = {
        SortKey.DUE: merged.due_at,
        SortKey.OPENED: merged.opened_at,
        SortKey.PRIORITY: merged.priority,
        SortKey.FOLLOW_UP: merged.follow_up_on,
        SortKey.SERVICE: merged.service,
        SortKey.NUMBER: Case.number,
        SortKey.APPLICANT: Case.applicant_name,
    }[sort.key]
    return (column.desc() if sort.descending else column.asc()).nulls_last()


def _count(narrowed: Sequence[Stretch], most: int = LIST_END + 1) -> Any:
    """Read in the order of the indexes, too: told that any rows will do, PostgreSQL may pass by a whole table for them."""
    if not narrowed:
        return literal(0)
    parts = [_beginning(each, most, columns=(WorkItem.id,)) for each in narrowed]
    return _count_of(select(union_all(*parts).subquery().c.id), most)


def _count_of(query: Select[Any], most: int) -> Any:
    return select(func.count()).select_from(query.limit(most).subquery()).scalar_subquery()
