"""The command line: `rasim --help`."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import click
from waitress.server import create_server

from app import diagrams
from app.bootstrap import demonstration_authority, open_office, settle, verifier_of
from app.bootstrap.demonstration import PASSWORD, seed_jurisdictions, seed_people
from app.bootstrap.settings import read_settings
from app.cases import numbering, people, publishing, tokens
from app.cases.coverage import coverage
from app.cases.demonstration import SettableClock
from app.cases.design import drafts, exchanging
from app.cases.design.rehearsing import failing_rehearsals
from app.cases.design.scratch import Workshop
from app.cases.office import Office
from app.cases.publishing import CheckedBundle
from app.cases.tokens import Scope
from app.domain.calendar import load_kazakhstan
from app.domain.errors import Misconfigured, NotFound, RasimError
from app.domain.moves import Finding, Severity
from app.domain.people import Actor, Role
from app.gateways.authority import TestAuthority
from app.gateways.authority_server import AuthorityServer
from app.gateways.signer import DevelopmentSigner
from app.history.verification import verify as verify_history
from app.scheduler import start_scheduler
from app.store.archives import archived
from app.web import NCALAYER, create_app
from handlers import HANDLERS, OUTSIDE_CALLS

PROCESSES = Path("processes")
THREADS = 24  # pages keep at least twelve of them: `app.web.live` holds the other twelve at most, each while a list is open
OPERATOR = Actor(id="operator", login="operator", name="rasim", own_roles=frozenset({Role.ADMINISTRATOR, Role.ANALYST}))
"""Whoever may run commands on the server: publishing and people from the command line stand under this name."""


@contextmanager
def sentences() -> Iterator[None]:
    """Known errors end the command with their sentence and exit code 1, not with a trace."""
    try:
        yield
    except RasimError as error:
        raise click.ClickException(str(error)) from error


@click.group()
def main() -> None:
    """Rasim runs public services exactly as their acts prescribe."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--signer-port", default=13579, show_default=True, help="Development signer (demonstration mode).")
@click.option(
    "--demonstration/--production",
    default=lambda: os.environ.get("RASIM_MODE") != "production",
    show_default="demonstration, unless RASIM_MODE says production",
)
@click.option("--clock", "clock_at", default=None, help="Demonstration: begin at this local moment, 2026-05-22T10:00.")
def run(host: str, port: int, signer_port: int, demonstration: bool, clock_at: str | None) -> None:
    """Serves pages and sweeps timers in one process; in demonstration mode with people, keys and services ready."""
    with sentences():
        _require_free(host, port)
        if clock_at and not demonstration:
            raise Misconfigured("--clock moves the clock of a demonstration only.")
        settings = replace(read_settings(), demonstration=demonstration, public_url=f"http://{host}:{port}")
        with closing(open_office(settings, create=True)) as office, ExitStack() as beside:
            signer = None
            if demonstration:
                authority = demonstration_authority()
                _prepare_demonstration(office, authority, clock_at)
                signer = DevelopmentSigner(authority, office.clock, origins=_origins(settings.public_url), port=signer_port)
                answers = AuthorityServer(authority, office.clock)
                for each in (signer, answers):
                    each.start()
                    beside.callback(each.stop)
                office = replace(office, signatures=verifier_of(settings, demonstration_address=answers.address))
            settle(office)
            scheduler = start_scheduler(office)
            beside.callback(scheduler.shutdown, wait=False)
            application = create_app(
                office,
                signer_url=signer.address if signer else NCALAYER,
                demonstration_password=PASSWORD if demonstration else "",
            )
            server = create_server(application, host=host, port=port, threads=THREADS, ident="Rasim")
            click.echo(f"Rasim is open at {settings.public_url}")
            server.run()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured(
                "Port %(port)s on %(host)s is taken, perhaps by a Rasim already running; choose another with --port.",
                port=port,
                host=host,
            ) from error


def _prepare_demonstration(office: Office, authority: TestAuthority, clock_at: str | None) -> None:
    seed_people(office, authority)
    if clock_at and isinstance(office.clock, SettableClock):
        office.clock.move_to(_local_moment(clock_at))
    for checked in publishing.check_all(PROCESSES, HANDLERS):
        _print_findings(checked.service, checked.findings)
        if checked.is_publishable:
            publishing.publish(office, OPERATOR, checked)
    seed_jurisdictions(office, OPERATOR)
    click.echo(f"Demonstration mode: everybody's password is “{PASSWORD}”.")


def _origins(public_url: str) -> list[str]:
    """The page's own address, and the other name of this machine people type."""
    return [public_url, public_url.replace("//127.0.0.1", "//localhost")]


