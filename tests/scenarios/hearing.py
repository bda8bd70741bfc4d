"""A case that comes to the shared process of the hearing at once, in a service drawn for that alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.cases import publishing
from app.cases.publishing import CheckedBundle
from app.cli import OPERATOR
from app.store.bundles import read_bundle
from tests.conftest import PROCESSES
from tests.desk import SERVICE, Desk
from tests.engine.drawing import call, definitions, end, flow, gateway, path, process, start
from tests.scenarios.drawn import ENDINGS, with_keys

HEARING = """
hearing: {invitation: 3 working-days, paragraph: Code art 73, inferred: from the Code}
"""
UPHELD = "record_hearing == 'upheld'"


def case_at_the_hearing(desk: Desk, folder: Path) -> str:
    """The company's, filed now; `folder` holds the service while it is published."""
    drawn = folder / SERVICE
    shutil.copytree(PROCESSES / SERVICE, drawn)
    heard = (call("hear", "hearing"), gateway("exclusive", "heard", "heard_finish"), end(), end("refused"))
    flows = (path("begin", "hear", "heard", "finish"), flow("heard", "refused", UPHELD))
    (drawn / "process.bpmn").write_bytes(definitions(process(start(), *heard, *flows)))
    passport = drawn / "service.yaml"
    passport.write_text(with_keys(passport.read_text(encoding="utf-8"), ENDINGS + HEARING), encoding="utf-8")
    publishing.publish(desk.office, OPERATOR, CheckedBundle(SERVICE, read_bundle(drawn, PROCESSES / "shared"), ()))
    return desk.file()


def invite(desk: Desk, case_id: str, day: str) -> None:
    answers = {"hearing_day": day, "hearing_place": "Астана, 10:00", "preliminary_decision": "Бас тарту"}
    desk.work(case_id, "executor", "invited", answers)
