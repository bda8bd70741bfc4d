"""Many cases like one: its rows are copied, each copy with tokens of its own."""

from __future__ import annotations

import zlib

import orjson
from sqlalchemy import select

from app.cases.office import Office
from app.store.tables import Application, Case, Timer, WorkItem
from tests.rows import copy_of


def copies(office: Office, case_id: str, count: int) -> list[str]:
    """So many further cases in the same situation; gives their ids. They have no history of their own yet."""
    with office.unit_of_work() as uow:
        session = uow._session
        case = session.get_one(Case, case_id)
        application = session.get_one(Application, case.application_id)
        hanging = [row for table in (WorkItem, Timer) for row in session.scalars(select(table).where(table.case_id == case_id))]
        made = []
        for number in range(count):
            nonce = f"{number:016x}"
            filed = copy_of(application)
            session.add(filed)
            session.flush()
            state = _with_nonce(case.state, nonce)
            twin = copy_of(case, application_id=filed.id, state=state, history_length=0, history_head="")
            session.add(twin)
            session.flush()
            made.append(twin.id)
            for row in hanging:
                token = f"{nonce}-{row.token.rpartition('-')[2]}" if row.token else ""
                session.add(copy_of(row, case_id=twin.id, token=token))
        uow.commit()
    return made


def _with_nonce(state: bytes, nonce: str) -> bytes:
    _, *rest = orjson.loads(zlib.decompress(state[3:]))
    return state[:3] + zlib.compress(orjson.dumps([nonce, *rest]), 1)
