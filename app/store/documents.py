"""Documents by content, and the signatures over them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.ports import RevocationEvidence
from app.store.locking import add_unless_there
from app.store.tables import Content, Document, RevocationAnswer, Signature


class Documents:
    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, content: bytes) -> str:
        """Stores the bytes once and gives their sha-256."""
        digest = sha256(content).hexdigest()
        there = select(Content.sha256).where(Content.sha256 == digest)
        if self._session.scalar(there.with_for_update(read=True, key_share=True)) is None:  # nobody takes it away meanwhile
            add_unless_there(self._session, Content(sha256=digest, content=content))
        return digest

    def add(self, document: Document) -> Document:
        self._session.add(document)
        self._session.flush()
        return document

    def remove(self, document: Document) -> None:
        """Removes a document, and its bytes unless another document has the same."""
        self._session.delete(document)
        self._session.flush()
        self._forget(document.sha256)

    def _forget(self, digest: str) -> None:
        used = exists().where(Document.sha256 == Content.sha256)
        answers = exists().where(RevocationAnswer.sha256 == Content.sha256)
        unused = delete(Content).where(Content.sha256 == digest, ~used, ~answers).execution_options(synchronize_session=False)
        with suppress(IntegrityError), self._session.begin_nested():  # somebody attaches the same file at this moment
            self._session.execute(unused)

    def get(self, document_id: str) -> Document | None:
        return self._session.get(Document, document_id)

    def content(self, document: Document) -> bytes:
        found = self._session.scalar(select(Content.content).where(Content.sha256 == document.sha256))
        if found is None:
            raise LookupError(document.sha256)
        return found

    def of_application(self, application_id: str) -> list[Document]:
        return list(
            self._session.scalars(select(Document).where(Document.application_id == application_id).order_by(Document.added_at))
        )

    def at_work_item(self, item_id: str) -> list[Document]:
        """What was printed at this work item, for whomever."""
        query = select(Document).where(Document.work_item_id == item_id).order_by(Document.added_at)
        return list(self._session.scalars(query))

    def of_work_item(self, item_id: str, user_id: str) -> list[Document]:
        """What was printed at this work item for this person to sign, newest first."""
        return list(
            self._session.scalars(
                select(Document)
                .where(Document.work_item_id == item_id, Document.prepared_for == user_id)
                .order_by(Document.added_at.desc())
            )
        )

    def attach_to_case(self, application_id: str, case_id: str) -> None:
        self._session.execute(update(Document).where(Document.application_id == application_id).values(case_id=case_id))

    def cases_with_a_result(self, case_ids: Sequence[str]) -> set[str]:
        """Those of the cases in which a document was delivered."""
        found = select(Document.case_id).where(Document.case_id.in_(case_ids), Document.delivered_at.is_not(None))
        return {case_id for case_id in self._session.scalars(found) if case_id}

    def delivered(self, document: Document, at: datetime) -> None:
        document.delivered_at = at

    def change_content(self, document: Document, content: bytes) -> None:
        """Gives a document other bytes: a PDF gets its signature."""
        former = document.sha256
        document.sha256, document.size = self.keep(content), len(content)
        self._session.flush()
        self._forget(former)

    def sign(self, signature: Signature, evidence: Sequence[RevocationEvidence]) -> None:
        """Keeps a signature with what authorities answered on revocation. An answer that speaks of many certificates is kept
        once."""
        self._session.add(signature)
        self._session.flush()
        for answer in evidence:
            self._session.add(
                RevocationAnswer(
                    signature_id=signature.id,
                    serial=answer.serial,
                    source=answer.source,
                    answered_at=answer.answered_at,
                    sha256=self.keep(answer.content),
                )
            )

    def is_given_before(self, fingerprint: str) -> bool:
        """Whether this very act of signing was taken once already, for whatever document."""
        return self._session.scalar(select(Signature.id).where(Signature.fingerprint == fingerprint)) is not None

    def evidence(self, signature_id: str) -> list[RevocationEvidence]:
        rows = self._session.execute(
            select(RevocationAnswer, Content.content)
            .join(Content, Content.sha256 == RevocationAnswer.sha256)
            .where(RevocationAnswer.signature_id == signature_id)
            .order_by(RevocationAnswer.answered_at, RevocationAnswer.id)
        )
        return [RevocationEvidence(row.serial, row.source, content, row.answered_at) for row, content in rows]

    def signatures(self, document_ids: Sequence[str]) -> dict[str, list[Signature]]:
        found: dict[str, list[Signature]] = {i: [] for i in document_ids}
        if document_ids:
            query = select(Signature).where(Signature.document_id.in_(document_ids)).order_by(Signature.signed_at)
            for signature in self._session.scalars(query):
                found[signature.document_id].append(signature)
        return found
