"""Tokens of programs, and receipts for requests that may come twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.store.tables import ApiReceipt, ApiToken


class Programs:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_token(self, token: ApiToken) -> ApiToken:
        self._session.add(token)
        self._session.flush()
        return token

    def token(self, token_id: str) -> ApiToken | None:
        return self._session.get(ApiToken, token_id)

    def token_by_digest(self, digest: str) -> ApiToken | None:
        return self._session.scalar(select(ApiToken).where(ApiToken.digest == digest))

    def tokens_of(self, user_id: str) -> list[ApiToken]:
        """Newest first."""
        query = select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.made_at.desc(), ApiToken.id)
        return list(self._session.scalars(query))

    def used(self, token_id: str, day: date) -> None:
        self._session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_on=day))

    def revoke(self, token: ApiToken, at: datetime) -> None:
        token.revoked_at = token.revoked_at or at

    def add_receipt(self, receipt: ApiReceipt) -> None:
        """Written with the first query of the transaction: a second request with the key waits there for this one's end."""
        self._session.add(receipt)

    def receipt(self, user_id: str, key: str) -> ApiReceipt | None:
        return self._session.scalar(select(ApiReceipt).where(ApiReceipt.user_id == user_id, ApiReceipt.key == key))

    def delete_receipts(self, before: datetime, *, limit: int) -> int:
        """Of requests carried out before that moment; so many at most. Gives how many."""
        old = select(ApiReceipt.id).where(ApiReceipt.at < before).limit(limit)
        deleted = self._session.scalars(delete(ApiReceipt).where(ApiReceipt.id.in_(old)).returning(ApiReceipt.id))
        return len(deleted.all())
