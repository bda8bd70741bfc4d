"""Moving running cases to another version: the list of migrations, a plan with its map of elements, and how one goes on."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases import viewing
from app.cases.design import migrating
from app.cases.viewing.migrations import Progress
from app.domain.design import MigrationStatus, MovedStatus
from app.domain.errors import Declined, Invalid, Sentence
from app.domain.moves import ElementKind
from app.domain.permissions import Action, may
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("migrations", __name__, url_prefix="/design")

Answer = Response | tuple[str, int]

STATUSES = {
    MigrationStatus.PLANNED: _l("planned"),
    MigrationStatus.RUNNING: _l("cases are being moved"),
    MigrationStatus.PAUSED: _l("paused"),
    MigrationStatus.DONE: _l("done"),
    MigrationStatus.REVERTING: _l("cases are going back"),
    MigrationStatus.REVERTED: _l("taken back"),
}
BECAME = {
    MovedStatus.READY: _l("can be moved"),
    MovedStatus.REFUSED: _l("cannot be moved"),
    MovedStatus.MOVED: _l("moved"),
    MovedStatus.REVERTED: _l("went back"),
    MovedStatus.KEPT: _l("stays moved"),
}
LOOKS = {
    MovedStatus.READY: "mark-calm",
    MovedStatus.REFUSED: "mark-late",
    MovedStatus.MOVED: "mark-good",
    MovedStatus.REVERTED: "",
    MovedStatus.KEPT: "mark-soon",
}
KINDS = {
    ElementKind.USER_TASK: _l("task of a person"),
    ElementKind.SERVICE_TASK: _l("step of the system"),
    ElementKind.CALL_ACTIVITY: _l("called process"),
    ElementKind.SUB_PROCESS: _l("subprocess"),
    ElementKind.CATCH_EVENT: _l("event awaited"),
    ElementKind.BOUNDARY_EVENT: _l("event on a step"),
    ElementKind.GATEWAY: _l("gateway"),
}
_AT_WORK = (MigrationStatus.RUNNING, MigrationStatus.REVERTING)


@pages.get("/migrations")
@allowed(Action.VIEW_DESIGN)
def all_of_them() -> str:
    page = max(1, request.args.get("page", 1, type=int))
    return render_template("design/migrations.html", found=viewing.migrations(office(), g.actor, page=page))


@pages.get("/<service>/migrate")
@allowed(Action.MIGRATE_CASES)
def planning(service: str) -> str:
    return _plan(service, request.args)


@pages.post("/<service>/migrate")
@allowed(Action.MIGRATE_CASES)
def plan(service: str) -> Answer:
    typed = request.form
    wanted = migrating.Wanted(
        service=service,
        from_version=typed.get("old", ""),
        to_version=typed.get("new", ""),
        elements=_chosen(typed),
        ground=typed.get("ground", ""),
        reason=typed.get("reason", ""),
    )
    try:
        migration_id = migrating.plan(office(), g.actor, wanted)
    except Invalid as error:
        return _plan(service, typed, error), 422
    return redirect(url_for("migrations.one", migration_id=migration_id), 303)


def _chosen(typed: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Fields named `map:process/element` with `process/element` of the new version."""
    chosen = {name.removeprefix("map:"): value for name, value in typed.items() if name.startswith("map:") and value}
    return {_place(here): _place(there) for here, there in chosen.items()}


def _place(said: str) -> tuple[str, str]:
    process, _, element = said.partition("/")
    return process, element


def _plan(service: str, typed: Mapping[str, str], error: Invalid | None = None) -> str:
    found = viewing.migration_planning(office(), g.actor, service, old=typed.get("old", ""), new=typed.get("new", ""))
    sentences: list[Sentence] = [error.sentence, *(each.sentence for each in error.problems)] if error else []
    return render_template("design/migrate.html", found=found, typed=typed, sentences=sentences, kinds=KINDS)


