"""What a server does before it serves."""

from __future__ import annotations

import gc

from app.bootstrap import settle
from app.cases.office import Office


def test_services_are_read_before_the_first_page_and_left_out_of_collections(office: Office) -> None:
    with office.reading() as uow:
        in_force = len(uow.processes.in_force_of_each(office.clock.now()))
    before = gc.get_freeze_count()
    try:
        settle(office)
        assert len(office.engine._processes) == in_force > 0
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
