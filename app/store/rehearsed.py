"""What people are rehearsing on drafts, and how saved rehearsals went."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.store.tables import RehearsalInHand, RehearsalRun


class Rehearsed:
    def __init__(self, session: Session) -> None:
        self._session = session

    def in_hand(self, draft_id: str, user_id: str) -> RehearsalInHand | None:
        return self._session.get(RehearsalInHand, (draft_id, user_id))

    def take(self, row: RehearsalInHand) -> None:
        """In place of whatever the person was trying out on this draft."""
        self._session.merge(row)

    def drop(self, draft_id: str, user_id: str) -> None:
        self._session.execute(
            delete(RehearsalInHand).where(RehearsalInHand.draft_id == draft_id, RehearsalInHand.user_id == user_id)
        )

    def runs(self, draft_id: str) -> dict[str, RehearsalRun]:
        """The last run of each of the draft's rehearsals, by name."""
        return {run.name: run for run in self._session.scalars(select(RehearsalRun).where(RehearsalRun.draft_id == draft_id))}

    def went(self, run: RehearsalRun) -> None:
        """In place of the run before."""
        self._session.merge(run)