@pages.get("/migrations/<migration_id>")
@allowed(Action.VIEW_DESIGN)
def one(migration_id: str) -> str:
    return _show(migration_id)


def _show(migration_id: str, sentence: Sentence | None = None) -> str:
    wanted = next((each for each in MovedStatus if each.value == request.args.get("became")), None)
    page = max(1, request.args.get("page", 1, type=int))
    found = viewing.migration(office(), g.actor, migration_id, status=wanted, page=page)
    return render_template(
        "design/migration.html",
        found=found,
        wanted=wanted,
        became=BECAME,
        looks=LOOKS,
        sentence=sentence,
        may_move=may(g.actor, Action.MIGRATE_CASES),
        at_work=is_at_work(found.progress),
        said=say_progress(found.progress),
    )


def is_at_work(progress: Progress) -> bool:
    """Whether something goes on by itself, the dry run included."""
    return progress.status in _AT_WORK or (progress.status is MigrationStatus.PLANNED and progress.done < progress.total)


def say_progress(progress: Progress) -> str:
    values = {"done": progress.done, "total": progress.total}
    if progress.status is MigrationStatus.PLANNED:
        return gettext("The dry run has looked at %(done)d of %(total)d cases.", **values)
    if progress.status in (MigrationStatus.REVERTING, MigrationStatus.REVERTED):
        return gettext("%(done)d of %(total)d moved cases are settled.", **values)
    return gettext("%(done)d of %(total)d cases are settled.", **values)


@pages.get("/migrations/<migration_id>/progress")
@allowed(Action.VIEW_DESIGN)
def progress(migration_id: str) -> Response:
    """What the page's script asks for again and again while the migration is at work."""
    found = viewing.migration_progress(office(), g.actor, migration_id)
    counts = {each.value: found.counts.get(each, 0) for each in MovedStatus}
    return jsonify(
        at_work=is_at_work(found),
        done=found.done,
        total=found.total,
        counts=counts,
        said=say_progress(found),
        status=found.status.value,
    )


@pages.post("/migrations/<migration_id>/check")
@allowed(Action.MIGRATE_CASES)
def check(migration_id: str) -> Answer:
    return _act(migration_id, "check", gettext("The dry run begins anew."))


@pages.post("/migrations/<migration_id>/start")
@allowed(Action.MIGRATE_CASES)
def start(migration_id: str) -> Answer:
    return _act(migration_id, "start", gettext("The cases are being moved."))


@pages.post("/migrations/<migration_id>/pause")
@allowed(Action.MIGRATE_CASES)
def pause(migration_id: str) -> Answer:
    return _act(migration_id, "pause", gettext("Paused: no further case is moved."))


@pages.get("/migrations/<migration_id>/revert")
@allowed(Action.MIGRATE_CASES)
def confirm_revert(migration_id: str) -> str:
    found = viewing.migration(office(), g.actor, migration_id, status=None, page=1)
    return render_template("design/migration_revert.html", found=found, count=found.progress.counts.get(MovedStatus.MOVED, 0))


@pages.post("/migrations/<migration_id>/revert")
@allowed(Action.MIGRATE_CASES)
def revert(migration_id: str) -> Answer:
    return _act(migration_id, "revert", gettext("The cases are going back."))


_ACTS = {"check": migrating.check_again, "start": migrating.start, "pause": migrating.pause, "revert": migrating.revert}


def _act(migration_id: str, act: str, done: str) -> Answer:
    try:
        _ACTS[act](office(), g.actor, migration_id)
    except Declined as error:
        return _show(migration_id, error.sentence), 409
    flash(done)
    return redirect(url_for("migrations.one", migration_id=migration_id), 303)


@pages.app_template_filter("migration_status")
def say_migration_status(status: MigrationStatus) -> str:
    return str(STATUSES[status])


@pages.app_template_filter("open_cases")
def say_open_cases(count: int) -> str:
    return ngettext("%(num)s open case", "%(num)s open cases", count)
