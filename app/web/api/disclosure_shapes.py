"""What of a case each consulted body is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.web.api.shapes import Given, Id, Sentences, Told, Words

MOST = 200  # documents in one change


class ShownDocument(Told):
    id: str
    title: Words
    shown: bool
    by: str = Field(description="Who decided so; empty: it follows from a rule, or was never decided.")
    at: datetime | None = Field(description="When it was last shown or withdrawn.")
    reason: str
    seen_at: datetime | None = Field(description="When somebody of the body first opened it.")


class BodyAsked(Told):
    item: str = Field(description="The task in which the body replies.")
    body: Words
    about: Words
    waits: bool
    may_disclose: bool = Field(description="The caller may change what it is shown.")
    documents: list[ShownDocument]


class Disclosure(Told):
    requests: list[BodyAsked] = Field(validation_alias="consultations")
    to_disclose: list[ShownDocument] = Field(
        description="What bodies still to be asked are shown by rule, or not; empty for who does not decide it."
    )


class DisclosureChange(Given):
    show: Annotated[list[Id], Field(max_length=MOST)] = Field(default_factory=list, description="Documents by their ids.")
    withdraw: Annotated[list[Id], Field(max_length=MOST)] = Field(default_factory=list)
    reason: Sentences


class Restriction(Given):
    restricted: bool
