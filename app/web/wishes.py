"""The task list's address: what is wished for, read from it and written back, so that every list can be kept and shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.inbox import MOST_DAYS, Due, Part, Sort, SortKey, Wish

PARTS = {part.value: part for part in Part}
DUES = {due.value: due for due in Due}
KEYS = {key.value: key for key in SortKey}


def read_wish(given: Mapping[str, str]) -> Wish:
    """What an address asks for; what is not understood is left out."""
    days = given.get("days", "")
    within = min(int(days), MOST_DAYS) if days.isascii() and days.isdigit() else 0
    due = DUES.get(given.get("due", ""))
    if due is Due.WITHIN and not within:
        due = None
    return Wish(
        part=PARTS.get(given.get("view", ""), Part.ALL),
        words=given.get("q", "").strip(),
        number=given.get("number", "").strip(),
        service=given.get("service", ""),
        role=given.get("role", ""),
        due=due,
        within=within if due is Due.WITHIN else 0,
        least_priority={"1": 1, "2": 2}.get(given.get("priority", ""), 0),
        follow_up=given.get("follow_up", "") == "1",
        owner=given.get("owner", ""),
        sorts=tuple(_sorts(given.get("sort", ""))),
    )


def _sorts(text: str) -> Iterator[Sort]:
    seen = set()
    for each in text.split(","):
        key = KEYS.get(each.removeprefix("-"))
        if key is not None and key not in seen:
            seen.add(key)
            yield Sort(key, descending=each.startswith("-"))


def address_of(wish: Wish) -> dict[str, str]:
    """The wish as an address says it, without what is usual anyway."""
    said = {
        "view": wish.part.value if wish.part is not Part.ALL else "",
        "q": wish.words,
        "number": wish.number,
        "service": wish.service,
        "role": wish.role,
        "owner": wish.owner,
        "due": wish.due.value if wish.due else "",
        "days": str(wish.within or ""),
        "priority": str(wish.least_priority or ""),
        "follow_up": "1" if wish.follow_up else "",
        "sort": ",".join(("-" if sort.descending else "") + sort.key.value for sort in wish.sorts),
    }
    return {name: value for name, value in said.items() if value}


def sorted_by(wish: Wish, key: SortKey, *, beside: bool) -> tuple[Sort, ...]:
    """The sorts after a click on a heading: that alone, or beside those there are; a second click turns it round."""
    present = next((sort for sort in wish.sorts if sort.key is key), None)
    first_down = key is SortKey.PRIORITY
    clicked = Sort(key, descending=first_down if present is None else not present.descending)
    if not beside:
        return (clicked,)
    if present is None:
        return (*wish.sorts, clicked)
    return tuple(clicked if sort.key is key else sort for sort in wish.sorts)
