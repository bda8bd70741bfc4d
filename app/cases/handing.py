"""One act over many items of the list, each for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.errors import Invalid, RasimError, Sentence

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one item: nothing to say where it was done, else why not."""

    item_id: str
    why_not: Sentence | None = None


def each(item_ids: Sequence[str], act: Callable[[str], None]) -> tuple[Done, ...]:
    """Does one thing with each of the items, every one in a transaction of its own: one that cannot be done stops no other."""
    if len(item_ids) > MOST_AT_ONCE:
        raise Invalid("At most %(number)s tasks can be chosen at once.", number=MOST_AT_ONCE)
    return tuple(_one(item_id, act) for item_id in dict.fromkeys(item_ids))


def _one(item_id: str, act: Callable[[str], None]) -> Done:
    try:
        act(item_id)
    except RasimError as error:
        return Done(item_id, error.sentence)
    return Done(item_id)
