"""The signing desk: what waits for one's signature, and many signatures in one request."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.cases.viewing import AT_ONCE
from app.web.api.document_shapes import DocumentToSign, GivenSignature
from app.web.api.shapes import Given, Id, Minutes, Query, Search, Told, Words
from app.web.api.task_shapes import Revision, TaskRow


class SigningQuery(Query):
    service: Search = ""


class TaskToSign(Told):
    task: TaskRow = Field(validation_alias="item")
    rev: int = Field(description="Sent back with the signature.")
    due_at: datetime | None
    left_minutes: Minutes = Field(validation_alias="left")
    result: Words = Field(description="What is signed.")
    document: DocumentToSign | None = Field(description="Null: not prepared for the caller today.")
    opened_at: datetime | None = Field(
        description="When the caller opened exactly these bytes; without it no signature is taken."
    )


class SigningDesk(Told):
    """The most urgent first."""

    items: list[TaskToSign] = Field(validation_alias="rows")
    counts: dict[str, int] = Field(description="By service, of all that waits.")
    total: int


class TaskSignature(GivenSignature):
    task: Id
    rev: Revision


class TaskSignatures(Given):
    signatures: Annotated[list[TaskSignature], Field(min_length=1, max_length=AT_ONCE)] = Field(
        description="One a task, over the document prepared for it."
    )


class Signed(Told):
    task: str
    why_not: str | None = Field(description="Null: signed, and the case has moved on.")


class AllSigned(Told):
    items: list[Signed]
