"""The composition root: settings → store, engine, ports, handlers → the `Office` every use case is handed."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path

from app.bootstrap.settings import home
from app.cases.office import Office, Settings
from app.domain.calendar import load_kazakhstan
from app.domain.coverage import ActParagraphs
from app.domain.errors import Misconfigured, RasimError
from app.domain.ports import Clock, PaymentGateway, SignatureVerifier, StateRegisters
from app.domain.schedule import check_zone_data
from app.engine import Engine
from app.gateways.authority import TestAuthority
from app.gateways.authority_certificates import ISSUING_LIST, RESPONDER
from app.gateways.clock import MovedClock, SystemClock
from app.gateways.letters import WeasyPress
from app.gateways.ncanode import NcaNode
from app.gateways.payments import NoPayments, SimulatedPayments
from app.gateways.revocation import Revocation
from app.gateways.signatures import CmsVerifier, roots_and_issuers
from app.gateways.state_registers import NoRegisters, SimulatedRegisters
from app.store.acts import read_acts
from app.store.bundles import passport_of
from app.store.database import migrate, open_database, require_current_schema
from app.store.unit_of_work import UnitOfWorkFactory, units_of_work
from handlers import HANDLERS, OUTSIDE_CALLS

FONTS = Path(__file__).resolve().parents[1] / "web" / "static" / "dist" / "fonts"
PROCESSES = Path(__file__).resolve().parents[2] / "processes"
CLOCK_OFFSET = "clock-offset-seconds"


def open_office(
    settings: Settings,
    *,
    clock: Clock | None = None,
    registers: StateRegisters | None = None,
    payments: PaymentGateway | None = None,
    signatures: SignatureVerifier | None = None,
    create: bool = False,
) -> Office:
    """Wires everything over the settings' database. `create` brings the schema to the newest migration first.

    Raises Misconfigured when the database does not answer or its schema is another one.
    """
    check_zone_data()
    database = open_database(settings.database)
    with ExitStack() as unless_opened:
        unless_opened.callback(database.dispose)
        if create:
            migrate(database)
        require_current_schema(database)
        writing, reading = units_of_work(database)
        if clock is None:
            clock = _moved_clock(writing, reading) if settings.demonstration else SystemClock()
        office = Office(
            unit_of_work=writing,
            reading=reading,
            engine=Engine(),
            clock=clock,
            calendar=load_kazakhstan(),
            registers=registers or (SimulatedRegisters(clock) if settings.demonstration else NoRegisters()),
            payments=payments or (SimulatedPayments(clock) if settings.demonstration else NoPayments()),
            signatures=signatures or verifier_of(settings),
            letters=WeasyPress(FONTS),
            handlers=HANDLERS,
            outside_calls=OUTSIDE_CALLS,
            settings=settings,
            acts=_acts,
            close=database.dispose,
        )
        unless_opened.pop_all()
        return office


def settle(office: Office) -> None:
    """Reads every service in force before the first page asks for one, and takes what is loaded out of the collector's sight.

    It stays as long as the process does, and walking it at every full collection of garbage held a page up for 0.2 seconds.
    """
    with office.reading() as uow:
        for version in uow.processes.in_force_of_each(office.clock.now()):
            bundle = uow.processes.bundle(version)
            with suppress(RasimError):  # a version no longer read is told of where it is used
                office.engine.load(bundle)
                passport_of(bundle)
    gc.collect()
    gc.freeze()


@cache
def _acts() -> Mapping[str, ActParagraphs]:
    return read_acts(PROCESSES)


def _moved_clock(writing: UnitOfWorkFactory, reading: UnitOfWorkFactory) -> MovedClock:
    def load() -> timedelta:
        with reading() as uow:
            return timedelta(seconds=float(uow.settings.get(CLOCK_OFFSET, "0")))

    def save(offset: timedelta) -> None:
        with writing() as uow:
            uow.settings.put(CLOCK_OFFSET, str(offset.total_seconds()))
            uow.commit()

    return MovedClock(SystemClock(), load=load, save=save)


def demonstration_authority() -> TestAuthority:
    """The local authority whose keys the demonstration's people sign with."""
    return TestAuthority(home() / "authority")


def verifier_of(settings: Settings, *, demonstration_address: str = "") -> CmsVerifier:
    """What checks signatures: against the pinned roots, or the test authority's in demonstration mode.

    At `demonstration_address` the test authority answers on revocation (see authority_server.py).
    """
    responders, lists = settings.responders, settings.revocation_lists
    if settings.signature_roots:
        folder = Path(settings.signature_roots)
        files = [path for pattern in ("*.cer", "*.crt", "*.pem") for path in sorted(folder.glob(pattern))]
        roots, issuers = roots_and_issuers(files)
    elif settings.demonstration:
        roots, issuers = [demonstration_authority().root_certificate], []
        if demonstration_address:
            responders = responders or (f"{demonstration_address}{RESPONDER}",)
            lists = lists or (f"{demonstration_address}{ISSUING_LIST}",)
    else:
        raise Misconfigured("RASIM_SIGNATURE_ROOTS must name a folder with the pinned root certificates; nothing is named.")
    return CmsVerifier(
        roots,
        issuers,
        revocation=Revocation(responders=responders, lists=lists),
        revocation_required=settings.revocation_required,
        gateway=NcaNode(settings.signature_gateway) if settings.signature_gateway else None,
    )
