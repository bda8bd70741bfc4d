"""One act over many tasks of the list, each for itself."""

from __future__ import annotations

import pytest

from app.cases import handing
from app.domain.errors import Declined, Invalid


def test_one_that_cannot_be_done_stops_no_other_and_each_is_done_once() -> None:
    done: list[str] = []

    def act(item_id: str) -> None:
        if item_id == "b":
            raise Declined("%(name)s has this task now.", name="Ғани")
        done.append(item_id)

    results = handing.each(["a", "b", "c", "a"], act)
    assert done == ["a", "c"]
    assert [(each.item_id, str(each.why_not or "")) for each in results] == [
        ("a", ""),
        ("b", "Ғани has this task now."),
        ("c", ""),
    ]
    with pytest.raises(Invalid, match="At most 100"):
        handing.each([str(number) for number in range(101)], act)
