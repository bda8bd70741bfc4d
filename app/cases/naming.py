"""What expressions over an application may name, for an application as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.answers import application_names
from app.domain.fees import how_paid
from app.domain.passport import Passport
from app.store.tables import Application
from app.store.unit_of_work import UnitOfWork


def names_of_application(
    uow: UnitOfWork, passport: Passport, application: Application, answers: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Its names by its own answers, or by these: those that passed the checks, while it is being filed."""
    fee = passport.variant(application.variant).fee_by(application.channel)
    by_gateway = not fee.is_free and uow.cases.payment(application.id) is not None
    return application_names(
        passport,
        application.answers if answers is None else answers,
        variant=application.variant,
        channel=application.channel,
        paid=how_paid(fee, application.answers, by_gateway=by_gateway),
    )
