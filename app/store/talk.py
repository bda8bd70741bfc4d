"""What is said of a case: comments among the provider's people, messages between the office and the applicant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.people import INSIDE
from app.store.tables import Comment, Message, RoleGrant, User


class Talk:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_comment(self, comment: Comment) -> Comment:
        self._session.add(comment)
        self._session.flush()
        return comment

    def comments(self, case_id: str) -> list[Comment]:
        return list(self._session.scalars(select(Comment).where(Comment.case_id == case_id).order_by(Comment.at, Comment.id)))

    def people(self, ids: Collection[str]) -> dict[str, User]:
        return {user.id: user for user in self._session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}

    def colleagues(self) -> list[User]:
        """The provider's own people who sign in, by name."""
        inside = select(RoleGrant.user_id).where(RoleGrant.role.in_([role.value for role in INSIDE]))
        return list(self._session.scalars(select(User).where(User.active, User.id.in_(inside)).order_by(User.name)))

    def add_message(self, message: Message) -> Message:
        self._session.add(message)
        self._session.flush()
        return message

    def messages(self, case_id: str) -> list[tuple[Message, User]]:
        rows = self._session.execute(
            select(Message, User)
            .join(User, User.id == Message.author_id)
            .where(Message.case_id == case_id)
            .order_by(Message.at, Message.id)
        )
        return [(message, author) for message, author in rows]

    def read(self, case_id: str, *, from_applicant: bool, at: datetime) -> None:
        """The other side sees what this side wrote."""
        unread = (Message.case_id == case_id, Message.from_applicant == from_applicant, Message.read_at.is_(None))
        self._session.execute(update(Message).where(*unread).values(read_at=at))

    def unread(self, case_ids: Collection[str], *, from_applicant: bool) -> dict[str, int]:
        """How many messages of one side the other has not seen, by case."""
        if not case_ids:
            return {}
        unread = (Message.case_id.in_(case_ids), Message.from_applicant == from_applicant, Message.read_at.is_(None))
        rows = self._session.execute(select(Message.case_id, func.count()).where(*unread).group_by(Message.case_id))
        return {row[0]: row[1] for row in rows}
