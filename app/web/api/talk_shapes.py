"""What is said of a case: among the provider's people, and between the office and the applicant."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.web.api.shapes import Given, Id, Sentences, Told


class Comment(Told):
    author: str
    at: datetime
    text: str
    names: dict[str, str] = Field(description="Of those named in it as `@login`: login and name.")


class Comments(Told):
    """The earliest first."""

    items: list[Comment] = Field(validation_alias="comments")
    may_comment: bool


class Message(Told):
    author: str = Field(description="Empty for the applicant, who is not told who in the office writes.")
    from_applicant: bool
    at: datetime
    text: str
    new: bool = Field(description="The caller's side has not read it before.")


class Messages(Told):
    """The earliest first."""

    items: list[Message] = Field(validation_alias="messages")
    may_write: bool = Field(description="Until the case ends.")


class NewComment(Given):
    text: Sentences = Field(description="At most 4,000 signs; whoever is named as `@login` is told.")
    task: Id | None = Field(default=None, description="The task it is about.")


class NewMessage(Given):
    text: Sentences = Field(description="At most 4,000 signs.")
