"""Signatures with the evidence on revocation, signed PDFs, and sign-in by certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_signatures()


def downgrade() -> None:
    _remove_signatures()


def _add_signatures() -> None:
    place = "where a PDF keeps its signature; none: the whole file is signed"
    op.add_column("document", sa.Column("signature_place", sa.Text(), nullable=True, comment=place))
    once = "of the act of signing: none counts twice"
    op.add_column("signature", sa.Column("fingerprint", sa.String(length=64), nullable=True, comment=once))
    op.create_index("ix_signature_fingerprint", "signature", ["fingerprint"], unique=True)
    op.create_table(
        "revocation_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("signature_id", sa.String(length=32), nullable=False),
        sa.Column("serial", sa.String(length=300), nullable=False, comment="of the certificate asked about"),
        sa.Column("source", sa.String(length=300), nullable=False, comment="OCSP, CRL or NCANode, and the address"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False, comment="the moment the answer speaks of"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_revocation_answer_sha256_content")),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_revocation_answer_signature_id_signature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation_answer")),
    )
    op.create_index(op.f("ix_revocation_answer_signature_id"), "revocation_answer", ["signature_id"], unique=False)
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )
    op.create_index(op.f("ix_spent_challenge_spent_at"), "spent_challenge", ["spent_at"], unique=False)


def _remove_signatures() -> None:
    op.drop_table("spent_challenge")
    op.drop_table("revocation_answer")
    op.drop_index("ix_signature_fingerprint", "signature")
    op.drop_column("signature", "fingerprint")
    op.drop_column("document", "signature_place")