def _local_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Misconfigured("--clock expects a moment such as 2026-05-22T10:00; found '%(found)s'", found=text) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Almaty"))).astimezone(UTC)


@main.command()
def scheduler() -> None:
    """Sweeps timers and jobs without serving pages, until interrupted."""
    with sentences(), closing(open_office(read_settings())) as office:
        running = start_scheduler(office)
        click.echo("Sweeping timers and jobs; stop with Ctrl+C.")
        try:
            running._thread.join()
        except KeyboardInterrupt:
            running.shutdown(wait=False)


@main.command()
def migrate() -> None:
    """Brings the database schema to the newest migration."""
    with sentences(), closing(open_office(read_settings(), create=True)):
        click.echo("The schema is current.")


@main.command()
@click.option("--processes", type=click.Path(path_type=Path), default=PROCESSES, show_default=True)
@click.option("--coverage", "table", is_flag=True, help="Print the table of the acts' paragraphs instead, as Markdown.")
def check(processes: Path, table: bool) -> None:
    """Lints, plays through, holds against its act and rehearses all in processes/; exit code 1 when anything is refused."""
    with sentences():
        if table:
            _print_coverage(processes)
            return
        workshop = Workshop(load_kazakhstan(), HANDLERS, OUTSIDE_CALLS)
        services, situations, refused = 0, 0, False
        began = last = perf_counter()
        for checked in publishing.check_all(processes, HANDLERS):
            _print_findings(checked.service, checked.findings)
            failing = _print_rehearsals(workshop, checked)
            now, total = perf_counter(), sum(checked.situations.values())
            counted = ", ".join(f"{process} {count}" for process, count in checked.situations.items())
            in_order = checked.is_publishable and not failing
            verdict = "in order" if in_order else "refused"
            click.echo(f"{checked.service}: {verdict}; {total} situations ({counted or 'none'}); {now - last:.2f} s")
            services, situations, refused, last = services + 1, situations + total, refused or not in_order, now
        click.echo(f"{services} services, {situations} situations played through, {perf_counter() - began:.2f} s")
        if refused:
            sys.exit(1)


def _print_rehearsals(workshop: Workshop, checked: CheckedBundle) -> bool:
    """Plays the service's rehearsals and prints where they did not go as expected; whether there was such a place."""
    if checked.bundle is None or not checked.is_publishable:
        return False
    failing = failing_rehearsals(workshop, checked.bundle)
    for each in failing:
        click.secho(f"processes/{checked.service}/{each}", fg="red", err=True)
    return bool(failing)


def _print_coverage(processes: Path) -> None:
    found = coverage(processes)
    click.echo(found.table)
    for each in found.problems:
        click.secho(str(each), fg="red", err=True)
    if found.problems:
        sys.exit(1)


