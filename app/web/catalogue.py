"""The services: what each is, who gives it, what it takes, and on what grounds it may be refused."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import viewing
from app.domain.passport import Channel, Stage
from app.domain.text import Text
from app.domain.views import ServiceCard
from app.web.language import say_text
from app.web.office import office
from app.web.security import public

pages = Blueprint("catalogue", __name__)

CHANNELS = {
    Channel.PORTAL.value: _l("The e-government portal"),
    Channel.PROVIDER_OFFICE.value: _l("The provider’s office"),
    Channel.E_LICENSING.value: _l("The e-licensing portal"),
}
STAGES = {
    Stage.INTAKE: _l("Refusal to accept the application"),
    Stage.COMPLETENESS: _l("Refusal of further consideration"),
    Stage.SUBSTANCE: _l("Refusal to render the service"),
}
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


@pages.get("/")
@public
def services() -> str:
    words, in_force = request.args.get("q", "").strip(), "in_force" in request.args
    cards = viewing.catalogue(office(), words=words, in_force=in_force)
    return render_template("catalogue.html", groups=_by_issuer(cards), total=len(cards), words=words, in_force=in_force)


def _by_issuer(cards: tuple[ServiceCard, ...]) -> dict[str, list[ServiceCard]]:
    """The cards under the body that issued their act, both in the order of the reader's alphabet."""
    groups: dict[str, list[ServiceCard]] = {}
    for card in sorted(cards, key=lambda card: (_letters(card.act.issuer), _letters(card.title))):
        groups.setdefault(say_text(card.act.issuer), []).append(card)
    return groups


def _letters(text: Text) -> list[int]:
    """Letters by their place in the Kazakh alphabet, in which the Russian one is contained; by number they would be mixed up."""
    return [_ALPHABET.find(sign) + 0x10000 if sign in _ALPHABET else ord(sign) for sign in say_text(text).casefold()]


@pages.get("/services/<service_id>")
@public
def service(service_id: str) -> str:
    view = viewing.service(office(), service_id)
    return render_template("service.html", view=view, passport=view.passport, card=view.card, channels=CHANNELS, stages=STAGES)


@pages.get("/services/<service_id>/diagram")
@public
def diagram(service_id: str) -> Response:
    return Response(viewing.diagram_of_service(office(), service_id), mimetype="application/xml")


@pages.app_template_filter("channel")
def say_channel(channel: str) -> str:
    return str(CHANNELS[channel])


@pages.app_template_filter("counted_from")
def say_counted_from(origin: str, steps: Mapping[str, Text]) -> str:
    """The event a term is counted from, in words."""
    if origin == "registered":
        return gettext("from registration")
    if origin == "opened":
        return gettext("from the beginning of the step")
    step = origin.removeprefix("completed:")
    return gettext("from the end of the step “%(step)s”", step=say_text(steps[step]) if step in steps else step)
