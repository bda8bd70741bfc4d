"""The web edge: `create_app` makes the Flask application of one office."""

from __future__ import annotations

from flask import Flask, g

from app.cases import viewing
from app.cases.office import Office
from app.web import (
    applications,
    assets,
    assigning,
    cabinet,
    cases_pages,
    catalogue,
    clock,
    consultations,
    deadlines,
    documents,
    duties,
    errors,
    inbox,
    incidents,
    journal,
    language,
    notices,
    numbering_pages,
    people_pages,
    security,
    sign_in,
    signing_desk,
    staff_words,
    supervision,
    talk,
    term_pages,
    theme,
    tokens,
    unit_pages,
)
from app.web.api import routes
from app.web.design import (
    approval,
    comparing,
    decisions,
    migrations,
    modeler,
    passport_pages,
    rehearsals,
    replays,
    standing,
    versions,
)
from app.web.design import drafts as design
from app.web.navigation import navigation
from app.web.office import office

BLUEPRINTS = (
    assets.pages,
    language.pages,
    theme.pages,
    sign_in.pages,
    catalogue.pages,
    applications.pages,
    documents.pages,
    duties.pages,
    notices.pages,
    staff_words.pages,
    inbox.pages,
    signing_desk.pages,
    talk.pages,
    cases_pages.pages,
    journal.pages,
    cabinet.pages,
    consultations.pages,
    deadlines.pages,
    incidents.pages,
    people_pages.pages,
    unit_pages.pages,
    numbering_pages.pages,
    term_pages.pages,
    supervision.pages,
    assigning.pages,
    clock.pages,
    tokens.pages,
    design.pages,
    versions.pages,
    approval.pages,
    comparing.pages,
    rehearsals.pages,
    modeler.pages,
    decisions.pages,
    replays.pages,
    standing.pages,
    migrations.pages,
    passport_pages.pages,
    routes.pages,
)


NCALAYER = "wss://127.0.0.1:13579/"
"""Where NCALayer, the signer's own program, listens on every signer's machine."""


def create_app(office: Office, *, signer_url: str | None, demonstration_password: str = "") -> Flask:
    """The application over these use cases.

    `signer_url` is the WebSocket address of the signer's own program. `demonstration_password` is the made-up people's,
    shown beside their names on the sign-in page; without it they are not offered there.
    """
    app = Flask(__name__, static_folder=None)
    app.extensions["office"] = office
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.secure(app, signer_url=signer_url)
    language.speak(app)
    errors.explain_errors(app)
    app.jinja_env.globals.update(
        asset=assets.asset,
        chosen_theme=theme.chosen_theme,
        demonstration_password=demonstration_password,
        navigation=navigation,
        settings=office.settings,
        signer_url=signer_url or "",
        system_time=office.clock.now,
        unread_notices=_unread_notices,
    )
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _unread_notices() -> int:
    if g.actor is None or g.get("failed"):
        return 0
    return viewing.unread_notices(office(), g.actor)
