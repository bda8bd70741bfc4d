"""What programs need: tokens, and receipts for requests that may come twice."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False, comment="what the person calls it"),
        sa.Column("scope", sa.String(length=64), nullable=False, comment="read or write"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="sha-256 of the token"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True, comment="civil day"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_token_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False)
    op.create_table(
        "api_receipt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False, comment="sha-256 over address and body"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_receipt_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_receipt")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_api_receipt_user_id_key")),
    )


def downgrade() -> None:
    op.drop_table("api_receipt")
    op.drop_table("api_token")
