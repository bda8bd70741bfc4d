"""What the page of one task shows beside the form: rule, drafts, what follows, what was said. Frozen, free of database rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.text import Text


@dataclass(frozen=True, slots=True)
class DraftView:
    """What one person typed at the step and has not finished."""

    person_id: str
    person: str
    rev: int
    at: datetime
    answers: Mapping[str, Any]
    outcome: str
    may_take_back: bool  # a discard, or another window, replaced something


@dataclass(frozen=True, slots=True)
class StepRule:
    """What the passport says of the step: its limit in the act's words, and what that is counted from."""

    paragraph: str
    says: str | None  # the act's own Kazakh words
    limit: str | None
    counted_from: str  # registered | opened | completed
    after: Text  # completed: of which step
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a case comes to by an outcome."""

    label: Text
    role: str  # "" where nobody's work waits
    limit: str | None
    ends: bool
    certain: bool  # False: it depends on more than the outcome
    after_others: bool  # only once what runs beside it is done too


@dataclass(frozen=True, slots=True)
class HeldSince:
    """How the task came to whoever has it."""

    at: datetime
    by: str  # "" by himself, or by the process
    reason: str


@dataclass(frozen=True, slots=True)
class CommentView:
    author: str
    at: datetime
    text: str
    names: Mapping[str, str]  # login → name of those named in it
    here: bool  # said at this task


@dataclass(frozen=True, slots=True)
class MessageView:
    author: str
    from_applicant: bool
    at: datetime
    text: str
    new: bool  # the reader's side has not seen it before


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said of a case, as far as the reader may know of it."""

    comments: tuple[CommentView, ...] = ()
    messages: tuple[MessageView, ...] = ()
    may_comment: bool = False
    may_write: bool = False

    @property
    def has_new(self) -> bool:
        return any(each.new for each in self.messages)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be named in a comment."""

    login: str
    name: str
    position: Text