def _print_findings(service: str, findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        colour = "red" if finding.severity is Severity.ERROR else "yellow"
        click.secho(f"processes/{service}/{finding}", fg=colour, err=True)


@main.command()
@click.argument("services", nargs=-1)
@click.option("--processes", type=click.Path(path_type=Path), default=PROCESSES, show_default=True)
def publish(services: tuple[str, ...], processes: Path) -> None:
    """Publishes the named services (all when none is named) as their next versions."""
    with sentences(), closing(open_office(read_settings())) as office:
        found = list(publishing.check_all(processes, HANDLERS))
        for unknown in set(services) - {checked.service for checked in found}:
            raise NotFound("There is no service '%(id)s' in %(folder)s.", id=unknown, folder=processes.name)
        for checked in found:
            if services and checked.service not in services:
                continue
            _print_findings(checked.service, checked.findings)
            version = publishing.publish(office, OPERATOR, checked)
            click.echo(f"{checked.service}: version {version.number} ({version.digest[:12]})")


@main.command("export")
@click.argument("service")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--version", "number", type=int, default=None, help="Its number; the newest unless one is named.")
def export_service(service: str, target: Path, number: int | None) -> None:
    """Writes a published SERVICE to TARGET: one file if that ends in .zip, else into that folder of services."""
    with sentences(), closing(open_office(read_settings())) as office:
        bundle = exchanging.published_bundle(office, OPERATOR, service, number)
        if target.suffix == ".zip":
            target.write_bytes(archived(bundle))
        else:
            for name in exchanging.write_folder(bundle, target):
                click.secho(f"{name} stood there with other contents and is replaced.", fg="yellow", err=True)
        click.echo(f"{service} ({bundle.digest[:12]}) stands in {target}.")


@main.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--by", "login", required=True, help="Login of the analyst in whose name the draft is begun.")
def import_service(source: Path, login: str) -> None:
    """Begins a draft with the service in SOURCE, a zip or a folder; it is checked, approved and published as every draft."""
    with sentences(), closing(open_office(read_settings())) as office:
        analyst = people.actor_by_login(office, login)
        if source.is_dir():
            draft = drafts.open_draft_of_files(office, analyst, exchanging.read_folder(source))
        else:
            draft = exchanging.import_archive(office, analyst, source.read_bytes())
        click.echo(f"Draft {draft} is begun.")


@main.command("numbering")
@click.argument("unit", required=False)
@click.argument("rule", required=False)
def unit_numbering(unit: str | None, rule: str | None) -> None:
    """Shows by which rule each unit numbers what it registers, or sets the RULE of a UNIT ("ЖТ-{serial}/{year}"; "" for none)."""
    with sentences(), closing(open_office(read_settings())) as office:
        if unit is not None and rule is not None:
            numbering.set_numbering(office, OPERATOR, unit, rule)
        for each in numbering.numberings(office, OPERATOR):
            click.echo(f"{each.code:16} {each.rule}")


@main.command("diagrams")
def draw_diagrams() -> None:
    """Draws the pictures in diagrams/ anew from processes/ (needs Chromium and the front-end parts)."""
    with sentences():
        diagrams.draw_all()
        click.echo("The pictures in diagrams/ are drawn.")


@main.group()
def users() -> None:
    """People who sign in."""


@users.command("list")
def list_users() -> None:
    with sentences(), closing(open_office(read_settings())) as office:
        for person in people.people_list(office, OPERATOR):
            roles = ", ".join(role.value for role in person.roles)
            click.echo(f"{person.login:16} {person.name:32} {roles}{'' if person.active else ' (inactive)'}")


@users.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), required=True)
@click.option("--iin", default="")
@click.option("--bin", "bin_", default="")
@click.option("--organisation", default="")
@click.password_option()
def add_user(login: str, name: str, roles: tuple[str, ...], iin: str, bin_: str, organisation: str, password: str) -> None:
    with sentences(), closing(open_office(read_settings())) as office:
        people.add_person(
            office,
            login=login,
            name=name,
            password=password,
            roles=[Role(role) for role in roles],
            iin=iin,
            bin=bin_,
            organisation=organisation,
        )
        click.echo(f"{login} can sign in.")


@main.group()
def token() -> None:
    """Tokens by which a person's programs act for the person."""


@token.command("make")
@click.argument("login")
@click.argument("name")
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default=Scope.READ.value, show_default=True)
@click.option("--days", default=30, show_default=True, help="How long it works.")
def make_token(login: str, name: str, scope: str, days: int) -> None:
    """Makes a token and prints it, this once."""
    with sentences(), closing(open_office(read_settings())) as office:
        holder = people.actor_by_login(office, login)
        click.echo(tokens.make_token(office, holder, name=name, scope=Scope(scope), days=days))


@token.command("list")
@click.argument("login")
def list_tokens(login: str) -> None:
    with sentences(), closing(open_office(read_settings())) as office:
        for each in tokens.tokens_of(office, people.actor_by_login(office, login)):
            state = "works" if each.works else "does not work"
            click.echo(f"{each.id} {each.name:32} {each.scope.value:6} until {each.expires_at:%Y-%m-%d %H:%M}Z, {state}")


@token.command("revoke")
@click.argument("login")
@click.argument("token_id")
def revoke_token(login: str, token_id: str) -> None:
    with sentences(), closing(open_office(read_settings())) as office:
        tokens.revoke_token(office, people.actor_by_login(office, login), token_id)
        click.echo("The token is revoked.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a case.")
def verify(as_json: bool) -> None:
    """Checks every case's chain of history: no event changed, removed, reordered or cut off. Exit code 1 on a breach.

    The measure is the head that the case's own row names: who rewrites the row with the whole chain is not found out.
    """
    with sentences(), closing(open_office(read_settings())) as office:
        cases = broken = events = 0
        with office.reading() as uow:
            for case_id, length, breaches in verify_history(uow):
                cases, events, broken = cases + 1, events + length, broken + bool(breaches)
                for breach in breaches:
                    found = {"case": case_id, "event": breach.number, "breach": str(breach.sentence)}
                    click.echo(json.dumps(found) if as_json else f"{case_id} event {breach.number}: {breach.sentence}")
        click.echo(f"{cases} cases, {events} events, {broken} broken chains.", err=as_json)
        if broken:
            sys.exit(1)


if __name__ == "__main__":
    main()
