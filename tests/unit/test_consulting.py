"""Which reply of a body counts: the newest by the history's own numbers, whatever order a database gives the rows in."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.cases.consulting import replies_before
from app.domain.passport import Consultation
from app.domain.text import Text

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
BODY = Consultation(id="interior", body=Text("ІІМ"), about=Text("а"), at="reply", paragraph="Rules para 8")


def asked(item: str, reply: str) -> Any:
    return SimpleNamespace(work_item_id=item, consultation="interior", reply=reply, asked_at=NOW)


@pytest.mark.parametrize("as_given", [slice(None), slice(None, None, -1)], ids=["in order", "in reverse"])
def test_of_two_rounds_in_the_same_moment_the_second_counts(as_given: slice) -> None:
    rows = [asked("first", "disagree"), asked("second", "agree")][as_given]
    opened = [SimpleNamespace(kind="work-opened", number=n, details={"item": item}) for n, item in ((4, "first"), (9, "second"))]
    uow: Any = SimpleNamespace(
        history=SimpleNamespace(of=lambda _case: opened), work=SimpleNamespace(consultations=lambda _case: rows)
    )
    reply = SimpleNamespace(id="reply", handler=None)
    process: Any = SimpleNamespace(elements={("main", "reply"): reply}, follows={("main", "sum_up"): ("reply",)})
    passport: Any = SimpleNamespace(consultations=(BODY,))
    summing: Any = SimpleNamespace(id="sum_up", process="main")
    case: Any = SimpleNamespace(id="a case")
    assert replies_before(uow, process, passport, case, summing, {"variant": "issue"}) == ("agree",)
